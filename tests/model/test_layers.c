/*
 * test_layers.c - the flow of every layer, held to each objective's own loss by finite differences
 * over every weight, to what it conserves, and to the number of products that it promises.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/derivative.h"
#include "../support/matrices.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/model/layers.h"

enum { D = 3, SIZE = D * D, MOST_DEPTH = 9, MOST_STATE = (MOST_DEPTH + 1) * SIZE };

/* ---- products are counted on their way to BLIS (linked with --wrap) ---- */

void __real_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta,
                             double *c);
void __wrap_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta,
                             double *c);

static size_t product_count;

void __wrap_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta, double *c)
{
    product_count++;
    __real_jf_blas_multiply(ta, tb, m, n, k, alpha, a, b, beta, c);
}

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
static double distance_to_descent(int shared, jf_objective objective, size_t depth,
                                  which_loss which)
{
    double weights[MOST_STATE], rate[MOST_STATE], most = 0.0;
    jf_model model;
    fixture f;

    make_fixture(shared, &f);
    assert_ok(jf_model_init(&jf_layers, &f.problem, objective, depth, &model));
    fill_uniform(depth, (depth + 1) * SIZE, weights);
    jf_layers.rate(&model, weights, rate);
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
        assert_below(distance_to_descent(n % 2 == 0, JF_MAE, 1 + n / 2, MAE_LOSS), 1e-9);
    }
}

/* Minus the gradient of 1/2 E|V Wbar x - T y|^2 with T = Wbar held fixed: the stop-gradient. */
static void jepa_descends_its_loss_with_the_target_frozen(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        assert_below(distance_to_descent(n % 2 == 0, JF_JEPA, 1 + n / 2, FROZEN_JEPA_LOSS), 1e-9);
    }
}

/* Neither follows the other's loss, and JEPA not even the whole gradient of its own. */
static void the_objectives_cannot_be_confused(void **state)
{
    (void)state;
    for (size_t n = 0; n < 10; n++) {
        const int shared = n % 2 == 0;
        const size_t depth = 1 + n / 2;
        assert_true(distance_to_descent(shared, JF_JEPA, depth, JEPA_LOSS) > 1e-2);
        assert_true(distance_to_descent(shared, JF_JEPA, depth, MAE_LOSS) > 1e-2);
        assert_true(distance_to_descent(shared, JF_MAE, depth, FROZEN_JEPA_LOSS) > 1e-2);
        assert_true(distance_to_descent(shared, JF_MAE, depth, JEPA_LOSS) > 1e-2);
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
        product_count = 0;
        jf_layers.rate(&model, weights, rate);
        assert_int_equal(jf_layers.products(depth), 3 * depth);
        assert_int_equal(product_count, 3 * depth + (!shared && objective == JF_JEPA ? 1 : 0));
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
        product_count = 0;
        jf_layers.derivative(&model, weights, x, first);
        assert_int_equal(product_count, 6 * depth + (!shared && objective == JF_JEPA ? 1 : 0));
        jf_layers.encoder_rate(&model, weights, rate, &wbar, &wbar_rate);
        jf_layers.derivative(&model, weights, x, again);
        assert_memory_equal(first, again, size * sizeof *first);
        jf_model_clear(&model);
        jf_problem_clear(&f.problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mae_descends_its_loss),
        cmocka_unit_test(jepa_descends_its_loss_with_the_target_frozen),
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
