#include "jepaflow/results/layout.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/results/dataset.h"

/* Ids of the dimensions and of the coordinate variables while a file is defined. */
typedef struct {
    int axis[JF_PARAMETERS];
    int label[JF_PARAMETERS];    /* length of the labels of a text axis */
    size_t width[JF_PARAMETERS]; /* the same in bytes; 0 for a numeric axis */
    int coordinate[JF_PARAMETERS];
    int feature, sample;
    int lambda, rho;
} layout;

static int is_text_axis(const jf_plan *plan, size_t axis)
{
    const jf_parameter_type type = jf_parameter_get(plan->parameter[axis])->type;

    return type == JF_TYPE_CHOICE || type == JF_TYPE_NAME;
}

static size_t longest_label(const jf_plan *plan, size_t axis)
{
    size_t longest = 1;

    for (size_t k = 0; k < plan->extent[axis]; k++) {
        const size_t length = strlen(jf_plan_label(plan, axis, k, NULL, 0));
        longest = length > longest ? length : longest;
    }
    return longest;
}

static jf_status define_dimensions(jf_file *file, const jf_plan *plan, layout *l)
{
    for (size_t a = 0; a < plan->axes; a++) {
        const char *name = jf_parameter_get(plan->parameter[a])->name;
        JF_TRY(jf_file_add_dimension(file, name, plan->extent[a], &l->axis[a]));
    }
    JF_TRY(jf_file_add_dimension(file, "feature", plan->features, &l->feature));
    if (plan->samples > 0) {
        JF_TRY(jf_file_add_dimension(file, "sample", plan->samples, &l->sample));
    }
    for (size_t a = 0; a < plan->axes; a++) {
        char name[64];
        l->width[a] = is_text_axis(plan, a) ? longest_label(plan, a) : 0;
        snprintf(name, sizeof name, "%s_label", jf_parameter_get(plan->parameter[a])->name);
        if (l->width[a] > 0) {
            JF_TRY(jf_file_add_dimension(file, name, l->width[a], &l->label[a]));
        }
    }
    return JF_OK;
}

static jf_status describe(jf_file *file, int variable, const char *meaning, const char *unit)
{
    JF_TRY(jf_file_add_text(file, variable, "long_name", meaning));
    return unit != NULL ? jf_file_add_text(file, variable, "units", unit) : JF_OK;
}

/* An infinite value, whatever its word, has a place among doubles alone. */
static int is_whole_axis(const jf_parameter *p)
{
    return p->type == JF_TYPE_INTEGER && !(p->word != NULL && isinf(p->word_value));
}

static jf_status define_coordinates(jf_file *file, const jf_plan *plan, layout *l)
{
    static const double unknown = NAN;

    for (size_t a = 0; a < plan->axes; a++) {
        const jf_parameter *p = jf_parameter_get(plan->parameter[a]);
        const int dimensions[2] = {l->axis[a], l->label[a]};
        const int text = l->width[a] > 0;
        const jf_file_type type = text               ? JF_FILE_TEXT
                                  : is_whole_axis(p) ? JF_FILE_LONG
                                                     : JF_FILE_DOUBLE;
        JF_TRY(jf_file_add_variable(file, p->name, type, text ? 2 : 1, dimensions, NULL,
                                    &l->coordinate[a]));
        JF_TRY(describe(file, l->coordinate[a], p->help, text ? NULL : p->unit));
        if (text) {
            JF_TRY(jf_file_add_text(file, l->coordinate[a], "_Encoding", "utf-8"));
        }
    }
    const int spectra[2] = {l->axis[JF_P_SPECTRUM], l->feature};
    JF_TRY(jf_file_add_variable(file, "lambda", JF_FILE_DOUBLE, 2, spectra, &unknown, &l->lambda));
    JF_TRY(describe(file, l->lambda, "covariance of the feature, e^T Syx e", "1"));
    JF_TRY(jf_file_add_variable(file, "rho", JF_FILE_DOUBLE, 2, spectra, &unknown, &l->rho));
    return describe(file, l->rho, "regression coefficient of the feature, lambda / variance", "1");
}

/* CF's flag_values 0, 1, 2 ... for the words of `meanings`. */
static jf_status add_flags(jf_file *file, int variable, const char *meanings)
{
    int8_t values[16];
    size_t count = 1;

    for (const char *c = meanings; *c != '\0'; c++) {
        count += *c == ' ';
    }
    for (size_t k = 0; k < count; k++) {
        values[k] = (int8_t)k;
    }
    JF_TRY(jf_file_add_bytes(file, variable, "flag_values", values, count));
    return jf_file_add_text(file, variable, "flag_meanings", meanings);
}

static jf_status define_field(jf_file *file, const jf_plan *plan, const layout *l,
                              const jf_field *field)
{
    int dimensions[JF_PARAMETERS + 2];
    size_t rank = plan->axes;
    int variable;

    memcpy(dimensions, l->axis, plan->axes * sizeof *dimensions);
    if (jf_field_has_samples(field)) {
        dimensions[rank++] = l->sample;
    }
    if (jf_field_has_features(field)) {
        dimensions[rank++] = l->feature;
    }
    JF_TRY(jf_file_add_variable(file, field->name, jf_layout_type(field), rank, dimensions,
                                field->type == JF_FIELD_DOUBLE ? &field->empty : NULL, &variable));
    JF_TRY(describe(file, variable, field->meaning, field->unit));
    return field->flags != NULL ? add_flags(file, variable, field->flags) : JF_OK;
}

jf_file_type jf_layout_type(const jf_field *field)
{
    static const jf_file_type type[] = {
        [JF_FIELD_BYTE] = JF_FILE_BYTE,
        [JF_FIELD_LONG] = JF_FILE_LONG,
        [JF_FIELD_DOUBLE] = JF_FILE_DOUBLE,
    };

    return type[field->type];
}

/* NetCDF has no dimension of length 0. */
int jf_layout_has(const jf_plan *plan, const jf_field *field)
{
    const int asked = plan->input->setting[JF_P_PROBE].at[0] == JF_PROBE_YES;

    return (plan->samples > 0 || !jf_field_has_samples(field)) && (asked || !field->optional);
}

static jf_status define_fields(jf_file *file, const jf_plan *plan, const layout *l)
{
    size_t count;
    const jf_field *fields = jf_record_fields(&count);

    for (size_t f = 0; f < count; f++) {
        if (jf_layout_has(plan, &fields[f])) {
            JF_TRY(define_field(file, plan, l, &fields[f]));
        }
    }
    return JF_OK;
}

/* ---- attributes ---- */

/* The settings that are no axes, one attribute each. */
static jf_status add_settings(jf_file *file, const jf_plan *plan)
{
    for (size_t i = JF_STANDARD_AXES; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        const double value = plan->input->setting[i].at[0];
        if (plan->input->swept[i]) {
            continue;
        }
        if (jf_parameter_word(p, value) != NULL) {
            JF_TRY(jf_file_add_text(file, -1, p->name, jf_parameter_word(p, value)));
        } else if (p->type == JF_TYPE_INTEGER) {
            JF_TRY(jf_file_add_integer(file, -1, p->name, (int64_t)value));
        } else {
            JF_TRY(jf_file_add_number(file, -1, p->name, value));
        }
    }
    return JF_OK;
}

/* Of spectra of data, whose covariances are not kept: what they were, 0 for the others. */
static jf_status add_fingerprints(jf_file *file, const jf_plan *plan)
{
    const jf_values *spectra = &plan->input->setting[JF_P_SPECTRUM];
    jf_string text = {0};
    int any = 0;

    for (size_t k = 0; k < spectra->count; k++) {
        const uint64_t print = plan->input->spectra[(size_t)spectra->at[k]].fingerprint;
        jf_string_add(&text, "%s%" PRIx64, k > 0 ? " " : "", print);
        any = any || print != 0;
    }
    jf_status status = jf_string_check(&text);
    if (status == JF_OK && any) {
        status = jf_file_add_text(file, -1, "data_fingerprints", text.text);
    }
    jf_string_clear(&text);
    if (status == JF_OK && plan->input->weights_print != 0) {
        char print[17];
        snprintf(print, sizeof print, "%" PRIx64, plan->input->weights_print);
        status = jf_file_add_text(file, -1, "weights_fingerprint", print);
    }
    return status;
}

static jf_status add_provenance(jf_file *file, const jf_plan *plan, const jf_provenance *from)
{
    char stamp[32], digest[17], shard[JF_SHARD_TEXT];
    jf_string history = {0};

    jf_clock_stamp(stamp, sizeof stamp);
    jf_plan_digest(plan, digest);
    jf_string_add(&history, "%s%s%s %s", from->history != NULL ? from->history : "",
                  from->history != NULL ? "\n" : "", stamp, from->command);
    JF_TRY(jf_string_check(&history));
    const struct {
        const char *name, *text;
    } attributes[] = {
        {"title", plan->input->title},
        {"Conventions", "CF-1.8"},
        {"source", from->program},
        {"version", from->version},
        {"history", history.text},
        {"references",
         "Littwin et al., How JEPA Avoids Noisy Features, NeurIPS 2024, arXiv 2407.03475"},
        {"time_convention", "times are flow time t of dW/dt = -gradient, one rate for every layer; "
                            "the paper's series for "
                            "the critical time is depth times critical_time_series"},
        {"input", from->input},
        {"overrides", from->overrides},
        {"plan_digest", digest},
        {"libraries", from->libraries},
    };
    jf_status status = JF_OK;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0] && status == JF_OK; i++) {
        status = jf_file_add_text(file, -1, attributes[i].name, attributes[i].text);
    }
    jf_string_clear(&history);
    JF_TRY(status);
    JF_TRY(jf_file_add_integer(file, -1, "format_version", JF_DATASET_FORMAT));
    if (from->shard.count > 0) {
        jf_shard_text(from->shard, shard);
        JF_TRY(jf_file_add_text(file, -1, "shard", shard));
    }
    JF_TRY(add_fingerprints(file, plan));
    return add_settings(file, plan);
}

/* ---- the first content ---- */

static jf_status write_coordinate(jf_file *file, const jf_plan *plan, const layout *l, size_t a)
{
    const double *values = plan->input->setting[plan->parameter[a]].at;

    for (size_t k = 0; k < plan->extent[a]; k++) {
        const size_t start[2] = {k, 0};
        if (l->width[a] > 0) {
            const char *label = jf_plan_label(plan, a, k, NULL, 0);
            const size_t count[2] = {1, strlen(label)};
            JF_TRY(jf_file_put(file, l->coordinate[a], JF_FILE_TEXT, start, count, label));
        } else {
            const size_t one[1] = {1};
            JF_TRY(jf_file_put(file, l->coordinate[a], JF_FILE_DOUBLE, start, one, &values[k]));
        }
    }
    return JF_OK;
}

static jf_status write_spectra(jf_file *file, const jf_plan *plan, const layout *l)
{
    const jf_values *spectra = &plan->input->setting[JF_P_SPECTRUM];

    for (size_t k = 0; k < spectra->count; k++) {
        const jf_spectrum *s = &plan->input->spectra[(size_t)spectra->at[k]];
        const size_t start[2] = {k, 0};
        const size_t count[2] = {1, s->features};
        JF_TRY(jf_file_put(file, l->lambda, JF_FILE_DOUBLE, start, count, s->lambda));
        JF_TRY(jf_file_put(file, l->rho, JF_FILE_DOUBLE, start, count, s->rho));
    }
    return JF_OK;
}

jf_status jf_layout_write(jf_file *file, const jf_plan *plan, const jf_provenance *provenance)
{
    layout l = {0};

    JF_TRY(define_dimensions(file, plan, &l));
    JF_TRY(define_coordinates(file, plan, &l));
    JF_TRY(define_fields(file, plan, &l));
    JF_TRY(add_provenance(file, plan, provenance));
    JF_TRY(jf_file_end_definitions(file));
    for (size_t a = 0; a < plan->axes; a++) {
        JF_TRY(write_coordinate(file, plan, &l, a));
    }
    return write_spectra(file, plan, &l);
}
