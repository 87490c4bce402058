/*
 * amplification.h - depth amplification: t*(lowest rho) / t*(highest rho) against depth.
 *
 * A row for each spectrum in which rho varies and lambda does not, a column for each objective, a
 * series for each init_scale; measured points over exact lines.
 */
#ifndef JEPAFLOW_FIGURES_AMPLIFICATION_H
#define JEPAFLOW_FIGURES_AMPLIFICATION_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_amplification_draw(jf_atlas *a);

#endif
