/*
 * ledger.h - which point is pending, out, done; and who gets which next.
 *
 * Plain bookkeeping: the coordinator drives it with messages, the forecast with a virtual clock.
 * Knows no MPI, no flow, no clock.
 *
 * Points are dealt longest predicted first, in batches: half of a worker's share of what is
 * pending (guided self-scheduling: Polychronopoulos, Kuck, IEEE Trans. Comput. 36 (1987)), so that
 * batches shrink towards the end, and messages grow with the workers and the logarithm of the
 * points. A worker gets its next batch before it has finished the present one, unless it would
 * then have more than a fair share of what is left: the last dear points wait for whoever is free
 * first.
 *
 * Predictions are corrected as points finish: those of a family are wrong alike.
 *
 * Wide points go to groups of workers, as long as there are wide points; then the group dissolves
 * and its members work alone.
 *
 * Dealing n points takes O(n log families), a finished point O(log families); no call but opening
 * goes through all points or all workers. Some 53 bytes a point, 48 a worker.
 */
#ifndef JEPAFLOW_RANKS_LEDGER_H
#define JEPAFLOW_RANKS_LEDGER_H

#include <stddef.h>

#include "jepaflow/base/status.h"

/*
 * Messages that rank 0 can answer in a second without being the bottleneck: some tens of
 * microseconds each (bench/scaling.c) are a few per cent of its time. The more workers there are,
 * the longer are batches, and the longer do records wait for company.
 */
#define JF_MESSAGES_PER_SECOND 1000.0

/* What is to be dealt; arrays are borrowed until jf_ledger_open() returns. */
typedef struct {
    size_t points;
    const double *cost;        /* predicted seconds of each point, at least 0: on one worker, or
                                   on a whole group where it is wide */
    const unsigned char *wide; /* flags: points for groups; NULL: none */
    const size_t *family;      /* by point: points of a family (numbers < families) are
                                   mispredicted alike; NULL: all one */
    size_t families;           /* not read where `family` is NULL */
    int group;                 /* workers of a group; 1: there are no groups */
} jf_workload;

typedef struct jf_ledger jf_ledger;

/*
 * Open a ledger. Workers 0 ... group-1 are the first group, and so on; the first worker of a group
 * leads it; workers that are left over at the end (workers % group) work alone from the start.
 * Where no whole group exists, wide points go to single workers, and are taken to cost `group`
 * times as much.
 *   finished  by point: what is not 0 is done already; NULL for none
 *   workers   at least 1
 *   out       close with jf_ledger_close()
 * JF_ERR_MEMORY.
 */
jf_status jf_ledger_open(const jf_workload *load, const unsigned char *finished, int workers,
                         jf_ledger **out);

/* Sets *ledger to NULL, accepts NULL. */
void jf_ledger_close(jf_ledger **ledger);

/*
 * Deal a batch to a worker that works alone, or to the leader of a group, which gets wide points
 * only. The other members of a group get nothing.
 *   limit  points predicted to take longer than this many seconds are held back; INFINITY for no
 *          limit
 *   batch  set to the points, dearest first; the ledger's, valid until its next call
 * Returns their number; 0 where the worker has enough for now, or nothing fits.
 */
size_t jf_ledger_deal(jf_ledger *ledger, int worker, double limit, const size_t **batch);

/*
 * Does this worker work alone? A group is dissolved, for ever, by the call of jf_ledger_deal() for
 * its leader that finds no wide point for it while none is out at it. That call returns 0; from
 * then on each of the members, its leader too, is dealt batches of its own.
 */
int jf_ledger_is_alone(const jf_ledger *ledger, int worker);

/*
 * A worker, or the group that it leads, has finished a point that was dealt to it.
 *   seconds  that it took, from which the costs of its family are refined; NaN where they say
 *            nothing of the costs (a point that failed, a virtual clock)
 */
void jf_ledger_done(jf_ledger *ledger, int worker, size_t point, double seconds);

/*
 * Where things stand. Costs are worker-seconds (a point of a group counts for all its workers):
 * predicted ones, of points that are done the measured ones where they are known.
 */
typedef struct {
    size_t pending, out, done; /* points; `done` counts those of this run only */
    size_t lost;               /* points that were out at workers that were lost */
    double cost_pending, cost_out, cost_done;
} jf_ledger_state;
jf_ledger_state jf_ledger_look(const jf_ledger *ledger);

/*
 * The points that are out at a worker, or at the group that it leads, in the order in which they
 * were dealt, and so are solved: the first `most` of them.
 * Returns how many are out in all.
 */
size_t jf_ledger_holds(const jf_ledger *ledger, int worker, size_t *points, size_t most);

/*
 * A worker will never be heard of again: it must not be dealt to from here on. What is out at it is
 * lost, neither pending nor out: nobody gets it in this run. Of a group that stands still without
 * it all workers are lost, which is the caller's to say. Twice is as once.
 */
void jf_ledger_lose(jf_ledger *ledger, int worker);

/* Predicted seconds of a point that is out, as it was dealt. */
double jf_ledger_charge(const jf_ledger *ledger, size_t point);

#endif
