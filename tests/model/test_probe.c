/*
 * test_probe.c - R^2 of a linear probe against its formula for diagonal encoders, against ridge
 * regression solved by elimination for others, and what must leave it unchanged.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/probe.h"

enum { D = 5, SIZE = D * D };

static const double ridges[] = {1e-6, 1e-2, 1.0, 30.0};

/* s_i w_i^2 / (s_i w_i^2 + sigma^2). */
static void diagonal_encoders_have_a_formula(void **state)
{
    const double lambda[D] = {0.5, 0.9, 1.0, 0.3, 0.7}, rho[D] = {0.7, 1.0, 0.4, 1.6, 0.1};
    const double w[D] = {1e-3, 0.4, 0.9, 0.05, 0.0};
    double wbar[SIZE] = {0.0}, r2[D], mean = 0.0;
    jf_problem p;
    jf_probe probe;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &p));
    for (size_t i = 0; i < D; i++) {
        wbar[i + i * D] = w[i];
        mean += lambda[i] / rho[i] * w[i] * w[i] / D;
    }
    for (size_t k = 0; k < COUNT(ridges); k++) {
        assert_ok(jf_probe_init(&p, ridges[k], &probe));
        assert_ok(jf_probe_read(&probe, wbar, NULL, r2));
        for (size_t i = 0; i < D; i++) {
            const double power = lambda[i] / rho[i] * w[i] * w[i];
            assert_within(r2[i], power / (power + ridges[k] * mean), 1e-12);
        }
        jf_probe_clear(&probe);
    }
    jf_problem_clear(&p);
}

/* Solve a x = b for symmetric positive definite a, by elimination; a and b are overwritten. */
static void solve(double a[SIZE], double b[D])
{
    for (size_t k = 0; k < D; k++) {
        for (size_t i = k + 1; i < D; i++) {
            const double factor = a[i + k * D] / a[k + k * D];
            for (size_t j = k; j < D; j++) {
                a[i + j * D] -= factor * a[k + j * D];
            }
            b[i] -= factor * b[k];
        }
    }
    for (size_t k = D; k-- > 0;) {
        for (size_t j = k + 1; j < D; j++) {
            b[k] -= a[k + j * D] * b[j];
        }
        b[k] /= a[k + k * D];
    }
}

/* The inverse of the features' matrix gives the coordinates: rows of E^{-1}, one by one. */
static void coordinate(const jf_problem *p, size_t i, double f[D])
{
    double gram[SIZE], unit[D] = {0.0}, inverse[D];

    /* E^T f = unit_i: by E E^T g = E unit_i, f = g */
    unit[i] = 1.0;
    naive_multiply(0, 1, D, D, D, p->features, p->features, gram);
    naive_multiply(0, 0, D, 1, D, p->features, unit, inverse);
    solve(gram, inverse);
    memcpy(f, inverse, D * sizeof *f);
}

/* R^2 by the definition: regression of z_i on h with the noise in the covariance. */
static double r2_of(const jf_problem *p, double ridge, const double wbar[SIZE], size_t i)
{
    double sxx[SIZE], ws[SIZE], c[SIZE], f[D], seen[D], solved[D];
    double trace = 0.0, power = 0.0, r2 = 0.0;

    expand_variance(p, sxx);
    naive_multiply(0, 0, D, D, D, wbar, sxx, ws);
    naive_multiply(0, 1, D, D, D, ws, wbar, c);
    coordinate(p, i, f);
    naive_multiply(0, 0, D, 1, D, ws, f, seen);
    for (size_t k = 0; k < D; k++) {
        trace += c[k + k * D];
        power += f[k] * f[k] * sxx[k + k * D];
    }
    for (size_t k = 0; k < D; k++) {
        c[k + k * D] += ridge * trace / D;
    }
    memcpy(solved, seen, sizeof seen);
    solve(c, solved);
    for (size_t k = 0; k < D; k++) {
        r2 += seen[k] * solved[k] / power;
    }
    return r2;
}

/* Covariances that do not commute, any encoder. */
static void it_is_ridge_regression(void **state)
{
    double wbar[SIZE], r2[D];

    (void)state;
    for (size_t k = 0; k < COUNT(ridges); k++) {
        jf_problem p;
        jf_probe probe;
        make_general_problem(40 + k, D, 0.3, &p);
        fill_uniform(k, SIZE, wbar);
        assert_ok(jf_probe_init(&p, ridges[k], &probe));
        assert_ok(jf_probe_read(&probe, wbar, NULL, r2));
        for (size_t i = 0; i < D; i++) {
            assert_within(r2[i], r2_of(&p, ridges[k], wbar, i), 1e-9);
        }
        jf_probe_clear(&probe);
        jf_problem_clear(&p);
    }
}

/* Neither does the embedding's scale matter nor its rotation, and without noise all is read. */
static void scale_and_rotation_do_not_matter(void **state)
{
    double wbar[SIZE], q[SIZE], turned[SIZE], first[D], again[D];
    jf_problem p;
    jf_probe probe;

    (void)state;
    make_general_problem(7, D, 0.3, &p);
    fill_uniform(1, SIZE, wbar);
    fill_orthogonal(2, D, q);
    naive_multiply(0, 0, D, D, D, q, wbar, turned);
    for (size_t i = 0; i < SIZE; i++) {
        turned[i] *= 1e-7;
    }
    assert_ok(jf_probe_init(&p, 0.1, &probe));
    assert_ok(jf_probe_read(&probe, wbar, NULL, first));
    assert_ok(jf_probe_read(&probe, turned, NULL, again));
    assert_below(largest_difference(D, first, again), 1e-12);
    probe.ridge = 1e-14;
    assert_ok(jf_probe_read(&probe, wbar, NULL, first));
    for (size_t i = 0; i < D; i++) {
        assert_within(first[i], 1.0, 1e-9);
    }
    memset(wbar, 0, sizeof wbar);
    assert_refused(jf_probe_read(&probe, wbar, NULL, first), JF_ERR_NUMERICS,
                   "nothing can be read");
    jf_probe_clear(&probe);
    jf_problem_clear(&p);
}

/*
 * An embedding with noise of its own beside Wbar x: its covariance is what counts.
 */
static void what_the_regression_leaves_is_noise(void **state)
{
    const double lambda[D] = {0.5, 0.9, 1.0, 0.3, 0.7}, rho[D] = {0.7, 1.0, 0.4, 0.6, 0.1};
    double wbar[SIZE] = {0.0}, c[SIZE] = {0.0}, r2[D], trace = 0.0;
    jf_problem p;
    jf_probe probe;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &p));
    for (size_t i = 0; i < D; i++) {
        wbar[i + i * D] = 0.2 * (double)(i + 1);
        c[i + i * D] = p.variance[i] * wbar[i + i * D] * wbar[i + i * D] + 0.3;
        trace += c[i + i * D];
    }
    assert_ok(jf_probe_init(&p, 0.1, &probe));
    assert_ok(jf_probe_read(&probe, wbar, c, r2));
    for (size_t i = 0; i < D; i++) {
        const double power = p.variance[i] * wbar[i + i * D] * wbar[i + i * D];
        assert_within(r2[i], power / (power + 0.3 + 0.1 * trace / D), 1e-12);
    }
    jf_probe_clear(&probe);
    jf_problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diagonal_encoders_have_a_formula),
        cmocka_unit_test(it_is_ridge_regression),
        cmocka_unit_test(scale_and_rotation_do_not_matter),
        cmocka_unit_test(what_the_regression_leaves_is_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
