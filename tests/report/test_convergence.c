/*
 * test_convergence.c - how far critical times move with the tolerance, of records that are moved by
 * known parts; the table and the verdict that say it.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/findings.h"
#include "jepaflow/report/convergence.h"
#include "jepaflow/report/told_points.h"

/* Points 0, 1, 2 are JEPA's, 3, 4, 5 MAE's; the tightest tolerance stands between the others. */
static const char input[] =
    "sweep: {objective: [jepa, mae], depth: 2, init_scale: 0.01, tolerance: [1e-6, 1e-8, 1e-4]}\n"
    "spectra: {s: {lambda: [1, 0.5], rho: [1, 0.8]}}\n"
    "output: {samples: 0}\n";
enum { JEPA, MAE, MIDDLE = 0, TIGHT = 1, LOOSE = 2 };

static void move(size_t point, jf_record *r)
{
    switch (point) {
    case 0:
        r->critical_time[0] *= 1.0 + 9e-6;
        r->critical_time[1] *= 1.0 - 1.1e-5;
        r->final_projection[1] += 0.03 * r->final_projection[0];
        break;
    case 2:
        r->critical_time[0] = NAN;
        r->critical_time_status[0] = JF_NOT_REACHED;
        r->critical_time[1] *= 1.0 + 9e-4;
        break;
    default:
        break;
    }
}

/* As it collapses: what is left at the end is far below the plateaus. */
static void collapse(size_t point, jf_record *r)
{
    r->final_projection[0] = r->final_projection[1] = point % 3 == TIGHT ? 1e-30 : 1e-9;
    r->critical_time[0] = r->critical_time[1] = NAN;
    r->critical_time_status[0] = r->critical_time_status[1] = JF_NOT_REACHED;
}

/* All depart but point 3, which is far off besides. */
static void begin(void (*change)(size_t point, jf_record *record), found *f)
{
    jf_store *store;

    sweep_begin(input, NULL, &f->s);
    sweep_create(&f->s, &store);
    for (size_t p = 0; p < f->s.plan.points; p++) {
        jf_record record;
        sweep_record(&f->s, p, 1.0, &record);
        *record.assumption = p == 3 ? JF_ASSUMPTION_HOLDS : JF_ASSUMPTION_DEPARTS;
        change(p, &record);
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    found_open(f);
}

static void moves_are_against_the_tightest(void **state)
{
    jf_convergence c;
    size_t extent;
    found f;

    (void)state;
    begin(move, &f);
    assert_int_equal(jf_convergence_tightest(&f.findings.survey, &extent), TIGHT);
    assert_int_equal(extent, 3);
    assert_ok(jf_convergence_find(&f.findings.survey, JEPA, MIDDLE, &c));
    assert_int_equal(c.points, 1);
    assert_int_equal(c.compared, 2);
    assert_int_equal(c.beyond, 1);
    assert_int_equal(c.parted, 0);
    assert_near(c.largest, 1.1e-5, 1e-9);
    assert_near(c.median, 1e-5, 0.11);
    assert_near(c.final, 0.03, 1e-9);
    assert_int_equal(c.at, 0);
    assert_int_equal(c.final_at, 0);
    assert_ok(jf_convergence_find(&f.findings.survey, JEPA, LOOSE, &c));
    assert_int_equal(c.compared, 1);
    assert_int_equal(c.beyond, 0);
    assert_int_equal(c.parted, 1);
    assert_near(c.largest, 9e-4, 1e-9);
    assert_int_equal(c.at, 2);
    assert_ok(jf_convergence_find(&f.findings.survey, MAE, MIDDLE, &c));
    assert_int_equal(c.points, 0);
    assert_true(isnan(c.largest) && isnan(c.median) && isnan(c.final));
    assert_ok(jf_convergence_find(&f.findings.survey, MAE, LOOSE, &c));
    assert_int_equal(c.points, 1);
    assert_int_equal(c.compared, 2);
    assert_true(c.largest == 0.0 && c.final == 0.0);
    found_end(&f);
}

static void the_report_says_what_moves(void **state)
{
    jf_table t;
    found f;

    (void)state;
    begin(move, &f);
    found_fill(&f, jf_told_points, "convergence", &t);
    assert_int_equal(t.rows, 3);
    assert_near(jf_table_at(&t, 0, "tolerance")->number, 1e-6, 0.0);
    assert_near(jf_table_at(&t, 0, "beyond")->number, 1.0, 0.0);
    assert_near(jf_table_at(&t, 1, "parted")->number, 1.0, 0.0);
    assert_string_equal(jf_table_at(&t, 2, "objective")->text, "mae");
    assert_string_equal(t.notes.text,
                        "critical times move most at objective=jepa tolerance=1e-06\n"
                        "final projections differ most at objective=jepa tolerance=1e-06\n"
                        "critical times move most at objective=jepa tolerance=0.0001\n");
    const jf_verdict v = jf_findings_judge(&f.findings);
    assert_int_equal(v.status, JF_POINTS_FAILED);
    assert_string_equal(v.text,
                        "NOT VALID: 2 critical times differ between tolerances (10 times the "
                        "tolerance allowed), see 'Agreement between tolerances'");
    jf_table_clear(&t);
    found_end(&f);
}

static void what_collapses_does_not_differ(void **state)
{
    jf_convergence c;
    found f;

    (void)state;
    begin(collapse, &f);
    assert_ok(jf_convergence_find(&f.findings.survey, JEPA, LOOSE, &c));
    assert_int_equal(c.points, 1);
    assert_int_equal(c.compared + c.parted, 0);
    assert_below(c.final, 2e-9);
    assert_true(c.final > 0.0);
    found_end(&f);
}

static void leave(size_t point, jf_record *r)
{
    (void)point;
    (void)r;
}

static void tolerances_that_agree_are_valid(void **state)
{
    found f;

    (void)state;
    begin(leave, &f);
    assert_string_equal(jf_findings_judge(&f.findings).text,
                        "VALID: 6 of 6 points done; largest deviation 0.0e+00, 0.0 times the "
                        "tolerance (10 allowed); 5 leave the assumption, where tolerances agree");
    found_end(&f);
}

/* Steps of descent are the same at any tolerance, closed forms too: that would prove nothing. */
static void hold_none(size_t point, jf_record *r)
{
    *r->integrator = point < 3 ? JF_INTEGRATOR_DESCENT : JF_INTEGRATOR_AUTO;
    *r->assumption = JF_ASSUMPTION_DEPARTS;
}

static void what_holds_no_tolerance_is_not_compared(void **state)
{
    found f;

    (void)state;
    begin(hold_none, &f);
    assert_int_equal(f.findings.converged_count, 0);
    assert_string_equal(jf_findings_judge(&f.findings).text,
                        "VALID: 6 of 6 points done; all leave the assumption, nothing is compared");
    found_end(&f);
}

/* One tolerance alone has nothing to be compared with. */
static void without_an_axis_there_is_no_table(void **state)
{
    size_t extent;
    jf_table t;
    found f;

    (void)state;
    found_begin("sweep: {objective: mae, depth: 1, init_scale: 0.1}\n"
                "spectra: {s: {lambda: 1, rho: 1}}\n",
                NULL, 1.0, &f);
    assert_int_equal(jf_convergence_tightest(&f.findings.survey, &extent), 0);
    assert_int_equal(extent, 1);
    found_fill(&f, jf_told_points, "convergence", &t);
    assert_int_equal(t.rows, 0);
    jf_table_clear(&t);
    found_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_against_the_tightest),
        cmocka_unit_test(the_report_says_what_moves),
        cmocka_unit_test(what_collapses_does_not_differ),
        cmocka_unit_test(tolerances_that_agree_are_valid),
        cmocka_unit_test(what_holds_no_tolerance_is_not_compared),
        cmocka_unit_test(without_an_axis_there_is_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
