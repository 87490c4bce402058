/*
 * test_panel.c - the page of figures: its width, titles that are data and fit, panels that lie
 * beside one another, data that keep their blocks.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/figures/panel.h"

static jf_panel_grid two_by_two(void)
{
    return (jf_panel_grid){.rows = 2,
                           .columns = 2,
                           .height = 50.0,
                           .left = 30.0,
                           .right = 10.0,
                           .gap_x = 20.0,
                           .gap_y = 5.0,
                           .bottom = 20.0,
                           .crown = 10.0,
                           .heading = 12.0};
}

/* The margins of the panel set last: left, right, top, bottom, in parts of the figure. */
static void read_margins(const char *script, double margin[4])
{
    static const char *const names[] = {"lmargin", "rmargin", "tmargin", "bmargin"};
    char pattern[64];

    for (size_t k = 0; k < 4; k++) {
        const char *last = NULL;
        for (const char *at = script; (at = strstr(at, names[k])) != NULL; at++) {
            last = at;
        }
        assert_non_null(last);
        snprintf(pattern, sizeof pattern, "%s at screen %%lf", names[k]);
        assert_int_equal(sscanf(last, pattern, &margin[k]), 1);
    }
}

/* As wide as a column; panels of one size, in it, without overlap. */
static void panels_fill_the_column(void **state)
{
    double margin[2][2][4];
    jf_panel_grid g = two_by_two();
    jf_figure figure = {.name = "grid", .style = JF_STYLE_PAPER};

    (void)state;
    jf_panel_begin(&g, "title", "subtitle", NULL, &figure);
    assert_within(figure.width, JF_STYLE_WIDTH, 1e-9);
    assert_within(g.width, (JF_STYLE_WIDTH - 60.0) / 2.0, 1e-9);
    for (size_t row = 0; row < 2; row++) {
        for (size_t column = 0; column < 2; column++) {
            jf_panel_set_place(&g, row, column, &figure);
            read_margins(figure.script.text, margin[row][column]);
            const double *m = margin[row][column];
            assert_true(m[0] > 0.0 && m[1] < 1.0 && m[2] < 1.0 && m[3] > 0.0);
            assert_within((m[1] - m[0]) * figure.width, g.width, 1e-2);
            assert_within((m[2] - m[3]) * figure.height, 50.0, 1e-2);
        }
    }
    assert_within((margin[0][1][0] - margin[0][0][1]) * figure.width, 20.0, 1e-2);
    assert_within((margin[0][0][3] - margin[1][0][2]) * figure.height, 17.0, 1e-2);
    assert_within(jf_panel_foot(&g, 1, &figure), margin[1][0][3] * figure.height, 1e-2);
    jf_figure_clear(&figure);
}

static size_t count(const char *text, const char *word)
{
    size_t found = 0;

    for (; (text = strstr(text, word)) != NULL; text++) {
        found++;
    }
    return found;
}

/* A long title takes three lines, each of which fits, and ends in "…"; paper has none. */
static void titles_are_data_and_fit(void **state)
{
    static const char title[] =
        "A \"title\" of many `words`, so many that they fill one line, and then a second one, and "
        "a third one, and even then there are some left over that nobody will ever get to read";
    jf_panel_grid g = two_by_two();
    jf_figure figure = {.name = "title", .style = JF_STYLE_SCREEN};

    (void)state;
    jf_panel_begin(&g, title, "", NULL, &figure);
    assert_non_null(strstr(figure.script.text, "\"A \\042title\\042 of many \\140words\\140"));
    assert_int_equal(count(figure.script.text, "title_font"), 3);
    assert_int_equal(count(figure.script.text, "…\""), 1);
    const char *line = figure.script.text;
    char words[256];
    while ((line = strstr(line, "set label \"")) != NULL &&
           sscanf(line, "set label \"%255[^\"]", words) == 1) {
        if (strchr(words, '\\') == NULL) { /* a quote takes four characters there, one on paper */
            assert_below(jf_style_text_width(words, JF_STYLE_TITLE), JF_STYLE_WIDTH);
        }
        line++;
    }
    const double tall = figure.height;
    jf_figure_clear(&figure);

    g = two_by_two();
    figure = (jf_figure){.name = "title", .style = JF_STYLE_PAPER};
    jf_panel_begin(&g, title, "", NULL, &figure);
    assert_int_equal(count(figure.script.text, "title_font"), 0);
    assert_below(figure.height, tall - 30.0);
    jf_figure_clear(&figure);
}

/* A name is cut, what stands behind it is not. */
static void a_heading_keeps_its_end(void **state)
{
    jf_panel_grid g = two_by_two();
    jf_figure figure = {.name = "heading", .style = JF_STYLE_PAPER};

    (void)state;
    jf_panel_begin(&g, "", "", NULL, &figure);
    jf_panel_set_heading(&g, 0, "short", " (rest)", &figure);
    assert_non_null(strstr(figure.script.text, "\"short (rest)\""));
    jf_panel_set_heading(&g, 0,
                         "a_name_that_is_so_very_long_that_it_cannot_be_shown_as_a_whole_anywhere",
                         " (rest)", &figure);
    assert_non_null(strstr(figure.script.text, "… (rest)\""));
    jf_figure_clear(&figure);
}

/* NaN keeps its row and its block; ranges are of what can be drawn. */
static void pairs_keep_their_block(void **state)
{
    jf_figure figure = {.name = "pairs"};
    jf_range r = {INFINITY, -INFINITY};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panels_fill_the_column),
        cmocka_unit_test(titles_are_data_and_fit),
        cmocka_unit_test(a_heading_keeps_its_end),
        cmocka_unit_test(pairs_keep_their_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
