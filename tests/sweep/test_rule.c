/*
 * test_rule.c - settings that do not go together: at a point, and in an input whose every point has
 * them.
 */
#include "../support/check.h"

#include <string.h>

#include "jepaflow/model/network.h"
#include "jepaflow/sweep/rule.h"

#define REST "  init_scale: 0.01\nspectra:\n  one: {lambda: [0.8, 1], rho: 1}\n"

static jf_status read(const char *text, jf_input *out)
{
    return jf_input_read("in.yaml", text, strlen(text), NULL, 0, out);
}

static void refuse(const char *text, const char *message)
{
    jf_input in;

    assert_refused(read(text, &in), JF_ERR_USAGE, message);
}

static void accept(const char *text)
{
    jf_input in;

    assert_ok(read(text, &in));
    jf_input_clear(&in);
}

static jf_point make(void)
{
    static double ones[2] = {1.0, 1.0};
    static char name[] = "one";
    static const jf_spectrum spectrum = {.name = name, .features = 2, .lambda = ones, .rho = ones};
    jf_point point = {.spectrum = &spectrum};

    jf_point_set_neutral(&point);
    point.value[JF_P_OBJECTIVE] = JF_JEPA;
    point.value[JF_P_DEPTH] = 2;
    return point;
}

/* model: balanced with each setting that is not; the closed form and layers go with all. */
static void balanced_needs_a_balanced_flow(void **state)
{
    char text[256] = "";

    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        /* batches and activations ask for more than themselves: tests/flow/test_steps.c */
        if (!p->departs || i == JF_P_BATCH || i == JF_P_ACTIVATION) {
            continue;
        }
        for (int model = JF_MODEL_AUTO; model <= JF_MODEL_LAYERS; model++) {
            jf_point point = make();
            point.value[JF_P_MODEL] = model;
            assert_true(!jf_rule_broken(&point, text, sizeof text));
            point.value[i] = p->neutral == 1.0 ? 2.0 : 1.0;
            assert_int_equal(jf_rule_broken(&point, text, sizeof text),
                             model == JF_MODEL_BALANCED && p->layered);
        }
    }
    jf_point point = make();
    point.value[JF_P_MODEL] = JF_MODEL_BALANCED;
    point.value[JF_P_START] = 1;
    assert_true(jf_rule_broken(&point, text, sizeof text));
    assert_string_equal(text,
                        "model is balanced, but start is gaussian, expected model auto or layers");
}

/* For JEPA alone: MAE has no target encoder. */
static void a_target_is_slow_or_free(void **state)
{
    jf_point point = make();
    char text[256] = "";

    (void)state;
    point.value[JF_P_EMA_RATE] = 0.5;
    assert_true(!jf_rule_broken(&point, text, sizeof text));
    point.value[JF_P_STOP_GRADIENT] = JF_STOP_GRADIENT_NO;
    assert_true(jf_rule_broken(&point, text, sizeof text));
    assert_non_null(strstr(text, "ema_rate is 0.5"));
    point.value[JF_P_OBJECTIVE] = JF_MAE;
    assert_true(!jf_rule_broken(&point, text, sizeof text));
}

/* A file of weights is one network; until it is read, and for other starts, all is well. */
static void weights_are_of_the_depth_and_the_features(void **state)
{
    double numbers[1] = {0.0};
    jf_weights weights = {.depth = 2, .d = 2, .numbers = numbers};
    const jf_weights unread = {0};
    jf_point point = make();
    char text[256] = "";

    (void)state;
    point.value[JF_P_START] = JF_START_FILE;
    assert_true(!jf_rule_broken(&point, text, sizeof text)); /* NULL */
    point.weights = &unread;
    assert_true(!jf_rule_broken(&point, text, sizeof text));
    point.weights = &weights;
    assert_true(!jf_rule_broken(&point, text, sizeof text));
    weights.d = 3;
    assert_true(jf_rule_broken(&point, text, sizeof text));
    assert_string_equal(text, "the file of weights has 2 layers of 3 features, the point 2 of 2, "
                              "expected the same");
    weights.d = 2;
    weights.depth = 1;
    assert_true(jf_rule_broken(&point, text, sizeof text));
    point.value[JF_P_START] = JF_START_GAUSSIAN;
    assert_true(!jf_rule_broken(&point, text, sizeof text));
}

/* Refused where every point breaks a rule, with its place; else the points say it themselves. */
static void an_input_is_refused_where_no_point_is_left(void **state)
{
    (void)state;
    refuse("sweep:\n  depth: 2\n" REST "start:\n  start: gaussian\nflow:\n  model: balanced\n",
           "in.yaml:9:10: model is balanced, but start is gaussian, expected model auto or layers");
    refuse("sweep:\n  depth: 2\n  imbalance: [-1, 0.5]\n" REST "flow:\n  model: balanced\n",
           "in.yaml:8:10: model is balanced, but imbalance is -1, expected model auto or layers");
    refuse("sweep:\n  depth: 2\n  objective: jepa\n" REST
           "training:\n  ema_rate: 1\n  stop_gradient: no\n",
           "in.yaml:9:18: stop_gradient is no, but ema_rate is 1");
    accept("sweep:\n  depth: 2\n" REST "training:\n  ema_rate: 1\n  stop_gradient: no\n");
    accept("sweep:\n  depth: 2\n  imbalance: [0, 0.5]\n" REST "flow:\n  model: balanced\n");
    accept("sweep:\n  depth: 1\n  imbalance: 0.5\n" REST "flow:\n  model: balanced\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balanced_needs_a_balanced_flow),
        cmocka_unit_test(a_target_is_slow_or_free),
        cmocka_unit_test(weights_are_of_the_depth_and_the_features),
        cmocka_unit_test(an_input_is_refused_where_no_point_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
