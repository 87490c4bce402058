/*
 * panel.h - the page of a figure: title, rows and columns of equal panels, headings, legend.
 *
 * Rows are spectra and columns are objectives, unless a figure says otherwise. Everything is
 * written into the figure's script; lengths are points of 1/72 inch at the size of a paper's column
 * (style.h). Texts of the input (title, labels) are shown as they are, texts of ours as gnuplot's
 * enhanced text. Knows no dataset.
 */
#ifndef JEPAFLOW_FIGURES_PANEL_H
#define JEPAFLOW_FIGURES_PANEL_H

#include <stdio.h>

#include "jepaflow/figures/axis.h"
#include "jepaflow/figures/legend.h"
#include "jepaflow/theory/feature.h"

/* Rows and columns of equal panels. jf_panel_begin() fills in what is 0 of width, top and foot. */
typedef struct {
    size_t rows, columns;
    double width, height; /* of a panel; width 0: what a column of a paper leaves */
    double left, right;   /* beside the panels: numbers and labels */
    double gap_x, gap_y;  /* between panels, without headings */
    double bottom;        /* below the panels, without the legend */
    double crown;         /* above the first row: headings of columns; 0 for none */
    double heading;       /* above each row: its heading; 0 for none */
    double top;           /* title and subtitle */
    double foot;          /* legend */
} jf_panel_grid;

/*
 * Begin the script.
 *   title     of the input; broken into lines, at most three; not drawn in a style without titles
 *   subtitle  of ours, broken into lines, at most four
 *   legend    NULL for none
 */
void jf_panel_begin(jf_panel_grid *g, const char *title, const char *subtitle,
                    const jf_legend *legend, jf_figure *figure);

/* Begin a panel: its place. */
void jf_panel_set_place(const jf_panel_grid *g, size_t row, size_t column, jf_figure *figure);

/* From the figure's foot to the foot of a row's panels. */
double jf_panel_foot(const jf_panel_grid *g, size_t row, const jf_figure *figure);

/* End it: its labels, arrows and boxes are gone, and the page's with those of the first. */
void jf_panel_end(jf_figure *figure);

/* End the script. */
void jf_panel_finish(jf_figure *figure);

/*
 * A heading of a column (ours), and of a row: `name`, as it is, cut so that `what`, of ours and
 * short, still fits behind it.
 */
void jf_panel_set_crown(const jf_panel_grid *g, size_t column, const char *text, jf_figure *figure);
void jf_panel_set_heading(const jf_panel_grid *g, size_t row, const char *name, const char *what,
                          jf_figure *figure);

/* Labels of the axes, of ours, without quotes in them; "" for none. */
void jf_panel_set_labels(const jf_panel_grid *g, size_t row, size_t column, const char *x,
                         const char *y, jf_figure *figure);

/* A word in the middle of a panel that shows nothing: "not done". It is drawn by a plot. */
void jf_panel_set_note(const char *text, jf_figure *figure);

/* "JEPA", "MAE". */
const char *jf_panel_objective_name(jf_objective objective);

/* Add a line "x y" to the data; a y of NaN parts a curve. Blocks must not hold empty lines. */
void jf_panel_add_pair(jf_figure *figure, double x, double y, jf_range *r);

/*
 * Plot series k of `count`: block `block` as a line (exact), the block after it as points
 * (measured).
 *   comma  what comes before: "plot", or what continues a plot
 */
void jf_panel_plot_series(jf_figure *figure, size_t block, size_t k, size_t count,
                          const char *comma);

/* The palette of ordered things. */
void jf_panel_set_palette(jf_figure *figure);

#endif
