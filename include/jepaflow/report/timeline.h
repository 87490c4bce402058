/*
 * timeline.h - what the ranks of each run did, and when they waited.
 *
 * A dataset may hold points of several runs: each resumed one has its own start. A point that was
 * solved by a group of ranks lies on all of them. Reads the variables started, seconds, rank,
 * point_ranks, run_started and run_ranks; times are seconds since the start of the run. Knows no
 * layout of pages.
 */
#ifndef JEPAFLOW_REPORT_TIMELINE_H
#define JEPAFLOW_REPORT_TIMELINE_H

#include "jepaflow/results/dataset.h"

/* A point on the ranks that solved it: rank ... rank + ranks - 1. */
typedef struct {
    size_t point;
    size_t rank, ranks;
    double begin, end; /* s */
} jf_bar;

typedef struct {
    double date;  /* of its start, seconds since 1970 */
    size_t ranks; /* that it had, whether they solved points or not */
    size_t bars;
    jf_bar *bar; /* the points solved, by rank, then by begin; owned by the timeline */
    double wall; /* s, from the run's start to the end of its last point */
} jf_run;

typedef struct {
    size_t runs;
    jf_run *run; /* by date */
    jf_bar *memory;
} jf_timeline;

/*
 * Read the runs of a dataset, which may be closed after that. Points that are pending, and those
 * that do not say when they were solved, are left out; there may be no run at all.
 * JF_ERR_FILE (also where a point lies on ranks that its run does not have), JF_ERR_MEMORY. Release
 * with jf_timeline_clear().
 */
jf_status jf_timeline_init(const jf_dataset *dataset, jf_timeline *out);
void jf_timeline_clear(jf_timeline *timeline);

/* What one rank did. busy + before + between + after = wall, where clocks of nodes agree. */
typedef struct {
    size_t points;
    double busy;    /* s, sum of its points */
    double before;  /* s it waited for its first point; the whole run where it got none */
    double between; /* s it waited between points */
    double after;   /* s from its last point to the end of the run */
} jf_lane;

/*
 * All ranks of a run.
 *   lane  allocated, run->ranks of them; the caller frees
 */
jf_status jf_timeline_lanes(const jf_run *run, jf_lane **lane);

typedef struct {
    double share;    /* of all ranks' time that was busy, 0 to 1 */
    double balance;  /* load balance ratio: mean over largest busy time of the ranks that compute */
    int coordinates; /* rank 0 got no point, though there were other ranks: it does not compute */
    double before, between, after; /* shares of all ranks' time that was waited */
} jf_load;

/* Of the lanes of a run; NaN where it took no time. */
jf_load jf_timeline_load(const jf_run *run, const jf_lane *lane);

#endif
