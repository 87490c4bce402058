/*
 * trajectories.h - projections against time, in the manner of the paper's Figure 2.
 *
 * A row for each spectrum, a column for each objective, a curve for each feature coloured by its
 * rho (or lambda, where rho does not vary), circles at the exact critical times. Two figures for
 * each depth, or for the lowest and the highest where there are many, at the smallest init_scale
 * that is done: one of projections over their plateaus, one of projections as they are (raw).
 */
#ifndef JEPAFLOW_FIGURES_TRAJECTORIES_H
#define JEPAFLOW_FIGURES_TRAJECTORIES_H

#include "jepaflow/figures/atlas.h"

/* Draw them, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_trajectories_draw(jf_atlas *a);

#endif
