/*
 * test_model.c - what all models of the flow share: sizes, starts, and the symmetry by which hidden
 * rotations are not seen. A flow is followed here by the classic Runge-Kutta method with fixed
 * steps.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/balanced.h"
#include "jepaflow/model/layers.h"

enum { D = 4, SIZE = D * D, MOST_STATE = 10 * SIZE };

static const jf_model_kind *const kinds[] = {&jf_balanced, &jf_layers};

/* The sizes of the headers: L + 1 matrices, and three. */
static void states_have_the_size_of_their_unknowns(void **state)
{
    const double ones[D] = {1.0, 1.0, 1.0, 1.0};
    jf_problem problem;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), ones, ones, &problem));
    for (size_t depth = 1; depth <= 20; depth++) {
        jf_model layers, balanced;
        assert_ok(jf_model_init(&jf_layers, &problem, JF_MAE, depth, &layers));
        assert_ok(jf_model_init(&jf_balanced, &problem, JF_JEPA, depth, &balanced));
        assert_int_equal(jf_model_size(&layers), (depth + 1) * SIZE);
        assert_int_equal(jf_model_size(&balanced), 3 * SIZE);
        jf_model_clear(&layers);
        jf_model_clear(&balanced);
        assert_null(layers.work);
    }
    assert_string_equal(jf_layers.name, "layers");
    assert_string_equal(jf_balanced.name, "balanced");
    jf_problem_clear(&problem);
}

/* One step of the classic method of order 4. */
static void runge_kutta(const jf_model *model, double h, double *y)
{
    static const double node[4] = {0.0, 0.5, 0.5, 1.0}, weight[4] = {1.0, 2.0, 2.0, 1.0};
    const size_t size = jf_model_size(model);
    double k[MOST_STATE] = {0}, stage[MOST_STATE], sum[MOST_STATE] = {0};

    for (int s = 0; s < 4; s++) {
        for (size_t i = 0; i < size; i++) {
            stage[i] = y[i] + h * node[s] * k[i];
        }
        model->kind->rate(model, stage, k);
        for (size_t i = 0; i < size; i++) {
            sum[i] += weight[s] / 6.0 * k[i];
        }
    }
    for (size_t i = 0; i < size; i++) {
        y[i] += h * sum[i];
    }
}

/* What is observed: wbar_i, the gains, the loss. */
static void observe(const jf_model *model, const double *state, double seen[2 * D + 1])
{
    const jf_objective_kind *objective = jf_objective_find(model->objective);
    const jf_problem *p = model->problem;
    double wbar_e[SIZE], output_e[SIZE], output[SIZE], work[SIZE];
    const double *wbar, *v;

    model->kind->place(model, state);
    model->kind->end_to_end(model, state, &wbar, &v);
    naive_multiply(0, 0, D, D, D, v, wbar, output);
    naive_multiply(0, 0, D, D, D, wbar, p->features, wbar_e);
    naive_multiply(0, 0, D, D, D, output, p->features, output_e);
    for (size_t i = 0; i < D; i++) {
        double square = 0.0;
        for (size_t k = 0; k < D; k++) {
            square += wbar_e[k + i * D] * wbar_e[k + i * D];
        }
        seen[i] = sqrt(square);
    }
    objective->gain(p, seen, wbar_e, output_e, seen + D);
    seen[2 * D] = objective->loss(p, wbar, output, work);
}

static jf_training training = {.predictor_rate = 1.0}; /* of all flows here */

/*
 * Follow a flow for a while, from a start of large scale so that much happens; `now`: where it
 * ends.
 */
static void follow_to(const jf_model_kind *kind, const jf_problem *problem,
                      const jf_network *network, double now[MOST_STATE], double seen[2 * D + 1])
{
    jf_model model;

    assert_ok(jf_model_init_trained(kind, problem, network->objective, network->depth, &training,
                                    &model));
    assert_ok(kind->start(&model, network, now));
    for (int step = 0; step < 200; step++) {
        runge_kutta(&model, 0.01, now);
    }
    observe(&model, now, seen);
    jf_model_clear(&model);
}

static void follow(const jf_model_kind *kind, const jf_problem *problem, const jf_network *network,
                   double seen[2 * D + 1])
{
    double now[MOST_STATE];

    follow_to(kind, problem, network, now, seen);
}

/*
 * The flow commutes with rotations of hidden layers (docs/theory.md, (2.3)): nothing observed
 * changes.
 */
static void hidden_rotations_are_not_seen(void **state)
{
    double plain[2 * D + 1], seen[2 * D + 1];

    (void)state;
    for (size_t n = 0; n < 4 * 5; n++) {
        jf_network network = {.objective = (jf_objective)(n % 2),
                              .depth = 1 + n / 4,
                              .init_scale = 0.3,
                              .seed = 1,
                              .key = n};
        jf_problem problem;
        make_general_problem(n, D, 0.3, &problem);
        follow(kinds[n / 2 % 2], &problem, &network, plain);
        assert_true(fabs(plain[0] - network.init_scale) > 0.05); /* it has moved */
        network.rotated = 1;
        follow(kinds[n / 2 % 2], &problem, &network, seen);
        for (size_t i = 0; i < 2 * D + 1; i++) {
            assert_within(seen[i], plain[i], 1e-12);
        }
        jf_problem_clear(&problem);
    }
}

/*
 * Two models, the same steps: each an oracle for the other. Fixed steps of order 4 leave 1e-7.
 * Wide, then with narrow embeddings, drawn predictors and weight decay, which all stay balanced.
 */
static void the_models_follow_the_same_flow(void **state)
{
    double layers[2 * D + 1], balanced[2 * D + 1];

    (void)state;
    for (size_t n = 0; n < 4 * 9; n++) {
        const int departs = n / 2 % 2;
        const jf_network network = {.objective = (jf_objective)(n % 2),
                                    .depth = 1 + n / 4,
                                    .init_scale = 0.3,
                                    .rotated = 1,
                                    .drawn_predictor = departs,
                                    .width = departs ? 1 + n % 3 : 0,
                                    .seed = 1,
                                    .key = n};
        jf_problem problem;
        make_general_problem(n, D, 0.3, &problem);
        training.weight_decay = departs ? 0.05 : 0.0;
        follow(&jf_layers, &problem, &network, layers);
        follow(&jf_balanced, &problem, &network, balanced);
        for (size_t i = 0; i < 2 * D + 1; i++) {
            assert_within(balanced[i], layers[i], 1e-6);
        }
        training.weight_decay = 0.0;
        jf_problem_clear(&problem);
    }
}

/* W_{a+1}^T W_{a+1} - W_a W_a^T, and V^T V / predictor_rate - W_L W_L^T, of all the layers. */
static void find_imbalance(const double *weights, size_t depth, double *out)
{
    double above[SIZE], below[SIZE];

    for (size_t a = 0; a < depth; a++) {
        const double rate = a + 1 == depth ? training.predictor_rate : 1.0;
        naive_multiply(1, 0, D, D, D, weights + (a + 1) * SIZE, weights + (a + 1) * SIZE, above);
        naive_multiply(0, 1, D, D, D, weights + a * SIZE, weights + a * SIZE, below);
        for (size_t i = 0; i < SIZE; i++) {
            out[a * SIZE + i] = above[i] / rate - below[i];
        }
    }
}

/* Conserved along the flow, whatever it was: fixed steps of order 4 leave 1e-6. */
static void unbalanced_starts_stay_as_unbalanced_as_they_are(void **state)
{
    double start[MOST_STATE], now[MOST_STATE], seen[2 * D + 1];
    double before[MOST_STATE], after[MOST_STATE];

    (void)state;
    for (size_t n = 0; n < 2 * 2 * 3; n++) {
        const jf_network network = {.objective = (jf_objective)(n % 2),
                                    .depth = 1 + n / 4,
                                    .init_scale = 0.3,
                                    .start = n / 2 % 2 ? JF_START_GAUSSIAN : JF_START_ORTHOGONAL,
                                    .imbalance = 1.0,
                                    .seed = 1,
                                    .key = n};
        jf_problem problem;
        jf_model model;
        training.predictor_rate = n % 3 == 0 ? 1.5 : 1.0;
        make_general_problem(n, D, 0.3, &problem);
        assert_ok(jf_model_init(&jf_layers, &problem, network.objective, network.depth, &model));
        assert_ok(jf_layers.start(&model, &network, start));
        follow_to(&jf_layers, &problem, &network, now, seen);
        find_imbalance(start, network.depth, before);
        find_imbalance(now, network.depth, after);
        assert_true(largest_difference((network.depth + 1) * SIZE, now, start) > 0.1);
        assert_below(largest_difference(network.depth * SIZE, before, after), 1e-6);
        jf_model_clear(&model);
        jf_problem_clear(&problem);
    }
    training.predictor_rate = 1.0;
}

/* What a narrow embedding has not is 0 to the end, in every model: it is no sum but of zeros. */
static void narrow_embeddings_stay_narrow(void **state)
{
    static const jf_model_kind *const all[] = {&jf_balanced, &jf_layers, &jf_layers_slow,
                                               &jf_layers_free};
    enum { K = 2 };
    double now[MOST_STATE], seen[2 * D + 1];

    (void)state;
    training.ema_rate = 1.0;
    for (size_t n = 0; n < 2 * COUNT(all); n++) {
        const jf_network network = {.objective = n < COUNT(all) ? JF_JEPA : JF_MAE,
                                    .depth = 3,
                                    .init_scale = 0.3,
                                    .rotated = 1,
                                    .width = K,
                                    .seed = 1,
                                    .key = n};
        const size_t v = n % COUNT(all) == 0 ? SIZE : 3 * SIZE; /* Wbar, V, N; W_1, W_2, W_3, V */
        jf_problem problem;
        make_general_problem(n, D, 0.3, &problem);
        follow_to(all[n % COUNT(all)], &problem, &network, now, seen);
        for (size_t i = 0; i < SIZE; i++) {
            assert_true(i % D < K || now[i] == 0.0); /* Wbar, W_1: rows */
            assert_true(i / D < K || now[v + i] == 0.0);
            assert_true(i % D < K || network.objective == JF_MAE || now[v + i] == 0.0);
        }
        jf_problem_clear(&problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_the_size_of_their_unknowns),
        cmocka_unit_test(hidden_rotations_are_not_seen),
        cmocka_unit_test(the_models_follow_the_same_flow),
        cmocka_unit_test(unbalanced_starts_stay_as_unbalanced_as_they_are),
        cmocka_unit_test(narrow_embeddings_stay_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
