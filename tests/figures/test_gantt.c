/*
 * test_gantt.c - the figure of what ranks did: its bars against the points they stand for.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "../support/ranks.h"
#include "jepaflow/figures/gantt.h"

static const char input[] = "sweep:\n"
                            "  depth: [1, 2]\n"
                            "  init_scale: 0.1\n"
                            "  seed: {from: 1, to: 300, count: 300}\n"
                            "spectra: {a: {lambda: 1, rho: 1}}\n"
                            "output: {samples: 0}\n";

/* Draw a dataset whose first points were solved so; release with figure_end(). */
static void draw(const solved *points, size_t count, figure_case *c)
{
    figure_begin(input, NULL, 0, 0, c);
    jf_survey_clear(&c->survey);
    jf_dataset_close(&c->dataset);
    assert_int_equal(remove(c->s.path), 0);
    ranks_write(&c->s, points, count);
    assert_ok(jf_dataset_open(c->s.path, &c->dataset));
    assert_ok(jf_survey_init(&c->dataset, &c->survey));
    assert_ok(jf_gantt_draw(&c->atlas));
}

/* Line k of block 1: a bar. */
typedef struct {
    double begin, end, low, high;
    unsigned long colour;
} bar;

static size_t read_bars(const figure_case *c, bar *bars, size_t most)
{
    const char *line = strstr(figure_file(c, "ranks.dat"), "# points");
    size_t count = 0;

    assert_non_null(line);
    while ((line = strchr(line, '\n')) != NULL && line[1] != '\0') {
        bar *b = &bars[count++];
        assert_true(count <= most);
        line++;
        assert_int_equal(
            sscanf(line, "%lf %lf %lf %lf %lu", &b->begin, &b->end, &b->low, &b->high, &b->colour),
            5);
    }
    return count;
}

/* A group's point is one bar over its rows; an earlier run is not drawn. */
static void bars_lie_on_their_ranks(void **state)
{
    static const solved points[] = {
        {1.0, 3, 0, 3, 0.0, 99.0}, /* of the run before */
        {2.0, 3, 1, 2, 1.0, 4.0},
        {2.0, 3, 0, 1, 0.5, 2.0},
        {2.0, 3, 2, 1, 6.0, 4.0},
    };
    bar bars[9];
    figure_case c;

    (void)state;
    draw(points, COUNT(points), &c);
    assert_int_equal(read_bars(&c, bars, COUNT(bars)), 3);
    const bar expected[] = {
        {0.5, 2.5, -0.4, 0.4, 0}, {1.0, 5.0, 0.6, 2.4, 0}, {6.0, 10.0, 1.6, 2.4, 0}};
    for (size_t k = 0; k < 3; k++) {
        assert_within(bars[k].begin, expected[k].begin, 1e-9);
        assert_within(bars[k].end, expected[k].end, 1e-9);
        assert_within(bars[k].low, expected[k].low, 1e-9);
        assert_within(bars[k].high, expected[k].high, 1e-9);
    }
    assert_non_null(
        strstr(figure_file(&c, "ranks.gp"), "last of 2 runs: 3 points on 3 ranks in 10 s"));
    assert_string_equal(figure_said(&c) + strlen(c.s.folder), "/ranks.png  what the ranks did\n");
    figure_end(&c);
}

/* Points 0 ... 299 have depth 1, the others depth 2. */
static void colours_are_depths(void **state)
{
    solved points[600];
    bar bars[9];
    char colour[8];
    figure_case c;

    (void)state;
    for (size_t p = 0; p < 600; p++) {
        points[p] =
            (solved){1.0, 1, 0, 1, p < 300 ? 0.01 * (double)p : 5.0 + 0.01 * (double)p, 0.01};
    }
    draw(points, 600, &c);
    assert_int_equal(read_bars(&c, bars, COUNT(bars)), 2); /* points of one depth that touch */
    assert_within(bars[0].begin, 0.0, 1e-9);
    assert_within(bars[0].end, 3.0, 1e-6);
    assert_within(bars[1].begin, 8.0, 1e-6);
    assert_within(bars[1].end, 11.0, 1e-6);
    assert_int_equal(bars[0].colour, 0x440154);
    jf_style_series(JF_STYLE_SCREEN, 1, 2, colour);
    assert_int_equal(bars[1].colour, strtoul(colour + 1, NULL, 16));
    assert_non_null(strstr(figure_file(&c, "ranks.gp"), "set label \"depth\""));
    figure_end(&c);
}

/* Points too short to be seen: at most a few bars for each pixel of the row, no time lost. */
static void short_points_are_drawn_together(void **state)
{
    solved points[600];
    bar bars[600];
    figure_case c;
    double drawn = 0.0;

    (void)state;
    for (size_t p = 0; p < 599; p++) {
        const size_t k = p < 300 ? 2 * p : 2 * (p - 300) + 1; /* depths take turns */
        points[p] = (solved){1.0, 1, 0, 1, 1e-4 * (double)k, 1e-4};
    }
    points[599] = (solved){1.0, 1, 0, 1, 10.0, 2.0}; /* a pixel is 0.01 s */
    draw(points, 600, &c);
    const size_t count = read_bars(&c, bars, COUNT(bars));
    assert_true(count <= 3 + 6);
    for (size_t k = 0; k < count; k++) {
        drawn += bars[k].end - bars[k].begin;
    }
    assert_within(drawn, 2.0599, 1e-4);
    figure_end(&c);
}

static void many_ranks_are_chosen_from(void **state)
{
    solved points[300];
    bar bars[300];
    figure_case c;

    (void)state;
    for (int p = 0; p < 300; p++) {
        points[p] = (solved){1.0, 300, p, 1, 0.0, 1.0 + p};
    }
    draw(points, 300, &c);
    assert_int_equal(read_bars(&c, bars, COUNT(bars)), JF_GANTT_ROWS);
    assert_within(bars[0].end, 1.0, 1e-9);
    assert_within(bars[JF_GANTT_ROWS - 1].end, 300.0, 1e-9);
    assert_non_null(strstr(figure_file(&c, "ranks.gp"), "128 ranks"));
    figure_end(&c);
}

static void without_times_it_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    draw(NULL, 0, &c);
    assert_string_equal(figure_said(&c), "ranks: left out, no point says when it was solved\n");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_lie_on_their_ranks),
        cmocka_unit_test(colours_are_depths),
        cmocka_unit_test(short_points_are_drawn_together),
        cmocka_unit_test(many_ranks_are_chosen_from),
        cmocka_unit_test(without_times_it_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
