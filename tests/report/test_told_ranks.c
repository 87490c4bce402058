/*
 * test_told_ranks.c - the tables of ranks: numbers in their columns, a line for each of few ranks,
 * quantiles of many.
 */
#include "../support/check.h"

#include "../support/findings.h"
#include "../support/ranks.h"
#include "jepaflow/report/told_ranks.h"

static const char input[] = "sweep:\n"
                            "  depth: 2\n"
                            "  init_scale: {from: 0.001, to: 0.1, count: 40}\n"
                            "spectra: {a: {lambda: 1, rho: 1}}\n"
                            "output: {samples: 0}\n";

/* A section's table of a dataset of `count` points; clear it. */
static void fill(const char *name, const solved *points, size_t count, jf_table *table)
{
    found f;

    sweep_begin(input, NULL, &f.s);
    ranks_write(&f.s, points, count);
    found_open(&f);
    found_fill(&f, jf_told_ranks, name, table);
    found_end(&f);
}

static void assert_cell(const jf_table *table, size_t row, const char *column, double expected)
{
    assert_near(jf_table_at(table, row, column)->number, expected, 1e-12);
}

static const solved few[] = {
    {86400.0, 3, 1, 1, 1.0, 3.0},
    {86400.0, 3, 1, 1, 6.0, 4.0},
    {86400.0, 3, 2, 1, 1.0, 2.0},
};

/* 30 rank seconds, of which 9 are busy; ranks 1 and 2 are busy for 7 and 2. */
static void a_run_is_summed_up(void **state)
{
    jf_table t;

    (void)state;
    fill("runs", few, COUNT(few), &t);
    assert_int_equal(t.rows, 1);
    assert_string_equal(jf_table_at(&t, 0, "started")->text, "1970-01-02 00:00:00");
    assert_cell(&t, 0, "ranks", 3.0);
    assert_cell(&t, 0, "points", 3.0);
    assert_cell(&t, 0, "wall", 10.0);
    assert_cell(&t, 0, "busy", 30.0);
    assert_cell(&t, 0, "balance", 4.5 / 7.0);
    assert_cell(&t, 0, "before", 40.0);
    assert_cell(&t, 0, "between", 20.0 / 3.0);
    assert_cell(&t, 0, "after", 70.0 / 3.0);
    assert_string_equal(jf_table_at(&t, 0, "rank_0")->text, "coordinates");
    jf_table_clear(&t);
}

static void few_ranks_have_a_line_each(void **state)
{
    jf_table t;

    (void)state;
    fill("ranks", few, COUNT(few), &t);
    assert_int_equal(t.rows, 3);
    assert_cell(&t, 0, "before", 10.0);
    assert_cell(&t, 1, "points", 2.0);
    assert_cell(&t, 1, "busy", 7.0);
    assert_cell(&t, 1, "share", 70.0);
    assert_cell(&t, 1, "between", 2.0);
    assert_cell(&t, 2, "after", 7.0);
    assert_true(!t.aside[0] && !t.aside[2]);
    jf_table_clear(&t);
    fill("rank_quantiles", few, COUNT(few), &t);
    assert_true(t.aside[0]);
    jf_table_clear(&t);
}

/* Rank k works k + 1 seconds from the start. */
static void many_ranks_have_quantiles(void **state)
{
    solved points[40];
    jf_table t;

    (void)state;
    for (int k = 0; k < 40; k++) {
        points[k] = (solved){0.0, 40, k, 1, 0.0, 1.0 + k};
    }
    fill("rank_quantiles", points, COUNT(points), &t);
    assert_int_equal(t.rows, 5);
    assert_true(!t.aside[0]);
    assert_cell(&t, 0, "busy", 1.0);
    assert_cell(&t, 2, "part", 0.5);
    assert_cell(&t, 2, "busy", 20.5);
    assert_cell(&t, 2, "share", 51.25);
    assert_cell(&t, 2, "after", 19.5);
    assert_cell(&t, 4, "share", 100.0);
    jf_table_clear(&t);
    fill("ranks", points, COUNT(points), &t);
    assert_int_equal(t.rows, 40);
    assert_true(t.aside[0]);
    jf_table_clear(&t);
}

static void no_run_is_said(void **state)
{
    jf_table t;

    (void)state;
    fill("runs", NULL, 0, &t);
    assert_int_equal(t.rows, 0);
    assert_string_equal(t.form->absent, "no point says when it was solved");
    jf_table_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_summed_up),
        cmocka_unit_test(few_ranks_have_a_line_each),
        cmocka_unit_test(many_ranks_have_quantiles),
        cmocka_unit_test(no_run_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
