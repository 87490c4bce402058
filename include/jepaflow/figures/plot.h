/*
 * plot.h - the figures of a sweep.
 *
 *     trajectories-depthL   projection over plateau against time: a row for each objective, a
 *                           column for each spectrum, in the manner of the paper's Figure 2
 *     scaling               measured critical times over exact lines against init_scale
 *     amplification         t*(lowest rho) / t*(highest rho) against depth
 *     ranks                 what each rank did when; only where it is asked for
 *
 * Theory is lines, measurement is points (but for trajectories, which are measured). Where a sweep
 * has more spectra, depths or init_scales than a figure holds, some evenly spread ones are drawn.
 * Knows no file format.
 */
#ifndef JEPAFLOW_FIGURES_PLOT_H
#define JEPAFLOW_FIGURES_PLOT_H

#include <stdio.h>

#include "jepaflow/figures/gnuplot.h"
#include "jepaflow/results/dataset.h"

/* Kinds of figures; a choice of some has bit k for kind k. */
enum { JF_PLOT_KINDS = 4 };

/*
 * A choice of kinds.
 *   list  names parted by commas, such as "scaling,ranks"; NULL for all but ranks
 * JF_ERR_USAGE where one is not known.
 */
jf_status jf_plot_choose(const char *list, unsigned *choice);

/*
 * Draw the chosen figures for which the dataset has something.
 *   choice  from jf_plot_choose()
 *   folder  made where it does not exist
 *   out     gets one line for each figure, written or left out; borrowed
 * JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL where gnuplot is missing or fails.
 */
jf_status jf_plot_all(const jf_dataset *dataset, unsigned choice, const char *folder,
                      jf_plot_format format, FILE *out);

#endif
