/*
 * test_rkc.c - the stabilised integrator against solutions in closed form, its order and what
 * stiffness costs it against theory, and right-hand sides that it cannot follow.
 */
#include "../support/equation.h"

#include <math.h>

#include "jepaflow/ode/rkc.h"

static double sine_error(double stiffness, double tolerance, equation_run *r)
{
    return equation_sine_error(&jf_rkc, stiffness, tolerance, r);
}

/* Local errors of order 3 are held at the tolerance: the error falls as its power 2/3. */
static void the_error_falls_with_the_tolerance(void **state)
{
    double last = INFINITY;

    (void)state;
    for (int k = 3; k <= 8; k++) {
        equation_run r;
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
    equation_run few, many;

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
    equation_run mild, hard;

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
        equation p = {.rate = equation_sine, .stiffness = 1.0};
        double y[2] = {0.0, 1.0};
        const equation_run r = equation_follow(&jf_rkc, &p, 2, y, ends[k], 1e-6);
        assert_true(r.time == ends[k]);
        assert_within(y[1], exp(-ends[k]), 1e-4);
    }
}

/* Where nothing moves, one step goes to the end. */
static void rest_is_cheap(void **state)
{
    equation p = {.rate = equation_rest};
    double y[1] = {3.0};

    (void)state;
    const equation_run r = equation_follow(&jf_rkc, &p, 1, y, 1e6, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_TAKEN);
    assert_within(y[0], 3.0, 1e-12);
    assert_true(r.time == 1e6);
    assert_below((double)r.steps, 20.0);
}

/* y' = y^2 leaves for infinity at t = 1: the integrator says so, and does not go past it. */
static void what_cannot_be_followed_is_not(void **state)
{
    equation leaves = {.rate = equation_blow_up}, ends = {.rate = equation_end_at_half};
    double y[1] = {1.0}, z[1] = {1.0};

    (void)state;
    const equation_run away = equation_follow(&jf_rkc, &leaves, 1, y, 2.0, 1e-6);
    assert_int_not_equal(away.outcome, JF_STEP_TAKEN);
    assert_below(away.time, 1.0 + 1e-3);
    const equation_run half = equation_follow(&jf_rkc, &ends, 1, z, 2.0, 1e-6);
    assert_int_equal(half.outcome, JF_STEP_DIVERGED);
    assert_within(half.time, 0.5, 1e-3);
}

/* Put somewhere else, it goes on from there. */
static void it_can_be_put_elsewhere(void **state)
{
    (void)state;
    assert_below(equation_restart_error(&jf_rkc, 1e-6), 1e-4);
}

/* As if nothing had happened, bit for bit, at every step. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    assert_true(equation_difference_in_pieces(&jf_rkc, 2e3, 1e-6, 1) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_order_of_convergence_is_two),
        cmocka_unit_test(stiffness_costs_its_root),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(rest_is_cheap),
        cmocka_unit_test(what_cannot_be_followed_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
