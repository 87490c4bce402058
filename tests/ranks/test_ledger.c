/*
 * test_ledger.c - every point is dealt once, to one worker or group, longest first, in batches that
 * shrink.
 *
 * The oracle is bookkeeping of the test's own: who has what, and what it costs.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/random.h"
#include "jepaflow/ranks/ledger.h"

enum { POINTS = 2000, WORKERS = 5 };

/* Costs over four orders of magnitude, the same in every run of the test. */
static void make_costs(double *cost, size_t points)
{
    jf_random_normal((jf_random){2407, 3475, 1}, cost, points);
    for (size_t i = 0; i < points; i++) {
        cost[i] = exp(2.0 * cost[i]);
    }
}

/* A worker of the test: a queue of points, solved first in, first out. */
typedef struct {
    size_t queue[POINTS];
    size_t count;
} hand;

static size_t take(jf_ledger *ledger, hand *hands, int worker, double limit)
{
    const size_t *batch;
    const size_t count = jf_ledger_deal(ledger, worker, limit, &batch);

    assert_true(hands[worker].count + count <= COUNT(hands[worker].queue));
    memcpy(hands[worker].queue + hands[worker].count, batch, count * sizeof *batch);
    hands[worker].count += count;
    assert_int_equal(jf_ledger_holds(ledger, worker, NULL, 0), hands[worker].count);
    return count;
}

/* Solve the first of its points, in so many seconds. */
static size_t finish_in(jf_ledger *ledger, hand *hands, int worker, double seconds)
{
    hand *h = &hands[worker];
    const size_t point = h->queue[0];

    memmove(h->queue, h->queue + 1, --h->count * sizeof *h->queue);
    jf_ledger_done(ledger, worker, point, seconds);
    return point;
}

static size_t finish_one(jf_ledger *ledger, hand *hands, int worker)
{
    return finish_in(ledger, hands, worker, NAN);
}

static jf_ledger *open_simple(size_t points, const double *cost, const unsigned char *finished,
                              int workers)
{
    const jf_workload load = {.points = points, .cost = cost, .group = 1};
    jf_ledger *ledger;

    assert_ok(jf_ledger_open(&load, finished, workers, &ledger));
    return ledger;
}

/* Whoever finishes, and in whatever order the workers ask. */
static void every_point_is_dealt_once(void **state)
{
    double cost[POINTS], draw[64];
    unsigned char finished[POINTS] = {0}, solved[POINTS] = {0};
    hand hands[WORKERS] = {{{0}, 0}};
    jf_ledger *ledger;
    size_t left = POINTS, asked = 0;

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i += 7) {
        finished[i] = 1;
        left--;
    }
    ledger = open_simple(POINTS, cost, finished, WORKERS);
    for (uint64_t round = 0; left > 0; round++) {
        jf_random_normal((jf_random){1, 1, round}, draw, 64);
        for (size_t k = 0; k < 64 && left > 0; k++) {
            const int worker = (int)(fabs(draw[k]) * 1000.0) % WORKERS;
            asked++;
            (void)take(ledger, hands, worker, INFINITY);
            if (hands[worker].count > 0) {
                const size_t point = finish_one(ledger, hands, worker);
                assert_true(point < POINTS);
                assert_false(solved[point] || finished[point]);
                solved[point] = 1;
                left--;
            }
        }
        assert_true(asked < 100 * POINTS);
    }
    for (size_t i = 0; i < POINTS; i++) {
        assert_int_equal(solved[i] + finished[i], 1);
    }
    for (int worker = 0; worker < WORKERS; worker++) {
        assert_int_equal(take(ledger, hands, worker, INFINITY), 0);
    }
    jf_ledger_close(&ledger);
    assert_null(ledger);
}

/* Longest predicted first: with one worker the order of dealing is the order of costs. */
static void the_dearest_come_first(void **state)
{
    double cost[POINTS], last = INFINITY;
    hand hands[1] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    make_costs(cost, POINTS);
    ledger = open_simple(POINTS, cost, NULL, 1);
    for (size_t left = POINTS; left > 0; left--) {
        (void)take(ledger, hands, 0, INFINITY);
        const size_t point = finish_one(ledger, hands, 0);
        assert_true(cost[point] <= last);
        last = cost[point];
    }
    jf_ledger_close(&ledger);
}

/* So that a sweep is dealt in the same way every time. */
static void equal_costs_keep_the_order_of_the_plan(void **state)
{
    enum { EQUAL = 100 };
    double cost[EQUAL];
    hand hands[1] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    for (size_t i = 0; i < EQUAL; i++) {
        cost[i] = i < EQUAL / 2 ? 1.0 : 2.0;
    }
    ledger = open_simple(EQUAL, cost, NULL, 1);
    for (size_t i = 0; i < EQUAL; i++) {
        (void)take(ledger, hands, 0, INFINITY);
        assert_int_equal(finish_one(ledger, hands, 0), (i + EQUAL / 2) % EQUAL);
    }
    jf_ledger_close(&ledger);
}

/*
 * A batch is at most half of a share of what was pending, or one point; the last ones are single.
 */
static void batches_shrink_towards_the_end(void **state)
{
    double cost[POINTS], pending = 0.0;
    size_t count, last = POINTS;
    hand hands[WORKERS] = {{{0}, 0}};
    jf_ledger *ledger;
    int batches = 0;

    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        cost[i] = 1.0;
        pending += 1.0;
    }
    ledger = open_simple(POINTS, cost, NULL, WORKERS);
    for (int worker = 0; (count = take(ledger, hands, worker, INFINITY)) > 0;
         worker = (worker + 1) % WORKERS) {
        assert_true(count == 1 || (double)count <= 0.5 * pending / WORKERS);
        assert_true(count <= last);
        pending -= (double)count;
        last = count;
        batches++;
        const int next = (worker + 1) % WORKERS;
        while (hands[next].count > 0) {
            (void)finish_one(ledger, hands, next);
        }
    }
    assert_true(pending == 0.0);
    assert_int_equal(last, 1);
    assert_true(batches > 2 * WORKERS && batches < POINTS / 4);
    jf_ledger_close(&ledger);
}

/* While a worker is busy with its last batch there is one more on its way, never two. */
static void one_batch_goes_ahead(void **state)
{
    double cost[POINTS];
    hand hands[WORKERS] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        cost[i] = 1.0;
    }
    ledger = open_simple(POINTS, cost, NULL, WORKERS);
    assert_true(take(ledger, hands, 0, INFINITY) > 0);
    const size_t second = take(ledger, hands, 0, INFINITY);
    assert_true(second > 0);
    while (hands[0].count > second) {
        assert_int_equal(take(ledger, hands, 0, INFINITY), 0);
        (void)finish_one(ledger, hands, 0);
    }
    assert_true(take(ledger, hands, 0, INFINITY) > 0);
    jf_ledger_close(&ledger);
}

/* A point dearer than a share of what is pending waits for whoever is free first. */
static void dear_points_do_not_queue_behind_others(void **state)
{
    static const double cost[] = {10.0, 9.0, 8.0};
    hand hands[2] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    ledger = open_simple(COUNT(cost), cost, NULL, 2);
    assert_int_equal(take(ledger, hands, 0, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 0, INFINITY), 0); /* 9 is more than half of 17 */
    assert_int_equal(take(ledger, hands, 1, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 0);
    assert_int_equal(finish_one(ledger, hands, 1), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 1);
    assert_int_equal(finish_one(ledger, hands, 1), 2);
    jf_ledger_close(&ledger);
}

/*
 * What is out is half done, on average: of 14 seconds out and 2 pending, (7 + 2) / 2 are a fair
 * share, and who has 4 has enough.
 */
static void what_is_out_counts_for_half(void **state)
{
    static const double cost[] = {10.0, 4.0, 2.0};
    hand hands[2] = {{{0}, 0}};

    (void)state;
    jf_ledger *ledger = open_simple(COUNT(cost), cost, NULL, 2);
    assert_int_equal(take(ledger, hands, 0, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 0);
    (void)finish_one(ledger, hands, 0);
    assert_int_equal(take(ledger, hands, 0, INFINITY), 1); /* whoever is free first */
    jf_ledger_close(&ledger);
}

/* What does not fit into the time that is left is held back, and dealt when there is time again. */
static void points_beyond_the_limit_are_held_back(void **state)
{
    double cost[POINTS];
    unsigned char dealt[POINTS] = {0};
    hand hands[1] = {{{0}, 0}};
    jf_ledger *ledger;
    size_t cheap = 0, dealt_cheap = 0, rest = 0;

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        cheap += cost[i] <= 1.0;
    }
    assert_true(cheap > POINTS / 4 && cheap < 3 * POINTS / 4);
    ledger = open_simple(POINTS, cost, NULL, 1);
    while (take(ledger, hands, 0, 1.0) > 0) {
        while (hands[0].count > 0) {
            const size_t point = finish_one(ledger, hands, 0);
            assert_true(cost[point] <= 1.0);
            dealt[point] = 1;
            dealt_cheap++;
        }
    }
    assert_int_equal(dealt_cheap, cheap);
    assert_int_equal(jf_ledger_look(ledger).pending, POINTS - cheap);
    while (take(ledger, hands, 0, INFINITY) > 0) {
        while (hands[0].count > 0) {
            assert_false(dealt[finish_one(ledger, hands, 0)]);
            rest++;
        }
    }
    assert_int_equal(rest, POINTS - cheap);
    jf_ledger_close(&ledger);
}

/* Pending, out and done add up at every moment, in points and in seconds. */
static void the_state_adds_up(void **state)
{
    double cost[POINTS], total = 0.0;
    unsigned char finished[POINTS] = {0};
    hand hands[WORKERS] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    make_costs(cost, POINTS);
    finished[3] = finished[POINTS - 1] = 1;
    for (size_t i = 0; i < POINTS; i++) {
        total += finished[i] ? 0.0 : cost[i];
    }
    ledger = open_simple(POINTS, cost, finished, WORKERS);
    for (size_t done = 0; done < POINTS - 2;) {
        for (int worker = 0; worker < WORKERS; worker++) {
            (void)take(ledger, hands, worker, INFINITY);
            if (hands[worker].count > 0) {
                (void)finish_one(ledger, hands, worker);
                done++;
            }
        }
        const jf_ledger_state s = jf_ledger_look(ledger);
        assert_int_equal(s.done, done);
        assert_int_equal(s.pending + s.out + s.done, POINTS - 2);
        assert_within(s.cost_pending + s.cost_out + s.cost_done, total, 1e-9 * total);
        double out = 0.0;
        size_t held = 0;
        for (int worker = 0; worker < WORKERS; worker++) {
            for (size_t k = 0; k < hands[worker].count; k++) {
                out += cost[hands[worker].queue[k]];
            }
            held += hands[worker].count;
        }
        assert_int_equal(s.out, held);
        assert_within(s.cost_out, out, 1e-9 * total);
    }
    jf_ledger_close(&ledger);
}

/* Points that are out stand in the order in which they were dealt, whoever finishes which first. */
static void what_a_worker_holds_is_known(void **state)
{
    double cost[POINTS], draw[1];
    size_t held[POINTS];
    hand hands[WORKERS] = {{{0}, 0}};

    (void)state;
    make_costs(cost, POINTS);
    jf_ledger *ledger = open_simple(POINTS, cost, NULL, WORKERS);
    for (uint64_t round = 0; round < 500; round++) {
        const int worker = (int)(round % WORKERS);
        hand *h = &hands[worker];
        (void)take(ledger, hands, worker, INFINITY);
        jf_random_normal((jf_random){3, 1, round}, draw, 1);
        const size_t k = (size_t)(fabs(draw[0]) * 1000.0) % h->count; /* not always the first */
        jf_ledger_done(ledger, worker, h->queue[k], NAN);
        memmove(h->queue + k, h->queue + k + 1, (--h->count - k) * sizeof *h->queue);
        assert_int_equal(jf_ledger_holds(ledger, worker, held, POINTS), h->count);
        assert_memory_equal(held, h->queue, h->count * sizeof *held);
        if (h->count > 0) {
            assert_true(jf_ledger_charge(ledger, held[0]) == cost[held[0]]);
        }
    }
    held[1] = POINTS;
    (void)take(ledger, hands, 0, INFINITY);
    (void)jf_ledger_holds(ledger, 0, held, 1);
    assert_int_equal(held[1], POINTS); /* no more than was asked for */
    jf_ledger_close(&ledger);
}

/* What it had is neither pending nor out; the others solve all the rest. */
static void what_a_lost_worker_held_is_lost(void **state)
{
    double cost[POINTS];
    hand hands[WORKERS] = {{{0}, 0}};

    (void)state;
    make_costs(cost, POINTS);
    jf_ledger *ledger = open_simple(POINTS, cost, NULL, WORKERS);
    for (int worker = 0; worker < WORKERS; worker++) {
        (void)take(ledger, hands, worker, INFINITY);
    }
    const size_t lost = hands[2].count;
    assert_true(lost > 0);
    jf_ledger_lose(ledger, 2);
    jf_ledger_lose(ledger, 2);
    jf_ledger_state s = jf_ledger_look(ledger);
    assert_int_equal(s.lost, lost);
    assert_int_equal(s.pending + s.out + s.lost, POINTS);
    for (size_t left = POINTS - lost; left > 0;) {
        for (int worker = 0; worker < WORKERS; worker++) {
            if (worker != 2) {
                (void)take(ledger, hands, worker, INFINITY);
                if (hands[worker].count > 0) {
                    (void)finish_one(ledger, hands, worker);
                    left--;
                }
            }
        }
    }
    s = jf_ledger_look(ledger);
    assert_int_equal(s.pending + s.out, 0);
    assert_int_equal(s.done + s.lost, POINTS);
    assert_true(s.cost_out == 0.0 && s.cost_pending == 0.0);
    jf_ledger_close(&ledger);
}

/* Without its leader a group is dealt nothing; the other group takes the wide points. */
static void a_lost_group_leaves_the_wide_points_to_the_other(void **state)
{
    enum { WIDE = 12, GROUPED = 4 };
    double cost[WIDE];
    unsigned char wide[WIDE];
    const jf_workload load = {.points = WIDE, .cost = cost, .wide = wide, .group = 2};
    hand hands[GROUPED] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    for (size_t i = 0; i < WIDE; i++) {
        cost[i] = 1.0;
        wide[i] = 1;
    }
    assert_ok(jf_ledger_open(&load, NULL, GROUPED, &ledger));
    const size_t lost = take(ledger, hands, 0, INFINITY);
    jf_ledger_lose(ledger, 0);
    jf_ledger_lose(ledger, 1);
    for (size_t done = 0; done < WIDE - lost; done++) {
        (void)take(ledger, hands, 2, INFINITY);
        assert_true(hands[2].count > 0);
        (void)finish_one(ledger, hands, 2);
    }
    assert_int_equal(jf_ledger_look(ledger).lost, lost);
    assert_int_equal(jf_ledger_look(ledger).pending, 0);
    jf_ledger_close(&ledger);
}

static void a_sweep_without_points_is_done(void **state)
{
    static const double cost[] = {1.0, 2.0};
    static const unsigned char finished[] = {1, 1};
    const size_t *batch;
    jf_ledger *ledger;

    (void)state;
    ledger = open_simple(0, cost, NULL, 3);
    assert_int_equal(jf_ledger_deal(ledger, 2, INFINITY, &batch), 0);
    jf_ledger_close(&ledger);
    ledger = open_simple(2, cost, finished, 1);
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 0);
    const jf_ledger_state s = jf_ledger_look(ledger);
    assert_int_equal(s.pending + s.out + s.done, 0);
    jf_ledger_close(&ledger);
    jf_ledger_close(&ledger); /* nothing is accepted */
}

/* A closed form is predicted to take next to nothing; a cost of 0 is still a point. */
static void points_that_cost_nothing_are_dealt_too(void **state)
{
    static const double cost[1000];
    hand hands[2] = {{{0}, 0}};
    jf_ledger *ledger;
    size_t done = 0;

    (void)state;
    ledger = open_simple(COUNT(cost), cost, NULL, 2);
    for (int round = 0; round < 1000 && done < COUNT(cost); round++) {
        (void)take(ledger, hands, round % 2, INFINITY);
        for (; hands[round % 2].count > 0; done++) {
            (void)finish_one(ledger, hands, round % 2);
        }
    }
    assert_int_equal(done, COUNT(cost));
    jf_ledger_close(&ledger);
}

/* ---- the length of batches ---- */

/* Plenty of points: one batch takes few seconds all the same, some of which are lost to a kill. */
static void no_batch_takes_long(void **state)
{
    enum { MANY = 100000 };
    double *cost = calloc(MANY, sizeof *cost);
    const size_t *batch;
    size_t count, dealt = 0;

    (void)state;
    assert_non_null(cost);
    for (size_t i = 0; i < MANY; i++) {
        cost[i] = 0.01;
    }
    jf_ledger *ledger = open_simple(MANY, cost, NULL, 3);
    while ((count = jf_ledger_deal(ledger, 0, INFINITY, &batch)) > 0) {
        assert_true(0.01 * (double)count < 6.0);
        assert_true(dealt + count > MANY / 2 || 0.01 * (double)count > 4.0); /* and not cut short */
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(batch[i], dealt++); /* equal points lie side by side */
        }
        for (size_t i = 0; i < count; i++) {
            jf_ledger_done(ledger, 0, dealt - count + i, 0.01);
        }
    }
    assert_int_equal(dealt, MANY);
    jf_ledger_close(&ledger);
    free(cost);
}

/* A hundred times the points are some more batches, not a hundred times as many. */
static void batches_grow_with_the_workers_not_the_points(void **state)
{
    enum { MANY = 200000 };
    double *cost = calloc(MANY, sizeof *cost);
    size_t batches[2] = {0};

    (void)state;
    assert_non_null(cost);
    for (size_t i = 0; i < MANY; i++) {
        cost[i] = 1e-5;
    }
    for (int k = 0; k < 2; k++) {
        const size_t *batch;
        size_t count;
        jf_ledger *ledger = open_simple(k == 0 ? MANY / 100 : MANY, cost, NULL, WORKERS);
        for (int worker = 0; (count = jf_ledger_deal(ledger, worker, INFINITY, &batch)) > 0;
             worker = (worker + 1) % WORKERS) {
            batches[k]++;
            while (count > 0) {
                jf_ledger_done(ledger, worker, batch[--count], NAN);
            }
        }
        jf_ledger_close(&ledger);
    }
    /* Each leaves 1 - 1 / 2W of the points; ln 100 / -ln(1 - 0.1) = 44. */
    assert_in_range(batches[1], batches[0] + 35, batches[0] + 53);
    free(cost);
}

/* ---- families ---- */

/* Cheap by prediction, dear in truth: once some have finished, the family comes first. */
static void a_family_is_corrected_by_its_finished_points(void **state)
{
    enum { EACH = 200 };
    double cost[2 * EACH];
    size_t family[2 * EACH], early = 0;
    hand hands[1] = {{{0}, 0}};
    jf_ledger *ledger;

    (void)state;
    for (size_t i = 0; i < 2 * EACH; i++) {
        family[i] = i / EACH;
        cost[i] = i < EACH ? 10.0 : 9.0; /* one point a batch */
    }
    const jf_workload load = {
        .points = 2 * EACH, .cost = cost, .family = family, .families = 2, .group = 1};
    assert_ok(jf_ledger_open(&load, NULL, 1, &ledger));
    for (size_t k = 0; k < EACH / 2; k++) { /* the first family takes half of what was said */
        (void)take(ledger, hands, 0, INFINITY);
        const size_t point = hands[0].queue[0];
        early += point < EACH;
        (void)finish_in(ledger, hands, 0, point < EACH ? 5.0 : 9.0);
    }
    assert_in_range(early, 1, 5);
    for (size_t k = EACH / 2 - early; k < EACH; k++) { /* then all of the second */
        (void)take(ledger, hands, 0, INFINITY);
        assert_true(hands[0].queue[0] >= EACH);
        (void)finish_in(ledger, hands, 0, 9.0);
    }
    const jf_ledger_state s = jf_ledger_look(ledger);
    assert_int_equal(s.pending + s.out, EACH - early);
    const double factor = pow(0.5, (double)early / ((double)early + 2.0));
    assert_near(s.cost_pending, factor * 10.0 * (double)s.pending, 1e-12);
    jf_ledger_close(&ledger);
}

/* factor = exp(sum of ln(measured / predicted) / (n + 2)), of what is pending. */
static void factors_are_geometric_means_drawn_to_1(void **state)
{
    enum { EQUAL = 12 };
    static const double measured[] = {3.0, 0.5, 8.0, 2.0};
    double cost[EQUAL], logarithms = 0.0;
    hand hands[1] = {{{0}, 0}};

    (void)state;
    for (size_t i = 0; i < EQUAL; i++) {
        cost[i] = 7.0;
    }
    jf_ledger *ledger = open_simple(EQUAL, cost, NULL, 1);
    for (size_t k = 0; k < COUNT(measured); k++) {
        (void)take(ledger, hands, 0, INFINITY);
        while (hands[0].count > 1) { /* of unknown time: nothing is learnt */
            (void)finish_one(ledger, hands, 0);
        }
        (void)finish_in(ledger, hands, 0, measured[k]);
        logarithms += log(measured[k] / 7.0);
        const double factor = exp(logarithms / ((double)(k + 1) + 2.0));
        const jf_ledger_state s = jf_ledger_look(ledger);
        assert_near(s.cost_pending, factor * 7.0 * (double)s.pending, 1e-12);
    }
    jf_ledger_close(&ledger);
}

/* The clock may stand still, a rank may be suspended: one point does not unhinge the rest. */
static void absurd_seconds_are_not_believed(void **state)
{
    static const double absurd[] = {0.0, -1.0, INFINITY, NAN, 1e300, 1e-300};

    (void)state;
    for (size_t k = 0; k < COUNT(absurd); k++) {
        static const double cost[] = {3.0, 2.0, 1.0};
        hand hands[1] = {{{0}, 0}};
        jf_ledger *ledger = open_simple(COUNT(cost), cost, NULL, 1);
        (void)take(ledger, hands, 0, INFINITY);
        (void)finish_in(ledger, hands, 0, absurd[k]);
        const double factor = jf_ledger_look(ledger).cost_pending / 3.0;
        assert_true(factor >= pow(1e-3, 1.0 / 3.0) * 0.999 &&
                    factor <= pow(1e3, 1.0 / 3.0) * 1.001);
        jf_ledger_close(&ledger);
    }
}

/* ---- groups ---- */

/* Seven workers: groups {0, 1, 2} and {3, 4, 5}; 6 alone. Every third point is wide. */
enum { GROUPED = 7, GROUP = 3, MIXED = 600, FAMILIES = 4 };

typedef struct {
    double cost[MIXED];
    unsigned char wide[MIXED];
    size_t family[MIXED];
    jf_workload load;
} mixture;

static void make_mixture(mixture *m)
{
    make_costs(m->cost, MIXED);
    for (size_t i = 0; i < MIXED; i++) {
        m->wide[i] = i % 3 == 0;
        m->family[i] = i * i % FAMILIES;
    }
    m->load = (jf_workload){.points = MIXED,
                            .cost = m->cost,
                            .wide = m->wide,
                            .family = m->family,
                            .families = FAMILIES,
                            .group = GROUP};
}

/* Whoever finishes when, however wrong predictions were, however the time that is left varies. */
static void groups_get_wide_points_until_there_are_none(void **state)
{
    mixture m;
    unsigned char solved[MIXED] = {0};
    hand hands[GROUPED] = {{{0}, 0}};
    jf_ledger *ledger;
    size_t left = MIXED, wide_left = MIXED / 3;
    double draw[3];

    (void)state;
    make_mixture(&m);
    assert_ok(jf_ledger_open(&m.load, NULL, GROUPED, &ledger));
    for (uint64_t round = 0; left > 0; round++) {
        assert_true(round < 100 * MIXED);
        jf_random_normal((jf_random){5, 5, round}, draw, 3);
        const int worker = (int)(fabs(draw[0]) * 1000.0) % GROUPED;
        const int leader = worker / GROUP * GROUP;
        const int alone = jf_ledger_is_alone(ledger, worker);
        assert_int_equal(alone, jf_ledger_is_alone(ledger, leader));
        const size_t had = hands[worker].count;
        const size_t got = take(ledger, hands, worker, draw[1] > 1.0 ? exp(draw[1]) : INFINITY);
        assert_true(worker == leader || alone || got == 0);
        for (size_t k = had; k < hands[worker].count; k++) {
            assert_int_equal(m.wide[hands[worker].queue[k]], !alone);
        }
        if (!alone && jf_ledger_is_alone(ledger, worker)) { /* dissolved by this very call */
            assert_true(worker == leader && got == 0 && had == 0);
            assert_true(wide_left == 0 || draw[1] > 1.0 || hands[leader == 0 ? 3 : 0].count > 0);
        }
        if (hands[worker].count > 0) {
            const size_t point = hands[worker].queue[0];
            assert_true(!solved[point]);
            solved[point] = 1;
            left--;
            wide_left -= m.wide[point];
            (void)finish_in(ledger, hands, worker, m.cost[point] * exp(draw[2]));
        }
        const jf_ledger_state s = jf_ledger_look(ledger);
        assert_int_equal(s.pending + s.out, left);
        assert_int_equal(s.done, MIXED - left);
        if (s.out == 0 && wide_left == left && jf_ledger_is_alone(ledger, 0) &&
            jf_ledger_is_alone(ledger, 3)) {
            break; /* time was too short for some wide points, and their groups are gone */
        }
    }
    assert_true(left == wide_left);
    for (size_t i = 0; i < MIXED; i++) {
        assert_true(solved[i] || m.wide[i]);
    }
    jf_ledger_close(&ledger);
}

/* A point of a group keeps all its workers busy. */
static void a_wide_point_counts_for_its_group(void **state)
{
    static const double cost[] = {2.0, 1.0};
    static const unsigned char wide[] = {1, 0};
    const jf_workload load = {.points = 2, .cost = cost, .wide = wide, .group = GROUP};
    const size_t *batch;
    jf_ledger *ledger;

    (void)state;
    assert_ok(jf_ledger_open(&load, NULL, GROUP, &ledger));
    assert_near(jf_ledger_look(ledger).cost_pending, 7.0, 1e-15);
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 1);
    assert_int_equal(batch[0], 0);
    assert_near(jf_ledger_look(ledger).cost_out, 6.0, 1e-15);
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 0); /* its wide point is out */
    assert_true(!jf_ledger_is_alone(ledger, 0));
    jf_ledger_done(ledger, 0, 0, 4.0);
    assert_near(jf_ledger_look(ledger).cost_done, 12.0, 1e-15);
    assert_near(jf_ledger_look(ledger).cost_pending, 1.0, 1e-15); /* narrow ones are no slower */
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 0);
    assert_true(jf_ledger_is_alone(ledger, 0) && jf_ledger_is_alone(ledger, 2));
    assert_int_equal(jf_ledger_deal(ledger, 2, INFINITY, &batch), 1);
    jf_ledger_close(&ledger);
}

/* Who was in a group has a share of what is left, as all others have. */
static void members_of_a_dissolved_group_share_what_is_left(void **state)
{
    enum { NARROW_POINTS = 48 };
    double cost[1 + NARROW_POINTS] = {5.0};
    static const unsigned char wide[COUNT(cost)] = {1};
    const jf_workload load = {.points = COUNT(cost), .cost = cost, .wide = wide, .group = GROUP};
    const size_t *batch;
    jf_ledger *ledger;

    (void)state;
    for (size_t i = 1; i < COUNT(cost); i++) {
        cost[i] = 0.0625; /* exact in sums */
    }
    assert_ok(jf_ledger_open(&load, NULL, GROUP, &ledger));
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 1);
    jf_ledger_done(ledger, 0, 0, NAN);
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, &batch), 0);
    assert_int_equal(jf_ledger_deal(ledger, 1, INFINITY, &batch), 8); /* half of 48 / 3 */
    assert_int_equal(jf_ledger_deal(ledger, 2, INFINITY, &batch), 6); /* half of 40 / 3 */
    jf_ledger_close(&ledger);
}

/*
 * Seven are left over beside ten thousand groups of eight that have ten seconds' work: they do not
 * take the narrow points of a minute, of which the others can do their share after that.
 */
static void who_is_left_over_leaves_something_for_the_groups(void **state)
{
    enum { NARROW_POINTS = 7000, WIDE_POINTS = 10000, ALL = NARROW_POINTS + WIDE_POINTS };
    double *cost = calloc(ALL, sizeof *cost);
    unsigned char *wide = calloc(ALL, sizeof *wide);
    const jf_workload load = {.points = ALL, .cost = cost, .wide = wide, .group = 8};
    const size_t *batch;
    jf_ledger *ledger;

    (void)state;
    assert_true(cost != NULL && wide != NULL);
    for (size_t i = 0; i < ALL; i++) {
        wide[i] = i >= NARROW_POINTS;
        cost[i] = wide[i] ? 10.0 : 1.0;
    }
    assert_ok(jf_ledger_open(&load, NULL, 8 * 10000 + 7, &ledger));
    assert_int_equal(jf_ledger_deal(ledger, 80006, INFINITY, &batch), 5);
    while (jf_ledger_deal(ledger, 80006, INFINITY, &batch) > 0) {
    }
    assert_in_range(jf_ledger_holds(ledger, 80006, NULL, 0), 6, 10);
    jf_ledger_close(&ledger);
    free(cost);
    free(wide);
}

/* Two workers are no group of three: they take wide points too, each for three times as long. */
static void without_a_whole_group_all_work_alone(void **state)
{
    mixture m;
    hand hands[2] = {{{0}, 0}};
    jf_ledger *ledger;
    double total = 0.0;
    size_t done = 0;

    (void)state;
    make_mixture(&m);
    for (size_t i = 0; i < MIXED; i++) {
        total += m.cost[i] * (m.wide[i] ? GROUP : 1);
    }
    assert_ok(jf_ledger_open(&m.load, NULL, 2, &ledger));
    assert_near(jf_ledger_look(ledger).cost_pending, total, 1e-12);
    assert_true(jf_ledger_is_alone(ledger, 0) && jf_ledger_is_alone(ledger, 1));
    while (done < MIXED) {
        const int worker = (int)(done % 2);
        (void)take(ledger, hands, worker, INFINITY);
        while (hands[worker].count > 0) {
            (void)finish_one(ledger, hands, worker);
            done++;
        }
    }
    jf_ledger_close(&ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_is_dealt_once),
        cmocka_unit_test(the_dearest_come_first),
        cmocka_unit_test(equal_costs_keep_the_order_of_the_plan),
        cmocka_unit_test(batches_shrink_towards_the_end),
        cmocka_unit_test(one_batch_goes_ahead),
        cmocka_unit_test(dear_points_do_not_queue_behind_others),
        cmocka_unit_test(what_is_out_counts_for_half),
        cmocka_unit_test(points_beyond_the_limit_are_held_back),
        cmocka_unit_test(the_state_adds_up),
        cmocka_unit_test(what_a_worker_holds_is_known),
        cmocka_unit_test(what_a_lost_worker_held_is_lost),
        cmocka_unit_test(a_lost_group_leaves_the_wide_points_to_the_other),
        cmocka_unit_test(a_sweep_without_points_is_done),
        cmocka_unit_test(points_that_cost_nothing_are_dealt_too),
        cmocka_unit_test(no_batch_takes_long),
        cmocka_unit_test(batches_grow_with_the_workers_not_the_points),
        cmocka_unit_test(a_family_is_corrected_by_its_finished_points),
        cmocka_unit_test(factors_are_geometric_means_drawn_to_1),
        cmocka_unit_test(absurd_seconds_are_not_believed),
        cmocka_unit_test(groups_get_wide_points_until_there_are_none),
        cmocka_unit_test(a_wide_point_counts_for_its_group),
        cmocka_unit_test(members_of_a_dissolved_group_share_what_is_left),
        cmocka_unit_test(who_is_left_over_leaves_something_for_the_groups),
        cmocka_unit_test(without_a_whole_group_all_work_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
