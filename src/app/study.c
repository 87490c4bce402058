#include "jepaflow/app/study.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/results/source.h"
#include "jepaflow/results/start_file.h"
#include "jepaflow/sweep/generator.h"

void jf_study_clear(jf_study *study)
{
    jf_input_clear(&study->input);
    jf_string_clear(&study->overrides);
    free(study->source);
    free(study->text);
    *study = (jf_study){0};
}

/* Split the overrides at their newlines, in a copy, and read the input with them. */
static jf_status read_with_overrides(jf_study *study)
{
    const size_t room = study->overrides.size + 1;
    char *copy = strdup(study->overrides.text != NULL ? study->overrides.text : "");
    const char **each = calloc(room, sizeof *each);
    jf_status status = JF_OK;
    size_t count = 0;

    if (copy == NULL || each == NULL) {
        status = jf_fail_memory("the overrides");
    } else {
        for (char *rest = copy, *next; (next = strsep(&rest, "\n")) != NULL;) {
            if (next[0] != '\0') {
                each[count++] = next;
            }
        }
        status = jf_input_read(study->source, study->text, strlen(study->text), each, count,
                               &study->input);
    }
    free(copy);
    free(each);
    return status;
}

/* ---- data ---- */

/* A file that an input names: beside the input, unless its path is absolute. */
static jf_status data_path(const char *source, const char *file, jf_string *path)
{
    const char *slash = strrchr(source, '/');

    if (file[0] != '/' && slash != NULL) {
        jf_string_add(path, "%.*s", (int)(slash - source + 1), source);
    }
    jf_string_add(path, "%s", file);
    return jf_string_check(path);
}

static jf_status read_data(const jf_study *study, const jf_adder *adder, jf_spectrum *spectrum)
{
    jf_string path = {0};
    jf_source source = {0};

    jf_status status = data_path(study->source, spectrum->file, &path);
    if (status == JF_OK) {
        status = jf_source_read(path.text, adder, &source);
    }
    if (status == JF_OK) {
        status = source.features > 0 ? jf_spectrum_set_features(spectrum, source.lambda, source.rho,
                                                                source.features)
                                     : jf_spectrum_set_moments(spectrum, &source.moments);
    }
    jf_source_clear(&source);
    jf_string_clear(&path);
    return status;
}

static jf_status read_weights(jf_study *study)
{
    jf_input *in = &study->input;
    jf_string path = {0};

    jf_status status = data_path(study->source, in->weights_file, &path);
    if (status == JF_OK) {
        status = jf_start_file_read(path.text, &in->weights);
        in->weights_print = jf_weights_hash(&in->weights);
    }
    jf_string_clear(&path);
    return status;
}

/* Spectra of files that the sweep needs: what they hold, read on the rank that reads the input. */
static jf_status read_all_data(jf_study *study, const jf_adder *adder)
{
    const jf_values *swept = &study->input.setting[JF_P_SPECTRUM];

    for (size_t k = 0; k < swept->count; k++) {
        jf_spectrum *spectrum = &study->input.spectra[(size_t)swept->at[k]];
        if (spectrum->file != NULL) {
            JF_TRY(read_data(study, adder, spectrum));
        }
    }
    return study->input.weights_file != NULL ? read_weights(study) : JF_OK;
}

static int is_zero(const jf_values *values)
{
    return values->count == 1 && values->at[0] == 0.0;
}

/* Covariances of data stand as they are: there is nothing to turn. */
static jf_status check_data(const jf_study *study)
{
    const jf_input *in = &study->input;

    for (size_t k = 0; k < in->spectra_count; k++) {
        if (in->spectra[k].moments.d > 0 &&
            !(is_zero(&in->setting[JF_P_ANGLE]) && is_zero(&in->setting[JF_P_ASYMMETRY]))) {
            return jf_fail(JF_ERR_USAGE,
                           "%s: spectrum '%s' is of data, whose covariances stand as they are, "
                           "expected data.angle and data.asymmetry to be 0",
                           study->source, in->spectra[k].name);
        }
    }
    return JF_OK;
}

/* What was read of files, for the other ranks. */
static void pack_data(const jf_study *study, jf_wire *wire)
{
    for (size_t k = 0; k < study->input.spectra_count; k++) {
        const jf_spectrum *s = &study->input.spectra[k];
        if (s->file != NULL) {
            jf_wire_put_i64(wire, (int64_t)s->features);
            jf_wire_put_f64s(wire, s->lambda, s->features);
            jf_wire_put_f64s(wire, s->rho, s->features);
            jf_wire_put_i64(wire, (int64_t)s->moments.d);
            jf_wire_put_f64s(wire, s->moments.sxx, jf_moments_count(&s->moments));
        }
    }
    const jf_weights *w = &study->input.weights;
    jf_wire_put_i64(wire, (int64_t)w->depth);
    jf_wire_put_i64(wire, (int64_t)w->d);
    jf_wire_put_f64s(wire, w->numbers, jf_weights_count(w));
}

static jf_status unpack_weights(jf_wire_reader *reader, jf_input *input)
{
    const size_t depth = (size_t)jf_wire_get_i64(reader), d = (size_t)jf_wire_get_i64(reader);

    if (depth > 0) {
        JF_TRY(jf_weights_init(depth, d, &input->weights));
        jf_wire_get_f64s(reader, input->weights.numbers, jf_weights_count(&input->weights));
    }
    input->weights_print = jf_weights_hash(&input->weights);
    return JF_OK;
}

static jf_status unpack_features(jf_wire_reader *reader, jf_spectrum *spectrum)
{
    const size_t count = (size_t)jf_wire_get_i64(reader);
    double *numbers = jf_memory_numbers(2 * count + 1);

    if (numbers == NULL) {
        return jf_fail_memory("a spectrum");
    }
    jf_wire_get_f64s(reader, numbers, 2 * count);
    const jf_status status = jf_spectrum_set_features(spectrum, numbers, numbers + count, count);
    free(numbers);
    return status;
}

/* Features and covariances as they were found: not found once more on each rank. */
static jf_status unpack_data(jf_wire_reader *reader, jf_study *study)
{
    for (size_t k = 0; k < study->input.spectra_count; k++) {
        jf_spectrum *s = &study->input.spectra[k];
        if (s->file != NULL) {
            JF_TRY(unpack_features(reader, s));
            const size_t d = (size_t)jf_wire_get_i64(reader);
            jf_moments moments = {0};
            JF_TRY(d > 0 ? jf_moments_init(d, &moments) : JF_OK);
            jf_wire_get_f64s(reader, moments.sxx, jf_moments_count(&moments));
            if (d > 0) {
                jf_spectrum_take_moments(s, &moments);
            }
        }
    }
    JF_TRY(unpack_weights(reader, &study->input));
    return jf_wire_finish(reader);
}

/* ---- the whole ---- */

/*
 * The input of a text and what goes with it.
 *   reader  the data that its files held; NULL: the files are read, with adder
 */
static jf_status finish(jf_study *study, jf_wire_reader *reader, const jf_adder *adder)
{
    jf_status status = read_with_overrides(study);

    if (status == JF_OK) {
        status = reader != NULL ? unpack_data(reader, study) : read_all_data(study, adder);
    }
    if (status == JF_OK) {
        status = check_data(study);
    }
    if (status == JF_OK) {
        status = jf_plan_init(&study->input, &study->plan);
    }
    if (status != JF_OK) {
        jf_study_clear(study);
    }
    return status;
}

jf_status jf_study_read(const char *path, const jf_texts *overrides, const jf_adder *adder,
                        jf_study *out)
{
    size_t size;

    *out = (jf_study){0};
    JF_TRY(jf_text_read_file(path, JF_MOST_INPUT, &out->text, &size));
    const jf_status status = jf_document_check_text(path, out->text, size);
    if (status != JF_OK) {
        jf_study_clear(out);
        return status;
    }
    out->source = strdup(path);
    for (size_t i = 0; i < overrides->count; i++) {
        if (strchr(overrides->at[i], '\n') != NULL) {
            jf_study_clear(out);
            return jf_fail(JF_ERR_USAGE, "--set with a line break, expected key=value in one line");
        }
        jf_string_add(&out->overrides, "%s\n", overrides->at[i]);
    }
    if (out->source == NULL || jf_string_check(&out->overrides) != JF_OK) {
        jf_study_clear(out);
        return jf_fail_memory("the input");
    }
    return finish(out, NULL, adder);
}

void jf_study_pack(const jf_study *study, jf_wire *wire)
{
    jf_wire_put_bytes(wire, study->source, strlen(study->source));
    jf_wire_put_bytes(wire, study->text, strlen(study->text));
    jf_wire_put_bytes(wire, study->overrides.text, study->overrides.size);
    pack_data(study, wire);
}

static char *get_text(jf_wire_reader *reader)
{
    size_t size;
    const unsigned char *bytes = jf_wire_get_bytes(reader, &size);

    return bytes != NULL ? strndup((const char *)bytes, size) : NULL;
}

jf_status jf_study_unpack(jf_wire_reader *reader, jf_study *out)
{
    *out = (jf_study){0};
    out->source = get_text(reader);
    out->text = get_text(reader);
    char *overrides = get_text(reader);
    if (overrides != NULL) {
        jf_string_add(&out->overrides, "%s", overrides);
    }
    free(overrides);
    if (out->source == NULL || out->text == NULL) {
        jf_study_clear(out);
        return jf_fail(JF_ERR_NETWORK, "a message holds no whole input");
    }
    return finish(out, reader, NULL);
}

/* ---- printing ---- */

static void print_axis(const jf_plan *plan, size_t axis, FILE *out)
{
    enum { SHOWN = 8 };
    const jf_parameter *p = jf_parameter_get(plan->parameter[axis]);
    const size_t extent = plan->extent[axis];

    fprintf(out, "  %-12s %6zu  ", p->name, extent);
    for (size_t k = 0; k < extent; k++) {
        char text[32];
        if (extent > SHOWN && k == SHOWN - 2) {
            fprintf(out, " ...");
            k = extent - 2;
            continue;
        }
        fprintf(out, " %s", jf_plan_label(plan, axis, k, text, sizeof text));
    }
    fprintf(out, "\n");
}

void jf_study_print(const jf_study *study, FILE *out)
{
    const jf_plan *plan = &study->plan;

    if (study->input.title[0] != '\0') {
        fprintf(out, "%s\n\n", study->input.title);
    }
    fprintf(out, "  axis         values\n");
    for (size_t a = 0; a < plan->axes; a++) {
        print_axis(plan, a, out);
    }
    fprintf(out, "\n  %zu points of %zu features, %zu samples each\n", plan->points, plan->features,
            plan->samples);
}

void jf_study_print_shard(const jf_study *study, jf_shard shard, FILE *out)
{
    if (shard.count > 0) {
        fprintf(out, "  shard %d/%d: %zu of them\n", shard.index, shard.count,
                jf_shard_points(shard, study->plan.points));
    }
}

/*
 * Choices and names that are left out mean all there are; numbers have their default or are
 * required.
 */
static const char *default_of(const jf_parameter *p)
{
    if (p->standard != NULL) {
        return p->standard;
    }
    return p->type == JF_TYPE_CHOICE || p->type == JF_TYPE_NAME ? "all" : "none, it is required";
}

static void help_row(const jf_parameter *p, FILE *out)
{
    char allowed[128];

    jf_parameter_describe(p, allowed, sizeof allowed);
    fprintf(out, "  %-8s %-15s %s\n", p->section, p->name, p->help);
    fprintf(out, "  %-8s %-15s   %s; default: %s%s\n", "", "", allowed, default_of(p),
            p->may_vary ? "" : "; not under 'sweep'");
}

static void help_spectra(FILE *out)
{
    size_t count;
    const jf_generator *g = jf_generators(&count);

    for (size_t k = 0; k < count; k++) {
        if (g[k].name != NULL) {
            fprintf(out, "  {%s: %s}\n", g[k].name, g[k].form);
        } else {
            fprintf(out, "  %s\n", g[k].form);
        }
    }
    fprintf(out, "  {file: DATA.nc}, with x and y (sample, feature), sigma_xx, sigma_yx and "
                 "sigma_yy,\n  or lambda and rho; or a text with lambda and rho in each line.\n");
}

void jf_study_help(FILE *out)
{
    fprintf(out,
            "\nThe input is YAML; every parameter under 'sweep' is an axis: a value, a list, or a\n"
            "range {from: , to: , count: , spacing: linear or log}. Parameters:\n\n");
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        help_row(jf_parameter_get((jf_parameter_id)i), out);
    }
    fprintf(out, "\n'spectra' holds name: {...} lines, with numbers, lists or ranges, one of\n");
    help_spectra(out);
}
