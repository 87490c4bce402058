/*
 * plot.h - the figures of a sweep: the one table of kinds, and what is asked for.
 *
 *     trajectories   projections against time, two figures for each depth (trajectories.h)
 *     scaling        critical times against init_scale (scaling.h)
 *     depth          critical times against depth (depth.h)
 *     amplification  t*(lowest rho) / t*(highest rho) against depth (amplification.h)
 *     order          Kendall's tau over depth and init_scale (order.h)
 *     greedy         separation of features against init_scale (greedy.h)
 *     agreement      distribution of measured / exact - 1 (agreement.h)
 *     heatmap        critical times over any two axes (heatmap.h)
 *     ranks          what each rank did when; only where it is asked for (gantt.h)
 *
 * Theory is lines, measurement is points (but for trajectories, which are measured). Where a sweep
 * has more spectra, depths or init_scales than a figure holds, some evenly spread ones are drawn. A
 * kind that the dataset cannot feed is left out, with its reason. Knows no file format.
 */
#ifndef JEPAFLOW_FIGURES_PLOT_H
#define JEPAFLOW_FIGURES_PLOT_H

#include <stdio.h>

#include "jepaflow/figures/atlas.h"

/* Kinds of figures; a choice of some has bit k for kind k. */
enum { JF_PLOT_KINDS = 9 };

/*
 * A choice of kinds.
 *   list  names parted by commas, such as "scaling,ranks"; NULL for the usual ones
 * JF_ERR_USAGE where one is not known.
 */
jf_status jf_plot_choose(const char *list, unsigned *choice);

typedef struct {
    unsigned kinds;     /* from jf_plot_choose() */
    const char *folder; /* made where it does not exist */
    jf_plot_format format;
    jf_style style;
    size_t feature; /* whose times are drawn, from 0 */
    size_t map[2];  /* axes of the heatmap, as jf_atlas.map */
} jf_plot_request;

/*
 * An axis of the heatmap by its name, or "feature". JF_ERR_USAGE, with the nearest name, where the
 * dataset has none such.
 *   axis  as jf_atlas.map
 */
jf_status jf_plot_axis(const jf_dataset *dataset, const char *name, size_t *axis);

/*
 * Draw the figures for which the dataset has something.
 *   out  gets one line for each figure, written or left out; borrowed
 * JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL where gnuplot is missing or fails.
 */
jf_status jf_plot_all(const jf_dataset *dataset, const jf_plot_request *request, FILE *out);

/*
 * The same in two steps: make the folder and the atlas, draw chosen kinds.
 *   survey, request  must outlive the atlas
 *   out              NULL for no lines
 *   a                release with jf_atlas_clear(), in any case
 */
jf_status jf_plot_begin(const jf_survey *survey, const jf_plot_request *request, FILE *out,
                        jf_atlas *a);
jf_status jf_plot_draw(jf_atlas *a, unsigned kinds);

#endif
