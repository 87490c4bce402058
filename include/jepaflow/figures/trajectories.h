/*
 * trajectories.h - projections over their plateaus against time, in the manner of the paper's
 * Figure 2.
 *
 * A row for each objective, a column for each spectrum, a curve for each feature coloured by its
 * rho (or lambda, where rho does not vary), circles at the exact critical times. One figure for
 * each depth, or for the lowest and the highest where there are many, at the smallest init_scale
 * that is done.
 */
#ifndef JEPAFLOW_FIGURES_TRAJECTORIES_H
#define JEPAFLOW_FIGURES_TRAJECTORIES_H

#include "jepaflow/figures/panel.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_trajectories_draw(const jf_atlas *a);

#endif
