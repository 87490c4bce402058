/*
 * test_told_points.c - tables of points, axes, cells, agreement, predictions and failures against
 * counts made by hand.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/findings.h"
#include "jepaflow/report/told_points.h"

/* The shorter spectrum has one feature; with eps = 0.6 the features of JEPA start above. */
static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [2, 1]\n"
                            "  init_scale: [1.0e-2, 0.6]\n"
                            "  spectrum: [one, two]\n"
                            "  seed: [5, 6]\n"
                            "spectra:\n"
                            "  one: {lambda: 2, rho: 1}\n"
                            "  two: {lambda: [1, 0.5], rho: [0.9, 1]}\n"
                            "output: {samples: 0}\n";
enum { POINTS = 32 };

/*
 * All are done but points 4 (failed, by its steps), 20 and 21 (diverged) and 31 (pending); point 2
 * collapsed. JEPA's took twice as long as predicted, MAE's a half.
 */
static void begin(found *f)
{
    jf_store *store;

    sweep_begin(input, NULL, &f->s);
    assert_int_equal(f->s.plan.points, POINTS);
    sweep_create(&f->s, &store);
    for (size_t p = 0; p + 1 < POINTS; p++) {
        jf_record record;
        sweep_record(&f->s, p, p < 16 ? 1.0 + 1e-6 : 1.0 - 1e-7 * (double)p, &record);
        *record.seconds = 1.0 + (double)p;
        *record.predicted_seconds = p < 16 ? 0.5 * (1.0 + (double)p) : 2.0 * (1.0 + (double)p);
        if (p == 4 || p == 20 || p == 21) {
            *record.status = p == 4 ? JF_POINT_FAILED : JF_POINT_DIVERGED;
            *record.reason = p == 4 ? JF_REASON_STEP_BUDGET : JF_REASON_NOT_FINITE;
        }
        if (p == 2) {
            *record.reason = JF_REASON_COLLAPSED;
        }
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    found_open(f);
}

static void assert_cell(const jf_table *t, size_t row, const char *column, double expected)
{
    assert_near(jf_table_at(t, row, column)->number, expected, 1e-9);
}

static void assert_text(const jf_table *t, size_t row, const char *column, const char *expected)
{
    assert_string_equal(jf_table_at(t, row, column)->text, expected);
}

static void points_and_axes(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(&f);
    found_fill(&f, jf_told_points, "points", &t);
    assert_cell(&t, 0, "points", 32);
    assert_cell(&t, 0, "done", 28);
    assert_cell(&t, 0, "failed", 1);
    assert_cell(&t, 0, "diverged", 2);
    assert_cell(&t, 0, "pending", 1);
    jf_table_clear(&t);
    found_fill(&f, jf_told_points, "axes", &t);
    assert_int_equal(t.rows, 5);
    assert_text(&t, 1, "axis", "depth");
    assert_text(&t, 1, "values", "2, 1");
    assert_text(&t, 2, "values", "0.01, 0.6");
    jf_table_clear(&t);
    found_fill(&f, jf_told_points, "spectra", &t);
    assert_cell(&t, 0, "features", 1);
    assert_cell(&t, 1, "last_lambda", 0.5);
    assert_cell(&t, 1, "first_rho", 0.9);
    jf_table_clear(&t);
    found_end(&f);
}

/*
 * 48 features: 8 places of 2 seeds x (1 + 2) for each objective. All that start at 0.6 start above;
 * of what is pending nothing is known.
 */
static void cells_by_what_is_known(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(&f);
    found_fill(&f, jf_told_points, "cells", &t);
    assert_int_equal(t.rows, 2);
    assert_text(&t, 0, "objective", "jepa");
    assert_cell(&t, 0, "reached", 12);
    assert_cell(&t, 0, "started_above", 12);
    assert_cell(&t, 1, "reached", 12);
    assert_cell(&t, 1, "started_above", 10);
    assert_cell(&t, 1, "not_run", 2);
    jf_table_clear(&t);
    found_end(&f);
}

static void agreement_is_a_distribution(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(&f);
    found_fill(&f, jf_told_points, "agreement", &t);
    assert_int_equal(t.rows, 2);
    assert_text(&t, 0, "model", "layers");
    assert_near(jf_table_at(&t, 0, "median")->number, 1e-6, 1e-6);
    assert_near(jf_table_at(&t, 1, "lowest")->number, -27e-7, 1e-6);
    assert_near(jf_table_at(&t, 1, "highest")->number, -16e-7, 1e-6);
    assert_near(jf_table_at(&t, 1, "largest")->number, 27e-7, 1e-6);
    assert_near(jf_table_at(&t, 1, "excess")->number, 2.7, 1e-6);
    assert_text(&t, 1, "at", "objective=mae depth=1 init_scale=0.01 spectrum=two seed=6");
    assert_non_null(t.notes.text);
    jf_table_clear(&t);
    found_end(&f);
}

/* By objective and depth, ascending; what failed takes no part. */
static void predictions_by_depth(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(&f);
    found_fill(&f, jf_told_failures, "predictions", &t);
    assert_int_equal(t.rows, 5);
    assert_cell(&t, 0, "depth", 1);
    assert_cell(&t, 0, "points", 8);
    assert_cell(&t, 1, "depth", 2);
    assert_cell(&t, 1, "points", 7);
    assert_cell(&t, 1, "ratio", 2.0);
    assert_cell(&t, 1, "seconds", 1 + 2 + 3 + 4 + 6 + 7 + 8);
    assert_cell(&t, 2, "worst", 0.5);
    assert_cell(&t, 3, "points", 6);
    assert_text(&t, 4, "objective", "all");
    assert_true(isnan(jf_table_at(&t, 4, "depth")->number));
    assert_cell(&t, 4, "points", 28);
    jf_table_clear(&t);
    found_end(&f);
}

static void failures_by_reason_and_one_by_one(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(&f);
    found_fill(&f, jf_told_failures, "reasons", &t);
    assert_int_equal(t.rows, 3);
    assert_text(&t, 0, "reason", "step_budget");
    assert_text(&t, 1, "reason", "not_finite");
    assert_cell(&t, 1, "points", 2);
    assert_text(&t, 1, "first", "objective=mae depth=2 init_scale=0.6 spectrum=one seed=5");
    assert_text(&t, 2, "reason", "collapsed");
    assert_cell(&t, 2, "points", 1);
    jf_table_clear(&t);
    found_fill(&f, jf_told_failures, "failures", &t);
    assert_int_equal(t.rows, 3);
    assert_cell(&t, 2, "point", 21);
    assert_text(&t, 0, "at", "objective=jepa depth=2 init_scale=0.6 spectrum=one seed=5");
    jf_table_clear(&t);
    found_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_and_axes),
        cmocka_unit_test(cells_by_what_is_known),
        cmocka_unit_test(agreement_is_a_distribution),
        cmocka_unit_test(predictions_by_depth),
        cmocka_unit_test(failures_by_reason_and_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
