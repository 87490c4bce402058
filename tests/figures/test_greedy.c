/*
 * test_greedy.c - separation of features: against rise and critical times of the closed form.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/greedy.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [2, 3]\n"
                            "  init_scale: [1.0e-3, 1.0e-2]\n"
                            "spectra:\n"
                            "  two: {lambda: [1, 2], rho: 1}\n"
                            "output: {samples: 0}\n";

static double time_to(const jf_feature *f, double part)
{
    double time;

    assert_int_equal(jf_feature_critical_time(f, part, &time), JF_REACHED);
    return time;
}

/* Of two features: their gap over the mean of their rises from 10 % to 90 %. */
static double separation(jf_objective objective, size_t depth, double scale)
{
    const jf_feature late = {objective, depth, scale, 1.0, 1.0};
    const jf_feature early = {objective, depth, scale, 2.0, 1.0};
    const double gap = time_to(&late, 0.5) - time_to(&early, 0.5);
    const double rises =
        time_to(&late, 0.9) - time_to(&late, 0.1) + time_to(&early, 0.9) - time_to(&early, 0.1);

    return 2.0 * gap / rises;
}

static void points_lie_on_lines(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_greedy_draw(&c.atlas));
    for (size_t block = 0; block < 8; block++) {
        const jf_objective objective = block < 4 ? JF_JEPA : JF_MAE;
        const size_t rows = figure_block(&c, "greedy.dat", block, x, y);
        assert_int_equal(rows, block % 2 == 0 ? 66 : 2);
        for (size_t k = 0; k < rows; k++) {
            assert_near(y[k], separation(objective, 2 + block / 2 % 2, x[k]), 1e-6);
        }
    }
    figure_end(&c);
}

/* Of one init_scale: against depth. Of one feature, or one point: not at all. */
static void what_there_is_is_drawn(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, "init_scale=0.001", 0, 999, &c);
    assert_ok(jf_greedy_draw(&c.atlas));
    assert_int_equal(figure_block(&c, "greedy.dat", 1, x, y), 2);
    assert_true(x[0] == 2.0 && x[1] == 3.0);
    figure_end(&c);
    figure_begin(input, "spectra.two={lambda: [1], rho: [1]}", 0, 999, &c);
    assert_ok(jf_greedy_draw(&c.atlas));
    assert_string_equal(figure_said(&c),
                        "greedy: left out, there is no spectrum of two features\n");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_lie_on_lines),
        cmocka_unit_test(what_there_is_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
