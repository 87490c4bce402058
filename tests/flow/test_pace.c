/*
 * test_pace.c - predicted seconds of the points of a plan: in the order that work suggests. How
 * long a point really takes depends on what else the machine does, so only large differences are
 * held.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/flow/pace.h"

enum { MOST = 64 };

/* Predict all points of an input. */
static size_t predict(const char *text, double seconds[MOST])
{
    jf_input input;
    jf_plan plan;
    jf_pace *pace;

    assert_ok(jf_input_read("in", text, strlen(text), NULL, 0, &input));
    assert_ok(jf_plan_init(&input, &plan));
    assert_true(plan.points <= MOST);
    assert_ok(jf_pace_measure(&plan, &pace));
    for (size_t i = 0; i < plan.points; i++) {
        jf_point point;
        jf_plan_point(&plan, i, &point);
        assert_ok(jf_pace_predict(pace, &point, 1, &seconds[i]));
    }
    jf_pace_destroy(&pace);
    const size_t points = plan.points;
    jf_input_clear(&input);
    return points;
}

#define SPECTRA                                                                                    \
    "spectra:\n"                                                                                   \
    "  narrow: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 4}}\n"                                 \
    "  wide: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 96}}\n"

/* Every point has a time, also those in which nothing is learnt. */
static void each_point_has_a_finite_time(void **state)
{
    double seconds[MOST];

    (void)state;
    const size_t points =
        predict("sweep: {depth: [1, 3, 64], init_scale: [0.001, 5]}\n" SPECTRA, seconds);
    assert_int_equal(points, 24);
    for (size_t i = 0; i < points; i++) {
        assert_true(isfinite(seconds[i]) && seconds[i] > 0.0);
    }
}

/* 96 features against 4 are 14 000 times the multiplications; at least ten times the seconds. */
static void wider_points_take_longer(void **state)
{
    double seconds[MOST];

    (void)state;
    predict(
        "sweep: {objective: mae, depth: 3, init_scale: 0.001, spectrum: [narrow, wide]}\n" SPECTRA,
        seconds);
    assert_true(seconds[1] > 10.0 * seconds[0]);
}

/* JEPA from 1e-3 at depth 4 waits 40 000 units of time, feature by feature, MAE 80 for all. */
static void stiff_points_take_longer(void **state)
{
    double seconds[MOST];

    (void)state;
    predict(
        "sweep: {objective: [jepa, mae], depth: 4, init_scale: 0.001, spectrum: narrow}\n" SPECTRA,
        seconds);
    assert_true(seconds[0] > 3.0 * seconds[1]);
}

/* Three products a layer against 5 + 4 log2 L: at depth 64 the layers are dearer. */
static void layers_take_longer_than_the_balanced_model_at_depth(void **state)
{
    static const char sweep[] =
        "sweep: {objective: mae, depth: 64, init_scale: 0.001, spectrum: wide}\n" SPECTRA;
    char text[1000];
    double layers[MOST], balanced[MOST], theory[MOST];

    (void)state;
    strcat(strcpy(text, sweep), "flow: {model: layers}\n");
    predict(text, layers);
    strcat(strcpy(text, sweep), "flow: {model: balanced}\n");
    predict(text, balanced);
    strcat(strcpy(text, sweep), "flow: {model: theory}\n");
    predict(text, theory);
    assert_true(layers[0] > 2.0 * balanced[0]);
    assert_true(balanced[0] > 10.0 * theory[0]);
}

/*
 * Per right-hand side, whose number the closed form says: 27 products at depth 64 against 5 at
 * depth 1. Both depths are priced by the same measurement of one product.
 */
static void a_right_hand_side_costs_its_products(void **state)
{
    static const char text[] =
        "sweep: {objective: mae, depth: [1, 64], init_scale: 0.001, spectrum: wide}\n"
        "flow: {model: balanced}\n" SPECTRA;
    double seconds[MOST], each[2];
    jf_input input;
    jf_plan plan;

    (void)state;
    assert_int_equal(predict(text, seconds), 2);
    assert_ok(jf_input_read("in", text, strlen(text), NULL, 0, &input));
    assert_ok(jf_plan_init(&input, &plan));
    for (size_t i = 0; i < 2; i++) {
        jf_point point;
        jf_outlook outlook;
        jf_plan_point(&plan, i, &point);
        assert_ok(jf_point_outlook(&point, &outlook));
        each[i] = seconds[i] / jf_outlook_evaluations(&outlook, JF_PAIR, 1e-6);
    }
    assert_true(each[1] > 1.5 * each[0]);
    assert_true(each[1] < 27.0 / 5.0 * each[0]);
    jf_input_clear(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_point_has_a_finite_time),
        cmocka_unit_test(wider_points_take_longer),
        cmocka_unit_test(stiff_points_take_longer),
        cmocka_unit_test(a_right_hand_side_costs_its_products),
        cmocka_unit_test(layers_take_longer_than_the_balanced_model_at_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
