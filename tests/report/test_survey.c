/*
 * test_survey.c - what a sweep says, on datasets made by hand whose answers are known.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/report/survey.h"

/* Values out of order, spectra of different length, a seed that must not matter. */
static const char input[] = "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: [2, 1, 4]\n"
                            "  init_scale: [1.0e-2, 1.0e-4, 1.0e-3]\n"
                            "  spectrum: [flat, opposed, one]\n"
                            "  seed: [3, 1]\n"
                            "spectra:\n"
                            "  flat: {lambda: 2, rho: [0.7, 1.0, 0.5]}\n"
                            "  opposed: {lambda: [0.5, 1.0], rho: [1.0, 0.8]}\n"
                            "  one: {lambda: 1, rho: 1}\n"
                            "output: {samples: 0}\n";

typedef struct {
    sweep s;
    jf_dataset dataset;
    jf_survey survey;
} fixture;

static void open_survey(fixture *f)
{
    assert_ok(jf_dataset_open(f->s.path, &f->dataset));
    assert_ok(jf_survey_init(&f->dataset, &f->survey));
}

static void begin(const char *set, size_t points, double factor, fixture *f)
{
    sweep_begin(input, set, &f->s);
    sweep_write(&f->s, 0, points < f->s.plan.points ? points : f->s.plan.points, factor);
    open_survey(f);
}

static void end(fixture *f)
{
    jf_survey_clear(&f->survey);
    jf_dataset_close(&f->dataset);
    sweep_end(&f->s);
}

static void axes_are_sorted_and_spectra_known(void **state)
{
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0, &f);
    assert_int_equal(f.survey.depths[0], 1);
    assert_int_equal(f.survey.depths[2], 2);
    assert_int_equal(f.survey.init_scales[0], 1);
    assert_int_equal(f.survey.init_scales[2], 0);
    const jf_traits *t = f.survey.traits;
    assert_int_equal(t[0].features, 3);
    assert_true(t[0].rho_varies && !t[0].lambda_varies);
    assert_int_equal(t[0].at_low_rho, 2);
    assert_int_equal(t[0].at_high_rho, 1);
    assert_int_equal(t[1].features, 2);
    assert_true(t[1].rho_varies && t[1].lambda_varies);
    assert_within(t[1].high_lambda, 1.0, 0.0);
    assert_int_equal(t[2].features, 1);
    assert_false(t[2].rho_varies || t[2].lambda_varies);
    assert_int_equal(jf_survey_objective(&f.survey, 0), JF_MAE);
    assert_int_equal(jf_survey_objective(&f.survey, 1), JF_JEPA);
    end(&f);
}

/* Numbers are rounded, words and names stay what they are. */
static void values_have_names(void **state)
{
    static const char text[] =
        "sweep: {objective: jepa, depth: 3, init_scale: [0.00123456, 1.0e-2],\n"
        "        spectrum: 1e3, ema_rate: [0.5, infinite]}\n"
        "spectra: {1e3: {lambda: 1, rho: 1}}\n";
    char room[JF_SURVEY_VALUE];
    fixture f;

    (void)state;
    sweep_begin(text, NULL, &f.s);
    sweep_write(&f.s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(f.s.path, &f.dataset));
    const jf_axis *axis = f.dataset.axis, *rate = &axis[jf_dataset_axis(&f.dataset, JF_P_EMA_RATE)];
    assert_string_equal(jf_survey_name_value(&axis[JF_P_DEPTH], 0, 3, room), "3");
    assert_string_equal(jf_survey_name_value(&axis[JF_P_INIT_SCALE], 0, 3, room), "0.00123");
    assert_string_equal(jf_survey_name_value(&axis[JF_P_SPECTRUM], 0, 3, room), "1e3");
    assert_string_equal(jf_survey_name_value(rate, 0, 3, room), "0.5");
    assert_string_equal(jf_survey_name_value(rate, 1, 3, room), "infinite");
    jf_dataset_close(&f.dataset);
    sweep_end(&f.s);
}

/* As a file may say that is damaged: what is read further relies on a first feature. */
static void a_spectrum_without_features_is_refused(void **state)
{
    jf_survey survey;
    fixture f;

    (void)state;
    begin(NULL, 1, 1.0, &f);
    f.dataset.lambda[f.dataset.features] = NAN;
    assert_refused(jf_survey_init(&f.dataset, &survey), JF_ERR_FILE, "' has no feature");
    end(&f);
}

static void evenly_spread_with_both_ends(void **state)
{
    static const size_t sorted[] = {10, 11, 12, 13, 14, 15, 16};
    size_t chosen[7];

    (void)state;
    assert_int_equal(jf_survey_choose(sorted, 7, 4, chosen), 4);
    assert_true(chosen[0] == 10 && chosen[1] == 12 && chosen[2] == 14 && chosen[3] == 16);
    assert_int_equal(jf_survey_choose(sorted, 7, 9, chosen), 7);
    assert_memory_equal(chosen, sorted, sizeof sorted);
    assert_int_equal(jf_survey_choose(sorted, 1, 4, chosen), 1);
    assert_int_equal(chosen[0], 10);
}

/* Times of MAE at depth 2: measured half as long again as exact; the asymptotic slope is -1/2. */
static void exponents_do_not_see_a_factor(void **state)
{
    const jf_place place = {.objective = 0, .depth = 0, .spectrum = 0};
    jf_exponent e;
    fixture f;

    (void)state;
    begin(NULL, 999, 1.5, &f);
    assert_ok(jf_survey_exponent(&f.survey, &place, 1, &e));
    assert_int_equal(e.count, 3);
    assert_within(e.slope[JF_TIME_MEASURED], e.slope[JF_TIME_EXACT], 1e-12);
    assert_within(e.asymptotic, -0.5, 0.0);
    assert_within(e.slope[JF_TIME_EXACT], -0.5, 0.03);
    end(&f);
}

/*
 * Measured times off by factors 1 + (2, -1, -1)/100 at eps = 1e-2, 1e-4, 1e-3: in ln eps, equally
 * spaced by ln 10, noise of (2, -1, -1) has the slope 3/2 / 100 / ln 10 and leaves (1, 1, -2)/200
 * beside the line: squares 6/4 / 1e4, over one degree of freedom and Sxx = 2 (ln 10)^2.
 */
static void noise_gives_a_standard_error(void **state)
{
    const jf_place place = {.objective = 0, .depth = 0, .spectrum = 0};
    static const double noise[] = {0.02, -0.01, -0.01};
    jf_exponent e;
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0, &f);
    for (size_t k = 0; k < 3; k++) {
        const jf_place at = {0, 0, k, 0};
        f.survey.time[JF_TIME_MEASURED][jf_survey_point(&f.survey, &at) * 3] *= exp(noise[k]);
    }
    assert_ok(jf_survey_exponent(&f.survey, &place, 0, &e));
    const double clean = e.slope[JF_TIME_EXACT], curved = e.error[JF_TIME_EXACT];
    assert_within(e.slope[JF_TIME_MEASURED] - clean, 0.015 / log(10.0), 1e-12);
    /* The exact line is curved: its residuals lie along (1, 1, -2) too. */
    const double alone = 0.01 * sqrt(1.5) / (sqrt(2.0) * log(10.0));
    assert_true(fabs(e.error[JF_TIME_MEASURED] - (alone + curved)) < 1e-12 ||
                fabs(e.error[JF_TIME_MEASURED] - fabs(alone - curved)) < 1e-12);
    assert_near(e.low, 1e-4, 1e-12);
    assert_near(e.high, 1e-2, 1e-12);
    end(&f);
}

/* At eps = 1e-4 ... 1e-2, rho = 0.7 and depth 2: local, next order and limit close in in turn. */
static void an_exponent_is_explained_by_the_next_order(void **state)
{
    const jf_place place = {.objective = 1, .depth = 0, .spectrum = 0};
    jf_exponent e;
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0, &f);
    assert_ok(jf_survey_exponent(&f.survey, &place, 0, &e));
    assert_within(e.asymptotic, -1.5, 0.0);
    const double off = e.slope[JF_TIME_EXACT] - e.asymptotic;
    assert_true(off > 0.03);
    assert_true(fabs(e.slope[JF_TIME_EXACT] - e.next_order) < 0.2 * off);
    assert_true(fabs(e.slope[JF_TIME_EXACT] - e.local) < 0.4 * off);
    end(&f);
}

/*
 * With one of three init_scales measured and theory everywhere, no slope is claimed for what was
 * not measured.
 */
static void exact_slopes_are_over_what_was_measured(void **state)
{
    jf_exponent e;
    fixture f;

    (void)state;
    begin(NULL, 12, 1.0, &f); /* mae, depth 2: init_scales 1e-2 and 1e-4, all spectra and seeds */
    assert_ok(jf_survey_exponent(&f.survey, &(jf_place){0, 0, 0, 0}, 0, &e));
    assert_int_equal(e.count, 2);
    jf_feature a = jf_survey_feature(&f.survey, &(jf_place){0, 0, 0, 0}, 0);
    jf_feature b = jf_survey_feature(&f.survey, &(jf_place){0, 0, 1, 0}, 0);
    double ta, tb;
    assert_int_equal(jf_feature_critical_time(&a, 0.5, &ta), JF_REACHED);
    assert_int_equal(jf_feature_critical_time(&b, 0.5, &tb), JF_REACHED);
    assert_within(e.slope[JF_TIME_EXACT], log(ta / tb) / log(1e-2 / 1e-4), 1e-12);
    end(&f);
}

static void amplification_is_low_rho_over_high(void **state)
{
    const jf_place place = {.objective = 1, .depth = 0, .init_scale = 2, .spectrum = 0};
    double low, high;
    fixture f;

    (void)state;
    begin(NULL, 999, 3.0, &f);
    const jf_feature slow = jf_survey_feature(&f.survey, &place, 2);
    const jf_feature fast = jf_survey_feature(&f.survey, &place, 1);
    assert_within(slow.rho, 0.5, 0.0);
    assert_int_equal(jf_feature_critical_time(&slow, 0.5, &low), JF_REACHED);
    assert_int_equal(jf_feature_critical_time(&fast, 0.5, &high), JF_REACHED);
    assert_near(jf_survey_amplification(&f.survey, JF_TIME_EXACT, &place), low / high, 1e-14);
    assert_near(jf_survey_amplification(&f.survey, JF_TIME_MEASURED, &place), low / high, 1e-14);
    end(&f);
}

/* JEPA at depth 2, eps 1e-4, rho' = 0.5, rho = 1: 1 + 3/2 sqrt(eps) (2 - 1) = 1.015. */
static void the_leading_amplification_is_its_formula(void **state)
{
    const jf_place place = {.objective = 1, .depth = 0, .init_scale = 1, .spectrum = 0};
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0, &f);
    assert_within(jf_survey_leading_amplification(&f.survey, &place), 1.015, 1e-14);
    assert_within(jf_survey_amplification(&f.survey, JF_TIME_EXACT, &place), 1.015, 1e-3);
    end(&f);
}

/* Two features alike: measured times that their tolerance does not tell apart have no order. */
static void times_within_their_errors_have_no_order(void **state)
{
    static const char text[] = "sweep: {objective: jepa, depth: 2, init_scale: 0.01}\n"
                               "spectra: {s: {lambda: [1, 1.000001], rho: [1, 1.000001]}}\n";
    fixture f;

    (void)state;
    sweep_begin(text, NULL, &f.s);
    sweep_write(&f.s, 0, 1, 1.0);
    open_survey(&f);
    assert_string_equal(jf_survey_order(&f.survey, JF_TIME_MEASURED, &(jf_place){0}).word, "-");
    assert_string_equal(jf_survey_order(&f.survey, JF_TIME_EXACT, &(jf_place){0}).word, "both");
    end(&f);
}

/*
 * lambda 0.5, 1 against rho 1, 0.8: lambda wins; in `flat` JEPA follows rho; one feature has no
 * order. In `flat`, times turned round are those of no order but the opposite one.
 */
static void order_is_told_in_a_word(void **state)
{
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0, &f);
    jf_order order = jf_survey_order(&f.survey, JF_TIME_MEASURED, &(jf_place){1, 0, 2, 1});
    assert_string_equal(order.word, "lambda");
    assert_within(order.tau_lambda, 1.0, 0.0);
    assert_within(order.tau_rho, -1.0, 0.0);
    order = jf_survey_order(&f.survey, JF_TIME_EXACT, &(jf_place){1, 0, 2, 0});
    assert_string_equal(order.word, "rho");
    assert_true(isnan(order.tau_lambda));
    double *time = f.survey.time[JF_TIME_EXACT] +
                   jf_survey_point(&f.survey, &(jf_place){1, 0, 2, 0}) * f.dataset.features;
    for (size_t i = 0; i < f.dataset.features; i++) {
        time[i] = 1.0 / time[i];
    }
    order = jf_survey_order(&f.survey, JF_TIME_EXACT, &(jf_place){1, 0, 2, 0});
    assert_string_equal(order.word, "reversed");
    assert_within(order.tau_rho, -1.0, 0.0);
    order = jf_survey_order(&f.survey, JF_TIME_EXACT, &(jf_place){1, 0, 2, 2});
    assert_string_equal(order.word, "-");
    end(&f);
}

/*
 * At the first angle, of which nothing but the last point is there, features are that point's own,
 * by falling rho; at the second, which keeps the assumption, those of the spectrum are compared.
 */
static void features_are_those_of_the_places(void **state)
{
    static const char text[] = "sweep: {objective: jepa, depth: [1, 2], init_scale: 1.0e-2,\n"
                               "        angle: [0.1, 0]}\n"
                               "spectra: {s: {lambda: [1, 2, 3], rho: [0.5, 0.7, 0.9]}}\n"
                               "output: {samples: 0}\n";
    const jf_place place = {.depth = 1};
    jf_store *store;
    jf_record record;
    jf_agreement a;
    fixture f;

    (void)state;
    sweep_begin(text, NULL, &f.s);
    sweep_create(&f.s, &store);
    for (size_t p = 1; p < 4; p++) { /* depth 1: angle 0; depth 2: both */
        sweep_record(&f.s, p, 1.0, &record);
        *record.assumption = p == 2 ? JF_ASSUMPTION_DEPARTS : JF_ASSUMPTION_HOLDS;
        for (size_t i = 0; i < 3; i++) {
            record.feature_lambda[i] = 1.0 + (double)(p == 2 ? 2 - i : i);
            record.feature_rho[i] = 0.5 + 0.2 * (double)(p == 2 ? 2 - i : i);
        }
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    open_survey(&f);
    for (size_t i = 0; i < 3; i++) {
        assert_within(jf_survey_feature(&f.survey, &place, i).lambda, 3.0 - (double)i, 0.0);
        assert_within(jf_survey_feature(&f.survey, &place, i).rho, 0.9 - 0.2 * (double)i, 1e-12);
    }
    assert_int_equal(f.survey.traits[0].at_high_rho, 0);
    /* Times are those of the spectrum in its order: the feature of lowest rho comes last here. */
    assert_string_equal(jf_survey_order(&f.survey, JF_TIME_MEASURED, &place).word, "reversed");
    assert_ok(jf_survey_agreement(&f.survey, 0, JF_MODEL_LAYERS, &a));
    assert_int_equal(a.compared, 6);
    assert_int_equal(a.settled, 6);
    assert_below(a.off_plateau, 1e-9);
    end(&f);
}

/* Measured times 1e-4 too long everywhere: 100 times the tolerance of 1e-6. */
static void agreement_finds_the_deviation(void **state)
{
    jf_agreement a;
    fixture f;

    (void)state;
    begin(NULL, 999, 1.0 + 1e-4, &f);
    assert_ok(jf_survey_agreement(&f.survey, 0, JF_MODEL_LAYERS, &a));
    assert_int_equal(a.compared, 3 * 3 * 2 * (3 + 2 + 1));
    assert_within(a.largest, 1e-4, 1e-14);
    assert_within(a.median, 1e-4, 1e-14);
    for (size_t q = 0; q < JF_QUANTILES; q++) {
        assert_within(a.quantile[q], 1e-4, 1e-14);
    }
    assert_within(a.off_plateau, 0.0, 0.0);
    assert_within(a.excess, 100.0, 1e-8);
    assert_true(a.settled > 0);
    assert_int_equal(a.missed, 0);
    assert_ok(jf_survey_agreement(&f.survey, 0, JF_MODEL_BALANCED, &a));
    assert_int_equal(a.compared, 0);
    assert_true(isnan(a.largest));
    end(&f);
}

/* Points of tolerance 1e-6 and 1e-4 with the same deviation: the first exceeds it more. */
static void the_tolerance_is_that_of_the_point(void **state)
{
    static const char text[] = "sweep: {objective: mae, depth: 1, init_scale: 0.01, "
                               "tolerance: [1.0e-6, 1.0e-4]}\n"
                               "spectra: {s: {lambda: 1, rho: 1}}\n";
    jf_agreement a;
    fixture f;

    (void)state;
    sweep_begin(text, NULL, &f.s);
    sweep_write(&f.s, 0, 2, 1.0 - 1e-5);
    open_survey(&f);
    assert_ok(jf_survey_agreement(&f.survey, 0, JF_MODEL_LAYERS, &a));
    assert_int_equal(a.compared, 2);
    assert_near(a.excess, 10.0, 1e-9);
    end(&f);
}

/* Cells that should have been reached; points that failed; points that are half written. */
static void what_is_not_known_is_not_counted(void **state)
{
    jf_store *store;
    jf_record record;
    jf_agreement a;
    fixture f;

    (void)state;
    sweep_begin(input, NULL, &f.s);
    sweep_create(&f.s, &store);
    for (size_t p = 0; p < 3; p++) {
        sweep_record(&f.s, p, 1.0, &record);
        if (p == 0) {
            record.critical_time[1] = NAN;
            record.critical_time_status[1] = JF_NOT_REACHED;
        }
        *record.status = p == 1 ? JF_POINT_DIVERGED : p == 2 ? JF_POINT_PENDING : JF_POINT_DONE;
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    open_survey(&f);
    assert_int_equal(f.survey.count[JF_POINT_DONE], 1);
    assert_int_equal(f.survey.count[JF_POINT_DIVERGED], 1);
    assert_int_equal(f.survey.count[JF_POINT_PENDING], f.s.plan.points - 2);
    assert_true(isnan(f.survey.time[JF_TIME_MEASURED][2 * 3]));
    assert_ok(jf_survey_agreement(&f.survey, 0, JF_MODEL_LAYERS, &a));
    assert_int_equal(a.compared, 2);
    assert_int_equal(a.missed, 1);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_sorted_and_spectra_known),
        cmocka_unit_test(values_have_names),
        cmocka_unit_test(a_spectrum_without_features_is_refused),
        cmocka_unit_test(evenly_spread_with_both_ends),
        cmocka_unit_test(exponents_do_not_see_a_factor),
        cmocka_unit_test(noise_gives_a_standard_error),
        cmocka_unit_test(an_exponent_is_explained_by_the_next_order),
        cmocka_unit_test(exact_slopes_are_over_what_was_measured),
        cmocka_unit_test(amplification_is_low_rho_over_high),
        cmocka_unit_test(the_leading_amplification_is_its_formula),
        cmocka_unit_test(times_within_their_errors_have_no_order),
        cmocka_unit_test(order_is_told_in_a_word),
        cmocka_unit_test(features_are_those_of_the_places),
        cmocka_unit_test(agreement_finds_the_deviation),
        cmocka_unit_test(the_tolerance_is_that_of_the_point),
        cmocka_unit_test(what_is_not_known_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
