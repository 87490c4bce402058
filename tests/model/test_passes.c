/*
 * test_passes.c - the embedding against loops, gradients against differences over every weight, and
 * the number of products.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "../support/products.h"
#include "jepaflow/model/passes.h"

enum { D = 3, SIZE = D * D, COLUMNS = 5, BATCH = D * COLUMNS, MOST_DEPTH = 4 };
enum { MOST_WEIGHTS = (MOST_DEPTH + 1) * SIZE };

/* h_L of all columns, number by number. */
static void embed(jf_activation activation, size_t depth, const double *weights, const double *x,
                  double *h)
{
    double below[BATCH];

    memcpy(h, x, BATCH * sizeof *h);
    for (size_t a = 0; a < depth; a++) {
        memcpy(below, h, sizeof below);
        naive_multiply(0, 0, D, COLUMNS, D, weights + a * SIZE, below, h);
        for (size_t i = 0; i < BATCH && a + 1 < depth; i++) {
            h[i] = activation == JF_TANH   ? tanh(h[i])
                   : activation == JF_RELU ? fmax(h[i], 0.0)
                                           : h[i];
        }
    }
}

/* sum_j pull_j . (V h_L)_j. */
static double pulled(jf_activation activation, size_t depth, const double *weights, const double *x,
                     const double *pull)
{
    double h[BATCH], output[BATCH], sum = 0.0;

    embed(activation, depth, weights, x, h);
    naive_multiply(0, 0, D, COLUMNS, D, weights + depth * SIZE, h, output);
    for (size_t i = 0; i < BATCH; i++) {
        sum += pull[i] * output[i];
    }
    return sum;
}

/* Central difference of order 4 by one weight. */
static double slope(jf_activation activation, size_t depth, double *weights, const double *x,
                    const double *pull, size_t i)
{
    static const double offset[4] = {-2.0, -1.0, 1.0, 2.0};
    static const double factor[4] = {1.0, -8.0, 8.0, -1.0};
    const double here = weights[i], h = 1e-4;
    double sum = 0.0;

    for (int k = 0; k < 4; k++) {
        weights[i] = here + offset[k] * h;
        sum += factor[k] * pulled(activation, depth, weights, x, pull);
    }
    weights[i] = here;
    return sum / (12.0 * h);
}

typedef struct {
    double weights[MOST_WEIGHTS], rate[MOST_WEIGHTS], x[BATCH], pull[BATCH];
} numbers;

static void fill(uint64_t seed, numbers *n)
{
    fill_uniform(seed, MOST_WEIGHTS, n->weights);
    fill_uniform(seed + 100, BATCH, n->x);
    fill_uniform(seed + 200, BATCH, n->pull);
}

/* Of a room for more columns than there are. */
static void the_embedding_is_that_of_loops(void **state)
{
    double expected[BATCH], actual[BATCH];
    numbers n;

    (void)state;
    for (size_t k = 0; k < 3 * MOST_DEPTH; k++) {
        const jf_activation activation = (jf_activation)(k % 3);
        const size_t depth = 1 + k / 3;
        jf_passes p;
        fill(k, &n);
        assert_ok(jf_passes_init(D, depth, COLUMNS + 2, activation, &p));
        embed(activation, depth, n.weights, n.x, expected);
        memset(&counted, 0, sizeof counted);
        const double *kept = jf_passes_forward(&p, n.weights, COLUMNS, n.x);
        assert_int_equal(counted.products, depth);
        assert_below(largest_difference(BATCH, kept, expected), 1e-14);
        jf_passes_embed(&p, n.weights, COLUMNS, n.pull, actual); /* disturbs nothing */
        assert_below(largest_difference(BATCH, kept, expected), 1e-14);
        jf_passes_embed(&p, n.weights, COLUMNS, n.x, actual);
        assert_below(largest_difference(BATCH, actual, expected), 1e-14);
        jf_passes_clear(&p);
    }
}

/* By every weight, L = 1 .. 4, all activations; 2L + 1 products, none of them wider than d^2 B. */
static void gradients_are_differences(void **state)
{
    numbers n;

    (void)state;
    for (size_t k = 0; k < 3 * MOST_DEPTH; k++) {
        const jf_activation activation = (jf_activation)(k % 3);
        const size_t depth = 1 + k / 3;
        jf_passes p;
        fill(k, &n);
        assert_ok(jf_passes_init(D, depth, COLUMNS, activation, &p));
        (void)jf_passes_forward(&p, n.weights, COLUMNS, n.x);
        memset(&counted, 0, sizeof counted);
        jf_passes_back(&p, n.weights, COLUMNS, n.x, n.pull, n.rate);
        assert_int_equal(counted.products, 2 * depth + 1);
        assert_int_equal(counted.work, (2 * depth + 1) * SIZE * COLUMNS);
        for (size_t i = 0; i < (depth + 1) * SIZE; i++) {
            assert_within(n.rate[i], slope(activation, depth, n.weights, n.x, n.pull, i), 1e-8);
        }
        jf_passes_clear(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_embedding_is_that_of_loops),
        cmocka_unit_test(gradients_are_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
