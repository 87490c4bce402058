/*
 * estimate.h - what a sweep costs, and how some number of ranks share it best.
 *
 * Puts together the plan (points), the pace (seconds and bytes) and the forecast (ranks), so that
 * the workload that `run` deals is the one that `plan` forecasts. Knows no MPI and writes nothing.
 */
#ifndef JEPAFLOW_APP_ESTIMATE_H
#define JEPAFLOW_APP_ESTIMATE_H

#include "jepaflow/flow/pace.h"
#include "jepaflow/ranks/forecast.h"
#include "jepaflow/sweep/plan.h"

/* A sweep's costs, however many ranks there are. Release with jf_estimate_clear(). */
typedef struct {
    const jf_plan *plan; /* borrowed */
    jf_pace *pace;
    double *single;       /* by point: predicted seconds on one rank */
    double *cost;         /* by point: the same, of wide points on the group of the last share */
    unsigned char *broad; /* by point: it may be wide, if there are groups */
    size_t broad_points;
    size_t *family; /* by point: objective, depth, spectrum; all one where points are closed form */
    size_t families;
    double *keep;          /* by point: seconds of rank 0 for its record */
    unsigned char *others; /* by point: of another shard, left out; NULL: none is. Owned */
    double work;           /* sum of `single` */
    double bytes_narrow;   /* largest memory of a point that is never wide, on one rank */
    size_t largest_broad;  /* the point with the largest memory of those that may be */
} jf_estimate;

/*
 * Measure and predict.
 *   plan  must outlive the estimate
 * JF_ERR_MEMORY.
 */
jf_status jf_estimate_init(const jf_plan *plan, jf_estimate *out);

void jf_estimate_clear(jf_estimate *estimate);

/* How N ranks share a sweep. */
typedef struct {
    jf_workload load; /* borrowed from the estimate, until its next share */
    jf_forecast forecast;
    double bytes; /* of memory, that a rank needs at most */
    int too_few;  /* flow.ranks_per_point is more than the ranks that compute: groups are smaller */
} jf_share;

/*
 * Find out, with groups as flow.ranks_per_point says.
 *   finished  by point: what is not 0 is done already; NULL for none
 *   mode      AUTO: what is forecast to be faster
 * JF_ERR_MEMORY.
 */
jf_status jf_estimate_share(jf_estimate *estimate, const unsigned char *finished, int ranks,
                            jf_coordinator_mode mode, jf_share *out);

/* The same with groups of that size; of as many ranks as compute, where those are fewer. */
jf_status jf_estimate_share_in_groups(jf_estimate *estimate, const unsigned char *finished,
                                      int ranks, jf_coordinator_mode mode, int group,
                                      jf_share *out);

/*
 * The same as flow.ranks_per_point: auto has it: of groups of 1, 2, 4 ... ranks those that are
 * forecast to be fastest; larger ones where a rank's share of the node's memory would not do.
 */
jf_status jf_estimate_share_best(jf_estimate *estimate, const unsigned char *finished, int ranks,
                                 jf_coordinator_mode mode, jf_share *out);

#endif
