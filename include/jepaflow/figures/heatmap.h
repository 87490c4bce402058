/*
 * heatmap.h - critical times of one feature over any two axes of the sweep.
 *
 * The axes are those of jf_atlas.map; features may be one. A row for each spectrum, a column for
 * each objective, where these are not axes.
 */
#ifndef JEPAFLOW_FIGURES_HEATMAP_H
#define JEPAFLOW_FIGURES_HEATMAP_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_heatmap_draw(jf_atlas *a);

#endif
