/*
 * plan.h - the points of a sweep, in the order of the dataset.
 *
 * An N-dimensional box: one axis for each of the standard parameters (objective, depth, init_scale,
 * spectrum, seed) and for each further one under 'sweep'. Points are numbered with the last axis
 * fastest. A plan is a pure function of its input, so every rank that reads the same text has the
 * same plan. Knows no file.
 */
#ifndef JEPAFLOW_SWEEP_PLAN_H
#define JEPAFLOW_SWEEP_PLAN_H

#include "jepaflow/sweep/input.h"
#include "jepaflow/sweep/point.h"

typedef struct {
    const jf_input *input;                    /* borrowed */
    size_t axes;                              /* number of axes */
    jf_parameter_id parameter[JF_PARAMETERS]; /* of each axis */
    size_t extent[JF_PARAMETERS];             /* of each axis */
    size_t points;                            /* product of the extents */
    size_t features;                          /* largest number in a spectrum that is swept */
    size_t samples;                           /* of each trajectory */
} jf_plan;

/*
 * Make the plan of an input, which must outlive it. JF_ERR_USAGE where it has too many points or,
 * of spectra whose files were read since, too large ones (size.h).
 */
jf_status jf_plan_init(const jf_input *input, jf_plan *out);

/* Point `index` < points. */
void jf_plan_point(const jf_plan *plan, size_t index, jf_point *point);

/* Its place along each axis, position[axes]. */
void jf_plan_position(const jf_plan *plan, size_t index, size_t *position);

/* Value k of an axis, as a label: a number, or the text of a choice or name. */
const char *jf_plan_label(const jf_plan *plan, size_t axis, size_t k, char *text, size_t size);

/*
 * Point `index` in words, "point 17 (objective=jepa depth=4)": what it has on the axes of more than
 * one value. Cut off where `size` bytes do not hold it.
 */
void jf_plan_name(const jf_plan *plan, size_t index, char *text, size_t size);

/*
 * A fingerprint, 16 hexadecimal digits: the same for inputs that give the same numbers, whatever
 * their title, comments or layout, and wherever their points are solved.
 */
void jf_plan_digest(const jf_plan *plan, char text[17]);

/* The same as a number. */
uint64_t jf_plan_key(const jf_plan *plan);

#endif
