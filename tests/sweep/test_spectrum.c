/*
 * test_spectrum.c - named sets of features: pairing of lambda and rho, and what is refused.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/sweep/spectrum.h"

static jf_status read(const char *text, jf_spectrum *out)
{
    jf_node node;

    assert_int_equal(jf_document_parse("in", text, strlen(text), &node), JF_OK);
    const jf_status status = jf_spectrum_read("mine", &node, out);
    jf_node_clear(&node);
    return status;
}

static void refuse(const char *text, const char *message)
{
    jf_spectrum s = {.features = 3};

    assert_refused(read(text, &s), JF_ERR_USAGE, message);
    assert_int_equal(s.features, 0);
    assert_null(s.lambda);
}

/* Feature by feature, counted by hand. */
static void features_pair_lambda_with_rho(void **state)
{
    jf_spectrum s;

    (void)state;
    assert_ok(read("{lambda: [0.5, 0.25], rho: {from: 1, to: 2, count: 2}}", &s));
    assert_string_equal(s.name, "mine");
    assert_int_equal(s.features, 2);
    assert_true(s.lambda[0] == 0.5 && s.lambda[1] == 0.25);
    assert_true(s.rho[0] == 1.0 && s.rho[1] == 2.0);
    jf_spectrum_clear(&s);
    assert_null(s.name);
}

/* A number, or a list of one, goes with each of the other's. */
static void one_number_goes_with_all_of_the_other(void **state)
{
    static const char *const texts[] = {"{lambda: 0.5, rho: [1, 2, 3]}",
                                        "{lambda: [0.5], rho: [1, 2, 3]}"};
    jf_spectrum s;

    (void)state;
    for (size_t k = 0; k < COUNT(texts); k++) {
        assert_ok(read(texts[k], &s));
        assert_int_equal(s.features, 3);
        for (size_t i = 0; i < 3; i++) {
            assert_true(s.lambda[i] == 0.5);
            assert_true(s.rho[i] == (double)(i + 1));
        }
        jf_spectrum_clear(&s);
    }
    assert_ok(read("{rho: 0.5, lambda: 2}", &s));
    assert_int_equal(s.features, 1);
    jf_spectrum_clear(&s);
}

/* Features may repeat: they are not labels. */
static void equal_features_are_allowed(void **state)
{
    jf_spectrum s;

    (void)state;
    assert_ok(read("{lambda: [1, 1], rho: 1}", &s));
    assert_int_equal(s.features, 2);
    jf_spectrum_clear(&s);
}

/* A model of the data, or a file that somebody else reads: alone in its map. */
static void features_come_from_models_and_files(void **state)
{
    jf_spectrum s;

    (void)state;
    assert_ok(read("{static: {signal: [1, 3], noise: 1}}", &s));
    assert_int_equal(s.features, 2);
    assert_true(s.lambda[1] == 3.0 && s.rho[1] == 0.75);
    assert_null(s.file);
    jf_spectrum_clear(&s);
    assert_ok(read("{file: there/pairs.nc}", &s));
    assert_int_equal(s.features, 0);
    assert_string_equal(s.file, "there/pairs.nc");
    jf_spectrum_clear(&s);
    refuse("{file: [a, b]}", "in:1:8: spectrum 'mine': file is not a name");
    refuse("{file: a.nc, rho: 1}", "spectrum 'mine' has 'file' and more beside it");
    refuse("{static: {signal: 1, noise: 1}, lambda: 1}", "has 'static' and more beside it");
    refuse("{statc: {signal: 1, noise: 1}}", "unknown key 'statc' in a spectrum; did you mean 'st");
}

/* x predicts y with rho = 1/2 along one axis, with -1/4 along the other. */
static void covariances_bring_their_features(void **state)
{
    jf_spectrum s;
    jf_moments m;

    (void)state;
    assert_ok(read("{file: pairs.nc}", &s));
    assert_ok(jf_moments_init(2, &m));
    m.sxx[0] = m.syy[0] = 2.0;
    m.sxx[3] = m.syy[3] = 4.0;
    m.syx[0] = -0.5;
    m.syx[3] = 2.0;
    assert_ok(jf_spectrum_set_moments(&s, &m));
    assert_null(m.sxx);
    assert_int_equal(s.features, 2);
    assert_near(s.rho[0], 0.5, 1e-15);
    assert_near(s.lambda[0], 2.0, 1e-15);
    assert_near(s.rho[1], -0.25, 1e-15);
    assert_true(s.fingerprint != 0);
    s.moments.syx[0] = s.moments.syx[3] = -1.0;
    m = s.moments;
    s.moments = (jf_moments){0};
    assert_refused(jf_spectrum_set_moments(&s, &m), JF_ERR_USAGE,
                   "pairs.nc: no feature of x predicts anything of y");
    s.moments.syx[0] = 3.0; /* of variances 2 and 2: more than one */
    m = s.moments;
    s.moments = (jf_moments){0};
    assert_refused(jf_spectrum_set_moments(&s, &m), JF_ERR_USAGE,
                   "pairs.nc: no pairs have these covariances: y would have a variance of -2.5");
    s.moments.sxx[3] = 0.0;
    m = s.moments;
    s.moments = (jf_moments){0};
    assert_refused(jf_spectrum_set_moments(&s, &m), JF_ERR_USAGE,
                   "pairs.nc: Sxx is not positive definite (least eigenvalue 0)");
    jf_spectrum_clear(&s);
}

/* Each way of being no spectrum, by its message. */
static void what_is_no_spectrum_is_refused(void **state)
{
    char text[100];

    (void)state;
    refuse("0.5", "in:1:1: spectrum 'mine' is not a map, expected {lambda: , rho: }");
    refuse("{lambda: 1}", "spectrum 'mine' lacks 'rho'");
    refuse("{rho: 1}", "spectrum 'mine' lacks 'lambda'");
    refuse("{lambda: 1, roh: 1}", "in:1:13: unknown key 'roh' in a spectrum; did you mean 'rho'?");
    refuse("{lambda: [1, 2], rho: [1, 2, 3]}",
           "spectrum 'mine' has 2 values of lambda and 3 of rho");
    refuse("{lambda: [1, 2, 3], rho: [1, 2]}",
           "spectrum 'mine' has 3 values of lambda and 2 of rho");
    refuse("{lambda: 0, rho: 1}", "lambda is 0, expected a number above 0");
    refuse("{lambda: 1, rho: [1, -2]}", "in:1:22: rho is -2, expected a number above 0");
    refuse("{lambda: 1, rho: []}", "rho is an empty list");
    snprintf(text, sizeof text, "{lambda: 1, rho: {from: 1, to: 2, count: %d}}",
             JF_MOST_FEATURES + 1);
    refuse(text, "has 16385 features, expected at most 16384");
}

/* As many as are read; what cannot be read is one. */
static void features_are_counted_before_they_are_read(void **state)
{
    static const struct {
        const char *text;
        size_t features;
    } cases[] = {{"{lambda: 1, rho: 2}", 1},
                 {"{lambda: [1, 2, 3], rho: 1}", 3},
                 {"{lambda: 1, rho: {from: 1, to: 2, count: 16384}}", 16384},
                 {"{lambda: 1, rho: {from: 1, to: 2, count: 1e9}}", 1},
                 {"{lambda: 1, rho: {count: [7]}}", 1},
                 {"{lambda: 1, rho: {count: many}}", 1},
                 {"[1, 2]", 1},
                 {"7", 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        jf_node node;
        assert_ok(jf_document_parse("in", cases[i].text, strlen(cases[i].text), &node));
        assert_int_equal(jf_spectrum_count(&node), cases[i].features);
        jf_node_clear(&node);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_pair_lambda_with_rho),
        cmocka_unit_test(one_number_goes_with_all_of_the_other),
        cmocka_unit_test(equal_features_are_allowed),
        cmocka_unit_test(features_come_from_models_and_files),
        cmocka_unit_test(covariances_bring_their_features),
        cmocka_unit_test(what_is_no_spectrum_is_refused),
        cmocka_unit_test(features_are_counted_before_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
