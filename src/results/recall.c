#include "jepaflow/results/recall.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

void jf_recalled_clear(jf_recalled *recalled)
{
    jf_input_clear(&recalled->input);
}

static jf_status unknown(const jf_dataset *d, const jf_parameter *p, const char *word)
{
    return jf_fail(JF_ERR_FILE, "%s: %s is '%s', which this version does not know",
                   jf_file_path(d->file), p->name, word);
}

/* The value of a choice, or of a number's word. */
static jf_status find_word(const jf_dataset *d, const jf_parameter *p, const char *word,
                           double *value)
{
    if (p->word != NULL && strcmp(word, p->word) == 0) {
        *value = p->word_value;
        return JF_OK;
    }
    for (size_t k = 0; p->choices != NULL && p->choices[k] != NULL; k++) {
        if (strcmp(word, p->choices[k]) == 0) {
            *value = (double)k;
            return JF_OK;
        }
    }
    return unknown(d, p, word);
}

/* A damaged number must not become a count. */
static jf_status check_range(const jf_dataset *d, const jf_parameter *p, double value)
{
    const int number = p->type == JF_TYPE_REAL || p->type == JF_TYPE_INTEGER;

    return !number || (value >= p->low && value <= p->high) || jf_parameter_word(p, value) != NULL
               ? JF_OK
               : jf_fail(JF_ERR_FILE, "%s: is damaged: %s is %g", jf_file_path(d->file), p->name,
                         value);
}

static jf_status recall_axis(const jf_dataset *d, const jf_axis *axis, jf_values *values)
{
    const jf_parameter *p = jf_parameter_get(axis->parameter);

    for (size_t k = 0; k < axis->extent; k++) {
        values->at[k] = axis->values[k]; /* of spectra 0, 1 ...: as recall_spectra() has them */
        if (p->type == JF_TYPE_CHOICE) {
            JF_TRY(find_word(d, p, axis->labels[k], &values->at[k]));
        }
        JF_TRY(check_range(d, p, values->at[k]));
    }
    return JF_OK;
}

static jf_status recall_setting(const jf_dataset *d, const jf_parameter *p, double *value)
{
    const char *path = jf_file_path(d->file);
    char *word = NULL;

    switch (jf_file_attribute(d->file, p->name)) {
    case JF_FILE_NUMBER:
        JF_TRY(jf_file_number(d->file, -1, p->name, value));
        return check_range(d, p, *value);
    case JF_FILE_WORD:
        JF_TRY(jf_file_text(d->file, -1, p->name, &word));
        const jf_status status = find_word(d, p, word, value);
        free(word);
        return status;
    default:
        return p->placement ? JF_OK
                            : jf_fail(JF_ERR_FILE,
                                      "%s: says nothing of '%s': it is damaged, or of another "
                                      "version of jepaflow",
                                      path, p->name);
    }
}

static jf_status recall_parameter(const jf_dataset *d, jf_parameter_id id, jf_input *input)
{
    const size_t a = jf_dataset_axis(d, id);
    const size_t count = a < JF_PARAMETERS ? d->axis[a].extent : 1;
    jf_values *values = &input->setting[id];

    *values = (jf_values){.at = calloc(count, sizeof *values->at), .count = count};
    if (values->at == NULL) {
        return jf_fail_memory("the axes");
    }
    input->swept[id] = a < JF_PARAMETERS;
    return a < JF_PARAMETERS ? recall_axis(d, &d->axis[a], values)
                             : recall_setting(d, jf_parameter_get(id), values->at);
}

static jf_status recall_spectrum(const jf_dataset *d, size_t k, jf_spectrum *s)
{
    const double *lambda = d->lambda + k * d->features, *rho = d->rho + k * d->features;

    s->features = jf_dataset_features(d, k);
    s->name = strdup(d->axis[JF_P_SPECTRUM].labels[k]);
    s->lambda = calloc(d->features, sizeof *s->lambda);
    s->rho = calloc(d->features, sizeof *s->rho);
    if (s->name == NULL || s->lambda == NULL || s->rho == NULL) {
        return jf_fail_memory("the spectra");
    }
    memcpy(s->lambda, lambda, s->features * sizeof *lambda);
    memcpy(s->rho, rho, s->features * sizeof *rho);
    return JF_OK;
}

/* Fingerprints of spectra of data, whose covariances are not kept: "0" of the others. */
static jf_status recall_fingerprints(const jf_dataset *d, jf_input *input)
{
    char *text, *rest;

    if (jf_file_attribute(d->file, "data_fingerprints") != JF_FILE_WORD) {
        return JF_OK;
    }
    JF_TRY(jf_file_text(d->file, -1, "data_fingerprints", &text));
    rest = text;
    for (size_t k = 0; k < input->spectra_count; k++) {
        input->spectra[k].fingerprint = strtoull(rest, &rest, 16);
    }
    free(text);
    return JF_OK;
}

static jf_status recall_weights(const jf_dataset *d, jf_input *input)
{
    char *text;

    if (jf_file_attribute(d->file, "weights_fingerprint") != JF_FILE_WORD) {
        return JF_OK;
    }
    JF_TRY(jf_file_text(d->file, -1, "weights_fingerprint", &text));
    input->weights_print = strtoull(text, NULL, 16);
    free(text);
    return JF_OK;
}

static jf_status recall_spectra(const jf_dataset *d, jf_input *input)
{
    const size_t count = d->axis[JF_P_SPECTRUM].extent;

    input->spectra = calloc(count, sizeof *input->spectra);
    if (input->spectra == NULL) {
        return jf_fail_memory("the spectra");
    }
    input->spectra_count = count;
    for (size_t k = 0; k < count; k++) {
        JF_TRY(recall_spectrum(d, k, &input->spectra[k]));
    }
    JF_TRY(recall_weights(d, input));
    return recall_fingerprints(d, input);
}

static int has_shape_of(const jf_dataset *d, const jf_plan *plan)
{
    int has = d->axes == plan->axes && d->features == plan->features && d->samples == plan->samples;

    for (size_t a = 0; has && a < plan->axes; a++) {
        has = d->axis[a].parameter == plan->parameter[a] && d->axis[a].stored == plan->extent[a];
    }
    return has;
}

jf_status jf_recall_check(const jf_dataset *d, const jf_plan *plan)
{
    char digest[17];

    jf_plan_digest(plan, digest);
    return strcmp(digest, d->digest) == 0 && has_shape_of(d, plan)
               ? JF_OK
               : jf_fail(JF_ERR_FILE,
                         "%s: its axes, settings and spectra are not those of its fingerprint "
                         "(plan_digest): it is damaged, a part of another dataset, or of another "
                         "version of jepaflow",
                         jf_file_path(d->file));
}

static jf_status recall_all(const jf_dataset *d, jf_recalled *out)
{
    out->input.title = strdup(d->title);
    if (out->input.title == NULL) {
        return jf_fail_memory("the title");
    }
    JF_TRY(recall_spectra(d, &out->input));
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        JF_TRY(recall_parameter(d, (jf_parameter_id)i, &out->input));
    }
    JF_TRY(jf_plan_init(&out->input, &out->plan));
    return jf_recall_check(d, &out->plan);
}

jf_status jf_recall(const jf_dataset *dataset, jf_recalled *out)
{
    *out = (jf_recalled){0};
    const jf_status status = recall_all(dataset, out);
    if (status != JF_OK) {
        jf_recalled_clear(out);
    }
    return status;
}
