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
    const jf_data data = jf_point_data(point);

    if (features == NULL) {
        return jf_fail_memory("a point's features");
    }
    const jf_course course = {
        .threshold = point->value[JF_P_THRESHOLD],
        .horizon = point->value[JF_P_HORIZON],
        .rests = point->value[JF_P_ROTATION] == JF_ROTATION_NONE && jf_data_is_shared(&data),
        .end_to_end = point->value[JF_P_MODEL] != JF_MODEL_LAYERS,
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
