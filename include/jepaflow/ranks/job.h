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

/* Seconds from which on it is told that a point is under way. */
#define JF_WORTH_TELLING 1.0

/* A point that is out at a rank, or at the group that it leads. */
typedef struct {
    int rank;
    size_t point;
    double cost; /* predicted seconds */
} jf_errand;

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
     * Seconds that are left; the sweep stops when they are used up on any rank. INFINITY where
     * nothing limits it.
     */
    double (*seconds_left)(void *context);

    /*
     * The points of at least JF_WORTH_TELLING that are being solved: each rank has one. On rank 0,
     * about every second and before one is begun on rank 0, for what is left of a run that dies.
     * NULL: nobody asks.
     *   errands  `count` of them; the caller's
     */
    void (*under_way)(void *context, const jf_errand *errands, size_t count);

    /*
     * A rank, or its group, will never be heard of again. On rank 0; on rank 1 where it is rank 0
     * that has ended, of which no errands are known. NULL: nobody asks.
     *   rank     that has ended
     *   errands  the first `count` points that were out at it, of `all`, in the order in which it
     *            solves them
     */
    void (*lost)(void *context, int rank, const jf_errand *errands, size_t count, size_t all);

    /* Tell the user. On rank 0, whenever something has changed. */
    void (*progress)(void *context, const jf_progress *progress);

    void *context;
} jf_job;

#endif
