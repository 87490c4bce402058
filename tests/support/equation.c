#include "equation.h"

#include <math.h>
#include <string.h>

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

/* ---- in pieces ---- */

enum { PIECES_STEPS = 20000 };

/* Pulled to sin t and to its square, the harder the nearer to t = 20; bystanders decay. */
static void gets_hard(double t, const double *y, double *rate, double stiffness)
{
    const double pull = 1.0 + stiffness * exp(-0.05 * (t - 20.0) * (t - 20.0));

    rate[0] = -pull * (y[0] - sin(t)) + cos(t);
    rate[1] = -0.3 * pull * (y[1] - y[0] * y[0]);
    rate[2] = -0.1 * y[2] * y[2];
}

static void gets_hard_derivative(double t, const double *y, const double *direction,
                                 double *product, void *context)
{
    const equation *e = context;
    const double pull = 1.0 + e->stiffness * exp(-0.05 * (t - 20.0) * (t - 20.0));

    product[0] = -pull * direction[0];
    product[1] = -0.3 * pull * (direction[1] - 2.0 * y[0] * direction[0]);
    product[2] = -0.2 * y[2] * direction[2];
}

typedef struct {
    double y[PIECES_STEPS][3];
    size_t steps;
    jf_ode_cost cost;
} path;

/* One integrator takes the place of another. */
static void hand_over(const jf_integrator_kind *kind, const jf_ode *ode, jf_integrator **integrator)
{
    jf_wire wire = {0};

    kind->save(*integrator, &wire);
    assert_ok(jf_wire_check(&wire));
    kind->destroy(integrator);
    assert_ok(kind->create(ode, integrator));
    jf_wire_reader reader = {.data = wire.data, .size = wire.size};
    assert_ok(kind->load(*integrator, &reader));
    assert_ok(jf_wire_finish(&reader));
    reader = (jf_wire_reader){.data = wire.data, .size = wire.size / 2};
    jf_integrator *other = NULL;
    assert_ok(kind->create(ode, &other));
    assert_int_equal(kind->load(other, &reader), JF_ERR_NETWORK); /* half of it is refused */
    kind->destroy(&other);
    jf_wire_clear(&wire);
}

/* piece: steps of each integrator; 0: one goes all the way. */
static void follow_path(const jf_integrator_kind *kind, double stiffness, double tolerance,
                        size_t piece, path *out)
{
    equation e = {.rate = gets_hard, .stiffness = stiffness};
    double y[3] = {0.0, 0.5, 1.0}, time = 0.0;
    const jf_ode ode = {.size = 3,
                        .rate = equation_rate,
                        .derivative = gets_hard_derivative,
                        .context = &e,
                        .relative = tolerance,
                        .absolute = tolerance,
                        .end = 40.0,
                        .state = y};
    jf_integrator *integrator = NULL;
    const double *rate;

    assert_ok(kind->create(&ode, &integrator));
    for (out->steps = 0; time < ode.end; out->steps++) {
        assert_true(out->steps < PIECES_STEPS);
        if (piece > 0 && out->steps % piece == 0) {
            hand_over(kind, &ode, &integrator);
        }
        assert_int_equal(kind->step(integrator, &time, &rate), JF_STEP_TAKEN);
        memcpy(out->y[out->steps], y, sizeof y);
    }
    out->cost = kind->cost(integrator);
    kind->destroy(&integrator);
}

double equation_difference_in_pieces(const jf_integrator_kind *kind, double stiffness,
                                     double tolerance, size_t shortest)
{
    static path whole, pieces;
    double most = 0.0;

    follow_path(kind, stiffness, tolerance, 0, &whole);
    for (size_t piece = shortest; piece <= 10 * shortest; piece *= 3) {
        follow_path(kind, stiffness, tolerance, piece, &pieces);
        if (pieces.steps == whole.steps) {
            for (size_t k = 0; k < whole.steps; k++) {
                for (size_t i = 0; i < 3; i++) {
                    most = fmax(most, fabs(pieces.y[k][i] - whole.y[k][i]));
                }
            }
        } else {
            for (size_t i = 0; i < 3; i++) {
                most =
                    fmax(most, fabs(pieces.y[pieces.steps - 1][i] - whole.y[whole.steps - 1][i]));
            }
        }
        if (most == 0.0) {
            assert_int_equal(pieces.steps, whole.steps);
            assert_memory_equal(&pieces.cost, &whole.cost, sizeof whole.cost);
        }
    }
    return most;
}
