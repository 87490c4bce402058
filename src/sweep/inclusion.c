#include "jepaflow/sweep/inclusion.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

typedef struct {
    double value;
    size_t place;
} entry;

static int by_value(const void *a, const void *b)
{
    const double x = ((const entry *)a)->value;
    const double y = ((const entry *)b)->value;

    return (x > y) - (x < y);
}

static const jf_spectrum *spectrum_at(const jf_plan *plan, size_t k)
{
    const jf_input *input = plan->input;

    return &input->spectra[(size_t)input->setting[JF_P_SPECTRUM].at[k]];
}

static int same_numbers(const jf_spectrum *a, const jf_spectrum *b)
{
    const size_t bytes = a->features * sizeof *a->lambda;

    return a->features == b->features && a->fingerprint == b->fingerprint &&
           memcmp(a->lambda, b->lambda, bytes) == 0 && memcmp(a->rho, b->rho, bytes) == 0;
}

static void find_spectra(jf_inclusion *in)
{
    const size_t count = in->from->extent[JF_P_SPECTRUM];

    for (size_t k = 0; k < count; k++) {
        const jf_spectrum *mine = spectrum_at(in->from, k);
        size_t j = 0;
        while (j < in->to->extent[JF_P_SPECTRUM] &&
               strcmp(mine->name, spectrum_at(in->to, j)->name) != 0) {
            j++;
        }
        const int there = j < in->to->extent[JF_P_SPECTRUM];
        in->place[JF_P_SPECTRUM][k] = there ? j : JF_NOWHERE;
        in->missing[JF_P_SPECTRUM] += !there;
        in->other_numbers[k] = there && !same_numbers(mine, spectrum_at(in->to, j));
        in->others += in->other_numbers[k];
    }
}

/* Sorted, so that axes of many values are compared soon. */
static jf_status find_numbers(jf_inclusion *in, size_t parameter)
{
    const jf_values *mine = &in->from->input->setting[parameter];
    const jf_values *theirs = &in->to->input->setting[parameter];
    entry *sorted = malloc(theirs->count * sizeof *sorted);

    if (sorted == NULL) {
        return jf_fail_memory("the axes");
    }
    for (size_t j = 0; j < theirs->count; j++) {
        sorted[j] = (entry){theirs->at[j], j};
    }
    qsort(sorted, theirs->count, sizeof *sorted, by_value);
    for (size_t k = 0; k < mine->count; k++) {
        const entry wanted = {mine->at[k], 0};
        const entry *found = bsearch(&wanted, sorted, theirs->count, sizeof *sorted, by_value);
        in->place[parameter][k] = found != NULL ? found->place : JF_NOWHERE;
        in->missing[parameter] += found == NULL;
    }
    free(sorted);
    return JF_OK;
}

/* Where only one has weights, a value of `start` is missing in the other. */
static int other_weights(const jf_input *a, const jf_input *b)
{
    return a->weights_print != 0 && b->weights_print != 0 && a->weights_print != b->weights_print;
}

static jf_status find_all(jf_inclusion *in)
{
    in->other_weights = other_weights(in->from->input, in->to->input);
    in->other_numbers = calloc(in->from->extent[JF_P_SPECTRUM], 1);
    if (in->other_numbers == NULL) {
        return jf_fail_memory("the spectra");
    }
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        if (jf_parameter_get((jf_parameter_id)i)->placement) {
            continue;
        }
        in->place[i] = calloc(in->from->input->setting[i].count, sizeof *in->place[i]);
        if (in->place[i] == NULL) {
            return jf_fail_memory("the axes");
        }
        if (i == JF_P_SPECTRUM) {
            find_spectra(in);
        } else {
            JF_TRY(find_numbers(in, i));
        }
    }
    return JF_OK;
}

jf_status jf_inclusion_find(const jf_plan *from, const jf_plan *to, jf_inclusion *out)
{
    *out = (jf_inclusion){.from = from, .to = to};
    const jf_status status = find_all(out);
    if (status != JF_OK) {
        jf_inclusion_clear(out);
    }
    return status;
}

void jf_inclusion_clear(jf_inclusion *inclusion)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        free(inclusion->place[i]);
    }
    free(inclusion->other_numbers);
    *inclusion = (jf_inclusion){0};
}

int jf_inclusion_is_whole(const jf_inclusion *inclusion)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        if (inclusion->missing[i] > 0) {
            return 0;
        }
    }
    return inclusion->others == 0 && !inclusion->other_weights;
}

size_t jf_inclusion_point(const jf_inclusion *inclusion, size_t index)
{
    const jf_plan *from = inclusion->from, *to = inclusion->to;
    size_t position[JF_PARAMETERS], of_parameter[JF_PARAMETERS] = {0}, place = 0;

    assert(jf_inclusion_is_whole(inclusion));
    jf_plan_position(from, index, position);
    for (size_t a = 0; a < from->axes; a++) {
        of_parameter[from->parameter[a]] = position[a];
    }
    for (size_t a = 0; a < to->axes; a++) {
        const jf_parameter_id id = to->parameter[a];
        place = place * to->extent[a] + inclusion->place[id][of_parameter[id]];
    }
    return place;
}
