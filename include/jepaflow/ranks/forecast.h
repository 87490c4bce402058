/*
 * forecast.h - how long a sweep takes on N ranks, before it is run.
 *
 * The ledger of the coordinator, driven by a virtual clock: every point takes its predicted
 * seconds, rank 0 its time for every message and record, one after the other. Workers send records
 * as they do in a run: when a batch ends, and after a wait that grows with their number. Groups
 * take wide points and then dissolve. Knows no MPI, no flow and no machine.
 *
 * Takes O((points + messages) log ranks) time and some 100 bytes a point and a rank.
 */
#ifndef JEPAFLOW_RANKS_FORECAST_H
#define JEPAFLOW_RANKS_FORECAST_H

#include <stddef.h>

#include "jepaflow/ranks/ledger.h"

/* Does rank 0 compute as well, or nothing but coordinate? AUTO: what is forecast to be faster. */
typedef enum {
    JF_COORDINATOR_AUTO,
    JF_COORDINATOR_WORKING,
    JF_COORDINATOR_DEDICATED
} jf_coordinator_mode;

/* Seconds that are not computing; {0} for none. */
typedef struct {
    double start;       /* from the command to the first batch */
    double message;     /* of rank 0, to take in a message and to send its answer */
    double nap;         /* until a rank that waits sees that a message has come */
    const double *keep; /* by point: of rank 0, to take in and write its record; NULL: none */
} jf_overhead;

/* What keeps more ranks from being faster; the first that applies. */
typedef enum {
    JF_LIMIT_NONE,
    JF_LIMIT_COORDINATOR, /* rank 0 is busy with messages and records nearly all the time */
    JF_LIMIT_LONGEST,     /* the longest point takes nearly all the time */
    JF_LIMIT_START        /* starting takes most of the time */
} jf_forecast_limit;

typedef struct {
    double seconds;           /* from the command to the last record */
    double start;             /* of them, before the first batch */
    double busy;              /* sum of the points' seconds, of a group's for each of its ranks */
    double efficiency;        /* busy / (ranks x seconds), in 0..1 */
    double coordinator;       /* seconds of rank 0 for messages and records */
    double longest;           /* seconds of the longest point */
    double messages;          /* from and to rank 0 */
    jf_coordinator_mode mode; /* working or dedicated */
    jf_forecast_limit limit;
    double most_ranks; /* of so many, rank 0 could just keep up with their records; INFINITY: any */
} jf_forecast;

/*
 * Forecast a sweep.
 *   finished  by point: what is not 0 is done already; NULL for none
 *   ranks     at least 1
 *   mode      on one rank, rank 0 works in any case
 *   overhead  borrowed
 * JF_ERR_MEMORY.
 */
jf_status jf_forecast_run(const jf_workload *load, const unsigned char *finished, int ranks,
                          jf_coordinator_mode mode, const jf_overhead *overhead, jf_forecast *out);

#endif
