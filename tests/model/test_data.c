/*
 * test_data.c - the covariances of a point: its departures against the formulas they are defined
 * by, and the assumption itself.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/data.h"

enum { D = 5, SIZE = D * D };

static const double lambda[D] = {0.9, 0.5, 1.0, 0.7, 0.6}, rho[D] = {1.4, 1.0, 0.8, 0.6, 0.3};

static jf_data make(double angle, double asymmetry)
{
    return (jf_data){.lambda = lambda,
                     .rho = rho,
                     .angle = angle,
                     .asymmetry = asymmetry,
                     .pairs = INFINITY,
                     .seed = 1,
                     .key = 2};
}

/* Q as the product of its rotations, one after another. */
static void multiply_rotations(double angle, double *q)
{
    double g[SIZE], product[SIZE];

    memset(q, 0, SIZE * sizeof *q);
    for (size_t i = 0; i < D; i++) {
        q[i * (D + 1)] = 1.0;
    }
    for (size_t i = 0; i + 1 < D; i++) {
        memset(g, 0, sizeof g);
        for (size_t k = 0; k < D; k++) {
            g[k * (D + 1)] = k == i || k == i + 1 ? cos(angle) : 1.0;
        }
        g[i + 1 + i * D] = sin(angle);
        g[i + (i + 1) * D] = -sin(angle);
        naive_multiply(0, 0, D, D, D, q, g, product);
        memcpy(q, product, sizeof product);
    }
}

/* Q (diag(lambda) + asymmetry J) Q^T. */
static void expected_syx(double angle, double asymmetry, double *out)
{
    double q[SIZE], core[SIZE] = {0}, work[SIZE];

    multiply_rotations(angle, q);
    for (size_t i = 0; i < D; i++) {
        core[i * (D + 1)] = lambda[i];
        if (i + 1 < D) {
            core[i + (i + 1) * D] = asymmetry * sqrt(lambda[i] * lambda[i + 1]);
            core[i + 1 + i * D] = -core[i + (i + 1) * D];
        }
    }
    naive_multiply(0, 0, D, D, D, q, core, work);
    naive_multiply(0, 1, D, D, D, work, q, out);
}

/* Sxx stays as it is; Syx is turned and lopsided as the header says. */
static void syx_is_turned_against_sxx(void **state)
{
    double expected[SIZE];

    (void)state;
    for (int n = 1; n < 9; n++) {
        const double angle = 0.5 * (n / 3), asymmetry = 0.4 * (n % 3);
        const jf_data data = make(angle, asymmetry);
        jf_problem p;
        assert_true(!jf_data_is_shared(&data));
        assert_ok(jf_data_problem(&data, whole(D), &p));
        for (size_t i = 0; i < D; i++) {
            assert_true(p.variance[i] == lambda[i] / rho[i]);
        }
        expected_syx(angle, asymmetry, expected);
        assert_within(largest_difference(SIZE, p.syx.dense, expected), 0.0, 1e-14);
        jf_problem_clear(&p);
    }
}

/* Syy - Syx Sxx^-1 Syx^T, the noise of y, is that of the assumption. */
static void y_keeps_its_noise(void **state)
{
    const jf_data straight = make(0.0, 0.0), turned = make(0.3, 0.2);
    double told[SIZE], scaled[SIZE];
    jf_problem a, b;

    (void)state;
    assert_ok(jf_data_problem(&straight, whole(D), &a));
    assert_ok(jf_data_problem(&turned, whole(D), &b));
    for (size_t i = 0; i < SIZE; i++) {
        scaled[i] = b.syx.dense[i] / b.variance[i / D];
    }
    naive_multiply(0, 1, D, D, D, scaled, b.syx.dense, told);
    for (size_t i = 0; i < SIZE; i++) {
        const size_t k = i / D;
        const double noise =
            i % D == k ? a.syy.diagonal[k] - a.syx.diagonal[k] * a.syx.diagonal[k] / a.variance[k]
                       : 0.0;
        assert_within(b.syy.dense[i] - told[i], noise, 1e-14);
    }
    jf_problem_clear(&a);
    jf_problem_clear(&b);
}

/* At 0 the problem of the theory, bit for bit; next to 0 the same features. */
static void at_zero_the_assumption_holds(void **state)
{
    const jf_data zero = make(0.0, 0.0), near_zero = make(1e-9, 1e-9);
    jf_problem expected, p;

    (void)state;
    assert_true(jf_data_is_shared(&zero));
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &expected));
    assert_ok(jf_data_problem(&zero, whole(D), &p));
    assert_true(p.shared);
    assert_memory_equal(p.variance, expected.variance, sizeof lambda);
    assert_memory_equal(p.syx.diagonal, expected.syx.diagonal, sizeof lambda);
    assert_memory_equal(p.syy.diagonal, expected.syy.diagonal, sizeof lambda);
    jf_problem_clear(&p);
    assert_ok(jf_data_problem(&near_zero, whole(D), &p));
    for (size_t i = 0; i < D; i++) { /* rho of the list descends */
        assert_near(p.rho[i], rho[i], 1e-8);
        assert_near(p.lambda[i], lambda[i], 1e-8);
    }
    jf_problem_clear(&p);
    jf_problem_clear(&expected);
}

/* Covariances of data are taken as they are. */
static void data_bring_their_own(void **state)
{
    double s[3][SIZE];
    jf_moments moments;
    jf_problem expected, p;

    (void)state;
    make_general_covariances(4, D, 0.2, s[0], s[1], s[2]);
    assert_ok(jf_moments_init(D, &moments));
    memcpy(moments.sxx, s[0], sizeof s[0]);
    memcpy(moments.syx, s[1], sizeof s[1]);
    memcpy(moments.syy, s[2], sizeof s[2]);
    const jf_data data = {.moments = &moments, .pairs = INFINITY};
    assert_true(!jf_data_is_shared(&data));
    assert_ok(jf_problem_init_general(whole(D), s[0], s[1], s[2], &expected));
    assert_ok(jf_data_problem(&data, whole(D), &p));
    assert_memory_equal(p.rho, expected.rho, sizeof rho);
    assert_memory_equal(p.syx.dense, expected.syx.dense, sizeof s[1]);
    assert_memory_equal(p.syy.dense, expected.syy.dense, sizeof s[2]);
    jf_problem_clear(&p);
    jf_problem_clear(&expected);
    jf_moments_clear(&moments);
}

/* With very many pairs the drawn features are those of the population, turned or of data. */
static void pairs_may_be_drawn_of_either(void **state)
{
    jf_data drawn = make(0.3, 0.1);
    const jf_data population = drawn;
    jf_problem expected, p;

    (void)state;
    drawn.pairs = 40000;
    assert_ok(jf_data_problem(&population, whole(D), &expected));
    assert_ok(jf_data_problem(&drawn, whole(D), &p));
    for (size_t i = 0; i < D; i++) {
        assert_true(p.rho[i] != expected.rho[i]);
        assert_within(p.rho[i], expected.rho[i], 0.03);
    }
    jf_problem_clear(&p);
    jf_problem_clear(&expected);
    drawn = make(0.0, 0.0);
    drawn.pairs = D - 1;
    assert_true(!jf_data_is_shared(&drawn));
    assert_refused(jf_data_problem(&drawn, whole(D), &p), JF_ERR_NUMERICS, "singular Sxx");
    assert_null(p.variance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syx_is_turned_against_sxx),    cmocka_unit_test(y_keeps_its_noise),
        cmocka_unit_test(at_zero_the_assumption_holds), cmocka_unit_test(data_bring_their_own),
        cmocka_unit_test(pairs_may_be_drawn_of_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
