/*
 * test_sundials.c - what the integrators by SUNDIALS share: a version, a context, the share of the
 * tolerances, and a right-hand side that says when its numbers end.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_nvector.h>

#include "jepaflow/ode/sundials.h"
#include "jepaflow/ode/vector.h"

enum { SIZE = 9 };

static void double_it(double t, const double *y, double *rate, void *context)
{
    (void)context;
    for (size_t i = 0; i < SIZE; i++) {
        rate[i] = 2.0 * y[i] + t;
    }
}

/* As if three more ranks held as many numbers, all finite. */
static double reduce(jf_reduction how, double part, void *context)
{
    (void)context;
    return how == JF_SUM ? 4.0 * part : part;
}

/* As if another rank held a NaN. */
static double reduce_to_nan(jf_reduction how, double part, void *context)
{
    (void)how;
    (void)part;
    (void)context;
    return NAN;
}

/* It has the form of a version. */
static void the_version_is_one(void **state)
{
    int major = 0, minor = 0;

    (void)state;
    assert_int_equal(sscanf(jf_sundials_version(), "%d.%d", &major, &minor), 2);
    assert_in_range(major, 6, 9);
}

/*
 * One over the tolerance of each number, which is smaller by the root of the numbers on all ranks:
 * the weighted norm is a sum, not a mean.
 */
static void the_weights_turn_a_mean_into_a_sum(void **state)
{
    double y[SIZE] = {3.0};
    jf_ode ode = {.size = SIZE, .state = y, .relative = 0.5, .absolute = 0.25};
    SUNContext context = jf_sundials_context();

    (void)state;
    assert_non_null(context);
    for (int ranks = 1; ranks <= 4; ranks += 3) {
        ode.reduce = ranks == 4 ? reduce : NULL;
        ode.total = (size_t)ranks * SIZE;
        N_Vector v = jf_vector_wrap(&ode, context);
        N_Vector weights = N_VClone(v);
        jf_sundials_weights(&ode, v, weights);
        const double *w = N_VGetArrayPointer(weights);
        const double root = ranks == 4 ? 6.0 : 3.0; /* 9 numbers, or 36 */
        assert_near(w[0], root / (0.5 * 3.0 + 0.25), 1e-15);
        assert_near(w[1], root / 0.25, 1e-15);
        assert_near(N_VWrmsNorm(v, weights), sqrt(ranks) * 3.0 / 1.75, 1e-15);
        N_VDestroy(weights);
        N_VDestroy(v);
    }
    SUNContext_Free(&context);
}

static void vectors_that_no_machine_has_are_refused(void **state)
{
    const jf_ode few = {.size = SIZE}, many = {.size = SIZE_MAX / 100};

    (void)state;
    assert_ok(jf_sundials_has_room(&few, 16));
    assert_refused(jf_sundials_has_room(&many, 16), JF_ERR_MEMORY, "out of memory");
    assert_refused(jf_sundials_has_room(&few, SIZE_MAX / 100), JF_ERR_MEMORY, "out of memory");
}

/* Wherever in the state, here or on another rank, a number ends. */
static void numbers_that_end_are_seen(void **state)
{
    double y[SIZE] = {1.0, 2.0}, rate[SIZE];
    jf_ode ode = {.size = SIZE, .rate = double_it};

    (void)state;
    assert_int_equal(jf_sundials_evaluate(&ode, 0.5, y, rate), 0);
    assert_true(rate[1] == 4.5);
    for (size_t i = 0; i < SIZE; i++) {
        y[i] = i % 2 == 0 ? NAN : -INFINITY;
        assert_int_equal(jf_sundials_evaluate(&ode, 0.5, y, rate), 1);
        y[i] = 0.0;
    }
    ode.reduce = reduce_to_nan;
    assert_int_equal(jf_sundials_evaluate(&ode, 0.5, y, rate), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_one),
        cmocka_unit_test(the_weights_turn_a_mean_into_a_sum),
        cmocka_unit_test(vectors_that_no_machine_has_are_refused),
        cmocka_unit_test(numbers_that_end_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
