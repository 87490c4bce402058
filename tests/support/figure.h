/*
 * figure.h - figures of a dataset made by hand, without gnuplot: what they leave behind, as numbers
 * and text.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_FIGURE_H
#define JEPAFLOW_TESTS_SUPPORT_FIGURE_H

#include <stdio.h>

#include "jepaflow/figures/atlas.h"
#include "sweep.h"

/* A sweep as sweep_write() makes it, and an atlas of all of it. */
typedef struct {
    sweep s;
    jf_dataset dataset;
    jf_survey survey;
    jf_atlas atlas;
    char *said; /* what was written to atlas.out; valid after figure_said() */
    size_t said_size;
} figure_case;

/*
 * Points first ... last-1 are there. A stand-in takes gnuplot's place. Release with figure_end().
 */
void figure_begin(const char *text, const char *set, size_t first, size_t last, figure_case *c);
void figure_end(figure_case *c);

/* What was told so far. */
const char *figure_said(figure_case *c);

/* The text of FOLDER/NAME, until the next call; "" where there is none. */
const char *figure_file(const figure_case *c, const char *name);

/*
 * Block `index` of a figure's data, as gnuplot counts: its first two columns.
 *   x, y  of 1000 numbers; curves are parted by a pair of NaN
 * Returns the number of rows.
 */
size_t figure_block(const figure_case *c, const char *name, size_t index, double *x, double *y);

/*
 * The cells of a map, of block `index` of a figure's data: column, row, measured, exact, the values
 * of x and y, whether it is a hole.
 *   cell  of 64
 * Returns their number.
 */
size_t figure_cells(const figure_case *c, const char *name, size_t index, double cell[][7]);

/* Put a stand-in in gnuplot's place: a shell script, in `folder`, with these commands. */
void figure_stand_in(const char *folder, const char *commands);

#endif
