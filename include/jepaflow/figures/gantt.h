/*
 * gantt.h - what the ranks of a run did: a row for each rank, a bar for each point from its start
 * to its end.
 *
 * Waiting is what stays grey. A point solved by a group of ranks is one bar over their rows; bars
 * are coloured by the depth, or by the first other axis that varies. The last run of the dataset is
 * drawn. Of more ranks than rows, some evenly spread ones; bars that touch at the picture's
 * resolution are one bar, so that any number of points is drawn in little time.
 */
#ifndef JEPAFLOW_FIGURES_GANTT_H
#define JEPAFLOW_FIGURES_GANTT_H

#include "jepaflow/figures/atlas.h"

/* Most rows. */
#define JF_GANTT_ROWS 128

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_gantt_draw(jf_atlas *a);

#endif
