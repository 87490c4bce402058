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

double jf_point_setting(const jf_point *point, jf_parameter_id id)
{
    const jf_parameter *p = jf_parameter_get(id);
    const int idle = (p->jepa_only && point->value[JF_P_OBJECTIVE] != JF_JEPA) ||
                     (id == JF_P_WIDTH && point->value[id] >= (double)point->spectrum->features) ||
                     (id == JF_P_IMBALANCE && jf_point_count(point, JF_P_DEPTH) == 1);

    return idle ? p->neutral : point->value[id];
}

int jf_point_departs(const jf_point *point)
{
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

jf_feature jf_point_feature(const jf_point *point, size_t i)
{
    return (jf_feature){
        .objective = (jf_objective)point->value[JF_P_OBJECTIVE],
        .depth = jf_point_count(point, JF_P_DEPTH),
        .init_scale = point->value[JF_P_INIT_SCALE],
        .lambda = point->spectrum->lambda[i],
        .rho = point->spectrum->rho[i],
    };
}

jf_status jf_point_outlook(const jf_point *point, jf_outlook *outlook)
{
    const size_t count = point->spectrum->features;
    jf_feature *features = malloc(count * sizeof *features);

    if (features == NULL) {
        return jf_fail_memory("a point's features");
    }
    for (size_t i = 0; i < count; i++) {
        features[i] = jf_point_feature(point, i);
    }
    const jf_course course = {
        .threshold = point->value[JF_P_THRESHOLD],
        .horizon = point->value[JF_P_HORIZON],
        .rests = point->value[JF_P_ROTATION] == JF_ROTATION_NONE && !jf_point_departs(point),
        .end_to_end = point->value[JF_P_MODEL] != JF_MODEL_LAYERS && jf_point_is_balanced(point),
        .open_end = jf_point_departs(point),
    };
    const jf_status status = jf_outlook_find(features, count, &course, outlook);
    free(features);
    return status;
}
