/*
 * test_estimate.c - what a sweep costs and how ranks share it: against the pace point by point, and
 * against what the input asks for.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/app/estimate.h"
#include "jepaflow/linalg/blas.h"

/* Three narrow spectra and a wide one; depths of different cost; two seeds that cost the same. */
static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 4]\n"
                            "  init_scale: [1.0e-2, 1.0e-1]\n"
                            "  seed: [1, 2]\n"
                            "spectra:\n"
                            "  a: {lambda: 1, rho: {from: 0.7, to: 1, count: 8}}\n"
                            "  b: {lambda: {from: 0.7, to: 1, count: 8}, rho: 1}\n"
                            "  c: {lambda: 1, rho: {from: 0.7, to: 1, count: 16}}\n"
                            "  wide: {lambda: 1, rho: {from: 0.7, to: 1, count: 300}}\n"
                            "output: {samples: 0}\n";

typedef struct {
    jf_input input;
    jf_plan plan;
    jf_estimate estimate;
} fixture;

static void begin(const char *set, fixture *f)
{
    assert_ok(jf_input_read("in.yaml", input, strlen(input), &set, set != NULL, &f->input));
    assert_ok(jf_plan_init(&f->input, &f->plan));
    assert_ok(jf_estimate_init(&f->plan, &f->estimate));
}

static void end(fixture *f)
{
    jf_estimate_clear(&f->estimate);
    jf_input_clear(&f->input);
}

static jf_share share_of(fixture *f, int ranks)
{
    jf_share share;

    assert_ok(jf_estimate_share(&f->estimate, NULL, ranks, JF_COORDINATOR_WORKING, &share));
    return share;
}

/* Costs are the pace's; families are objective, depth and spectrum, and nothing else. */
static void points_are_as_the_pace_and_the_plan_say(void **state)
{
    fixture f;
    double work = 0.0;

    (void)state;
    begin(NULL, &f);
    const jf_share share = share_of(&f, 3);
    for (size_t i = 0; i < f.plan.points; i++) {
        jf_point point, other;
        double seconds;
        jf_plan_point(&f.plan, i, &point);
        assert_ok(jf_pace_predict(f.estimate.pace, &point, 1, &seconds));
        assert_true(share.load.cost[i] == seconds);
        work += seconds;
        assert_true(share.load.family[i] < share.load.families);
        for (size_t k = 0; k < i; k++) {
            jf_plan_point(&f.plan, k, &other);
            const int alike = other.spectrum == point.spectrum &&
                              other.value[JF_P_OBJECTIVE] == point.value[JF_P_OBJECTIVE] &&
                              other.value[JF_P_DEPTH] == point.value[JF_P_DEPTH];
            assert_int_equal(share.load.family[k] == share.load.family[i], alike);
        }
    }
    assert_near(f.estimate.work, work, 1e-12);
    assert_null(share.load.wide); /* flow.ranks_per_point is 1 */
    assert_int_equal(share.load.group, 1);
    end(&f);
}

/* Groups of a number: as many ranks as asked for, or as compute; the others are predicted alike. */
static void a_number_of_ranks_per_point_is_kept_to(void **state)
{
    fixture f;

    (void)state;
    begin("ranks_per_point=4", &f);
    for (int ranks = 2; ranks <= 9; ranks++) {
        const jf_share share = share_of(&f, ranks);
        const int group = ranks < 4 ? ranks : 4;
        assert_int_equal(share.load.group, group);
        assert_int_equal(share.too_few, ranks < 4);
        for (size_t i = 0; i < f.plan.points; i++) {
            jf_point point;
            double seconds;
            jf_plan_point(&f.plan, i, &point);
            const int wide = point.spectrum->features == 300;
            assert_int_equal(share.load.wide[i], wide);
            assert_ok(jf_pace_predict(f.estimate.pace, &point, wide ? group : 1, &seconds));
            assert_true(share.load.cost[i] == seconds);
        }
    }
    jf_share share;
    assert_ok(jf_estimate_share(&f.estimate, NULL, 4, JF_COORDINATOR_DEDICATED, &share));
    assert_true(share.load.group == 3 && share.too_few); /* rank 0 is none of them */
    end(&f);
}

static void without_wide_points_there_are_no_groups(void **state)
{
    fixture f;

    (void)state;
    begin("group_width=301", &f);
    f.input.setting[JF_P_RANKS_PER_POINT].at[0] = 4.0;
    const jf_share share = share_of(&f, 8);
    assert_true(share.load.group == 1 && share.load.wide == NULL && !share.too_few);
    end(&f);
}

/* `auto` is as fast as the best number: one rank a point for one rank, more for many. */
static void auto_is_the_best_number(void **state)
{
    fixture f;
    int grouped = 0;

    (void)state;
    begin("ranks_per_point=auto", &f);
    for (int ranks = 1; ranks <= 256; ranks *= 4) {
        const jf_share chosen = share_of(&f, ranks);
        jf_share other;
        for (int group = 1; group <= ranks; group *= 2) {
            assert_ok(jf_estimate_share_in_groups(&f.estimate, NULL, ranks, JF_COORDINATOR_WORKING,
                                                  group, &other));
            assert_true(chosen.forecast.seconds <= 1.02 * other.forecast.seconds);
        }
        grouped += chosen.load.group > 1;
        assert_true(ranks > 1 || chosen.load.group == 1);
    }
    assert_true(grouped > 0);
    end(&f);
}

/* A group shares the memory of a wide point; narrow points need theirs on each rank. */
static void memory_is_that_of_the_largest_point(void **state)
{
    fixture f;
    double alone, most = 0.0;

    (void)state;
    begin("ranks_per_point=4", &f);
    for (size_t i = 0; i < f.plan.points; i++) {
        jf_point point;
        jf_plan_point(&f.plan, i, &point);
        assert_ok(jf_pace_memory(&point, 1, &alone));
        most = fmax(most, alone);
    }
    assert_near(share_of(&f, 1).bytes, most, 1e-12);
    assert_true(share_of(&f, 4).bytes < 0.5 * most);
    end(&f);
}

/* Points that are done leave less to do, and cost nothing. */
static void a_resumed_sweep_takes_less(void **state)
{
    fixture f;
    unsigned char finished[64] = {0};
    jf_share all, rest;

    (void)state;
    begin(NULL, &f);
    assert_int_equal(f.plan.points, sizeof finished);
    memset(finished, 1, 48);
    assert_ok(jf_estimate_share(&f.estimate, NULL, 2, JF_COORDINATOR_AUTO, &all));
    assert_ok(jf_estimate_share(&f.estimate, finished, 2, JF_COORDINATOR_AUTO, &rest));
    assert_true(rest.forecast.busy < all.forecast.busy);
    double busy = 0.0;
    for (size_t i = 48; i < 64; i++) {
        busy += f.estimate.single[i];
    }
    assert_near(rest.forecast.busy, busy, 1e-12);
    end(&f);
}

/* A closed form takes microseconds: all points are one family, dealt in the order of the plan. */
static void closed_forms_are_one_family(void **state)
{
    fixture f;

    (void)state;
    begin("model=theory", &f);
    const jf_share share = share_of(&f, 2);
    for (size_t i = 0; i < f.plan.points; i++) {
        assert_int_equal(share.load.family[i], 0);
        assert_true(share.load.cost[i] > 0.0 && share.load.cost[i] < 0.1);
    }
    assert_null(share.load.wide);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_as_the_pace_and_the_plan_say),
        cmocka_unit_test(a_number_of_ranks_per_point_is_kept_to),
        cmocka_unit_test(without_wide_points_there_are_no_groups),
        cmocka_unit_test(auto_is_the_best_number),
        cmocka_unit_test(memory_is_that_of_the_largest_point),
        cmocka_unit_test(a_resumed_sweep_takes_less),
        cmocka_unit_test(closed_forms_are_one_family),
    };
    jf_blas_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
