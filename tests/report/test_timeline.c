/*
 * test_timeline.c - what ranks did and when they waited, on datasets whose answers are known.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>

#include "../support/ranks.h"
#include "jepaflow/report/timeline.h"

static const char input[] = "sweep:\n"
                            "  depth: [1, 2, 3]\n"
                            "  init_scale: [0.1, 0.01, 0.001]\n"
                            "spectra: {a: {lambda: 1, rho: 1}}\n"
                            "output: {samples: 0}\n";

/*
 * A run of three ranks until 10 s: rank 0 gets nothing, rank 1 works 1-4 and 6-10, rank 2 1-3. Then
 * one of four until 8 s: ranks 0 and 1 share 0-2, rank 1 goes on alone 3-8, rank 2 gets 2-4.
 */
static const solved two_runs[] = {
    {200.0, 4, 0, 2, 0.0, 2.0}, {100.0, 3, 1, 1, 6.0, 4.0}, {100.0, 3, 2, 1, 1.0, 2.0},
    {200.0, 4, 1, 1, 3.0, 5.0}, {100.0, 3, 1, 1, 1.0, 3.0}, {200.0, 4, 2, 1, 2.0, 2.0},
};

static void read_runs(const solved *points, size_t count, jf_timeline *timeline)
{
    jf_dataset dataset;
    sweep s;

    sweep_begin(input, NULL, &s);
    ranks_write(&s, points, count);
    assert_ok(jf_dataset_open(s.path, &dataset));
    assert_ok(jf_timeline_init(&dataset, timeline));
    jf_dataset_close(&dataset);
    sweep_end(&s);
}

static void runs_are_told_apart(void **state)
{
    jf_timeline t;

    (void)state;
    read_runs(two_runs, COUNT(two_runs), &t);
    assert_int_equal(t.runs, 2);
    const struct {
        double date, wall;
        size_t ranks, bars, point[3];
    } expected[] = {{100.0, 10.0, 3, 3, {4, 1, 2}}, {200.0, 8.0, 4, 3, {0, 3, 5}}};
    for (size_t k = 0; k < 2; k++) {
        assert_within(t.run[k].date, expected[k].date, 0.0);
        assert_within(t.run[k].wall, expected[k].wall, 0.0);
        assert_int_equal(t.run[k].ranks, expected[k].ranks);
        assert_int_equal(t.run[k].bars, expected[k].bars);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(t.run[k].bar[i].point, expected[k].point[i]);
        }
    }
    jf_timeline_clear(&t);
}

static void assert_lane(const jf_lane *lane, jf_lane expected)
{
    assert_int_equal(lane->points, expected.points);
    assert_within(lane->busy, expected.busy, 1e-12);
    assert_within(lane->before, expected.before, 1e-12);
    assert_within(lane->between, expected.between, 1e-12);
    assert_within(lane->after, expected.after, 1e-12);
}

static void each_rank_works_and_waits(void **state)
{
    jf_timeline t;
    jf_lane *lane;

    (void)state;
    read_runs(two_runs, COUNT(two_runs), &t);
    assert_ok(jf_timeline_lanes(&t.run[0], &lane));
    assert_lane(&lane[0], (jf_lane){0, 0.0, 10.0, 0.0, 0.0});
    assert_lane(&lane[1], (jf_lane){2, 7.0, 1.0, 2.0, 0.0});
    assert_lane(&lane[2], (jf_lane){1, 2.0, 1.0, 0.0, 7.0});
    free(lane);
    assert_ok(jf_timeline_lanes(&t.run[1], &lane));
    assert_lane(&lane[0], (jf_lane){1, 2.0, 0.0, 0.0, 6.0});
    assert_lane(&lane[1], (jf_lane){2, 7.0, 0.0, 1.0, 0.0}); /* a member, then alone */
    assert_lane(&lane[2], (jf_lane){1, 2.0, 2.0, 0.0, 4.0});
    assert_lane(&lane[3], (jf_lane){0, 0.0, 8.0, 0.0, 0.0});
    free(lane);
    jf_timeline_clear(&t);
}

/* Bars come by rank, but a rank's own time goes on: alone 1-3, then in a group of rank 0 6-8. */
static void a_rank_joins_a_group_later(void **state)
{
    static const solved joins[] = {{1.0, 2, 0, 2, 6.0, 2.0}, {1.0, 2, 1, 1, 1.0, 2.0}};
    jf_timeline t;
    jf_lane *lane;

    (void)state;
    read_runs(joins, COUNT(joins), &t);
    assert_ok(jf_timeline_lanes(&t.run[0], &lane));
    assert_lane(&lane[0], (jf_lane){1, 2.0, 6.0, 0.0, 0.0});
    assert_lane(&lane[1], (jf_lane){2, 4.0, 1.0, 3.0, 0.0});
    free(lane);
    jf_timeline_clear(&t);
}

static void the_load_is_summed_up(void **state)
{
    jf_timeline t;
    jf_lane *lane;

    (void)state;
    read_runs(two_runs, COUNT(two_runs), &t);
    assert_ok(jf_timeline_lanes(&t.run[0], &lane));
    jf_load load = jf_timeline_load(&t.run[0], lane);
    assert_true(load.coordinates);
    assert_within(load.share, 9.0 / 30.0, 1e-12);
    assert_within(load.balance, 4.5 / 7.0, 1e-12); /* of the two that compute */
    assert_within(load.before, 12.0 / 30.0, 1e-12);
    assert_within(load.between, 2.0 / 30.0, 1e-12);
    assert_within(load.after, 7.0 / 30.0, 1e-12);
    free(lane);
    assert_ok(jf_timeline_lanes(&t.run[1], &lane));
    load = jf_timeline_load(&t.run[1], lane);
    assert_true(!load.coordinates);
    assert_within(load.share, 11.0 / 32.0, 1e-12);
    assert_within(load.balance, 11.0 / 4.0 / 7.0, 1e-12);
    free(lane);
    jf_timeline_clear(&t);
}

/* Clocks of nodes differ a little: a bar that begins before the last has ended is no waiting. */
static void bars_that_overlap_are_no_waiting(void **state)
{
    static const solved overlapping[] = {{1.0, 1, 0, 1, 0.0, 5.0}, {1.0, 1, 0, 1, 4.5, 1.5}};
    jf_timeline t;
    jf_lane *lane;

    (void)state;
    read_runs(overlapping, COUNT(overlapping), &t);
    assert_ok(jf_timeline_lanes(&t.run[0], &lane));
    assert_lane(&lane[0], (jf_lane){2, 6.5, 0.0, 0.0, 0.0});
    free(lane);
    jf_timeline_clear(&t);
}

static void points_that_do_not_say_are_left_out(void **state)
{
    const solved unknown[] = {{NAN, 1, 0, 1, 0.0, 1.0}, {1.0, 1, 0, 1, NAN, 1.0}};
    jf_timeline t;

    (void)state;
    read_runs(unknown, COUNT(unknown), &t);
    assert_int_equal(t.runs, 0);
    jf_timeline_clear(&t);
    read_runs(NULL, 0, &t);
    assert_int_equal(t.runs, 0);
    jf_timeline_clear(&t);
}

static void ranks_beyond_the_run_are_refused(void **state)
{
    static const solved wrong[] = {
        {1.0, 2, 2, 1, 0.0, 1.0}, {1.0, 2, 1, 2, 0.0, 1.0}, {1.0, 2, -1, 1, 0.0, 1.0},
        {1.0, 2, 0, 0, 0.0, 1.0}, {1.0, 0, 0, 1, 0.0, 1.0},
    };
    jf_timeline t;
    jf_dataset dataset;
    sweep s;

    (void)state;
    for (size_t k = 0; k < COUNT(wrong); k++) {
        sweep_begin(input, NULL, &s);
        ranks_write(&s, &wrong[k], 1);
        assert_ok(jf_dataset_open(s.path, &dataset));
        assert_refused(jf_timeline_init(&dataset, &t), JF_ERR_FILE, "point 0 was solved by rank");
        jf_dataset_close(&dataset);
        sweep_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_told_apart),
        cmocka_unit_test(each_rank_works_and_waits),
        cmocka_unit_test(a_rank_joins_a_group_later),
        cmocka_unit_test(the_load_is_summed_up),
        cmocka_unit_test(bars_that_overlap_are_no_waiting),
        cmocka_unit_test(points_that_do_not_say_are_left_out),
        cmocka_unit_test(ranks_beyond_the_run_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
