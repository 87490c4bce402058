/*
 * test_radius.c - the spectral radius of equations whose eigenvalues are known, what its estimate
 * takes, and the first step.
 */
#include "../support/equation.h"

#include <math.h>
#include <string.h>

#include "jepaflow/ode/radius.h"

enum { N = 40 };

typedef struct {
    equation equation;
    jf_ode ode;
    double state[N], rate[N], work[2][N], direction[N];
    int64_t evaluations;
    jf_radius radius;
    jf_radius_place place;
} fixture;

/* y_i' = -stiffness (i + 1) / N y_i: eigenvalues from stiffness / N to stiffness. */
static void decay(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    for (int i = 0; i < N; i++) {
        rate[i] = -stiffness * (i + 1) / N * y[i];
    }
}

/* Rotations with angular velocities up to the stiffness: imaginary eigenvalues. */
static void rotate(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    for (int i = 0; i < N; i += 2) {
        const double omega = i + 2 == N ? stiffness : 0.5 * stiffness * i / N;
        rate[i] = omega * y[i + 1];
        rate[i + 1] = -omega * y[i];
    }
}

static void nowhere_finite(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    (void)y;
    for (int i = 0; i < N; i++) {
        rate[i] = stiffness / 0.0;
    }
}

static void begin(fixture *f, void (*rate)(double, const double *, double *, double),
                  double stiffness)
{
    memset(f, 0, sizeof *f);
    f->equation = (equation){.rate = rate, .stiffness = stiffness};
    f->ode = (jf_ode){.size = N,
                      .rate = equation_rate,
                      .context = &f->equation,
                      .relative = 1e-6,
                      .absolute = 1e-6,
                      .end = 1e9,
                      .state = f->state};
    for (int i = 0; i < N; i++) {
        f->state[i] = 1.0 + 0.5 * sin(i);
    }
    f->radius.direction = f->direction;
    f->place = (jf_radius_place){.ode = &f->ode,
                                 .state = f->state,
                                 .rate = f->rate,
                                 .work = {f->work[0], f->work[1]},
                                 .evaluations = &f->evaluations};
    equation_rate(0.0, f->state, f->rate, &f->equation);
    f->equation.calls = 0;
}

/* Not below, and with its margin not far above; every evaluation is counted. */
static void the_largest_eigenvalue_is_found(void **state)
{
    static const double stiffness[] = {1e-8, 1.0, 1e6};
    fixture f;

    (void)state;
    for (size_t k = 0; k < COUNT(stiffness); k++) {
        begin(&f, decay, stiffness[k]);
        assert_true(jf_radius_estimate(&f.radius, &f.place));
        assert_in_range((uintmax_t)(1000.0 * f.radius.value / stiffness[k]), 1000, 1110);
        assert_int_equal(f.evaluations, f.equation.calls);
        begin(&f, rotate, stiffness[k]);
        assert_true(jf_radius_estimate(&f.radius, &f.place));
        assert_in_range((uintmax_t)(1000.0 * f.radius.value / stiffness[k]), 1000, 1110);
    }
}

/* The second time it begins with the direction found, and is done in a few. */
static void an_estimate_again_is_cheap(void **state)
{
    fixture f;

    (void)state;
    begin(&f, rotate, 3.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    f.evaluations = 0;
    f.equation.stiffness = 4.0;
    equation_rate(0.0, f.state, f.rate, &f.equation);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    assert_in_range((uintmax_t)(1000.0 * f.radius.value / 4.0), 1000, 1110);
    assert_in_range(f.evaluations, 1, 4);
}

/* After so many steps or evaluations, or after a failure if any was taken since the last. */
static void it_is_due_when_it_is_old(void **state)
{
    fixture f;
    int steps = 0;

    (void)state;
    begin(&f, decay, 1.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    jf_radius_failure(&f.radius);
    assert_false(f.radius.due);
    while (!f.radius.due && steps < 1000) {
        jf_radius_step(&f.radius, f.evaluations);
        steps++;
    }
    assert_in_range(steps, 5, 100);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    jf_radius_step(&f.radius, f.evaluations + 10);
    assert_false(f.radius.due);
    jf_radius_step(&f.radius, f.evaluations + 1000);
    assert_true(f.radius.due);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    assert_false(f.radius.due);
    jf_radius_step(&f.radius, f.evaluations);
    jf_radius_failure(&f.radius);
    assert_true(f.radius.due);
}

/*
 * A component that is at rest, exactly, does not count, however fast it would decay: not before the
 * first estimate, and not when it comes to rest after one.
 */
static void two_rates(double t, const double *y, double *rate, double stiffness)
{
    (void)t;
    rate[0] = -stiffness * y[0];
    rate[1] = -y[1];
}

static void what_is_at_rest_does_not_count(void **state)
{
    fixture f;

    (void)state;
    begin(&f, two_rates, 1000.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    assert_in_range((uintmax_t)f.radius.value, 1000, 1200);
    f.state[0] = 0.0;
    equation_rate(0.0, f.state, f.rate, &f.equation);
    assert_true(f.rate[0] == 0.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    assert_in_range((uintmax_t)(1000.0 * f.radius.value), 1000, 1200);
}

/* What is no number is said so, and the estimate of before stays. */
static void what_is_not_finite_is_no_radius(void **state)
{
    fixture f;

    (void)state;
    begin(&f, decay, 1.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    const double before = f.radius.value;
    f.equation.rate = nowhere_finite;
    assert_false(jf_radius_estimate(&f.radius, &f.place));
    assert_true(f.radius.value == before);
}

/* Where nothing moves the step goes to the end; else h^2 |y''| is below the tolerance. */
static void the_first_step_is_cautious(void **state)
{
    fixture f;

    (void)state;
    begin(&f, decay, 0.0);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    assert_true(jf_radius_first_step(&f.radius, &f.place) == f.ode.end);
    begin(&f, decay, 1e3);
    assert_true(jf_radius_estimate(&f.radius, &f.place));
    const double h = jf_radius_first_step(&f.radius, &f.place);
    assert_true(h > 0.0);
    assert_below(h * h * 1e6, f.ode.relative);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_eigenvalue_is_found),
        cmocka_unit_test(an_estimate_again_is_cheap),
        cmocka_unit_test(it_is_due_when_it_is_old),
        cmocka_unit_test(what_is_at_rest_does_not_count),
        cmocka_unit_test(what_is_not_finite_is_no_radius),
        cmocka_unit_test(the_first_step_is_cautious),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
