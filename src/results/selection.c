#include "jepaflow/results/selection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

enum { MOST_LISTED = 12 }; /* values in a message */

/* Half of the fourth digit at its coarsest. */
static const double precision = 5e-4;

void jf_selection_clear(jf_selection *selection)
{
    for (size_t a = 0; a < JF_PARAMETERS; a++) {
        free(selection->chosen[a]);
    }
    *selection = (jf_selection){0};
}

static const jf_parameter *parameter_of(const jf_axis *axis)
{
    return jf_parameter_get(axis->parameter);
}

static int is_text(const jf_axis *axis)
{
    const jf_parameter_type type = parameter_of(axis)->type;

    return type == JF_TYPE_CHOICE || type == JF_TYPE_NAME;
}

/* ---- refusals ---- */

static jf_status refuse_axis(const jf_dataset *d, const char *name)
{
    const char *names[JF_PARAMETERS];
    jf_string list = {0};

    for (size_t a = 0; a < d->axes; a++) {
        names[a] = parameter_of(&d->axis[a])->name;
        jf_string_add(&list, "%s%s", a > 0 ? ", " : "", names[a]);
    }
    const char *nearest = jf_text_nearest(name, names, d->axes);
    jf_status status = jf_string_check(&list);
    if (nearest != NULL) {
        status = jf_fail(JF_ERR_USAGE, "--select: no axis is called '%s'; did you mean '%s'?", name,
                         nearest);
    } else if (status == JF_OK) {
        status =
            jf_fail(JF_ERR_USAGE, "--select: no axis is called '%s'; they are %s", name, list.text);
    }
    jf_string_clear(&list);
    return status;
}

static jf_status refuse_value(const jf_axis *axis, const char *value)
{
    const char *const name = parameter_of(axis)->name;
    const char *const *labels = (const char *const *)axis->labels;
    const char *nearest = is_text(axis) ? jf_text_nearest(value, labels, axis->extent) : NULL;
    jf_string list = {0};

    if (nearest != NULL) {
        return jf_fail(JF_ERR_USAGE, "--select: no %s is '%s'; did you mean '%s'?", name, value,
                       nearest);
    }
    for (size_t k = 0; k < axis->extent && k < MOST_LISTED; k++) {
        jf_string_add(&list, "%s%s", k > 0 ? ", " : "", labels[k]);
    }
    jf_status status = jf_string_check(&list);
    if (status == JF_OK) {
        status = jf_fail(JF_ERR_USAGE, "--select: no %s is '%s'; there is %s%s", name, value,
                         list.text, axis->extent > MOST_LISTED ? ", ..." : "");
    }
    jf_string_clear(&list);
    return status;
}

/* ---- values ---- */

/* LOW:HIGH, either of which may be missing, or one number, which is both; 0 where it is neither. */
static int read_range(const char *text, double *low, double *high)
{
    const char *const colon = strchr(text, ':');
    char first[32];

    *low = -INFINITY;
    *high = INFINITY;
    if (colon == NULL) {
        const int known = jf_text_number(text, low);
        *high = *low;
        return known;
    }
    snprintf(first, sizeof first, "%.*s", (int)(colon - text), text);
    return (colon == text || jf_text_number(first, low)) &&
           (colon[1] == '\0' || jf_text_number(colon + 1, high));
}

/* Choose the values of a range; returns how many. One number chooses the nearest to it. */
static size_t choose_range(const jf_axis *axis, double low, double high, unsigned char *chosen)
{
    const double slack = parameter_of(axis)->type == JF_TYPE_REAL ? precision : 0.0;
    size_t count = 0, nearest = 0;

    for (size_t k = 0; k < axis->extent; k++) {
        const double x = axis->values[k], room = isfinite(x) ? slack * fabs(x) : 0.0;
        if (x >= low - room && x <= high + room) {
            nearest = count == 0 || fabs(x - low) < fabs(axis->values[nearest] - low) ? k : nearest;
            chosen[k] |= low < high;
            count++;
        }
    }
    if (count > 0 && low == high) {
        chosen[nearest] = 1;
    }
    return count;
}

/* Choose what `value` says; returns how many. */
static size_t choose(const jf_axis *axis, const char *value, unsigned char *chosen)
{
    const char *word = parameter_of(axis)->word;
    double low, high;
    size_t count = 0;

    if (!is_text(axis) && !(word != NULL && strcmp(value, word) == 0)) {
        return read_range(value, &low, &high) ? choose_range(axis, low, high, chosen) : 0;
    }
    for (size_t k = 0; k < axis->extent; k++) {
        const int same = strcmp(value, axis->labels[k]) == 0;
        chosen[k] |= (unsigned char)same;
        count += (size_t)same;
    }
    return count;
}

/* ---- entries ---- */

/* The axis of an entry: the one it names, with its value behind '=', or the one before. */
static jf_status find_axis(const jf_dataset *d, char *entry, size_t *axis, char **value)
{
    char *const equals = strchr(entry, '=');

    *value = entry;
    if (equals == NULL) {
        return *axis < d->axes
                   ? JF_OK
                   : jf_fail(JF_ERR_USAGE, "--select: '%s' names no axis, expected AXIS=VALUE",
                             entry);
    }
    *equals = '\0';
    *value = equals + 1;
    *axis = jf_dataset_axis(d, jf_parameter_find(entry));
    return *axis < d->axes ? JF_OK : refuse_axis(d, entry);
}

static jf_status make_flags(const jf_axis *axis, unsigned char **chosen)
{
    if (*chosen == NULL) {
        *chosen = calloc(axis->extent, 1);
    }
    return *chosen != NULL ? JF_OK : jf_fail_memory("a selection");
}

static jf_status add_entry(const jf_dataset *d, char *entry, size_t *axis, jf_selection *out)
{
    char *value;

    JF_TRY(find_axis(d, entry, axis, &value));
    JF_TRY(make_flags(&d->axis[*axis], &out->chosen[*axis]));
    return choose(&d->axis[*axis], value, out->chosen[*axis]) > 0
               ? JF_OK
               : refuse_value(&d->axis[*axis], value);
}

/* Entries are cut off the text one after another. */
static jf_status add_entries(const jf_dataset *d, char *text, jf_selection *out)
{
    size_t axis = JF_PARAMETERS;

    for (char *entry = text, *next; entry != NULL; entry = next) {
        next = strchr(entry, ',');
        if (next != NULL) {
            *next++ = '\0';
        }
        JF_TRY(add_entry(d, entry, &axis, out));
    }
    return JF_OK;
}

jf_status jf_selection_parse(const char *text, const jf_dataset *dataset, jf_selection *out)
{
    *out = (jf_selection){0};
    char *copy = strdup(text);
    const jf_status status =
        copy != NULL ? add_entries(dataset, copy, out) : jf_fail_memory("a selection");
    free(copy);
    if (status != JF_OK) {
        jf_selection_clear(out);
    }
    return status;
}

jf_status jf_selection_apply(const char *text, jf_dataset *dataset)
{
    jf_selection selection;

    if (text == NULL) {
        return JF_OK;
    }
    JF_TRY(jf_selection_parse(text, dataset, &selection));
    jf_dataset_keep(dataset, (const unsigned char *const *)selection.chosen);
    jf_selection_clear(&selection);
    return JF_OK;
}
