/*
 * test_blas.c - products and factorisations against three loops and against what defines them.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/matrices.h"
#include "jepaflow/base/random.h"
#include "jepaflow/linalg/blas.h"

enum { MOST = 70 };

/* Three loops in long double, for all transposes, rectangular shapes, scales and beta. */
static void products_are_those_of_three_loops(void **state)
{
    static const size_t sides[][3] = {{1, 1, 1}, {2, 3, 4},    {4, 3, 2},  {1, 7, 5},
                                      {8, 8, 8}, {33, 17, 65}, {64, 70, 3}};
    static double a[MOST * MOST], b[MOST * MOST], c[MOST * MOST], old[MOST * MOST], ab[MOST * MOST];
    static const double scale[][2] = {{1.0, 0.0}, {1.0, 1.0}, {-0.5, 2.0}, {0.0, 1.0}};

    (void)state;
    for (size_t s = 0; s < 4 * COUNT(sides) * COUNT(scale); s++) {
        const size_t *side = sides[s / 4 % COUNT(sides)];
        const size_t m = side[0], n = side[1], k = side[2];
        const double alpha = scale[s / 4 / COUNT(sides)][0], beta = scale[s / 4 / COUNT(sides)][1];
        const int ta = s % 2 == 1, tb = s % 4 >= 2;

        fill_uniform(s, m * k, a);
        fill_uniform(s + 1, k * n, b);
        fill_uniform(s + 2, m * n, c);
        memcpy(old, c, m * n * sizeof *c);
        naive_multiply(ta, tb, m, n, k, a, b, ab);
        jf_blas_multiply(ta ? JF_TRANSPOSED : JF_PLAIN, tb ? JF_TRANSPOSED : JF_PLAIN, m, n, k,
                         alpha, a, b, beta, c);
        for (size_t i = 0; i < m * n; i++) {
            assert_within(c[i], alpha * ab[i] + beta * old[i], 1e-14 * (double)k);
        }
    }
}

/* Narrow products go another way than wide ones: all widths and both sides of the border. */
static void products_of_all_widths_are_those_of_three_loops(void **state)
{
    static double a[MOST * MOST], b[MOST * MOST], c[MOST * MOST], ab[MOST * MOST];

    (void)state;
    for (size_t n = 1; n <= 50; n++) {
        fill_uniform(n, n * n, a);
        fill_uniform(n + 1, n * n, b);
        for (int t = 0; t < 4; t++) {
            naive_multiply(t % 2, t / 2, n, n, n, a, b, ab);
            for (size_t i = 0; i < MOST * MOST; i++) {
                c[i] = i < n * n ? NAN : 42.0;
            }
            jf_blas_multiply(t % 2 ? JF_TRANSPOSED : JF_PLAIN, t / 2 ? JF_TRANSPOSED : JF_PLAIN, n,
                             n, n, 1.0, a, b, 0.0, c);
            for (size_t i = 0; i < MOST * MOST; i++) {
                assert_within(c[i], i < n * n ? ab[i] : 42.0, 1e-14 * (double)n);
            }
        }
    }
}

/* With beta = 0 whatever was in c before, NaN too, leaves no trace. */
static void a_product_with_beta_zero_does_not_read_its_result(void **state)
{
    const double a[4] = {1.0, 2.0, 3.0, 4.0};
    double c[4] = {NAN, INFINITY, NAN, -INFINITY};

    (void)state;
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, 2, 2, 2, 1.0, a, a, 0.0, c);
    assert_true(c[0] == 7.0 && c[1] == 10.0 && c[2] == 15.0 && c[3] == 22.0);
}

/* Q^T Q = I, and R = Q^T A is upper triangular with a positive diagonal: no other Q does both. */
static void the_orthogonal_factor_is_that_of_qr(void **state)
{
    static const size_t sides[] = {1, 2, 3, 8, 33, 70};
    static double a[MOST * MOST], q[MOST * MOST], product[MOST * MOST];

    (void)state;
    for (size_t s = 0; s < COUNT(sides); s++) {
        const size_t n = sides[s];
        fill_uniform(s + 10, n * n, a);
        memcpy(q, a, n * n * sizeof *q);
        assert_ok(jf_blas_orthogonal_factor(n, q));
        naive_multiply(1, 0, n, n, n, q, q, product);
        for (size_t i = 0; i < n * n; i++) {
            assert_within(product[i], i % (n + 1) == 0 ? 1.0 : 0.0, 1e-13);
        }
        naive_multiply(1, 0, n, n, n, q, a, product);
        for (size_t j = 0; j < n; j++) {
            assert_true(product[j + j * n] > 0.0);
            for (size_t i = j + 1; i < n; i++) {
                assert_within(product[i + j * n], 0.0, 1e-12);
            }
        }
    }
}

/* Means over the orthogonal group: E Q = 0, E Q_ij^2 = 1/n; without the signs E Q_11 is -0.6. */
static void factors_of_normal_numbers_are_uniform(void **state)
{
    enum { N = 2, DRAWS = 20000 };
    double mean[N * N] = {0}, square[N * N] = {0}, determinant = 0.0;

    (void)state;
    for (uint64_t k = 0; k < DRAWS; k++) {
        double q[N * N];
        jf_random_normal((jf_random){1, k, 1}, q, N * N);
        assert_int_equal(jf_blas_orthogonal_factor(N, q), JF_OK);
        for (size_t i = 0; i < N * N; i++) {
            mean[i] += q[i] / DRAWS;
            square[i] += q[i] * q[i] / DRAWS;
        }
        determinant += (q[0] * q[3] - q[1] * q[2]) / DRAWS;
    }
    for (size_t i = 0; i < N * N; i++) {
        assert_within(mean[i], 0.0, 5.0 * sqrt(0.5 / DRAWS));
        assert_within(square[i], 0.5, 5.0 * sqrt(0.125 / DRAWS));
    }
    assert_within(determinant, 0.0, 5.0 / sqrt(DRAWS));
}

/* Residual |A e - value e| and products e_i^T e_j. */
static void check_eigenvectors(size_t n, const double *a, const double *e, const double *values)
{
    static double ae[MOST * MOST], ee[MOST * MOST];

    naive_multiply(0, 0, n, n, n, a, e, ae);
    naive_multiply(1, 0, n, n, n, e, e, ee);
    for (size_t j = 0; j < n; j++) {
        assert_true(j == 0 || values[j - 1] <= values[j]);
        for (size_t i = 0; i < n; i++) {
            assert_within(ae[i + j * n], values[j] * e[i + j * n], 1e-12);
            assert_within(ee[i + j * n], i == j ? 1.0 : 0.0, 1e-12);
        }
    }
}

/* NaN above the diagonal: only the lower triangle may be read. */
static void spoil_upper_triangle(size_t n, double *a)
{
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < j; i++) {
            a[i + j * n] = NAN;
        }
    }
}

/* Residuals, orthogonality and order; the spectrum that the matrix was made with. */
static void symmetric_eigenproblems_are_solved(void **state)
{
    static const size_t sides[] = {1, 2, 5, 32};
    static double a[MOST * MOST], e[MOST * MOST], values[MOST];

    (void)state;
    for (size_t s = 0; s < COUNT(sides); s++) {
        const size_t n = sides[s];
        fill_symmetric(s, n, -1.0, 2.0, a);
        memcpy(e, a, n * n * sizeof *e);
        spoil_upper_triangle(n, e);
        assert_ok(jf_blas_symmetric_eigen(n, e, values));
        check_eigenvectors(n, a, e, values);
        for (size_t i = 0; i < n; i++) {
            const double part = n > 1 ? (double)i / (double)(n - 1) : 0.0;
            assert_within(values[i], -1.0 + 3.0 * part, 1e-13);
        }
    }
}

/* One thread unless a variable of the environment asks for another number. */
static void one_thread_is_used_unless_more_are_asked_for(void **state)
{
    (void)state;
    unsetenv("BLIS_NUM_THREADS");
    unsetenv("OMP_NUM_THREADS");
    jf_blas_start();
    assert_int_equal(jf_blas_threads(), 1);
}

/* What --version prints exists: BLIS's number, and files that the dynamic linker read. */
static void the_libraries_say_what_they_are(void **state)
{
    (void)state;
    assert_true(jf_blas_version()[0] >= '0' && jf_blas_version()[0] <= '9');
    assert_true(strlen(jf_blas_architecture()) > 0);
    assert_int_equal(access(jf_blas_file(), R_OK), 0);
    assert_int_equal(access(jf_blas_lapack_file(), R_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_those_of_three_loops),
        cmocka_unit_test(products_of_all_widths_are_those_of_three_loops),
        cmocka_unit_test(a_product_with_beta_zero_does_not_read_its_result),
        cmocka_unit_test(the_orthogonal_factor_is_that_of_qr),
        cmocka_unit_test(factors_of_normal_numbers_are_uniform),
        cmocka_unit_test(symmetric_eigenproblems_are_solved),
        cmocka_unit_test(one_thread_is_used_unless_more_are_asked_for),
        cmocka_unit_test(the_libraries_say_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
