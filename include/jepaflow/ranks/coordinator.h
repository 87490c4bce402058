/*
 * coordinator.h - rank 0: deals points, keeps records, ends the sweep.
 *
 * Where it works as well it looks at its mail between integration steps, also as the leader of the
 * first group; where it only coordinates it sleeps between messages. Of a group it speaks with the
 * leader alone. Knows neither flow nor dataset.
 */
#ifndef JEPAFLOW_RANKS_COORDINATOR_H
#define JEPAFLOW_RANKS_COORDINATOR_H

#include "jepaflow/ranks/comm.h"
#include "jepaflow/ranks/group.h"
#include "jepaflow/ranks/job.h"
#include "jepaflow/ranks/ledger.h"

/*
 * Run a sweep. On rank 0, while all other ranks are in jf_worker_run().
 *   crew      as on the others; at least one worker
 *   load      the points; its groups are the crew's
 *   finished  flags of points that are done already; NULL for none
 * Returns JF_OK where every point has its record, JF_STOPPED where time ran out or the user asked
 * before, else what went wrong. All workers have been told to stop and have said goodbye then; but
 * not after JF_ERR_NETWORK and JF_ERR_MEMORY: the program must end.
 */
jf_status jf_coordinator_run(jf_comm *comm, const jf_job *job, const jf_crew *crew,
                             const jf_workload *load, const unsigned char *finished);

#endif
