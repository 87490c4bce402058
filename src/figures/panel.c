#include "jepaflow/figures/panel.h"

#include <math.h>
#include <string.h>

/* Lengths in points. */
#define TEXT_LINE 9.5
static const double margin = 4.0; /* around all */

const char *jf_panel_objective_name(jf_objective objective)
{
    static const char *const names[JF_OBJECTIVES] = {"JEPA", "MAE"};

    return names[objective];
}

/* ---- lines of text ---- */

/* How a text above the panels looks: size and distance of lines, points; how many there may be. */
typedef struct {
    double size, spacing;
    size_t most;
    const char *look;
} type;

static const type of_title = {JF_STYLE_TITLE, 11.0, 3, "textcolor rgb ink font title_font"};
static const type of_subtitle = {JF_STYLE_TEXT, TEXT_LINE, 4, "textcolor rgb soft"};

/*
 * The bytes of the next line: as many words as fit, or as much of a long one. `next` is where the
 * line after it begins.
 */
static size_t break_line(const char *text, double size, double width, const char **next)
{
    size_t length = jf_style_text_fit(text, size, width);

    if (text[length] != '\0') {
        size_t space = length;
        while (space > 0 && text[space] != ' ') {
            space--;
        }
        length = space > 0 ? space : length;
    }
    *next = text + length + strspn(text + length, " ");
    return length;
}

static size_t count_lines(const char *text, const type *t, double width)
{
    size_t lines = 0;

    while (*text != '\0' && lines < t->most) {
        (void)break_line(text, t->size, width, &text);
        lines++;
    }
    return lines;
}

/* Lines of text, centred, the first at `y` from the top; of a text that is too long, "…". */
static void draw_lines(jf_figure *figure, const char *text, const type *t, double y)
{
    const double width = figure->width - 2.0 * margin;
    jf_string *s = &figure->script;
    char line[512];

    for (size_t k = 0; *text != '\0' && k < t->most; k++, y += t->spacing) {
        const char *next;
        const int last = k + 1 == t->most;
        size_t length = break_line(text, t->size, width - (last ? t->size : 0.0), &next);
        length = length < sizeof line - 4 ? length : sizeof line - 4;
        snprintf(line, sizeof line, "%.*s%s", (int)length, text, last && *next != '\0' ? "…" : "");
        jf_string_add(s, "set label ");
        jf_gnuplot_quote(s, line, sizeof line);
        jf_string_add(s, " at screen 0.5, screen %.5f center noenhanced %s\n",
                      1.0 - (y + 0.5 * t->spacing) / figure->height, t->look);
        text = next;
    }
}

/* ---- the page ---- */

/* From the top of the figure to the top of a row's panels. */
static double row_top(const jf_panel_grid *g, size_t row)
{
    return g->top + g->crown + g->heading + (double)row * (g->height + g->gap_y + g->heading);
}

static double column_left(const jf_panel_grid *g, size_t column)
{
    return g->left + (double)column * (g->width + g->gap_x);
}

void jf_panel_begin(jf_panel_grid *g, const char *title, const char *subtitle,
                    const jf_legend *legend, jf_figure *figure)
{
    const double gaps = (double)(g->columns - 1) * g->gap_x;
    const int titled = jf_style_look(figure->style)->titled;

    if (g->width == 0.0) {
        g->width = (JF_STYLE_WIDTH - g->left - g->right - gaps) / (double)g->columns;
    }
    figure->width = g->left + (double)g->columns * g->width + gaps + g->right;
    const double room = figure->width - 2.0 * margin;
    const double titles =
        titled ? of_title.spacing * (double)count_lines(title, &of_title, room) : 0.0;
    const double subtitles = TEXT_LINE * (double)count_lines(subtitle, &of_subtitle, room);
    g->top = margin + titles + subtitles + (titles + subtitles > 0.0 ? 3.0 : 0.0);
    g->foot = legend != NULL ? jf_legend_height(legend, figure->width) : 0.0;
    figure->height = row_top(g, g->rows - 1) + g->height + g->bottom + g->foot;
    jf_string_add(&figure->script, "set multiplot\n"
                                   "set border 3 linewidth 0.6 linecolor rgb soft\n"
                                   "set tics out nomirror scale 0.45,0.25 textcolor rgb ink\n"
                                   "set xtics offset 0,0.45\nset ytics offset 0.5,0\n"
                                   "set grid linetype 1 linewidth 0.4 linecolor rgb faint\n"
                                   "set key off\n");
    if (titled) {
        draw_lines(figure, title, &of_title, margin);
    }
    draw_lines(figure, subtitle, &of_subtitle, margin + titles);
    if (legend != NULL) {
        jf_legend_draw(legend, figure);
    }
}

void jf_panel_finish(jf_figure *figure)
{
    jf_string_add(&figure->script, "\nunset multiplot\n");
}

/* ---- a panel ---- */

void jf_panel_set_place(const jf_panel_grid *g, size_t row, size_t column, jf_figure *figure)
{
    const double x = column_left(g, column), y = figure->height - row_top(g, row);

    jf_string_add(&figure->script,
                  "\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
                  "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
                  x / figure->width, (x + g->width) / figure->width, y / figure->height,
                  (y - g->height) / figure->height);
}

double jf_panel_foot(const jf_panel_grid *g, size_t row, const jf_figure *figure)
{
    return figure->height - row_top(g, row) - g->height;
}

void jf_panel_end(jf_figure *figure)
{
    jf_string_add(&figure->script, "unset label\nunset arrow\nunset object\n");
}

void jf_panel_set_crown(const jf_panel_grid *g, size_t column, const char *text, jf_figure *figure)
{
    jf_string_add(&figure->script,
                  "set label '{/:Bold %s}' at screen %.5f, screen %.5f center textcolor rgb ink\n",
                  text, (column_left(g, column) + 0.5 * g->width) / figure->width,
                  1.0 - (g->top + 0.5 * g->crown) / figure->height);
}

void jf_panel_set_heading(const jf_panel_grid *g, size_t row, const char *name, const char *what,
                          jf_figure *figure)
{
    const double width =
        figure->width - g->left - fmax(g->right, margin) - jf_style_text_width(what, JF_STYLE_TEXT);
    const int whole = jf_style_text_width(name, JF_STYLE_TEXT) <= width;
    const size_t bytes =
        jf_style_text_fit(name, JF_STYLE_TEXT, width - (whole ? 0.0 : JF_STYLE_TEXT));
    char line[512];

    snprintf(line, sizeof line, "%.*s%s%s", (int)(bytes < 256 ? bytes : 256), name,
             whole ? "" : "…", what);
    jf_string_add(&figure->script, "set label ");
    jf_gnuplot_quote(&figure->script, line, sizeof line);
    jf_string_add(&figure->script,
                  " at screen %.5f, screen %.5f left noenhanced textcolor rgb ink\n",
                  g->left / figure->width,
                  1.0 - (row_top(g, row) - g->heading + 0.5 * TEXT_LINE) / figure->height);
}

/* At places of our own: terminals differ in theirs. A label of y may be longer than its panel. */
void jf_panel_set_labels(const jf_panel_grid *g, size_t row, size_t column, const char *x,
                         const char *y, jf_figure *figure)
{
    const double left = column_left(g, column), foot = jf_panel_foot(g, row, figure);
    const double end = column == 0 ? 0.0 : left - g->gap_x;
    jf_string *s = &figure->script;

    jf_string_add(s, "set label '%s' at screen %.5f, screen %.5f center textcolor rgb ink\n", x,
                  (left + 0.5 * g->width) / figure->width, (foot - 19.0) / figure->height);
    jf_string_add(s,
                  "set label '%s' at screen %.5f, screen %.5f center rotate by 90 textcolor rgb "
                  "ink\n",
                  y, (end + 7.0) / figure->width, (foot + 0.5 * g->height) / figure->height);
}

void jf_panel_set_note(const char *text, jf_figure *figure)
{
    jf_string_add(&figure->script,
                  "set label '%s' at graph 0.5, graph 0.5 center textcolor rgb soft\n", text);
}

/* ---- data and series ---- */

void jf_panel_add_pair(jf_figure *figure, double x, double y, jf_range *r)
{
    if (isnan(y)) {
        jf_string_add(&figure->data, "%.10g NaN\n", x); /* a sign of NaN would not be understood */
    } else {
        jf_string_add(&figure->data, "%.10g %.10g\n", x, y);
        jf_range_add(r, y);
    }
}

void jf_panel_plot_series(jf_figure *figure, size_t block, size_t k, size_t count,
                          const char *comma)
{
    char colour[8];

    jf_style_series(figure->style, k, count, colour);
    jf_string_add(&figure->script,
                  "%s '%s.dat' index %zu with lines linewidth 1 linecolor rgb '%s', \\\n"
                  "     '' index %zu with points pointtype %d pointsize 0.6*mark linecolor rgb "
                  "'%s'",
                  comma, figure->name, block, colour, block + 1, jf_style_mark(k), colour);
}

void jf_panel_set_palette(jf_figure *figure)
{
    char colour[8];

    jf_string_add(&figure->script, "set palette defined (");
    for (int k = 0; k <= 10; k++) {
        jf_style_ordered(figure->style, k / 10.0, colour);
        jf_string_add(&figure->script, "%s%d '%s'", k > 0 ? ", " : "", k, colour);
    }
    jf_string_add(&figure->script, ")\n");
}
