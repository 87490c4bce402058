/*
 * worker.h - a rank that computes: takes batches, solves points, sends records, until told to stop.
 *
 * Alone, or in a group: as its leader, which alone hears from the coordinator, or as a member,
 * which is called to each point. Looks at its mail between integration steps. Records travel
 * together where points are cheap. A signal that comes to it alone it passes on to rank 0, and
 * where rank 0 has died it ends. Knows neither flow nor dataset.
 */
#ifndef JEPAFLOW_RANKS_WORKER_H
#define JEPAFLOW_RANKS_WORKER_H

#include "jepaflow/ranks/comm.h"
#include "jepaflow/ranks/group.h"
#include "jepaflow/ranks/job.h"

/*
 * Work until the coordinator (rank 0) says stop. On every rank but 0.
 *   crew  as on rank 0
 * Where it fails, also because rank 0 has died on this machine, the others may wait for this rank,
 * and the program must end.
 */
jf_status jf_worker_run(jf_comm *comm, const jf_job *job, const jf_crew *crew);

#endif
