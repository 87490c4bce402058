/*
 * test_stabilised.c - what stabilised methods share, and all integrators with them: a state that is
 * spread over ranks takes the steps that it takes on one.
 */
#include "../support/equation.h"

#include <math.h>

#include "jepaflow/ode/automatic.h"
#include "jepaflow/ode/bdf.h"
#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rkc.h"
#include "jepaflow/ode/rock.h"
#include "jepaflow/ode/stabilised.h"

enum { N = 300 }; /* more than a block of numbers.c */

/* N logistic curves, each at its own rate, up to 3: too early for rounding to decide on steps. */
static double pull(size_t i)
{
    return 1.0 + 2.0 * (double)(i % N) / (N - 1);
}

typedef struct {
    size_t size;
    int64_t calls;
} curves;

static void rate(double t, const double *y, double *out, void *context)
{
    curves *c = context;

    (void)t;
    c->calls++;
    for (size_t i = 0; i < c->size; i++) {
        out[i] = pull(i) * y[i] * (1.0 - y[i]);
    }
}

static void derivative(double t, const double *y, const double *direction, double *out,
                       void *context)
{
    const curves *c = context;

    (void)t;
    for (size_t i = 0; i < c->size; i++) {
        out[i] = pull(i) * (1.0 - 2.0 * y[i]) * direction[i];
    }
}

/* Two ranks that hold the same numbers: sums are twice their part. */
static double as_two(jf_reduction how, double part, void *context)
{
    (void)context;
    return how == JF_SUM ? 2.0 * part : part;
}

/* The run on one rank with all numbers, twice the N, or on one of two with half of them. */
static jf_ode_cost follow(const jf_integrator_kind *kind, int spread, double *y)
{
    curves c = {.size = spread ? N : 2 * N};
    const jf_ode ode = {.size = c.size,
                        .rate = rate,
                        .derivative = derivative,
                        .reduce = spread ? as_two : NULL,
                        .total = 2 * N,
                        .context = &c,
                        .relative = 1e-5,
                        .absolute = 1e-5,
                        .end = 2.0,
                        .state = y};
    jf_integrator *integrator = NULL;
    const double *now;
    double time = 0.0;

    for (size_t i = 0; i < c.size; i++) {
        y[i] = 0.01;
    }
    assert_ok(kind->create(&ode, &integrator));
    while (time < ode.end) {
        assert_int_equal(kind->step(integrator, &time, &now), JF_STEP_TAKEN);
    }
    const jf_ode_cost cost = kind->cost(integrator);
    assert_int_equal(cost.evaluations, c.calls);
    kind->destroy(&integrator);
    return cost;
}

static void a_spread_state_takes_the_same_steps(void **state)
{
    static const jf_integrator_kind *const kinds[] = {&jf_erk, &jf_rkc, &jf_rock, &jf_bdf,
                                                      &jf_automatic};
    static double whole[2 * N], part[N];

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const jf_ode_cost one = follow(kinds[k], 0, whole), two = follow(kinds[k], 1, part);
        assert_int_equal(one.steps, two.steps);
        assert_int_equal(one.evaluations, two.evaluations);
        assert_int_equal(one.derivatives, two.derivatives);
        for (size_t i = 0; i < N; i++) {
            assert_within(part[i], whole[i], 1e-10);
            assert_within(part[i], 1.0 / (1.0 + 99.0 * exp(-2.0 * pull(i))), 1e-3);
        }
    }
}

/*
 * ---- a method made for the purpose: Euler's, whose "variants" are what they are asked to be ----
 */

static int most_of_three(const jf_ode *ode)
{
    (void)ode;
    return 3;
}

/* Variant k is good for h radius up to k. */
static int choose(const jf_integrator *s, double *h)
{
    const double wanted = ceil(*h * s->radius.value);

    if (wanted > s->most) {
        *h = s->most / s->radius.value;
        return s->most;
    }
    return (int)fmax(wanted, 1.0);
}

static int variants[4]; /* how often each was tried */

static double euler(jf_integrator *s, double h, int variant)
{
    variants[variant]++;
    assert_true(h * s->radius.value <= variant + 1e-9);
    s->end[0] = s->start[0] + h * s->rate[0];
    jf_stabilised_evaluate(s, s->time + h, s->end, s->end_rate);
    return fabs(0.5 * h * (s->end_rate[0] - s->rate[0])) / s->ode->absolute;
}

static const jf_stabilised method = {
    .power = 2.0, .growth = 2.0, .most = most_of_three, .choose = choose, .attempt = euler};

/* y = sin t, pulled back to it. */
static void pulled(double t, const double *y, double *out, double stiffness)
{
    out[0] = -stiffness * (y[0] - sin(t)) + cos(t);
}

/* Decay from 1: steps lengthen as it fades, from the first variant to the second, to the end. */
static void variants_follow_the_length_of_steps(void **state)
{
    equation e = {.rate = equation_rest};
    double y[1] = {0.0}, time = 0.0, last = 0.0, longest = 0.0;
    const jf_ode ode = {.size = 1,
                        .rate = equation_rate,
                        .context = &e,
                        .relative = 0.0,
                        .absolute = 1e-3,
                        .end = 3.0,
                        .state = y};
    jf_integrator *s = NULL;
    const double *now;

    (void)state;
    assert_ok(jf_stabilised_create(&method, &ode, &s));
    assert_int_equal(jf_stabilised_step(s, &time, &now), JF_STEP_TAKEN);
    assert_true(time == 3.0); /* nothing moves */
    jf_stabilised_destroy(&s);
    assert_null(s);

    time = 0.0;
    e.rate = pulled;
    e.stiffness = 40.0;
    y[0] = 1.0;
    assert_ok(jf_stabilised_create(&method, &ode, &s));
    while (time < ode.end) {
        assert_int_equal(jf_stabilised_step(s, &time, &now), JF_STEP_TAKEN);
        assert_true(longest == 0.0 || time - last <= 2.0 * longest * (1.0 + 1e-12));
        longest = fmax(longest, time - last);
        last = time;
    }
    assert_true(time == 3.0);
    assert_within(y[0], sin(3.0), 0.05);
    assert_true(variants[1] > 10 && variants[2] > 10);
    jf_stabilised_destroy(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spread_state_takes_the_same_steps),
        cmocka_unit_test(variants_follow_the_length_of_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
