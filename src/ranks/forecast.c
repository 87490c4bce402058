#include "jepaflow/ranks/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/heap.h"
#include "jepaflow/base/log.h"

/*
 * Rank 0, where it computes too, looks at its mail between two steps of its flow, of which a point
 * takes some thousand (docs/performance.md).
 */
static const double steps_of_a_point = 1000.0;

/*
 * AUTO lets rank 0 compute where that saves more than this: below, it is less than the forecast's
 * own error, and a rank that only coordinates answers at once.
 */
static const double worth_working = 0.01;

/* Records wait at least this long for company (worker.c). */
static const double shortest_wait = 0.1;

/* From this share of the time on, something limits the whole. */
static const double nearly_all = 0.9;

/* A worker, or the group that it leads, under the virtual clock. */
typedef struct {
    size_t first, last, count; /* the points that it has: a chain through `after` */
    size_t last_batch;         /* points of the last batch that it was dealt */
    double arrival;            /* of that batch */
    double clock;              /* when it has finished what it computed so far */
    double last_sent;
    size_t records; /* that its next message brings: the first ones of the chain */
} worker;

typedef struct {
    const jf_workload *load;
    const jf_overhead *overhead;
    jf_ledger *ledger;
    worker *workers;
    size_t *after;    /* by point: the next one of its chain */
    jf_heap *mail;    /* workers, by when their next message arrives; rank 0: when its batch ends */
    double free;      /* when rank 0 has answered all messages so far */
    double spent;     /* seconds of rank 0 for messages and records */
    double own_spent; /* of these, those that have been added to rank 0's own batch */
    double own_step;  /* seconds of a step of what rank 0 computes itself; 0: it does not */
    double wait;      /* of records for company */
    double now;
    size_t messages;
    int count;   /* of workers */
    int working; /* worker 0 is rank 0 itself */
} clockwork;

static int is_wide(const clockwork *c, size_t point)
{
    return c->load->wide != NULL && c->load->wide[point];
}

static int has_groups(const clockwork *c)
{
    return c->count >= c->load->group;
}

/* On whoever gets it, as the ledger takes it: without a whole group, one worker alone. */
static double seconds_of(const clockwork *c, size_t point)
{
    const int in_vain = is_wide(c, point) && !has_groups(c);

    return c->load->cost[point] * (in_vain ? c->load->group : 1);
}

static double keeping(const clockwork *c, size_t point)
{
    return c->overhead->keep != NULL ? c->overhead->keep[point] : 0.0;
}

/* ---- the workers' side ---- */

static void take_batch(clockwork *c, worker *w, const size_t *batch, size_t count, double arrival)
{
    if (w->count == 0) { /* it has waited for this one */
        w->clock = fmax(w->clock, arrival + c->overhead->nap);
    }
    for (size_t i = 0; i < count; i++) {
        *(w->count++ > 0 ? &c->after[w->last] : &w->first) = batch[i];
        w->last = batch[i];
    }
    w->last_batch = count;
    w->arrival = arrival;
}

/* Compute up to the next message, and have it arrive: at the end of a batch, or after the wait. */
static void compute(clockwork *c, int id)
{
    worker *w = &c->workers[id];
    const double late = w->last_sent + c->wait;
    size_t point = w->first, left = w->count;

    if (left == 0) {
        jf_heap_remove(c->mail, (size_t)id);
        return;
    }
    if (left == w->last_batch && w->arrival > w->clock) { /* the next batch is late */
        w->clock = w->arrival + c->overhead->nap;
    }
    for (;;) {
        w->clock += seconds_of(c, point);
        left--;
        if (left == 0 || left == w->last_batch) {
            w->last_sent = w->clock;
            break;
        }
        point = c->after[point];
        if (late < w->clock + seconds_of(c, point)) { /* on its way before the next point ends */
            w->last_sent = fmax(late, w->clock);
            break;
        }
    }
    w->records = w->count - left;
    jf_heap_put(c->mail, (size_t)id, w->last_sent, 0);
}

/* Rank 0's own batch: no messages, but each record is written. */
static void compute_own(clockwork *c)
{
    worker *w = &c->workers[0];
    double seconds = 0.0;
    size_t point = w->first;

    c->own_step = 0.0;
    if (w->count == 0) {
        jf_heap_remove(c->mail, 0);
        return;
    }
    for (size_t i = 0; i < w->count; i++, point = c->after[point]) {
        seconds += seconds_of(c, point);
    }
    c->own_step = seconds / (double)w->count / steps_of_a_point;
    c->own_spent = c->spent;
    w->records = w->count;
    jf_heap_put(c->mail, 0, fmax(c->now, c->free) + seconds, 0);
}

/* ---- rank 0's side ---- */

static void spend(clockwork *c, double seconds)
{
    c->spent += seconds;
    c->free += seconds;
}

/* What the ledger has for a worker is sent, which takes rank 0 so many seconds. */
static void deal(clockwork *c, int id, double seconds)
{
    const size_t *batch;
    const size_t count = jf_ledger_deal(c->ledger, id, INFINITY, &batch);

    if (count > 0) {
        spend(c, seconds);
        take_batch(c, &c->workers[id], batch, count, c->free);
        c->messages += !(c->working && id == 0);
    }
}

/* A first batch, and the next one ahead of time. */
static void deal_twice(clockwork *c, int id)
{
    deal(c, id, c->overhead->message);
    deal(c, id, c->overhead->message);
    c->workers[id].last_sent = c->free;
    compute(c, id);
}

static void deal_to_own(clockwork *c);

/* The members of a group that has just been dissolved, its leader too, get batches of their own. */
static void free_members(clockwork *c, int leader)
{
    for (int id = leader; id < leader + c->load->group; id++) {
        if (c->working && id == 0) {
            deal_to_own(c);
        } else {
            deal_twice(c, id);
        }
    }
}

/* Rank 0 takes its next batch only when it has none. */
static void deal_to_own(clockwork *c)
{
    const int alone = jf_ledger_is_alone(c->ledger, 0);

    deal(c, 0, 0.0);
    if (!alone && jf_ledger_is_alone(c->ledger, 0)) {
        free_members(c, 0);
    } else {
        compute_own(c);
    }
}

/* The records at the head of a worker's chain are done. */
static void keep_records(clockwork *c, int id)
{
    worker *w = &c->workers[id];

    for (; w->records > 0; w->records--) {
        const size_t point = w->first;
        spend(c, keeping(c, point));
        jf_ledger_done(c->ledger, id, point, NAN);
        w->first = c->after[point];
        w->count--;
    }
}

/* Rank 0's own batch has ended, but for the time that went to messages meanwhile. */
static void end_own(clockwork *c)
{
    if (c->spent > c->own_spent) {
        const double end = c->now + c->spent - c->own_spent;
        c->own_spent = c->spent;
        jf_heap_put(c->mail, 0, end, 0);
        return;
    }
    c->free = fmax(c->free, c->now);
    keep_records(c, 0);
    deal_to_own(c);
}

/* A message: records, and the wish for more. Where rank 0 computes, it waits for half a step. */
static void serve(clockwork *c, int id)
{
    const int alone = jf_ledger_is_alone(c->ledger, id);

    c->free = fmax(c->free, c->now + 0.5 * c->own_step);
    c->messages++;
    spend(c, c->overhead->message);
    keep_records(c, id);
    deal(c, id, 0.0);
    if (!alone && jf_ledger_is_alone(c->ledger, id)) {
        free_members(c, id);
    } else {
        compute(c, id);
    }
}

static void begin(clockwork *c)
{
    c->now = c->free = c->overhead->start;
    for (int id = c->working; id < c->count; id++) {
        const int member = !jf_ledger_is_alone(c->ledger, id) && id % c->load->group != 0;
        if (!member) {
            deal_twice(c, id);
        }
    }
    if (c->working) {
        deal_to_own(c);
    }
}

/* Returns the time of the last record. */
static double run_clock(clockwork *c)
{
    size_t id;

    begin(c);
    while ((id = jf_heap_first(c->mail)) != JF_NOBODY) {
        c->now = jf_heap_key(c->mail, id);
        if (c->working && id == 0) {
            end_own(c);
        } else {
            serve(c, (int)id);
        }
    }
    return fmax(c->now, c->free);
}

/* ---- forecasts ---- */

static jf_status allocate(clockwork *c, const unsigned char *finished)
{
    JF_TRY(jf_ledger_open(c->load, finished, c->count, &c->ledger));
    JF_TRY(jf_heap_create((size_t)c->count, &c->mail));
    c->workers = calloc((size_t)c->count, sizeof *c->workers);
    c->after = calloc(c->load->points + 1, sizeof *c->after);
    return c->workers != NULL && c->after != NULL ? JF_OK : jf_fail_memory("a forecast");
}

static void release(clockwork *c)
{
    jf_ledger_close(&c->ledger);
    jf_heap_destroy(&c->mail);
    free(c->workers);
    free(c->after);
}

static jf_forecast_limit limit_of(const jf_forecast *f)
{
    const double running = f->seconds - f->start;

    if (f->coordinator > nearly_all * running) {
        return JF_LIMIT_COORDINATOR;
    }
    if (f->longest > nearly_all * running) {
        return JF_LIMIT_LONGEST;
    }
    return f->start > running ? JF_LIMIT_START : JF_LIMIT_NONE;
}

/*
 * N ranks take busy / N seconds, in which rank 0 must keep all records beside its messages, which
 * are JF_MESSAGES_PER_SECOND for batches that end and as many for records that have waited.
 */
static double most_ranks(const clockwork *c, double busy, double kept)
{
    const double spare = fmax(1.0 - 2.0 * JF_MESSAGES_PER_SECOND * c->overhead->message, 0.0);

    return kept > 0.0 ? fmax(busy * spare / kept, 1.0) : INFINITY;
}

/* What is summed over the points that are to be done. */
static void add_points(const clockwork *c, const unsigned char *finished, jf_forecast *out)
{
    double kept = 0.0;

    for (size_t i = 0; i < c->load->points; i++) {
        if (finished == NULL || !finished[i]) {
            const int together = is_wide(c, i) && has_groups(c) ? c->load->group : 1;
            out->busy += together * seconds_of(c, i);
            kept += keeping(c, i);
            out->longest = fmax(out->longest, seconds_of(c, i));
        }
    }
    out->most_ranks = most_ranks(c, out->busy, kept);
}

static jf_status forecast(const jf_workload *load, const unsigned char *finished, int ranks,
                          int working, const jf_overhead *overhead, jf_forecast *out)
{
    clockwork c = {
        .load = load,
        .overhead = overhead,
        .count = working ? ranks : ranks - 1,
        .working = working,
        .wait = fmax(shortest_wait, ranks / JF_MESSAGES_PER_SECOND),
    };
    const jf_status status = allocate(&c, finished);

    *out = (jf_forecast){.start = overhead->start,
                         .mode = working ? JF_COORDINATOR_WORKING : JF_COORDINATOR_DEDICATED};
    if (status == JF_OK) {
        out->seconds = run_clock(&c);
        out->coordinator = c.spent;
        out->messages = (double)c.messages;
        add_points(&c, finished, out);
        out->efficiency = out->busy > 0.0 ? out->busy / (ranks * out->seconds) : 1.0;
        out->limit = limit_of(out);
    }
    release(&c);
    return status;
}

/* One worker more saves its share, and makes at most one group more whole. */
static int may_be_worth_working(const jf_workload *load, int ranks)
{
    return load->group > worth_working * ranks;
}

jf_status jf_forecast_run(const jf_workload *load, const unsigned char *finished, int ranks,
                          jf_coordinator_mode mode, const jf_overhead *overhead, jf_forecast *out)
{
    jf_forecast dedicated;

    if (ranks == 1 || mode == JF_COORDINATOR_WORKING) {
        return forecast(load, finished, ranks, 1, overhead, out);
    }
    JF_TRY(forecast(load, finished, ranks, 0, overhead, &dedicated));
    if (mode == JF_COORDINATOR_AUTO && may_be_worth_working(load, ranks)) {
        JF_TRY(forecast(load, finished, ranks, 1, overhead, out));
        if (out->seconds < (1.0 - worth_working) * dedicated.seconds) {
            return JF_OK;
        }
    }
    *out = dedicated;
    return JF_OK;
}
