/*
 * test_balanced.c - the end-to-end flow against the flow of every layer, at balanced states that
 * are neither orthogonal nor at a start, with covariances that do not commute; and its number of
 * products.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/derivative.h"
#include "../support/matrices.h"
#include "../support/products.h"
#include "jepaflow/model/balanced.h"
#include "jepaflow/model/layers.h"

enum { D = 4, SIZE = D * D, MOST_DEPTH = 40 };

/*
 * W_a = Q_a diag(w) Q_{a-1}^T and V = R diag(w) Q_L^T with random orthogonal Q_a, R: balanced at
 * any w > 0.
 */
static void fill_balanced(uint64_t seed, size_t depth, double *weights)
{
    static const double w[D] = {0.6, 0.85, 1.0, 1.15};
    double below[SIZE], here[SIZE], scaled[SIZE];

    fill_orthogonal(seed, D, below);
    for (size_t a = 1; a <= depth + 1; a++) {
        fill_orthogonal(seed + a, D, here);
        for (size_t i = 0; i < SIZE; i++) {
            scaled[i] = here[i] * w[i / D];
        }
        naive_multiply(0, 1, D, D, D, scaled, below, weights + (a - 1) * SIZE);
        memcpy(below, here, sizeof here);
    }
}

/* From layers and their rate to Wbar, V, N = W_1^T W_1 and theirs. */
static void map_state(const jf_model *layers, const double *weights, const double *rate,
                      double *state, double *state_rate)
{
    const size_t v = layers->depth * SIZE;
    const double *wbar, *wbar_rate;
    double half[SIZE];

    layers->kind->place(layers, weights);
    layers->kind->encoder_rate(layers, weights, rate, &wbar, &wbar_rate);
    memcpy(state, wbar, SIZE * sizeof *state);
    memcpy(state_rate, wbar_rate, SIZE * sizeof *state);
    memcpy(state + SIZE, weights + v, SIZE * sizeof *state);
    memcpy(state_rate + SIZE, rate + v, SIZE * sizeof *state);
    naive_multiply(1, 0, D, D, D, weights, weights, state + 2 * SIZE);
    naive_multiply(1, 0, D, D, D, weights, rate, half);
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++) {
            state_rate[2 * SIZE + i + j * D] = half[i + j * D] + half[j + i * D];
        }
    }
}

static void compare_at(uint64_t seed, size_t depth, jf_objective objective, double decay)
{
    static double weights[(MOST_DEPTH + 1) * SIZE], rate[(MOST_DEPTH + 1) * SIZE];
    double state[3 * SIZE], expected[3 * SIZE], actual[3 * SIZE];
    jf_problem problem;
    jf_model layers, balanced;

    const jf_training training = {.weight_decay = decay, .predictor_rate = 1.0};
    make_general_problem(seed, D, 0.3, &problem);
    assert_ok(jf_model_init_trained(&jf_layers, &problem, objective, depth, &training, &layers));
    assert_ok(
        jf_model_init_trained(&jf_balanced, &problem, objective, depth, &training, &balanced));
    fill_balanced(seed + 100, depth, weights);
    jf_layers.rate(&layers, weights, rate);
    map_state(&layers, weights, rate, state, expected);
    jf_balanced.rate(&balanced, state, actual);
    for (size_t k = 0; k < 3; k++) {
        const double size = largest(SIZE, expected + k * SIZE);
        assert_true(size > 1e-3);
        assert_below(largest_difference(SIZE, actual + k * SIZE, expected + k * SIZE),
                     1e-12 * fmax(size, 1.0));
    }
    jf_model_clear(&layers);
    jf_model_clear(&balanced);
    jf_problem_clear(&problem);
}

/*
 * With and without weight decay: the flow of every layer, mapped end to end, L = 1 .. 9, 16, 31,
 * 32, 33.
 */
static void the_rate_is_that_of_the_layers(void **state)
{
    static const size_t depths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 32, 33};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(depths); n++) {
        compare_at(n, depths[n / 2], (jf_objective)(n % 2), 0.0);
        compare_at(n, depths[n / 2], (jf_objective)(n % 2), 0.3);
    }
}

/* The claim needs balance: one layer a little larger, and the two part. */
static void without_balance_the_two_flows_differ(void **state)
{
    double weights[4 * SIZE], rate[4 * SIZE], mapped[3 * SIZE], expected[3 * SIZE],
        actual[3 * SIZE];
    jf_problem problem;
    jf_model layers, balanced;

    (void)state;
    make_general_problem(1, D, 0.3, &problem);
    assert_ok(jf_model_init(&jf_layers, &problem, JF_MAE, 3, &layers));
    assert_ok(jf_model_init(&jf_balanced, &problem, JF_MAE, 3, &balanced));
    fill_balanced(7, 3, weights);
    for (size_t i = 0; i < SIZE; i++) {
        weights[i] *= 1.1;
    }
    jf_layers.rate(&layers, weights, rate);
    map_state(&layers, weights, rate, mapped, expected);
    jf_balanced.rate(&balanced, mapped, actual);
    assert_true(largest_difference(SIZE, actual, expected) > 1e-3);
    jf_model_clear(&layers);
    jf_model_clear(&balanced);
    jf_problem_clear(&problem);
}

/* The start of the layers, mapped, at every depth, rotated or not. */
static void the_start_is_that_of_the_layers(void **state)
{
    static double weights[10 * SIZE], rate[10 * SIZE];
    double expected[3 * SIZE], ignored[3 * SIZE], actual[3 * SIZE];

    (void)state;
    for (size_t n = 0; n < 4 * 9; n++) {
        const jf_network network = {.objective = (jf_objective)(n % 2),
                                    .depth = 1 + n / 4,
                                    .init_scale = 0.01,
                                    .rotated = n / 2 % 2 == 1,
                                    .seed = 3,
                                    .key = n};
        jf_problem problem;
        jf_model layers, balanced;
        make_general_problem(n, D, 0.3, &problem);
        assert_ok(jf_model_init(&jf_layers, &problem, network.objective, network.depth, &layers));
        assert_ok(
            jf_model_init(&jf_balanced, &problem, network.objective, network.depth, &balanced));
        assert_ok(jf_layers.start(&layers, &network, weights));
        assert_ok(jf_balanced.start(&balanced, &network, actual));
        memset(rate, 0, sizeof rate);
        map_state(&layers, weights, rate, expected, ignored);
        assert_below(largest_difference(3 * SIZE, actual, expected), 1e-15);

        /* the least amplitude of a matrix is what errors are measured against */
        double least = INFINITY;
        for (size_t k = 0; k < 3; k++) {
            double square = 0.0;
            for (size_t i = 0; i < D; i++) {
                square += actual[k * SIZE + i] * actual[k * SIZE + i];
            }
            least = fmin(least, sqrt(square));
        }
        assert_near(jf_balanced.scale(&network), least, 1e-12);
        jf_model_clear(&layers);
        jf_model_clear(&balanced);
        jf_problem_clear(&problem);
    }
}

/*
 * At the start Wbar^T Wbar = N^L, and the rate keeps it so: (Wbar^T Wbar)' = sum N^k N' N^{L-1-k}.
 */
static void n_to_the_depth_stays_the_square_of_the_encoder(void **state)
{
    double weights[6 * SIZE], rate[6 * SIZE], now[3 * SIZE], change[3 * SIZE];
    double power[SIZE], power_rate[SIZE], a[SIZE], b[SIZE], half[SIZE];
    jf_problem problem;
    jf_model layers, balanced;

    (void)state;
    make_general_problem(2, D, 0.3, &problem);
    assert_ok(jf_model_init(&jf_layers, &problem, JF_JEPA, 5, &layers));
    assert_ok(jf_model_init(&jf_balanced, &problem, JF_JEPA, 5, &balanced));
    fill_balanced(11, 5, weights);
    jf_layers.rate(&layers, weights, rate);
    map_state(&layers, weights, rate, now, change);
    jf_balanced.rate(&balanced, now, change);

    const double *n = now + 2 * SIZE, *n_rate = change + 2 * SIZE;
    memcpy(power, n, sizeof power);
    memcpy(power_rate, n_rate, sizeof power_rate);
    for (int k = 1; k < 5; k++) { /* (P N)' = P' N + P N' */
        naive_multiply(0, 0, D, D, D, power_rate, n, a);
        naive_multiply(0, 0, D, D, D, power, n_rate, b);
        for (size_t i = 0; i < SIZE; i++) {
            power_rate[i] = a[i] + b[i];
        }
        naive_multiply(0, 0, D, D, D, power, n, a);
        memcpy(power, a, sizeof a);
    }
    naive_multiply(1, 0, D, D, D, now, now, a);
    assert_below(largest_difference(SIZE, a, power), 1e-12);
    naive_multiply(1, 0, D, D, D, now, change, half);
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++) {
            b[i + j * D] = half[i + j * D] + half[j + i * D];
        }
    }
    assert_below(largest_difference(SIZE, b, power_rate), 1e-11);
    jf_model_clear(&layers);
    jf_model_clear(&balanced);
    jf_problem_clear(&problem);
}

/* Wbar, V and dWbar/dt are parts of the state and its rate: nothing is computed. */
static void the_encoder_is_part_of_the_state(void **state)
{
    double now[3 * SIZE], change[3 * SIZE];
    const double *wbar, *v, *wbar_rate;
    const double ones[D] = {1.0, 1.0, 1.0, 1.0};
    jf_problem problem;
    jf_model model;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), ones, ones, &problem));
    assert_ok(jf_model_init(&jf_balanced, &problem, JF_MAE, 3, &model));
    jf_balanced.end_to_end(&model, now, &wbar, &v);
    assert_ptr_equal(wbar, now);
    assert_ptr_equal(v, now + SIZE);
    jf_balanced.encoder_rate(&model, now, change, &wbar, &wbar_rate);
    assert_ptr_equal(wbar, now);
    assert_ptr_equal(wbar_rate, change);
    jf_model_clear(&model);
    jf_problem_clear(&problem);
}

/* Counted at every depth, against the promise and the table of docs/theory.md, section 13. */
static void a_right_hand_side_takes_the_products_it_promises(void **state)
{
    static const size_t sum_of_powers[][2] = {{1, 0},   {2, 2},   {3, 5},   {4, 6},
                                              {5, 9},   {6, 10},  {7, 13},  {8, 10},
                                              {16, 14}, {32, 18}, {64, 22}, {1024, 38}};
    double now[3 * SIZE], change[3 * SIZE];
    const double ones[D] = {1.0, 1.0, 1.0, 1.0};
    jf_problem problem;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), ones, ones, &problem));
    fill_uniform(1, 3 * SIZE, now);
    for (size_t depth = 1; depth <= 70; depth++) {
        jf_model model;
        assert_ok(jf_model_init(&jf_balanced, &problem, (jf_objective)(depth % 2), depth, &model));
        memset(&counted, 0, sizeof counted);
        jf_balanced.rate(&model, now, change);
        assert_int_equal(jf_balanced.products(depth), counted.products);
        jf_model_clear(&model);
    }
    for (size_t i = 0; i < COUNT(sum_of_powers); i++) {
        assert_int_equal(jf_balanced.products(sum_of_powers[i][0]), 5 + sum_of_powers[i][1]);
    }
    jf_problem_clear(&problem);
}

/*
 * Differences of the rate along a random direction, at balanced states and at others, L = 1 .. 9
 * and 16, 21, both objectives, dense covariances.
 */
static void the_derivative_is_that_of_the_rate(void **state)
{
    static const size_t depths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 21};
    static double weights[(MOST_DEPTH + 1) * SIZE], rate[(MOST_DEPTH + 1) * SIZE];
    double now[3 * SIZE], change[3 * SIZE], x[3 * SIZE], y[3 * SIZE];

    (void)state;
    for (size_t n = 0; n < 4 * COUNT(depths); n++) {
        const size_t depth = depths[n / 4];
        const jf_objective objective = (jf_objective)(n / 2 % 2);
        jf_problem problem;
        jf_model layers, balanced;
        make_general_problem(n, D, 0.3, &problem);
        assert_ok(jf_model_init(&jf_layers, &problem, objective, depth, &layers));
        assert_ok(jf_model_init(&jf_balanced, &problem, objective, depth, &balanced));
        if (n % 2 == 0) {
            fill_balanced(n + 100, depth, weights);
            jf_layers.rate(&layers, weights, rate);
            map_state(&layers, weights, rate, now, change);
        } else {
            fill_uniform(n, 3 * SIZE, now);
        }
        fill_uniform(n + 300, 3 * SIZE, x);
        fill_uniform(n + 400, 3 * SIZE, y);
        assert_below(derivative_error(&balanced, now, x), 1e-8);
        assert_below(linearity_error(&balanced, now, x, y), 1e-12);
        jf_model_clear(&layers);
        jf_model_clear(&balanced);
        jf_problem_clear(&problem);
    }
}

/* Counted at every depth; and what it needs is still there when it is asked again. */
static void a_derivative_takes_twice_the_products_of_the_rate(void **state)
{
    double now[3 * SIZE], change[3 * SIZE], x[3 * SIZE], first[3 * SIZE], again[3 * SIZE];
    const double ones[D] = {1.0, 1.0, 1.0, 1.0};
    jf_problem problem;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), ones, ones, &problem));
    fill_uniform(1, 3 * SIZE, now);
    fill_uniform(2, 3 * SIZE, x);
    for (size_t depth = 1; depth <= 70; depth++) {
        jf_model model;
        assert_ok(jf_model_init(&jf_balanced, &problem, (jf_objective)(depth % 2), depth, &model));
        jf_balanced.rate(&model, now, change);
        memset(&counted, 0, sizeof counted);
        jf_balanced.derivative(&model, now, x, first);
        assert_int_equal(counted.products, 2 * jf_balanced.products(depth));
        jf_balanced.derivative(&model, now, x, again);
        assert_memory_equal(first, again, sizeof first);
        jf_model_clear(&model);
    }
    jf_problem_clear(&problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rate_is_that_of_the_layers),
        cmocka_unit_test(without_balance_the_two_flows_differ),
        cmocka_unit_test(the_start_is_that_of_the_layers),
        cmocka_unit_test(n_to_the_depth_stays_the_square_of_the_encoder),
        cmocka_unit_test(the_encoder_is_part_of_the_state),
        cmocka_unit_test(a_right_hand_side_takes_the_products_it_promises),
        cmocka_unit_test(the_derivative_is_that_of_the_rate),
        cmocka_unit_test(a_derivative_takes_twice_the_products_of_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
