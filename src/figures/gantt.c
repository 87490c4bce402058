#include "jepaflow/figures/gantt.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/panel.h"
#include "jepaflow/report/statistics.h"
#include "jepaflow/report/timeline.h"

enum {
    MOST_COLOURS = 8, /* in the legend */
    LABELLED_ROWS = 12,
    SPACED_ROWS = 32 /* more are drawn without space between them */
};

static const double resolution = 1200.0; /* bars in a row that can be told apart */

/* The figure being drawn. */
typedef struct {
    jf_atlas *atlas;
    const jf_run *run;
    const jf_lane *lane;
    size_t rows;
    size_t rank[JF_GANTT_ROWS]; /* of each row */
    size_t axis;                /* whose values are colours */
    size_t *place;              /* of each value of it in ascending order, 0 ... extent-1 */
} gantt;

/* ---- what is drawn ---- */

/* Evenly spread ranks, the first and the last among them. */
static void choose_rows(gantt *g)
{
    const size_t ranks = g->run->ranks;

    g->rows = ranks < JF_GANTT_ROWS ? ranks : JF_GANTT_ROWS;
    for (size_t row = 0; row < g->rows; row++) {
        g->rank[row] = jf_statistics_spread(row, g->rows, ranks);
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

static jf_status find_places(gantt *g)
{
    const jf_sorted *sorted = &g->atlas->axis[g->axis];

    g->place = malloc(sorted->count * sizeof *g->place);
    if (g->place == NULL) {
        return jf_fail_memory("a figure");
    }
    for (size_t k = 0; k < sorted->count; k++) {
        g->place[sorted->value[k]] = k;
    }
    return JF_OK;
}

static void colour_of(const gantt *g, size_t place, char text[8])
{
    const size_t extent = g->atlas->dataset->axis[g->axis].extent;

    jf_style_series(g->atlas->style, place, extent, text);
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
    const jf_panel_axis x = {
        .name = "x", .range = {0.0, 1.01 * g->run->wall}, .length = page->width, .tight = 1};
    jf_string *s = &figure->script;

    jf_panel_set_place(page, 0, 0, figure);
    jf_axis_set(figure, &x);
    jf_string_add(s, "set yrange [%.1f:-0.5]\nset grid noy\nset ytics scale 0 (",
                  (double)g->rows - 0.5);
    for (size_t row = 0; row < g->rows; row += step) {
        jf_string_add(s, "%s'%zu' %zu", row > 0 ? ", " : "", g->rank[row], row);
    }
    jf_string_add(s, ")\n");
    jf_panel_set_labels(page, 0, 0, "time since the start of the run (s)", "rank", figure);
    jf_string_add(s, "set label 'busy' at graph 1.02, graph 1 left offset 0,0.6 textcolor rgb "
                     "soft\n");
    for (size_t row = 0; row < g->rows; row += step) {
        jf_string_add(s,
                      "set label '%.0f %%' at graph 1.02, first %zu left noenhanced textcolor rgb "
                      "soft\n",
                      100.0 * g->lane[g->rank[row]].busy / g->run->wall, row);
    }
}

static void plot_bars(const gantt *g, jf_figure *figure)
{
    const char *const box = "using (($1+$2)/2):(($3+$4)/2):1:2:3:4";
    jf_string *s = &figure->script;

    jf_string_add(s, "set style fill solid noborder\n");
    jf_string_add(s,
                  "set arrow from %.6g, graph 0 to %.6g, graph 1 nohead front dashtype (6,4) "
                  "linewidth 0.8 linecolor rgb ink\n",
                  g->run->wall, g->run->wall);
    jf_string_add(s,
                  "plot '%s.dat' index 0 %s with boxxyerror linecolor rgb faint, \\\n"
                  "     '' index 1 %s:5 with boxxyerror linecolor rgb variable\n",
                  figure->name, box, box);
    jf_panel_end(figure);
}

static void fill_legend(const gantt *g, jf_legend *legend)
{
    const jf_axis *axis = &g->atlas->dataset->axis[g->axis];
    const jf_look *look = jf_style_look(g->atlas->style);
    jf_legend_entry waiting = {.name = "waiting", .box = 1}, end = {.name = "end", .dash = "(6,4)"};
    size_t chosen[MOST_COLOURS];
    const size_t count = jf_atlas_thin(g->atlas, g->axis, MOST_COLOURS, chosen);

    snprintf(legend->title, sizeof legend->title, "%s", jf_parameter_get(axis->parameter)->name);
    for (size_t k = 0; k < count; k++) {
        jf_legend_entry entry = {.box = 1};
        jf_atlas_name(g->atlas, g->axis, chosen[k], entry.name, sizeof entry.name);
        colour_of(g, g->place[chosen[k]], entry.colour);
        jf_legend_add(legend, &entry);
    }
    snprintf(waiting.colour, sizeof waiting.colour, "%s", look->faint);
    jf_legend_add(legend, &waiting);
    snprintf(end.colour, sizeof end.colour, "%s", look->ink);
    jf_legend_add(legend, &end);
}

static void write_subtitle(const gantt *g, size_t runs, jf_string *text)
{
    const jf_load load = jf_timeline_load(g->run, g->lane);

    if (runs > 1) {
        jf_string_add(text, "last of %zu runs: ", runs);
    }
    jf_string_add(text, "%zu points on %zu rank%s in %.3g s, %.0f %% busy", g->run->bars,
                  g->run->ranks, g->run->ranks == 1 ? "" : "s", g->run->wall, 100.0 * load.share);
    if (g->rows < g->run->ranks) {
        jf_string_add(text, "; %zu ranks shown", g->rows);
    }
}

static jf_status draw_run(gantt *g, size_t runs)
{
    jf_panel_grid page = {.rows = 1,
                          .columns = 1,
                          .height = fmin(fmax(12.0 * (double)g->rows, 60.0), 220.0),
                          .left = 34.0,
                          .right = 32.0,
                          .heading = 10.0,
                          .bottom = 26.0};
    jf_figure figure = {.name = "ranks", .style = g->atlas->style};
    jf_legend legend = {0};
    jf_string subtitle = {0};

    fill_legend(g, &legend);
    write_subtitle(g, runs, &subtitle);
    JF_TRY(jf_string_check(&subtitle));
    jf_panel_begin(&page, g->atlas->dataset->title, subtitle.text, &legend, &figure);
    jf_string_clear(&subtitle);
    add_rows(g, &figure);
    add_bars(g, &figure);
    set_axes(g, &page, &figure);
    plot_bars(g, &figure);
    jf_panel_finish(&figure);
    return jf_atlas_finish(g->atlas, &figure, "what the ranks did");
}

static jf_status draw_last(jf_atlas *a, const jf_timeline *timeline)
{
    gantt g = {.atlas = a, .run = &timeline->run[timeline->runs - 1]};
    jf_lane *lane;

    JF_TRY(jf_timeline_lanes(g.run, &lane));
    g.lane = lane;
    g.axis = choose_axis(a->dataset);
    choose_rows(&g);
    jf_status status = find_places(&g);
    if (status == JF_OK) {
        status = draw_run(&g, timeline->runs);
    }
    free(g.place);
    free(lane);
    return status;
}

jf_status jf_gantt_draw(jf_atlas *a)
{
    jf_timeline timeline;

    JF_TRY(jf_timeline_init(a->dataset, &timeline));
    const int known = timeline.runs > 0 && timeline.run[timeline.runs - 1].wall > 0.0;
    const jf_status status =
        known ? draw_last(a, &timeline)
              : jf_atlas_leave_out(a, "ranks", "no point says when it was solved");
    jf_timeline_clear(&timeline);
    return status;
}
