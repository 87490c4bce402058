/*
 * test_erk.c - the explicit integrator against solutions in closed form, its order against theory,
 * and right-hand sides that it cannot follow.
 */
#include "../support/equation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/ode/erk.h"

/* The rotation y'' = -y. */
static void oscillate(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)stiffness;
    rate[0] = y[1];
    rate[1] = -y[0];
}

/* A time-dependent equation with the solution sin(t^2). */
static void chirp(double t, const double *y, double *rate, double stiffness)
{
    (void)y;
    (void)stiffness;
    rate[0] = 2.0 * t * cos(t * t);
}

/* |y - (sin t, cos t)| at the end. */
static double oscillator_error(double tolerance, double end, int64_t *evaluations)
{
    equation p = {.rate = oscillate};
    double y[2] = {0.0, 1.0};
    const equation_run r = equation_follow(&jf_erk, &p, 2, y, end, tolerance);

    assert_int_equal(r.outcome, JF_STEP_TAKEN);
    *evaluations = r.cost.evaluations;
    return hypot(y[0] - sin(end), y[1] - cos(end));
}

/* sin and cos: the error falls in proportion to the tolerance, and is not far above it. */
static void the_error_falls_with_the_tolerance(void **state)
{
    double last = INFINITY;

    (void)state;
    for (int k = 4; k <= 11; k++) {
        int64_t evaluations;
        const double tolerance = pow(10.0, -k);
        const double error = oscillator_error(tolerance, 10.0, &evaluations);
        assert_below(error, 100.0 * tolerance);
        assert_below(error, 0.5 * last);
        last = error;
    }
}

/*
 * Order 5: ten thousand times the accuracy costs 10^{4/5} times the evaluations, seven for each
 * first step.
 */
static void the_order_of_convergence_is_five(void **state)
{
    int64_t few, many;

    (void)state;
    const double coarse = oscillator_error(1e-6, 50.0, &few);
    const double fine = oscillator_error(1e-11, 50.0, &many);
    assert_within(log(coarse / fine) / log((double)many / (double)few), 5.0, 0.3);
}

/* The time reached is the end itself, bit for bit, though no step would fall there. */
static void the_end_is_hit_exactly(void **state)
{
    (void)state;
    for (int k = 1; k <= 20; k++) {
        equation p = {.rate = chirp};
        double y = 0.0;
        const double end = 1.0 / 3.0 * k * k / 40.0;
        const equation_run r = equation_follow(&jf_erk, &p, 1, &y, end, 1e-10);
        assert_int_equal(r.outcome, JF_STEP_TAKEN);
        assert_true(r.time == end);
        assert_within(y, sin(end * end), 1e-8);
    }
}

/* Counted by the right-hand side itself and by the loop over steps: six evaluations for a step. */
static void the_cost_is_what_was_done(void **state)
{
    equation p = {.rate = oscillate};
    double y[2] = {0.0, 1.0};

    (void)state;
    const equation_run r = equation_follow(&jf_erk, &p, 2, y, 100.0, 1e-8);
    assert_true(r.cost.steps == r.steps);
    assert_true(r.cost.evaluations == p.calls);
    assert_near((double)p.calls / (double)r.steps, 6.0, 0.05);
}

/* Errors below the absolute size are let pass: an equation of tiny numbers takes few steps. */
static void the_absolute_tolerance_bounds_the_effort(void **state)
{
    equation fine = {.rate = oscillate}, coarse = {.rate = oscillate};
    double large[2] = {0.0, 1.0}, tiny[2] = {0.0, 1e-12};

    (void)state;
    assert_int_equal(equation_follow(&jf_erk, &fine, 2, large, 20.0, 1e-8).outcome, JF_STEP_TAKEN);
    assert_int_equal(equation_follow(&jf_erk, &coarse, 2, tiny, 20.0, 1e-8).outcome, JF_STEP_TAKEN);
    assert_true(2 * coarse.calls < fine.calls);
}

/* Not a number from the start. */
static void never_begin(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)y;
    (void)stiffness;
    rate[0] = NAN;
}

/* A right-hand side that ends is found to, at the right time, with the last good state left. */
static void numbers_that_end_are_divergence(void **state)
{
    equation half = {.rate = equation_end_at_half}, never = {.rate = never_begin};
    double y = 0.0;

    (void)state;
    const equation_run r = equation_follow(&jf_erk, &half, 1, &y, 1.0, 1e-6);
    assert_int_equal(r.outcome, JF_STEP_DIVERGED);
    assert_true(half.not_finite > 0);
    assert_true(y <= 0.5 && y > 0.49);
    assert_int_equal(equation_follow(&jf_erk, &never, 1, &y, 1.0, 1e-6).outcome, JF_STEP_DIVERGED);
}

/* A solution that leaves in finite time is never followed past it. */
static void a_solution_that_leaves_is_not_followed(void **state)
{
    equation p = {.rate = equation_blow_up};
    double y = 1.0;

    (void)state;
    const equation_run r = equation_follow(&jf_erk, &p, 1, &y, 2.0, 1e-6);
    assert_int_not_equal(r.outcome, JF_STEP_TAKEN);
    assert_within(r.time, 1.0, 1e-4);
}

/* sin t, where the right-hand side exists for |y| up to a little more than 1 only. */
static void rise_below_a_border(double t, const double *y, double *rate, double stiffness)
{
    (void)stiffness;
    rate[0] = fabs(y[0]) > 1.001 ? NAN : cos(t);
}

/* cos t, approached a hundred times faster than it moves, with a border likewise. */
static void hurry_below_a_border(double t, const double *y, double *rate, double stiffness)
{
    (void)stiffness;
    rate[0] = fabs(y[0]) > 1.001 ? INFINITY : -200.0 * (y[0] - cos(t)) - sin(t);
}

/*
 * Stages beyond the border where f ends shorten the step and nothing else: the exact solution comes
 * out, at its time, and every evaluation is counted.
 */
static void a_step_too_long_for_the_right_hand_side_is_shortened(void **state)
{
    static const double tolerance[] = {1e-3, 1e-5, 1e-7};
    equation slow = {.rate = rise_below_a_border}, fast = {.rate = hurry_below_a_border};

    (void)state;
    for (size_t k = 0; k < COUNT(tolerance); k++) {
        double y = 0.0, z = 1.0;
        slow.calls = fast.calls = 0;
        const equation_run r = equation_follow(&jf_erk, &slow, 1, &y, 7.0, tolerance[k]);
        assert_int_equal(r.outcome, JF_STEP_TAKEN);
        assert_true(r.time == 7.0);
        assert_within(y, sin(7.0), tolerance[k]);
        assert_true(r.cost.evaluations == slow.calls);
        assert_true(r.cost.steps == r.steps);
        const equation_run q = equation_follow(&jf_erk, &fast, 1, &z, 7.0, tolerance[k]);
        assert_int_equal(q.outcome, JF_STEP_TAKEN);
        assert_within(z, cos(7.0), 2.0 * tolerance[k]);
        assert_true(q.cost.evaluations == fast.calls);
    }
    assert_true(slow.not_finite > 0); /* it was needed */
    assert_true(fast.not_finite > 0);
}

/* What SUNDIALS says of failures does not reach the terminal. */
static void failures_are_returned_without_a_word(void **state)
{
    equation never = {.rate = never_begin}, up = {.rate = equation_blow_up};
    double y = 1.0;
    FILE *file = tmpfile();
    const int saved = dup(STDERR_FILENO);

    (void)state;
    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    equation_follow(&jf_erk, &never, 1, &y, 1.0, 1e-6);
    equation_follow(&jf_erk, &up, 1, &y, 2.0, 1e-6);
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
    jf_erk.destroy(&none);
    assert_null(none);
    assert_string_equal(jf_erk.name, "erk");
}

/* Put somewhere else, it goes on from there. */
static void it_can_be_put_elsewhere(void **state)
{
    (void)state;
    assert_below(equation_restart_error(&jf_erk, 1e-6), 1e-4);
}

/* As if nothing had happened, bit for bit, at every step. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    assert_true(equation_difference_in_pieces(&jf_erk, 20.0, 1e-6, 1) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_order_of_convergence_is_five),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(the_cost_is_what_was_done),
        cmocka_unit_test(the_absolute_tolerance_bounds_the_effort),
        cmocka_unit_test(numbers_that_end_are_divergence),
        cmocka_unit_test(a_solution_that_leaves_is_not_followed),
        cmocka_unit_test(a_step_too_long_for_the_right_hand_side_is_shortened),
        cmocka_unit_test(failures_are_returned_without_a_word),
        cmocka_unit_test(the_odds_and_ends_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
