/*
 * test_forecast.c - the time of a sweep on N ranks, between the bounds that no schedule can break.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/random.h"
#include "jepaflow/ranks/forecast.h"

enum { POINTS = 3000 };

static void make_costs(double *cost, size_t points)
{
    jf_random_normal((jf_random){3475, 2407, 1}, cost, points);
    for (size_t i = 0; i < points; i++) {
        cost[i] = exp(1.5 * cost[i]);
    }
}

static jf_forecast forecast(size_t points, const double *cost, int ranks)
{
    jf_forecast f;

    assert_ok(jf_forecast_run(points, cost, ranks, &f));
    return f;
}

static void one_rank_takes_the_sum(void **state)
{
    double cost[POINTS], sum = 0.0;

    (void)state;
    make_costs(cost, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        sum += cost[i];
    }
    const jf_forecast f = forecast(POINTS, cost, 1);
    assert_near(f.seconds, sum, 1e-12);
    assert_near(f.busy, sum, 1e-12);
    assert_near(f.efficiency, 1.0, 1e-12);
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
    for (size_t k = 0; k < COUNT(ranks); k++) {
        const jf_forecast f = forecast(POINTS, cost, ranks[k]);
        const double share = sum / jf_workers(ranks[k]);
        assert_true(f.seconds >= fmax(share, longest) * (1.0 - 1e-12));
        assert_below(f.seconds, share + 1.1 * longest);
        assert_near(f.busy, sum, 1e-12);
        assert_near(f.efficiency, f.busy / (ranks[k] * f.seconds), 1e-12);
    }
}

/* What the dealing is for: many points of mixed costs keep all ranks busy to the end. */
static void many_points_are_shared_out_evenly(void **state)
{
    double cost[POINTS];

    (void)state;
    make_costs(cost, POINTS);
    assert_true(forecast(POINTS, cost, 2).efficiency > 0.999);
    assert_true(forecast(POINTS, cost, 4).efficiency > 0.999);
    assert_true(forecast(POINTS, cost, 8).efficiency > 0.99);
    assert_true(forecast(POINTS, cost, 16).efficiency > 0.9); /* the longest is most of a share */
}

static void one_point_keeps_one_rank_busy(void **state)
{
    static const double cost[] = {3.0};

    (void)state;
    const jf_forecast f = forecast(1, cost, 4);
    assert_near(f.seconds, 3.0, 1e-15);
    assert_near(f.efficiency, 0.25, 1e-15);
}

/* 4, 3, 3, 2 on two ranks: longest first gives 4 + 2 and 3 + 3. */
static void the_longest_come_first(void **state)
{
    static const double cost[] = {2.0, 3.0, 4.0, 3.0};

    (void)state;
    const jf_forecast f = forecast(COUNT(cost), cost, 2);
    assert_near(f.seconds, 6.0, 1e-15);
    assert_near(f.efficiency, 1.0, 1e-15);
}

/* Few ranks all compute; of many, all but the first, which counts as idle. */
static void rank_0_of_many_only_coordinates(void **state)
{
    double cost[160];
    int first = 0;

    (void)state;
    assert_int_equal(jf_workers(1), 1);
    assert_int_equal(jf_workers(4), 4);
    for (int ranks = 1; ranks < 1000; ranks++) {
        const int idle = ranks - jf_workers(ranks);
        assert_true(idle == 0 || idle == 1);
        assert_true(idle == 1 || first == 0); /* once dedicated, always */
        first = first == 0 && idle == 1 ? ranks : first;
    }
    assert_true(first > 4 && first < 100);
    for (size_t i = 0; i < COUNT(cost); i++) {
        cost[i] = 1.0;
    }
    assert_true(forecast(COUNT(cost), cost, first).efficiency <= (first - 1.0) / first + 1e-12);
}

static void nothing_to_do_takes_no_time(void **state)
{
    static const double cost[8];

    (void)state;
    assert_true(forecast(0, cost, 4).seconds == 0.0);
    const jf_forecast f = forecast(COUNT(cost), cost, 4);
    assert_true(f.seconds == 0.0 && f.busy == 0.0);
    assert_near(f.efficiency, 1.0, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_rank_takes_the_sum),
        cmocka_unit_test(the_time_is_within_what_is_possible),
        cmocka_unit_test(many_points_are_shared_out_evenly),
        cmocka_unit_test(one_point_keeps_one_rank_busy),
        cmocka_unit_test(the_longest_come_first),
        cmocka_unit_test(rank_0_of_many_only_coordinates),
        cmocka_unit_test(nothing_to_do_takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
