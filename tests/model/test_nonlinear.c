/*
 * test_nonlinear.c - encoders with activations: what stands for Wbar and the loss against what a
 * linear encoder has, at small amplitudes and large ones, and the rate against the loss.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/layers.h"
#include "jepaflow/model/nonlinear.h"
#include "jepaflow/model/sampled.h"

enum { D = 4, SIZE = D * D, DEPTH = 3, WEIGHTS = (DEPTH + 1) * SIZE };

typedef struct {
    jf_problem problem;
    jf_sampling sampling;
    jf_model model, linear;
    double weights[WEIGHTS];
} fixture;

static void make(jf_objective objective, jf_activation activation, double amplitude, fixture *f)
{
    make_general_problem(31, D, 0.3, &f->problem);
    assert_ok(jf_sampling_init(&f->problem, DEPTH, activation, 64, 5, 9, &f->sampling));
    assert_ok(jf_model_init(&jf_nonlinear, &f->problem, objective, DEPTH, &f->model));
    assert_ok(jf_model_init(&jf_layers, &f->problem, objective, DEPTH, &f->linear));
    f->model.sampling = &f->sampling;
    fill_uniform(3, WEIGHTS, f->weights);
    for (size_t i = 0; i < WEIGHTS; i++) {
        f->weights[i] *= amplitude;
    }
}

static void clear(fixture *f)
{
    jf_model_clear(&f->model);
    jf_model_clear(&f->linear);
    jf_sampling_clear(&f->sampling);
    jf_problem_clear(&f->problem);
}

/* Distance of the regression from the product of the layers, relative to that. */
static double distance_from_linear(jf_activation activation, double factor, double amplitude)
{
    const double *wbar, *product, *v;
    double scaled[SIZE];
    fixture f;

    make(JF_MAE, activation, amplitude, &f);
    jf_nonlinear.place(&f.model, f.weights);
    jf_nonlinear.end_to_end(&f.model, f.weights, &wbar, &v);
    assert_ptr_equal(v, f.weights + DEPTH * SIZE);
    jf_layers.place(&f.linear, f.weights);
    jf_layers.end_to_end(&f.linear, f.weights, &product, &v);
    for (size_t i = 0; i < SIZE; i++) {
        scaled[i] = factor * product[i];
    }
    const double relative = largest_difference(SIZE, wbar, scaled) / largest(SIZE, scaled);
    clear(&f);
    return relative;
}

/* tanh z = z - z^3 / 3: at small amplitude it is linear, and differs as the amplitude squared. */
static void tanh_is_linear_at_small_amplitude(void **state)
{
    (void)state;
    const double small = distance_from_linear(JF_TANH, 1.0, 1e-3);
    const double smaller = distance_from_linear(JF_TANH, 1.0, 1e-4);
    assert_below(small, 1e-5);
    assert_near(small / smaller, 100.0, 0.02);
    assert_true(distance_from_linear(JF_TANH, 1.0, 1.0) > 0.05);
}

/* A linear encoder's regression is the encoder itself, with the exact loss of both objectives. */
static void a_linear_encoder_is_seen_exactly(void **state)
{
    double output[SIZE], work[SIZE];

    (void)state;
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        const double *wbar, *product, *v;
        const jf_objective_kind *objective = jf_objective_find((jf_objective)n);
        fixture f;
        make((jf_objective)n, JF_TANH, 1.0, &f);
        f.sampling.passes.activation = jf_activation_find(JF_LINEAR);
        jf_nonlinear.place(&f.model, f.weights);
        jf_nonlinear.end_to_end(&f.model, f.weights, &wbar, &v);
        jf_layers.place(&f.linear, f.weights);
        jf_layers.end_to_end(&f.linear, f.weights, &product, &v);
        assert_below(largest_difference(SIZE, wbar, product), 1e-13);
        naive_multiply(0, 0, D, D, D, v, product, output);
        assert_near(jf_nonlinear.loss(&f.model, f.weights),
                    objective->loss(&f.problem, product, output, work), 1e-12);
        clear(&f);
    }
}

/*
 * One hidden ReLU passes half of each feature, whatever its amplitude: relu z = z/2 + |z|/2, of
 * which mirrored pairs cancel the second.
 */
static void relu_passes_half_of_each_feature(void **state)
{
    const double *wbar, *v;
    double expected[SIZE];

    (void)state;
    for (double amplitude = 1e-6; amplitude < 2.0; amplitude *= 1e3) {
        fixture f;
        make(JF_MAE, JF_RELU, amplitude, &f);
        jf_passes_clear(&f.sampling.passes);
        assert_ok(jf_passes_init(D, 2, jf_nonlinear_pairs(D), JF_RELU, &f.sampling.passes));
        jf_nonlinear.place(&f.model, f.weights);
        jf_nonlinear.end_to_end(&f.model, f.weights, &wbar, &v);
        naive_multiply(0, 0, D, D, D, f.weights + SIZE, f.weights, expected);
        for (size_t i = 0; i < SIZE; i++) {
            expected[i] *= 0.5;
        }
        assert_below(largest_difference(SIZE, wbar, expected), 1e-13 * amplitude * amplitude);
        clear(&f);
    }
}

/* MAE's rate over the fixed batch is minus the gradient of its loss, by every weight. */
static void rates_descend_the_loss(void **state)
{
    const double h = 1e-5;

    (void)state;
    for (int n = JF_TANH; n <= JF_RELU; n++) {
        double rate[WEIGHTS];
        fixture f;
        make(JF_MAE, (jf_activation)n, 0.8, &f);
        const jf_batch batch = f.sampling.batch;
        f.sampling.batch = f.sampling.fixed;
        jf_nonlinear.rate(&f.model, f.weights, rate);
        f.sampling.batch = batch;
        for (size_t i = 0; i < WEIGHTS; i += 5) {
            const double here = f.weights[i];
            f.weights[i] = here + h;
            const double above = jf_nonlinear.loss(&f.model, f.weights);
            f.weights[i] = here - h;
            const double below = jf_nonlinear.loss(&f.model, f.weights);
            f.weights[i] = here;
            /* of ReLU some pairs change sides within h */
            assert_within(rate[i], -(above - below) / (2.0 * h), n == JF_RELU ? 1e-4 : 1e-8);
        }
        clear(&f);
    }
}

static void the_fixed_batch_grows_with_the_features(void **state)
{
    (void)state;
    assert_int_equal(jf_nonlinear_pairs(1), 512);
    assert_int_equal(jf_nonlinear_pairs(64), 512);
    assert_int_equal(jf_nonlinear_pairs(100), 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tanh_is_linear_at_small_amplitude),
        cmocka_unit_test(a_linear_encoder_is_seen_exactly),
        cmocka_unit_test(relu_passes_half_of_each_feature),
        cmocka_unit_test(rates_descend_the_loss),
        cmocka_unit_test(the_fixed_batch_grows_with_the_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
