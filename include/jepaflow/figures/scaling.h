/*
 * scaling.h - critical times against init_scale: measured points over exact lines, log-log.
 *
 * A row for each spectrum, of which one feature is drawn (jf_atlas.feature), a column for each
 * objective, a series for each depth.
 */
#ifndef JEPAFLOW_FIGURES_SCALING_H
#define JEPAFLOW_FIGURES_SCALING_H

#include "jepaflow/figures/curves.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_scaling_draw(jf_atlas *a);

/* Curves of critical times against `x`, of all spectra, without a name. */
jf_curves jf_scaling_curves(const jf_atlas *a, jf_parameter_id x);

#endif
