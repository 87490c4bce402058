/*
 * axis.h - the axes of a panel: range, ticks and their numbers, as many as there is room for.
 *
 * gnuplot's own ticks leave a logarithmic axis of less than a decade without a number, and a narrow
 * one with numbers that overlap; so they are all set here. Knows no dataset.
 */
#ifndef JEPAFLOW_FIGURES_AXIS_H
#define JEPAFLOW_FIGURES_AXIS_H

#include "jepaflow/figures/gnuplot.h"

/* A range that grows with what is drawn. Start from {INFINITY, -INFINITY}. */
typedef struct {
    double low, high;
} jf_range;

/* Take in a value; NaN and infinity change nothing. */
void jf_range_add(jf_range *r, double value);

typedef enum {
    JF_AXIS_LINEAR,
    JF_AXIS_LOG,    /* of positive values; linear where they span less than a factor 2.5 */
    JF_AXIS_RATIO,  /* linear; logarithmic where they are positive and span a factor 10 */
    JF_AXIS_INTEGER /* linear, ticks at whole numbers; logarithmic where they span a factor 20 */
} jf_axis_kind;

typedef struct {
    const char *name; /* "x", "y", or "cb" of colours, which lies */
    jf_axis_kind kind;
    jf_range range; /* of the data; may be empty */
    double length;  /* points */
    int bare;       /* ticks without numbers: a panel beside it has them */
    int tight;      /* the range is that of the data */
} jf_panel_axis;

/* Set range, scale and ticks. The range is a little wider than the data, unless it is tight. */
void jf_axis_set(jf_figure *figure, const jf_panel_axis *axis);

/*
 * Ticks of an axis of cells 0 ... count-1, each with a name, as many as there is room for.
 *   names   of each cell, shown as they are; NULL: ticks without names
 *   length  of the axis, points
 */
void jf_axis_set_names(jf_figure *figure, const char *name, const char *const *names, size_t count,
                       double length);

/* 1, 2 or 5 times a power of ten, such that at most `most` of them fit into `span`. */
double jf_axis_step(double span, double most);

#endif
