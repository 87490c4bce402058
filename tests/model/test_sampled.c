/*
 * test_sampled.c - rates from pairs: their mean against the rate from covariances, how fast their
 * noise falls, and what a rate costs.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "../support/products.h"
#include "jepaflow/model/layers.h"
#include "jepaflow/model/nonlinear.h"
#include "jepaflow/model/sampled.h"

enum { D = 6, SIZE = D * D, DEPTH = 3, WEIGHTS = (DEPTH + 1) * SIZE };

typedef struct {
    jf_problem problem;
    jf_sampling sampling;
    jf_model sampled, exact;
} fixture;

static void make(jf_objective objective, size_t depth, size_t pairs, fixture *f)
{
    make_general_problem(31, D, 0.3, &f->problem);
    assert_ok(jf_sampling_init(&f->problem, depth, JF_LINEAR, pairs, 5, 9, &f->sampling));
    assert_ok(jf_model_init(&jf_sampled, &f->problem, objective, depth, &f->sampled));
    assert_ok(jf_model_init(&jf_layers, &f->problem, objective, depth, &f->exact));
    f->sampled.sampling = &f->sampling;
}

static void clear(fixture *f)
{
    jf_model_clear(&f->sampled);
    jf_model_clear(&f->exact);
    jf_sampling_clear(&f->sampling);
    jf_problem_clear(&f->problem);
}

/* Mean over the batches of |rate - exact|^2 and, of their mean, the distance in standard errors. */
static double noise_of(jf_objective objective, size_t pairs, int64_t batches, double *chi2)
{
    double weights[WEIGHTS], rate[WEIGHTS], exact[WEIGHTS];
    double sum[WEIGHTS] = {0.0}, squares[WEIGHTS] = {0.0}, noise = 0.0;
    fixture f;

    make(objective, DEPTH, pairs, &f);
    fill_uniform(3, WEIGHTS, weights);
    jf_layers.rate(&f.exact, weights, exact);
    for (int64_t k = 0; k < batches; k++) {
        jf_sampled.draw(&f.sampled, k);
        jf_sampled.rate(&f.sampled, weights, rate);
        for (size_t i = 0; i < WEIGHTS; i++) {
            sum[i] += rate[i] - exact[i];
            squares[i] += (rate[i] - exact[i]) * (rate[i] - exact[i]);
        }
    }
    *chi2 = 0.0;
    for (size_t i = 0; i < WEIGHTS; i++) {
        const double mean = sum[i] / (double)batches, square = squares[i] / (double)batches;
        *chi2 += mean * mean / (square / (double)batches) / WEIGHTS;
        noise += square;
    }
    clear(&f);
    return noise;
}

/*
 * The mean of many is the exact rate within its standard error: the mean of its square, in units of
 * that, is 1 (here over 144 correlated numbers; more than 2 by chance in one of thousands).
 */
static void the_mean_rate_is_the_exact_one(void **state)
{
    (void)state;
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        double chi2;
        (void)noise_of((jf_objective)n, 4, 4000, &chi2);
        assert_below(chi2, 2.0);
        assert_true(chi2 > 0.2);
    }
}

/* Sixteen times the pairs, a sixteenth of the variance: noise falls as B^{-1/2}. */
static void noise_falls_with_the_root_of_the_batch(void **state)
{
    (void)state;
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        double chi2;
        const double few = noise_of((jf_objective)n, 2, 2000, &chi2);
        const double many = noise_of((jf_objective)n, 32, 2000, &chi2);
        const double more = noise_of((jf_objective)n, 512, 500, &chi2);
        assert_near(few / many, 16.0, 0.15);
        assert_near(many / more, 16.0, 0.15);
    }
}

/* With the distribution's own moments in the batch, the rate is that of the covariances. */
static void pairs_with_exact_moments_give_the_exact_rate(void **state)
{
    double weights[WEIGHTS], rate[WEIGHTS], exact[WEIGHTS];

    (void)state;
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        fixture f;
        make((jf_objective)n, DEPTH, 4 * D, &f);
        fill_uniform(3, WEIGHTS, weights);
        assert_ok(jf_batch_draw_exact(&f.sampling.batch, 1));
        jf_layers.rate(&f.exact, weights, exact);
        jf_sampled.rate(&f.sampled, weights, rate);
        assert_below(largest_difference(WEIGHTS, rate, exact), 1e-12);
        clear(&f);
    }
}

/* A step has its pairs, whenever it is asked for; what is seen of a state is what layers see. */
static void steps_can_be_taken_again(void **state)
{
    double weights[WEIGHTS], first[WEIGHTS], again[WEIGHTS];
    const double *wbar, *v, *expected;
    fixture f;

    (void)state;
    make(JF_JEPA, DEPTH, 2, &f);
    fill_uniform(3, WEIGHTS, weights);
    jf_sampled.draw(&f.sampled, 1000000);
    jf_sampled.rate(&f.sampled, weights, first);
    jf_sampled.draw(&f.sampled, 7);
    jf_sampled.rate(&f.sampled, weights, again);
    assert_true(largest_difference(WEIGHTS, first, again) > 1e-3);
    jf_sampled.draw(&f.sampled, 1000000);
    jf_sampled.rate(&f.sampled, weights, again);
    assert_memory_equal(first, again, sizeof first);
    jf_sampled.place(&f.sampled, weights);
    jf_sampled.end_to_end(&f.sampled, weights, &wbar, &v);
    jf_layers.place(&f.exact, weights);
    jf_layers.end_to_end(&f.exact, weights, &expected, &v);
    assert_memory_equal(wbar, expected, SIZE * sizeof *wbar);
    clear(&f);
}

/* 3L + 2 products of d x d with d x B, L more for JEPA; none of d x d with d x d. */
static void a_rate_costs_what_its_pairs_cost(void **state)
{
    double weights[WEIGHTS], rate[WEIGHTS];

    (void)state;
    for (size_t n = 0; n < 2 * DEPTH; n++) {
        const jf_objective objective = (jf_objective)(n % 2);
        const size_t depth = 1 + n / 2, pairs = 2;
        fixture f;
        make(objective, depth, pairs, &f);
        fill_uniform(3, WEIGHTS, weights);
        jf_sampled.draw(&f.sampled, 1);
        memset(&counted, 0, sizeof counted);
        jf_sampled.rate(&f.sampled, weights, rate);
        assert_int_equal(jf_sampled.products(depth), 3 * depth + 2);
        assert_int_equal(counted.products, 3 * depth + 2 + (objective == JF_JEPA ? depth : 0));
        assert_int_equal(counted.most, SIZE * pairs);
        clear(&f);
    }
}

static void activations_have_their_kind(void **state)
{
    (void)state;
    assert_ptr_equal(jf_sampling_model(JF_LINEAR), &jf_sampled);
    assert_ptr_equal(jf_sampling_model(JF_TANH), &jf_nonlinear);
    assert_ptr_equal(jf_sampling_model(JF_RELU), &jf_nonlinear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_rate_is_the_exact_one),
        cmocka_unit_test(noise_falls_with_the_root_of_the_batch),
        cmocka_unit_test(pairs_with_exact_moments_give_the_exact_rate),
        cmocka_unit_test(steps_can_be_taken_again),
        cmocka_unit_test(a_rate_costs_what_its_pairs_cost),
        cmocka_unit_test(activations_have_their_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
