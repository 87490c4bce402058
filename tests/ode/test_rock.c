/*
 * test_rock.c - the stabilised integrator of order 4 against solutions in closed form, its order
 * and what stiffness costs it against theory, and right-hand sides that it cannot follow.
 */
#include "../support/equation.h"

#include <math.h>

#include "jepaflow/ode/rkc.h"
#include "jepaflow/ode/rock.h"

static double sine_error(double stiffness, double tolerance, equation_run *r)
{
    return equation_sine_error(&jf_rock, stiffness, tolerance, r);
}

/* The error falls in proportion to the tolerance, and stays near it. */
static void the_error_falls_with_the_tolerance(void **state)
{
    double last = INFINITY;

    (void)state;
    for (int k = 3; k <= 10; k++) {
        equation_run r;
        const double tolerance = pow(10.0, -k);
        const double error = sine_error(1.0, tolerance, &r);
        assert_below(error, 3.0 * tolerance);
        assert_below(error, 0.5 * last);
        last = error;
    }
}

/* Order 4: the error falls with the fourth power of the number of steps. */
static void the_order_of_convergence_is_four(void **state)
{
    equation_run few, many;

    (void)state;
    const double coarse = sine_error(1.0, 1e-6, &few);
    const double fine = sine_error(1.0, 1e-10, &many);
    assert_within(log(coarse / fine) / log((double)many.steps / (double)few.steps), 4.0, 0.4);
}

/*
 * (e^x, v + x^2, t) of the rotation x' = v, v' = -x, beside e^{-t}, pulled to with the rate
 * `stiffness`: no derivative of it vanishes, and the last number pulls at the first.
 */
static void bent_rotation(double t, const double *y, double *rate, double stiffness)
{
    const double x = log(y[0]), v = y[1] - x * x, off = y[2] - exp(-t);

    rate[0] = y[0] * v + off;
    rate[1] = -x + 2.0 * x * v;
    rate[2] = -stiffness * off * (1.0 + 0.1 * y[1]) - exp(-t);
}

static double bent_error(const jf_integrator_kind *kind, double stiffness, double tolerance,
                         equation_run *r)
{
    equation e = {.rate = bent_rotation, .stiffness = stiffness};
    double y[3] = {1.0, 1.0, 1.0};
    const double end = 20.0;

    *r = equation_follow(kind, &e, 3, y, end, tolerance);
    assert_int_equal(r->outcome, JF_STEP_TAKEN);
    return fmax(fabs(y[0] - exp(sin(end))), fabs(y[1] - cos(end) - sin(end) * sin(end)));
}

/*
 * The same for an equation with all elementary differentials, stiff or not: a fault in a condition
 * of any tree would show as order 3 or less.
 */
static void nonlinear_equations_are_followed_to_order_four(void **state)
{
    static const double stiffness[] = {1.0, 1e3};

    (void)state;
    for (size_t k = 0; k < COUNT(stiffness); k++) {
        equation_run few, many;
        const double coarse = bent_error(&jf_rock, stiffness[k], 1e-5, &few);
        const double fine = bent_error(&jf_rock, stiffness[k], 1e-9, &many);
        assert_below(coarse, 1e-3);
        assert_below(fine, 1e-7);
        assert_below(3.6, log(coarse / fine) / log((double)many.steps / (double)few.steps));
    }
}

/* ---- heat on a rod of `stiffness` inner points: the slowest mode decays as e^{-t} ---- */

static double decay_of(int mode, int points)
{
    const double quarter = 0.5 * acos(-1.0) / (points + 1);

    return pow(sin(mode * quarter) / sin(quarter), 2);
}

static void spread(double t, const double *y, double *rate, double stiffness)
{
    const int n = (int)stiffness;
    const double scale = 0.25 / pow(sin(0.5 * acos(-1.0) / (n + 1)), 2);

    (void)t;
    for (int i = 0; i < n; i++) {
        const double left = i > 0 ? y[i - 1] : 0.0, right = i + 1 < n ? y[i + 1] : 0.0;
        rate[i] = scale * (left - 2.0 * y[i] + right);
    }
}

/* Modes 1, 3 and the fastest of all, from 0 to t. */
static double heat(int i, int points, double t)
{
    const double x = acos(-1.0) * (i + 1) / (points + 1);

    return exp(-t * decay_of(1, points)) * sin(x) + exp(-t * decay_of(3, points)) * sin(3.0 * x) +
           exp(-t * decay_of(points, points)) * sin(points * x);
}

static double heat_error(const jf_integrator_kind *kind, int points, double tolerance,
                         equation_run *r)
{
    equation e = {.rate = spread, .stiffness = points};
    double y[EQUATION_MOST_NUMBERS], error = 0.0;
    const double end = 2.0;

    for (int i = 0; i < points; i++) {
        y[i] = heat(i, points, 0.0);
    }
    *r = equation_follow(kind, &e, (size_t)points, y, end, tolerance);
    assert_int_equal(r->outcome, JF_STEP_TAKEN);
    for (int i = 0; i < points; i++) {
        error = fmax(error, fabs(y[i] - heat(i, points, end)));
    }
    return error;
}

/*
 * A hundred times the stiffness costs little more than ten times the evaluations (more, because
 * rounding limits the stages); a classical method would need stiffness x time / 3.3 steps of six.
 */
static void stiffness_costs_its_root(void **state)
{
    equation_run mild, hard;

    (void)state;
    assert_below(heat_error(&jf_rock, 31, 1e-6, &mild), 1e-6);
    assert_below(heat_error(&jf_rock, 319, 1e-6, &hard), 1e-6);
    assert_below((double)hard.cost.evaluations / (double)mild.cost.evaluations, 16.0);
    assert_below((double)hard.cost.evaluations, 0.1 * 6.0 * decay_of(319, 319) * 2.0 / 3.3);
}

/* At errors that are small, far fewer than the method of order 2 takes. */
static void exactness_is_cheaper_than_at_order_two(void **state)
{
    equation_run four, two;

    (void)state;
    const double error = heat_error(&jf_rock, 63, 1e-7, &four);
    assert_below(error, heat_error(&jf_rkc, 63, 1e-8, &two));
    assert_below(3.0 * (double)four.cost.evaluations, (double)two.cost.evaluations);
}

/* ---- the end, and what has none ---- */

/* The end is hit, with one step or with many. */
static void the_end_is_hit_exactly(void **state)
{
    static const double ends[] = {1e-9, 0.1, 1.0 / 3.0, 7.0};

    (void)state;
    for (size_t k = 0; k < COUNT(ends); k++) {
        equation e = {.rate = equation_sine, .stiffness = 1.0};
        double y[2] = {0.0, 1.0};
        const equation_run r = equation_follow(&jf_rock, &e, 2, y, ends[k], 1e-6);
        assert_true(r.time == ends[k]);
        assert_within(y[1], exp(-ends[k]), 1e-5);
    }
}

/* Where nothing moves, one step goes to the end. */
static void rest_is_cheap(void **state)
{
    equation e = {.rate = equation_rest};
    double y[1] = {3.0};

    (void)state;
    const equation_run r = equation_follow(&jf_rock, &e, 1, y, 1e6, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_TAKEN);
    assert_within(y[0], 3.0, 1e-12);
    assert_true(r.time == 1e6);
    assert_below((double)r.steps, 20.0);
}

/*
 * At rest beside a rate so large that no step may go to the end: the longest steps that rounding
 * allows are taken, and what they leave is far below the tolerance.
 */
static void slide(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    rate[0] = -stiffness * (y[0] - y[1] * y[1]);
    rate[1] = 0.0;
}

static void long_steps_do_not_gather_rounding(void **state)
{
    static const double tolerance[] = {1e-3, 1e-6, 1e-9};

    (void)state;
    for (size_t k = 0; k < COUNT(tolerance); k++) {
        equation e = {.rate = slide, .stiffness = 1e3};
        double y[2] = {1.21, 1.1};
        const equation_run r = equation_follow(&jf_rock, &e, 2, y, 1e3, tolerance[k]);
        assert_int_equal(r.outcome, JF_STEP_TAKEN);
        assert_within(y[0], 1.21, 0.1 * tolerance[k]);
        assert_below((double)e.calls, 6.0 * 1e6 / 3.3);
    }
}

/* Right-hand sides that leave, or end, are not followed past it. */
static void what_cannot_be_followed_is_not(void **state)
{
    equation leaves = {.rate = equation_blow_up}, ends = {.rate = equation_end_at_half};
    double y[1] = {1.0}, z[1] = {1.0};

    (void)state;
    const equation_run away = equation_follow(&jf_rock, &leaves, 1, y, 2.0, 1e-6);
    assert_int_not_equal(away.outcome, JF_STEP_TAKEN);
    assert_below(away.time, 1.0 + 1e-3);
    const equation_run half = equation_follow(&jf_rock, &ends, 1, z, 2.0, 1e-6);
    assert_int_equal(half.outcome, JF_STEP_DIVERGED);
    assert_within(half.time, 0.5, 1e-3);
    assert_within(z[0], 1.0 + half.time, 1e-9);
}

/* Destroying nothing is allowed. */
static void nothing_can_be_destroyed(void **state)
{
    jf_integrator *none = NULL;

    (void)state;
    jf_rock.destroy(&none);
    assert_null(none);
    assert_string_equal(jf_rock.name, "rock");
}

/* Put somewhere else, it goes on from there. */
static void it_can_be_put_elsewhere(void **state)
{
    (void)state;
    assert_below(equation_restart_error(&jf_rock, 1e-6), 1e-4);
}

/* As if nothing had happened, bit for bit, at every step. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    assert_true(equation_difference_in_pieces(&jf_rock, 2e3, 1e-6, 1) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_order_of_convergence_is_four),
        cmocka_unit_test(nonlinear_equations_are_followed_to_order_four),
        cmocka_unit_test(stiffness_costs_its_root),
        cmocka_unit_test(exactness_is_cheaper_than_at_order_two),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(rest_is_cheap),
        cmocka_unit_test(long_steps_do_not_gather_rounding),
        cmocka_unit_test(what_cannot_be_followed_is_not),
        cmocka_unit_test(nothing_can_be_destroyed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
