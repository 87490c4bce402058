/*
 * test_legend.c - legends: lines that fit the figure, names that are data and do not overlap.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/figures/legend.h"

/* The x of each text of a legend that is drawn, points, and its width; returns how many. */
static size_t read_texts(const jf_figure *figure, double *x, double *y, double *width)
{
    size_t count = 0;
    double at_x, at_y;
    char text[128];

    for (const char *at = figure->script.text; (at = strstr(at, "set label \"")) != NULL; at++) {
        assert_int_equal(
            sscanf(at, "set label \"%127[^\"]\" at screen %lf, screen %lf", text, &at_x, &at_y), 3);
        x[count] = at_x * figure->width;
        y[count] = at_y * figure->height;
        width[count++] = jf_style_text_width(text, JF_STYLE_TEXT);
    }
    return count;
}

static void fill(jf_legend *legend, const char *name)
{
    char text[64];

    snprintf(legend->title, sizeof legend->title, "init_scale");
    for (size_t k = 0; k < 8; k++) {
        snprintf(text, sizeof text, "%s%zu", name, k);
        jf_legend_add_series(legend, JF_STYLE_PAPER, text, k, 8);
    }
}

/* Every text is inside, and on one line none runs into the next one's sample. */
static void texts_do_not_overlap(void **state)
{
    static const char *const names[] = {
        "", "0.0014", "a long name of a thing ",
        "a name that is much too long for the width of any column "};
    double x[16], y[16], width[16];

    (void)state;
    for (size_t n = 0; n < COUNT(names); n++) {
        jf_legend legend = {0};
        jf_figure figure = {.name = "legend", .width = JF_STYLE_WIDTH, .height = 200.0};
        fill(&legend, names[n]);
        const double height = jf_legend_height(&legend, figure.width);
        jf_legend_draw(&legend, &figure);
        const size_t count = read_texts(&figure, x, y, width);
        assert_int_equal(count, 9);
        for (size_t k = 0; k < count; k++) {
            assert_true(x[k] > 0.0 && x[k] + width[k] < figure.width);
            assert_true(y[k] > 0.0 && y[k] < height);
            if (k > 0 && y[k] > y[k - 1] - 1.0) {
                assert_true(x[k] - 18.0 > x[k - 1] + width[k - 1]);
            }
        }
        jf_figure_clear(&figure);
    }
}

static void more_names_take_more_lines(void **state)
{
    jf_legend none = {0}, few = {0}, wide = {0};

    (void)state;
    fill(&few, "");
    fill(&wide, "0.00123");
    assert_within(jf_legend_height(&none, JF_STYLE_WIDTH), 0.0, 0.0);
    assert_true(jf_legend_height(&wide, JF_STYLE_WIDTH) >
                jf_legend_height(&few, JF_STYLE_WIDTH) + 5.0);
}

static void names_are_data(void **state)
{
    jf_legend legend = {0};
    jf_figure figure = {.name = "legend", .width = JF_STYLE_WIDTH, .height = 200.0};

    (void)state;
    jf_legend_add_series(&legend, JF_STYLE_PAPER, "`touch made`", 0, 1);
    jf_legend_draw(&legend, &figure);
    assert_non_null(strstr(figure.script.text, "\"\\140touch made\\140\""));
    jf_figure_clear(&figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_do_not_overlap),
        cmocka_unit_test(more_names_take_more_lines),
        cmocka_unit_test(names_are_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
