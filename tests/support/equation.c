#include "equation.h"

#include <math.h>

void equation_rate(double t, const double *y, double *rate, void *context)
{
    equation *e = context;

    e->calls++;
    e->rate(t, y, rate, e->stiffness);
    e->not_finite += !isfinite(rate[0]);
}

equation_run equation_follow(const jf_integrator_kind *kind, equation *e, size_t size, double *y,
                             double end, double tolerance)
{
    const jf_ode ode = {.size = size,
                        .rate = equation_rate,
                        .context = e,
                        .relative = tolerance,
                        .absolute = tolerance,
                        .end = end,
                        .state = y};
    jf_integrator *integrator = NULL;
    const double *rate = NULL;
    double now[EQUATION_MOST_NUMBERS];
    equation_run r = {.outcome = JF_STEP_TAKEN};

    assert_in_range(size, 1, EQUATION_MOST_NUMBERS);
    assert_ok(kind->create(&ode, &integrator));
    while (r.time < end && r.outcome == JF_STEP_TAKEN && r.steps < EQUATION_MOST_STEPS) {
        const double last = r.time;
        r.outcome = kind->step(integrator, &r.time, &rate);
        if (r.outcome == JF_STEP_TAKEN) {
            assert_true(r.time > last && r.time <= end);
            e->rate(r.time, y, now, e->stiffness);
            for (size_t i = 0; i < size; i++) {
                assert_within(rate[i], now[i], 1e-12 * (1.0 + fabs(now[i])));
            }
            r.steps++;
        }
    }
    r.cost = kind->cost(integrator);
    kind->destroy(&integrator);
    assert_null(integrator);
    return r;
}

void equation_sine(double t, const double *y, double *rate, double stiffness)
{
    rate[0] = -stiffness * (y[0] - sin(t)) + cos(t);
    rate[1] = -y[1];
}

void equation_rest(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)y;
    (void)stiffness;
    rate[0] = 0.0;
}

void equation_blow_up(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)stiffness;
    rate[0] = y[0] * y[0];
}

void equation_end_at_half(double t, const double *y, double *rate, double stiffness)
{
    (void)y;
    (void)stiffness;
    rate[0] = t > 0.5 ? NAN : 1.0;
}

double equation_sine_error(const jf_integrator_kind *kind, double stiffness, double tolerance,
                           equation_run *run)
{
    equation e = {.rate = equation_sine, .stiffness = stiffness};
    double y[2] = {0.0, 1.0};

    *run = equation_follow(kind, &e, 2, y, 10.0, tolerance);
    assert_int_equal(run->outcome, JF_STEP_TAKEN);
    assert_int_equal(run->cost.evaluations, e.calls);
    assert_int_equal(run->cost.steps, run->steps);
    return fmax(fabs(y[0] - sin(10.0)), fabs(y[1] - exp(-10.0)));
}

/* y = sin t, and no time between 1 and 2. */
static void two_stretches(double t, const double *y, double *rate, double stiffness)
{
    assert_true(t <= 1.0 + 1e-12 || t >= 2.0 - 1e-4);
    rate[0] = -stiffness * (y[0] - sin(t)) + cos(t);
}

static void two_stretches_derivative(double t, const double *state, const double *direction,
                                     double *product, void *context)
{
    const equation *e = context;

    (void)t;
    (void)state;
    product[0] = -e->stiffness * direction[0];
}

double equation_restart_error(const jf_integrator_kind *kind, double tolerance)
{
    equation e = {.rate = two_stretches, .stiffness = 3.0};
    double y[1] = {0.0};
    const jf_ode ode = {.size = 1,
                        .rate = equation_rate,
                        .derivative = two_stretches_derivative,
                        .context = &e,
                        .relative = tolerance,
                        .absolute = tolerance,
                        .end = 3.0,
                        .state = y};
    jf_integrator *integrator = NULL;
    const double *rate;
    double time = 0.0;

    assert_ok(kind->create(&ode, &integrator));
    for (int k = 0; k < 2; k++) { /* short ones at the start */
        assert_int_equal(kind->step(integrator, &time, &rate), JF_STEP_TAKEN);
    }
    assert_true(time < 1.0);
    y[0] = sin(2.0);
    const int64_t calls = e.calls;
    kind->restart(integrator, 2.0, 1e-3);
    assert_int_equal(e.calls, calls);
    time = 2.0;
    while (time < 3.0) {
        const double last = time;
        assert_int_equal(kind->step(integrator, &time, &rate), JF_STEP_TAKEN);
        assert_true(time > last);
    }
    assert_true(time == 3.0);
    kind->destroy(&integrator);
    return fabs(y[0] - sin(3.0));
}
