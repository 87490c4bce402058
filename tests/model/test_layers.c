/*
 * test_layers.c - the flow of every layer, held to each objective's own loss by finite differences
 * over every weight, to what it conserves, and to the number of products that it promises.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/derivative.h"
#include "../support/matrices.h"
#include "../support/products.h"
#include "jepaflow/model/layers.h"

enum { D = 3, SIZE = D * D, MOST_DEPTH = 9, MOST_STATE = (MOST_DEPTH + 1) * SIZE };

/* ---- the loss as a function of all weights, without the sources of the model ---- */

typedef struct {
    jf_problem problem;
    double sxx[SIZE], syx[SIZE], syy[SIZE];
} fixture;

static void make_fixture(int shared, fixture *f)
{
    const double lambda[D] = {0.5, 0.9, 1.0}, rho[D] = {1.3, 1.0, 0.4};

    if (shared) {
        assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &f->problem));
    } else {
        make_general_problem(17, D, 0.3, &f->problem);
    }
    expand_variance(&f->problem, f->sxx);
    expand_covariance(&f->problem.syx, D, f->syx);
    expand_covariance(&f->problem.syy, D, f->syy);
}

/* W_L ... W_1 of weights that stand one after another. */
static void encoder_of(const double *weights, size_t depth, double wbar[SIZE])
{
    double product[SIZE];

    memcpy(wbar, weights, SIZE * sizeof *wbar);
    for (size_t a = 1; a < depth; a++) {
        naive_multiply(0, 0, D, D, D, weights + a * SIZE, wbar, product);
        memcpy(wbar, product, sizeof product);
    }
}

/* tr(A S B^T). */
static double form(const double *a, const double *s, const double *b)
{
    double as[SIZE], sum = 0.0;

    naive_multiply(0, 0, D, D, D, a, s, as);
    for (size_t i = 0; i < SIZE; i++) {
        sum += as[i] * b[i];
    }
    return sum;
}

/*
 * 1/2 E|V Wbar x - T y|^2 = 1/2 [tr(A Sxx A^T) - 2 tr(T Syx A^T) + tr(T Syy T^T)], A = V Wbar. T =
 * I is MAE's loss, T = Wbar JEPA's; with T held fixed it is what JEPA descends.
 */
static double loss_of(const fixture *f, const double *weights, size_t depth, const double *target)
{
    double wbar[SIZE], output[SIZE];

    encoder_of(weights, depth, wbar);
    naive_multiply(0, 0, D, D, D, weights + depth * SIZE, wbar, output);
    return 0.5 * form(output, f->sxx, output) - form(target, f->syx, output) +
           0.5 * form(target, f->syy, target);
}

static const double identity[SIZE] = {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};

typedef enum { MAE_LOSS, FROZEN_JEPA_LOSS, JEPA_LOSS } which_loss;

static double loss_at(const fixture *f, const double *weights, size_t depth, which_loss which,
                      const double *frozen)
{
    double moving[SIZE];

    encoder_of(weights, depth, moving);
    return loss_of(f, weights, depth,
                   which == MAE_LOSS           ? identity
                   : which == FROZEN_JEPA_LOSS ? frozen
                                               : moving);
}

/* Central difference of order 4 by one weight, the target's encoder frozen where it is now. */
static double derivative(const fixture *f, double *weights, size_t depth, which_loss which,
                         size_t i)
{
    static const double offset[4] = {-2.0, -1.0, 1.0, 2.0};
    static const double factor[4] = {1.0, -8.0, 8.0, -1.0};
    const double here = weights[i], h = 1e-3;
    double frozen[SIZE], sum = 0.0;

    encoder_of(weights, depth, frozen);
    for (int k = 0; k < 4; k++) {
        weights[i] = here + offset[k] * h;
        sum += factor[k] * loss_at(f, weights, depth, which, frozen);
    }
    weights[i] = here;
    return sum / (12.0 * h);
}

/* Largest |rate + gradient| over all weights, at weights of order 1. */
static double distance_to_descent(const jf_model_kind *kind, int shared, jf_objective objective,
                                  size_t depth, which_loss which)
{
    double weights[MOST_STATE], rate[MOST_STATE], most = 0.0;
    jf_model model;
    fixture f;

    make_fixture(shared, &f);
    assert_ok(jf_model_init(kind, &f.problem, objective, depth, &model));
    fill_uniform(depth, (depth + 1) * SIZE, weights);
    kind->rate(&model, weights, rate);
    for (size_t i = 0; i < (depth + 1) * SIZE; i++) {
        most = fmax(most, fabs(rate[i] + derivative(&f, weights, depth, which, i)));
    }
    jf_model_clear(&model);
    jf_problem_clear(&f.problem);
    return most;
}

/*
 * Minus the gradient of MAE's loss by every weight, L = 1 .. 5, commuting covariances and others.
 */
static void mae_descends_its_loss(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        assert_below(distance_to_descent(&jf_layers, n % 2 == 0, JF_MAE, 1 + n / 2, MAE_LOSS),
                     1e-9);
    }
}

/* Minus the gradient of 1/2 E|V Wbar x - T y|^2 with T = Wbar held fixed: the stop-gradient. */
static void jepa_descends_its_loss_with_the_target_frozen(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        assert_below(
            distance_to_descent(&jf_layers, n % 2 == 0, JF_JEPA, 1 + n / 2, FROZEN_JEPA_LOSS),
            1e-9);
    }
}

/* Without stop-gradient: minus the gradient of 1/2 E|V Wbar x - Wbar y|^2 as it stands. */
static void a_free_target_descends_the_whole_loss(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        const int shared = n % 2 == 0;
        assert_below(distance_to_descent(&jf_layers_free, shared, JF_JEPA, 1 + n / 2, JEPA_LOSS),
                     1e-9);
    }
}

/* Neither follows the other's loss, and JEPA not even the whole gradient of its own. */
static void the_objectives_cannot_be_confused(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        const int shared = n % 2 == 0;
        const size_t depth = 1 + n / 2;
        assert_true(distance_to_descent(&jf_layers, shared, JF_JEPA, depth, JEPA_LOSS) > 1e-2);
        assert_true(distance_to_descent(&jf_layers, shared, JF_JEPA, depth, MAE_LOSS) > 1e-2);
        assert_true(distance_to_descent(&jf_layers, shared, JF_MAE, depth, FROZEN_JEPA_LOSS) >
                    1e-2);
        assert_true(distance_to_descent(&jf_layers, shared, JF_MAE, depth, JEPA_LOSS) > 1e-2);
    }
}

/*
 * A gradient has a symmetric Jacobian: MAE's is, JEPA's is lambda w off (d = L = 1; docs/theory.md,
 * 2).
 */
static void jepa_is_no_gradient_of_anything(void **state)
{
    const double lambda = 0.6, rho = 0.8, w = 0.7, v = 0.4, h = 1e-4;
    double cross[JF_OBJECTIVES];
    jf_problem p;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(1), &lambda, &rho, &p));
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        jf_model model;
        double plus[2], minus[2];
        assert_ok(jf_model_init(&jf_layers, &p, (jf_objective)n, 1, &model));
        jf_layers.rate(&model, (double[]){w + h, v}, plus);
        jf_layers.rate(&model, (double[]){w - h, v}, minus);
        const double v_by_w = (plus[1] - minus[1]) / (2.0 * h);
        jf_layers.rate(&model, (double[]){w, v + h}, plus);
        jf_layers.rate(&model, (double[]){w, v - h}, minus);
        cross[n] = v_by_w - (plus[0] - minus[0]) / (2.0 * h);
        jf_model_clear(&model);
    }
    assert_within(cross[JF_MAE], 0.0, 1e-8);
    assert_near(cross[JF_JEPA], lambda * w, 1e-7);
    jf_problem_clear(&p);
}

/*
 * W_{a+1}^T dW_{a+1} = dW_a W_a^T and V^T dV = dW_L W_L^T at any weights (docs/theory.md, section
 * 3).
 */
static void the_rates_conserve_the_balance(void **state)
{
    double weights[MOST_STATE], rate[MOST_STATE], above[SIZE], below[SIZE];

    (void)state;
    for (size_t n = 0; n < 4 * MOST_DEPTH; n++) {
        const size_t depth = 1 + n / 4;
        jf_model model;
        fixture f;
        make_fixture(n % 2 == 0, &f);
        assert_ok(jf_model_init(&jf_layers, &f.problem, (jf_objective)(n / 2 % 2), depth, &model));
        fill_uniform(n, (depth + 1) * SIZE, weights);
        jf_layers.rate(&model, weights, rate);
        for (size_t a = 0; a < depth; a++) {
            naive_multiply(1, 0, D, D, D, weights + (a + 1) * SIZE, rate + (a + 1) * SIZE, above);
            naive_multiply(0, 1, D, D, D, rate + a * SIZE, weights + a * SIZE, below);
            assert_below(largest_difference(SIZE, above, below), 1e-13);
        }
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/* Wbar by three loops, its rate by a central difference of order 4 along the state's rate. */
static void the_encoder_and_its_rate_are_those_of_the_state(void **state)
{
    static const double offset[4] = {-2.0, -1.0, 1.0, 2.0};
    static const double factor[4] = {1.0, -8.0, 8.0, -1.0};
    double weights[MOST_STATE], rate[MOST_STATE], moved[MOST_STATE];
    double expected[SIZE], product[SIZE];
    const double h = 1e-3;

    (void)state;
    for (size_t depth = 1; depth <= MOST_DEPTH; depth++) {
        const double *wbar, *wbar_rate, *v;
        jf_model model;
        fixture f;
        make_fixture(0, &f);
        assert_ok(jf_model_init(&jf_layers, &f.problem, JF_JEPA, depth, &model));
        fill_uniform(depth, (depth + 1) * SIZE, weights);
        fill_uniform(depth + 50, (depth + 1) * SIZE, rate);
        memset(expected, 0, sizeof expected);
        for (int k = 0; k < 4; k++) {
            for (size_t i = 0; i < (depth + 1) * SIZE; i++) {
                moved[i] = weights[i] + offset[k] * h * rate[i];
            }
            encoder_of(moved, depth, product);
            for (size_t i = 0; i < SIZE; i++) {
                expected[i] += factor[k] * product[i] / (12.0 * h);
            }
        }
        encoder_of(weights, depth, product);
        jf_layers.place(&model, weights);
        jf_layers.encoder_rate(&model, weights, rate, &wbar, &wbar_rate);
        assert_below(largest_difference(SIZE, wbar_rate, expected), 1e-9);
        assert_below(largest_difference(SIZE, wbar, product), 1e-13);
        jf_layers.end_to_end(&model, weights, &wbar, &v);
        assert_below(largest_difference(SIZE, wbar, product), 1e-13);
        assert_ptr_equal(v, weights + depth * SIZE);
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/* Counted, where covariances are diagonal; one more for JEPA where Syx is dense. */
static void a_right_hand_side_takes_the_products_it_promises(void **state)
{
    double weights[MOST_STATE], rate[MOST_STATE];

    (void)state;
    for (size_t n = 0; n < 4 * MOST_DEPTH; n++) {
        const jf_objective objective = (jf_objective)(n / 2 % 2);
        const size_t depth = 1 + n / 4;
        const int shared = n % 2 == 0;
        jf_model model;
        fixture f;
        make_fixture(shared, &f);
        assert_ok(jf_model_init(&jf_layers, &f.problem, objective, depth, &model));
        fill_uniform(n, (depth + 1) * SIZE, weights);
        memset(&counted, 0, sizeof counted);
        jf_layers.rate(&model, weights, rate);
        assert_int_equal(jf_layers.products(depth), 3 * depth);
        assert_int_equal(counted.products, 3 * depth + (!shared && objective == JF_JEPA ? 1 : 0));
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/* Differences of the rate along a random direction, L = 1 .. 9, both objectives. */
static void the_derivative_is_that_of_the_rate(void **state)
{
    double weights[MOST_STATE], x[MOST_STATE], y[MOST_STATE];

    (void)state;
    for (size_t n = 0; n < 4 * MOST_DEPTH; n++) {
        const size_t depth = 1 + n / 4;
        jf_model model;
        fixture f;
        make_fixture(n % 2 == 0, &f);
        assert_ok(jf_model_init(&jf_layers, &f.problem, (jf_objective)(n / 2 % 2), depth, &model));
        fill_uniform(n, (depth + 1) * SIZE, weights);
        fill_uniform(n + 100, (depth + 1) * SIZE, x);
        fill_uniform(n + 200, (depth + 1) * SIZE, y);
        assert_below(derivative_error(&model, weights, x), 1e-8);
        assert_below(linearity_error(&model, weights, x, y), 1e-13);
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/*
 * A derivative finds what the rate left: asked for again, after encoder_rate(), it is the same to
 * the bit. Counted: twice the products of the rate, and one more for JEPA where Syx is dense.
 */
static void a_derivative_takes_twice_the_products_of_the_rate(void **state)
{
    double weights[MOST_STATE], x[MOST_STATE], rate[MOST_STATE];
    double first[MOST_STATE], again[MOST_STATE];
    const double *wbar, *wbar_rate;

    (void)state;
    for (size_t n = 0; n < 4 * MOST_DEPTH; n++) {
        const jf_objective objective = (jf_objective)(n / 2 % 2);
        const size_t depth = 1 + n / 4;
        const size_t size = (depth + 1) * SIZE;
        const int shared = n % 2 == 0;
        jf_model model;
        fixture f;
        make_fixture(shared, &f);
        assert_ok(jf_model_init(&jf_layers, &f.problem, objective, depth, &model));
        fill_uniform(n, size, weights);
        fill_uniform(n + 100, size, x);
        jf_layers.rate(&model, weights, rate);
        memset(&counted, 0, sizeof counted);
        jf_layers.derivative(&model, weights, x, first);
        assert_int_equal(counted.products, 6 * depth + (!shared && objective == JF_JEPA ? 1 : 0));
        jf_layers.encoder_rate(&model, weights, rate, &wbar, &wbar_rate);
        jf_layers.derivative(&model, weights, x, again);
        assert_memory_equal(first, again, size * sizeof *first);
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/* ---- slow targets, and training that is not plain ---- */

enum { MOST_SLOW = (2 * MOST_DEPTH + 1) * SIZE };

static const jf_training trained = {.ema_rate = 0.7, .weight_decay = 0.2, .predictor_rate = 1.7};

/* Where the target stands with the encoder, the rate is that of layers alone, bit for bit. */
static void a_slow_target_begins_as_the_encoder(void **state)
{
    double weights[MOST_SLOW], rate[MOST_SLOW], plain[MOST_STATE];

    (void)state;
    for (size_t depth = 1; depth <= MOST_DEPTH; depth++) {
        const jf_network network = {
            .depth = depth, .init_scale = 0.3, .start = JF_START_GAUSSIAN, .seed = 3, .key = depth};
        const size_t n = (depth + 1) * SIZE;
        jf_model slow, layers;
        fixture f;
        make_fixture(0, &f);
        assert_ok(
            jf_model_init_trained(&jf_layers_slow, &f.problem, JF_JEPA, depth, &trained, &slow));
        assert_ok(jf_model_init_trained(&jf_layers, &f.problem, JF_JEPA, depth, &trained, &layers));
        assert_int_equal(jf_model_size(&slow), n + depth * SIZE);
        assert_ok(jf_layers_slow.start(&slow, &network, weights));
        assert_memory_equal(weights + n, weights, depth * SIZE * sizeof *weights);
        jf_layers_slow.rate(&slow, weights, rate);
        jf_layers.rate(&layers, weights, plain);
        assert_memory_equal(rate, plain, n * sizeof *rate);
        assert_true(largest(depth * SIZE, rate + n) == 0.0);
        jf_model_clear(&slow);
        jf_model_clear(&layers);
        jf_problem_clear(&f.problem);
    }
}

/* JEPA's loss with the target's encoder elsewhere, by each weight; dT/dt = ema_rate (W - T). */
static void a_slow_target_is_descended_to_and_follows(void **state)
{
    static const double offset[4] = {-2.0, -1.0, 1.0, 2.0};
    static const double factor[4] = {1.0, -8.0, 8.0, -1.0};
    const double h = 1e-3;
    double weights[MOST_SLOW], rate[MOST_SLOW], target[SIZE];

    (void)state;
    for (size_t depth = 1; depth <= 4; depth++) {
        const size_t n = (depth + 1) * SIZE;
        const jf_training follows = {.ema_rate = 0.7, .predictor_rate = 1.0};
        jf_model model;
        fixture f;
        make_fixture(depth % 2 == 0, &f);
        assert_ok(
            jf_model_init_trained(&jf_layers_slow, &f.problem, JF_JEPA, depth, &follows, &model));
        fill_uniform(depth, n + depth * SIZE, weights);
        encoder_of(weights + n, depth, target);
        jf_layers_slow.rate(&model, weights, rate);
        assert_below(largest_difference(SIZE, jf_layers_slow.target(&model, weights), target),
                     1e-13);
        for (size_t i = 0; i < n; i++) {
            const double here = weights[i];
            double slope = 0.0;
            for (int k = 0; k < 4; k++) {
                weights[i] = here + offset[k] * h;
                slope += factor[k] * loss_of(&f, weights, depth, target) / (12.0 * h);
            }
            weights[i] = here;
            assert_within(rate[i], -slope, 1e-9);
        }
        for (size_t i = 0; i < depth * SIZE; i++) {
            assert_true(rate[n + i] == 0.7 * (weights[i] - weights[n + i]));
        }
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

/* The plain rate, less the decay of each weight, and V's times its factor. */
static void decay_and_rate_come_on_top(void **state)
{
    double weights[MOST_STATE], rate[MOST_STATE], plain[MOST_STATE];

    (void)state;
    for (size_t depth = 1; depth <= MOST_DEPTH; depth++) {
        jf_model model, layers;
        fixture f;
        make_fixture(0, &f);
        assert_ok(jf_model_init_trained(&jf_layers, &f.problem, JF_MAE, depth, &trained, &model));
        assert_ok(jf_model_init(&jf_layers, &f.problem, JF_MAE, depth, &layers));
        fill_uniform(depth, (depth + 1) * SIZE, weights);
        jf_layers.rate(&model, weights, rate);
        jf_layers.rate(&layers, weights, plain);
        for (size_t i = 0; i < (depth + 1) * SIZE; i++) {
            const double factor = i < depth * SIZE ? 1.0 : 1.7;
            assert_within(rate[i], factor * (plain[i] - 0.2 * weights[i]), 1e-14);
        }
        jf_model_clear(&model);
        jf_model_clear(&layers);
        jf_problem_clear(&f.problem);
    }
}

/* Each target, trained; and the products that a right-hand side promises, counted. */
static void each_target_has_its_derivative_and_products(void **state)
{
    static const jf_model_kind *const kinds[] = {&jf_layers, &jf_layers_slow, &jf_layers_free};
    double weights[MOST_SLOW], x[MOST_SLOW], y[MOST_SLOW];

    (void)state;
    for (size_t n = 0; n < COUNT(kinds) * 2 * 5; n++) {
        const jf_model_kind *kind = kinds[n % COUNT(kinds)];
        const size_t depth = 1 + n / 6;
        jf_model model;
        fixture f;
        make_fixture(n / 3 % 2, &f);
        assert_ok(jf_model_init_trained(kind, &f.problem, JF_JEPA, depth, &trained, &model));
        fill_uniform(n, MOST_SLOW, weights);
        fill_uniform(n + 100, MOST_SLOW, x);
        fill_uniform(n + 200, MOST_SLOW, y);
        assert_below(derivative_error(&model, weights, x), 1e-8);
        assert_below(linearity_error(&model, weights, x, y), 1e-13);
        memset(&counted, 0, sizeof counted);
        kind->rate(&model, weights, x);
        if (f.problem.shared) {
            assert_int_equal(counted.products, kind->products(depth));
        }
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mae_descends_its_loss),
        cmocka_unit_test(jepa_descends_its_loss_with_the_target_frozen),
        cmocka_unit_test(a_free_target_descends_the_whole_loss),
        cmocka_unit_test(a_slow_target_begins_as_the_encoder),
        cmocka_unit_test(a_slow_target_is_descended_to_and_follows),
        cmocka_unit_test(decay_and_rate_come_on_top),
        cmocka_unit_test(each_target_has_its_derivative_and_products),
        cmocka_unit_test(the_objectives_cannot_be_confused),
        cmocka_unit_test(jepa_is_no_gradient_of_anything),
        cmocka_unit_test(the_rates_conserve_the_balance),
        cmocka_unit_test(the_encoder_and_its_rate_are_those_of_the_state),
        cmocka_unit_test(a_right_hand_side_takes_the_products_it_promises),
        cmocka_unit_test(the_derivative_is_that_of_the_rate),
        cmocka_unit_test(a_derivative_takes_twice_the_products_of_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
