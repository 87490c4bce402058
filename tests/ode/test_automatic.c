/*
 * test_automatic.c - the choice between the pair and the stabilised method: which steps where, and
 * that the choice costs little.
 */
#include "../support/equation.h"

#include <math.h>

#include "jepaflow/ode/automatic.h"
#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rock.h"

/* Who took the steps of a run, besides its evaluations. */
typedef struct {
    const jf_integrator_kind *by;
    int64_t evaluations;
    double error;
} outcome;

/* Pulled to sin t with the rate 1 at first, `stiffness` from about t = 20 on. */
static void gets_stiff(double t, const double *y, double *rate, double stiffness)
{
    const double pull = 1.0 + stiffness / (1.0 + exp(-2.0 * (t - 20.0)));

    rate[0] = -pull * (y[0] - sin(t)) + cos(t);
}

/* Pulled at the rate `stiffness` to sin t, but only until about t = 20. */
static void gets_easy(double t, const double *y, double *rate, double stiffness)
{
    const double pull = 1.0 + stiffness / (1.0 + exp(-2.0 * (20.0 - t)));
    rate[0] = -pull * (y[0] - sin(t)) + cos(t);
}

static outcome follow(const jf_integrator_kind *kind,
                      void (*f)(double, const double *, double *, double), double stiffness,
                      double tolerance, double decay)
{
    equation e = {.rate = f, .stiffness = stiffness};
    double y[1] = {0.0}, time = 0.0;
    const double *rate;
    const jf_ode ode = {.size = 1,
                        .rate = equation_rate,
                        .context = &e,
                        .relative = tolerance,
                        .absolute = tolerance,
                        .end = 40.0,
                        .decay = decay,
                        .state = y};
    jf_integrator *integrator = NULL;

    assert_ok(kind->create(&ode, &integrator));
    while (time < ode.end) {
        assert_int_equal(kind->step(integrator, &time, &rate), JF_STEP_TAKEN);
    }
    const jf_ode_cost cost = kind->cost(integrator);
    assert_int_equal(cost.evaluations, e.calls);
    const outcome o = {.by = kind->stepped_by != NULL ? kind->stepped_by(integrator) : kind,
                       .evaluations = cost.evaluations,
                       .error = fabs(y[0] - sin(40.0))};
    kind->destroy(&integrator);
    assert_null(integrator);
    return o;
}

/* The error is that of the members, in whatever order they step. */
static void the_error_falls_with_the_tolerance(void **state)
{
    (void)state;
    for (int k = 4; k <= 9; k++) {
        const double tolerance = pow(10.0, -k);
        assert_below(follow(&jf_automatic, gets_stiff, 1e3, tolerance, 0.0).error,
                     30.0 * tolerance);
        assert_below(follow(&jf_automatic, gets_easy, 1e3, tolerance, 0.0).error, 30.0 * tolerance);
    }
}

/* Both step where stiffness comes or goes, and together cost little more than the better one. */
static void the_one_that_gets_further_steps(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        void (*f)(double, const double *, double *, double) = k == 0 ? gets_stiff : gets_easy;
        const outcome pair = follow(&jf_erk, f, 1e4, 1e-7, 0.0);
        const outcome stabilised = follow(&jf_rock, f, 1e4, 1e-7, 0.0);
        const outcome both = follow(&jf_automatic, f, 1e4, 1e-7, 0.0);
        assert_null(both.by);
        assert_below(1.3 * (double)stabilised.evaluations, (double)pair.evaluations);
        assert_below((double)both.evaluations, 1.3 * (double)stabilised.evaluations);
    }
}

/* Where nothing is stiff the pair steps alone, or all but alone. */
static void the_choice_costs_little(void **state)
{
    (void)state;
    const outcome pair = follow(&jf_erk, gets_stiff, 0.0, 1e-6, 0.0);
    const outcome both = follow(&jf_automatic, gets_stiff, 0.0, 1e-6, 0.0);
    assert_below((double)both.evaluations, 1.2 * (double)pair.evaluations);
    assert_ptr_equal(follow(&jf_automatic, gets_stiff, 0.0, 1e-3, 0.0).by, &jf_erk);
}

/* Where much decay is expected the stabilised one steps alone, in the same steps as by itself. */
static void what_is_known_is_not_measured(void **state)
{
    (void)state;
    const outcome known = follow(&jf_automatic, gets_stiff, 1e4, 1e-7, 2e5);
    const outcome alone = follow(&jf_rock, gets_stiff, 1e4, 1e-7, 0.0);
    assert_ptr_equal(known.by, &jf_rock);
    assert_int_equal(known.evaluations, alone.evaluations);
}

static void it_can_be_put_elsewhere(void **state)
{
    (void)state;
    assert_below(equation_restart_error(&jf_automatic, 1e-6), 1e-4);
}

/* As if nothing had happened, bit for bit, at every step. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    assert_true(equation_difference_in_pieces(&jf_automatic, 2e3, 1e-6, 1) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_falls_with_the_tolerance),
        cmocka_unit_test(the_one_that_gets_further_steps),
        cmocka_unit_test(the_choice_costs_little),
        cmocka_unit_test(what_is_known_is_not_measured),
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
