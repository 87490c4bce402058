/*
 * test_amplification.c - the figure of depth amplification: its data against the closed form.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/amplification.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [4, 1]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  one: {lambda: 1, rho: 1}\n"
                            "  flat: {lambda: 2, rho: [0.7, 1, 0.6]}\n"
                            "output: {samples: 0}\n";

static double ratio(jf_objective objective, size_t depth, double init_scale)
{
    const jf_feature low = {objective, depth, init_scale, 2.0, 0.6};
    const jf_feature high = {objective, depth, init_scale, 2.0, 1.0};
    double t_low, t_high;

    assert_int_equal(jf_feature_critical_time(&low, 0.5, &t_low), JF_REACHED);
    assert_int_equal(jf_feature_critical_time(&high, 0.5, &t_high), JF_REACHED);
    return t_low / t_high;
}

/*
 * Blocks in pairs, exact at each depth from 1 to 4, measured at 1 and 4, for each objective and
 * init_scale.
 */
static void points_lie_on_lines(void **state)
{
    static const double scale[] = {1e-3, 1e-2};
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_amplification_draw(&c.atlas));
    for (size_t pair = 0; pair < 4; pair++) {
        const jf_objective objective = pair < 2 ? JF_JEPA : JF_MAE;
        assert_int_equal(figure_block(&c, "amplification.dat", 2 * pair, x, y), 4);
        for (size_t k = 0; k < 4; k++) {
            assert_within(x[k], (double)k + 1.0, 0.0);
            assert_near(y[k], ratio(objective, k + 1, scale[pair % 2]), 1e-9);
        }
        assert_int_equal(figure_block(&c, "amplification.dat", 2 * pair + 1, x, y), 2);
        assert_within(x[0], 1.0, 0.0);
        assert_within(x[1], 4.0, 0.0);
        assert_near(y[1], ratio(objective, 4, scale[pair % 2]), 1e-9);
    }
    figure_end(&c);
}

static void what_cannot_be_drawn_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "spectrum=one", 0, 999, &c);
    assert_ok(jf_amplification_draw(&c.atlas));
    assert_string_equal(
        figure_said(&c),
        "amplification: left out, there is no spectrum of one lambda in which rho varies\n");
    figure_end(&c);
    figure_begin(input, "depth=2", 0, 999, &c);
    assert_ok(jf_amplification_draw(&c.atlas));
    assert_string_equal(figure_said(&c), "amplification: left out, there is one depth only\n");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_lie_on_lines),
        cmocka_unit_test(what_cannot_be_drawn_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
