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

#include "jepaflow/results/file.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/record.h"

typedef struct jf_store jf_store;

/* Where a dataset comes from, as global attributes; all borrowed. */
typedef struct {
    const char *input;     /* the whole input text */
    const char *overrides; /* of --set, separated by blanks; "" for none */
    const char *command;   /* the command line, for the history */
    const char *program;   /* "jepaflow 0.1.0" */
    const char *version;   /* "0.1.0" */
    const char *libraries; /* versions and kernels of the libraries */
} jf_provenance;

/*
 * Create the dataset of a plan at `path`, which must not exist. It is made under a temporary name
 * and renamed when it is whole, so that there is never half a dataset. JF_ERR_FILE with a message.
 */
jf_status jf_store_create(const char *path, const jf_plan *plan, const jf_provenance *provenance,
                          jf_store **out);

/*
 * Open the dataset of the same plan to go on writing. JF_ERR_USAGE where it is of another plan,
 * JF_ERR_FILE where it is no dataset.
 */
jf_status jf_store_resume(const char *path, const jf_plan *plan, jf_store **out);

/*
 * Is there a dataset of jepaflow at `path`? JF_ERR_FILE, with a message, where it is anything else.
 */
jf_status jf_store_check(const char *path);

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
 * JF_ERR_NETWORK, with nothing written, where one is not of this sweep; JF_ERR_FILE.
 */
jf_status jf_store_put_all(jf_store *store, const jf_record *const *records, size_t count);

/* Write out and close; sets *store to NULL, accepts NULL. */
jf_status jf_store_close(jf_store **store);

/* Size of the dataset of a plan, bytes, without its attributes. */
double jf_store_size(const jf_plan *plan);

#endif
