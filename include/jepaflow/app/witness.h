/*
 * witness.h - who has seen ranks die, and of which points: told at once, and to the next run.
 *
 * Rank 0 writes down the dear points that are under way (results/logbook.h), so that the run that
 * follows one that died can name them. Of a rank that dies while others live on they say with which
 * point it died. A point that has ended JF_MOST_DEATHS ranks, and was not saved on its way in
 * between, is given up: it would end every run. A run that was killed whole says nothing of its
 * points, unless its only rank was in one. Knows no MPI.
 */
#ifndef JEPAFLOW_APP_WITNESS_H
#define JEPAFLOW_APP_WITNESS_H

#include "jepaflow/ranks/job.h"
#include "jepaflow/results/logbook.h"
#include "jepaflow/sweep/plan.h"

enum { JF_MOST_DEATHS = 3 };

typedef struct {
    const jf_plan *plan;
    jf_logbook book; /* as it stands in the file, if it could be written */
    int cannot_write;
} jf_witness;

/*
 * See what the last run has left, and tell the user.
 *   dataset, digest, plan  of this run; must outlive the witness
 *   finished               by point: what is not 0 is done, and no longer of interest
 *   ranks                  of this run
 *   out                    release with jf_witness_end()
 * JF_ERR_MEMORY.
 */
jf_status jf_witness_begin(const char *dataset, const char *digest, const jf_plan *plan,
                           const unsigned char *finished, int ranks, jf_witness *out);

/* How many ranks has a point ended? */
int jf_witness_deaths(const jf_witness *witness, size_t point);

/* jf_job's under_way and lost: see there. What cannot be written is said once. */
void jf_witness_under_way(jf_witness *witness, const jf_errand *errands, size_t count);
void jf_witness_lost(jf_witness *witness, int rank, const jf_errand *errands, size_t count,
                     size_t all);

/* Rank 0 has died: what is under way is what it has written down of itself. On another rank. */
void jf_witness_lost_rank_0(const char *dataset, const char *digest, const jf_plan *plan);

/*
 * The run ends in order: nothing is under way any more, what ranks died of stays written.
 *   witness  may be {0}
 */
void jf_witness_end(jf_witness *witness);

#endif
