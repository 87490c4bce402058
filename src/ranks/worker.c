#include "jepaflow/ranks/worker.h"

#include <math.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/ranks/bundle.h"
#include "jepaflow/ranks/ledger.h"
#include "jepaflow/ranks/queue.h"

/* Seconds that the others have to save their points when rank 0 has ended; mpirun gives them 1. */
static const double time_to_save = 0.5;

typedef struct {
    jf_comm *comm;
    const jf_job *job;
    jf_group *group;   /* NULL: it works alone */
    jf_queue queue;    /* at most two batches */
    size_t last_batch; /* size of the last batch that came */
    int told_to_part;  /* by the coordinator to a leader, by the leader to a member */
    int told_to_stop;
    int has_asked;    /* for a stop, because a signal came to this rank */
    jf_status status; /* of the network */
    jf_record record; /* of the present point */
    jf_bundle results;
} worker;

/*
 * Seconds that records wait for company: so few that nobody minds to lose them, and so many that
 * rank 0 gets no more messages than it can answer.
 */
static double patience(const jf_comm *comm)
{
    return fmax(0.1, jf_comm_size(comm) / JF_MESSAGES_PER_SECOND);
}

/* ---- mail ---- */

/* While a rank is a member, a batch waits: its group may have points to solve yet. */
static jf_status take_batch(worker *w, jf_wire_reader *content)
{
    const int64_t count = jf_wire_get_i64(content);
    size_t *points;

    if (count < 0 || (uint64_t)count > content->size / sizeof(int64_t)) {
        return jf_fail(JF_ERR_NETWORK, "a batch of %lld points arrived", (long long)count);
    }
    w->last_batch = (size_t)count;
    JF_TRY(jf_queue_extend(&w->queue, w->last_batch, &points));
    for (size_t i = 0; i < w->last_batch; i++) {
        points[i] = (size_t)jf_wire_get_i64(content);
    }
    return jf_wire_finish(content);
}

/*
 * A signal may come to one rank alone: the run stops all the same, by rank 0's word. Once: rank 0
 * forgets nothing.
 */
static jf_status ask_to_stop_if_told(worker *w)
{
    if (w->has_asked || w->job->seconds_left(w->job->context) > 0.0) {
        return JF_OK;
    }
    w->has_asked = 1;
    return jf_comm_send(w->comm, 0, JF_MESSAGE_ASK_STOP, NULL, 0);
}

/* Without rank 0 nobody deals points, and nobody keeps what is found. */
static jf_status check_rank_0(const worker *w)
{
    if (!jf_comm_is_gone(w->comm, 0)) {
        return JF_OK;
    }
    if (jf_comm_rank(w->comm) == 1) { /* one word is enough */
        jf_log(JF_LOG_ERROR, "rank 0 has ended: the others save what is under way, and end");
    }
    return JF_ERR_NETWORK;
}

/* Between two steps of a point to which this rank was called. */
static int look_as_member(void *context)
{
    worker *w = context;

    if (w->status == JF_OK) {
        w->status = ask_to_stop_if_told(w);
    }
    if (w->status == JF_OK && jf_comm_is_time(w->comm)) {
        w->status = check_rank_0(w);
    }
    return w->status != JF_OK ? JF_STOP : JF_GO_ON;
}

/* The record is the leader's to send. */
static jf_status join(worker *w, jf_wire_reader *content)
{
    const size_t point = (size_t)jf_wire_get_i64(content);

    JF_TRY(jf_wire_finish(content));
    if (w->group == NULL) {
        return jf_fail(JF_ERR_NETWORK, "a rank that works alone was called to a group's point");
    }
    jf_group_join(w->group, w->job, point, look_as_member, w, &w->record);
    return w->status;
}

static jf_status take(worker *w, jf_mail *mail)
{
    switch (mail->kind) {
    case JF_MESSAGE_BATCH:
        return take_batch(w, &mail->content);
    case JF_MESSAGE_JOIN:
        return join(w, &mail->content);
    case JF_MESSAGE_ALONE:
    case JF_MESSAGE_DISSOLVE:
        w->told_to_part = 1;
        return JF_OK;
    case JF_MESSAGE_STOP:
        w->told_to_stop = 1;
        return JF_OK;
    default:
        return jf_fail(JF_ERR_NETWORK, "a worker was sent a message of kind %d", (int)mail->kind);
    }
}

/* Read all mail there is; *any says whether there was some. */
static jf_status read_mail(worker *w, int *any)
{
    jf_mail mail;
    int arrived;

    *any = 0;
    JF_TRY(ask_to_stop_if_told(w));
    JF_TRY(check_rank_0(w));
    for (;;) {
        JF_TRY(jf_comm_look(w->comm, &mail, &arrived));
        if (!arrived) {
            return JF_OK;
        }
        *any = 1;
        JF_TRY(take(w, &mail));
    }
}

static jf_status send_results(worker *w, jf_message kind)
{
    JF_TRY(jf_wire_check(&w->results.wire));
    JF_TRY(jf_comm_send(w->comm, 0, kind, w->results.wire.data, w->results.wire.size));
    jf_bundle_empty(&w->results);
    return JF_OK;
}

static jf_status send_if_due(worker *w)
{
    return jf_bundle_is_due(&w->results) ? send_results(w, JF_MESSAGE_RESULTS) : JF_OK;
}

/* Between two steps of a flow. */
static int look(void *context)
{
    worker *w = context;
    int any;

    if (w->status == JF_OK && jf_comm_is_time(w->comm)) {
        w->status = read_mail(w, &any);
        if (w->status == JF_OK) {
            w->status = send_if_due(w);
        }
    }
    return w->told_to_stop || w->status != JF_OK ? JF_STOP : JF_GO_ON;
}

/* ---- work ---- */

/*
 * Solve the next point. Its record is sent with the last of its batch, which also asks for another.
 */
static jf_status solve_next(worker *w)
{
    const size_t point = jf_queue_take(&w->queue);

    JF_TRY(jf_group_solve(w->group, w->job, point, look, w, &w->record));
    JF_TRY(w->status);
    if (*w->record.status != JF_POINT_STOPPED) {
        *w->record.rank = jf_comm_rank(w->comm);
        jf_bundle_add(&w->results, &w->record);
    }
    const int batch_ended = w->queue.count == 0 || w->queue.count == w->last_batch;
    return batch_ended ? send_results(w, JF_MESSAGE_RESULTS) : send_if_due(w);
}

/*
 * A leader parts when the coordinator says so, or all are to stop; a member only by its leader's
 * word, which comes behind all its calls: a member that left by itself might be missed at a point.
 */
static jf_status part_if_told(worker *w)
{
    if (!jf_group_is_led_here(w->group)) {
        if (w->told_to_part) {
            jf_group_leave(&w->group);
        }
        return JF_OK;
    }
    return w->told_to_part || w->told_to_stop ? jf_group_dissolve(&w->group) : JF_OK;
}

static jf_status work(worker *w)
{
    int any;

    for (;;) {
        JF_TRY(read_mail(w, &any));
        JF_TRY(part_if_told(w));
        const int is_member = w->group != NULL && !jf_group_is_led_here(w->group);
        if (w->told_to_stop && !is_member) {
            return send_results(w, JF_MESSAGE_GOODBYE);
        }
        if (w->queue.count > 0 && !is_member) {
            JF_TRY(solve_next(w));
        } else if (!any) {
            jf_comm_doze(w->comm);
        }
    }
}

jf_status jf_worker_run(jf_comm *comm, const jf_job *job, const jf_crew *crew)
{
    worker w = {.comm = comm, .job = job};

    jf_bundle_init(patience(comm), &w.results);
    jf_status status = jf_record_init(job->features, job->samples, &w.record);
    if (status == JF_OK) {
        status = jf_group_open(comm, crew, &w.group);
    }
    if (status == JF_OK) {
        status = work(&w);
    }
    if (status != JF_OK && jf_comm_is_gone(comm, 0)) {
        jf_clock_sleep(time_to_save); /* whoever ends first ends all */
        if (jf_comm_rank(comm) == 1 && job->lost != NULL) {
            job->lost(job->context, 0, NULL, 0, 0);
        }
    }
    jf_record_clear(&w.record);
    jf_bundle_clear(&w.results);
    jf_queue_clear(&w.queue);
    return status;
}
