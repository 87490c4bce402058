/*
 * forecast.h - how long a sweep takes on N ranks, before it is run.
 *
 * The ledger of the coordinator, driven by a virtual clock in which every point takes its predicted
 * seconds. Knows no MPI and no flow.
 */
#ifndef JEPAFLOW_RANKS_FORECAST_H
#define JEPAFLOW_RANKS_FORECAST_H

#include <stddef.h>

#include "jepaflow/base/status.h"

/* Does rank 0 compute too? */
typedef enum {
    JF_COORDINATOR_AUTO,
    JF_COORDINATOR_WORKING,
    JF_COORDINATOR_DEDICATED
} jf_coordinator_mode;

typedef struct {
    double seconds;    /* from start to the last result */
    double busy;       /* sum of the points' seconds */
    double efficiency; /* busy / (ranks x seconds), in 0..1 */
} jf_forecast;

/*
 * Forecast a sweep.
 *   cost     predicted seconds of each of `points` points
 *   ranks    at least 1; whether rank 0 computes too is as in a run (jf_workers)
 */
jf_status jf_forecast_run(size_t points, const double *cost, int ranks, jf_forecast *out);

/* Ranks that compute, of `ranks`: all of few, all but the coordinator of many. */
int jf_workers(int ranks);

#endif
