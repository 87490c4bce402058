#include "jepaflow/figures/panel.h"

#include <assert.h>
#include <math.h>

/* Width of a character, on the wide side, of the title, points; DejaVu Sans at 9.5. */
static const double title_character = 7.0;

static const char *const objective_names[JF_OBJECTIVES] = {"JEPA", "MAE"};

const char *jf_panel_objective_name(jf_objective objective)
{
    return objective_names[objective];
}

void jf_panel_begin_figure(const jf_atlas *a, const jf_panel_grid *g, const char *subtitle,
                           jf_figure *figure)
{
    jf_string *s = &figure->script;
    const double columns = (double)g->columns, rows = (double)g->rows;

    figure->width = g->left + columns * g->width + (columns - 1.0) * g->gap_x + g->right;
    figure->height = g->top + rows * g->height + (rows - 1.0) * g->gap_y + g->bottom;
    jf_string_add(s, "set multiplot\n"
                     "set border 3 linewidth 0.7 linecolor rgb '#404040'\n"
                     "set tics out nomirror scale 0.6,0.3 textcolor rgb '#202020'\n"
                     "set grid linetype 1 linewidth 0.4 linecolor rgb '#e0e0e0'\n"
                     "set key off\n");
    jf_string_add(s, "set label 1 ");
    jf_gnuplot_quote(s, a->dataset->title, (size_t)(figure->width / title_character));
    jf_string_add(s, " at screen 0.5, screen %.4f center noenhanced font title_font\n",
                  1.0 - 12.0 / figure->height);
    jf_string_add(s,
                  "set label 2 '%s' at screen 0.5, screen %.4f center noenhanced textcolor rgb "
                  "'#404040'\n",
                  subtitle, 1.0 - 27.0 / figure->height);
}

void jf_panel_set_margins(const jf_panel_grid *g, size_t row, size_t column, jf_figure *figure)
{
    const double x = g->left + (double)column * (g->width + g->gap_x);
    const double y = figure->height - g->top - (double)row * (g->height + g->gap_y);

    jf_string_add(&figure->script,
                  "\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
                  "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
                  x / figure->width, (x + g->width) / figure->width, y / figure->height,
                  (y - g->height) / figure->height);
}

void jf_panel_end(jf_figure *figure)
{
    jf_string_add(&figure->script, "unset label\n");
}

void jf_panel_set_heading(const jf_atlas *a, size_t row, size_t spectrum, jf_figure *figure)
{
    jf_string_add(&figure->script, "set title ");
    jf_gnuplot_quote(&figure->script,
                     row == 0 ? a->dataset->axis[JF_P_SPECTRUM].labels[spectrum] : "", 24);
    jf_string_add(&figure->script, " noenhanced offset 0,-0.4\n");
}

void jf_panel_set_left_axis(size_t column, jf_objective objective, const char *what,
                            jf_figure *figure)
{
    if (column == 0) {
        jf_string_add(&figure->script, "set ylabel \"{/:Bold %s}\\n%s\"\n",
                      objective_names[objective], what);
    } else {
        jf_string_add(&figure->script, "set ylabel ''\nset format y ''\n");
    }
}

void jf_panel_colour(double x, char text[8])
{
    static const int table[][3] = {
        {0x44, 0x01, 0x54}, {0x48, 0x24, 0x75}, {0x41, 0x44, 0x87}, {0x35, 0x5f, 0x8d},
        {0x2a, 0x78, 0x8e}, {0x21, 0x91, 0x8c}, {0x22, 0xa8, 0x84}, {0x44, 0xbf, 0x70},
        {0x7a, 0xd1, 0x51}, {0x9b, 0xd9, 0x3c},
    };
    enum { LAST = sizeof table / sizeof table[0] - 1 };
    const double place = x * LAST;
    const size_t k = place >= LAST ? LAST - 1 : (size_t)place;
    int mixed[3];

    for (size_t c = 0; c < 3; c++) {
        mixed[c] = (int)lround(table[k][c] + (place - (double)k) * (table[k + 1][c] - table[k][c]));
    }
    snprintf(text, 8, "#%02x%02x%02x", (unsigned)mixed[0] & 0xff, (unsigned)mixed[1] & 0xff,
             (unsigned)mixed[2] & 0xff);
}

/* Colour k of `count` for things that are drawn as separate curves. */
static void series_colour(size_t k, size_t count, char text[8])
{
    jf_panel_colour(count > 1 ? (double)k / (double)(count - 1) : 0.0, text);
}

jf_status jf_panel_finish_figure(const jf_atlas *a, jf_figure *figure, const char *what)
{
    jf_string_add(&figure->script, "\nunset multiplot\n");
    const jf_status status = jf_figure_draw(figure, a->folder, a->format);
    if (status == JF_OK) {
        fprintf(a->out, "%s/%s.%s  %s\n", a->folder, figure->name,
                jf_plot_format_names()[a->format], what);
    }
    jf_figure_clear(figure);
    return status;
}

void jf_panel_leave_out(const jf_atlas *a, const char *name, const char *why)
{
    fprintf(a->out, "%s: left out, %s\n", name, why);
}

double jf_panel_width(size_t columns)
{
    static const double widths[] = {220.0, 220.0, 170.0, 124.0, 100.0};

    return widths[columns < JF_PANEL_COLUMNS ? columns : JF_PANEL_COLUMNS];
}

double jf_panel_exact_time(const jf_atlas *a, const jf_feature *feature)
{
    double time = NAN;

    (void)jf_feature_critical_time(feature, a->threshold, &time); /* NaN where there is none */
    return time;
}

static void widen(jf_range *r, double value)
{
    if (value > 0.0 && isfinite(value)) {
        r->low = fmin(r->low, value);
        r->high = fmax(r->high, value);
    }
}

void jf_panel_add_pair(jf_figure *figure, double x, double y, jf_range *r)
{
    if (isnan(y)) {
        jf_string_add(&figure->data, "%.10g NaN\n", x); /* a sign of NaN would not be understood */
    } else {
        jf_string_add(&figure->data, "%.10g %.10g\n", x, y);
        widen(r, y);
    }
}

static const int point_types[] = {7, 5, 9, 13, 11, 6, 4, 8}; /* filled shapes, then open ones */

void jf_panel_plot_series(jf_figure *figure, size_t block, size_t k, size_t count,
                          const char *comma)
{
    char colour[8];

    series_colour(k, count, colour);
    jf_string_add(&figure->script,
                  "%s '%s.dat' index %zu with lines linewidth 1 linecolor rgb '%s', \\\n"
                  "     '' index %zu with points pointtype %d pointsize 0.7 linecolor rgb '%s'",
                  comma, figure->name, block, colour, block + 1, point_types[k % 8], colour);
}

/* In a panel of its own, without axes, as large as the page. */
void jf_panel_begin_legend(jf_figure *figure, const jf_panel_grid *g, double margin,
                           const char *title)
{
    const double middle =
        (g->bottom + 0.5 * (figure->height - g->top - g->bottom)) / figure->height;

    jf_string_add(&figure->script,
                  "\nset lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\n"
                  "set bmargin at screen 0\nunset border\nunset tics\nunset grid\nset title ''\n"
                  "set xlabel ''\nset ylabel ''\nunset logscale\nset xrange [0:1]\nset yrange "
                  "[0:1]\nset key at screen %.5f, screen %.5f left center vertical Left reverse "
                  "samplen 2.2 spacing 1.3 title '%s' noenhanced\nplot",
                  (figure->width - g->right + margin) / figure->width, middle, title);
}

void jf_panel_plot_names(jf_figure *figure, const jf_panel_grid *g, const char *title,
                         const char *const *names, size_t count)
{
    jf_panel_begin_legend(figure, g, 10.0, title);
    for (size_t k = 0; k < count; k++) {
        char colour[8];
        series_colour(k, count, colour);
        jf_string_add(
            &figure->script,
            "%s NaN with linespoints linewidth 1 pointtype %d pointsize 0.7 linecolor rgb "
            "'%s' title '%s'",
            k > 0 ? ", \\\n    " : "", point_types[k % 8], colour, names[k]);
    }
    jf_string_add(&figure->script, "\n");
}

void jf_panel_plot_legend(const jf_atlas *a, jf_figure *figure, const jf_panel_grid *g,
                          const char *title, jf_parameter_id axis, const size_t *chosen,
                          size_t count)
{
    enum { MOST = 8, SIZE = 24 };
    char text[MOST][SIZE];
    const char *names[MOST];

    assert(count <= MOST);
    for (size_t k = 0; k < count; k++) {
        snprintf(text[k], SIZE, "%.3g", a->dataset->axis[axis].values[chosen[k]]);
        names[k] = text[k];
    }
    jf_panel_plot_names(figure, g, title, names, count);
}
