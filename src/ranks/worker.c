#include "jepaflow/ranks/worker.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/ranks/ledger.h"

/* Records wait this long for company before they are sent. */
static const double longest_wait = 0.1;

typedef struct {
    jf_comm *comm;
    const jf_job *job;
    size_t queue[4 * JF_MOST_IN_BATCH]; /* a ring: at most two batches are out at a worker */
    size_t first, count;
    size_t last_batch; /* size of the last batch that came */
    int told_to_stop;
    jf_status status; /* of the network */
    jf_record record;
    jf_wire results; /* records that are not sent yet */
    double last_sent;
} worker;

enum { RING = sizeof((worker *)0)->queue / sizeof(size_t) };

static jf_status take_batch(worker *w, jf_wire_reader *content)
{
    const int64_t count = jf_wire_get_i64(content);

    if (count < 0 || (uint64_t)count > RING - w->count) {
        return jf_fail(JF_ERR_NETWORK, "a batch of %lld points arrived", (long long)count);
    }
    w->last_batch = (size_t)count;
    for (int64_t i = 0; i < count; i++) {
        w->queue[(w->first + w->count++) % RING] = (size_t)jf_wire_get_i64(content);
    }
    return jf_wire_finish(content);
}

/* Read all mail there is; *any says whether there was some. */
static jf_status read_mail(worker *w, int *any)
{
    jf_mail mail;
    int arrived;

    *any = 0;
    for (;;) {
        JF_TRY(jf_comm_look(w->comm, &mail, &arrived));
        if (!arrived) {
            return JF_OK;
        }
        *any = 1;
        if (mail.kind == JF_MESSAGE_BATCH) {
            JF_TRY(take_batch(w, &mail.content));
        } else {
            w->told_to_stop = 1;
        }
    }
}

static jf_status send_results(worker *w, jf_message kind)
{
    JF_TRY(jf_wire_check(&w->results));
    JF_TRY(jf_comm_send(w->comm, 0, kind, w->results.data, w->results.size));
    jf_wire_rewind(&w->results);
    w->last_sent = jf_clock_now();
    return JF_OK;
}

static jf_status send_if_late(worker *w)
{
    const int late = w->results.size > 0 && jf_clock_now() - w->last_sent > longest_wait;

    return late ? send_results(w, JF_MESSAGE_RESULTS) : JF_OK;
}

/* Between two steps of a flow. */
static int look(void *context)
{
    worker *w = context;
    int any;

    if (w->status == JF_OK) {
        w->status = read_mail(w, &any);
    }
    if (w->status == JF_OK) {
        w->status = send_if_late(w);
    }
    return w->told_to_stop || w->status != JF_OK ? 2 : 0;
}

/*
 * Solve the next point. Its record is sent with the last of its batch, which also asks for another.
 */
static jf_status solve_next(worker *w)
{
    const size_t point = w->queue[w->first];

    w->first = (w->first + 1) % RING;
    w->count--;
    w->job->solve(w->job->context, point, NULL, look, w, &w->record);
    JF_TRY(w->status);
    if (*w->record.status != JF_POINT_STOPPED) {
        *w->record.rank = jf_comm_rank(w->comm);
        jf_record_pack(&w->record, &w->results);
    }
    const int batch_ended = w->count == 0 || w->count == w->last_batch;
    return batch_ended ? send_results(w, JF_MESSAGE_RESULTS) : send_if_late(w);
}

static jf_status work(worker *w)
{
    int any;

    while (!w->told_to_stop) {
        JF_TRY(read_mail(w, &any));
        if (!w->told_to_stop && w->count > 0) {
            JF_TRY(solve_next(w));
        } else if (!any) {
            jf_comm_doze(w->comm);
        }
    }
    return send_results(w, JF_MESSAGE_GOODBYE);
}

jf_status jf_worker_run(jf_comm *comm, const jf_job *job)
{
    worker *w = calloc(1, sizeof *w);

    if (w == NULL) {
        return jf_fail_memory("a worker");
    }
    w->comm = comm;
    w->job = job;
    jf_status status = jf_record_init(job->features, job->samples, &w->record);
    if (status == JF_OK) {
        status = work(w);
    }
    jf_record_clear(&w->record);
    jf_wire_clear(&w->results);
    free(w);
    return status;
}
