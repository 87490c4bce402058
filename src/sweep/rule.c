#include "jepaflow/sweep/rule.h"

#include <math.h>
#include <stdio.h>

#include "jepaflow/model/network.h"
#include "jepaflow/sweep/plan.h"

enum { TEXT_SIZE = 256 };

typedef struct {
    jf_parameter_id at; /* the setting that a message points to */
    int (*broken)(const jf_point *point, char *text, size_t size);
} rule;

/* A setting as a person would write it. */
static const char *written(const jf_point *point, jf_parameter_id id, char number[32])
{
    const char *word = jf_parameter_word(jf_parameter_get(id), point->value[id]);

    snprintf(number, 32, "%.15g", point->value[id]);
    return word != NULL ? word : number;
}

/* Three matrices hold a balanced flow alone (model/balanced.h). */
static int balanced_is_not(const jf_point *point, char *text, size_t size)
{
    const jf_parameter_id id = jf_point_imbalanced_by(point);
    char number[32];

    if (point->value[JF_P_MODEL] != JF_MODEL_BALANCED || id == JF_PARAMETERS) {
        return 0;
    }
    snprintf(text, size, "model is balanced, but %s is %s, expected model auto or layers",
             jf_parameter_get(id)->name, written(point, id, number));
    return 1;
}

/* A target that has its own encoder is held fixed by that. */
static int target_is_slow_and_free(const jf_point *point, char *text, size_t size)
{
    if (isinf(jf_point_setting(point, JF_P_EMA_RATE)) ||
        jf_point_setting(point, JF_P_STOP_GRADIENT) == JF_STOP_GRADIENT_YES) {
        return 0;
    }
    snprintf(text, size,
             "stop_gradient is no, but ema_rate is %.15g: a target encoder that follows has no "
             "gradient, expected stop_gradient yes or ema_rate infinite",
             point->value[JF_P_EMA_RATE]);
    return 1;
}

/* A flow has no steps at which pairs could be drawn. */
static int flow_has_batches(const jf_point *point, char *text, size_t size)
{
    if (point->value[JF_P_METHOD] != JF_METHOD_FLOW || isinf(point->value[JF_P_BATCH])) {
        return 0;
    }
    snprintf(text, size,
             "batch is %.15g, but method is flow: it has no steps at which to draw pairs, expected "
             "method descent or batch infinite",
             point->value[JF_P_BATCH]);
    return 1;
}

/* Covariances do not say what becomes of x in a layer that is not linear. */
static int nonlinear_has_no_batch(const jf_point *point, char *text, size_t size)
{
    const jf_parameter *activation = jf_parameter_get(JF_P_ACTIVATION);
    const double value = point->value[JF_P_ACTIVATION];

    if (value == activation->neutral || isfinite(point->value[JF_P_BATCH])) {
        return 0;
    }
    snprintf(text, size,
             "activation is %s, but batch is infinite: covariances do not say what it makes of x, "
             "expected method descent and a number of pairs as batch",
             jf_parameter_word(activation, value));
    return 1;
}

/* The table of models has targets of their own for covariances only. */
static int batch_has_other_target(const jf_point *point, char *text, size_t size)
{
    const int slow = isfinite(jf_point_setting(point, JF_P_EMA_RATE));
    const int is_free = jf_point_setting(point, JF_P_STOP_GRADIENT) == JF_STOP_GRADIENT_NO;
    char number[32];

    if (isinf(point->value[JF_P_BATCH]) || (!slow && !is_free)) {
        return 0;
    }
    const jf_parameter_id id = slow ? JF_P_EMA_RATE : JF_P_STOP_GRADIENT;
    snprintf(text, size,
             "batch is %.15g, but %s is %s: pairs teach with the stop-gradient alone, expected "
             "batch infinite, or ema_rate infinite and stop_gradient yes",
             point->value[JF_P_BATCH], jf_parameter_get(id)->name, written(point, id, number));
    return 1;
}

static int descent_has_integrator(const jf_point *point, char *text, size_t size)
{
    char number[32];

    if (point->value[JF_P_METHOD] != JF_METHOD_DESCENT ||
        point->value[JF_P_INTEGRATOR] == JF_INTEGRATOR_AUTO) {
        return 0;
    }
    snprintf(
        text, size,
        "integrator is %s, but method is descent, whose steps are its own, expected integrator "
        "auto or method flow",
        written(point, JF_P_INTEGRATOR, number));
    return 1;
}

/* What a file holds is one network; before it is read nobody knows. */
static int weights_do_not_fit(const jf_point *point, char *text, size_t size)
{
    const jf_weights *w = point->weights;
    const size_t depth = jf_point_count(point, JF_P_DEPTH);

    if (point->value[JF_P_START] != JF_START_FILE || w == NULL || w->depth == 0 ||
        (w->depth == depth && w->d == point->spectrum->features)) {
        return 0;
    }
    snprintf(
        text, size,
        "the file of weights has %zu layers of %zu features, the point %zu of %zu, expected the "
        "same",
        w->depth, w->d, depth, point->spectrum->features);
    return 1;
}

static const rule rules[] = {
    {JF_P_MODEL, balanced_is_not},        {JF_P_STOP_GRADIENT, target_is_slow_and_free},
    {JF_P_BATCH, flow_has_batches},       {JF_P_ACTIVATION, nonlinear_has_no_batch},
    {JF_P_BATCH, batch_has_other_target}, {JF_P_INTEGRATOR, descent_has_integrator},
    {JF_P_START, weights_do_not_fit},
};

enum { RULES = sizeof rules / sizeof rules[0] };

/* The first that is broken, or NULL. */
static const rule *find_broken(const jf_point *point, char *text, size_t size)
{
    for (size_t k = 0; k < RULES; k++) {
        if (rules[k].broken(point, text, size)) {
            return &rules[k];
        }
    }
    return NULL;
}

int jf_rule_broken(const jf_point *point, char *text, size_t size)
{
    return find_broken(point, text, size) != NULL;
}

/* Where a parameter stands: under 'sweep', in its own section, or nowhere: the whole input. */
static const jf_node *place_of(const jf_node *root, jf_parameter_id id)
{
    const jf_parameter *p = jf_parameter_get(id);
    const char *const sections[] = {"sweep", p->section};

    for (size_t k = 0; k < 2; k++) {
        const jf_node *section = jf_node_find(root, sections[k]);
        const int is_map = section != NULL && section->kind == JF_NODE_MAP;
        const jf_node *item = is_map ? jf_node_find(section, p->name) : NULL;
        if (item != NULL) {
            return item;
        }
    }
    return root;
}

/* Mostly the first point breaks none, and that is all that is asked. */
jf_status jf_rule_check(const jf_node *root, const jf_input *input)
{
    char text[TEXT_SIZE];
    jf_plan plan;
    jf_point point;

    JF_TRY(jf_plan_init(input, &plan));
    for (size_t i = plan.points; i-- > 0;) {
        jf_plan_point(&plan, i, &point);
        const rule *broken = find_broken(&point, text, sizeof text);
        if (broken == NULL) {
            return JF_OK;
        }
        if (i == 0) {
            return jf_node_fail(place_of(root, broken->at), "%s", text);
        }
    }
    return JF_OK;
}
