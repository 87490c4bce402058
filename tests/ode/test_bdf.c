/*
 * test_bdf.c - the implicit integrator against solutions in closed form, what stiffness costs it,
 * what it asks of the derivative, and right-hand sides that it cannot follow.
 */
#include "../support/equation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/ode/bdf.h"

enum { MOST_NUMBERS = 200 };

/* A right-hand side with its derivative, how often they were asked for, and f's last arguments. */
typedef struct {
    void (*rate)(double t, const double *y, double *rate, size_t size, double stiffness);
    void (*derivative)(double t, const double *y, const double *v, double *product, size_t size,
                       double stiffness);
    double stiffness;
    size_t size;
    int64_t calls, derivatives, not_finite;
    int placed;                /* f was evaluated in this step ... */
    double t, y[MOST_NUMBERS]; /* ... here last */
} problem;

static void evaluate(double t, const double *y, double *rate, void *context)
{
    problem *p = context;

    p->calls++;
    p->rate(t, y, rate, p->size, p->stiffness);
    p->not_finite += !isfinite(rate[0]);
    p->placed = 1;
    p->t = t;
    memcpy(p->y, y, p->size * sizeof *y);
}

/* Nothing that f left behind from an earlier step or another state will do. */
static void differentiate(double t, const double *y, const double *v, double *product,
                          void *context)
{
    problem *p = context;

    p->derivatives++;
    assert_true(p->placed);
    assert_true(p->t == t);
    assert_memory_equal(p->y, y, p->size * sizeof *y);
    p->derivative(t, y, v, product, p->size, p->stiffness);
}

typedef struct {
    jf_step_outcome outcome;
    double time;
    int64_t steps;
    jf_ode_cost cost;
} run;

static run integrate_ode(jf_ode ode, problem *p)
{
    jf_integrator *integrator = NULL;
    const double *rate = NULL;
    run r = {.outcome = JF_STEP_TAKEN};

    assert_true(ode.size <= MOST_NUMBERS);
    p->size = ode.size;
    p->calls = p->derivatives = p->not_finite = 0;
    assert_ok(jf_bdf.create(&ode, &integrator));
    while (r.time < ode.end && r.outcome == JF_STEP_TAKEN && r.steps < 100000) {
        const double last = r.time;
        p->placed = 0; /* between steps others use what f works with */
        rate = ode.state;
        r.outcome = jf_bdf.step(integrator, &r.time, &rate);
        if (r.outcome == JF_STEP_TAKEN) {
            assert_true(r.time > last && r.time <= ode.end);
            assert_null(rate);
            r.steps++;
        }
    }
    r.cost = jf_bdf.cost(integrator);
    assert_int_equal(r.cost.steps, r.steps);
    assert_int_equal(r.cost.evaluations, p->calls);
    assert_int_equal(r.cost.derivatives, p->derivatives);
    jf_bdf.destroy(&integrator);
    assert_null(integrator);
    return r;
}

static run integrate(problem *p, size_t size, double *y, double end, double tolerance)
{
    return integrate_ode((jf_ode){.size = size,
                                  .rate = evaluate,
                                  .derivative = p->derivative != NULL ? differentiate : NULL,
                                  .context = p,
                                  .relative = tolerance,
                                  .absolute = tolerance,
                                  .end = end,
                                  .state = y},
                         p);
}

/* ---- the equations ---- */

/* y'' = -y. */
static void oscillate(double t, const double *y, double *rate, size_t size, double stiffness)
{
    (void)t;
    (void)size;
    (void)stiffness;
    rate[0] = y[1];
    rate[1] = -y[0];
}

static void oscillate_derivative(double t, const double *y, const double *v, double *product,
                                 size_t size, double stiffness)
{
    (void)y;
    oscillate(t, v, product, size, stiffness);
}

/* y_0 = sin t, pulled back to it by a cubic force; y_1 = e^{-t} looks on. */
static void follow_the_sine(double t, const double *y, double *rate, size_t size, double stiffness)
{
    const double off = y[0] - sin(t);

    (void)size;
    rate[0] = -stiffness * (off + off * off * off) + cos(t);
    rate[1] = -y[1];
}

static void follow_the_sine_derivative(double t, const double *y, const double *v, double *product,
                                       size_t size, double stiffness)
{
    const double off = y[0] - sin(t);

    (void)size;
    product[0] = -stiffness * (1.0 + 3.0 * off * off) * v[0];
    product[1] = -v[1];
}

static const problem sine = {.rate = follow_the_sine, .derivative = follow_the_sine_derivative};

/* The heat equation, y_i' = k (y_{i-1} - 2 y_i + y_{i+1}): the mode m decays at the rate below. */
static void diffuse(double t, const double *y, double *rate, size_t size, double stiffness)
{
    (void)t;
    for (size_t i = 0; i < size; i++) {
        const double left = i > 0 ? y[i - 1] : 0.0, right = i + 1 < size ? y[i + 1] : 0.0;
        rate[i] = stiffness * (left - 2.0 * y[i] + right);
    }
}

static void diffuse_derivative(double t, const double *y, const double *v, double *product,
                               size_t size, double stiffness)
{
    (void)y;
    diffuse(t, v, product, size, stiffness);
}

static double mode(size_t m, size_t i, size_t size)
{
    return sin((double)(m * (i + 1)) * acos(-1.0) / (double)(size + 1));
}

static double mode_decay(size_t m, size_t size, double stiffness)
{
    const double s = sin(0.5 * (double)m * acos(-1.0) / (double)(size + 1));

    return 4.0 * stiffness * s * s;
}

/* |y - (sin t, cos t)| at the end. */
static double oscillator_error(double tolerance, double end, run *r)
{
    problem p = {.rate = oscillate, .derivative = oscillate_derivative};
    double y[2] = {0.0, 1.0};

    *r = integrate(&p, 2, y, end, tolerance);
    assert_int_equal(r->outcome, JF_STEP_TAKEN);
    return hypot(y[0] - sin(end), y[1] - cos(end));
}

static double sine_error(double stiffness, double tolerance, run *r)
{
    problem p = sine;
    double y[2] = {0.0, 1.0};

    p.stiffness = stiffness;
    *r = integrate(&p, 2, y, 10.0, tolerance);
    assert_int_equal(r->outcome, JF_STEP_TAKEN);
    return fmax(fabs(y[0] - sin(10.0)), fabs(y[1] - exp(-10.0)));
}

/* ---- the tests ---- */

/* The error falls with the tolerance. */
static void the_error_falls_with_the_tolerance(void **state)
{
    double last = INFINITY;

    (void)state;
    for (int k = 4; k <= 10; k++) {
        run r;
        const double tolerance = pow(10.0, -k);
        const double error = oscillator_error(tolerance, 10.0, &r);
        assert_below(error, 200.0 * tolerance);
        assert_below(error, 0.6 * last);
        last = error;
    }
}

/* Orders up to 5 are used: for small errors their fall is of that power of the number of steps. */
static void the_order_of_convergence_is_five(void **state)
{
    run few, many;

    (void)state;
    const double coarse = oscillator_error(1e-7, 50.0, &few);
    const double fine = oscillator_error(1e-11, 50.0, &many);
    assert_within(log(coarse / fine) / log((double)many.steps / (double)few.steps), 5.0, 0.7);
}

/*
 * Ten thousand times the stiffness costs less, not more: what is pulled back harder is followed
 * more easily. And the error stays.
 */
static void stiffness_costs_nothing(void **state)
{
    run mild, hard;

    (void)state;
    assert_below(sine_error(1e4, 1e-6, &mild), 1e-5);
    assert_below(sine_error(1e8, 1e-6, &hard), 1e-5);
    assert_true(hard.cost.evaluations + hard.cost.derivatives <=
                mild.cost.evaluations + mild.cost.derivatives);
    assert_below((double)(mild.cost.evaluations + 2 * mild.cost.derivatives), 2000.0);
}

/* A slow decay beside all the fast ones, up to 4e6, in a state of many numbers. */
static void many_decays_are_followed_at_once(void **state)
{
    enum { SIZE = 200 };
    problem p = {.rate = diffuse, .derivative = diffuse_derivative, .stiffness = 1e6};
    const double slow = mode_decay(1, SIZE, p.stiffness), end = 2.0 / slow;
    double y[SIZE];

    (void)state;
    for (size_t i = 0; i < SIZE; i++) {
        y[i] = 0.0;
        for (size_t m = 1; m <= SIZE; m += 3) {
            y[i] += mode(m, i, SIZE) / (double)m;
        }
    }
    const run r = integrate(&p, SIZE, y, end, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_TAKEN);
    for (size_t i = 0; i < SIZE; i++) {
        double expected = 0.0;
        for (size_t m = 1; m <= SIZE; m += 3) {
            expected += mode(m, i, SIZE) / (double)m * exp(-mode_decay(m, SIZE, p.stiffness) * end);
        }
        assert_within(y[i], expected, 1e-4);
    }
    assert_below((double)r.steps, 0.05 * end * 4e6 / 3.3); /* stable steps of a classical method */
}

/* Without a derivative, differences of f: the same solution from evaluations alone. */
static void differences_stand_for_a_derivative_that_is_missing(void **state)
{
    problem exact = sine, bare = sine;
    double y[2] = {0.0, 1.0}, z[2] = {0.0, 1.0};

    (void)state;
    exact.stiffness = bare.stiffness = 1e5;
    bare.derivative = NULL;
    const run r = integrate(&exact, 2, y, 10.0, 1e-7);
    const run q = integrate(&bare, 2, z, 10.0, 1e-7);
    assert_int_equal(q.outcome, JF_STEP_TAKEN);
    assert_true(r.cost.derivatives > 0);
    assert_int_equal(q.cost.derivatives, 0);
    assert_true(q.cost.evaluations > r.cost.evaluations);
    assert_within(y[0], sin(10.0), 1e-6);
    assert_within(z[0], sin(10.0), 1e-6);
}

/* The end is hit, with one step or with many. */
static void the_end_is_hit_exactly(void **state)
{
    static const double ends[] = {1e-9, 0.1, 1.0 / 3.0, 7.0};

    (void)state;
    for (size_t k = 0; k < COUNT(ends); k++) {
        problem p = sine;
        double y[2] = {0.0, 1.0};
        p.stiffness = 100.0;
        const run r = integrate(&p, 2, y, ends[k], 1e-8);
        assert_int_equal(r.outcome, JF_STEP_TAKEN);
        assert_true(r.time == ends[k]);
        assert_within(y[0], sin(ends[k]), 1e-6);
        assert_within(y[1], exp(-ends[k]), 1e-6);
    }
}

/* One of four ranks that hold the same numbers. */
static double reduce_four(jf_reduction how, double part, void *context)
{
    (void)context;
    return how == JF_SUM ? 4.0 * part : part;
}

/*
 * Four ranks with equal parts: sums are four times, norms twice those of a part alone, which at
 * half the tolerance must do the very same, to the bit.
 */
static void a_state_on_four_ranks_takes_the_steps_of_the_whole(void **state)
{
    enum { SIZE = 60 };
    problem p = {.rate = diffuse, .derivative = diffuse_derivative, .stiffness = 1e3};
    double y[2][SIZE];
    run r[2];

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        const double tolerance = k == 0 ? 1e-6 : 0.5e-6;
        for (size_t i = 0; i < SIZE; i++) {
            y[k][i] = mode(1, i, SIZE) + 0.3 * mode(20, i, SIZE);
        }
        r[k] = integrate_ode((jf_ode){.size = SIZE,
                                      .rate = evaluate,
                                      .derivative = differentiate,
                                      .reduce = k == 0 ? reduce_four : NULL,
                                      .total = 4 * SIZE,
                                      .context = &p,
                                      .relative = tolerance,
                                      .absolute = tolerance,
                                      .end = 0.1,
                                      .state = y[k]},
                             &p);
        assert_int_equal(r[k].outcome, JF_STEP_TAKEN);
    }
    assert_int_equal(r[0].steps, r[1].steps);
    assert_int_equal(r[0].cost.derivatives, r[1].cost.derivatives);
    assert_memory_equal(y[0], y[1], sizeof y[0]);
}

/* Not a number from t = 1/2 on, whatever the state. */
static void end_at_half(double t, const double *y, double *rate, size_t size, double stiffness)
{
    (void)y;
    (void)size;
    (void)stiffness;
    rate[0] = t > 0.5 ? NAN : 1.0;
}

/* Not a number from the start. */
static void never_begin(double t, const double *y, double *rate, size_t size, double stiffness)
{
    (void)t;
    (void)y;
    (void)size;
    (void)stiffness;
    rate[0] = NAN;
}

static void no_change(double t, const double *y, const double *v, double *product, size_t size,
                      double stiffness)
{
    (void)t;
    (void)y;
    (void)v;
    (void)size;
    (void)stiffness;
    product[0] = 0.0;
}

/* y = 1/(1 - t) has no value at t = 1. */
static void blow_up(double t, const double *y, double *rate, size_t size, double stiffness)
{
    (void)t;
    (void)size;
    (void)stiffness;
    rate[0] = y[0] * y[0];
}

static void blow_up_derivative(double t, const double *y, const double *v, double *product,
                               size_t size, double stiffness)
{
    (void)t;
    (void)size;
    (void)stiffness;
    product[0] = 2.0 * y[0] * v[0];
}

/* A right-hand side that ends is found to, at the right time, with the last good state left. */
static void numbers_that_end_are_divergence(void **state)
{
    problem half = {.rate = end_at_half, .derivative = no_change};
    problem never = {.rate = never_begin, .derivative = no_change};
    double y = 0.0;

    (void)state;
    const run r = integrate(&half, 1, &y, 1.0, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_DIVERGED);
    assert_true(half.not_finite > 0);
    assert_within(y, 0.5, 1e-3);
    y = 7.0;
    assert_int_equal(integrate(&never, 1, &y, 1.0, 1e-6).outcome, JF_STEP_DIVERGED);
    assert_true(y == 7.0);
}

/* A solution that leaves in finite time is never followed past it. */
static void a_solution_that_leaves_is_not_followed(void **state)
{
    problem p = {.rate = blow_up, .derivative = blow_up_derivative};
    double y = 1.0;

    (void)state;
    const run r = integrate(&p, 1, &y, 2.0, 1e-6);
    assert_int_not_equal(r.outcome, JF_STEP_TAKEN);
    assert_within(r.time, 1.0, 1e-3);
}

/* tanh t, which comes to rest below 1; right above, the right-hand side does not exist. */
static void rise_to_a_border(double t, const double *y, double *rate, size_t size, double border)
{
    (void)t;
    (void)size;
    rate[0] = y[0] > 1.0 + border ? NAN : 1.0 - y[0] * y[0];
}

static void rise_to_a_border_derivative(double t, const double *y, const double *v, double *product,
                                        size_t size, double border)
{
    (void)t;
    (void)size;
    (void)border;
    product[0] = -2.0 * y[0] * v[0];
}

/* Iterates beyond the border where f ends shorten the step, and the exact solution comes out. */
static void a_step_too_long_for_the_right_hand_side_is_shortened(void **state)
{
    int64_t not_finite = 0;

    (void)state;
    for (int k = 3; k <= 6; k++) {
        const double tolerance = pow(10.0, -k);
        problem p = {.rate = rise_to_a_border,
                     .derivative = rise_to_a_border_derivative,
                     .stiffness = tolerance};
        double y = 0.0;
        const run r = integrate(&p, 1, &y, 5.0, tolerance);
        assert_int_equal(r.outcome, JF_STEP_TAKEN);
        assert_true(r.time == 5.0);
        assert_within(y, tanh(5.0), 10.0 * tolerance);
        not_finite += p.not_finite;
    }
    assert_true(not_finite > 0); /* it was needed */
}

/* What SUNDIALS says of failures does not reach the terminal. */
static void failures_are_returned_without_a_word(void **state)
{
    problem never = {.rate = never_begin, .derivative = no_change};
    problem up = {.rate = blow_up, .derivative = blow_up_derivative};
    double y = 1.0;
    FILE *file = tmpfile();
    const int saved = dup(STDERR_FILENO);

    (void)state;
    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    integrate(&never, 1, &y, 1.0, 1e-6);
    y = 1.0;
    integrate(&up, 1, &y, 2.0, 1e-6);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
    fclose(file);
}

/* Destroying nothing is allowed. */
static void the_odds_and_ends_are_in_order(void **state)
{
    jf_integrator *none = NULL;

    (void)state;
    jf_bdf.destroy(&none);
    assert_null(none);
    assert_string_equal(jf_bdf.name, "bdf");
}

/* Put somewhere else, it goes on from there. */
static void it_can_be_put_elsewhere(void **state)
{
    (void)state;
    assert_below(equation_restart_error(&jf_bdf, 1e-6), 1e-4);
}

/* Its history cannot be saved: each integrator begins anew, within the tolerance. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    assert_below(equation_difference_in_pieces(&jf_bdf, 2e3, 1e-5, 200), 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_order_of_convergence_is_five),
        cmocka_unit_test(stiffness_costs_nothing),
        cmocka_unit_test(many_decays_are_followed_at_once),
        cmocka_unit_test(differences_stand_for_a_derivative_that_is_missing),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(a_state_on_four_ranks_takes_the_steps_of_the_whole),
        cmocka_unit_test(numbers_that_end_are_divergence),
        cmocka_unit_test(a_solution_that_leaves_is_not_followed),
        cmocka_unit_test(a_step_too_long_for_the_right_hand_side_is_shortened),
        cmocka_unit_test(failures_are_returned_without_a_word),
        cmocka_unit_test(the_odds_and_ends_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
