/*
 * test_gauge.c - what right-hand sides cost here, against products and flows timed by the test.
 *
 * CPU times on a machine that others use: only large differences are held.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/flow/gauge.h"
#include "jepaflow/linalg/blas.h"

/* Measure for an input; CPU seconds that it took. */
static double measure(const char *text, jf_gauge *gauge)
{
    jf_input input;
    jf_plan plan;

    assert_ok(jf_input_read("in", text, strlen(text), NULL, 0, &input));
    assert_ok(jf_plan_init(&input, &plan));
    const double begin = jf_clock_cpu();
    assert_ok(jf_gauge_measure(&plan, gauge));
    const double seconds = jf_clock_cpu() - begin;
    jf_input_clear(&input);
    return seconds;
}

#define SWEEP "sweep: {objective: jepa, depth: 2, init_scale: 0.001}\n"

/* `count` spectra, the first of `least` features, each with `more` than the one before. */
static const char *sweep_of(char *text, size_t size, size_t count, size_t least, size_t more)
{
    snprintf(text, size, "%sspectra:\n", SWEEP);
    for (size_t k = 0; k < count; k++) {
        const size_t used = strlen(text);
        snprintf(text + used, size - used,
                 "  s%zu: {lambda: 1, rho: {from: 0.5, to: 1, count: %zu}}\n", k, least + k * more);
    }
    return text;
}

static double time_product(size_t d)
{
    double *a = calloc(3 * d * d, sizeof *a), least = INFINITY;

    for (int trial = 0; trial < 5; trial++) {
        const double begin = jf_clock_cpu();
        jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, a, a + d * d, 0.0, a + 2 * d * d);
        least = fmin(least, jf_clock_cpu() - begin);
    }
    free(a);
    return least;
}

/* d = 96: 1.8 million multiplications, so that what goes with each product is small. */
static void a_product_takes_its_time(void **state)
{
    jf_gauge gauge;
    char text[1000];

    (void)state;
    measure(sweep_of(text, sizeof text, 1, 96, 0), &gauge);
    assert_int_equal(gauge.widths, 1);
    const double ratio = jf_gauge_product(&gauge, 96) / time_product(96);
    assert_true(ratio > 0.4 && ratio < 4.0);
    assert_near(jf_gauge_product(&gauge, 192), 8.0 * jf_gauge_product(&gauge, 96), 1e-12);
}

/* Few widths are each measured, many at some of them; in between it is interpolated, upwards. */
static void widths_are_covered(void **state)
{
    jf_gauge few, many;
    char text[4000];

    (void)state;
    measure(sweep_of(text, sizeof text, 3, 4, 30), &few);
    assert_int_equal(few.widths, 3);
    assert_true(few.width[0] == 4 && few.width[1] == 34 && few.width[2] == 64);
    for (size_t k = 0; k < 3; k++) {
        assert_near(jf_gauge_product(&few, few.width[k]), few.product[k], 1e-12);
    }
    const double between = jf_gauge_product(&few, 50);
    assert_true(between > few.product[1] && between < few.product[2]);
    measure(sweep_of(text, sizeof text, 40, 8, 2), &many);
    assert_int_equal(many.widths, JF_MOST_WIDTHS);
    assert_true(many.width[0] == 8 && many.width[JF_MOST_WIDTHS - 1] == 86);
}

/* A product at 16 000 would take minutes. It is known from one at 256. */
static void wide_points_are_not_measured(void **state)
{
    jf_gauge gauge;
    char text[1000];

    (void)state;
    assert_below(measure(sweep_of(text, sizeof text, 1, 16000, 0), &gauge), 1.0);
    assert_int_equal(gauge.widths, 1);
    assert_true(gauge.width[0] == 256);
    assert_true(jf_gauge_product(&gauge, 16000) > 60.0);
}

/* Those that may serve a point, and no others; each adds something. */
static void integrators_of_the_plan_are_measured(void **state)
{
    static const char *const settings[] = {
        "flow: {integrator: auto}\n",
        "flow: {integrator: rkc}\n",
        "flow: {integrator: auto, rotation: random}\n",
        "flow: {model: theory}\n",
    };
    static const int used[][JF_FAMILIES] = {
        {[JF_PAIR] = 1, [JF_STABILISED_4] = 1},
        {[JF_STABILISED_2] = 1},
        {[JF_PAIR] = 1, [JF_STABILISED_4] = 1, [JF_IMPLICIT] = 1},
        {0},
    };
    char text[1000];

    (void)state;
    for (size_t n = 0; n < COUNT(settings); n++) {
        jf_gauge gauge;
        strcat((char *)sweep_of(text, sizeof text, 1, 8, 0), settings[n]);
        measure(text, &gauge);
        for (int k = 0; k < JF_FAMILIES; k++) {
            const jf_overhead o = gauge.family[k];
            assert_int_equal(o.evaluation + o.number > 0.0, used[n][k]);
            assert_true(o.evaluation < 1e-3 && o.number < 1e-6);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_takes_its_time),
        cmocka_unit_test(widths_are_covered),
        cmocka_unit_test(wide_points_are_not_measured),
        cmocka_unit_test(integrators_of_the_plan_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
