#include "jepaflow/figures/gantt.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/timeline.h"

enum {
    MOST_COLOURS = 8, /* in the legend */
    LABELLED_ROWS = 16,
    SPACED_ROWS = 32 /* more are drawn without space between them */
};

static const double resolution = 1200.0; /* bars in a row that can be told apart */

/* The figure being drawn. */
typedef struct {
    const jf_atlas *atlas;
    const jf_run *run;
    const jf_lane *lane;
    size_t rows;
    size_t rank[JF_GANTT_ROWS]; /* of each row */
    size_t axis;                /* whose values are colours */
    size_t *place;              /* of each value of it in ascending order, 0 ... extent-1 */
    size_t *sorted;             /* the values in that order */
} gantt;

/* ---- what is drawn ---- */

/* Evenly spread ranks, the first and the last among them. */
static void choose_rows(gantt *g)
{
    const size_t ranks = g->run->ranks;

    g->rows = ranks < JF_GANTT_ROWS ? ranks : JF_GANTT_ROWS;
    for (size_t row = 0; row < g->rows; row++) {
        g->rank[row] = g->rows > 1 ? row * (ranks - 1) / (g->rows - 1) : 0;
    }
}

/* The first of depth, objective, spectrum, init_scale that varies, or another axis, or depth. */
static size_t choose_axis(const jf_dataset *dataset)
{
    static const size_t wanted[] = {JF_P_DEPTH, JF_P_OBJECTIVE, JF_P_SPECTRUM, JF_P_INIT_SCALE};

    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        if (dataset->axis[wanted[k]].extent > 1) {
            return wanted[k];
        }
    }
    for (size_t a = 0; a < dataset->axes; a++) {
        if (dataset->axis[a].extent > 1) {
            return a;
        }
    }
    return JF_P_DEPTH;
}

/* By insertion: axes are short, and mostly sorted already. */
static jf_status sort_values(gantt *g)
{
    const jf_axis *axis = &g->atlas->dataset->axis[g->axis];

    g->place = calloc(axis->extent, sizeof *g->place);
    g->sorted = calloc(axis->extent, sizeof *g->sorted);
    if (g->place == NULL || g->sorted == NULL) {
        return jf_fail_memory("a figure");
    }
    for (size_t k = 0; k < axis->extent; k++) {
        size_t at = k;
        for (; at > 0 && axis->values[g->sorted[at - 1]] > axis->values[k]; at--) {
            g->sorted[at] = g->sorted[at - 1];
        }
        g->sorted[at] = k;
    }
    for (size_t k = 0; k < axis->extent; k++) {
        g->place[g->sorted[k]] = k;
    }
    return JF_OK;
}

static void colour_of(const gantt *g, size_t place, char text[8])
{
    const size_t extent = g->atlas->dataset->axis[g->axis].extent;

    jf_panel_colour(extent > 1 ? (double)place / (double)(extent - 1) : 0.4, text);
}

/* ---- bars ---- */

/* Half a bar's height in rows: where rows are thin, they touch. */
static double half_row(const gantt *g)
{
    return g->rows > SPACED_ROWS ? 0.5 : 0.4;
}

/* Bars of one row that are drawn as one. */
typedef struct {
    double begin, end, longest; /* s; the longest point gives the colour */
    size_t row, last_row;
    size_t place; /* of its colour */
} block;

static size_t place_of(const gantt *g, const jf_bar *bar)
{
    size_t position[JF_PARAMETERS];

    jf_dataset_position(g->atlas->dataset, bar->point, position);
    return g->place[position[g->axis]];
}

/* The rows of a bar's ranks; 0 where it has none. Rows are ascending in rank. */
static int find_rows(const gantt *g, const jf_bar *bar, size_t *row, size_t *last)
{
    size_t first = 0, count = 0;

    for (size_t k = 0; k < g->rows; k++) {
        if (g->rank[k] < bar->rank) {
            first = k + 1;
        } else if (g->rank[k] < bar->rank + bar->ranks) {
            count++;
        }
    }
    *row = first;
    *last = first + count - 1;
    return count > 0;
}

static void end_block(const gantt *g, const block *b, jf_figure *figure)
{
    char colour[8];

    if (b->end > b->begin) {
        colour_of(g, b->place, colour);
        jf_string_add(&figure->data, "%.6g %.6g %.2f %.2f %lu\n", b->begin, b->end,
                      (double)b->row - half_row(g), (double)b->last_row + half_row(g),
                      strtoul(colour + 1, NULL, 16));
    }
}

/*
 * Does a bar belong to the block before it? Where they touch at the picture's resolution, if they
 * have one colour, or neither alone could be seen.
 */
static int touches(const block *b, const block *next, double pixel)
{
    return next->row == b->row && next->last_row == b->last_row && next->begin - b->end < pixel &&
           (next->place == b->place ||
            (b->end - b->begin < pixel && next->end - next->begin < pixel));
}

static void add_bars(const gantt *g, jf_figure *figure)
{
    const double pixel = g->run->wall / resolution;
    block present = {0};

    jf_figure_begin(figure, "points: begin s, end s, lower and upper edge by row, colour");
    for (size_t i = 0; i < g->run->bars; i++) {
        const jf_bar *bar = &g->run->bar[i];
        block next = {.begin = bar->begin, .end = bar->end, .longest = bar->end - bar->begin};
        if (!find_rows(g, bar, &next.row, &next.last_row)) {
            continue;
        }
        next.place = place_of(g, bar);
        if (!touches(&present, &next, pixel) || present.end <= present.begin) {
            end_block(g, &present, figure);
            present = next;
            continue;
        }
        if (next.longest > present.longest) {
            present.longest = next.longest;
            present.place = next.place;
        }
        present.end = fmax(present.end, next.end);
    }
    end_block(g, &present, figure);
}

static void add_rows(const gantt *g, jf_figure *figure)
{
    jf_figure_begin(figure, "rows: begin s, end s, lower and upper edge, rank, busy share");
    for (size_t row = 0; row < g->rows; row++) {
        jf_string_add(&figure->data, "0 %.6g %.2f %.2f %zu %.4f\n", g->run->wall,
                      (double)row - half_row(g), (double)row + half_row(g), g->rank[row],
                      g->lane[g->rank[row]].busy / g->run->wall);
    }
}

/* ---- the page ---- */

static void set_axes(const gantt *g, const jf_panel_grid *page, jf_figure *figure)
{
    const size_t step = (g->rows + LABELLED_ROWS - 1) / LABELLED_ROWS;
    jf_string *s = &figure->script;

    jf_panel_set_margins(page, 0, 0, figure);
    jf_string_add(s, "set xrange [0:%.6g]\nset yrange [%.1f:-0.5]\nset grid noy\n",
                  1.01 * g->run->wall, (double)g->rows - 0.5);
    jf_string_add(s, "set xlabel 'time since the start of the run (s)' noenhanced offset 0,0.4\n"
                     "set ylabel 'rank' noenhanced\nset ytics scale 0 (");
    for (size_t row = 0; row < g->rows; row += step) {
        jf_string_add(s, "%s'%zu' %zu", row > 0 ? ", " : "", g->rank[row], row);
    }
    jf_string_add(s, ")\n");
    jf_string_add(s, "set label 4 'busy' at graph 1.015, graph 1.0 left offset 0,1.1 textcolor rgb "
                     "'#404040'\n");
    for (size_t row = 0; row < g->rows; row += step) {
        jf_string_add(s,
                      "set label %zu '%.0f %%' at graph 1.015, first %zu left noenhanced "
                      "textcolor rgb '#404040'\n",
                      10 + row, 100.0 * g->lane[g->rank[row]].busy / g->run->wall, row);
    }
}

static void plot_bars(const gantt *g, jf_figure *figure)
{
    const char *const box = "using (($1+$2)/2):(($3+$4)/2):1:2:3:4";
    jf_string *s = &figure->script;

    jf_string_add(s, "set style fill solid noborder\n");
    jf_string_add(s,
                  "set arrow 1 from %.6g, graph 0 to %.6g, graph 1 nohead front dashtype 2 "
                  "linewidth 1 linecolor rgb '#000000'\n",
                  g->run->wall, g->run->wall);
    jf_string_add(s,
                  "plot '%s.dat' index 0 %s with boxxyerror linecolor rgb '#e4e4e4', \\\n"
                  "     '' index 1 %s:5 with boxxyerror linecolor rgb variable\n",
                  figure->name, box, box);
    jf_string_add(s, "unset arrow\n");
    jf_panel_end(figure);
}

/* Boxes of the colours, right of the panel. */
static void plot_legend(const gantt *g, const jf_panel_grid *page, jf_figure *figure)
{
    const jf_axis *axis = &g->atlas->dataset->axis[g->axis];
    size_t chosen[MOST_COLOURS];
    const size_t count = jf_survey_choose(g->sorted, axis->extent, MOST_COLOURS, chosen);
    jf_string *s = &figure->script;

    jf_panel_begin_legend(figure, page, 38.0, jf_parameter_get(axis->parameter)->name);
    for (size_t k = 0; k < count; k++) {
        char colour[8];
        colour_of(g, g->place[chosen[k]], colour);
        jf_string_add(s, "%s NaN with boxes fillstyle solid noborder linecolor rgb '%s' title ",
                      k > 0 ? ", \\\n    " : "", colour);
        jf_gnuplot_quote(s, axis->labels[chosen[k]], 12);
    }
    jf_string_add(s,
                  ", \\\n     NaN with boxes fillstyle solid noborder linecolor rgb '#e4e4e4' "
                  "title 'waiting', \\\n     NaN with lines dashtype 2 linewidth 1 linecolor rgb "
                  "'#000000' title 'end'\n");
}

static jf_status draw_run(gantt *g, size_t runs)
{
    const double height = 15.0 * (double)g->rows;
    const jf_panel_grid page = {.rows = 1,
                                .columns = 1,
                                .width = 320.0,
                                .height = fmin(fmax(height, 100.0), 260.0),
                                .left = 56.0,
                                .right = 114.0,
                                .top = 56.0,
                                .bottom = 38.0};
    const jf_load load = jf_timeline_load(g->run, g->lane);
    jf_figure figure = {.name = "ranks"};
    char subtitle[256], part[64] = "", of_runs[64] = "";

    if (g->rows < g->run->ranks) {
        snprintf(part, sizeof part, "; %zu ranks shown", g->rows);
    }
    if (runs > 1) {
        snprintf(of_runs, sizeof of_runs, "last of %zu runs: ", runs);
    }
    snprintf(subtitle, sizeof subtitle, "%s%zu points on %zu rank%s in %.3g s, %.0f %% busy%s",
             of_runs, g->run->bars, g->run->ranks, g->run->ranks == 1 ? "" : "s", g->run->wall,
             100.0 * load.share, part);
    jf_panel_begin_figure(g->atlas, &page, subtitle, &figure);
    add_rows(g, &figure);
    add_bars(g, &figure);
    set_axes(g, &page, &figure);
    plot_bars(g, &figure);
    plot_legend(g, &page, &figure);
    return jf_panel_finish_figure(g->atlas, &figure, "what the ranks did");
}

static jf_status draw_last(const jf_atlas *a, const jf_timeline *timeline)
{
    gantt g = {.atlas = a, .run = &timeline->run[timeline->runs - 1]};
    jf_lane *lane;

    JF_TRY(jf_timeline_lanes(g.run, &lane));
    g.lane = lane;
    g.axis = choose_axis(a->dataset);
    choose_rows(&g);
    jf_status status = sort_values(&g);
    if (status == JF_OK) {
        status = draw_run(&g, timeline->runs);
    }
    free(g.place);
    free(g.sorted);
    free(lane);
    return status;
}

jf_status jf_gantt_draw(const jf_atlas *a)
{
    jf_timeline timeline;
    jf_status status = JF_OK;

    JF_TRY(jf_timeline_init(a->dataset, &timeline));
    if (timeline.runs == 0 || !(timeline.run[timeline.runs - 1].wall > 0.0)) {
        jf_panel_leave_out(a, "ranks", "no point says when it was solved");
    } else {
        status = draw_last(a, &timeline);
    }
    jf_timeline_clear(&timeline);
    return status;
}
