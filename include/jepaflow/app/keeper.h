/*
 * keeper.h - points that are saved on their way, and gone on with.
 *
 * Between the flow, which turns a point under way into bytes, and the files beside the dataset
 * (results/checkpoint.h). When a point is saved is said by who looks on: at intervals, and before
 * it stops.
 */
#ifndef JEPAFLOW_APP_KEEPER_H
#define JEPAFLOW_APP_KEEPER_H

#include "jepaflow/linalg/grid.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/record.h"

typedef struct {
    const char *dataset; /* its path, as all ranks see it; borrowed */
    char digest[17];     /* of its plan */
    int has_saved;       /* there were points under way when the run began */
    int silent;          /* that a point cannot be saved has been said */
} jf_keeper;

/*
 * Look for points under way.
 *   dataset  must outlive the keeper
 */
jf_keeper jf_keeper_of(const char *dataset, const jf_plan *plan);

/*
 * Solve a point, from what was saved of it where there is something; one that would need more
 * memory than there is, is given up.
 *   grid, look, look_context  as in jf_job
 */
void jf_keeper_solve(jf_keeper *keeper, const jf_point *point, const jf_grid *grid,
                     int (*look)(void *), void *look_context, jf_record *record);

/* The row of a point that is not solved: failed, for that reason, with what the theory says. */
void jf_keeper_give_up(const jf_point *point, jf_point_reason reason, jf_record *record);

/* Forget what was saved of points whose records are in the dataset now. On rank 0. */
void jf_keeper_forget(const jf_keeper *keeper, jf_record *const *records, size_t count);

#endif
