#include "jepaflow/ranks/coordinator.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/ranks/forecast.h"
#include "jepaflow/ranks/ledger.h"

typedef struct {
    jf_comm *comm;
    const jf_job *job;
    jf_ledger *ledger;
    int workers; /* that the ledger knows */
    int first;   /* the rank of worker 0: 0 where rank 0 computes too */
    size_t *own; /* rank 0's own batch: JF_MOST_IN_BATCH */
    size_t own_first, own_count;
    jf_record record;  /* of rank 0's own points */
    jf_record arrived; /* of the others' */
    jf_wire outgoing;
    int goodbyes;
    jf_status status; /* JF_OK until the sweep is to stop, and then why */
} coordinator;

/*
 * Remember why the sweep is to stop; a failure outweighs an orderly stop, the first failure the
 * others.
 */
static void note(coordinator *c, jf_status status)
{
    if (status != JF_OK && (c->status == JF_OK || c->status == JF_STOPPED)) {
        c->status = status;
    }
}

static double seconds_left(const coordinator *c)
{
    return c->job->seconds_left(c->job->context);
}

static int everything_done(const coordinator *c)
{
    const jf_ledger_state s = jf_ledger_look(c->ledger);

    return s.pending == 0 && s.out == 0;
}

static void tell_progress(const coordinator *c)
{
    const jf_ledger_state s = jf_ledger_look(c->ledger);
    const jf_progress progress = {
        .done = s.done,
        .total = s.done + s.out + s.pending,
        .cost_done = s.cost_done,
        .cost_total = s.cost_done + s.cost_out + s.cost_pending,
    };

    c->job->progress(c->job->context, &progress);
}

static jf_status keep(coordinator *c, int worker, jf_record *record)
{
    jf_ledger_done(c->ledger, worker, record->point);
    return c->job->keep(c->job->context, record);
}

/* ---- dealing ---- */

static jf_status send_batch(coordinator *c, int rank, const size_t *batch, size_t count)
{
    jf_wire_rewind(&c->outgoing);
    jf_wire_put_i64(&c->outgoing, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        jf_wire_put_i64(&c->outgoing, (int64_t)batch[i]);
    }
    JF_TRY(jf_wire_check(&c->outgoing));
    return jf_comm_send(c->comm, rank, JF_MESSAGE_BATCH, c->outgoing.data, c->outgoing.size);
}

static jf_status deal(coordinator *c, int worker)
{
    size_t batch[JF_MOST_IN_BATCH];
    const size_t count = jf_ledger_deal(c->ledger, worker, seconds_left(c), batch);

    return count > 0 ? send_batch(c, c->first + worker, batch, count) : JF_OK;
}

/*
 * Rank 0 takes its own next batch only when it has none: nobody else could take it over meanwhile.
 */
static void deal_to_self(coordinator *c)
{
    c->own_first = 0;
    c->own_count = jf_ledger_deal(c->ledger, 0, seconds_left(c), c->own);
}

static jf_status deal_to_all(coordinator *c)
{
    for (int worker = 1 - c->first; worker < c->workers; worker++) {
        JF_TRY(deal(c, worker));
    }
    return JF_OK;
}

/* ---- mail ---- */

static jf_status take_results(coordinator *c, jf_mail *mail)
{
    const int worker = mail->from - c->first;

    while (mail->content.at < mail->content.size) {
        JF_TRY(jf_record_unpack(&mail->content, &c->arrived));
        if (c->status == JF_OK || c->status == JF_STOPPED) {
            JF_TRY(keep(c, worker, &c->arrived));
            tell_progress(c);
        }
    }
    if (mail->kind == JF_MESSAGE_GOODBYE) {
        c->goodbyes++;
        return JF_OK;
    }
    return c->status == JF_OK ? deal(c, worker) : JF_OK;
}

/* Read all mail there is; *any says whether there was some. */
static jf_status read_mail(coordinator *c, int *any)
{
    jf_mail mail;
    int arrived;

    *any = 0;
    for (;;) {
        JF_TRY(jf_comm_look(c->comm, &mail, &arrived));
        if (!arrived) {
            return JF_OK;
        }
        *any = 1;
        JF_TRY(take_results(c, &mail));
    }
}

/* Serve the others, and see whether it is time to stop; *any as read_mail(). */
static void attend(coordinator *c, int *any)
{
    note(c, read_mail(c, any));
    if (seconds_left(c) <= 0.0) {
        c->status = c->status == JF_OK ? JF_STOPPED : c->status;
    }
}

/* Between two steps of rank 0's own flow. */
static int look(void *context)
{
    coordinator *c = context;
    int any;

    attend(c, &any);
    return c->status != JF_OK ? 2 : 0;
}

/* ---- the sweep ---- */

static void solve_own(coordinator *c)
{
    const size_t point = c->own[c->own_first++];

    c->own_count--;
    c->job->solve(c->job->context, point, NULL, look, c, &c->record);
    if (*c->record.status != JF_POINT_STOPPED) {
        *c->record.rank = 0;
        note(c, keep(c, 0, &c->record));
        tell_progress(c);
    }
}

/*
 * Deal to whoever may have more; where nothing is out then, nothing that is left fits into the
 * time.
 */
static void deal_again(coordinator *c)
{
    note(c, deal_to_all(c));
    if (c->first == 0 && c->own_count == 0) {
        deal_to_self(c);
    }
    const jf_ledger_state s = jf_ledger_look(c->ledger);
    if (s.out == 0 && s.pending > 0) {
        note(c, JF_STOPPED);
    }
}

static void sweep(coordinator *c)
{
    note(c, deal_to_all(c));
    note(c, deal_to_all(c)); /* and the next batch, ahead of time */
    for (;;) {
        const jf_ledger_state s = jf_ledger_look(c->ledger);
        int any = 0;
        if (c->status != JF_OK || everything_done(c)) {
            return;
        }
        if (c->own_count > 0) {
            solve_own(c);
        }
        attend(c, &any);
        if (c->status == JF_OK && c->own_count == 0 && s.pending > 0) {
            deal_again(c);
        }
        if (!any && c->own_count == 0) {
            jf_comm_doze(c->comm);
        }
    }
}

/* Tell all workers to stop and wait for their goodbyes; their last records still count. */
static void dismiss(coordinator *c)
{
    const int size = jf_comm_size(c->comm);

    for (int rank = 1; rank < size; rank++) {
        note(c, jf_comm_send(c->comm, rank, JF_MESSAGE_STOP, NULL, 0));
    }
    while (c->goodbyes < size - 1 && c->status != JF_ERR_NETWORK) {
        int any;
        attend(c, &any);
        if (!any) {
            jf_comm_doze(c->comm);
        }
    }
}

static jf_status prepare(coordinator *c, size_t points, const double *cost,
                         const unsigned char *finished)
{
    JF_TRY(jf_ledger_open(points, cost, finished, c->workers, &c->ledger));
    c->own = calloc(JF_MOST_IN_BATCH, sizeof *c->own);
    if (c->own == NULL) {
        return jf_fail_memory("the coordinator");
    }
    JF_TRY(jf_record_init(c->job->features, c->job->samples, &c->record));
    return jf_record_init(c->job->features, c->job->samples, &c->arrived);
}

jf_status jf_coordinator_run(jf_comm *comm, const jf_job *job, size_t points, const double *cost,
                             const unsigned char *finished)
{
    const int size = jf_comm_size(comm);
    coordinator c = {.comm = comm, .job = job, .workers = jf_workers(size)};

    c.first = size - c.workers;
    c.status = prepare(&c, points, cost, finished);
    if (c.status == JF_OK) {
        sweep(&c);
    }
    dismiss(&c);
    if (c.status == JF_STOPPED && everything_done(&c)) {
        c.status = JF_OK; /* the last records came with the goodbyes */
    }
    jf_record_clear(&c.record);
    jf_record_clear(&c.arrived);
    jf_wire_clear(&c.outgoing);
    jf_ledger_close(&c.ledger);
    free(c.own);
    return c.status;
}
