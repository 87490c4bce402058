/*
 * test_rkc.c - the stabilised integrator against solutions in closed form, its order and what
 * stiffness costs it against theory, and right-hand sides that it cannot follow.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/ode/rkc.h"

enum { MOST_NUMBERS = 1000 };

/* A right-hand side with a rate of its own, and how often it was asked for. */
typedef struct {
    void (*rate)(double t, const double *y, double *rate, double stiffness);
    double stiffness;
    int64_t calls;
} problem;

static void evaluate(double t, const double *y, double *rate, void *context)
{
    problem *p = context;

    p->calls++;
    p->rate(t, y, rate, p->stiffness);
}

typedef struct {
    jf_step_outcome outcome;
    double time;
    int64_t steps;
    jf_ode_cost cost;
} run;

static run integrate(problem *p, size_t size, double *y, double end, double tolerance)
{
    const jf_ode ode = {.size = size,
                        .rate = evaluate,
                        .context = p,
                        .relative = tolerance,
                        .absolute = tolerance,
                        .end = end,
                        .state = y};
    jf_integrator *integrator = NULL;
    const double *rate = NULL;
    double now[MOST_NUMBERS];
    run r = {.outcome = JF_STEP_TAKEN};

    assert_ok(jf_rkc.create(&ode, &integrator));
    while (r.time < end && r.outcome == JF_STEP_TAKEN && r.steps < 2000000) {
        const double last = r.time;
        r.outcome = jf_rkc.step(integrator, &r.time, &rate);
        if (r.outcome == JF_STEP_TAKEN) {
            assert_true(r.time > last && r.time <= end);
            p->rate(r.time, y, now, p->stiffness);
            for (size_t i = 0; i < size; i++) {
                assert_within(rate[i], now[i], 1e-12 * (1.0 + fabs(now[i])));
            }
            r.steps++;
        }
    }
    r.cost = jf_rkc.cost(integrator);
    jf_rkc.destroy(&integrator);
    assert_null(integrator);
    return r;
}

/* y = sin t, pulled back to it with the rate `stiffness`, beside a bystander e^{-t}. */
static void follow_the_sine(double t, const double *y, double *rate, double stiffness)
{
    rate[0] = -stiffness * (y[0] - sin(t)) + cos(t);
    rate[1] = -y[1];
}

static double sine_error(double stiffness, double tolerance, run *r)
{
    problem p = {.rate = follow_the_sine, .stiffness = stiffness};
    double y[2] = {0.0, 1.0};

    *r = integrate(&p, 2, y, 10.0, tolerance);
    assert_int_equal(r->outcome, JF_STEP_TAKEN);
    assert_int_equal(r->cost.evaluations, p.calls);
    assert_int_equal(r->cost.steps, r->steps);
    return fmax(fabs(y[0] - sin(10.0)), fabs(y[1] - exp(-10.0)));
}

/* Local errors of order 3 are held at the tolerance: the error falls as its power 2/3. */
static void the_error_falls_with_the_tolerance(void **state)
{
    double last = INFINITY;

    (void)state;
    for (int k = 3; k <= 8; k++) {
        run r;
        const double tolerance = pow(10.0, -k);
        const double error = sine_error(1.0, tolerance, &r);
        assert_below(error, 10.0 * pow(tolerance, 2.0 / 3.0));
        assert_below(error, 0.5 * last);
        last = error;
    }
}

/* Order 2: the error falls with the square of the number of steps. */
static void the_order_of_convergence_is_two(void **state)
{
    run few, many;

    (void)state;
    const double coarse = sine_error(1.0, 1e-5, &few);
    const double fine = sine_error(1.0, 1e-9, &many);
    assert_within(log(coarse / fine) / log((double)many.steps / (double)few.steps), 2.0, 0.3);
}

/*
 * A hundred times the stiffness costs no more than about ten times the evaluations, where a
 * classical method would need stiffness x time / 3.3 steps of six.
 */
static void stiffness_costs_its_root(void **state)
{
    run mild, hard;

    (void)state;
    assert_below(sine_error(1e4, 1e-4, &mild), 1e-3);
    assert_below(sine_error(1e6, 1e-4, &hard), 1e-3);
    assert_below((double)hard.cost.evaluations / (double)mild.cost.evaluations, 14.0);
    assert_below((double)hard.cost.evaluations, 0.01 * 6.0 * 1e6 * 10.0 / 3.3);
}

/* The end is hit, with one step or with many. */
static void the_end_is_hit_exactly(void **state)
{
    static const double ends[] = {1e-9, 0.1, 1.0 / 3.0, 7.0};

    (void)state;
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        problem p = {.rate = follow_the_sine, .stiffness = 1.0};
        double y[2] = {0.0, 1.0};
        const run r = integrate(&p, 2, y, ends[k], 1e-6);
        assert_true(r.time == ends[k]);
        assert_within(y[1], exp(-ends[k]), 1e-4);
    }
}

/* Where nothing moves, one step goes to the end. */
static void stand_still(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)y;
    rate[0] = 0.0 * stiffness;
}

static void rest_is_cheap(void **state)
{
    problem p = {.rate = stand_still};
    double y[1] = {3.0};

    (void)state;
    const run r = integrate(&p, 1, y, 1e6, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_TAKEN);
    assert_within(y[0], 3.0, 1e-12);
    assert_true(r.time == 1e6);
    assert_below((double)r.steps, 20.0);
}

/* y' = y^2 leaves for infinity at t = 1: the integrator says so, and does not go past it. */
static void blow_up(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)stiffness;
    rate[0] = y[0] * y[0];
}

static void end_at_half(double t, const double *y, double *rate, double stiffness)
{
    (void)stiffness;
    rate[0] = t > 0.5 ? NAN : y[0];
}

static void what_cannot_be_followed_is_not(void **state)
{
    problem leaves = {.rate = blow_up}, ends = {.rate = end_at_half};
    double y[1] = {1.0}, z[1] = {1.0};

    (void)state;
    const run away = integrate(&leaves, 1, y, 2.0, 1e-6);
    assert_int_not_equal(away.outcome, JF_STEP_TAKEN);
    assert_below(away.time, 1.0 + 1e-3);
    const run half = integrate(&ends, 1, z, 2.0, 1e-6);
    assert_int_equal(half.outcome, JF_STEP_DIVERGED);
    assert_within(half.time, 0.5, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_order_of_convergence_is_two),
        cmocka_unit_test(stiffness_costs_its_root),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(rest_is_cheap),
        cmocka_unit_test(what_cannot_be_followed_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
