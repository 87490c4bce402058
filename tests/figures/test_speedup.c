/*
 * test_speedup.c - the figure of predicted strong scaling: its data are what was given, its ideal
 * is work / ranks, and it says what it is of.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/speedup.h"

static const char input[] = "sweep: {objective: jepa, depth: 1, init_scale: 0.1}\n"
                            "spectra: {a: {lambda: 1, rho: 1}}\n"
                            "output: {samples: 0}\n";

static const jf_speedup_row rows[] = {
    {1, 3601.0, 0.9997}, {16, 230.0, 0.978}, {256, 15.5, 0.907}, {1000, 9.0, 0.4}};

static void the_data_are_what_was_given(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c); /* for its folder, and a stand-in for gnuplot */
    assert_ok(jf_speedup_draw("a `title`", 3600.0, rows, COUNT(rows), c.s.folder, "in-ranks",
                              c.atlas.out));
    assert_int_equal(figure_block(&c, "in-ranks.dat", 0, x, y), 2);
    assert_true(x[0] == 1.0 && y[0] == 3600.0 && x[1] == 1000.0 && y[1] == 3.6);
    assert_int_equal(figure_block(&c, "in-ranks.dat", 1, x, y), COUNT(rows));
    for (size_t k = 0; k < COUNT(rows); k++) {
        assert_true(x[k] == rows[k].ranks && y[k] == rows[k].seconds);
    }
    assert_int_equal(figure_block(&c, "in-ranks.dat", 2, x, y), COUNT(rows));
    for (size_t k = 0; k < COUNT(rows); k++) {
        assert_within(y[k], 100.0 * rows[k].efficiency, 1e-4);
    }
    const char *script = figure_file(&c, "in-ranks.gp");
    assert_non_null(strstr(script, "a \\140title\\140")); /* text, not a command */
    assert_non_null(strstr(script, "'in-ranks.dat' index 2"));
    figure_end(&c);
}

/* One row is a figure, too: no range is empty. */
static void one_row_has_ranges(void **state)
{
    figure_case c;
    double low, high;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c);
    assert_ok(jf_speedup_draw("", 3601.0, rows, 1, c.s.folder, "one", c.atlas.out));
    const char *at = figure_file(&c, "one.gp");
    while ((at = strstr(at, "range [")) != NULL) {
        assert_int_equal(sscanf(at, "range [%lf:%lf]", &low, &high), 2);
        assert_true(low < high);
        at++;
    }
    figure_end(&c);
}

static void without_gnuplot_there_is_a_message(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 0, &c);
    figure_stand_in(c.s.folder, "echo no such terminal; exit 1");
    assert_refused(jf_speedup_draw("", 1.0, rows, 2, c.s.folder, "x", c.atlas.out), JF_ERR_EXTERNAL,
                   "no such terminal");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_data_are_what_was_given),
        cmocka_unit_test(one_row_has_ranges),
        cmocka_unit_test(without_gnuplot_there_is_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
