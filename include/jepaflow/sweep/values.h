/*
 * values.h - a value, a list or a range of the input as numbers.
 *
 *     0.5    [0.1, 0.5]    {from: 1.0e-4, to: 1.0e-1, count: 7, spacing: log}
 *
 * Checked against a parameter's line: type, range, choices. Knows no sweep.
 */
#ifndef JEPAFLOW_SWEEP_VALUES_H
#define JEPAFLOW_SWEEP_VALUES_H

#include "jepaflow/sweep/document.h"
#include "jepaflow/sweep/parameter.h"

/* Longest list or range. */
#define JF_MOST_VALUES 100000

/* Numbers, owned. */
typedef struct {
    double *at;
    size_t count;
} jf_values;

/* Names that a JF_TYPE_NAME may take: their indices are the values. */
typedef struct {
    const char *const *at;
    size_t count;
} jf_names;

/*
 * How many values a node promises, without reading them; 1 where that is not to be seen, and
 * reading it will say why.
 */
size_t jf_values_count(const jf_node *node);

/*
 * Read a node.
 *   parameter  what is allowed
 *   names      of a JF_TYPE_NAME; else NULL
 *   out        at least one number; release with jf_values_clear(); left empty on failure
 * Points of a log-spaced range are rounded to 15 digits, so that 1e-4 ... 1e-1 holds 0.001 itself.
 * Fails with JF_ERR_USAGE and a message that says where, what was found and what was expected.
 */
jf_status jf_values_read(const jf_node *node, const jf_parameter *parameter, const jf_names *names,
                         jf_values *out);

/* As jf_values_read(), of which there must be exactly one. */
jf_status jf_values_read_one(const jf_node *node, const jf_parameter *parameter,
                             const jf_names *names, double *out);

/* Refuse a value that stands twice: an axis has each label once. */
jf_status jf_values_check_distinct(const jf_node *node, const jf_parameter *parameter,
                                   const jf_values *values);

void jf_values_clear(jf_values *values);

/* Refuse a key of a map that is not among names[count], with the nearest known name. */
jf_status jf_check_keys(const jf_node *map, const char *where, const char *const *names,
                        size_t count);

#endif
