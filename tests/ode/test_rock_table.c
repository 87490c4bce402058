/*
 * test_rock_table.c - each method of the table: its stability polynomial on the whole of its
 * interval, its order and that of its error estimate for an equation that has all derivatives.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/ode/rock_table.h"

enum { N = 2 };

typedef void (*slope_of)(const double *y, double lambda, double *slope);

/* One step of length h, as the header says it; the error estimate too. */
static void take_step(const jf_rock_method *m, slope_of f, double lambda, double h, const double *y,
                      double *end, double *error)
{
    const int first = m->stages - 4;
    double before[N], g[N], k[4][N], u[N];

    memcpy(before, y, sizeof before);
    memcpy(g, y, sizeof g);
    for (int j = 0; j < first; j++) {
        const double mu = m->recurrence[j][0], nu = m->recurrence[j][1];
        f(g, lambda, k[0]);
        for (int i = 0; i < N; i++) {
            const double next = h * mu * k[0][i] + nu * g[i] + (1.0 - nu) * before[i];
            before[i] = g[i];
            g[i] = next;
        }
    }
    memcpy(end, g, N * sizeof *end);
    for (int i = 0; i < N; i++) {
        error[i] = m->error[0] * (g[i] - y[i]);
    }
    const double *a = m->inner;
    for (int s = 0; s < 4; s++) {
        memcpy(u, g, sizeof u);
        for (int r = 0; r < s; r++, a++) {
            for (int i = 0; i < N; i++) {
                u[i] += h * *a * k[r][i];
            }
        }
        f(u, lambda, k[s]);
        for (int i = 0; i < N; i++) {
            end[i] += h * m->outer[s] * k[s][i];
            error[i] += h * m->error[s + 1] * k[s][i];
        }
    }
}

static void linear(const double *y, double lambda, double *slope)
{
    slope[0] = lambda * y[0];
    slope[1] = 0.0;
}

/* R(z), and the error's polynomial. */
static double stability(const jf_rock_method *m, double z, double *error)
{
    const double y[N] = {1.0, 1.0};
    double end[N], estimate[N];

    take_step(m, linear, z, 1.0, y, end, estimate);
    *error = estimate[0];
    return end[0];
}

/* In the order of their stages, with an interval that grows with the square of these. */
static void the_intervals_are_as_long_as_can_be(void **state)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    (void)state;
    assert_in_range(count, 20, 200);
    assert_int_equal(all[0].stages, 5);
    for (size_t k = 0; k < count; k++) {
        const double s = all[k].stages;
        assert_within(all[k].reach / (s * s), s < 10.0 ? 0.28 : 0.34, s < 10.0 ? 0.041 : 0.0165);
        if (k > 0) {
            assert_true(all[k].stages > all[k - 1].stages);
            assert_below(s, fmax(1.08 * all[k - 1].stages, all[k - 1].stages + 1.5));
            assert_true(all[k].recurrence == all[k - 1].recurrence + all[k - 1].stages - 4);
            assert_true(all[k].gain > all[k - 1].gain);
        }
    }
}

/* |R| < 1, and where the solution is as good as gone, <= 0.96; the error's never much above 1. */
static void each_method_is_stable_on_its_interval(void **state)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    (void)state;
    for (size_t k = 0; k < count; k++) {
        const int points = 40 * all[k].stages; /* dense where the polynomial turns most often */
        for (int i = 1; i <= points; i++) {
            const double z = -all[k].reach * (0.5 - 0.5 * cos(acos(-1.0) * i / points));
            double error;
            const double r = stability(&all[k], z, &error);
            assert_below(fabs(r), z < -1.0 ? 0.96 : 1.0);
            assert_below(fabs(error), 1.01);
        }
    }
}

/* R = exp to order 4: what is left, divided by z^5, is as small near 0 as further away. */
static void each_polynomial_is_the_exponential_to_order_four(void **state)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    (void)state;
    for (size_t k = 0; k < count; k++) {
        for (double z = 0.2; z > 0.02; z /= 2.0) {
            double left, right;
            const double up = stability(&all[k], z, &right) - exp(z);
            const double down = stability(&all[k], -z, &left) - exp(-z);
            assert_within(up / pow(z, 5), 0.0, 1.0 / 120.0);
            assert_within(down / pow(z, 5), 0.0, 1.0 / 120.0);
            assert_within(right, 0.111 / 24.0 * pow(z, 4), 0.3 * 0.111 / 24.0 * pow(z, 4));
            assert_within(left, 0.111 / 24.0 * pow(z, 4), 0.3 * 0.111 / 24.0 * pow(z, 4));
        }
    }
}

/*
 * (e^x, v + x^2) of the rotation x' = v, v' = -x: an equation with all its derivatives, in both
 * numbers, hence with all elementary differentials.
 */
static void bent_rotation(const double *y, double lambda, double *slope)
{
    const double x = log(y[0]), v = y[1] - x * x;

    (void)lambda;
    slope[0] = y[0] * v;
    slope[1] = -x + 2.0 * x * v;
}

static void at_time(double t, double *y)
{
    const double x = sin(t), v = cos(t);

    y[0] = exp(x);
    y[1] = v + x * x;
}

/* The largest errors of a step, and of its estimate, from eight places of the orbit. */
static void local_errors(const jf_rock_method *m, double h, double *step, double *estimate)
{
    *step = *estimate = 0.0;
    for (int k = 0; k < 8; k++) {
        double y[N], exact[N], end[N], error[N];
        at_time(k, y);
        at_time(k + h, exact);
        take_step(m, bent_rotation, 0.0, h, y, end, error);
        for (int i = 0; i < N; i++) {
            *step = fmax(*step, fabs(end[i] - exact[i]));
            *estimate = fmax(*estimate, fabs(error[i]));
        }
    }
}

/* Half the step: a 32nd of the error, a 16th of the estimate, for equations that are not linear. */
static void each_method_is_of_order_four(void **state)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    (void)state;
    for (size_t k = 0; k < count; k++) {
        double coarse, fine, coarse_estimate, fine_estimate;
        local_errors(&all[k], 0.04, &coarse, &coarse_estimate);
        local_errors(&all[k], 0.02, &fine, &fine_estimate);
        assert_within(log2(coarse / fine), 5.0, 0.2);
        assert_within(log2(coarse_estimate / fine_estimate), 4.0, 0.2);
    }
}

/* A last digit of g comes out of the finishing stages as large as the table says. */
static void rounding_grows_as_the_table_says(void **state)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    (void)state;
    for (size_t k = 0; k < count; k++) {
        const double z = -all[k].reach;
        const double *a = all[k].inner, *b = all[k].outer;
        const double k1 = z, k2 = z * (1.0 + a[0] * k1), k3 = z * (1.0 + a[1] * k1 + a[2] * k2);
        const double k4 = z * (1.0 + a[3] * k1 + a[4] * k2 + a[5] * k3);
        assert_near(1.0 + b[0] * k1 + b[1] * k2 + b[2] * k3 + b[3] * k4, all[k].gain, 0.02);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_intervals_are_as_long_as_can_be),
        cmocka_unit_test(each_method_is_stable_on_its_interval),
        cmocka_unit_test(each_polynomial_is_the_exponential_to_order_four),
        cmocka_unit_test(each_method_is_of_order_four),
        cmocka_unit_test(rounding_grows_as_the_table_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
