#include "jepaflow/figures/speedup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/panel.h"

/* A time axis that people can read, from a millisecond to a century. */
static const char time_tics[] =
    "set ytics ('1 ms' 1e-3, '10 ms' 1e-2, '0.1 s' 0.1, '1 s' 1, '10 s' 10, '1 min' 60, "
    "'10 min' 600, '1 h' 3600, '10 h' 36000, '4 days' 345600, '40 days' 3456000, '1 year' "
    "31557600, '10 years' 315576000, '100 years' 3155760000.)\n";

static const char ideal_line[] = "with lines linewidth 1 dashtype 2 linecolor rgb '#909090'";

/* The blocks of data, in this order. */
enum { IDEAL, TIME, EFFICIENCY };

static void add_data(double work, const jf_speedup_row *rows, size_t count, jf_figure *figure,
                     jf_range *time)
{
    const int most = rows[count - 1].ranks;

    jf_figure_begin(figure, "ranks, seconds if all of them were busy all the time");
    jf_panel_add_pair(figure, 1.0, work, time);
    jf_panel_add_pair(figure, most, work / most, time);
    jf_figure_begin(figure, "ranks, predicted seconds");
    for (size_t k = 0; k < count; k++) {
        jf_panel_add_pair(figure, rows[k].ranks, rows[k].seconds, time);
    }
    jf_figure_begin(figure, "ranks, predicted efficiency in per cent");
    for (size_t k = 0; k < count; k++) {
        jf_string_add(&figure->data, "%d %.4f\n", rows[k].ranks, 100.0 * rows[k].efficiency);
    }
}

/* What both panels have: the ranks, of which all panels show the same range. */
static void set_ranks_axis(const jf_panel_grid *g, size_t column, int most, jf_figure *figure)
{
    jf_panel_set_margins(g, 0, column, figure);
    jf_string_add(&figure->script,
                  "set logscale x\nset xrange [%.4g:%.4g]\nset xlabel 'ranks' offset 0,0.4\n"
                  "set format x '%s'\nset mxtics default\n",
                  pow(most, -0.04), pow(most, 1.04) * (most == 1 ? 1.5 : 1.0),
                  most > 10000 ? "10^{%L}" : "%g");
}

static void plot_measured(jf_figure *figure, int block)
{
    char colour[8];

    jf_panel_colour(0.25, colour);
    jf_string_add(&figure->script,
                  ", \\\n     '%s.dat' index %d with linespoints linewidth 1.5 pointtype 7 "
                  "pointsize 0.7 linecolor rgb '%s'\n",
                  figure->name, block, colour);
}

static void plot_time(const jf_panel_grid *g, int most, const jf_range *time, jf_figure *figure)
{
    set_ranks_axis(g, 0, most, figure);
    jf_string_add(&figure->script,
                  "set logscale y\nset yrange [%.4g:%.4g]\n%sset ylabel ''\n"
                  "set title '{/:Bold time}' offset 0,-0.4\nplot '%s.dat' index %d %s",
                  0.7 * time->low, 1.5 * time->high, time_tics, figure->name, IDEAL, ideal_line);
    plot_measured(figure, TIME);
    jf_panel_end(figure);
}

static void plot_efficiency(const jf_panel_grid *g, int most, jf_figure *figure)
{
    set_ranks_axis(g, 1, most, figure);
    jf_string_add(&figure->script,
                  "unset logscale y\nset yrange [0:108]\nset ytics autofreq 0,20,100\n"
                  "set format y '%%g %%%%'\nset title '{/:Bold efficiency}' offset 0,-0.4\n"
                  "plot 100 %s",
                  ideal_line);
    plot_measured(figure, EFFICIENCY);
    jf_panel_end(figure);
}

jf_status jf_speedup_draw(const char *title, double work, const jf_speedup_row *rows, size_t count,
                          const char *folder, const char *name, FILE *out)
{
    const jf_panel_grid g = {.rows = 1,
                             .columns = 2,
                             .width = 160.0,
                             .height = 120.0,
                             .gap_x = 50.0,
                             .left = 56.0,
                             .right = 14.0,
                             .top = 57.0,
                             .bottom = 38.0};
    char *own = strdup(title);
    const jf_dataset dataset = {.title = own};
    const jf_atlas atlas = {
        .dataset = &dataset, .folder = folder, .format = JF_PLOT_PNG, .out = out};
    jf_figure figure = {0};
    jf_range time = {INFINITY, 0.0};

    if (own == NULL) {
        return jf_fail_memory("a figure");
    }
    snprintf(figure.name, sizeof figure.name, "%s", name);
    jf_panel_begin_figure(&atlas, &g, "predicted strong scaling; dashed: ideal", &figure);
    add_data(work, rows, count, &figure, &time);
    plot_time(&g, rows[count - 1].ranks, &time, &figure);
    plot_efficiency(&g, rows[count - 1].ranks, &figure);
    const jf_status status =
        jf_panel_finish_figure(&atlas, &figure, "predicted time and efficiency against ranks");
    free(own);
    return status;
}
