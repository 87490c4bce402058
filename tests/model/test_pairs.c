/*
 * test_pairs.c - covariances of drawn pairs: against the pairs themselves, towards the population
 * as N^-1/2, and where none can be drawn.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/base/random.h"
#include "jepaflow/model/pairs.h"

enum { D = 4, SIZE = D * D, BLOCK = 256 };

/* Norms of the differences of two problems, in a frame that both have: Sxx by its eigenvalues. */
static double distance(const jf_problem *a, const jf_problem *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < D; i++) {
        sum += pow(a->rho[i] - b->rho[i], 2.0);
    }
    return sqrt(sum);
}

/* Traces of what pairs say, one after another, by the formulas of the header: no matrix product. */
static void traces_of_pairs(const jf_problem *p, size_t pairs, double out[3])
{
    double g[D][BLOCK], h[D][BLOCK];

    memset(out, 0, 3 * sizeof *out);
    for (size_t n = 0; n < pairs; n++) {
        for (size_t i = 0; i < D && n % BLOCK == 0; i++) {
            const uint64_t block = n / BLOCK;
            const size_t left = pairs - n < BLOCK ? pairs - n : BLOCK;
            jf_random_normal_from((jf_random){3, 5, 2 * block}, i * BLOCK, g[i], left);
            jf_random_normal_from((jf_random){3, 5, 2 * block + 1}, i * BLOCK, h[i], left);
        }
        for (size_t i = 0; i < D; i++) {
            const double variance = p->variance[i], told = p->syx.diagonal[i] / variance;
            const double noise = p->syy.diagonal[i] - told * p->syx.diagonal[i];
            const double x = sqrt(variance) * g[i][n % BLOCK];
            const double y = told * x + sqrt(fmax(noise, 0.0)) * h[i][n % BLOCK];
            out[0] += x * x / (double)pairs;
            out[1] += y * x / (double)pairs;
            out[2] += y * y / (double)pairs;
        }
    }
}

static double trace(const double *a)
{
    return a[0] + a[D + 1] + a[2 * (D + 1)] + a[3 * (D + 1)];
}

/* A rotation into another basis leaves traces as they are. */
static void covariances_are_those_of_the_pairs(void **state)
{
    static const size_t counts[] = {D, 9, BLOCK, BLOCK + 3};
    const double lambda[D] = {0.9, 0.5, 1.0, 0.7}, rho[D] = {0.9, 0.6, 1.0, 1.4};
    jf_problem population, drawn;
    double expected[3];

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &population));
    for (size_t k = 0; k < COUNT(counts); k++) {
        assert_ok(jf_pairs_draw(&population, counts[k], 3, 5, &drawn));
        traces_of_pairs(&population, counts[k], expected);
        assert_near(drawn.variance[0] + drawn.variance[1] + drawn.variance[2] + drawn.variance[3],
                    expected[0], 1e-12);
        assert_near(trace(drawn.syx.dense), expected[1], 1e-12);
        assert_near(trace(drawn.syy.dense), expected[2], 1e-12);
        jf_problem_clear(&drawn);
    }
    jf_problem_clear(&population);
}

/* Root mean square over seeds of the distance from the population. */
static double mean_distance(const jf_problem *population, size_t pairs)
{
    enum { SEEDS = 40 };
    double sum = 0.0;

    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        jf_problem drawn;
        assert_ok(jf_pairs_draw(population, pairs, seed, 1, &drawn));
        sum += pow(distance(&drawn, population), 2.0);
        jf_problem_clear(&drawn);
    }
    return sqrt(sum / SEEDS);
}

/* 16 times as many pairs: a quarter of the distance; also of covariances that do not commute. */
static void they_converge_as_one_over_root_n(void **state)
{
    jf_problem population;

    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        make_general_problem(seed, D, 0.2, &population);
        const double few = mean_distance(&population, 400);
        const double many = mean_distance(&population, 6400);
        assert_true(many > 0.0 && few / many > 2.8 && few / many < 5.6);
        jf_problem_clear(&population);
    }
}

/* Another seed or key: other pairs; the same: the same numbers. */
static void draws_are_a_function_of_their_address(void **state)
{
    jf_problem population, a, b;

    (void)state;
    make_general_problem(1, D, 0.2, &population);
    assert_ok(jf_pairs_draw(&population, 50, 7, 8, &a));
    assert_ok(jf_pairs_draw(&population, 50, 7, 8, &b));
    assert_memory_equal(a.rho, b.rho, sizeof(double) * D);
    jf_problem_clear(&b);
    assert_ok(jf_pairs_draw(&population, 50, 8, 8, &b));
    assert_true(distance(&a, &b) > 1e-3);
    jf_problem_clear(&b);
    assert_ok(jf_pairs_draw(&population, 50, 7, 9, &b));
    assert_true(distance(&a, &b) > 1e-3);
    jf_problem_clear(&b);
    jf_problem_clear(&a);
    jf_problem_clear(&population);
}

/* Fewer pairs than features; y that covaries with x by more than both vary. */
static void what_cannot_be_drawn_is_refused(void **state)
{
    double sxx[SIZE], syx[SIZE], syy[SIZE];
    jf_problem population, drawn;

    (void)state;
    make_general_problem(1, D, 0.2, &population);
    assert_refused(jf_pairs_draw(&population, D - 1, 1, 1, &drawn), JF_ERR_NUMERICS,
                   "3 pairs of 4 features have a singular Sxx");
    assert_null(drawn.variance);
    jf_problem_clear(&population);
    make_general_covariances(1, D, 0.2, sxx, syx, syy);
    for (size_t i = 0; i < SIZE; i++) {
        syx[i] *= 10.0;
    }
    assert_ok(jf_problem_init_general(whole(D), sxx, syx, syy, &population));
    assert_refused(jf_pairs_draw(&population, 100, 1, 1, &drawn), JF_ERR_NUMERICS,
                   "no pairs have these covariances");
    assert_null(drawn.variance);
    jf_problem_clear(&population);
}

/*
 * y that x explains but for rounding, as where frames are repeated; one direction of x hardly
 * varies, beside which that rounding is large.
 */
static void what_rounding_leaves_is_no_contradiction(void **state)
{
    static const double s[SIZE] = {1e-9, 0, 0, 0, 0, 1, 0.3, 0, 0, 0.3, 0.9, 0.1, 0, 0, 0.1, 0.7};
    jf_problem population, drawn;

    (void)state;
    assert_ok(jf_problem_init_general(whole(D), s, s, s, &population));
    assert_ok(jf_pairs_draw(&population, 100, 1, 1, &drawn));
    for (size_t i = 0; i < D; i++) {
        assert_within(drawn.rho[i], 1.0, 1e-4);
    }
    jf_problem_clear(&drawn);
    jf_problem_clear(&population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covariances_are_those_of_the_pairs),
        cmocka_unit_test(they_converge_as_one_over_root_n),
        cmocka_unit_test(draws_are_a_function_of_their_address),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(what_rounding_leaves_is_no_contradiction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
