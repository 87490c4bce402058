/*
 * test_panel.c - what figures have in common: colours, data that keep their blocks, titles that are
 * data.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"

static const char input[] = "title: A \"title\"\n"
                            "sweep: {objective: mae, depth: 2, init_scale: 0.01}\n"
                            "spectra: {s: {lambda: 2, rho: [0.5, 1]}}\n"
                            "output: {samples: 0}\n";

/* Relative luminance of "#rrggbb", as a grey print shows it. */
static double luminance(const char *colour)
{
    unsigned r, g, b;

    assert_int_equal(sscanf(colour, "#%2x%2x%2x", &r, &g, &b), 3);
    return 0.2126 * pow(r / 255.0, 2.2) + 0.7152 * pow(g / 255.0, 2.2) +
           0.0722 * pow(b / 255.0, 2.2);
}

/*
 * The whole way it gets lighter, so that order is seen in grey, and never too light for white
 * paper.
 */
static void colours_are_ordered_in_grey(void **state)
{
    char colour[8];
    double before = -1.0;

    (void)state;
    for (int k = 0; k <= 100; k++) {
        jf_panel_colour(k / 100.0, colour);
        assert_int_equal(strlen(colour), 7);
        assert_true(luminance(colour) > before - 1e-3);
        before = luminance(colour);
    }
    assert_below(before, 0.65);
}

/* NaN keeps its row and its block; ranges are of what can be drawn. */
static void pairs_keep_their_block(void **state)
{
    jf_figure figure = {.name = "pairs"};
    jf_range r = {INFINITY, 0.0};

    (void)state;
    jf_figure_begin(&figure, "first");
    jf_panel_add_pair(&figure, 1.0, NAN, &r);
    jf_panel_add_pair(&figure, 2.0, -NAN, &r);
    jf_panel_add_pair(&figure, 3.0, 0.25, &r);
    jf_panel_add_pair(&figure, 4.0, 8.0, &r);
    assert_string_equal(figure.data.text, "# first\n1 NaN\n2 NaN\n3 0.25\n4 8\n");
    assert_within(r.low, 0.25, 0.0);
    assert_within(r.high, 8.0, 0.0);
    jf_figure_clear(&figure);
}

static void exact_times_are_at_the_threshold(void **state)
{
    const jf_feature feature = {JF_MAE, 2, 0.01, 2.0, 0.5}, above = {JF_MAE, 2, 0.9, 2.0, 0.5};
    double expected;
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    assert_int_equal(jf_feature_critical_time(&feature, 0.5, &expected), JF_REACHED);
    assert_within(jf_panel_exact_time(&c.atlas, &feature), expected, 0.0);
    assert_true(isnan(jf_panel_exact_time(&c.atlas, &above)));
    figure_end(&c);
}

/* The title goes in as data, and is cut to the figure's width. */
static void the_title_is_data_and_fits(void **state)
{
    const jf_panel_grid narrow = {.rows = 1, .columns = 1, .width = 14.0, .height = 50.0};
    const jf_panel_grid wide = {.rows = 1, .columns = 1, .width = 400.0, .height = 50.0};
    jf_figure figure = {.name = "title"};
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    jf_panel_begin_figure(&c.atlas, &wide, "a subtitle", &figure);
    assert_non_null(strstr(figure.script.text, "\"A \\042title\\042\" at screen 0.5"));
    assert_non_null(strstr(figure.script.text, "'a subtitle'"));
    assert_within(figure.width, 400.0, 0.0);
    jf_figure_clear(&figure);
    jf_panel_begin_figure(&c.atlas, &narrow, "", &figure);
    assert_non_null(strstr(figure.script.text, "\"A …\" at screen 0.5"));
    jf_figure_clear(&figure);
    figure_end(&c);
}

static void what_is_made_and_left_out_is_told(void **state)
{
    jf_figure figure = {.name = "made", .width = 10.0, .height = 10.0};
    char expected[512];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    assert_ok(jf_panel_finish_figure(&c.atlas, &figure, "something"));
    jf_panel_leave_out(&c.atlas, "other", "it is empty");
    snprintf(expected, sizeof expected, "%s/made.png  something\nother: left out, it is empty\n",
             c.s.folder);
    assert_string_equal(figure_said(&c), expected);
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_ordered_in_grey),
        cmocka_unit_test(pairs_keep_their_block),
        cmocka_unit_test(exact_times_are_at_the_threshold),
        cmocka_unit_test(the_title_is_data_and_fits),
        cmocka_unit_test(what_is_made_and_left_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
