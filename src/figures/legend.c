#include "jepaflow/figures/legend.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Lengths in points. */
static const double line_height = 11.0;
static const double foot = 4.0;        /* below the last line */
static const double side = 6.0;        /* left and right of all */
static const double sample = 15.0;     /* a mark, a line or a box */
static const double near_sample = 3.0; /* from it to its name */
static const double between = 9.0;     /* entries */

void jf_legend_add(jf_legend *legend, const jf_legend_entry *entry)
{
    assert(legend->count < JF_LEGEND_ENTRIES);
    legend->entry[legend->count++] = *entry;
}

void jf_legend_add_series(jf_legend *legend, jf_style style, const char *name, size_t k,
                          size_t count)
{
    jf_legend_entry entry = {.mark = jf_style_mark(k), .dash = "solid"};

    snprintf(entry.name, sizeof entry.name, "%s", name);
    jf_style_series(style, k, count, entry.colour);
    jf_legend_add(legend, &entry);
}

static double title_width(const jf_legend *legend)
{
    return legend->title[0] == '\0' ? 0.0
                                    : jf_style_text_width(legend->title, JF_STYLE_TEXT) + between;
}

/* Limited, so that each fits into a line, the first one with the title. */
static double name_width(const jf_legend *legend, size_t k, double width)
{
    const double most = width - 2.0 * side - sample - near_sample - title_width(legend);

    return fmin(jf_style_text_width(legend->entry[k].name, JF_STYLE_TEXT), most);
}

/* Where entries go: a line of them at a time. */
typedef struct {
    size_t first, last; /* entries first ... last-1 */
    double width;       /* with the title, where it is the first line */
} line;

static line next_line(const jf_legend *legend, size_t first, double width)
{
    line l = {first, first, first == 0 ? title_width(legend) : 0.0};

    for (; l.last < legend->count; l.last++) {
        const double more = sample + near_sample + name_width(legend, l.last, width) +
                            (l.last > first ? between : 0.0);
        if (l.last > first && l.width + more > width - 2.0 * side) {
            break;
        }
        l.width += more;
    }
    return l;
}

double jf_legend_height(const jf_legend *legend, double width)
{
    double height = 0.0;

    for (size_t next = 0; next < legend->count; height += line_height) {
        next = next_line(legend, next, width).last;
    }
    return height > 0.0 ? height + foot : 0.0;
}

static void draw_text(jf_figure *figure, const char *text, double width, double x, double y)
{
    const int whole = jf_style_text_width(text, JF_STYLE_TEXT) <= width + 0.1;
    const size_t bytes =
        jf_style_text_fit(text, JF_STYLE_TEXT, width + 0.1 - (whole ? 0.0 : JF_STYLE_TEXT));
    char cut[80];

    snprintf(cut, sizeof cut, "%.*s%s", (int)bytes, text, whole ? "" : "…");
    jf_string_add(&figure->script, "set label ");
    jf_gnuplot_quote(&figure->script, cut, sizeof cut);
    jf_string_add(&figure->script,
                  " at screen %.5f, screen %.5f left noenhanced textcolor rgb ink\n",
                  x / figure->width, y / figure->height);
}

static void draw_sample(jf_figure *figure, const jf_legend_entry *e, double x, double y)
{
    const double left = x / figure->width, right = (x + sample) / figure->width;
    const double middle = (x + 0.5 * sample) / figure->width, half = 2.8 / figure->height;
    jf_string *s = &figure->script;

    if (e->box) {
        jf_string_add(s,
                      "set object rectangle from screen %.5f, screen %.5f to screen %.5f, screen "
                      "%.5f fillstyle solid noborder fillcolor rgb '%s'\n",
                      left, y / figure->height - half, right, y / figure->height + half, e->colour);
    }
    if (e->dash != NULL) {
        jf_string_add(s,
                      "set arrow from screen %.5f, screen %.5f to screen %.5f, screen %.5f nohead "
                      "linewidth 1 dashtype %s linecolor rgb '%s'\n",
                      left, y / figure->height, right, y / figure->height, e->dash, e->colour);
    }
    if (e->mark != 0) {
        jf_string_add(s,
                      "set label '' at screen %.5f, screen %.5f point pointtype %d pointsize "
                      "0.7*mark linecolor rgb '%s'\n",
                      middle, y / figure->height, e->mark, e->colour);
    }
}

static void draw_line(const jf_legend *legend, const line *l, double y, jf_figure *figure)
{
    double x = 0.5 * (figure->width - l->width);

    if (l->first == 0 && legend->title[0] != '\0') {
        draw_text(figure, legend->title, figure->width, x, y);
        x += title_width(legend);
    }
    for (size_t k = l->first; k < l->last; k++) {
        const jf_legend_entry *e = &legend->entry[k];
        const double width = name_width(legend, k, figure->width);
        draw_sample(figure, e, x, y);
        draw_text(figure, e->name, width, x + sample + near_sample, y);
        x += sample + near_sample + width + between;
    }
}

void jf_legend_draw(const jf_legend *legend, jf_figure *figure)
{
    double y = jf_legend_height(legend, figure->width) - 0.5 * line_height;

    for (size_t next = 0; next < legend->count; y -= line_height) {
        const line l = next_line(legend, next, figure->width);
        draw_line(legend, &l, y, figure);
        next = l.last;
    }
}
