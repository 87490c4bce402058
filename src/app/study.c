#include "jepaflow/app/study.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

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

static jf_status finish(jf_study *study)
{
    jf_status status = read_with_overrides(study);

    if (status == JF_OK) {
        status = jf_plan_init(&study->input, &study->plan);
    }
    if (status != JF_OK) {
        jf_study_clear(study);
    }
    return status;
}

jf_status jf_study_read(const char *path, const jf_texts *overrides, jf_study *out)
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
    return finish(out);
}

void jf_study_pack(const jf_study *study, jf_wire *wire)
{
    jf_wire_put_bytes(wire, study->source, strlen(study->source));
    jf_wire_put_bytes(wire, study->text, strlen(study->text));
    jf_wire_put_bytes(wire, study->overrides.text, study->overrides.size);
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
    if (out->source == NULL || out->text == NULL || jf_wire_finish(reader) != JF_OK) {
        jf_study_clear(out);
        return JF_ERR_NETWORK;
    }
    return finish(out);
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

void jf_study_help(FILE *out)
{
    fprintf(out,
            "\nThe input is YAML; every parameter under 'sweep' is an axis: a value, a list, or a\n"
            "range {from: , to: , count: , spacing: linear or log}. Parameters:\n\n");
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        help_row(jf_parameter_get((jf_parameter_id)i), out);
    }
    fprintf(out,
            "\n'spectra' holds name: {lambda: , rho: } lines, each a number, a list or a range.\n");
}
