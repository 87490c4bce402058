#include "jepaflow/ranks/ledger.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/heap.h"
#include "jepaflow/base/log.h"

/*
 * A batch holds at most so many seconds of predicted work: what is out at a worker is not dealt
 * anew when predictions are corrected, and is lost when a run is killed. Of many workers, so many
 * that their requests stay within JF_MESSAGES_PER_SECOND.
 */
static const double longest_batch = 5.0;

/* A point takes some time: shares would mean nothing where all were predicted to be free. */
static const double least_cost = 1e-9;

/*
 * A family counts as right until points say otherwise: as if so many had taken just their
 * predicted time. Farther off than `most_off` is the machine (a rank that was suspended), not the
 * prediction.
 */
static const double trust = 2.0;
static const double most_off = 1e3;

enum { NARROW, WIDE, POOLS };

typedef struct {
    double cost;
    size_t point;
} entry;

/* Points of one family and one pool, dearest first. */
typedef struct {
    size_t begin, end; /* its places in `order` */
    size_t head;       /* the first place that is pending and was within the limit; `end`: none */
    size_t pending;
    double cost;     /* of its pending points, as predicted at first */
    double factor;   /* measured over predicted */
    double off;      /* sum of the logarithms of measured over predicted */
    double finished; /* points in that sum */
} family;

/*
 * What one kind of takers share. A taker is a worker that works alone, or a group; costs are
 * seconds of a taker.
 */
typedef struct {
    jf_heap *heads; /* families with a head, that of the dearest first */
    double limit;   /* that the heads were within */
    size_t pending, out;
    double cost_pending, cost_out;
    int takers;
    int workers; /* of each taker */
} pool;

typedef struct {
    size_t out;         /* points that it has */
    size_t batch;       /* size of its last batch */
    double cost;        /* of the points that it has, as they were dealt */
    size_t first, last; /* of the points that it has, where out > 0: a list, see `behind` */
    int lost;
} account;

struct jf_ledger {
    size_t points;
    double *cost;      /* by point: as predicted at first */
    double *charge;    /* by point: what it was dealt at */
    size_t *behind;    /* by point that is out: the one that its worker was dealt next */
    size_t *family_of; /* by point: index to `families` */
    entry *order;      /* pending at first; family by family, dearest first */
    size_t *next; /* by place: itself while it is pending, else a later one: see pending_from() */
    size_t count; /* places; next[count] is there too */
    family *families; /* those of the narrow pool, then those of the wide one */
    size_t kinds;     /* families in a pool */
    pool pools[POOLS];
    size_t *batch; /* the present one */
    account *account;
    int workers, group, groups; /* group: 1 where there are none */
    unsigned char *dissolved;   /* by group */
    size_t done, lost;
    double cost_done;
};

/* ---- opening ---- */

void jf_ledger_close(jf_ledger **address)
{
    jf_ledger *l = *address;

    if (l == NULL) {
        return;
    }
    free(l->cost);
    free(l->charge);
    free(l->behind);
    free(l->family_of);
    free(l->order);
    free(l->next);
    free(l->families);
    jf_heap_destroy(&l->pools[NARROW].heads);
    jf_heap_destroy(&l->pools[WIDE].heads);
    free(l->batch);
    free(l->account);
    free(l->dissolved);
    free(l);
    *address = NULL;
}

static jf_status allocate(jf_ledger *l, int workers)
{
    l->cost = calloc(l->points + 1, sizeof *l->cost);
    l->charge = calloc(l->points + 1, sizeof *l->charge);
    l->behind = calloc(l->points + 1, sizeof *l->behind);
    l->family_of = calloc(l->points + 1, sizeof *l->family_of);
    l->order = calloc(l->points + 1, sizeof *l->order);
    l->next = calloc(l->points + 1, sizeof *l->next);
    l->families = calloc(POOLS * l->kinds + 1, sizeof *l->families);
    l->batch = calloc(l->points + 1, sizeof *l->batch);
    l->account = calloc((size_t)workers, sizeof *l->account);
    l->dissolved = calloc((size_t)l->groups + 1, 1);
    if (l->cost == NULL || l->charge == NULL || l->behind == NULL || l->family_of == NULL ||
        l->order == NULL || l->next == NULL || l->families == NULL || l->batch == NULL ||
        l->account == NULL || l->dissolved == NULL) {
        return jf_fail_memory("the ledger");
    }
    JF_TRY(jf_heap_create(POOLS * l->kinds, &l->pools[NARROW].heads));
    return jf_heap_create(POOLS * l->kinds, &l->pools[WIDE].heads);
}

/* Dearest first; equal costs in the order of the plan. */
static int dearest_first(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;

    if (x->cost != y->cost) {
        return x->cost < y->cost ? 1 : -1;
    }
    return (x->point > y->point) - (x->point < y->point);
}

static pool *pool_of(jf_ledger *l, size_t family_index)
{
    return &l->pools[family_index < l->kinds ? NARROW : WIDE];
}

/* Each point's cost and family, and how many are pending of each family. */
static void sort_into_families(jf_ledger *l, const jf_workload *load, const unsigned char *finished)
{
    for (size_t i = 0; i < load->points; i++) {
        const int wide = load->wide != NULL && load->wide[i] && load->group > 1;
        const int in_group = wide && l->groups > 0;
        const size_t kind = load->family != NULL ? load->family[i] : 0;
        assert(kind < l->kinds && load->cost[i] >= 0.0);
        l->cost[i] = fmax(load->cost[i], least_cost) * (wide && !in_group ? load->group : 1);
        l->family_of[i] = (in_group ? l->kinds : 0) + kind;
        l->families[l->family_of[i]].pending += finished == NULL || !finished[i];
    }
}

/* Give every family its places, and fill and sort them. */
static void make_order(jf_ledger *l, const unsigned char *finished)
{
    for (size_t k = 0; k < POOLS * l->kinds; k++) {
        l->families[k].begin = l->families[k].end = l->count;
        l->count += l->families[k].pending;
    }
    for (size_t i = 0; i < l->points; i++) {
        family *f = &l->families[l->family_of[i]];
        if (finished == NULL || !finished[i]) {
            l->order[f->end++] = (entry){l->cost[i], i};
            f->cost += l->cost[i];
        }
    }
    for (size_t k = 0; k < POOLS * l->kinds; k++) {
        const family *f = &l->families[k];
        qsort(l->order + f->begin, f->end - f->begin, sizeof *l->order, dearest_first);
    }
    for (size_t place = 0; place <= l->count; place++) {
        l->next[place] = place;
    }
}

static double cost_at(const jf_ledger *l, const family *f, size_t place)
{
    return f->factor * l->order[place].cost;
}

/* Let a family stand in its pool with this place as its head; `end` where it has none. */
static void set_head(jf_ledger *l, size_t k, size_t place)
{
    family *f = &l->families[k];
    pool *p = pool_of(l, k);

    f->head = place;
    if (place < f->end) {
        jf_heap_put(p->heads, k, -cost_at(l, f, place), l->order[place].point);
    } else {
        jf_heap_remove(p->heads, k);
    }
}

static void fill_pools(jf_ledger *l)
{
    l->pools[NARROW].takers = l->workers - l->groups * l->group;
    l->pools[NARROW].workers = 1;
    l->pools[WIDE].takers = l->groups;
    l->pools[WIDE].workers = l->group;
    for (size_t k = 0; k < POOLS * l->kinds; k++) {
        family *f = &l->families[k];
        pool *p = pool_of(l, k);
        f->factor = 1.0;
        p->limit = INFINITY;
        p->pending += f->pending;
        p->cost_pending += f->cost;
        set_head(l, k, f->begin);
    }
}

jf_status jf_ledger_open(const jf_workload *load, const unsigned char *finished, int workers,
                         jf_ledger **out)
{
    jf_ledger *l = calloc(1, sizeof *l);

    assert(workers >= 1 && load->group >= 1);
    *out = l;
    if (l == NULL) {
        return jf_fail_memory("the ledger");
    }
    l->points = load->points;
    l->kinds = load->family != NULL ? load->families : 1;
    l->workers = workers;
    l->group = load->wide != NULL ? load->group : 1;
    l->groups = l->group > 1 ? workers / l->group : 0;
    const jf_status status = allocate(l, workers);
    if (status != JF_OK) {
        jf_ledger_close(out);
        return status;
    }
    sort_into_families(l, load, finished);
    make_order(l, finished);
    fill_pools(l);
    return JF_OK;
}

/* ---- finding ---- */

/*
 * The first pending place of a family from `place` on, `end` for none. Dealt places point onwards;
 * every search halves its path (union-find), so that long stretches of them are passed at once.
 */
static size_t pending_from(jf_ledger *l, const family *f, size_t place)
{
    while (l->next[place] != place) {
        l->next[place] = l->next[l->next[place]];
        place = l->next[place];
    }
    return place < f->end ? place : f->end;
}

/* The same among those that cost at most `limit`: costs fall with the place. */
static size_t pending_within(jf_ledger *l, const family *f, double limit)
{
    size_t low = f->begin, high = f->end;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (cost_at(l, f, middle) > limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return pending_from(l, f, low);
}

static void rewind_head(jf_ledger *l, size_t k)
{
    set_head(l, k, pending_from(l, &l->families[k], l->families[k].begin));
}

/* Where there is more time than before, what was held back may fit. */
static void set_limit(jf_ledger *l, pool *p, double limit)
{
    const size_t first = p == &l->pools[NARROW] ? 0 : l->kinds;

    if (limit > p->limit) {
        for (size_t k = first; k < first + l->kinds; k++) {
            rewind_head(l, k);
        }
    }
    p->limit = limit;
}

/*
 * The family with the dearest point within the pool's limit, JF_NOBODY for none. A family whose
 * head is beyond it is moved on: once, until the limit grows or its factor changes.
 */
static size_t find_dearest(jf_ledger *l, pool *p)
{
    size_t k;

    while ((k = jf_heap_first(p->heads)) != JF_NOBODY) {
        if (-jf_heap_key(p->heads, k) <= p->limit) {
            break;
        }
        set_head(l, k, pending_within(l, &l->families[k], p->limit));
    }
    return k;
}

/* ---- dealing ---- */

static int is_leader(const jf_ledger *l, int worker)
{
    return !jf_ledger_is_alone(l, worker) && worker % l->group == 0;
}

int jf_ledger_is_alone(const jf_ledger *l, int worker)
{
    const int group = worker / l->group;

    return group >= l->groups || l->dissolved[group];
}

static void dissolve(jf_ledger *l, int leader)
{
    l->dissolved[leader / l->group] = 1;
    l->pools[WIDE].takers--;
    l->pools[NARROW].takers += l->group;
}

/* Of what is out, half has been computed, on average: the ledger has no clock to know it better. */
static double left_in(const pool *p)
{
    return p->cost_pending + 0.5 * p->cost_out;
}

/*
 * Seconds until all is done, if from now on nobody is idle: of the pool's work by its takers, but
 * who works alone is joined by the groups later, and what he has then nobody takes from him.
 */
static double fair_share(const jf_ledger *l, const pool *p)
{
    if (p == &l->pools[WIDE]) {
        return left_in(p) / (double)p->takers;
    }
    return (left_in(p) + l->pools[WIDE].workers * left_in(&l->pools[WIDE])) / (double)l->workers;
}

/*
 * May a worker that has something be sent a batch that begins with a point of this cost? Once it
 * has come to its last batch, and unless it would then have more than a fair share of all that is
 * left.
 */
static int may_send_ahead(const jf_ledger *l, const pool *p, const account *a, double cost)
{
    return a->out <= a->batch && a->cost + cost <= fair_share(l, p);
}

/* Seconds that a batch may take; one point may always go. */
static double most_of_a_batch(const jf_ledger *l, const pool *p)
{
    const double most = fmax(longest_batch, (double)l->workers / JF_MESSAGES_PER_SECOND);
    const double share = fmin(p->cost_pending / (double)p->takers, fair_share(l, p));

    return fmin(0.5 * share, most);
}

/* Sums of costs that were added and taken away again: nothing left is 0, whatever was rounded. */
static double what_is_left(size_t points, double cost)
{
    return points > 0 ? fmax(cost, 0.0) : 0.0;
}

/* Write a point down as the last that a worker has. */
static void book(jf_ledger *l, account *a, size_t point)
{
    if (a->out > 0) {
        l->behind[a->last] = point;
    } else {
        a->first = point;
    }
    a->last = point;
    a->out++;
}

/* Strike it out: the first, but for points that were solved in another order. */
static void strike_out(jf_ledger *l, account *a, size_t point)
{
    size_t before = point;

    assert(a->out > 0);
    for (size_t at = a->first; at != point; at = l->behind[at]) {
        assert(at != a->last);
        before = at;
    }
    if (before == point) {
        a->first = l->behind[point];
    } else {
        l->behind[before] = l->behind[point];
    }
    a->last = a->last == point ? before : a->last;
    a->out--;
}

static void hand_out(jf_ledger *l, pool *p, size_t k, account *a)
{
    family *f = &l->families[k];
    const size_t place = f->head, point = l->order[place].point;
    const double cost = cost_at(l, f, place);

    l->charge[point] = cost;
    book(l, a, point);
    a->cost += cost;
    p->out++;
    p->cost_out += cost;
    p->pending--;
    p->cost_pending = what_is_left(p->pending, p->cost_pending - cost);
    f->pending--;
    f->cost = what_is_left(f->pending, f->cost - l->order[place].cost);
    l->next[place] = place + 1;
    set_head(l, k, pending_from(l, f, place + 1));
}

static size_t fill_batch(jf_ledger *l, pool *p, account *a)
{
    const double most = most_of_a_batch(l, p);
    double cost = 0.0;
    size_t count = 0, k;

    while ((k = find_dearest(l, p)) != JF_NOBODY) {
        const family *f = &l->families[k];
        cost += cost_at(l, f, f->head);
        if (count > 0 && cost > most) {
            break;
        }
        l->batch[count++] = l->order[f->head].point;
        hand_out(l, p, k, a);
    }
    a->batch = count;
    return count;
}

size_t jf_ledger_deal(jf_ledger *l, int worker, double limit, const size_t **batch)
{
    account *a = &l->account[worker];
    const int leads = is_leader(l, worker);
    pool *p = &l->pools[leads ? WIDE : NARROW];

    assert(worker >= 0 && worker < l->workers && !a->lost);
    *batch = l->batch;
    if (!leads && !jf_ledger_is_alone(l, worker)) {
        return 0;
    }
    set_limit(l, p, limit);
    const size_t k = find_dearest(l, p);
    if (k == JF_NOBODY) {
        if (leads && a->out == 0) {
            dissolve(l, worker);
        }
        return 0;
    }
    if (a->out > 0 && !may_send_ahead(l, p, a, -jf_heap_key(p->heads, k))) {
        return 0;
    }
    return fill_batch(l, p, a);
}

/* ---- what is done ---- */

/* factor = exp(sum of ln(measured / predicted) / (finished + trust)): a mean, drawn to 1. */
static void refine(jf_ledger *l, size_t point, double seconds)
{
    const size_t k = l->family_of[point];
    family *f = &l->families[k];
    pool *p = pool_of(l, k);
    const double before = f->factor;

    f->off += log(fmin(fmax(seconds / l->cost[point], 1.0 / most_off), most_off));
    f->finished += 1.0;
    f->factor = exp(f->off / (f->finished + trust));
    p->cost_pending = what_is_left(p->pending, p->cost_pending + (f->factor - before) * f->cost);
    rewind_head(l, k);
}

void jf_ledger_done(jf_ledger *l, int worker, size_t point, double seconds)
{
    account *a = &l->account[worker];
    pool *p = pool_of(l, l->family_of[point]);
    const double cost = l->charge[point];
    const int known = isfinite(seconds) && seconds > 0.0;

    assert(!a->lost);
    strike_out(l, a, point);
    a->cost = what_is_left(a->out, a->cost - cost);
    p->out--;
    p->cost_out = what_is_left(p->out, p->cost_out - cost);
    l->done++;
    l->cost_done += p->workers * (known ? seconds : cost);
    if (known) {
        refine(l, point, seconds);
    }
}

jf_ledger_state jf_ledger_look(const jf_ledger *l)
{
    jf_ledger_state s = {.done = l->done, .lost = l->lost, .cost_done = l->cost_done};

    for (int k = 0; k < POOLS; k++) {
        const pool *p = &l->pools[k];
        s.pending += p->pending;
        s.out += p->out;
        s.cost_pending += p->workers * p->cost_pending;
        s.cost_out += p->workers * p->cost_out;
    }
    return s;
}

size_t jf_ledger_holds(const jf_ledger *l, int worker, size_t *points, size_t most)
{
    const account *a = &l->account[worker];
    size_t at = a->first;

    for (size_t i = 0; i < a->out && i < most; i++) {
        points[i] = at;
        at = l->behind[at];
    }
    return a->out;
}

/* Who still shares what is pending: of a group only its leader stands for a taker. */
static void take_leave(jf_ledger *l, int worker)
{
    if (jf_ledger_is_alone(l, worker)) {
        l->pools[NARROW].takers--;
    } else if (is_leader(l, worker)) {
        l->pools[WIDE].takers--;
    }
}

void jf_ledger_lose(jf_ledger *l, int worker)
{
    account *a = &l->account[worker];

    if (a->lost) {
        return;
    }
    for (size_t at = a->first, i = 0; i < a->out; i++, at = l->behind[at]) {
        pool *p = pool_of(l, l->family_of[at]);
        p->out--;
        p->cost_out = what_is_left(p->out, p->cost_out - l->charge[at]);
    }
    l->lost += a->out;
    take_leave(l, worker);
    a->lost = 1;
}

double jf_ledger_charge(const jf_ledger *l, size_t point)
{
    return l->charge[point];
}
