/*
 * test_witness.c - what is said and written of ranks that die, by whom, and when a point is given
 * up: a death counts where somebody saw it, and what was saved since the last begins a new count.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../support/sweep.h"
#include "jepaflow/app/witness.h"
#include "jepaflow/results/checkpoint.h"

static const char digest[] = "0123456789abcdef";
static const char input[] = "sweep: {objective: jepa, depth: [1, 2, 3, 4], init_scale: 0.1}\n"
                            "spectra: {a: {lambda: 1, rho: [1, 2]}}\n";

static const jf_errand two[] = {{.rank = 0, .point = 3, .cost = 9.0},
                                {.rank = 1, .point = 2, .cost = 5.0}};

/* Begin a run; what it says of the last one is heard. */
static jf_witness begin(const sweep *s, int ranks)
{
    static const unsigned char finished[4] = {1};
    jf_witness w;

    hear();
    assert_int_equal(jf_witness_begin(s->path, digest, &s->plan, finished, ranks, &w), JF_OK);
    return w;
}

/* The process ends: what is in memory is gone, what is written stays. */
static void die(jf_witness *w)
{
    jf_logbook_clear(&w->book);
}

static int has_logbook(const sweep *s)
{
    char path[256];

    snprintf(path, sizeof path, "%s.points/logbook", s->path);
    return access(path, F_OK) == 0;
}

static void a_run_that_ends_in_order_leaves_nothing(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    jf_witness w = begin(&s, 2);
    jf_witness_under_way(&w, two, COUNT(two));
    assert_true(has_logbook(&s));
    jf_witness_end(&w);
    assert_true(!has_logbook(&s));
    w = begin(&s, 2);
    assert_string_equal(heard(), "");
    jf_witness_end(&w);
    sweep_end(&s);
}

/* Of a run that was killed whole the next names the points, and holds nothing against them. */
static void a_run_that_dies_whole_is_told_of(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    for (int run = 0; run < 5; run++) {
        jf_witness w = begin(&s, 2);
        assert_true(run == 0 || strstr(heard(), "while rank 1 solved point 2 (depth=3)") != NULL);
        assert_int_equal(jf_witness_deaths(&w, 2) + jf_witness_deaths(&w, 3), 0);
        jf_witness_under_way(&w, two, COUNT(two));
        die(&w);
    }
    jf_witness w = begin(&s, 2);
    jf_witness_end(&w);
    sweep_end(&s);
}

static void save_point(const sweep *s, size_t point)
{
    const jf_checkpoint c = {
        .dataset = s->path, .digest = digest, .version = "test", .point = point, .parts = 1};
    jf_wire bytes = {0};

    jf_wire_put_i8(&bytes, 1);
    assert_ok(jf_checkpoint_write(&c, &bytes));
    assert_ok(jf_checkpoint_commit(&c));
    jf_wire_clear(&bytes);
}

/* Rank 1 dies with its point in one run after the other; saved before the third, it counts anew. */
static void deaths_that_were_seen_are_counted(void **state)
{
    static const int deaths[] = {1, 2, 1, 2, 3};
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    for (size_t run = 0; run < COUNT(deaths); run++) {
        jf_witness w = begin(&s, 2);
        jf_witness_under_way(&w, two, COUNT(two));
        if (run == 2) {
            save_point(&s, 2);
        }
        hear();
        jf_witness_lost(&w, 1, &two[1], 1, 1);
        assert_string_equal(heard(), "rank 1 has ended while solving point 2 (depth=3)\n");
        assert_int_equal(jf_witness_deaths(&w, 2), deaths[run]);
        jf_witness_under_way(&w, two, 1); /* rank 0 lives on, and ends in order */
        jf_witness_end(&w);
    }
    jf_witness w = begin(&s, 2);
    assert_int_equal(jf_witness_deaths(&w, 2), JF_MOST_DEATHS);
    assert_int_equal(jf_witness_deaths(&w, 3), 0);
    jf_witness_end(&w);
    jf_checkpoint_remove_all(s.path);
    sweep_end(&s);
}

/* Rank 0 is seen by another; the only rank of a run by the next run. */
static void the_death_of_rank_0_is_seen_by_others(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    jf_witness w = begin(&s, 2);
    jf_witness_under_way(&w, two, COUNT(two));
    die(&w);
    hear();
    jf_witness_lost_rank_0(s.path, digest, &s.plan);
    assert_string_equal(heard(), "rank 0 has ended while solving point 3 (depth=4)\n");
    for (int deaths = 1; deaths <= 3; deaths++) {
        w = begin(&s, 1);
        assert_int_equal(jf_witness_deaths(&w, 3), deaths);
        assert_int_equal(jf_witness_deaths(&w, 2), 0);
        jf_witness_under_way(&w, two, 1);
        die(&w);
    }
    jf_checkpoint_remove_all(s.path);
    sweep_end(&s);
}

/* A cheap point may be done and its record on its way: it is named among others, and not blamed. */
static void cheap_points_are_not_blamed(void **state)
{
    static const jf_errand cheap[] = {{.rank = 1, .point = 1, .cost = 0.5}};
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    jf_witness w = begin(&s, 2);
    hear();
    jf_witness_lost(&w, 1, cheap, 1, 12);
    assert_string_equal(
        heard(), "rank 1 has ended while solving one of 12 points, the first point 1 (depth=2)\n");
    hear();
    jf_witness_lost(&w, 1, NULL, 0, 0);
    assert_string_equal(heard(), "rank 1 has ended; it had no point\n");
    assert_int_equal(jf_witness_deaths(&w, 1), 0);
    assert_true(!has_logbook(&s));
    jf_witness_end(&w);
    sweep_end(&s);
}

/* What is under way as before is not written again: a logbook that is gone stays so. */
static void nothing_new_is_not_written(void **state)
{
    char path[256];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    jf_witness w = begin(&s, 2);
    snprintf(path, sizeof path, "%s.points/logbook", s.path);
    jf_witness_under_way(&w, two, COUNT(two));
    assert_int_equal(unlink(path), 0);
    jf_witness_under_way(&w, two, COUNT(two));
    assert_true(!has_logbook(&s));
    jf_witness_under_way(&w, two, 1);
    assert_true(has_logbook(&s));
    jf_witness_end(&w);
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_ends_in_order_leaves_nothing),
        cmocka_unit_test(a_run_that_dies_whole_is_told_of),
        cmocka_unit_test(deaths_that_were_seen_are_counted),
        cmocka_unit_test(the_death_of_rank_0_is_seen_by_others),
        cmocka_unit_test(cheap_points_are_not_blamed),
        cmocka_unit_test(nothing_new_is_not_written),
    };

    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
