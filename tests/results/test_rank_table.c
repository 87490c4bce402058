/*
 * test_rank_table.c - the tables of ranks: numbers in their columns, a line for each of few ranks,
 * quantiles of many.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/ranks.h"
#include "jepaflow/results/rank_table.h"

static const char input[] = "sweep:\n"
                            "  depth: 2\n"
                            "  init_scale: {from: 0.001, to: 0.1, count: 40}\n"
                            "spectra: {a: {lambda: 1, rho: 1}}\n"
                            "output: {samples: 0}\n";

/* The table of a dataset of `count` points; the caller frees. No line is over 100 columns. */
static char *table(const solved *points, size_t count)
{
    char *text = NULL;
    size_t size;
    jf_dataset dataset;
    sweep s;

    sweep_begin(input, NULL, &s);
    ranks_write(&s, points, count);
    assert_ok(jf_dataset_open(s.path, &dataset));
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_ok(jf_rank_table_write(&dataset, out));
    assert_int_equal(fclose(out), 0);
    jf_dataset_close(&dataset);
    sweep_end(&s);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\n") <= 100);
    }
    return text;
}

static void few_ranks_have_a_line_each(void **state)
{
    static const solved points[] = {
        {86400.0, 3, 1, 1, 1.0, 3.0},
        {86400.0, 3, 1, 1, 6.0, 4.0},
        {86400.0, 3, 2, 1, 1.0, 2.0},
    };
    char *text = table(points, COUNT(points));

    (void)state;
    assert_non_null(strstr(text,
                           "    1  1970-01-02 00:00:00       3         3      10.00   30.0%     "
                           "0.643    40.0%      6.7%   23.3%\n"));
    assert_non_null(strstr(text, "Run 1 (rank 0 solved no point: it only coordinated)\n"));
    assert_non_null(strstr(text, "         0         0       0.00      0.0      10.00       0.00"
                                 "       0.00\n"));
    assert_non_null(strstr(text, "         1         2       7.00     70.0       1.00       2.00"
                                 "       0.00\n"));
    free(text);
}

/* Rank k works k + 1 seconds from the start. */
static void many_ranks_have_quantiles(void **state)
{
    solved points[40];

    (void)state;
    for (int k = 0; k < 40; k++) {
        points[k] = (solved){0.0, 40, k, 1, 0.0, 1.0 + k};
    }
    char *text = table(points, COUNT(points));
    assert_non_null(strstr(text, "     least         1       1.00      2.5       0.00"));
    assert_non_null(strstr(text, "    median         1      20.50     51.2       0.00       0.00"
                                 "      19.50\n"));
    assert_non_null(strstr(text, "      most         1      40.00    100.0       0.00       0.00"
                                 "      39.00\n"));
    free(text);
}

static void no_run_is_said(void **state)
{
    char *text = table(NULL, 0);

    (void)state;
    assert_string_equal(text, "  no point says when it was solved\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_ranks_have_a_line_each),
        cmocka_unit_test(many_ranks_have_quantiles),
        cmocka_unit_test(no_run_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
