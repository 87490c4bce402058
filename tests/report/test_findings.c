/*
 * test_findings.c - the verdict on sweeps that are whole, half done, failed, off or only theory.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/findings.h"

static const char input[] = "sweep: {objective: [jepa, mae], depth: [1, 2], init_scale: 0.01}\n"
                            "spectra: {s: {lambda: [1, 0.5], rho: 1}}\n"
                            "output: {samples: 0}\n";

/* Write four points, each changed by `change` before, and judge. */
static jf_verdict judge(const char *set, double factor, size_t points,
                        void (*change)(size_t point, jf_record *record))
{
    jf_store *store;
    found f;

    sweep_begin(input, set, &f.s);
    sweep_create(&f.s, &store);
    for (size_t p = 0; p < points; p++) {
        jf_record record;
        sweep_record(&f.s, p, factor, &record);
        if (change != NULL) {
            change(p, &record);
        }
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    found_open(&f);
    const jf_verdict v = jf_findings_judge(&f.findings);
    assert_int_equal(v.valid, v.status == JF_OK);
    found_end(&f);
    return v;
}

static void assert_verdict(jf_verdict v, jf_status status, const char *text)
{
    assert_int_equal(v.status, status);
    assert_string_equal(v.text, text);
}

static void fail_two(size_t point, jf_record *record)
{
    *record->status = point == 1 ? JF_POINT_FAILED : point == 2 ? JF_POINT_DIVERGED : JF_POINT_DONE;
}

static void miss_one(size_t point, jf_record *record)
{
    if (point == 3) {
        record->critical_time[1] = NAN;
        record->critical_time_status[1] = JF_NOT_REACHED;
    }
}

static void theory_alone(size_t point, jf_record *record)
{
    (void)point;
    *record->model = JF_MODEL_THEORY;
    record->critical_time[0] = record->critical_time[1] = NAN;
}

/* Points 1 and 3 are far from the exact times, which are not theirs. */
static void two_depart(size_t point, jf_record *record)
{
    if (point % 2 == 1) {
        *record->assumption = JF_ASSUMPTION_DEPARTS;
        record->critical_time[0] *= 3.0;
        record->critical_time[1] = NAN;
        record->critical_time_status[1] = JF_NOT_REACHED;
    }
}

static void all_depart(size_t point, jf_record *record)
{
    (void)point;
    *record->assumption = JF_ASSUMPTION_DEPARTS;
    record->critical_time[0] *= 3.0;
}

/* As far from its plateau as the exact flow may be at the end, and by that much more. */
static void end_below(double distance, jf_record *record)
{
    record->final_projection[0] *= 1.0 - distance;
}

static void end_settled(size_t point, jf_record *record)
{
    end_below(point == 0 ? JF_SETTLED : 0.0, record);
}

static void end_too_low(size_t point, jf_record *record)
{
    end_below(point == 0 ? JF_SETTLED + 2e-8 : 0.0, record);
}

/* The tolerance is 1e-6, ten times that is allowed. */
static void the_first_reason_counts(void **state)
{
    (void)state;
    assert_verdict(judge(NULL, 1.0 + 9e-6, 4, NULL), JF_OK,
                   "VALID: 4 of 4 points done; largest deviation 9.0e-06, 9.0 times the tolerance "
                   "(10 allowed)");
    assert_verdict(judge(NULL, 1.0 - 1.1e-5, 4, NULL), JF_POINTS_FAILED,
                   "NOT VALID: 4 of 4 points done; largest deviation 1.1e-05, 11.0 times the "
                   "tolerance (10 allowed)");
    assert_verdict(judge("tolerance=1.0e-4", 1.0 - 1.1e-5, 4, NULL), JF_OK,
                   "VALID: 4 of 4 points done; largest deviation 1.1e-05, 0.1 times the tolerance "
                   "(10 allowed)");
    assert_int_equal(judge("tolerance=1.0e-9", 1.0, 4, end_settled).status, JF_OK);
    assert_verdict(judge("tolerance=1.0e-9", 1.0, 4, end_too_low), JF_POINTS_FAILED,
                   "NOT VALID: 4 of 4 points done; largest deviation 2.0e-08, 20.0 times the "
                   "tolerance (10 allowed)");
    assert_verdict(judge(NULL, 1.0, 3, NULL), JF_STOPPED,
                   "NOT VALID: 1 of 4 points pending, 0 failed");
    assert_verdict(judge(NULL, 1.0, 3, fail_two), JF_STOPPED,
                   "NOT VALID: 1 of 4 points pending, 2 failed");
    assert_verdict(judge(NULL, 1.0, 4, fail_two), JF_POINTS_FAILED,
                   "NOT VALID: 2 of 4 points failed");
    assert_verdict(judge(NULL, 1.0, 4, miss_one), JF_POINTS_FAILED,
                   "NOT VALID: 1 cells not reached, though the exact flow reaches them");
    assert_verdict(judge("model=theory", 1.0, 4, theory_alone), JF_OK,
                   "VALID: 4 of 4 points done, nothing measured");
    assert_verdict(judge(NULL, 1.0 + 9e-6, 4, two_depart), JF_OK,
                   "VALID: 4 of 4 points done; largest deviation 9.0e-06, 9.0 times the tolerance "
                   "(10 allowed); 2 leave the assumption and are not compared");
    assert_verdict(judge(NULL, 1.0, 4, all_depart), JF_OK,
                   "VALID: 4 of 4 points done; all leave the assumption, nothing is compared");
}

static void what_agrees_is_by_objective_and_model(void **state)
{
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    assert_int_equal(f.findings.count, 2);
    assert_int_equal(f.findings.agreed[1].objective, 1);
    assert_int_equal(f.findings.agreed[1].model, JF_MODEL_LAYERS);
    assert_int_equal(f.findings.agreed[1].agreement.compared, 4);
    assert_int_equal(f.findings.kind, JF_TIME_MEASURED);
    found_end(&f);
}

static void a_point_is_told_by_what_varies(void **state)
{
    char text[128];
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    jf_findings_point(&f.findings, 3, text, sizeof text);
    assert_string_equal(text, "objective=mae depth=2");
    jf_findings_point(&f.findings, 3, text, 14);
    assert_string_equal(text, "objective=mae");
    found_end(&f);
    found_begin("sweep: {objective: mae, depth: 3, init_scale: 0.1}\n"
                "spectra: {s: {lambda: 1, rho: 1}}\n",
                NULL, 1.0, &f);
    jf_findings_point(&f.findings, 0, text, sizeof text);
    assert_string_equal(text, "objective=mae");
    found_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reason_counts),
        cmocka_unit_test(what_agrees_is_by_objective_and_model),
        cmocka_unit_test(a_point_is_told_by_what_varies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
