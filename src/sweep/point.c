#include "jepaflow/sweep/point.h"

#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

size_t jf_point_count(const jf_point *point, jf_parameter_id id)
{
    return (size_t)point->value[id];
}

uint64_t jf_point_key(const jf_point *point)
{
    uint64_t hash = JF_HASH_START;

    hash = jf_hash_number(hash, point->value[JF_P_OBJECTIVE]);
    hash = jf_hash_number(hash, point->value[JF_P_DEPTH]);
    hash = jf_hash_number(hash, point->value[JF_P_INIT_SCALE]);
    return jf_hash_text(hash, point->spectrum->name);
}

jf_data jf_point_data(const jf_point *point)
{
    const jf_spectrum *s = point->spectrum;

    return (jf_data){
        .lambda = s->lambda,
        .rho = s->rho,
        .moments = s->moments.d > 0 ? &s->moments : NULL,
        .angle = point->value[JF_P_ANGLE],
        .asymmetry = point->value[JF_P_ASYMMETRY],
        .pairs = point->value[JF_P_PAIRS],
        .seed = (uint64_t)point->value[JF_P_SEED],
        .key = jf_hash_text(JF_HASH_START, s->name),
    };
}

double jf_point_setting(const jf_point *point, jf_parameter_id id)
{
    const jf_parameter *p = jf_parameter_get(id);
    const int idle = (p->jepa_only && point->value[JF_P_OBJECTIVE] != JF_JEPA) ||
                     (id == JF_P_WIDTH && point->value[id] >= (double)point->spectrum->features) ||
                     (id == JF_P_IMBALANCE && jf_point_count(point, JF_P_DEPTH) == 1);

    return idle ? p->neutral : point->value[id];
}

/* Covariances of data share no eigenvectors. */
int jf_point_departs(const jf_point *point)
{
    if (point->spectrum->moments.d > 0) {
        return 1;
    }
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (p->departs && jf_point_setting(point, (jf_parameter_id)i) != p->neutral) {
            return 1;
        }
    }
    return 0;
}

jf_parameter_id jf_point_imbalanced_by(const jf_point *point)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (p->layered && jf_point_setting(point, (jf_parameter_id)i) != p->neutral) {
            return (jf_parameter_id)i;
        }
    }
    return JF_PARAMETERS;
}

int jf_point_is_balanced(const jf_point *point)
{
    return jf_point_imbalanced_by(point) == JF_PARAMETERS;
}

void jf_point_set_neutral(jf_point *point)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (p->departs) {
            point->value[i] = p->neutral;
        }
    }
}

jf_feature jf_point_feature_of(const jf_point *point, double lambda, double rho)
{
    return (jf_feature){
        .objective = (jf_objective)point->value[JF_P_OBJECTIVE],
        .depth = jf_point_count(point, JF_P_DEPTH),
        .init_scale = point->value[JF_P_INIT_SCALE],
        .lambda = lambda,
        .rho = rho,
    };
}

jf_feature jf_point_feature(const jf_point *point, size_t i)
{
    return jf_point_feature_of(point, point->spectrum->lambda[i], point->spectrum->rho[i]);
}

/* Those that have a closed form; returns their number. */
static size_t list_features(const jf_point *point, const double *lambda, const double *rho,
                            size_t count, jf_feature *features)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        if (lambda[i] > 0.0 && rho[i] > 0.0) {
            features[used++] = jf_point_feature_of(point, lambda[i], rho[i]);
        }
    }
    return used;
}

jf_status jf_point_outlook_of(const jf_point *point, const double *lambda, const double *rho,
                              size_t count, jf_outlook *outlook)
{
    jf_feature *features = malloc(count * sizeof *features);

    if (features == NULL) {
        return jf_fail_memory("a point's features");
    }
    const jf_course course = {
        .threshold = point->value[JF_P_THRESHOLD],
        .horizon = point->value[JF_P_HORIZON],
        .rests = point->value[JF_P_ROTATION] == JF_ROTATION_NONE && !jf_point_departs(point),
        .end_to_end = point->value[JF_P_MODEL] != JF_MODEL_LAYERS && jf_point_is_balanced(point),
        .open_end = jf_point_departs(point),
    };
    const size_t used = list_features(point, lambda, rho, count, features);
    const jf_status status =
        used > 0 ? jf_outlook_find(features, used, &course, outlook)
                 : jf_fail(JF_ERR_NUMERICS,
                           "point %zu: no feature of its %zu has a rho above 0: nothing is learnt",
                           point->index, count);
    free(features);
    return status;
}

jf_status jf_point_outlook(const jf_point *point, jf_outlook *outlook)
{
    const jf_spectrum *s = point->spectrum;

    return jf_point_outlook_of(point, s->lambda, s->rho, s->features, outlook);
}
