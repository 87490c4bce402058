/*
 * test_ledger.c - every point is dealt once, to one worker, longest first, in batches that shrink.
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
    size_t queue[2 * JF_MOST_IN_BATCH];
    size_t count;
} hand;

static size_t take(jf_ledger *ledger, hand *hands, int worker, double limit)
{
    size_t batch[JF_MOST_IN_BATCH];
    const size_t count = jf_ledger_deal(ledger, worker, limit, batch);

    assert_true(count <= JF_MOST_IN_BATCH);
    assert_true(hands[worker].count + count <=
                COUNT(hands[worker].queue)); /* two batches at most */
    memcpy(hands[worker].queue + hands[worker].count, batch, count * sizeof *batch);
    hands[worker].count += count;
    assert_int_equal(jf_ledger_outstanding(ledger, worker), hands[worker].count);
    return count;
}

static size_t finish_one(jf_ledger *ledger, hand *hands, int worker)
{
    hand *h = &hands[worker];
    const size_t point = h->queue[0];

    memmove(h->queue, h->queue + 1, --h->count * sizeof *h->queue);
    jf_ledger_done(ledger, worker, point);
    return point;
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
    assert_ok(jf_ledger_open(POINTS, cost, finished, WORKERS, &ledger));
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
    assert_ok(jf_ledger_open(POINTS, cost, NULL, 1, &ledger));
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
    assert_ok(jf_ledger_open(EQUAL, cost, NULL, 1, &ledger));
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
    size_t count, last = JF_MOST_IN_BATCH;
    hand hands[WORKERS] = {{{0}, 0}};
    jf_ledger *ledger;
    int batches = 0;

    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        cost[i] = 1.0;
        pending += 1.0;
    }
    assert_ok(jf_ledger_open(POINTS, cost, NULL, WORKERS, &ledger));
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
    assert_ok(jf_ledger_open(POINTS, cost, NULL, WORKERS, &ledger));
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
    assert_ok(jf_ledger_open(COUNT(cost), cost, NULL, 2, &ledger));
    assert_int_equal(take(ledger, hands, 0, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 0, INFINITY), 0); /* 9 is more than half of 17 */
    assert_int_equal(take(ledger, hands, 1, INFINITY), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 0);
    assert_int_equal(finish_one(ledger, hands, 1), 1);
    assert_int_equal(take(ledger, hands, 1, INFINITY), 1);
    assert_int_equal(finish_one(ledger, hands, 1), 2);
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
    assert_ok(jf_ledger_open(POINTS, cost, NULL, 1, &ledger));
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
    assert_ok(jf_ledger_open(POINTS, cost, finished, WORKERS, &ledger));
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

static void a_sweep_without_points_is_done(void **state)
{
    static const double cost[] = {1.0, 2.0};
    static const unsigned char finished[] = {1, 1};
    size_t batch[JF_MOST_IN_BATCH];
    jf_ledger *ledger;

    (void)state;
    assert_ok(jf_ledger_open(0, cost, NULL, 3, &ledger));
    assert_int_equal(jf_ledger_deal(ledger, 2, INFINITY, batch), 0);
    jf_ledger_close(&ledger);
    assert_ok(jf_ledger_open(2, cost, finished, 1, &ledger));
    assert_int_equal(jf_ledger_deal(ledger, 0, INFINITY, batch), 0);
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
    assert_ok(jf_ledger_open(COUNT(cost), cost, NULL, 2, &ledger));
    for (int round = 0; round < 1000 && done < COUNT(cost); round++) {
        (void)take(ledger, hands, round % 2, 0.0);
        for (; hands[round % 2].count > 0; done++) {
            (void)finish_one(ledger, hands, round % 2);
        }
    }
    assert_int_equal(done, COUNT(cost));
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
        cmocka_unit_test(points_beyond_the_limit_are_held_back),
        cmocka_unit_test(the_state_adds_up),
        cmocka_unit_test(a_sweep_without_points_is_done),
        cmocka_unit_test(points_that_cost_nothing_are_dealt_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
