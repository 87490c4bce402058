/*
 * test_separation.c - gaps over rise times: hand-made times with known answers, rise times against
 * the logistic that MAE is at depth 1.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/sweep.h"
#include "jepaflow/report/separation.h"

static const char input[] = "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: 1\n"
                            "  init_scale: [1.0e-2, 1.0e-4, 1.0e-3, 1.0e-1]\n"
                            "spectra: {s: {lambda: [1.0, 1.0, 1.0], rho: [1.0, 1.0, 1.0]}}\n"
                            "output: {samples: 0}\n";

/*
 * MAE, L = 1, lambda = rho = 1: z = w^2 is logistic, dz/dt = 2 z (1 - z), w = z^{1/2}; from 10 % to
 * 90 % of the plateau of wbar = w, z goes from 0.01 to 0.81.
 */
static const double rise =
    3.0225650128202943; /* (ln(0.81/0.19) - ln(0.01/0.99)) / 2, see the first test */

typedef struct {
    sweep s;
    jf_dataset dataset;
    jf_survey survey;
} fixture;

static fixture f;

static int begin(void **state)
{
    (void)state;
    sweep_begin(input, NULL, &f.s);
    sweep_write(&f.s, 0, f.s.plan.points, 1.0);
    assert_ok(jf_dataset_open(f.s.path, &f.dataset));
    assert_ok(jf_survey_init(&f.dataset, &f.survey));
    return 0;
}

static int end(void **state)
{
    (void)state;
    jf_survey_clear(&f.survey);
    jf_dataset_close(&f.dataset);
    sweep_end(&f.s);
    return 0;
}

/* Let the features of MAE at an init_scale be learnt at these times. */
static void set_times(size_t scale, double a, double b, double c)
{
    const jf_place place = {.init_scale = scale};
    double *time = f.survey.time[JF_TIME_MEASURED] + jf_survey_point(&f.survey, &place) * 3;

    time[0] = a;
    time[1] = b;
    time[2] = c;
}

static void the_rise_of_mae_is_that_of_a_logistic(void **state)
{
    jf_feature feature = {JF_MAE, 1, 1e-3, 1.0, 1.0};

    (void)state;
    const double late = log(0.81 / 0.19);
    assert_near(jf_separation_rise(&feature), 0.5 * (late - log(0.01 / 0.99)), 1e-12);
    assert_within(0.5 * (late - log(0.01 / 0.99)), rise, 1e-12);
    feature.init_scale = 0.5; /* above 10 % of the plateau: from t = 0, z = 1/4 */
    assert_near(jf_separation_rise(&feature), 0.5 * (late - log(0.25 / 0.75)), 1e-12);
    feature.init_scale = 0.95;
    assert_true(isnan(jf_separation_rise(&feature)));
}

/* In the order of times, whatever the numbers: gaps of half and twice a rise. */
static void gaps_are_counted_in_rises(void **state)
{
    jf_separation s;

    (void)state;
    set_times(1, 10.0 + 2.5 * rise, 10.0, 10.0 + 0.5 * rise);
    assert_ok(jf_separation_find(&f.survey, JF_TIME_MEASURED, &(jf_place){.init_scale = 1}, &s));
    assert_int_equal(s.pairs, 2);
    assert_near(s.least, 0.5, 1e-6);
    assert_near(s.median, 1.25, 1e-6);
    assert_near(s.most, 2.0, 1e-6);
    assert_int_equal(s.earlier, 1);
    assert_int_equal(s.later, 2);
}

/* Equal times are no separation; one time, or none, is no pair. */
static void equal_times_and_none(void **state)
{
    jf_separation s;

    (void)state;
    assert_ok(jf_separation_find(&f.survey, JF_TIME_EXACT, &(jf_place){.init_scale = 1}, &s));
    assert_int_equal(s.pairs, 2);
    assert_within(s.least, 0.0, 1e-12);
    set_times(1, NAN, 3.0, NAN);
    assert_ok(jf_separation_find(&f.survey, JF_TIME_MEASURED, &(jf_place){.init_scale = 1}, &s));
    assert_int_equal(s.pairs, 0);
    assert_true(isnan(s.least) && isnan(s.median) && isnan(s.most));
}

static void assert_ends(jf_greed expected, double at)
{
    jf_greed greed;
    double scale;

    assert_ok(jf_separation_end(&f.survey, JF_TIME_MEASURED, &(jf_place){0}, &greed, &scale));
    assert_int_equal(greed, expected);
    if (isnan(at)) {
        assert_true(isnan(scale));
    } else {
        assert_near(scale, at, 1e-5);
    }
}

/*
 * Separations at 1e-4, 1e-3, 1e-2: 3, 2, 0 falls through 1 half way from 1e-3 to 1e-2; nothing is
 * known at 1e-1.
 */
static void greed_ends_where_the_separation_is_one(void **state)
{
    const double gap[] = {0.0, 3.0 * rise, 2.0 * rise};

    (void)state;
    set_times(3, NAN, NAN, NAN);
    for (size_t k = 0; k < 3; k++) {
        set_times(k, 5.0, 5.0 + gap[k], 5.0 + 9.0 * rise);
    }
    assert_ends(JF_GREEDY_UNTIL, 1e-3 * sqrt(10.0));
    set_times(0, 5.0, 5.0 + 1.5 * rise, NAN);
    assert_ends(JF_GREEDY_ALWAYS, NAN);
    set_times(1, 5.0, 5.0 + 0.9 * rise, NAN);
    assert_ends(JF_GREEDY_NEVER, NAN);
    for (size_t k = 0; k < 3; k++) {
        set_times(k, 5.0, NAN, NAN);
    }
    assert_ends(JF_GREEDY_UNKNOWN, NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rise_of_mae_is_that_of_a_logistic),
        cmocka_unit_test(gaps_are_counted_in_rises),
        cmocka_unit_test(equal_times_and_none),
        cmocka_unit_test(greed_ends_where_the_separation_is_one),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
