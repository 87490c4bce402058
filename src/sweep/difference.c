#include "jepaflow/sweep/difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/sweep/inclusion.h"

enum { SHOWN = 3, LABEL_SIZE = 80 };

/* One of the two plans, and where its values stand in the other. */
typedef struct {
    const jf_plan *plan;
    const char *name;
    jf_inclusion in_other;
} side;

static const char *label(const jf_plan *plan, size_t parameter, size_t k, char text[LABEL_SIZE])
{
    const jf_parameter *p = jf_parameter_get((jf_parameter_id)parameter);
    const double value = plan->input->setting[parameter].at[k];

    if (jf_parameter_word(p, value) != NULL) {
        return jf_parameter_word(p, value);
    }
    if (p->type == JF_TYPE_NAME) {
        return plan->input->spectra[(size_t)value].name;
    }
    snprintf(text, LABEL_SIZE, "%.15g", value);
    if (strtod(text, NULL) != value) {
        snprintf(text, LABEL_SIZE, "%.17g", value); /* they differ in the last digits alone */
    }
    return text;
}

static void separate(jf_string *text, size_t begin)
{
    if (text->size > begin) {
        jf_string_add(text, "; ");
    }
}

/* "1, 2, 3 and 8 more" of the values that the other has not; "1 and 2". */
static void add_missing(const side *s, size_t parameter, jf_string *text)
{
    const size_t count = s->in_other.missing[parameter];
    const size_t shown = count <= SHOWN + 1 ? count : SHOWN;
    char word[LABEL_SIZE];

    for (size_t k = 0, seen = 0; seen < shown; k++) {
        if (s->in_other.place[parameter][k] == JF_NOWHERE) {
            const char *before = seen == 0 ? "" : seen + 1 == count ? " and " : ", ";
            jf_string_add(text, "%s%s", before, label(s->plan, parameter, k, word));
            seen++;
        }
    }
    if (shown < count) {
        jf_string_add(text, " and %zu more", count - shown);
    }
}

static int is_axis(const jf_plan *plan, size_t parameter)
{
    return parameter < JF_STANDARD_AXES || plan->input->swept[parameter];
}

/* The values that only one of them has: of settings both, of axes those that are too many. */
static void add_values(const side *there, const side *here, size_t i, jf_string *text)
{
    const int settings = !is_axis(there->plan, i) && !is_axis(here->plan, i);
    const char *comma = "";

    jf_string_add(text, "%s: ", jf_parameter_get((jf_parameter_id)i)->name);
    for (const side *s = there; s != NULL; s = s == there ? here : NULL) {
        if (s->in_other.missing[i] > 0) {
            jf_string_add(text, "%s", comma);
            add_missing(s, i, text);
            jf_string_add(text, settings ? " in %s" : " only in %s", s->name);
            comma = ", ";
        }
    }
}

static int in_order(const jf_inclusion *in, size_t parameter)
{
    for (size_t k = 0; k < in->from->input->setting[parameter].count; k++) {
        if (in->place[parameter][k] != k) {
            return 0;
        }
    }
    return 1;
}

static void add_parameter(const side *there, const side *here, size_t i, size_t begin,
                          jf_string *text)
{
    const char *name = jf_parameter_get((jf_parameter_id)i)->name;

    if (there->in_other.missing[i] + here->in_other.missing[i] > 0) {
        separate(text, begin);
        add_values(there, here, i, text);
    } else if (!in_order(&there->in_other, i)) {
        separate(text, begin);
        jf_string_add(text, "%s: the same values in another order", name);
    }
    if (is_axis(there->plan, i) != is_axis(here->plan, i)) {
        separate(text, begin);
        jf_string_add(text, "%s: an axis in %s only", name,
                      is_axis(there->plan, i) ? there->name : here->name);
    }
}

static void add_spectra(const side *there, const side *here, size_t begin, jf_string *text)
{
    const size_t others = there->in_other.others;
    char word[LABEL_SIZE];

    for (size_t k = 0, seen = 0; seen < others && seen < SHOWN; k++) {
        if (there->in_other.other_numbers[k]) {
            separate(text, begin);
            jf_string_add(text, "spectrum '%s': other numbers in %s than in %s",
                          label(there->plan, JF_P_SPECTRUM, k, word), there->name, here->name);
            seen++;
        }
    }
    if (others > SHOWN) {
        jf_string_add(text, ", and so %zu more", others - SHOWN);
    }
}

static void add_weights(const side *there, const side *here, size_t begin, jf_string *text)
{
    if (there->in_other.other_weights) {
        separate(text, begin);
        jf_string_add(text, "weights: other numbers in %s than in %s", there->name, here->name);
    }
}

jf_status jf_difference_tell(const jf_plan *old, const char *there_name, const jf_plan *new,
                             const char *here_name, jf_string *text, int *contained)
{
    side there = {.plan = old, .name = there_name};
    side here = {.plan = new, .name = here_name};
    const size_t begin = text->size;

    *contained = 0;
    JF_TRY(jf_inclusion_find(old, new, &there.in_other));
    jf_status status = jf_inclusion_find(new, old, &here.in_other);
    if (status == JF_OK) {
        for (size_t i = 0; i < JF_PARAMETERS; i++) {
            if (!jf_parameter_get((jf_parameter_id)i)->placement) {
                add_parameter(&there, &here, i, begin, text);
            }
        }
        add_spectra(&there, &here, begin, text);
        add_weights(&there, &here, begin, text);
        *contained = jf_inclusion_is_whole(&there.in_other);
        status = jf_string_check(text);
    }
    jf_inclusion_clear(&there.in_other);
    jf_inclusion_clear(&here.in_other);
    return status;
}
