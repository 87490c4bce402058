/*
 * test_forecast.c - the time of a sweep on N ranks: between the bounds that no schedule can break,
 * and as schedules that were made by hand.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/random.h"
#include "jepaflow/ranks/forecast.h"

enum { POINTS = 3000 };

static const jf_overhead none;

static void make_costs(double *cost, size_t points)
{
    jf_random_normal((jf_random){3475, 2407, 1}, cost, points);
    for (size_t i = 0; i < points; i++) {
        cost[i] = exp(1.5 * cost[i]);
    }
}

static double *equal_costs(size_t points, double seconds)
{
    double *cost = calloc(points, sizeof *cost);

    assert_non_null(cost);
    for (size_t i = 0; i < points; i++) {
        cost[i] = seconds;
    }
    return cost;
}

static jf_forecast forecast(const jf_workload *load, int ranks, jf_coordinator_mode mode,
                            const jf_overhead *overhead)
{
    jf_forecast f;

    assert_ok(jf_forecast_run(load, NULL, ranks, mode, overhead, &f));
    return f;
}

/* Single ranks, of which all compute, and nothing but computing takes time. */
static jf_forecast simple(size_t points, const double *cost, int ranks)
{
    const jf_workload load = {.points = points, .cost = cost, .group = 1};

    return forecast(&load, ranks, JF_COORDINATOR_WORKING, &none);
}

/* ---- bounds ---- */

static void one_rank_takes_the_sum(void **state)
{
    double cost[POINTS], sum = 0.0;

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        sum += cost[i];
    }
    const jf_forecast f = simple(POINTS, cost, 1);
    assert_near(f.seconds, sum, 1e-12);
    assert_near(f.busy, sum, 1e-12);
    assert_near(f.efficiency, 1.0, 1e-12);
    assert_true(f.messages == 0.0 && isinf(f.most_ranks));
}

/*
 * Below: a share of the work, and the longest point. Above: who comes last has begun his last batch
 * while nobody was idle, and a batch is one point or little (Graham's bound for dealing to whoever
 * is free).
 */
static void the_time_is_within_what_is_possible(void **state)
{
    static const int ranks[] = {2, 3, 4, 7, 8, 16, 17, 33, 100, 1000, 5000};
    double cost[POINTS], sum = 0.0, longest = 0.0;

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        sum += cost[i];
        longest = fmax(longest, cost[i]);
    }
    const jf_workload load = {.points = POINTS, .cost = cost, .group = 1};
    for (size_t k = 0; k < 2 * COUNT(ranks); k++) {
        const int n = ranks[k / 2], workers = k % 2 == 0 ? n : n - 1;
        const jf_forecast f = forecast(
            &load, n, k % 2 == 0 ? JF_COORDINATOR_WORKING : JF_COORDINATOR_DEDICATED, &none);
        const double share = sum / workers;
        assert_true(f.seconds >= fmax(share, longest) * (1.0 - 1e-12));
        assert_below(f.seconds, share + 1.1 * longest);
        assert_near(f.busy, sum, 1e-12);
        assert_near(f.longest, longest, 1e-15);
        assert_near(f.efficiency, f.busy / (n * f.seconds), 1e-12);
    }
}

/* What the dealing is for: many points of mixed costs keep all ranks busy to the end. */
static void many_points_are_shared_out_evenly(void **state)
{
    double cost[POINTS];

    (void)state;
    make_costs(cost, POINTS);
    assert_true(simple(POINTS, cost, 2).efficiency > 0.999);
    assert_true(simple(POINTS, cost, 4).efficiency > 0.999);
    assert_true(simple(POINTS, cost, 8).efficiency > 0.99);
    assert_true(simple(POINTS, cost, 16).efficiency > 0.9); /* the longest is most of a share */
}

/* More ranks are not slower, but for what the last points happen to come to. */
static void more_ranks_are_faster(void **state)
{
    double cost[POINTS], last = INFINITY;

    (void)state;
    make_costs(cost, POINTS);
    for (int ranks = 1; ranks <= 4096; ranks *= 2) {
        const double seconds = simple(POINTS, cost, ranks).seconds;
        assert_true(seconds <= 1.001 * last);
        last = seconds;
    }
}

static void one_point_keeps_one_rank_busy(void **state)
{
    static const double cost[] = {3.0};

    (void)state;
    const jf_forecast f = simple(1, cost, 4);
    assert_near(f.seconds, 3.0, 1e-15);
    assert_near(f.efficiency, 0.25, 1e-15);
    assert_int_equal(f.limit, JF_LIMIT_LONGEST);
}

/* 4, 3, 3, 2 on two ranks: longest first gives 4 + 2 and 3 + 3, and rank 0 ends its step first. */
static void the_longest_come_first(void **state)
{
    static const double cost[] = {2.0, 3.0, 4.0, 3.0};

    (void)state;
    const jf_forecast f = simple(COUNT(cost), cost, 2);
    assert_near(f.seconds, 6.0, 1e-3);
    assert_near(f.efficiency, 1.0, 1e-3);
    assert_int_equal(f.limit, JF_LIMIT_NONE);
}

static void nothing_to_do_takes_no_time(void **state)
{
    static const double cost[8];

    (void)state;
    assert_true(simple(0, cost, 4).seconds == 0.0);
    const jf_forecast f = simple(COUNT(cost), cost, 4);
    assert_true(f.seconds == 0.0 && f.busy == 0.0);
    assert_near(f.efficiency, 1.0, 1e-15);
}

static void finished_points_take_no_time(void **state)
{
    static const double cost[] = {4.0, 100.0, 3.0, 2.0, 50.0, 3.0};
    static const unsigned char finished[] = {0, 1, 0, 0, 2, 0};
    const jf_workload load = {.points = COUNT(cost), .cost = cost, .group = 1};
    jf_forecast f;

    (void)state;
    assert_ok(jf_forecast_run(&load, finished, 2, JF_COORDINATOR_WORKING, &none, &f));
    assert_near(f.seconds, 6.0, 1e-3);
    assert_near(f.busy, 12.0, 1e-15);
    assert_near(f.longest, 4.0, 1e-15);
}

/* ---- rank 0 ---- */

/*
 * Start 1; the batch leaves at 1.5, is seen at 1.75 and done at 4.75; message 0.5 and record 2 end
 * at 7.25.
 */
static void a_message_and_a_record_take_their_time(void **state)
{
    static const double cost[] = {3.0}, keep[] = {2.0};
    const jf_workload load = {.points = 1, .cost = cost, .group = 1};
    const jf_overhead overhead = {.start = 1.0, .message = 0.5, .nap = 0.25, .keep = keep};

    (void)state;
    const jf_forecast f = forecast(&load, 2, JF_COORDINATOR_DEDICATED, &overhead);
    assert_near(f.seconds, 7.25, 1e-15);
    assert_near(f.coordinator, 3.0, 1e-15);
    assert_true(f.messages == 2.0);
    assert_near(f.busy, 3.0, 1e-15);
}

/* Both workers send their records at 4 or a little later; the second waits for the first's. */
static void rank_0_serves_one_after_the_other(void **state)
{
    static const double cost[] = {4.0, 4.0}, keep[] = {1.0, 1.0};
    const jf_workload load = {.points = 2, .cost = cost, .group = 1};
    const jf_overhead overhead = {.message = 0.25, .keep = keep};

    (void)state;
    /* batches at 0.25 and 0.5, messages at 4.25 and 4.5; kept from 4.25 to 5.5 and to 6.75 */
    const jf_forecast f = forecast(&load, 3, JF_COORDINATOR_DEDICATED, &overhead);
    assert_near(f.seconds, 6.75, 1e-15);
    assert_near(f.coordinator, 3.0, 1e-15);
}

/*
 * 9 goes to rank 1, there at 0.5, back at 9.5. Rank 0 computes 6 from 0.5 to 6.5, then 4, which
 * ends at 10.5 and the half second that the message took.
 */
static void what_rank_0_computes_waits_for_messages(void **state)
{
    static const double cost[] = {4.0, 6.0, 9.0};
    const jf_workload load = {.points = 3, .cost = cost, .group = 1};
    const jf_overhead overhead = {.message = 0.5};

    (void)state;
    const jf_forecast f = forecast(&load, 2, JF_COORDINATOR_WORKING, &overhead);
    assert_near(f.seconds, 11.0, 1e-15);
    assert_near(f.coordinator, 1.0, 1e-15);
}

/* A worker that has its next batch does not wait for the answer: the time is that without naps. */
static void batches_that_are_there_hide_the_nap(void **state)
{
    double *cost = equal_costs(POINTS, 0.1);
    const jf_workload load = {.points = POINTS, .cost = cost, .group = 1};
    const jf_overhead overhead = {.nap = 0.05};

    (void)state;
    const double without = forecast(&load, 4, JF_COORDINATOR_DEDICATED, &none).seconds;
    const double with = forecast(&load, 4, JF_COORDINATOR_DEDICATED, &overhead).seconds;
    assert_true(with >= without + 0.05 * (1.0 - 1e-9));
    assert_below(with, without + 0.3); /* the first batch, and the last points: none goes ahead */
    free(cost);
}

/*
 * Points of 0.1 s whose records take 1 ms: at 100 workers rank 0 is busy all the time, beyond it is
 * all that counts: points x 1 ms, and messages.
 */
static void beyond_some_ranks_records_are_the_limit(void **state)
{
    enum { MANY = 20000 };
    double *cost = equal_costs(MANY, 0.1), *keep = equal_costs(MANY, 1e-3);
    const jf_workload load = {.points = MANY, .cost = cost, .group = 1};
    const jf_overhead overhead = {.message = 2e-5, .keep = keep};

    (void)state;
    const jf_forecast few = forecast(&load, 40, JF_COORDINATOR_DEDICATED, &overhead);
    assert_int_equal(few.limit, JF_LIMIT_NONE);
    assert_true(few.efficiency > 0.95);
    assert_near(few.most_ranks, 0.1 / 1e-3 * (1.0 - 2000.0 * 2e-5), 1e-12);
    for (int ranks = 200; ranks <= 3200; ranks *= 4) {
        const jf_forecast f = forecast(&load, ranks, JF_COORDINATOR_AUTO, &overhead);
        assert_int_equal(f.limit, JF_LIMIT_COORDINATOR);
        assert_true(f.seconds >= 1e-3 * MANY);
        assert_near(f.coordinator, 1e-3 * MANY + 2e-5 * f.messages, 0.02);
        assert_below(f.seconds, 1.1 * f.coordinator + 0.2);
    }
    free(cost);
    free(keep);
}

/* A hundred times the points are some more messages, not a hundred times as many. */
static void messages_grow_with_the_ranks_not_the_points(void **state)
{
    enum { MANY = 300000 };
    double *cost = equal_costs(MANY, 1e-5);
    jf_workload load = {.points = MANY / 100, .cost = cost, .group = 1};

    (void)state;
    const double few = forecast(&load, 9, JF_COORDINATOR_DEDICATED, &none).messages;
    load.points = MANY;
    const double many = forecast(&load, 9, JF_COORDINATOR_DEDICATED, &none).messages;
    assert_below(many, 2.5 * few);
    assert_below(many, 2.0 * 8.0 * 2.0 * log(MANY)); /* workers, there and back, 1 / 2W a batch */
    free(cost);
}

/* Records of a long batch do not wait for its end: they come every 0.1 s. */
static void records_are_not_kept_back_for_long(void **state)
{
    enum { MANY = 4000 };
    double *cost = equal_costs(MANY, 1e-2);
    const jf_workload load = {.points = MANY, .cost = cost, .group = 1};

    (void)state;
    const jf_forecast f = forecast(&load, 2, JF_COORDINATOR_DEDICATED, &none); /* 40 s */
    assert_true(f.messages > 40.0 / 0.12 && f.messages < 40.0 / 0.1 + 60.0);
    free(cost);
}

/* Where messages cost something, few ranks all compute, and of many all but the first. */
static void rank_0_of_many_only_coordinates(void **state)
{
    double cost[POINTS];
    int dedicated = 0;

    (void)state;
    make_costs(cost, POINTS);
    const jf_workload load = {.points = POINTS, .cost = cost, .group = 1};
    const jf_overhead overhead = {.message = 2e-5, .nap = 1e-3};
    for (int ranks = 1; ranks <= 256; ranks *= 2) {
        const jf_forecast f = forecast(&load, ranks, JF_COORDINATOR_AUTO, &overhead);
        assert_near(f.seconds, forecast(&load, ranks, f.mode, &overhead).seconds, 0.0);
        if (f.mode == JF_COORDINATOR_DEDICATED) {
            dedicated = 1;
        } else {
            assert_int_equal(f.mode, JF_COORDINATOR_WORKING);
            assert_true(!dedicated); /* once dedicated, always */
        }
        assert_true(dedicated == (ranks == 256) || (ranks > 8 && ranks < 256));
    }
    const jf_forecast alone = forecast(&load, 1, JF_COORDINATOR_DEDICATED, &overhead);
    assert_int_equal(alone.mode, JF_COORDINATOR_WORKING); /* who else should compute? */
}

/* ---- groups ---- */

/* A wide point of 5 on all four workers, then eight of 1 by each on its own. */
static void a_group_dissolves_into_single_ranks(void **state)
{
    static const double cost[] = {1, 1, 5, 1, 1, 1, 1, 1, 1};
    static const unsigned char wide[] = {0, 0, 1, 0, 0, 0, 0, 0, 0};
    const jf_workload load = {.points = 9, .cost = cost, .wide = wide, .group = 4};

    (void)state;
    for (int working = 0; working <= 1; working++) {
        const jf_coordinator_mode mode =
            working ? JF_COORDINATOR_WORKING : JF_COORDINATOR_DEDICATED;
        const jf_forecast f = forecast(&load, 5 - working, mode, &none);
        assert_near(f.seconds, 7.0, 1e-3); /* rank 0 answers between two of its steps */
        assert_near(f.busy, 28.0, 1e-15);
        assert_near(f.longest, 5.0, 1e-15);
    }
}

/* Workers 0 and 1 take two wide points of 5, worker 2 meanwhile ten of 1. */
static void who_is_left_over_takes_narrow_points(void **state)
{
    static const double cost[] = {5, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const unsigned char wide[] = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const jf_workload load = {.points = COUNT(cost), .cost = cost, .wide = wide, .group = 2};

    (void)state;
    const jf_forecast f = forecast(&load, 3, JF_COORDINATOR_WORKING, &none);
    assert_near(f.seconds, 10.0, 1e-15);
    assert_near(f.efficiency, 1.0, 1e-15);
    /* one worker is no group: the wide points take twice as long, one after the other */
    assert_near(forecast(&load, 2, JF_COORDINATOR_DEDICATED, &none).seconds, 30.0, 1e-15);
}

/* Half of the points wide: as fast as all workers, or the groups on the wide ones, can be. */
static void groups_and_single_ranks_share_a_sweep(void **state)
{
    double cost[POINTS], sum = 0.0, in_groups = 0.0;
    unsigned char wide[POINTS];

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        wide[i] = i % 2 == 0;
        sum += cost[i] * (wide[i] ? 4.0 : 1.0);
        in_groups += wide[i] ? cost[i] : 0.0;
    }
    const jf_workload load = {.points = POINTS, .cost = cost, .wide = wide, .group = 4};
    for (int ranks = 8; ranks <= 32; ranks += 3) {
        const int workers = ranks - 1;
        const double least = fmax(sum / workers, in_groups / (workers / 4));
        const jf_forecast f = forecast(&load, ranks, JF_COORDINATOR_DEDICATED, &none);
        assert_near(f.busy, sum, 1e-12);
        assert_true(f.seconds >= least * (1.0 - 1e-12));
        assert_below(f.seconds, 1.02 * least + f.longest);
    }
}

/* ---- size ---- */

static void a_hundred_thousand_ranks_are_no_trouble(void **state)
{
    enum { MANY = 400000, RANKS = 100000 };
    double *cost = equal_costs(MANY, 10.0);
    const jf_workload load = {.points = MANY, .cost = cost, .group = 1};
    const jf_overhead overhead = {.message = 1e-5};

    (void)state;
    const jf_forecast f = forecast(&load, RANKS, JF_COORDINATOR_DEDICATED, &overhead);
    assert_true(f.seconds >= 40.0 && f.seconds < 60.0);
    assert_true(f.messages >= 2.0 * RANKS && f.messages <= 2.0 * MANY);
    free(cost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_rank_takes_the_sum),
        cmocka_unit_test(the_time_is_within_what_is_possible),
        cmocka_unit_test(many_points_are_shared_out_evenly),
        cmocka_unit_test(more_ranks_are_faster),
        cmocka_unit_test(one_point_keeps_one_rank_busy),
        cmocka_unit_test(the_longest_come_first),
        cmocka_unit_test(nothing_to_do_takes_no_time),
        cmocka_unit_test(finished_points_take_no_time),
        cmocka_unit_test(a_message_and_a_record_take_their_time),
        cmocka_unit_test(rank_0_serves_one_after_the_other),
        cmocka_unit_test(what_rank_0_computes_waits_for_messages),
        cmocka_unit_test(batches_that_are_there_hide_the_nap),
        cmocka_unit_test(beyond_some_ranks_records_are_the_limit),
        cmocka_unit_test(messages_grow_with_the_ranks_not_the_points),
        cmocka_unit_test(records_are_not_kept_back_for_long),
        cmocka_unit_test(rank_0_of_many_only_coordinates),
        cmocka_unit_test(a_group_dissolves_into_single_ranks),
        cmocka_unit_test(who_is_left_over_takes_narrow_points),
        cmocka_unit_test(groups_and_single_ranks_share_a_sweep),
        cmocka_unit_test(a_hundred_thousand_ranks_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
