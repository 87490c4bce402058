/*
 * order.h - whose order features are learnt in: Kendall's tau as a map over depth and init_scale.
 *
 * tau of 'learnt earlier' with 'higher rho' (or higher lambda, of a spectrum in which rho does not
 * vary): 1 is the order of rho, -1 the opposite one. A row for each spectrum, a column for each
 * objective.
 */
#ifndef JEPAFLOW_FIGURES_ORDER_H
#define JEPAFLOW_FIGURES_ORDER_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_order_draw(jf_atlas *a);

#endif
