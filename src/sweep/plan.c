#include "jepaflow/sweep/plan.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/sweep/size.h"

static const jf_spectrum *spectrum_of(const jf_plan *plan, double value)
{
    return &plan->input->spectra[(size_t)value];
}

jf_status jf_plan_init(const jf_input *input, jf_plan *out)
{
    const jf_values *spectra = &input->setting[JF_P_SPECTRUM];
    const jf_node whole = {.source = "the sweep"}; /* its line is unknown: features of files */

    *out = (jf_plan){.input = input, .points = 1};
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        if (i >= JF_STANDARD_AXES && !input->swept[i]) {
            continue;
        }
        const size_t extent = input->setting[i].count;
        if (extent > JF_MOST_POINTS / out->points) {
            return jf_fail(JF_ERR_USAGE,
                           "the sweep has more than %zu points, expected at most so many",
                           JF_MOST_POINTS);
        }
        out->points *= extent;
        out->parameter[out->axes] = (jf_parameter_id)i;
        out->extent[out->axes++] = extent;
    }
    for (size_t k = 0; k < spectra->count; k++) {
        const size_t features = spectrum_of(out, spectra->at[k])->features;
        out->features = features > out->features ? features : out->features;
    }
    out->samples = (size_t)input->setting[JF_P_SAMPLES].at[0];
    return jf_size_check_record(&whole, out->features, out->samples);
}

void jf_plan_position(const jf_plan *plan, size_t index, size_t *position)
{
    assert(index < plan->points);
    for (size_t axis = plan->axes; axis-- > 0;) {
        position[axis] = index % plan->extent[axis];
        index /= plan->extent[axis];
    }
}

void jf_plan_point(const jf_plan *plan, size_t index, jf_point *point)
{
    size_t position[JF_PARAMETERS];

    jf_plan_position(plan, index, position);
    point->index = index;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        point->value[i] = plan->input->setting[i].at[0];
    }
    for (size_t axis = 0; axis < plan->axes; axis++) {
        const jf_parameter_id id = plan->parameter[axis];
        point->value[id] = plan->input->setting[id].at[position[axis]];
    }
    point->spectrum = spectrum_of(plan, point->value[JF_P_SPECTRUM]);
    point->weights = &plan->input->weights;
}

const char *jf_plan_label(const jf_plan *plan, size_t axis, size_t k, char *text, size_t size)
{
    const jf_parameter_id id = plan->parameter[axis];
    const double value = plan->input->setting[id].at[k];

    const char *word = jf_parameter_word(jf_parameter_get(id), value);

    if (jf_parameter_get(id)->type == JF_TYPE_NAME) {
        return spectrum_of(plan, value)->name;
    }
    if (word != NULL) {
        return word;
    }
    snprintf(text, size, "%.15g", value);
    return text;
}

void jf_plan_name(const jf_plan *plan, size_t index, char *text, size_t size)
{
    size_t position[JF_PARAMETERS], used;
    const char *between = " (";

    jf_plan_position(plan, index, position);
    used = (size_t)snprintf(text, size, "point %zu", index);
    for (size_t axis = 0; axis < plan->axes && used < size; axis++) {
        char number[32];
        if (plan->extent[axis] > 1) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s=%s", between,
                                 jf_parameter_get(plan->parameter[axis])->name,
                                 jf_plan_label(plan, axis, position[axis], number, sizeof number));
            between = " ";
        }
    }
    if (used < size && strcmp(between, " ") == 0) {
        snprintf(text + used, size - used, ")");
    }
}

uint64_t jf_plan_key(const jf_plan *plan)
{
    uint64_t hash = JF_HASH_START;

    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_values *values = &plan->input->setting[i];
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        const int named = p->type == JF_TYPE_NAME;
        if (p->placement) {
            continue;
        }
        hash = jf_hash_text(hash, p->name);
        hash = jf_hash_number(hash, (double)(i < JF_STANDARD_AXES || plan->input->swept[i]));
        hash = jf_hash_number(hash, (double)values->count);
        for (size_t k = 0; k < values->count && !named; k++) {
            hash = jf_hash_number(hash, values->at[k]);
        }
    }
    for (size_t k = 0; k < plan->input->setting[JF_P_SPECTRUM].count; k++) {
        const jf_spectrum *s = spectrum_of(plan, plan->input->setting[JF_P_SPECTRUM].at[k]);
        hash = jf_hash_number(jf_hash_text(hash, s->name), (double)s->features);
        for (size_t i = 0; i < s->features; i++) {
            hash = jf_hash_number(jf_hash_number(hash, s->lambda[i]), s->rho[i]);
        }
        if (s->fingerprint != 0) {
            hash = jf_hash_bytes(hash, &s->fingerprint, sizeof s->fingerprint);
        }
    }
    if (plan->input->weights_print != 0) {
        hash = jf_hash_bytes(hash, &plan->input->weights_print, sizeof plan->input->weights_print);
    }
    return hash;
}

void jf_plan_digest(const jf_plan *plan, char text[17])
{
    snprintf(text, 17, "%016" PRIx64, jf_plan_key(plan));
}
