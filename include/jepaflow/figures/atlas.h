/*
 * atlas.h - what figures are made from and where they go: a surveyed dataset, a folder, a format, a
 * style; and what became of each figure.
 *
 * A figure shows values of objective, depth, init_scale and spectrum; on all other axes it stands
 * at the first value. Knows no layout.
 */
#ifndef JEPAFLOW_FIGURES_ATLAS_H
#define JEPAFLOW_FIGURES_ATLAS_H

#include <stdio.h>

#include "jepaflow/figures/gnuplot.h"
#include "jepaflow/report/survey.h"

/* Most values of one axis that a figure tells apart: colours, marks. */
#define JF_ATLAS_SERIES 8

/* Most spectra of one figure: rows. */
#define JF_ATLAS_ROWS 4

/* The rows of a figure: spectra it shows, of those it could. */
typedef struct {
    size_t count;
    size_t of; /* more than count where there is no room for all */
    size_t spectrum[JF_ATLAS_ROWS];
} jf_rows;

/* The values of an axis by their number: ascending, those of a text axis in their order. */
typedef struct {
    size_t count;
    size_t *value;
} jf_sorted;

/* What became of a figure. */
typedef struct {
    char name[48];
    char text[160]; /* what it shows, or why it is left out */
    int drawn;
} jf_notice;

/* Start from {0} with dataset, survey, folder, format, style, out set; all are borrowed. */
typedef struct {
    const jf_dataset *dataset;
    const jf_survey *survey;
    const char *folder;
    jf_plot_format format;
    jf_style style;
    FILE *out;          /* one line for each figure; NULL for none */
    size_t feature;     /* whose times are drawn where a figure is of one: its number, from 0 */
    size_t map[2];      /* axes of the heatmap, x and y: places in dataset->axis, or dataset->axes
                         for the features */
    size_t most_depths; /* of which each has its trajectories; of more the lowest and highest */
    jf_sorted axis[JF_PARAMETERS];
    size_t notices;
    jf_notice *notice; /* of all figures so far */
} jf_atlas;

/*
 * Sort the axes. JF_ERR_MEMORY. Release with jf_atlas_clear(), in any case.
 */
jf_status jf_atlas_init(jf_atlas *a);
void jf_atlas_clear(jf_atlas *a);

/*
 * Of the values of an axis at most `most` > 1, evenly spread, both ends among them.
 *   thin  of `most` numbers; returns how many were filled in
 */
size_t jf_atlas_thin(const jf_atlas *a, size_t axis, size_t most, size_t *thin);

/*
 * Rows for spectra: evenly spread ones where there are too many.
 *   takes  whether a spectrum is among them; NULL for all
 */
jf_rows jf_atlas_rows(const jf_atlas *a, int (*takes)(const jf_traits *traits));

/* The exact critical time of any feature at the figures' threshold, flow time, or NaN. */
double jf_atlas_exact_time(const jf_atlas *a, const jf_feature *feature);

/* A value of an axis as jf_survey_name_value() has it, with 3 digits. */
void jf_atlas_name(const jf_atlas *a, size_t axis, size_t value, char *text, size_t size);

/*
 * Add where a figure stands on axes that it does not show, of those that have several values in the
 * dataset: "; seed 1, width 2", each name and value parted by a blank that lines do not break at.
 *   shown  places of `count` axes in dataset->axis
 */
void jf_atlas_add_place(const jf_atlas *a, const size_t *shown, size_t count, jf_string *text);

/* Behind a spectrum's name: " (λ = 1, ρ 0.4 to 1)"; ": feature 0, λ = 1, ρ = 0.4". */
void jf_atlas_spectrum(const jf_atlas *a, size_t spectrum, char text[128]);
void jf_atlas_one_feature(const jf_atlas *a, size_t spectrum, char text[128]);

/* Draw and clear a figure, and say so with `what`. Fails as jf_figure_draw(). */
jf_status jf_atlas_finish(jf_atlas *a, jf_figure *figure, const char *what);

/* Say that a figure is left out. JF_ERR_MEMORY. */
jf_status jf_atlas_leave_out(jf_atlas *a, const char *name, const char *why);

/* The feature of which times are drawn, of a spectrum that may have fewer: its last. */
size_t jf_atlas_feature(const jf_atlas *a, size_t spectrum);

#endif
