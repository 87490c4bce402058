/*
 * test_outlook.c - what is said of a point before it is run: first and last time, end, decay,
 * right-hand sides, samples.
 *
 * Right-hand sides are counted here on the equations of section 5 of docs/theory.md themselves, one
 * number for each feature; those of the matrix flows in tests/flow/test_flow.c.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rkc.h"
#include "jepaflow/ode/rock.h"
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

static jf_outlook find(const jf_feature *features, size_t count, double threshold, double horizon,
                       int rests)
{
    jf_outlook o;

    assert_ok(jf_outlook_find(
        features, count, &(jf_course){.threshold = threshold, .horizon = horizon, .rests = rests},
        &o));
    return o;
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
        const jf_outlook o = find(features, FEATURES, threshold, horizon, 1);
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
        assert_near(find(features, FEATURES, 0.5, 1e9, 1).end, settled, 1e-15);
    }
}

/* The sum of rate times waiting time, the largest of two features, by hand. */
static void the_work_is_the_fastest_rate_times_the_wait(void **state)
{
    const jf_feature features[2] = {{JF_JEPA, 3, 1e-2, 1.0, 1.2}, {JF_JEPA, 3, 1e-2, 0.5, 0.9}};
    const jf_outlook o = find(features, 2, 0.5, 2.0, 1);
    double t[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jf_feature_critical_time(&features[i], 0.5, &t[i]), JF_REACHED);
    }
    const double fast = (o.end - t[0]) * 1.0 * pow(1.2, 5.0);
    const double slow = (o.end - t[1]) * 0.5 * pow(0.9, 5.0);
    assert_near(o.work, fmax(fast, slow), 1e-13);
}

/* (11.2) of docs/theory.md, term by term, at amplitudes wi of a learnt feature and wj. */
static double pair_rate(const jf_feature *i, const jf_feature *j, double wi, double wj)
{
    const double depth = (double)i->depth, variance = j->lambda / j->rho;
    double sum = 0.0;

    if (i->objective == JF_MAE) {
        for (double b = 0.0; b <= depth; b += 1.0) {
            sum += pow(wi, 2.0 * b) * pow(wj, 2.0 * (depth - b));
        }
        return variance * sum;
    }
    for (double a = 1.0; a <= depth; a += 1.0) {
        sum += pow(wi, 2.0 * (depth - a)) * pow(wj, 2.0 * (a - 1.0));
    }
    return fabs(variance * (pow(wj, 2.0 * depth) + i->rho * (i->rho - j->rho) * sum));
}

/*
 * Two features, the first learnt long before the other, which has the larger variance: what has
 * been learnt decays at its own rate and, where nothing rests, at that of the pair.
 */
static void the_decay_is_that_of_what_has_been_learnt(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 5; n++) {
        const jf_objective objective = (jf_objective)(n % 2);
        const size_t depth = 1 + n / 2;
        const jf_feature f[2] = {{objective, depth, 1e-4, 1.0, 1.1},
                                 {objective, depth, 1e-4, 0.6, 0.3}};
        const double root = objective == JF_JEPA ? 1.0 : 1.0 / ((double)depth + 1.0);
        const double start = pow(1e-4, 1.0 / (double)depth);
        const double w[2] = {pow(f[0].rho, root), pow(f[1].rho, root)};
        const double own[2] = {jf_feature_relaxation_rate(&f[0]),
                               jf_feature_relaxation_rate(&f[1])};
        const jf_outlook still = find(f, 2, 0.5, 3.0, 1), restless = find(f, 2, 0.5, 3.0, 0);
        const double wait = still.last - still.first, rest = still.end - still.last;
        assert_near(still.decay, own[0] * wait + fmax(own[0], own[1]) * rest, 1e-12);
        const double waiting = fmax(own[0], pair_rate(&f[0], &f[1], w[0], start));
        const double after = fmax(fmax(own[0], own[1]), fmax(pair_rate(&f[0], &f[1], w[0], w[1]),
                                                             pair_rate(&f[1], &f[1], w[1], w[1])));
        assert_near(restless.decay, waiting * wait + after * rest, 1e-12);
    }
}

/* No feature with a critical time: no first, no last, but an end that can be reached. */
static void a_point_without_crossings_still_ends(void **state)
{
    static const size_t depths[] = {1, 8, 100, 1024};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(depths); n++) {
        const jf_feature f = {(jf_objective)(n % 2), depths[n / 2], 2.0, 1.0, 0.4};
        const jf_outlook o = find(&f, 1, 0.5, 2.0, 1);
        assert_true(o.first == 0.0);
        assert_true(o.last == 0.0);
        assert_true(o.end > 0.0);
        assert_true(isfinite(o.end));
        assert_true(isfinite(o.work));
        for (int family = 0; family < JF_FAMILIES; family++) {
            const double evaluations = jf_outlook_evaluations(&o, (jf_family)family, 1e-6);
            assert_true(isfinite(evaluations) && evaluations > 0.0);
        }
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
    const jf_outlook o = find(features, FEATURES, 0.5, 2.0, 1);
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
 * A method whose local error goes with the power q of its steps takes about 100^{1/q} times as many
 * for a hundredth of it: q = 5 of the pair, 4 of rock, 2 of rkc, whose steps are held to the power
 * 1.5 of the tolerance.
 */
static void evaluations_grow_with_accuracy_as_the_order_says(void **state)
{
    static const double order[JF_FAMILIES] = {
        [JF_PAIR] = 5.0, [JF_STABILISED_4] = 4.0, [JF_STABILISED_2] = 2.0, [JF_IMPLICIT] = 6.0};
    jf_feature features[FEATURES];

    (void)state;
    make_features(JF_MAE, 3, 1e-3, features);
    const jf_outlook o = find(features, FEATURES, 0.5, 2.0, 1);
    for (int family = 0; family < JF_FAMILIES; family++) {
        const double ratio = jf_outlook_evaluations(&o, (jf_family)family, 1e-8) /
                             jf_outlook_evaluations(&o, (jf_family)family, 1e-6);
        assert_near(ratio, pow(100.0, 1.0 / order[family]), 0.25);
    }
}

/*
 * A hundred times the wait of a learnt feature, while nothing rests: a hundred times the work of
 * the pair, ten times that of stabilised methods, whose stages go with the root; far less for the
 * implicit one.
 */
static void what_a_long_wait_costs(void **state)
{
    double evaluations[JF_FAMILIES][2];

    (void)state;
    for (int k = 0; k < 2; k++) {
        const jf_feature f[2] = {{JF_JEPA, 2, 1e-2, 1.0, 1.0},
                                 {JF_JEPA, 2, 1e-2, k == 0 ? 1e-3 : 1e-5, 1.0}};
        const jf_outlook o = find(f, 2, 0.5, 1.0, 0);
        for (int family = 0; family < JF_FAMILIES; family++) {
            evaluations[family][k] = jf_outlook_evaluations(&o, (jf_family)family, 1e-4);
        }
    }
    assert_near(evaluations[JF_PAIR][1] / evaluations[JF_PAIR][0], 100.0, 0.05);
    assert_near(evaluations[JF_STABILISED_2][1] / evaluations[JF_STABILISED_2][0], 10.0, 0.4);
    assert_true(evaluations[JF_STABILISED_4][1] > 5.0 * evaluations[JF_STABILISED_4][0]);
    assert_below(evaluations[JF_IMPLICIT][1] / evaluations[JF_IMPLICIT][0], 4.0);
}

/* ---- counted ---- */

/* dw_i/dt of all features. */
static void equations(double t, const double *w, double *rate, void *context)
{
    const jf_feature *features = context;

    (void)t;
    for (size_t i = 0; i < FEATURES; i++) {
        const jf_feature *f = &features[i];
        const double power = pow(w[i], (double)f->depth);
        rate[i] = f->objective == JF_JEPA ? f->lambda * power * power * (1.0 - w[i] / f->rho)
                                          : f->lambda * power * (1.0 - power * w[i] / f->rho);
    }
}

/* As flow.c asks its integrators to follow a flow at that tolerance. */
static double count(const jf_integrator_kind *kind, jf_feature *features, double end,
                    double relative)
{
    double w[FEATURES], time = 0.0;
    const double start = pow(features->init_scale, 1.0 / (double)features->depth);
    const double *rate;
    jf_integrator *integrator;
    const jf_ode ode = {.size = FEATURES,
                        .rate = equations,
                        .context = features,
                        .relative = relative,
                        .absolute = relative * start,
                        .end = end,
                        .state = w};

    for (size_t i = 0; i < FEATURES; i++) {
        w[i] = start;
    }
    assert_ok(kind->create(&ode, &integrator));
    while (time < end) {
        assert_int_equal(kind->step(integrator, &time, &rate), JF_STEP_TAKEN);
    }
    const jf_ode_cost cost = kind->cost(integrator);
    kind->destroy(&integrator);
    return (double)(cost.evaluations + 2 * cost.derivatives);
}

/*
 * Both objectives, L = 1, 2, 4, eps = 1e-1, 1e-3, as far as they are not stiff: the pair within a
 * factor 1.6; the stabilised methods, fitted on matrices and harder to foretell, within 2 and 3.
 */
static void evaluations_are_those_that_the_equations_take(void **state)
{
    static const struct {
        const jf_integrator_kind *kind;
        jf_family family;
        double tolerance, relative; /* as in flow.c */
        double factor;
    } member[] = {{&jf_erk, JF_PAIR, 1e-6, 1e-6, 1.6},
                  {&jf_erk, JF_PAIR, 1e-8, 1e-8, 1.6},
                  {&jf_rock, JF_STABILISED_4, 1e-5, 1e-5, 2.0},
                  {&jf_rkc, JF_STABILISED_2, 1e-4, 0.5e-6, 3.0}};
    static const size_t depth[] = {1, 2, 4};
    jf_feature features[FEATURES];
    size_t cases = 0;

    (void)state;
    for (size_t n = 0; n < COUNT(member) * 2 * COUNT(depth) * 2; n++) {
        const size_t k = n % COUNT(member), at = n / COUNT(member);
        make_features((jf_objective)(at % 2), depth[at / 2 % COUNT(depth)],
                      at / 6 == 0 ? 1e-1 : 1e-3, features);
        const jf_outlook o = find(features, FEATURES, 0.5, 2.0, 1);
        if (o.decay < 1000.0) {
            const double counted = count(member[k].kind, features, o.end, member[k].relative);
            const double predicted =
                jf_outlook_evaluations(&o, member[k].family, member[k].tolerance);
            assert_below(fabs(log(counted / predicted)), log(member[k].factor));
            cases++;
        }
    }
    assert_true(cases > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_last_and_end_hold_all_crossings),
        cmocka_unit_test(the_end_is_where_all_have_settled),
        cmocka_unit_test(the_work_is_the_fastest_rate_times_the_wait),
        cmocka_unit_test(a_point_without_crossings_still_ends),
        cmocka_unit_test(sample_times_ascend_evenly_in_the_logarithm),
        cmocka_unit_test(the_decay_is_that_of_what_has_been_learnt),
        cmocka_unit_test(evaluations_grow_with_accuracy_as_the_order_says),
        cmocka_unit_test(what_a_long_wait_costs),
        cmocka_unit_test(evaluations_are_those_that_the_equations_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
