/*
 * coordinator.h - rank 0: deals points, keeps records, ends the sweep.
 *
 * Where few ranks run it computes as well, looking at its mail between integration steps; where
 * many do it sleeps between messages. Knows neither flow nor dataset.
 */
#ifndef JEPAFLOW_RANKS_COORDINATOR_H
#define JEPAFLOW_RANKS_COORDINATOR_H

#include "jepaflow/ranks/comm.h"
#include "jepaflow/ranks/job.h"

/*
 * Run a sweep. On rank 0, while all other ranks are in jf_worker_run().
 *   points    number of points of the plan
 *   cost      predicted seconds of each
 *   finished  flags of points that are done already
 * Returns JF_OK where every point has its record, JF_STOPPED where time ran out or the user asked
 * before, else what went wrong; in every case all workers have been told to stop and have said
 * goodbye.
 */
jf_status jf_coordinator_run(jf_comm *comm, const jf_job *job, size_t points, const double *cost,
                             const unsigned char *finished);

#endif
