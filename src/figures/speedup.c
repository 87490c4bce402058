#include "jepaflow/figures/speedup.h"

#include <math.h>

#include "jepaflow/figures/atlas.h"
#include "jepaflow/figures/panel.h"

/* A time axis that people can read, from a millisecond to a century. */
static const char time_tics[] =
    "set ytics ('1 ms' 1e-3, '10 ms' 1e-2, '0.1 s' 0.1, '1 s' 1, '10 s' 10, '1 min' 60, "
    "'10 min' 600, '1 h' 3600, '10 h' 36000, '4 days' 345600, '40 days' 3456000, '1 year' "
    "31557600, '10 years' 315576000, '100 years' 3155760000.)\n";

static const char ideal_line[] = "with lines linewidth 1 dashtype (6,4) linecolor rgb soft";

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
static void set_ranks_axis(const jf_panel_grid *g, size_t column, int most, const char *heading,
                           jf_figure *figure)
{
    const jf_panel_axis axis = {.name = "x",
                                .kind = JF_AXIS_LOG,
                                .range = {1.0, most == 1 ? 1.5 : most},
                                .length = g->width};

    jf_panel_set_place(g, 0, column, figure);
    jf_panel_set_crown(g, column, heading, figure);
    jf_axis_set(figure, &axis);
    jf_panel_set_labels(g, 0, column, "ranks", "", figure);
}

static void plot_predicted(jf_figure *figure, int block)
{
    char colour[8];

    jf_style_series(figure->style, 0, 1, colour);
    jf_string_add(&figure->script,
                  ", \\\n     '%s.dat' index %d with linespoints linewidth 1.2 pointtype 7 "
                  "pointsize 0.6*mark linecolor rgb '%s'\n",
                  figure->name, block, colour);
}

static void plot_time(const jf_panel_grid *g, int most, const jf_range *time, jf_figure *figure)
{
    set_ranks_axis(g, 0, most, "time", figure);
    jf_string_add(&figure->script,
                  "set logscale y\nset yrange [%.4g:%.4g]\n%splot '%s.dat' index %d %s",
                  0.7 * time->low, 1.5 * time->high, time_tics, figure->name, IDEAL, ideal_line);
    plot_predicted(figure, TIME);
    jf_panel_end(figure);
}

static void plot_efficiency(const jf_panel_grid *g, int most, jf_figure *figure)
{
    set_ranks_axis(g, 1, most, "efficiency", figure);
    jf_string_add(&figure->script,
                  "unset logscale y\nset yrange [0:108]\nset ytics autofreq 0,20,100\n"
                  "set format y '%%g %%%%'\nplot 100 %s",
                  ideal_line);
    plot_predicted(figure, EFFICIENCY);
    jf_panel_end(figure);
}

jf_status jf_speedup_draw(const char *title, double work, const jf_speedup_row *rows, size_t count,
                          const char *folder, const char *name, FILE *out)
{
    jf_panel_grid g = {.rows = 1,
                       .columns = 2,
                       .height = 80.0,
                       .gap_x = 40.0,
                       .left = 46.0,
                       .right = 8.0,
                       .bottom = 26.0,
                       .crown = 12.0};
    jf_atlas atlas = {.folder = folder, .format = JF_PLOT_PNG, .out = out};
    jf_figure figure = {.style = JF_STYLE_SCREEN};
    jf_range time = {INFINITY, -INFINITY};

    snprintf(figure.name, sizeof figure.name, "%s", name);
    jf_panel_begin(&g, title, "predicted strong scaling; dashed: ideal", NULL, &figure);
    add_data(work, rows, count, &figure, &time);
    plot_time(&g, rows[count - 1].ranks, &time, &figure);
    plot_efficiency(&g, rows[count - 1].ranks, &figure);
    jf_panel_finish(&figure);
    const jf_status status =
        jf_atlas_finish(&atlas, &figure, "predicted time and efficiency against ranks");
    jf_atlas_clear(&atlas);
    return status;
}
