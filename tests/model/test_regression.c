/*
 * test_regression.c - y given x: against the covariances that it was made of, of shared and of
 * other eigenvectors; covariances that no pairs have.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/matrices.h"
#include "jepaflow/model/regression.h"

enum { D = 3, SIZE = D * D };

/* y = A x + n in some basis: A, and C = N N^T of rank 2. */
static const double a[SIZE] = {0.5, 0.2, 0, -0.3, 0.7, 0.1, 0, 0.4, 0.6};
static const double n[SIZE] = {0.3, 0.1, -0.2, 0.2, 0.5, 0.4, 0, 0, 0};
static const double sxx[SIZE] = {2, 0.3, 0.1, 0.3, 1, -0.2, 0.1, -0.2, 0.5};

static double sum_of_squares(size_t count, const double *m)
{
    double sum = 0.0;

    for (size_t k = 0; k < count; k++) {
        sum += m[k] * m[k];
    }
    return sum;
}

/* In the eigenbasis of Sxx, B^T A B and B^T C B: the same singular values, the same eigenvalues. */
static void regression_and_noise_are_found_again(void **state)
{
    double syx[SIZE], c[SIZE], syy[SIZE], told[SIZE], work[SIZE];
    double found[SIZE], e[SIZE], values[D];
    jf_problem p;

    (void)state;
    naive_multiply(0, 0, D, D, D, a, sxx, syx);
    naive_multiply(0, 1, D, D, D, n, n, c);
    naive_multiply(0, 1, D, D, D, syx, a, told);
    for (size_t k = 0; k < SIZE; k++) {
        syy[k] = told[k] + c[k];
    }
    assert_ok(jf_problem_init_general(whole(D), sxx, syx, syy, &p));
    assert_ok(jf_regression_find(&p, found, e, values, work));
    assert_within(sum_of_squares(SIZE, found), sum_of_squares(SIZE, a), 1e-14);
    assert_within(found[0] + found[4] + found[8], a[0] + a[4] + a[8], 1e-14);
    assert_within(values[0], 0.0, 1e-15);
    assert_true(values[0] >= 0.0);
    assert_within(values[0] + values[1] + values[2], c[0] + c[4] + c[8], 1e-14);
    assert_within(sum_of_squares(D, values), sum_of_squares(SIZE, c), 1e-14);
    naive_multiply(1, 0, D, D, D, e, e, work);
    for (size_t k = 0; k < SIZE; k++) {
        assert_within(work[k], k % (D + 1) == 0 ? 1.0 : 0.0, 1e-14);
    }
    jf_problem_clear(&p);
}

/* A_i = rho_i, C_i = Syy_i - lambda_i rho_i. */
static void shared_eigenvectors_give_rho(void **state)
{
    static const double lambda[D] = {1, 2, 3}, rho[D] = {0.5, 0.25, 0.9};
    double found[SIZE], e[SIZE], values[D], work[SIZE];
    jf_problem p;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &p));
    assert_ok(jf_regression_find(&p, found, e, values, work));
    for (size_t k = 0; k < SIZE; k++) {
        assert_within(found[k], k % (D + 1) == 0 ? rho[k / D] : 0.0, 1e-15);
    }
    assert_within(values[0], 3 / 0.9 - 3 * 0.9, 1e-14);
    assert_within(values[1], 1 / 0.5 - 1 * 0.5, 1e-14);
    assert_within(values[2], 2 / 0.25 - 2 * 0.25, 1e-14);
    jf_problem_clear(&p);
}

static void what_no_pairs_have_is_refused(void **state)
{
    static const double one[SIZE] = {[0] = 1, [4] = 1, [8] = 1};
    static const double less[SIZE] = {[0] = 1, [4] = 0.9, [8] = 1};
    double found[SIZE], e[SIZE], values[D], work[SIZE];
    jf_problem p;

    (void)state;
    assert_ok(jf_problem_init_general(whole(D), one, one, less, &p));
    assert_refused(jf_regression_find(&p, found, e, values, work), JF_ERR_NUMERICS,
                   "no pairs have these covariances: y would have a variance of -0.1");
    jf_problem_clear(&p);
    assert_ok(jf_regression_check(-1e-10, 1.0));
    assert_refused(jf_regression_check(-1e-8, 1.0), JF_ERR_NUMERICS, "no pairs have");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regression_and_noise_are_found_again),
        cmocka_unit_test(shared_eigenvectors_give_rho),
        cmocka_unit_test(what_no_pairs_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
