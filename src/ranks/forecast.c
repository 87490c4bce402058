#include "jepaflow/ranks/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/ranks/ledger.h"

/*
 * From here on rank 0 only coordinates: what its one core would add is less than what late answers
 * to the others would cost.
 */
enum { DEDICATED_FROM = 17 };

int jf_workers(int ranks)
{
    return ranks >= DEDICATED_FROM ? ranks - 1 : ranks;
}

/* A worker under the virtual clock: its points in hand, and when it is done with the first. */
typedef struct {
    double ready;
    size_t first, last, count; /* a chain of points, see `after` */
} worker;

typedef struct {
    jf_ledger *ledger;
    const double *cost;
    worker *worker;
    size_t *after; /* by point: the next one in its worker's chain */
    int *heap;     /* workers that have points, the earliest to be done first */
    int busy;      /* of them */
} clockwork;

static int earlier(const clockwork *c, int a, int b)
{
    const double x = c->worker[c->heap[a]].ready, y = c->worker[c->heap[b]].ready;

    return x != y ? x < y : c->heap[a] < c->heap[b];
}

static void exchange(clockwork *c, int a, int b)
{
    const int kept = c->heap[a];

    c->heap[a] = c->heap[b];
    c->heap[b] = kept;
}

static void sift_up(clockwork *c, int place)
{
    while (place > 0 && earlier(c, place, (place - 1) / 2)) {
        exchange(c, place, (place - 1) / 2);
        place = (place - 1) / 2;
    }
}

static void sift_down(clockwork *c, int place)
{
    for (;;) {
        int least = place;
        for (int child = 2 * place + 1; child <= 2 * place + 2 && child < c->busy; child++) {
            least = earlier(c, child, least) ? child : least;
        }
        if (least == place) {
            return;
        }
        exchange(c, place, least);
        place = least;
    }
}

/* Give a worker what the ledger deals it. */
static void refill(clockwork *c, int id)
{
    worker *w = &c->worker[id];
    const size_t *batch;
    const size_t count = jf_ledger_deal(c->ledger, id, INFINITY, &batch);

    for (size_t i = 0; i < count; i++) {
        *(w->count++ > 0 ? &c->after[w->last] : &w->first) = batch[i];
        w->last = batch[i];
    }
}

static double run_clock(clockwork *c, int workers)
{
    double now = 0.0;

    for (int id = 0; id < workers; id++) {
        refill(c, id);
    }
    for (int id = 0; id < workers; id++) {
        worker *w = &c->worker[id];
        refill(c, id);
        if (w->count > 0) {
            w->ready = c->cost[w->first];
            c->heap[c->busy++] = id;
            sift_up(c, c->busy - 1);
        }
    }
    while (c->busy > 0) {
        const int id = c->heap[0];
        worker *w = &c->worker[id];
        now = w->ready;
        jf_ledger_done(c->ledger, id, w->first, NAN);
        w->first = c->after[w->first];
        w->count--;
        refill(c, id);
        if (w->count > 0) {
            w->ready = now + c->cost[w->first];
        } else {
            exchange(c, 0, --c->busy);
        }
        sift_down(c, 0);
    }
    return now;
}

jf_status jf_forecast_run(size_t points, const double *cost, int ranks, jf_forecast *out)
{
    const int workers = jf_workers(ranks);
    clockwork c = {.cost = cost};

    *out = (jf_forecast){0};
    const jf_workload load = {.points = points, .cost = cost, .group = 1};
    JF_TRY(jf_ledger_open(&load, NULL, workers, &c.ledger));
    c.after = calloc(points + 1, sizeof *c.after);
    c.worker = calloc((size_t)workers, sizeof *c.worker);
    c.heap = calloc((size_t)workers, sizeof *c.heap);
    jf_status status = JF_OK;
    if (c.after == NULL || c.worker == NULL || c.heap == NULL) {
        status = jf_fail_memory("a forecast");
    } else {
        out->seconds = run_clock(&c, workers);
        for (size_t i = 0; i < points; i++) {
            out->busy += cost[i];
        }
        out->efficiency = out->seconds > 0.0 ? out->busy / (ranks * out->seconds) : 1.0;
    }
    free(c.after);
    free(c.worker);
    free(c.heap);
    jf_ledger_close(&c.ledger);
    return status;
}
