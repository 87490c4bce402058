/*
 * test_agreement.c - shares of cells by their deviation: of records that are off by a known
 * factor.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/agreement.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: 1\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  a: {lambda: [2, 3, 4, 5], rho: 1}\n"
                            "output: {samples: 0}\n";

/* Points of JEPA off by 1e-3, of MAE by 1e-5; from `kept` on they leave the assumption. */
static void write_off(figure_case *c, size_t kept)
{
    jf_store *store;
    jf_record record;

    jf_dataset_close(&c->dataset);
    jf_survey_clear(&c->survey);
    jf_atlas_clear(&c->atlas);
    assert_int_equal(remove(c->s.path), 0);
    sweep_create(&c->s, &store);
    for (size_t p = 0; p < c->s.plan.points; p++) {
        sweep_record(&c->s, p, p < 2 ? 1.001 : 1.0 - 1e-5, &record);
        *record.assumption = p < kept ? JF_ASSUMPTION_HOLDS : JF_ASSUMPTION_DEPARTS;
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    assert_ok(jf_dataset_open(c->s.path, &c->dataset));
    assert_ok(jf_survey_init(&c->dataset, &c->survey));
    assert_ok(jf_atlas_init(&c->atlas));
}

static void shares_rise_to_one_at_the_deviation(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c);
    write_off(&c, 4);
    assert_ok(jf_agreement_draw(&c.atlas));
    for (size_t block = 0; block < 2; block++) {
        assert_int_equal(figure_block(&c, "agreement.dat", block, x, y), 8);
        for (size_t k = 0; k < 8; k++) {
            assert_near(x[k], block == 0 ? 1e-3 : 1e-5, 1e-4);
            assert_near(y[k], (double)(k + 1) / 8.0, 1e-5);
        }
    }
    const char *script = figure_file(&c, "agreement.gp");
    assert_non_null(strstr(script, "JEPA, 8 cells"));
    assert_non_null(strstr(script, "MAE, 8 cells"));
    assert_non_null(strstr(script, "set arrow from 1e-06, graph 0")); /* the tolerance */
    figure_end(&c);
}

static void nothing_measured_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c);
    assert_ok(jf_agreement_draw(&c.atlas));
    assert_string_equal(figure_said(&c), "agreement: left out, no feature of a point that keeps "
                                         "the assumption has both a measured and an exact critical "
                                         "time\n");
    figure_end(&c);
}

/* Of the four points MAE's leave the assumption: exact times are not theirs. */
static void points_that_leave_the_assumption_take_no_part(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c);
    write_off(&c, 2);
    assert_ok(jf_agreement_draw(&c.atlas));
    const char *script = figure_file(&c, "agreement.gp");
    assert_non_null(strstr(script, "JEPA, 8 cells"));
    assert_null(strstr(script, "MAE"));
    assert_non_null(strstr(script, "but 2 that leave the assumption"));
    figure_end(&c);

    figure_begin(input, NULL, 0, 0, &c);
    write_off(&c, 0);
    assert_ok(jf_agreement_draw(&c.atlas));
    assert_non_null(strstr(figure_said(&c), "agreement: left out, no feature of a point that "));
    figure_end(&c);
}

/* Exactly right is on the axis, too. */
static void no_deviation_is_drawn(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_agreement_draw(&c.atlas));
    assert_int_equal(figure_block(&c, "agreement.dat", 0, x, y), 8);
    assert_true(x[0] > 0.0 && x[7] < 1e-12);
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_rise_to_one_at_the_deviation),
        cmocka_unit_test(nothing_measured_is_left_out),
        cmocka_unit_test(points_that_leave_the_assumption_take_no_part),
        cmocka_unit_test(no_deviation_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
