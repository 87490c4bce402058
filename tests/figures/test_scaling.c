/*
 * test_scaling.c - the figure of critical times against init_scale: its data against the closed
 * form.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/scaling.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [3, 1]\n"
                            "  init_scale: [1.0e-3, 1.0e-1, 1.0e-2]\n"
                            "spectra:\n"
                            "  a: {lambda: 2, rho: [0.5, 1]}\n"
                            "output: {samples: 0}\n";

/*
 * Blocks come in pairs, exact and measured, a pair for each objective and each depth in its order.
 */
static void points_lie_on_lines(void **state)
{
    static const size_t depth[] = {1, 3};
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_scaling_draw(&c.atlas));
    for (size_t pair = 0; pair < 4; pair++) {
        jf_feature f = {pair < 2 ? JF_JEPA : JF_MAE, depth[pair % 2], 0.0, 2.0, 0.5};
        for (size_t block = 2 * pair; block < 2 * pair + 2; block++) {
            const size_t rows = figure_block(&c, "scaling.dat", block, x, y);
            assert_true(block % 2 == 0 ? rows > 60 : rows == 3);
            assert_within(x[0], 1e-3, 1e-15);
            assert_within(x[rows - 1], 1e-1, 1e-15);
            for (size_t k = 0; k < rows; k++) {
                double expected;
                f.init_scale = x[k];
                if (jf_feature_critical_time(&f, 0.5, &expected) == JF_REACHED) {
                    assert_near(y[k], expected, 1e-6); /* x is written to ten digits */
                } else {
                    assert_true(isnan(y[k]));
                }
            }
        }
    }
    assert_non_null(strstr(figure_file(&c, "scaling.gp"), "λ = 2, ρ = 0.5"));
    figure_end(&c);
}

/* What is not measured is not drawn; the lines stay. */
static void holes_stay_holes(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 3, 4, &c); /* depth 1, init_scale 1e-3 */
    assert_ok(jf_scaling_draw(&c.atlas));
    assert_int_equal(figure_block(&c, "scaling.dat", 1, x, y), 3);
    assert_true(!isnan(y[0]) && isnan(y[1]) && isnan(y[2]));
    assert_int_equal(figure_block(&c, "scaling.dat", 3, x, y), 3);
    assert_true(isnan(y[0]));
    assert_true(figure_block(&c, "scaling.dat", 2, x, y) > 60);
    figure_end(&c);
}

static void one_init_scale_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "init_scale=0.1", 0, 999, &c);
    assert_ok(jf_scaling_draw(&c.atlas));
    assert_string_equal(figure_said(&c), "scaling: left out, there is one init_scale only\n");
    assert_string_equal(figure_file(&c, "scaling.gp"), "");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_lie_on_lines),
        cmocka_unit_test(holes_stay_holes),
        cmocka_unit_test(one_init_scale_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
