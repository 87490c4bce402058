/*
 * test_batch.c - the moments of drawn pairs against the covariances that they are drawn from; that
 * the same address gives the same pairs; covariances that no pairs have.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/batch.h"

enum { D = 4, SIZE = D * D, MANY = 40000 };

static void make_problem(int shared, jf_problem *p)
{
    const double lambda[D] = {0.5, 0.9, 1.0, 0.3}, rho[D] = {0.7, 1.0, 0.4, 1.6};

    if (shared) {
        assert_ok(jf_problem_init_shared(whole(D), lambda, rho, p));
    } else {
        make_general_problem(23, D, 0.3, p);
    }
}

/* a b^T / pairs. */
static void moment(size_t pairs, const double *a, const double *b, double out[SIZE])
{
    naive_multiply(0, 1, D, D, pairs, a, b, out);
    for (size_t i = 0; i < SIZE; i++) {
        out[i] /= (double)pairs;
    }
}

/* Largest distances of the batch's moments from Sxx, Syx, Syy. */
static double distance(const jf_batch *b)
{
    double sample[SIZE], exact[SIZE], most = 0.0;

    moment(b->pairs, b->x, b->x, sample);
    expand_variance(b->problem, exact);
    most = fmax(most, largest_difference(SIZE, sample, exact));
    moment(b->pairs, b->y, b->x, sample);
    expand_covariance(&b->problem->syx, D, exact);
    most = fmax(most, largest_difference(SIZE, sample, exact));
    moment(b->pairs, b->y, b->y, sample);
    expand_covariance(&b->problem->syy, D, exact);
    return fmax(most, largest_difference(SIZE, sample, exact));
}

/* Five standard errors of the worst element: variances are at most 3. */
static void moments_are_the_covariances(void **state)
{
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        jf_problem p;
        jf_batch b;
        make_problem(shared, &p);
        assert_ok(jf_batch_init(&p, MANY, 7, 11, &b));
        jf_batch_draw(&b, JF_STREAM_STEPS);
        assert_below(distance(&b), 5.0 * 3.0 * sqrt(2.0 / MANY));
        assert_true(distance(&b) > 1e-6);
        jf_batch_clear(&b);
        jf_problem_clear(&p);
    }
}

/* Of the exact ones to rounding, with few pairs; and every odd moment is 0. */
static void exact_moments_are_exact(void **state)
{
    enum { PAIRS = 4 * D };
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        jf_problem p;
        jf_batch b;
        make_problem(shared, &p);
        assert_ok(jf_batch_init(&p, PAIRS, 7, 11, &b));
        assert_ok(jf_batch_draw_exact(&b, JF_STREAM_FIXED));
        assert_below(distance(&b), 1e-13);
        for (size_t i = 0; i < PAIRS / 2 * D; i++) {
            assert_true(b.x[i] == -b.x[i + PAIRS / 2 * D] && b.y[i] == -b.y[i + PAIRS / 2 * D]);
        }
        jf_batch_clear(&b);
        jf_problem_clear(&p);
    }
}

/* The same address, the same pairs; another step, seed or key, others. */
static void an_address_has_its_pairs(void **state)
{
    enum { PAIRS = 3 };
    static const uint64_t address[][3] = {{7, 11, 5}, {8, 11, 5}, {7, 12, 5}, {7, 11, 6}};
    double first[2 * D * PAIRS];
    jf_problem p;

    (void)state;
    make_problem(0, &p);
    for (size_t k = 0; k < COUNT(address); k++) {
        jf_batch b;
        assert_ok(jf_batch_init(&p, PAIRS, address[k][0], address[k][1], &b));
        jf_batch_draw(&b, JF_STREAM_STEPS + 99);
        jf_batch_draw(&b, JF_STREAM_STEPS + address[k][2]);
        if (k == 0) {
            memcpy(first, b.x, sizeof first); /* y stands behind x */
        }
        for (size_t i = 0; i < COUNT(first); i++) {
            assert_true((b.x[i] == first[i]) == (k == 0));
        }
        jf_batch_clear(&b);
    }
    jf_problem_clear(&p);
}

/* A y that varies less than what x says of it. */
static void impossible_covariances_are_refused(void **state)
{
    const double one[SIZE] = {[0] = 1, [5] = 1, [10] = 1, [15] = 1};
    double half[SIZE];
    jf_problem p;
    jf_batch b;

    (void)state;
    for (size_t i = 0; i < SIZE; i++) {
        half[i] = 0.5 * one[i];
    }
    assert_ok(jf_problem_init_general(whole(D), one, one, half, &p));
    assert_refused(jf_batch_init(&p, 2, 1, 1, &b), JF_ERR_NUMERICS, "no pairs have");
    assert_null(b.x);
    jf_problem_clear(&p);
    const double lambda = 1.0, rho = 1.0;
    assert_ok(jf_problem_init_shared(whole(1), &lambda, &rho, &p));
    p.syy.diagonal[0] = 0.9;
    assert_refused(jf_batch_init(&p, 2, 1, 1, &b), JF_ERR_NUMERICS, "no pairs have");
    jf_problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_the_covariances),
        cmocka_unit_test(exact_moments_are_exact),
        cmocka_unit_test(an_address_has_its_pairs),
        cmocka_unit_test(impossible_covariances_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
