#include "jepaflow/ranks/coordinator.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/ranks/bundle.h"
#include "jepaflow/ranks/queue.h"

typedef struct {
    jf_comm *comm;
    const jf_job *job;
    jf_crew crew;
    size_t points; /* of the plan */
    int workers;   /* that the ledger knows */
    jf_ledger *ledger;
    jf_group *group;    /* that rank 0 leads; NULL: none */
    jf_queue own;       /* rank 0's own points */
    jf_record record;   /* of its present point */
    jf_bundle solved;   /* its records, until they are kept */
    jf_records arrived; /* the records of a message */
    jf_wire outgoing;
    double attended;     /* seconds that rank 0's present point has waited for the others */
    double dealt_to_all; /* clock */
    int nothing_fits; /* what is left takes longer than there is time: it is begun, to be saved */
    unsigned char *left; /* by rank: an end, below */
    int still_there;     /* ranks, but for rank 0, that have come to no end yet */
    jf_errand *errands;  /* room for one of each worker */
    double went_round;   /* clock: the last look at who is there */
    double told;         /* clock: the last word of what is under way */
    jf_status status;    /* JF_OK until the sweep is to stop, and then why */
} coordinator;

/* Points of a rank that is gone that are named. */
enum { LISTED = 8 };

/* How a rank has left. */
enum { STILL_THERE, MISSING, SAID_GOODBYE, GONE };

/* Seconds between two looks at who is there, and between two words of what is under way. */
static const double looking_round_interval = 0.1;
static const double telling_interval = 1.0;

/* Seconds after which a rank that was told to stop is slow to answer. */
static const double slow_answer = 0.5;

/* Rank 0's own records wait this long for company, before they are kept with one write. */
static const double patience = 0.1;

/* Seconds between two looks at all workers, for one that may have more by now. */
static const double dealing_interval = 0.1;

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

/* Where a stop is nearer than this, no point is begun that will not end. */
static const double worth_beginning = 1.0;

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
        .total = s.done + s.out + s.pending + s.lost,
        .cost_done = s.cost_done,
        .cost_total = s.cost_done + s.cost_out + s.cost_pending,
    };

    c->job->progress(c->job->context, &progress);
}

/* Keep the records of a message, or of rank 0's own bundle. */
static jf_status keep(coordinator *c, int worker, jf_wire_reader *content)
{
    JF_TRY(jf_records_read(content, &c->arrived));
    if (c->arrived.count == 0 || (c->status != JF_OK && c->status != JF_STOPPED)) {
        return JF_OK;
    }
    for (size_t i = 0; i < c->arrived.count; i++) {
        const jf_record *record = c->arrived.at[i];
        if (record->point >= c->points) {
            return jf_fail(JF_ERR_NETWORK, "a record of point %zu arrived", record->point);
        }
        const double seconds = *record->status == JF_POINT_DONE ? *record->seconds : NAN;
        jf_ledger_done(c->ledger, worker, record->point, seconds);
    }
    JF_TRY(c->job->keep(c->job->context, c->arrived.at, c->arrived.count));
    tell_progress(c);
    return JF_OK;
}

static jf_status keep_own(coordinator *c)
{
    jf_wire_reader content = {.data = c->solved.wire.data, .size = c->solved.wire.size};

    JF_TRY(jf_wire_check(&c->solved.wire));
    const jf_status status = keep(c, 0, &content);
    jf_bundle_empty(&c->solved);
    return status;
}

/* ---- who is there ---- */

/* A group stands still without any of its ranks. */
static int is_lost(const coordinator *c, int worker)
{
    const int alone = jf_ledger_is_alone(c->ledger, worker);
    const int first = alone ? worker : worker - worker % c->crew.group;
    const int count = alone ? 1 : c->crew.group;

    for (int k = first; k < first + count; k++) {
        if (c->left[c->crew.first + k] == GONE) {
            return 1;
        }
    }
    return 0;
}

/* The first points that are out at a worker, of *all. */
static size_t list_errands(const coordinator *c, int worker, size_t *all)
{
    size_t points[LISTED];

    *all = jf_ledger_holds(c->ledger, worker, points, LISTED);
    const size_t count = *all < LISTED ? *all : LISTED;
    for (size_t i = 0; i < count; i++) {
        c->errands[i] = (jf_errand){.rank = c->crew.first + worker,
                                    .point = points[i],
                                    .cost = jf_ledger_charge(c->ledger, points[i])};
    }
    return count;
}

/* Nothing is heard of a rank any more; of rank 0 nothing was to be heard. */
static void leave(coordinator *c, int rank, unsigned char how)
{
    c->still_there -= rank > 0 && c->left[rank] <= MISSING;
    c->left[rank] = how;
}

/*
 * Of a group that has had its last point: its leader may not have told the members any more. They
 * hear it twice where it has.
 */
static jf_status part_without(const coordinator *c, int leader)
{
    const int group = c->crew.group;

    if (group == 1 || leader % group != 0 || leader + group > c->workers) {
        return JF_OK;
    }
    for (int rank = c->crew.first + leader + 1; rank < c->crew.first + leader + group; rank++) {
        if (c->left[rank] <= MISSING) {
            JF_TRY(jf_comm_send(c->comm, rank, JF_MESSAGE_DISSOLVE, NULL, 0));
        }
    }
    return JF_OK;
}

/* What a rank that is gone had, or its group, which stands still, is lost for this run. */
static void lose(coordinator *c, int rank)
{
    const int worker = rank - c->crew.first;
    const int alone = jf_ledger_is_alone(c->ledger, worker);
    const int leader = alone ? worker : worker - worker % c->crew.group;
    size_t all;

    const size_t count = list_errands(c, leader, &all);
    if (c->job->lost != NULL) {
        c->job->lost(c->job->context, rank, c->errands, count, all);
    }
    for (int k = leader; k < leader + (alone ? 1 : c->crew.group); k++) {
        jf_ledger_lose(c->ledger, k);
        leave(c, c->crew.first + k, GONE);
    }
    if (alone) {
        note(c, part_without(c, worker));
    }
}

/*
 * A rank is given up when it is missed a second time: where all are killed, and rank 0 not as the
 * first, the others' ends are nobody's news.
 */
static void look_round(coordinator *c)
{
    for (int rank = 1; rank < jf_comm_size(c->comm); rank++) {
        if (c->left[rank] <= MISSING && jf_comm_is_gone(c->comm, rank)) {
            if (c->left[rank] == MISSING) {
                lose(c, rank);
            } else {
                c->left[rank] = MISSING;
            }
        }
    }
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

static jf_status give(coordinator *c, int worker, const size_t *batch, size_t count)
{
    size_t *points;

    if (count == 0) {
        return JF_OK;
    }
    if (c->crew.first + worker > 0) {
        return send_batch(c, c->crew.first + worker, batch, count);
    }
    JF_TRY(jf_queue_extend(&c->own, count, &points));
    memcpy(points, batch, count * sizeof *points);
    return JF_OK;
}

/* The group of this leader is no more. */
static jf_status part(coordinator *c, int leader)
{
    const int rank = c->crew.first + leader;

    return rank > 0 ? jf_comm_send(c->comm, rank, JF_MESSAGE_ALONE, NULL, 0)
                    : jf_group_dissolve(&c->group);
}

/*
 * Deal to a worker; where the ledger finds that its group has had its last point, the group is told
 * so, and each of its workers is dealt points of its own.
 */
static jf_status deal(coordinator *c, int worker)
{
    if (is_lost(c, worker)) {
        return JF_OK;
    }
    const int was_alone = jf_ledger_is_alone(c->ledger, worker);
    const size_t *batch;
    const double limit = c->nothing_fits ? INFINITY : seconds_left(c);
    const size_t count = jf_ledger_deal(c->ledger, worker, limit, &batch);

    if (was_alone || !jf_ledger_is_alone(c->ledger, worker)) {
        return give(c, worker, batch, count);
    }
    JF_TRY(part(c, worker));
    for (int k = 0; k < c->crew.group; k++) {
        JF_TRY(deal(c, worker + k));
    }
    return JF_OK;
}

/*
 * Deal to all others that are dealt to: those that work alone, and leaders. Rank 0 takes its own
 * next batch only when it has none: nobody else could take it over meanwhile.
 */
static jf_status deal_to_others(coordinator *c)
{
    for (int worker = 1 - c->crew.first; worker < c->workers; worker++) {
        if (worker % c->crew.group == 0 || jf_ledger_is_alone(c->ledger, worker)) {
            JF_TRY(deal(c, worker));
        }
    }
    c->dealt_to_all = jf_clock_now();
    return JF_OK;
}

static jf_status deal_to_self(coordinator *c)
{
    return c->crew.first == 0 && c->own.count == 0 ? deal(c, 0) : JF_OK;
}

/*
 * Costs are refined while the sweep runs: a worker that nothing was found for may have something
 * now. Where nothing is out even then, nothing that is left fits into the time: it is begun all the
 * same, to be saved when time is up and gone on with.
 */
static jf_status deal_again(coordinator *c)
{
    const jf_ledger_state before = jf_ledger_look(c->ledger);

    if (before.pending == 0 ||
        (before.out > 0 && jf_clock_now() - c->dealt_to_all < dealing_interval)) {
        return JF_OK;
    }
    JF_TRY(deal_to_others(c));
    JF_TRY(deal_to_self(c));
    const jf_ledger_state after = jf_ledger_look(c->ledger);
    if (after.out > 0 || after.pending == 0) {
        return JF_OK;
    }
    const int gives_up = c->nothing_fits || seconds_left(c) < worth_beginning;
    c->nothing_fits = 1;
    return gives_up ? JF_STOPPED : deal_again(c);
}

/* ---- mail ---- */

/* A rank that is gone may have sent what arrives after that: the ledger takes it no more. */
static jf_status take_results(coordinator *c, jf_mail *mail)
{
    const int worker = mail->from - c->crew.first;

    if (c->left[mail->from] == GONE) {
        return JF_OK;
    }
    if (mail->kind == JF_MESSAGE_GOODBYE) { /* also where its records cannot be kept */
        leave(c, mail->from, SAID_GOODBYE);
    }
    JF_TRY(keep(c, worker, &mail->content));
    return mail->kind == JF_MESSAGE_RESULTS && c->status == JF_OK ? deal(c, worker) : JF_OK;
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
        if (mail.kind == JF_MESSAGE_ASK_STOP) {
            note(c, JF_STOPPED);
        } else {
            JF_TRY(take_results(c, &mail));
        }
    }
}

/* What is being solved: the first point that is out at each worker, where it takes a while. */
static void tell_under_way(coordinator *c)
{
    size_t count = 0, point;

    if (c->job->under_way == NULL) {
        return;
    }
    for (int worker = 0; worker < c->workers; worker++) {
        const int there = c->left[c->crew.first + worker] <= MISSING;
        if (there && jf_ledger_holds(c->ledger, worker, &point, 1) > 0) {
            const double cost = jf_ledger_charge(c->ledger, point);
            c->errands[count] = (jf_errand){c->crew.first + worker, point, cost};
            count += cost >= JF_WORTH_TELLING;
        }
    }
    c->job->under_way(c->job->context, c->errands, count);
    c->told = jf_clock_now();
}

/* Serve the others, and see whether it is time to stop; *any as read_mail(). */
static void attend(coordinator *c, int *any)
{
    const double now = jf_clock_now();

    note(c, read_mail(c, any));
    if (now - c->went_round > looking_round_interval) {
        look_round(c);
        c->went_round = now;
    }
    if (now - c->told > telling_interval) {
        tell_under_way(c);
    }
    if (seconds_left(c) <= 0.0) {
        c->status = c->status == JF_OK ? JF_STOPPED : c->status;
    }
}

/* Between two steps of rank 0's own flow, whose seconds these are not. */
static int look(void *context)
{
    coordinator *c = context;
    int any;

    if (jf_comm_is_time(c->comm)) {
        const double begin = jf_clock_now();
        attend(c, &any);
        if (jf_bundle_is_due(&c->solved)) {
            note(c, keep_own(c));
        }
        c->attended += jf_clock_now() - begin;
    }
    return c->status != JF_OK ? JF_STOP : JF_GO_ON;
}

/* ---- the sweep ---- */

/* Records are kept at the end of a batch, as if they had come with a message. */
static jf_status solve_own(coordinator *c)
{
    const size_t point = jf_queue_take(&c->own);

    c->attended = 0.0;
    if (jf_ledger_charge(c->ledger, point) >= JF_WORTH_TELLING) {
        tell_under_way(c); /* before it can end rank 0 */
    }
    JF_TRY(jf_group_solve(c->group, c->job, point, look, c, &c->record));
    if (*c->record.status != JF_POINT_STOPPED) {
        *c->record.rank = 0;
        *c->record.seconds -= c->attended;
        jf_bundle_add(&c->solved, &c->record);
    }
    return c->own.count == 0 || jf_bundle_is_due(&c->solved) ? keep_own(c) : JF_OK;
}

static void sweep(coordinator *c)
{
    note(c, deal_to_others(c));
    note(c, deal_to_others(c)); /* and the next batch, ahead of time */
    tell_under_way(c);
    while (c->status == JF_OK && !everything_done(c)) {
        int any = 0;
        note(c, deal_to_self(c));
        if (c->own.count > 0) {
            note(c, solve_own(c));
        }
        attend(c, &any);
        if (!any && c->own.count == 0 && c->status == JF_OK && !everything_done(c)) {
            note(c, deal_again(c));
            jf_comm_doze(c->comm);
        }
    }
    note(c, keep_own(c));
}

/* Can the others be told nothing any more? */
static int is_cut_off(const coordinator *c)
{
    return c->status == JF_ERR_NETWORK || c->status == JF_ERR_MEMORY;
}

/*
 * A rank in a long step, or one of another machine that has ended: then mpirun ends all within
 * seconds, and what is said here is the last that is heard.
 */
static void warn_of_silence(coordinator *c)
{
    int rank = 1;

    while (c->left[rank] > MISSING) {
        rank++;
    }
    jf_log(JF_LOG_WARNING,
           "%d rank%s not answered yet, the first of them rank %d: still in a step, or dead",
           c->still_there, c->still_there == 1 ? " has" : "s have", rank);
    tell_under_way(c);
}

/* Tell all workers to stop and wait for their goodbyes; their last records still count. */
static void dismiss(coordinator *c)
{
    const int size = jf_comm_size(c->comm);

    if (!is_cut_off(c) && !(c->crew.first == 0 && is_lost(c, 0))) {
        note(c, jf_group_dissolve(&c->group));
    }
    for (int rank = 1; rank < size && !is_cut_off(c); rank++) {
        if (c->left[rank] <= MISSING) {
            note(c, jf_comm_send(c->comm, rank, JF_MESSAGE_STOP, NULL, 0));
        }
    }
    const double begin = jf_clock_now();
    int has_warned = 0;
    while (c->still_there > 0 && !is_cut_off(c)) {
        int any;
        attend(c, &any);
        if (!has_warned && jf_clock_now() - begin > slow_answer) {
            warn_of_silence(c);
            has_warned = 1;
        }
        if (!any) {
            jf_comm_doze(c->comm);
        }
    }
}

static jf_status prepare(coordinator *c, const jf_workload *load, const unsigned char *finished)
{
    JF_TRY(jf_record_init(c->job->features, c->job->samples, &c->record));
    c->still_there = jf_comm_size(c->comm) - 1;
    c->left = calloc((size_t)jf_comm_size(c->comm), 1);
    c->errands = calloc((size_t)c->workers + LISTED, sizeof *c->errands);
    if (c->left == NULL || c->errands == NULL) {
        return jf_fail_memory("the ranks");
    }
    return jf_ledger_open(load, finished, c->workers, &c->ledger);
}

static void clear(coordinator *c)
{
    jf_record_clear(&c->record);
    jf_bundle_clear(&c->solved);
    jf_records_clear(&c->arrived);
    jf_queue_clear(&c->own);
    jf_wire_clear(&c->outgoing);
    free(c->left);
    free(c->errands);
    jf_ledger_close(&c->ledger);
}

/* The last records may have come with the goodbyes; what was lost is missing. */
static jf_status judge(const coordinator *c)
{
    if (c->ledger == NULL || (c->status != JF_OK && c->status != JF_STOPPED)) {
        return c->status;
    }
    return everything_done(c) && jf_ledger_look(c->ledger).lost == 0 ? JF_OK : JF_STOPPED;
}

jf_status jf_coordinator_run(jf_comm *comm, const jf_job *job, const jf_crew *crew,
                             const jf_workload *load, const unsigned char *finished)
{
    coordinator c = {.comm = comm, .job = job, .crew = *crew, .points = load->points};

    c.workers = jf_crew_workers(crew, jf_comm_size(comm));
    assert(c.workers > 0 && load->group == crew->group && (load->wide != NULL || crew->group == 1));
    JF_TRY(jf_group_open(comm, crew, &c.group));
    jf_bundle_init(patience, &c.solved);
    c.status = prepare(&c, load, finished);
    if (c.status == JF_OK) {
        sweep(&c);
    }
    dismiss(&c);
    c.status = judge(&c);
    clear(&c);
    return c.status;
}
