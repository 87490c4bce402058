/*
 * job.h - what coordinator and workers are to do, as callbacks: they know neither flow nor dataset.
 */
#ifndef JEPAFLOW_RANKS_JOB_H
#define JEPAFLOW_RANKS_JOB_H

#include "jepaflow/base/status.h"
#include "jepaflow/linalg/grid.h"
#include "jepaflow/sweep/record.h"

/* How far a sweep is; costs are predicted seconds, of this run. */
typedef struct {
    size_t done, total;
    double cost_done, cost_total;
} jf_progress;

typedef struct {
    size_t features, samples; /* shape of a record */
    double save_interval;     /* seconds after which a point under way is to be saved */

    /*
     * Solve a point into a record. look(look_context) is called between steps: a jf_wish. On every
     * rank that computes; where `grid` is not NULL, together with all its ranks, on which `look`
     * says the same, and all have the record.
     */
    void (*solve)(void *context, size_t point, jf_grid *grid, int (*look)(void *),
                  void *look_context, jf_record *record);

    /* Keep records that came together. On rank 0. A failure stops the sweep. */
    jf_status (*keep)(void *context, jf_record *const *records, size_t count);

    /*
     * Seconds that are left; the sweep stops when they are used up. INFINITY where nothing limits
     * it.
     */
    double (*seconds_left)(void *context);

    /* Tell the user. On rank 0, whenever something has changed. */
    void (*progress)(void *context, const jf_progress *progress);

    void *context;
} jf_job;

#endif
