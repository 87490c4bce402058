/*
 * legend.h - the legend of a figure: what its colours, marks and lines mean, below the panels.
 *
 * Laid out here and not by gnuplot, which neither breaks lines nor keeps names apart at the width
 * of a column.
 */
#ifndef JEPAFLOW_FIGURES_LEGEND_H
#define JEPAFLOW_FIGURES_LEGEND_H

#include "jepaflow/figures/gnuplot.h"

#define JF_LEGEND_ENTRIES 12

typedef struct {
    char name[64];    /* shown as it is */
    char colour[8];   /* of what follows */
    int mark;         /* gnuplot's number; 0 for none */
    const char *dash; /* of a line; NULL for none */
    int box;          /* a filled box */
} jf_legend_entry;

/* Start from {0}. */
typedef struct {
    char title[32]; /* "depth": of ours */
    size_t count;
    jf_legend_entry entry[JF_LEGEND_ENTRIES];
} jf_legend;

/* Add an entry; one too many is an error of the caller. */
void jf_legend_add(jf_legend *legend, const jf_legend_entry *entry);

/* Add measured points over an exact line of series k of `count`. */
void jf_legend_add_series(jf_legend *legend, jf_style style, const char *name, size_t k,
                          size_t count);

/* The height it takes where it may be `width` wide, points; 0 where it is empty. */
double jf_legend_height(const jf_legend *legend, double width);

/* Draw it across the foot of a figure whose size is known. */
void jf_legend_draw(const jf_legend *legend, jf_figure *figure);

#endif
