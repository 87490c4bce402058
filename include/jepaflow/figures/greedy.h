/*
 * greedy.h - are features learnt one at a time: the separation of features learnt one after the
 * other (report/separation.h), the median of all pairs, against init_scale, or against depth where
 * there is one init_scale only.
 *
 * A row for each spectrum of two features or more, a column for each objective; above 1 learning is
 * greedy.
 */
#ifndef JEPAFLOW_FIGURES_GREEDY_H
#define JEPAFLOW_FIGURES_GREEDY_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_greedy_draw(jf_atlas *a);

#endif
