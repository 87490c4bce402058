/*
 * store.h - the dataset being written (DESIGN, section 6).
 *
 * One dimension for each axis of the sweep, then feature and sample; one variable for each field of
 * a record. Everything is laid out and filled with 'not known yet' at creation, each point is
 * written in place, its status last: whatever kills the program, the file is valid and every point
 * that says done is whole. Only rank 0 writes. Knows no flow and no MPI.
 */
#ifndef JEPAFLOW_RESULTS_STORE_H
#define JEPAFLOW_RESULTS_STORE_H

#include "jepaflow/results/layout.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/record.h"
#include "jepaflow/sweep/shard.h"

typedef struct jf_store jf_store;

/* What a new dataset holds from its first instant: fill(context, store) puts records. */
typedef struct {
    jf_status (*fill)(void *context, jf_store *store);
    void *context;
} jf_filling;

/*
 * Create the dataset of a plan at `path`, in place of what is there; open it to go on writing. It
 * is made as PATH.new, handed to the disk where it is filled, and renamed when it is whole: at
 * every instant there is the one or the other, never half of one. The caller holds the lock
 * (lock.h), so that a PATH.new that is there is what a killed process has left.
 *   filling  NULL for none
 * JF_ERR_FILE with a message, also where the disk has no room for it.
 */
jf_status jf_store_create(const char *path, const jf_plan *plan, const jf_provenance *provenance,
                          const jf_filling *filling, jf_store **out);

/*
 * Open the dataset of the same plan and shard to go on writing. JF_ERR_USAGE, with the difference,
 * where it is of another, JF_ERR_FILE where it is no dataset.
 */
jf_status jf_store_resume(const char *path, const jf_plan *plan, jf_shard shard, jf_store **out);

/*
 * Is the dataset at `path` one to go on with? Nothing is touched.
 *   extend  also where it is not the whole sweep: every point of the dataset is one of `plan`
 *   same    set: it is of this very plan
 * Fails as jf_store_resume().
 */
jf_status jf_store_check(const char *path, const jf_plan *plan, jf_shard shard, int extend,
                         int *same);

/*
 * What is known of the points already.
 *   finished  plan->points numbers: the jf_point_status of a point that is done, failed or
 *             diverged; 0 (pending) of all others
 */
jf_status jf_store_finished(jf_store *store, unsigned char *finished);

/*
 * Write records in their places: first the data of all of them, then their statuses, each handed to
 * the system before the next is begun. Points that stand side by side in the dataset are written
 * together, so that records in bulk cost far less than one by one.
 *   records  of different points, in any order
 * JF_ERR_NETWORK, with nothing written, where one is not of this sweep; JF_ERR_FILE, also where the
 * dataset was removed, renamed or replaced.
 */
jf_status jf_store_put_all(jf_store *store, const jf_record *const *records, size_t count);

/* Write out and close; sets *store to NULL, accepts NULL. */
jf_status jf_store_close(jf_store **store);

/* Size of the dataset of a plan, bytes, without its attributes. */
double jf_store_size(const jf_plan *plan);

#endif
