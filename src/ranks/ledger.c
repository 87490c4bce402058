#include "jepaflow/ranks/ledger.h"

#include <assert.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

typedef struct {
    double cost;
    size_t point;
} entry;

typedef struct {
    size_t out;   /* points that it has */
    size_t batch; /* size of its last batch */
    double cost;  /* of the points that it has */
} account;

struct jf_ledger {
    entry *pending;       /* dearest first; those before `next` are dealt */
    unsigned char *dealt; /* by place in `pending` */
    size_t count;
    size_t next;      /* the first place that is not dealt */
    double *cost;     /* by point */
    account *account; /* by worker */
    int workers;
    jf_ledger_state state;
};

/* Dearest first; equal costs in the order of the plan, so that the order is always the same. */
static int dearest_first(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;

    if (x->cost != y->cost) {
        return x->cost < y->cost ? 1 : -1;
    }
    return (x->point > y->point) - (x->point < y->point);
}

void jf_ledger_close(jf_ledger **address)
{
    jf_ledger *l = *address;

    if (l != NULL) {
        free(l->pending);
        free(l->dealt);
        free(l->cost);
        free(l->account);
        free(l);
        *address = NULL;
    }
}

jf_status jf_ledger_open(size_t points, const double *cost, const unsigned char *finished,
                         int workers, jf_ledger **out)
{
    jf_ledger *l = calloc(1, sizeof *l);

    assert(workers >= 1);
    *out = l;
    if (l != NULL) {
        l->pending = calloc(points + 1, sizeof *l->pending);
        l->dealt = calloc(points + 1, sizeof *l->dealt);
        l->cost = calloc(points + 1, sizeof *l->cost);
        l->account = calloc((size_t)workers, sizeof *l->account);
    }
    if (l == NULL || l->pending == NULL || l->dealt == NULL || l->cost == NULL ||
        l->account == NULL) {
        jf_ledger_close(out);
        return jf_fail_memory("the ledger");
    }
    l->workers = workers;
    for (size_t i = 0; i < points; i++) {
        l->cost[i] = cost[i];
        if (finished == NULL || !finished[i]) {
            l->pending[l->count++] = (entry){cost[i], i};
            l->state.cost_pending += cost[i];
        }
    }
    l->state.pending = l->count;
    qsort(l->pending, l->count, sizeof *l->pending, dearest_first);
    return JF_OK;
}

/* The first place from `next` on that is not dealt and costs at most `limit`; `count` for none. */
static size_t first_within(const jf_ledger *l, double limit)
{
    size_t low = l->next, high = l->count;

    while (low < high) { /* costs fall with the place */
        const size_t middle = low + (high - low) / 2;
        if (l->pending[middle].cost > limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low < l->count && l->dealt[low]) {
        low++;
    }
    return low;
}

/*
 * May a worker that has something be sent a batch that begins with this point? Once it has come to
 * its last batch, and unless it would then have more than a fair share of all that is left.
 */
static int may_send_ahead(const jf_ledger *l, const account *a, double cost)
{
    const double left = l->state.cost_pending + l->state.cost_out;

    return a->out <= a->batch && a->cost + cost <= left / (double)l->workers;
}

static void hand_out(jf_ledger *l, account *a, size_t place)
{
    const double cost = l->pending[place].cost;

    l->dealt[place] = 1;
    a->out++;
    a->cost += cost;
    l->state.pending--;
    l->state.cost_pending -= cost;
    l->state.out++;
    l->state.cost_out += cost;
}

size_t jf_ledger_deal(jf_ledger *l, int worker, double limit, size_t *batch)
{
    account *a = &l->account[worker];
    size_t place = first_within(l, limit);
    size_t count = 0;
    double cost = 0.0;

    assert(worker >= 0 && worker < l->workers);
    if (place == l->count || (a->out > 0 && !may_send_ahead(l, a, l->pending[place].cost))) {
        return 0;
    }
    /*
     * Half of a worker's share of what is pending: guided self-scheduling (Polychronopoulos, Kuck
     * 1987).
     */
    const double target = 0.5 * l->state.cost_pending / (double)l->workers;
    while (place < l->count && count < JF_MOST_IN_BATCH &&
           (count == 0 || cost + l->pending[place].cost <= target)) {
        if (!l->dealt[place]) {
            cost += l->pending[place].cost;
            batch[count++] = l->pending[place].point;
            hand_out(l, a, place);
        }
        place++;
    }
    while (l->next < l->count && l->dealt[l->next]) {
        l->next++;
    }
    a->batch = count;
    return count;
}

void jf_ledger_done(jf_ledger *l, int worker, size_t point)
{
    assert(l->account[worker].out > 0);
    l->account[worker].out--;
    l->account[worker].cost -= l->cost[point];
    l->state.out--;
    l->state.cost_out -= l->cost[point];
    l->state.done++;
    l->state.cost_done += l->cost[point];
}

jf_ledger_state jf_ledger_look(const jf_ledger *ledger)
{
    return ledger->state;
}

size_t jf_ledger_outstanding(const jf_ledger *ledger, int worker)
{
    return ledger->account[worker].out;
}
