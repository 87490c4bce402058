/*
 * test_generator.c - models of how data come about: their closed forms, computed from moments of
 * the variables themselves, and what is refused.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/sweep/generator.h"

static const jf_generator *find(const char *name)
{
    size_t count;
    const jf_generator *g = jf_generators(&count);

    for (size_t k = 1; k < count; k++) {
        if (strcmp(g[k].name, name) == 0) {
            return &g[k];
        }
    }
    assert_null(name[0] != '\0' ? name : NULL);
    return &g[0];
}

typedef struct {
    size_t features;
    double *lambda, *rho;
} features;

static jf_status read(const char *generator, const char *text, features *out)
{
    jf_node node;

    *out = (features){0};
    assert_int_equal(jf_document_parse("in", text, strlen(text), &node), JF_OK);
    const jf_status status =
        jf_generator_read(find(generator), "mine", &node, &out->features, &out->lambda, &out->rho);
    jf_node_clear(&node);
    return status;
}

static void clear(features *f)
{
    free(f->lambda);
    free(f->rho);
}

static void refuse(const char *generator, const char *text, const char *message)
{
    features f;

    assert_refused(read(generator, text, &f), JF_ERR_USAGE, message);
    assert_null(f.lambda);
}

/* lambda_i = i^-2 / 2, rho_i = i^-1/2. */
static void power_laws_fall_with_the_index(void **state)
{
    features f;

    (void)state;
    assert_ok(read("power_law",
                   "{lambda: 0.5, rho: 1, lambda_exponent: 2, rho_exponent: 0.5, count: 9}", &f));
    assert_int_equal(f.features, 9);
    for (size_t i = 0; i < 9; i++) {
        const double index = (double)(i + 1);
        assert_near(f.lambda[i] * index * index, 0.5, 1e-15);
        assert_near(f.rho[i] * f.rho[i] * index, 1.0, 1e-15);
    }
    clear(&f);
    assert_ok(read("power_law", "{lambda: 0.5, rho: [1, 2]}", &f));
    assert_true(f.features == 2 && f.lambda[1] == 0.5 && f.rho[1] == 2.0);
    clear(&f);
}

/* x = z + n, y = z + n': E[y x] = E[z^2], E[x^2] = E[z^2] + E[n^2]. */
static void static_features_are_seen_twice(void **state)
{
    const double signal[] = {2.0, 1.0, 0.5}, noise[] = {0.0, 1.0, 1.5};
    features f;

    (void)state;
    assert_ok(read("static", "{signal: [2, 1, 0.5], noise: [0, 1, 1.5]}", &f));
    assert_int_equal(f.features, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_near(f.lambda[i], signal[i], 1e-15);
        assert_near(f.lambda[i] / f.rho[i], signal[i] + noise[i], 1e-15);
    }
    clear(&f);
}

/* z_{t+1} = g z_t + innovation: E[z_{t+1} z_t] = g E[z^2]; noise adds to E[x^2] alone. */
static void temporal_features_are_seen_later(void **state)
{
    features f;

    (void)state;
    assert_ok(read("temporal",
                   "{variance: 2, autocorrelation: {from: 0.2, to: 0.8, count: 3}, noise: 1}", &f));
    assert_int_equal(f.features, 3);
    for (size_t i = 0; i < 3; i++) {
        const double g = 0.2 + 0.3 * (double)i;
        assert_near(f.lambda[i], g * 2.0, 1e-14);
        assert_near(f.lambda[i] / f.rho[i], 3.0, 1e-14);
    }
    clear(&f);
}

/* Each way of being none, by its message. */
static void what_is_no_generator_is_refused(void **state)
{
    (void)state;
    refuse("static", "3", "in:1:1: spectrum 'mine' is not a map, expected {signal: , noise: }");
    refuse("static", "{signal: 1}", "in:1:1: spectrum 'mine' lacks 'noise', expected {signal: ,");
    refuse("static", "{signal: 1, noise: -1}", "in:1:20: noise is -1, expected a number from 0");
    refuse("static", "{signal: [1, 2], noise: [1, 2, 3]}",
           "has 2 values of signal and 3 of noise, expected as many, or one of either");
    refuse("static", "{signal: 1, nois: 1}", "unknown key 'nois' in static; did you mean 'noise'?");
    refuse("temporal", "{variance: 1, autocorrelation: 1, noise: 0}",
           "autocorrelation is 1, expected a number above 0 and below 1");
    refuse("power_law", "{lambda: [1, 2], rho: 1, count: 3}",
           "in:1:33: spectrum 'mine' has 2 values of lambda, but count is 3");
    refuse("power_law", "{lambda: 1, rho: 1, count: 0}", "count is 0, expected a whole number");
    refuse("power_law", "{lambda: 1, rho: 1, lambda_exponent: 100, count: 9999}",
           "feature 1723 of spectrum 'mine' comes out with lambda 0 and rho 1, expected numbers");
    refuse("", "{lambda: 1, rho: 1, count: 2}", "unknown key 'count' in a spectrum");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_laws_fall_with_the_index),
        cmocka_unit_test(static_features_are_seen_twice),
        cmocka_unit_test(temporal_features_are_seen_later),
        cmocka_unit_test(what_is_no_generator_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
