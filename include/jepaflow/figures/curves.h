/*
 * curves.h - figures of one number against depth or init_scale: measured points over exact lines.
 *
 * A row for each spectrum, a column for each objective, a series for each value of the other one of
 * depth and init_scale. What the number is, a figure says by a few functions. Cells without a
 * number are holes, and counted in the subtitle.
 */
#ifndef JEPAFLOW_FIGURES_CURVES_H
#define JEPAFLOW_FIGURES_CURVES_H

#include "jepaflow/figures/atlas.h"
#include "jepaflow/figures/panel.h"

typedef struct {
    const char *name; /* of the figure */
    const char *what; /* it shows, one line */
    const char *subtitle;
    const char *label;  /* of y, enhanced text */
    jf_parameter_id x;  /* JF_P_DEPTH or JF_P_INIT_SCALE; the other one makes the series */
    jf_axis_kind kind;  /* of y */
    double lowest;      /* y is not shown below it; -INFINITY for no limit */
    double reference;   /* a dashed line at this y; NaN for none */
    size_t most_series; /* at most JF_ATLAS_SERIES */
    jf_rows rows;

    /* The number in closed form at any depth and init_scale, or NaN. */
    jf_status (*exact)(const jf_atlas *a, const jf_place *place, size_t depth, double init_scale,
                       double *y);

    /* The number as measured at a point of the sweep, or NaN. */
    jf_status (*measured)(const jf_atlas *a, const jf_place *place, double *y);

    /* What stands behind a spectrum's name in its row's heading. */
    void (*heading)(const jf_atlas *a, size_t spectrum, char text[128]);
} jf_curves;

/*
 * Draw it, or say why not: one value of x only. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL.
 */
jf_status jf_curves_draw(jf_atlas *a, const jf_curves *c);

#endif
