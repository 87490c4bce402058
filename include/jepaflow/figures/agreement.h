/*
 * agreement.h - how measured critical times agree with the exact ones: the share of cells whose
 * |measured / exact - 1| is at most x, a curve for each objective, and the tolerance.
 *
 * Of all points along all axes that keep the assumption, of which exact times are.
 */
#ifndef JEPAFLOW_FIGURES_AGREEMENT_H
#define JEPAFLOW_FIGURES_AGREEMENT_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_agreement_draw(jf_atlas *a);

#endif
