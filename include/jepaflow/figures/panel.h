/*
 * panel.h - what the figures of a sweep have in common: rows and columns of panels, headings,
 * colours, measured points over exact lines, a legend beside them.
 *
 * Everything is written into a figure's script and data (gnuplot.h); lengths are points of 1/72
 * inch on paper. Texts of the input (title, labels) are shown as they are, texts of ours as
 * gnuplot's enhanced text.
 */
#ifndef JEPAFLOW_FIGURES_PANEL_H
#define JEPAFLOW_FIGURES_PANEL_H

#include <stdio.h>

#include "jepaflow/figures/gnuplot.h"
#include "jepaflow/results/survey.h"

/* Spectra side by side. */
#define JF_PANEL_COLUMNS 4

/* What all figures are made from, and where they go; all borrowed. */
typedef struct {
    const jf_survey *survey;
    const jf_dataset *dataset;
    double threshold; /* of the critical times, at the first value of its axis */
    const char *folder;
    jf_plot_format format;
    FILE *out;                  /* one line for each figure */
    size_t objectives, spectra; /* drawn: the first ones of their axes */
} jf_atlas;

/* Rows and columns of equal panels. */
typedef struct {
    size_t rows, columns;
    double width, height; /* of a panel */
    double gap_x, gap_y, left, right, top, bottom;
} jf_panel_grid;

/*
 * The width of a panel where there are so many columns of spectra, for a figure as wide as a page.
 */
double jf_panel_width(size_t columns);

/* Begin the script: size, the dataset's title and a subtitle of ours, without quotes in it. */
void jf_panel_begin_figure(const jf_atlas *a, const jf_panel_grid *g, const char *subtitle,
                           jf_figure *figure);

/* Begin a panel: its place. End it: labels 1, 2 (the titles) and 3 (its own) are gone. */
void jf_panel_set_margins(const jf_panel_grid *g, size_t row, size_t column, jf_figure *figure);
void jf_panel_end(jf_figure *figure);

/* The spectrum's name above the first row. */
void jf_panel_set_heading(const jf_atlas *a, size_t row, size_t spectrum, jf_figure *figure);

/* Objective, quantity and numbers left of the first column: a row shares its range. */
void jf_panel_set_left_axis(size_t column, jf_objective objective, const char *what,
                            jf_figure *figure);

/* "JEPA", "MAE". */
const char *jf_panel_objective_name(jf_objective objective);

/* "#rrggbb" of viridis without its palest end, which does not show on white; 0 <= x <= 1. */
void jf_panel_colour(double x, char text[8]);

/* The exact critical time at the figures' threshold, flow time, or NaN. */
double jf_panel_exact_time(const jf_atlas *a, const jf_feature *feature);

/* A range that grows with what is drawn. Start from {INFINITY, 0}. */
typedef struct {
    double low, high;
} jf_range;

/* Add a line "x y" to the data; a y of NaN parts a curve. Blocks must not hold empty lines. */
void jf_panel_add_pair(jf_figure *figure, double x, double y, jf_range *r);

/*
 * Plot series k of `count`: block `block` as a line (exact), the block after it as points
 * (measured).
 *   comma  what comes before: "plot", or what continues a plot
 */
void jf_panel_plot_series(jf_figure *figure, size_t block, size_t k, size_t count,
                          const char *comma);

/*
 * Begin a legend of any kind, right of all panels, after the last of them: the script goes on with
 * what is plotted there, without data and each with a title.
 *   margin  between the panels and it
 *   title   of ours, without quotes in it
 */
void jf_panel_begin_legend(jf_figure *figure, const jf_panel_grid *g, double margin,
                           const char *title);

/*
 * The legend of series.
 *   title, names  of ours, without quotes in them; names of series 0 ... count-1
 */
void jf_panel_plot_names(jf_figure *figure, const jf_panel_grid *g, const char *title,
                         const char *const *names, size_t count);

/*
 * The same, where the series are values of `axis`.
 *   chosen  which of them are series 0 ... count-1, at most 8
 */
void jf_panel_plot_legend(const jf_atlas *a, jf_figure *figure, const jf_panel_grid *g,
                          const char *title, jf_parameter_id axis, const size_t *chosen,
                          size_t count);

/* Draw and clear the figure, and say so with `what`. Fails as jf_figure_draw(). */
jf_status jf_panel_finish_figure(const jf_atlas *a, jf_figure *figure, const char *what);

/* Say that a figure is left out. */
void jf_panel_leave_out(const jf_atlas *a, const char *name, const char *why);

#endif
