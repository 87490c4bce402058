/*
 * test_descent.c - steps of one length: what each of them adds, the times they are at, the order at
 * which they converge to the solution, and what becomes of steps that are too long.
 */
#include "../support/equation.h"

#include <math.h>

#include "jepaflow/ode/descent.h"

enum { MOST_STEPS = 20000 };

typedef struct {
    jf_step_outcome outcome;
    double time;
    double path[MOST_STEPS][2]; /* the state after each step */
    int64_t steps;
    jf_ode_cost cost;
} run;

/*
 * From y at time 0 to the end; after `handed_over` steps another integrator goes on from what the
 * first one saved.
 */
static void follow(equation *e, double *y, double end, double step, int64_t handed_over, run *r)
{
    const jf_ode ode = {
        .size = 2, .rate = equation_rate, .context = e, .step = step, .end = end, .state = y};
    jf_integrator *s = NULL;
    const double *rate = y;

    *r = (run){.outcome = JF_STEP_TAKEN};
    assert_ok(jf_descent.create(&ode, &s));
    while (r->time < end && r->outcome == JF_STEP_TAKEN) {
        assert_true(r->steps < MOST_STEPS);
        if (r->steps == handed_over) {
            jf_wire wire = {0};
            jf_descent.save(s, &wire);
            jf_descent.destroy(&s);
            assert_ok(jf_descent.create(&ode, &s));
            jf_wire_reader half = {.data = wire.data, .size = wire.size / 2};
            assert_int_equal(jf_descent.load(s, &half), JF_ERR_NETWORK);
            jf_wire_reader reader = {.data = wire.data, .size = wire.size};
            assert_ok(jf_descent.load(s, &reader));
            assert_ok(jf_wire_finish(&reader));
            jf_wire_clear(&wire);
        }
        r->outcome = jf_descent.step(s, &r->time, &rate);
        if (r->outcome == JF_STEP_TAKEN) {
            assert_null(rate);
            r->path[r->steps][0] = y[0];
            r->path[r->steps++][1] = y[1];
        }
    }
    r->cost = jf_descent.cost(s);
    jf_descent.destroy(&s);
    assert_null(s);
}

static run whole, pieces;

/* y' = -y: y after k steps is (1 - h)^k, at time k h. */
static void each_step_is_euler_s(void **state)
{
    equation e = {.rate = equation_sine, .stiffness = 1.0};
    double y[2] = {0.0, 1.0};

    (void)state;
    follow(&e, y, 50.0, 0.1, -1, &whole);
    assert_int_equal(whole.steps, 500);
    assert_int_equal(whole.cost.steps, 500);
    assert_int_equal(whole.cost.evaluations, e.calls);
    assert_int_equal(e.calls, 500);
    assert_true(whole.time == 50.0);
    for (int64_t k = 0; k < 500; k++) {
        assert_near(whole.path[k][1], pow(0.9, (double)(k + 1)), 1e-12);
    }
}

/* Of whatever length the last step is; one that differs by rounding is a whole one. */
static void the_end_is_hit_exactly(void **state)
{
    static const double ends[] = {0.07, 0.3, 1.0 / 3.0, 7.0};

    (void)state;
    for (size_t k = 0; k < COUNT(ends); k++) {
        equation e = {.rate = equation_sine, .stiffness = 1.0};
        double y[2] = {0.0, 1.0};
        const double count = ceil(ends[k] / 0.1 - 1e-9);
        const double rest = ends[k] - (count - 1.0) * 0.1;
        follow(&e, y, ends[k], 0.1, -1, &whole);
        assert_true(whole.time == ends[k]);
        assert_int_equal(whole.steps, (int64_t)count);
        assert_near(y[1], pow(0.9, count - 1.0) * (1.0 - rest), 1e-12);
    }
}

/* Half the step, half the error. */
static void the_order_of_convergence_is_one(void **state)
{
    double last = 0.0;

    (void)state;
    for (int k = 4; k <= 10; k++) {
        equation e = {.rate = equation_sine, .stiffness = 1.0};
        double y[2] = {0.0, 1.0};
        follow(&e, y, 2.0, ldexp(1.0, -k), -1, &whole);
        const double error = fabs(y[0] - sin(2.0));
        if (k > 4) {
            assert_within(log2(last / error), 1.0, 0.1);
        }
        last = error;
    }
}

/* Stable up to 2 / stiffness, and beyond that the numbers run away until they are none. */
static void a_step_that_is_too_long_diverges(void **state)
{
    equation calm = {.rate = equation_sine, .stiffness = 100.0}, wild = calm;
    double y[2] = {0.0, 1.0}, z[2] = {0.0, 1.0};

    (void)state;
    follow(&calm, y, 50.0, 0.0195, -1, &whole);
    assert_int_equal(whole.outcome, JF_STEP_TAKEN);
    assert_within(y[0], sin(50.0), 1e-3);
    follow(&wild, z, 50.0, 0.021, -1, &whole);
    assert_within(z[0], 0.0, 1e300); /* still a number */
    wild.rate = equation_blow_up;
    z[0] = 100.0;
    follow(&wild, z, 50.0, 0.1, -1, &whole);
    assert_int_equal(whole.outcome, JF_STEP_DIVERGED);
    assert_true(isfinite(whole.time) && isfinite(z[0]));
}

/* Put somewhere else, it goes on from there. */
static void it_can_be_put_elsewhere(void **state)
{
    equation e = {.rate = equation_sine, .stiffness = 1.0};
    double y[2] = {0.0, 1.0}, time = 0.0;
    const jf_ode ode = {
        .size = 2, .rate = equation_rate, .context = &e, .step = 0.25, .end = 3.0, .state = y};
    jf_integrator *s = NULL;
    const double *rate;

    (void)state;
    assert_ok(jf_descent.create(&ode, &s));
    assert_int_equal(jf_descent.step(s, &time, &rate), JF_STEP_TAKEN);
    assert_true(time == 0.25);
    y[1] = 1.0;
    jf_descent.restart(s, 2.1, 1.0);
    static const double expected[] = {2.35, 2.6, 2.85, 3.0};
    for (size_t k = 0; k < COUNT(expected); k++) {
        assert_int_equal(jf_descent.step(s, &time, &rate), JF_STEP_TAKEN);
        assert_near(time, expected[k], 1e-14);
    }
    assert_true(time == 3.0);
    assert_near(y[1], pow(0.75, 3.0) * 0.85, 1e-12);
    jf_descent.destroy(&s);
}

/* As if nothing had happened, bit for bit. */
static void it_goes_on_from_what_was_saved(void **state)
{
    (void)state;
    for (int64_t at = 0; at < 40; at += 13) {
        equation e = {.rate = equation_sine, .stiffness = 3.0}, f = e;
        double y[2] = {0.3, 1.0}, z[2] = {0.3, 1.0};
        follow(&e, y, 4.0, 0.1, -1, &whole);
        follow(&f, z, 4.0, 0.1, at, &pieces);
        assert_int_equal(pieces.steps, whole.steps);
        assert_memory_equal(pieces.path, whole.path, sizeof whole.path);
        assert_memory_equal(&pieces.cost, &whole.cost, sizeof whole.cost);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_euler_s),
        cmocka_unit_test(the_end_is_hit_exactly),
        cmocka_unit_test(the_order_of_convergence_is_one),
        cmocka_unit_test(a_step_that_is_too_long_diverges),
        cmocka_unit_test(it_can_be_put_elsewhere),
        cmocka_unit_test(it_goes_on_from_what_was_saved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
