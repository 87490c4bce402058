/*
 * ledger.h - which point is pending, out, done; and who gets which next.
 *
 * Plain bookkeeping: the coordinator drives it with messages, the forecast with a virtual clock.
 * Points are dealt longest predicted first, in batches that shrink towards the end. A worker gets
 * its next batch before it has finished the present one, unless that batch is more than a fair
 * share of what is pending: the last dear points wait for whoever is free first. Knows no MPI, no
 * flow, no clock.
 */
#ifndef JEPAFLOW_RANKS_LEDGER_H
#define JEPAFLOW_RANKS_LEDGER_H

#include <stddef.h>

#include "jepaflow/base/status.h"

/* Most points of a batch. */
#define JF_MOST_IN_BATCH 256

typedef struct jf_ledger jf_ledger;

/*
 * Open a ledger.
 *   points    number of points in the plan
 *   cost      predicted seconds of each, at least 0; copied
 *   finished  flags of points that are done already; NULL for none
 *   workers   at least 1
 *   out       close with jf_ledger_close()
 */
jf_status jf_ledger_open(size_t points, const double *cost, const unsigned char *finished,
                         int workers, jf_ledger **out);

void jf_ledger_close(jf_ledger **ledger);

/*
 * Deal a batch to a worker.
 *   limit  points predicted to take longer than this many seconds are held back; INFINITY for no
 *          limit
 *   batch  room for JF_MOST_IN_BATCH points
 * Returns their number; 0 where the worker has enough for now or nothing fits.
 */
size_t jf_ledger_deal(jf_ledger *ledger, int worker, double limit, size_t *batch);

/* A worker has finished a point that was dealt to it. */
void jf_ledger_done(jf_ledger *ledger, int worker, size_t point);

/* Where things stand; costs are predicted seconds. */
typedef struct {
    size_t pending, out, done; /* points; `done` counts those of this run only */
    double cost_pending, cost_out, cost_done;
} jf_ledger_state;
jf_ledger_state jf_ledger_look(const jf_ledger *ledger);

/* Points that are out at a worker. */
size_t jf_ledger_outstanding(const jf_ledger *ledger, int worker);

#endif
