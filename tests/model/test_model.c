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

/* Follow a flow for a while, from a start of large scale so that much happens. */
static void follow(const jf_model_kind *kind, const jf_problem *problem, const jf_network *network,
                   double seen[2 * D + 1])
{
    double now[MOST_STATE];
    jf_model model;

    assert_ok(jf_model_init(kind, problem, network->objective, network->depth, &model));
    assert_ok(kind->start(&model, network, now));
    for (int step = 0; step < 200; step++) {
        runge_kutta(&model, 0.01, now);
    }
    observe(&model, now, seen);
    jf_model_clear(&model);
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

/* Two models, the same steps: each an oracle for the other. Fixed steps of order 4 leave 1e-7. */
static void the_models_follow_the_same_flow(void **state)
{
    double layers[2 * D + 1], balanced[2 * D + 1];

    (void)state;
    for (size_t n = 0; n < 2 * 9; n++) {
        const jf_network network = {.objective = (jf_objective)(n % 2),
                                    .depth = 1 + n / 2,
                                    .init_scale = 0.3,
                                    .rotated = 1,
                                    .seed = 1,
                                    .key = n};
        jf_problem problem;
        make_general_problem(n, D, 0.3, &problem);
        follow(&jf_layers, &problem, &network, layers);
        follow(&jf_balanced, &problem, &network, balanced);
        for (size_t i = 0; i < 2 * D + 1; i++) {
            assert_within(balanced[i], layers[i], 1e-6);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
