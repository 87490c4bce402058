/*
 * test_point.c - one point of the sweep: its features, its outlook, and the key of its random
 * numbers.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/sweep/point.h"

static double lambdas[] = {1.0, 0.8, 0.6}, rhos[] = {0.4, 0.7, 1.0};
static char name[] = "mine", other_name[] = "yours";
static const jf_spectrum spectrum = {.name = name, .features = 3, .lambda = lambdas, .rho = rhos};

static jf_point make(void)
{
    jf_point point = {.index = 5, .spectrum = &spectrum};

    jf_point_set_neutral(&point);
    point.value[JF_P_OBJECTIVE] = JF_MAE;
    point.value[JF_P_DEPTH] = 3;
    point.value[JF_P_INIT_SCALE] = 1e-2;
    point.value[JF_P_SEED] = 1;
    point.value[JF_P_MODEL] = JF_MODEL_LAYERS;
    point.value[JF_P_TOLERANCE] = 1e-6;
    point.value[JF_P_THRESHOLD] = 0.5;
    point.value[JF_P_HORIZON] = 2;
    return point;
}

/* Value by value. */
static void features_are_those_of_the_spectrum_at_the_point(void **state)
{
    const jf_point point = make();

    (void)state;
    assert_int_equal(jf_point_count(&point, JF_P_DEPTH), 3);
    for (size_t i = 0; i < 3; i++) {
        const jf_feature f = jf_point_feature(&point, i);
        assert_int_equal(f.objective, JF_MAE);
        assert_int_equal(f.depth, 3);
        assert_true(f.init_scale == 1e-2);
        assert_true(f.lambda == lambdas[i]);
        assert_true(f.rho == rhos[i]);
    }
}

/* The outlook of its features, made one by one. */
static void the_outlook_is_that_of_its_features(void **state)
{
    const jf_point point = make();
    jf_feature features[3];
    jf_outlook actual, expected;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        features[i] = jf_point_feature(&point, i);
    }
    assert_ok(jf_outlook_find(
        features, 3, &(jf_course){.threshold = 0.5, .horizon = 2.0, .rests = 1}, &expected));
    assert_ok(jf_point_outlook(&point, &actual));
    assert_true(actual.first == expected.first && actual.first > 0.0);
    assert_true(actual.last == expected.last);
    assert_true(actual.end == expected.end);
    assert_true(actual.work == expected.work);
    assert_true(actual.effort[JF_PAIR] == expected.effort[JF_PAIR]);
}

/* How a point is solved does not enter: every model and tolerance starts from the same draws. */
static void the_key_does_not_see_how_a_point_is_solved(void **state)
{
    static const jf_parameter_id id[] = {
        JF_P_SEED,      JF_P_MODEL,           JF_P_INTEGRATOR, JF_P_TOLERANCE,
        JF_P_THRESHOLD, JF_P_HORIZON,         JF_P_ROTATION,   JF_P_MAX_STEPS,
        JF_P_SAMPLES,   JF_P_RANKS_PER_POINT, JF_P_GROUP_WIDTH};
    const jf_point point = make();

    (void)state;
    for (size_t i = 0; i < COUNT(id); i++) {
        jf_point other = point;
        other.value[id[i]] += 1.0;
        assert_true(jf_point_key(&other) == jf_point_key(&point));
    }
    jf_point elsewhere = point; /* in another sweep, at another place */
    elsewhere.index = 99;
    elsewhere.value[JF_P_SPECTRUM] = 7;
    assert_true(jf_point_key(&elsewhere) == jf_point_key(&point));
}

/* What a point is does. */
static void the_key_sees_what_a_point_is(void **state)
{
    static const jf_parameter_id id[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_INIT_SCALE};
    const jf_point point = make();
    const jf_spectrum yours = {.name = other_name, .features = 3, .lambda = lambdas, .rho = rhos};
    jf_point other = point;

    (void)state;
    other.spectrum = &yours;
    assert_true(jf_point_key(&other) != jf_point_key(&point));
    for (size_t i = 0; i < COUNT(id); i++) {
        other = point;
        other.value[id[i]] *= 2.0;
        assert_true(jf_point_key(&other) != jf_point_key(&point));
    }
}

/* One setting after the other, to a value that is not the neutral one. */
static void a_point_departs_by_each_setting_alone(void **state)
{
    size_t departures = 0;

    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        jf_point point = make();
        point.value[JF_P_OBJECTIVE] = JF_JEPA;
        assert_true(!jf_point_departs(&point) && jf_point_is_balanced(&point));
        if (p->departs) {
            point.value[i] = p->neutral == 1.0 ? 2.0 : 1.0;
            assert_true(jf_point_departs(&point));
            assert_int_equal(jf_point_is_balanced(&point), !p->layered);
            jf_point_set_neutral(&point);
            assert_true(!jf_point_departs(&point));
            departures++;
        }
    }
    assert_true(departures >= 8);
}

/* JEPA's target for MAE, room for all features, one layer alone. */
static void what_has_no_effect_is_neutral(void **state)
{
    jf_point point = make(); /* MAE */

    (void)state;
    point.value[JF_P_EMA_RATE] = 0.5;
    point.value[JF_P_STOP_GRADIENT] = JF_STOP_GRADIENT_NO;
    point.value[JF_P_WIDTH] = 3;
    point.value[JF_P_NOISE] = 7;
    assert_true(!jf_point_departs(&point) && jf_point_is_balanced(&point));
    assert_true(isinf(jf_point_setting(&point, JF_P_EMA_RATE)));
    point.value[JF_P_WIDTH] = 2;
    assert_true(jf_point_departs(&point) && jf_point_is_balanced(&point));
    assert_true(jf_point_setting(&point, JF_P_WIDTH) == 2.0);
    point = make();
    point.value[JF_P_IMBALANCE] = 1;
    assert_true(!jf_point_is_balanced(&point));
    point.value[JF_P_DEPTH] = 1;
    assert_true(!jf_point_departs(&point) && jf_point_is_balanced(&point));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_those_of_the_spectrum_at_the_point),
        cmocka_unit_test(the_outlook_is_that_of_its_features),
        cmocka_unit_test(the_key_does_not_see_how_a_point_is_solved),
        cmocka_unit_test(the_key_sees_what_a_point_is),
        cmocka_unit_test(a_point_departs_by_each_setting_alone),
        cmocka_unit_test(what_has_no_effect_is_neutral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
