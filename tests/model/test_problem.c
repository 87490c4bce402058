/*
 * test_problem.c - covariances and their features: what defines them, what a rotation leaves
 * unchanged, and what is refused.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/problem.h"

enum { D = 5, SIZE = D * D };

static double trace_of_product(const double *a, const double *b)
{
    double c[SIZE], sum = 0.0;

    naive_multiply(0, 0, D, D, D, a, b, c);
    for (size_t i = 0; i < D; i++) {
        sum += c[i + i * D];
    }
    return sum;
}

/* Sxx a Sxx against products, by powers whose sums are 1. */
static void matrices_are_scaled_by_powers_of_the_variances(void **state)
{
    double a[SIZE], sxx[SIZE], scaled[SIZE], expected[SIZE];
    jf_problem p;

    (void)state;
    make_general_problem(9, D, 0.3, &p);
    expand_variance(&p, sxx);
    fill_uniform(1, SIZE, a);
    naive_multiply(0, 0, D, D, D, sxx, a, scaled);
    naive_multiply(0, 0, D, D, D, scaled, sxx, expected);
    jf_problem_scale(&p, 0.5, 2.0, a);
    jf_problem_scale(&p, 0.5, -1.0, a);
    assert_within(largest_difference(SIZE, a, expected), 0.0, 1e-13);
    jf_problem_clear(&p);
}

/* rho_i = lambda_i / s_i, features the basis, in the order given. */
static void shared_covariances_are_diagonal(void **state)
{
    const double lambda[] = {0.5, 1.0, 0.7}, rho[] = {0.4, 1.0, 1.6};
    jf_problem p;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(3), lambda, rho, &p));
    assert_int_equal(p.d, 3);
    assert_true(p.shared);
    for (size_t i = 0; i < 3; i++) {
        assert_true(p.lambda[i] == lambda[i]);
        assert_true(p.rho[i] == rho[i]);
        assert_near(p.variance[i] * rho[i], lambda[i], 1e-15);
        assert_true(p.syx.diagonal[i] == lambda[i]);
        for (size_t k = 0; k < 3; k++) {
            assert_true(p.features[k + i * 3] == (i == k ? 1.0 : 0.0));
        }
    }
    jf_problem_clear(&p);
    assert_null(p.variance);
}

/*
 * A joint distribution exists: [Sxx Sxy; Syx Syy] has no negative determinant; views alike where
 * rho <= 1.
 */
static void shared_covariances_belong_to_a_distribution(void **state)
{
    jf_problem p;

    (void)state;
    for (int k = 1; k <= 30; k++) {
        const double lambda = 0.3, rho = 0.1 * k;
        assert_ok(jf_problem_init_shared(whole(1), &lambda, &rho, &p));
        const double determinant = p.variance[0] * p.syy.diagonal[0] - lambda * lambda;
        assert_true(determinant >= -1e-15);
        if (rho <= 1.0) {
            assert_near(p.syy.diagonal[0], p.variance[0], 1e-14);
        } else {
            assert_within(determinant, 0.0, 1e-15);
        }
        jf_problem_clear(&p);
    }
}

/* Random covariances as general problem, kept for comparison. */
static void make_covariances(uint64_t seed, double s[3][SIZE])
{
    for (size_t i = 0; i < 3; i++) {
        fill_symmetric(seed + i, D, 0.5, 2.0, s[i]);
    }
    for (size_t i = 0; i < SIZE; i++) {
        s[1][i] += 0.1 * sin((double)i); /* Syx need not be symmetric */
    }
}

/* Traces of products do not see a rotation, and the basis is that of Sxx. */
static void rotation_into_the_basis_of_sxx_keeps_all_invariants(void **state)
{
    double s[3][SIZE];
    jf_problem p;
    double r[3][SIZE], transposed[2][SIZE];

    (void)state;
    make_covariances(3, s);
    assert_ok(jf_problem_init_general(whole(D), s[0], s[1], s[2], &p));
    assert_false(p.shared);
    expand_variance(&p, r[0]);
    expand_covariance(&p.syx, D, r[1]);
    expand_covariance(&p.syy, D, r[2]);
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++) {
            transposed[0][i + j * D] = s[1][j + i * D];
            transposed[1][i + j * D] = r[1][j + i * D];
        }
    }
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            assert_near(trace_of_product(r[i], r[j]), trace_of_product(s[i], s[j]), 1e-12);
        }
        assert_near(trace_of_product(r[i], transposed[1]), trace_of_product(s[i], transposed[0]),
                    1e-12);
    }
    jf_problem_clear(&p);
}

/* sym(Syx) e = rho Sxx e, |e| = 1, lambda = e^T Syx e = rho e^T Sxx e, rho descending. */
static void features_solve_the_generalised_eigenproblem(void **state)
{
    jf_problem p;
    double sxx[SIZE], syx[SIZE], left[D], right[D];

    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        make_general_problem(seed, D, 0.2, &p);
        expand_variance(&p, sxx);
        expand_covariance(&p.syx, D, syx);
        for (size_t j = 0; j < D; j++) {
            for (size_t i = 0; i < j; i++) {
                syx[i + j * D] = syx[j + i * D] = 0.5 * (syx[i + j * D] + syx[j + i * D]);
            }
        }
        for (size_t i = 0; i < D; i++) {
            const double *e = p.features + i * D;
            double length = 0.0, lambda = 0.0, variance = 0.0;
            naive_multiply(0, 0, D, 1, D, syx, e, left);
            naive_multiply(0, 0, D, 1, D, sxx, e, right);
            for (size_t k = 0; k < D; k++) {
                assert_within(left[k], p.rho[i] * right[k], 1e-13);
                length += e[k] * e[k];
                lambda += e[k] * left[k];
                variance += e[k] * right[k];
            }
            assert_near(length, 1.0, 1e-13);
            assert_near(p.lambda[i], lambda, 1e-13);
            assert_near(p.lambda[i], p.rho[i] * variance, 1e-12);
            assert_true(i == 0 || p.rho[i - 1] >= p.rho[i]);
        }
        jf_problem_clear(&p);
    }
}

/*
 * Shared eigenvectors hidden by a rotation come out again: same lambda, same rho, by descending
 * rho.
 */
static void a_rotated_shared_problem_gives_its_features_back(void **state)
{
    const double lambda[D] = {0.9, 0.5, 1.0, 0.7, 0.6}, rho[D] = {1.4, 1.0, 0.8, 0.6, 0.3};
    double q[SIZE], scaled[SIZE];
    double s[3][SIZE];
    jf_problem p;

    (void)state;
    fill_orthogonal(11, D, q);
    for (size_t n = 0; n < 3; n++) {
        for (size_t i = 0; i < SIZE; i++) {
            const double value = n == 1 ? lambda[i / D] : lambda[i / D] / rho[i / D];
            scaled[i] = q[i] * value;
        }
        naive_multiply(0, 1, D, D, D, scaled, q, s[n]);
    }
    assert_ok(jf_problem_init_general(whole(D), s[0], s[1], s[2], &p));
    for (size_t i = 0; i < D; i++) {
        assert_near(p.lambda[i], lambda[i], 1e-12);
        assert_near(p.rho[i], rho[i], 1e-12);
    }
    jf_problem_clear(&p);
}

/* Variances of 0 and below: refused, and what is left is empty. */
static void impossible_covariances_are_refused(void **state)
{
    double s[3][SIZE];
    jf_problem p;

    (void)state;
    make_covariances(5, s);
    memset(s[0], 0, sizeof s[0]);
    assert_refused(jf_problem_init_general(whole(D), s[0], s[1], s[2], &p), JF_ERR_NUMERICS,
                   "Sxx is not positive definite");
    fill_symmetric(5, D, -0.5, 2.0, s[0]);
    assert_refused(jf_problem_init_general(whole(D), s[0], s[1], s[2], &p), JF_ERR_NUMERICS,
                   "least eigenvalue -0.5");
    assert_int_equal(p.d, 0);
    assert_null(p.variance);
}

/* Three loops, for both forms of a covariance. */
static void a_covariance_is_applied_from_the_right(void **state)
{
    jf_problem general, shared;
    const double lambda[D] = {1.0, 2.0, 3.0, 4.0, 5.0}, rho[D] = {1.0, 1.0, 0.5, 0.5, 0.2};
    double a[SIZE], dense[SIZE], expected[SIZE], out[SIZE];

    (void)state;
    make_general_problem(9, D, 0.3, &general);
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &shared));
    const jf_covariance *const all[] = {&general.syx, &general.syy, &shared.syx, &shared.syy};
    fill_uniform(1, SIZE, a);
    for (size_t i = 0; i < COUNT(all); i++) {
        expand_covariance(all[i], D, dense);
        naive_multiply(0, 0, D, D, D, a, dense, expected);
        jf_covariance_apply(all[i], whole(D), a, out);
        assert_within(largest_difference(SIZE, out, expected), 0.0, 1e-13);
        jf_covariance_expand(all[i], whole(D), out);
        assert_memory_equal(out, dense, sizeof dense);
    }
    jf_problem_clear(&general);
    jf_problem_clear(&shared);
}

/* a E by three loops; where the features are the basis, `a` itself. */
static void a_matrix_is_seen_on_the_features(void **state)
{
    jf_problem general, shared;
    const double ones[D] = {1.0, 1.0, 1.0, 1.0, 1.0};
    double a[SIZE], work[SIZE], expected[SIZE];

    (void)state;
    make_general_problem(9, D, 0.3, &general);
    assert_ok(jf_problem_init_shared(whole(D), ones, ones, &shared));
    fill_uniform(1, SIZE, a);
    naive_multiply(0, 0, D, D, D, a, general.features, expected);
    assert_within(largest_difference(SIZE, jf_problem_on_features(&general, a, work), expected),
                  0.0, 1e-14);
    assert_ptr_equal(jf_problem_on_features(&shared, a, work), a);
    jf_problem_clear(&general);
    jf_problem_clear(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_covariances_are_diagonal),
        cmocka_unit_test(shared_covariances_belong_to_a_distribution),
        cmocka_unit_test(rotation_into_the_basis_of_sxx_keeps_all_invariants),
        cmocka_unit_test(features_solve_the_generalised_eigenproblem),
        cmocka_unit_test(a_rotated_shared_problem_gives_its_features_back),
        cmocka_unit_test(impossible_covariances_are_refused),
        cmocka_unit_test(a_covariance_is_applied_from_the_right),
        cmocka_unit_test(matrices_are_scaled_by_powers_of_the_variances),
        cmocka_unit_test(a_matrix_is_seen_on_the_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
