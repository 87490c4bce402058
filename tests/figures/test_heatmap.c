/*
 * test_heatmap.c - critical times over two axes: against the closed form, by feature too.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/heatmap.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 2]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "  spectrum: [a, b]\n"
                            "spectra:\n"
                            "  a: {lambda: [2, 3, 4], rho: [0.9, 1, 1]}\n"
                            "  b: {lambda: [1], rho: [0.8]}\n"
                            "output: {samples: 0}\n";

static double exact(jf_objective objective, double depth, double scale, double lambda, double rho)
{
    const jf_feature f = {objective, (size_t)depth, scale, lambda, rho};
    double time;

    assert_int_equal(jf_feature_critical_time(&f, 0.5, &time), JF_REACHED);
    return time;
}

static void cells_are_critical_times(void **state)
{
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    c.atlas.feature = 1; /* of b, which has one: that */
    assert_ok(jf_heatmap_draw(&c.atlas));
    for (size_t block = 0; block < 4; block++) {
        const double lambda = block < 2 ? 3.0 : 1.0, rho = block < 2 ? 1.0 : 0.8;
        assert_int_equal(figure_cells(&c, "heatmap.dat", block, cell), 4);
        for (size_t k = 0; k < 4; k++) {
            const double time =
                exact(block % 2 == 0 ? JF_JEPA : JF_MAE, cell[k][5], cell[k][4], lambda, rho);
            assert_near(cell[k][2], time, 1e-8);
            assert_near(cell[k][3], time, 1e-8);
        }
    }
    figure_end(&c);
}

/* A spectrum with fewer features has holes there, and says so. */
static void features_may_be_an_axis(void **state)
{
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    c.atlas.map[0] = c.dataset.axes;
    c.atlas.map[1] = JF_P_SPECTRUM;
    assert_ok(jf_heatmap_draw(&c.atlas));
    assert_int_equal(figure_cells(&c, "heatmap.dat", 0, cell), 6);
    for (size_t k = 0; k < 3; k++) {
        assert_near(cell[k][2], exact(JF_JEPA, 1.0, 1e-2, 2.0 + (double)k, k == 0 ? 0.9 : 1.0),
                    1e-8);
    }
    assert_true(!isnan(cell[3][2]) && isnan(cell[4][2]) && isnan(cell[5][2]));
    assert_non_null(strstr(figure_file(&c, "heatmap.gp"), "×: none (4 of 12)"));
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_critical_times),
        cmocka_unit_test(features_may_be_an_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
