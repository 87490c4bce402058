/*
 * test_outlook.c - what is said of a point before it is run: first and last time, end, work,
 * samples.
 *
 * How many evaluations are really taken is measured in tests/flow/test_flow.c.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/theory/outlook.h"

enum { FEATURES = 8 };

/* Opposed features: lambda from 0.8 to 1 against rho from 1 to 0.4. */
static void make_features(jf_objective objective, size_t depth, double init_scale,
                          jf_feature features[FEATURES])
{
    for (size_t i = 0; i < FEATURES; i++) {
        const double part = (double)i / (FEATURES - 1);
        features[i] =
            (jf_feature){objective, depth, init_scale, 0.8 + 0.2 * part, 1.0 - 0.6 * part};
    }
}

/* Each feature's own critical time lies within. */
static void first_last_and_end_hold_all_crossings(void **state)
{
    static const double thresholds[] = {0.01, 0.5, 0.99, 1.0 - 1e-6, 1.0 - 1e-9};
    jf_feature features[FEATURES];
    int crossed = 0;

    (void)state;
    for (size_t n = 0; n < 2 * 8 * 3 * COUNT(thresholds); n++) {
        const double threshold = thresholds[n / 48], horizon = 2.0;
        make_features((jf_objective)(n % 2), 1 + n / 2 % 8, pow(10.0, -1.0 - (double)(n / 16 % 3)),
                      features);
        const jf_outlook o = jf_outlook_of(features, FEATURES, threshold, horizon);
        double first = INFINITY, last = 0.0, time;
        for (size_t i = 0; i < FEATURES; i++) {
            if (jf_feature_critical_time(&features[i], threshold, &time) == JF_REACHED) {
                first = fmin(first, time);
                last = fmax(last, time);
            }
        }
        assert_true(o.last == last);
        if (last > 0.0) {
            assert_true(o.first == first);
            assert_true(o.end >= last);
            assert_true(o.end <= horizon * last);
            crossed++;
        }
    }
    assert_true(crossed > 200);
}

/*
 * With a horizon far enough, the end is the time at which the slowest is within 1e-7 of its
 * plateau.
 */
static void the_end_is_where_all_have_settled(void **state)
{
    jf_feature features[FEATURES];

    (void)state;
    for (size_t n = 0; n < 2 * 4; n++) {
        make_features((jf_objective)(n % 2), 1 + n / 2, 1e-3, features);
        double settled = 0.0, time;
        for (size_t i = 0; i < FEATURES; i++) {
            assert_int_equal(jf_feature_critical_time(&features[i], 1.0 - 1e-7, &time), JF_REACHED);
            settled = fmax(settled, time);
        }
        assert_near(jf_outlook_of(features, FEATURES, 0.5, 1e9).end, settled, 1e-15);
    }
}

/* The sum of rate times waiting time, the largest of two features, by hand. */
static void the_work_is_the_fastest_rate_times_the_wait(void **state)
{
    const jf_feature features[2] = {{JF_JEPA, 3, 1e-2, 1.0, 1.2}, {JF_JEPA, 3, 1e-2, 0.5, 0.9}};
    const jf_outlook o = jf_outlook_of(features, 2, 0.5, 2.0);
    double t[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jf_feature_critical_time(&features[i], 0.5, &t[i]), JF_REACHED);
    }
    const double fast = (o.end - t[0]) * 1.0 * pow(1.2, 5.0);
    const double slow = (o.end - t[1]) * 0.5 * pow(0.9, 5.0);
    assert_near(o.work, fmax(fast, slow), 1e-13);
}

/* No feature with a critical time: no first, no last, but an end that can be reached. */
static void a_point_without_crossings_still_ends(void **state)
{
    static const size_t depths[] = {1, 8, 100, 1024};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(depths); n++) {
        const jf_feature f = {(jf_objective)(n % 2), depths[n / 2], 2.0, 1.0, 0.4};
        const jf_outlook o = jf_outlook_of(&f, 1, 0.5, 2.0);
        assert_true(o.first == 0.0);
        assert_true(o.last == 0.0);
        assert_true(o.end > 0.0);
        assert_true(isfinite(o.end));
        assert_true(isfinite(o.work));
        assert_true(isfinite(jf_outlook_explicit_evaluations(&o, 1e-6)));
        assert_true(jf_outlook_sample_time(&o, 0, 10) > 0.0);
        assert_true(jf_outlook_sample_time(&o, 9, 10) == o.end);
    }
}

/* From a tenth of the first critical time to the end, the ratio of neighbours constant. */
static void sample_times_ascend_evenly_in_the_logarithm(void **state)
{
    jf_feature features[FEATURES];

    (void)state;
    make_features(JF_JEPA, 4, 1e-3, features);
    const jf_outlook o = jf_outlook_of(features, FEATURES, 0.5, 2.0);
    for (size_t count = 2; count <= 500; count += 83) {
        const double ratio =
            jf_outlook_sample_time(&o, 1, count) / jf_outlook_sample_time(&o, 0, count);
        assert_near(jf_outlook_sample_time(&o, 0, count), 0.1 * o.first, 1e-15);
        assert_true(ratio > 1.0);
        for (size_t j = 1; j < count; j++) {
            const double time = jf_outlook_sample_time(&o, j, count);
            assert_near(time / jf_outlook_sample_time(&o, j - 1, count), ratio, 1e-12);
            assert_true(time <= o.end);
        }
        assert_true(jf_outlook_sample_time(&o, count - 1, count) == o.end);
    }
    assert_true(jf_outlook_sample_time(&o, 0, 1) == o.end);
}

/*
 * A pair of order 5 takes 10^{1/5} times the steps for a tenth of the error, where it is not bound
 * by stability.
 */
static void evaluations_grow_with_work_and_with_accuracy(void **state)
{
    const jf_outlook easy = {.first = 1.0, .last = 1.0, .end = 2.0, .work = 1.0};
    const jf_outlook hard = {.first = 1.0, .last = 1.0, .end = 2.0, .work = 1e6};

    (void)state;
    assert_true(jf_outlook_explicit_evaluations(&hard, 1e-6) >
                jf_outlook_explicit_evaluations(&easy, 1e-6));
    assert_near(jf_outlook_explicit_evaluations(&easy, 1e-8) /
                    jf_outlook_explicit_evaluations(&easy, 1e-6),
                pow(100.0, 0.2), 0.2);
    assert_near(jf_outlook_explicit_evaluations(&hard, 1e-6), 6.0 * 1e6 / 3.3, 0.01);
}

/*
 * To the implicit method stiffness is a matter of its logarithm: where the explicit one pays in
 * full and the stabilised one by the root, it is the cheapest.
 */
static void the_implicit_method_hardly_minds_stiffness(void **state)
{
    const jf_outlook hard = {.first = 1.0, .last = 1.0, .end = 2.0, .work = 1e6};
    const jf_outlook harder = {.first = 1.0, .last = 1.0, .end = 2.0, .work = 1e8};

    (void)state;
    const double evaluations = jf_outlook_implicit_evaluations(&harder, 1e-6);
    assert_below(evaluations / jf_outlook_implicit_evaluations(&hard, 1e-6), 2.0);
    assert_true(jf_outlook_implicit_evaluations(&hard, 1e-8) >
                jf_outlook_implicit_evaluations(&hard, 1e-6));
    assert_true(evaluations < jf_outlook_stabilised_evaluations(&harder, 4, 1e-6));
    assert_true(evaluations < jf_outlook_explicit_evaluations(&harder, 1e-6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_last_and_end_hold_all_crossings),
        cmocka_unit_test(the_end_is_where_all_have_settled),
        cmocka_unit_test(the_work_is_the_fastest_rate_times_the_wait),
        cmocka_unit_test(a_point_without_crossings_still_ends),
        cmocka_unit_test(sample_times_ascend_evenly_in_the_logarithm),
        cmocka_unit_test(evaluations_grow_with_work_and_with_accuracy),
        cmocka_unit_test(the_implicit_method_hardly_minds_stiffness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
