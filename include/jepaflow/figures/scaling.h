/*
 * scaling.h - critical times against init_scale: measured points over exact lines, log-log.
 *
 * A row for each objective, a column for each spectrum, of which the first feature is drawn, a
 * colour for each depth.
 */
#ifndef JEPAFLOW_FIGURES_SCALING_H
#define JEPAFLOW_FIGURES_SCALING_H

#include "jepaflow/figures/panel.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_scaling_draw(const jf_atlas *a);

#endif
