/*
 * test_depth.c - the figure of critical times against depth: its data against the closed form.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/depth.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 4]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  a: {lambda: [2, 3], rho: [0.9, 1]}\n"
                            "output: {samples: 0}\n";

/* Blocks in pairs, exact at 1 to 4, measured at 1 and 4, for each objective and init_scale. */
static void points_lie_on_lines(void **state)
{
    static const double scale[] = {1e-3, 1e-2};
    double x[1000], y[1000], expected;
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    c.atlas.feature = 1;
    assert_ok(jf_depth_draw(&c.atlas));
    for (size_t block = 0; block < 8; block++) {
        const jf_objective objective = block < 4 ? JF_JEPA : JF_MAE;
        const size_t rows = figure_block(&c, "depth.dat", block, x, y);
        assert_int_equal(rows, block % 2 == 0 ? 4 : 2);
        for (size_t k = 0; k < rows; k++) {
            const jf_feature f = {objective, (size_t)x[k], scale[block / 2 % 2], 3.0, 1.0};
            assert_int_equal(jf_feature_critical_time(&f, 0.5, &expected), JF_REACHED);
            assert_near(y[k], expected, 1e-8);
        }
    }
    assert_non_null(strstr(figure_file(&c, "depth.gp"), "feature 1, λ = 3, ρ = 1"));
    figure_end(&c);
}

static void one_depth_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "depth=2", 0, 999, &c);
    assert_ok(jf_depth_draw(&c.atlas));
    assert_string_equal(figure_said(&c), "depth: left out, there is one depth only\n");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_lie_on_lines),
        cmocka_unit_test(one_depth_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
