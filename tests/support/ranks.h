/*
 * ranks.h - datasets made by hand of which is known who solved each point, and when.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_RANKS_H
#define JEPAFLOW_TESTS_SUPPORT_RANKS_H

#include "sweep.h"

/* One point; `date` is that of its run. */
typedef struct {
    double date;
    int run_ranks, rank, ranks;
    double started, seconds;
} solved;

/* Create the dataset of `s` and write its first points, solved so. */
void ranks_write(const sweep *s, const solved *points, size_t count);

#endif
