/*
 * test_order.c - whose order features are learnt in: tau of spectra whose order is known.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/order.h"

static const char input[] =
    "sweep:\n"
    "  objective: [jepa, mae]\n"
    "  depth: [1, 5]\n"
    "  init_scale: 1.0e-3\n"
    "  spectrum: [opposed, by_lambda, alike]\n"
    "spectra:\n"
    "  opposed: {lambda: {from: 0.8, to: 1, count: 8}, rho: {from: 1, to: 0.4, count: 8}}\n"
    "  by_lambda: {lambda: [1, 2, 3], rho: 1}\n"
    "  alike: {lambda: 1, rho: 1}\n"
    "output: {samples: 0}\n";

/*
 * DESIGN: of these features JEPA follows lambda at depth 1, rho at 5, MAE lambda at both; where rho
 * does not vary both follow lambda.
 */
static void tau_is_as_the_theory_has_it(void **state)
{
    static const double expected[4][2] = {{-1.0, 1.0}, {-1.0, -1.0}, {1.0, 1.0}, {1.0, 1.0}};
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_order_draw(&c.atlas));
    for (size_t block = 0; block < 4; block++) {
        assert_int_equal(figure_cells(&c, "order.dat", block, cell), 2);
        for (size_t k = 0; k < 2; k++) {
            assert_within(cell[k][2], expected[block][k], 1e-9);
            assert_within(cell[k][3], expected[block][k], 1e-9);
        }
    }
    const char *script = figure_file(&c, "order.gp");
    assert_non_null(strstr(script, "by ρ"));
    assert_non_null(strstr(script, "by λ"));
    assert_null(strstr(script, "alike"));
    figure_end(&c);
}

/* Half of the sweep: holes. Nothing of it: closed forms, said. */
static void what_is_not_measured_is_a_hole(void **state)
{
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 3, &c); /* jepa, depth 1 */
    assert_ok(jf_order_draw(&c.atlas));
    assert_int_equal(figure_cells(&c, "order.dat", 0, cell), 2);
    assert_true(cell[0][6] == 0.0 && cell[1][6] == 1.0 && isnan(cell[1][2]));
    figure_end(&c);
    figure_begin(input, NULL, 0, 0, &c);
    assert_ok(jf_order_draw(&c.atlas));
    assert_non_null(strstr(figure_file(&c, "order.gp"), "exact, as nothing is measured"));
    figure_end(&c);
}

static void features_alike_are_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "spectrum=alike", 0, 999, &c);
    assert_ok(jf_order_draw(&c.atlas));
    assert_string_equal(figure_said(&c),
                        "order: left out, there is no spectrum whose features differ\n");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tau_is_as_the_theory_has_it),
        cmocka_unit_test(what_is_not_measured_is_a_hole),
        cmocka_unit_test(features_alike_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
