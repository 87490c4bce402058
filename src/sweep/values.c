#include "jepaflow/sweep/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/printable.h"
#include "jepaflow/base/text.h"

enum { TEXT_SIZE = 256 };

void jf_values_clear(jf_values *values)
{
    free(values->at);
    *values = (jf_values){0};
}

static jf_status values_init(size_t count, jf_values *out)
{
    *out = (jf_values){.at = calloc(count, sizeof *out->at), .count = count};
    return out->at != NULL ? JF_OK : jf_fail_memory("the input's values");
}

/* "depth is 0, expected a whole number from 1 to 1024" */
static jf_status unexpected(const jf_node *node, const jf_parameter *p)
{
    char expected[TEXT_SIZE], shown[JF_SHORT_TEXT];
    const char *found = node->kind == JF_NODE_LIST  ? "a list"
                        : node->kind == JF_NODE_MAP ? "a map"
                        : node->text[0] == '\0'     ? "empty"
                                                    : jf_printable_shorten(node->text, shown);
    const char *quote = node->kind == JF_NODE_SCALAR && node->quoted ? "'" : "";

    jf_parameter_describe(p, expected, sizeof expected);
    return jf_node_fail(node, "%s is %s%s%s, expected %s", p->name, quote, found, quote, expected);
}

/* The index of a text among names; `what` they are, for the message. */
static jf_status read_name(const jf_node *node, const jf_parameter *p, const char *const *names,
                           size_t count, double *value)
{
    char expected[TEXT_SIZE], shown[JF_SHORT_TEXT];

    for (size_t i = 0; i < count; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            *value = (double)i;
            return JF_OK;
        }
    }
    const char *nearest = jf_text_nearest(node->text, names, count);
    jf_parameter_describe(p, expected, sizeof expected);
    jf_printable_shorten(node->text, shown);
    if (nearest != NULL) {
        return jf_node_fail(node, "%s is '%s', expected %s; did you mean '%s'?", p->name, shown,
                            expected, nearest);
    }
    return jf_node_fail(node, "%s is '%s', expected %s%s", p->name, shown, expected,
                        p->type == JF_TYPE_NAME ? " defined under 'spectra'" : "");
}

static int in_range(const jf_parameter *p, double value)
{
    return p->open ? value > p->low && value < p->high : value >= p->low && value <= p->high;
}

static int fits(const jf_parameter *p, double value)
{
    return in_range(p, value) && (p->type != JF_TYPE_INTEGER || value == floor(value));
}

static jf_status read_scalar(const jf_node *node, const jf_parameter *p, const jf_names *names,
                             double *value)
{
    if (node->kind != JF_NODE_SCALAR) {
        return unexpected(node, p);
    }
    if (p->type == JF_TYPE_CHOICE) {
        return read_name(node, p, p->choices, jf_parameter_choices(p), value);
    }
    if (p->type == JF_TYPE_NAME) {
        return read_name(node, p, names->at, names->count, value);
    }
    if (p->word != NULL && strcmp(node->text, p->word) == 0) {
        *value = p->word_value;
        return JF_OK;
    }
    if (node->quoted || !jf_text_number(node->text, value) || !fits(p, *value)) {
        return unexpected(node, p);
    }
    return JF_OK;
}

/*
 * How many items of a list to read. Of words each may stand once: among one more than there are,
 * one is wrong or stands twice, and the others need not be looked at.
 */
static size_t items_to_read(const jf_node *node, const jf_parameter *p, const jf_names *names)
{
    size_t most = node->count;

    if (p->type == JF_TYPE_CHOICE) {
        most = jf_parameter_choices(p) + 1;
    } else if (p->type == JF_TYPE_NAME) {
        most = names->count + 1;
    }
    return most < node->count ? most : node->count;
}

static jf_status read_list(const jf_node *node, const jf_parameter *p, const jf_names *names,
                           jf_values *out)
{
    if (node->count == 0) {
        return jf_node_fail(node, "%s is an empty list, expected at least one value", p->name);
    }
    if (node->count > JF_MOST_VALUES) {
        return jf_node_fail(node, "%s is a list of %zu values, expected at most %d", p->name,
                            node->count, JF_MOST_VALUES);
    }
    JF_TRY(values_init(items_to_read(node, p, names), out));
    for (size_t i = 0; i < out->count; i++) {
        JF_TRY(read_scalar(&node->items[i], p, names, &out->at[i]));
    }
    return JF_OK;
}

/* ---- ranges ---- */

static const char *const spacings[] = {"linear", "log", NULL};
static const jf_parameter range_count = {
    .name = "count", .type = JF_TYPE_INTEGER, .low = 1, .high = JF_MOST_VALUES};
static const jf_parameter range_spacing = {
    .name = "spacing", .type = JF_TYPE_CHOICE, .choices = spacings};

/* 15 digits: what a person would write for it. */
static double rounded(long double value)
{
    char text[32];

    snprintf(text, sizeof text, "%.15Lg", value);
    return strtod(text, NULL);
}

/* In long double: the 15th digit is beyond what exp and log leave of a double. */
static double range_value(long double from, long double to, size_t i, size_t count, int logarithmic)
{
    const long double part = count > 1 ? (long double)i / (long double)(count - 1) : 0.0L;

    if (i == 0) {
        return (double)from;
    }
    if (i + 1 == count) {
        return (double)to;
    }
    return rounded(logarithmic ? expl(logl(from) + part * (logl(to) - logl(from)))
                               : from + part * (to - from));
}

static jf_status require(const jf_node *range, const jf_parameter *p, const char *key,
                         jf_node **item)
{
    *item = jf_node_find(range, key);
    return *item != NULL ? JF_OK
                         : jf_node_fail(range,
                                        "the range of %s lacks '%s', expected "
                                        "{from: , to: , count: , spacing: linear or log}",
                                        p->name, key);
}

static jf_status read_range(const jf_node *node, const jf_parameter *p, jf_values *out)
{
    static const char *const keys[] = {"from", "to", "count", "spacing"};
    double from, to, count, spacing = 0.0;
    jf_parameter number = *p;
    jf_node *item;

    number.word = NULL; /* "infinite" is not the end of a range */
    if (p->type != JF_TYPE_REAL && p->type != JF_TYPE_INTEGER) {
        return unexpected(node, p);
    }
    JF_TRY(jf_check_keys(node, "a range", keys, 4));
    JF_TRY(require(node, p, "from", &item));
    JF_TRY(read_scalar(item, &number, NULL, &from));
    JF_TRY(require(node, p, "to", &item));
    JF_TRY(read_scalar(item, &number, NULL, &to));
    if ((item = jf_node_find(node, "spacing")) != NULL) {
        JF_TRY(read_scalar(item, &range_spacing, NULL, &spacing));
    }
    if (spacing > 0.0 && !(from > 0.0 && to > 0.0)) {
        return jf_node_fail(node, "the range of %s is log-spaced, expected 'from' and 'to' above 0",
                            p->name);
    }
    JF_TRY(require(node, p, "count", &item));
    JF_TRY(read_scalar(item, &range_count, NULL, &count));
    if (count == 1.0 && from != to) {
        return jf_node_fail(item, "count is 1, expected at least 2 between different ends");
    }
    JF_TRY(values_init((size_t)count, out));
    for (size_t i = 0; i < out->count; i++) {
        out->at[i] = range_value(from, to, i, out->count, spacing > 0.0);
        if (!fits(p, out->at[i])) {
            return jf_node_fail(node, "the range of %s holds %.15g, which is not a whole number",
                                p->name, out->at[i]);
        }
    }
    return JF_OK;
}

static jf_status read_any(const jf_node *node, const jf_parameter *p, const jf_names *names,
                          jf_values *out)
{
    switch (node->kind) {
    case JF_NODE_LIST:
        return read_list(node, p, names, out);
    case JF_NODE_MAP:
        return read_range(node, p, out);
    default:
        JF_TRY(values_init(1, out));
        return read_scalar(node, p, names, out->at);
    }
}

size_t jf_values_count(const jf_node *node)
{
    const jf_node *item = node->kind == JF_NODE_MAP ? jf_node_find(node, "count") : NULL;
    double count = node->kind == JF_NODE_LIST ? (double)node->count : 1.0;

    if (item != NULL && item->kind == JF_NODE_SCALAR) {
        (void)jf_text_number(item->text, &count); /* else as it is */
    }
    return count >= 1.0 && count <= JF_MOST_VALUES ? (size_t)count : 1;
}

jf_status jf_values_read(const jf_node *node, const jf_parameter *parameter, const jf_names *names,
                         jf_values *out)
{
    *out = (jf_values){0};
    const jf_status status = read_any(node, parameter, names, out);
    if (status != JF_OK) {
        jf_values_clear(out);
    }
    return status;
}

jf_status jf_values_read_one(const jf_node *node, const jf_parameter *parameter,
                             const jf_names *names, double *out)
{
    return read_scalar(node, parameter, names, out);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Write of the second place in the input where `value` stands. */
static jf_status repeated(const jf_node *node, const jf_parameter *p, const jf_values *values,
                          double value)
{
    const jf_node *place = node;
    int seen = 0;

    for (size_t i = 0; node->kind == JF_NODE_LIST && i < values->count; i++) {
        if (values->at[i] == value && seen++ > 0) {
            place = &node->items[i];
            break;
        }
    }
    if (place->kind == JF_NODE_SCALAR) {
        char shown[JF_SHORT_TEXT];
        return jf_node_fail(place, "%s has %s twice, expected each value once", p->name,
                            jf_printable_shorten(place->text, shown));
    }
    return jf_node_fail(place, "%s has %.15g twice, expected each value once", p->name, value);
}

jf_status jf_values_check_distinct(const jf_node *node, const jf_parameter *parameter,
                                   const jf_values *values)
{
    jf_values sorted;

    JF_TRY(values_init(values->count, &sorted));
    memcpy(sorted.at, values->at, values->count * sizeof *sorted.at);
    qsort(sorted.at, sorted.count, sizeof *sorted.at, ascending);
    jf_status status = JF_OK;
    for (size_t i = 1; i < sorted.count && status == JF_OK; i++) {
        if (sorted.at[i] == sorted.at[i - 1]) {
            status = repeated(node, parameter, values, sorted.at[i]);
        }
    }
    jf_values_clear(&sorted);
    return status;
}

static jf_status unknown_key(const jf_node *key, const char *where, const char *const *names,
                             size_t count)
{
    const char *nearest = jf_text_nearest(key->text, names, count);
    const jf_parameter_id elsewhere = jf_parameter_find(key->text);
    char shown[JF_SHORT_TEXT];
    jf_string known = {0};

    jf_printable_shorten(key->text, shown);
    if (elsewhere != JF_PARAMETERS) {
        return jf_node_fail(key, "unknown key '%s' in %s; it belongs in '%s'", shown, where,
                            jf_parameter_get(elsewhere)->section);
    }
    if (nearest != NULL) {
        return jf_node_fail(key, "unknown key '%s' in %s; did you mean '%s'?", shown, where,
                            nearest);
    }
    for (size_t i = 0; i < count; i++) {
        jf_string_add(&known, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " or ", names[i]);
    }
    const jf_status status = jf_node_fail(key, "unknown key '%s' in %s, expected %s", shown, where,
                                          known.text != NULL ? known.text : "none");
    jf_string_clear(&known);
    return status;
}

jf_status jf_check_keys(const jf_node *map, const char *where, const char *const *names,
                        size_t count)
{
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;
        while (k < count && strcmp(map->keys[i].text, names[k]) != 0) {
            k++;
        }
        if (k == count) {
            return unknown_key(&map->keys[i], where, names, count);
        }
    }
    return JF_OK;
}
