/*
 * speedup.h - predicted strong scaling: time and efficiency against the number of ranks.
 *
 * Two panels side by side, with the ideal: work / ranks, and 100 %. Knows neither plan nor ranks;
 * the numbers are given.
 */
#ifndef JEPAFLOW_FIGURES_SPEEDUP_H
#define JEPAFLOW_FIGURES_SPEEDUP_H

#include <stdio.h>

#include "jepaflow/figures/gnuplot.h"

/* A sweep on some ranks. */
typedef struct {
    int ranks;
    double seconds;
    double efficiency; /* 0..1 */
} jf_speedup_row;

/*
 * Draw NAME.png, with its data and script.
 *   title        of the sweep, shown as it is
 *   work         seconds of one core
 *   rows, count  ascending in ranks; at least one, of more than 0 seconds
 *   folder       that exists
 *   out          gets one line
 * JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL where gnuplot is missing or fails.
 */
jf_status jf_speedup_draw(const char *title, double work, const jf_speedup_row *rows, size_t count,
                          const char *folder, const char *name, FILE *out);

#endif
