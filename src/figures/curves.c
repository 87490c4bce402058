#include "jepaflow/figures/curves.h"

#include <math.h>
#include <string.h>

#include "jepaflow/report/statistics.h"

enum {
    MOST_EXACT = 64,  /* points of an exact line against init_scale */
    MOST_DEPTHS = 256 /* likewise against depth */
};

/* A figure while it is made. */
typedef struct {
    jf_atlas *atlas;
    const jf_curves *c;
    jf_figure figure;
    jf_panel_grid grid;
    jf_legend legend;
    size_t series[JF_ATLAS_SERIES], count; /* values of the axis that makes the series */
    size_t cells, holes;                   /* places of points, and those without a number */
    size_t departs;                        /* of which the assumption does not hold */
    double below;                          /* the lowest number below the limit, or NaN */
} curves;

/* ---- data ---- */

static jf_place place_at(const curves *m, size_t row, size_t column, size_t k, size_t x)
{
    jf_place place = {.objective = m->atlas->axis[JF_P_OBJECTIVE].value[column],
                      .spectrum = m->c->rows.spectrum[row]};

    place.depth = m->c->x == JF_P_DEPTH ? x : m->series[k];
    place.init_scale = m->c->x == JF_P_DEPTH ? m->series[k] : x;
    return place;
}

static void add_number(curves *m, double x, double y, jf_range *r)
{
    jf_range unlimited = {INFINITY, -INFINITY};

    jf_panel_add_pair(&m->figure, x, y, &unlimited);
    if (y < m->c->lowest) {
        m->below = fmin(m->below, y);
        y = m->c->lowest;
    }
    jf_range_add(r, y);
}

/* At all whole numbers between the lowest and the highest depth, or evenly spread ones of many. */
static jf_status add_exact_depths(curves *m, const jf_place *place, jf_range *r)
{
    const jf_axis *axis = &m->atlas->dataset->axis[JF_P_DEPTH];
    const jf_sorted *sorted = &m->atlas->axis[JF_P_DEPTH];
    const size_t first = (size_t)axis->values[sorted->value[0]];
    const size_t last = (size_t)axis->values[sorted->value[sorted->count - 1]];
    const double scale = m->atlas->dataset->axis[JF_P_INIT_SCALE].values[place->init_scale];
    const size_t extent = last - first + 1, count = extent < MOST_DEPTHS ? extent : MOST_DEPTHS;

    for (size_t k = 0; k < count; k++) {
        const size_t depth = first + jf_statistics_spread(k, count, extent);
        double y;
        JF_TRY(m->c->exact(m->atlas, place, depth, scale, &y));
        add_number(m, (double)depth, y, r);
    }
    return JF_OK;
}

/* At all init_scales, and between them. */
static jf_status add_exact_scales(curves *m, const jf_place *place, jf_range *r)
{
    const double *values = m->atlas->dataset->axis[JF_P_INIT_SCALE].values;
    const jf_sorted *sorted = &m->atlas->axis[JF_P_INIT_SCALE];
    const size_t depth = (size_t)m->atlas->dataset->axis[JF_P_DEPTH].values[place->depth];
    const size_t parts = 1 + MOST_EXACT / (sorted->count - 1);

    for (size_t k = 0; k + 1 < sorted->count; k++) {
        const double low = values[sorted->value[k]], high = values[sorted->value[k + 1]];
        const size_t closed = k + 2 == sorted->count ? 1 : 0;
        for (size_t j = 0; j < parts + closed; j++) {
            const double scale =
                j == parts ? high : low * pow(high / low, (double)j / (double)parts);
            double y;
            JF_TRY(m->c->exact(m->atlas, place, depth, scale, &y));
            add_number(m, scale, y, r);
        }
    }
    return JF_OK;
}

static void name_block(curves *m, const jf_place *place, const char *what)
{
    const jf_axis *axis = m->atlas->dataset->axis;
    const jf_parameter_id other = m->c->x == JF_P_DEPTH ? JF_P_INIT_SCALE : JF_P_DEPTH;
    const size_t value = other == JF_P_DEPTH ? place->depth : place->init_scale;

    jf_figure_begin(&m->figure, "%s, %s, %s %s: %s, %s %s",
                    axis[JF_P_OBJECTIVE].labels[place->objective],
                    axis[JF_P_SPECTRUM].labels[place->spectrum], jf_parameter_get(other)->name,
                    axis[other].labels[value], jf_parameter_get(m->c->x)->name, what, m->c->what);
}

/* Two blocks: the exact line and the measured points of a series. */
static jf_status add_series(curves *m, size_t row, size_t column, size_t k, jf_range *r)
{
    const jf_axis *axis = &m->atlas->dataset->axis[m->c->x];
    const jf_sorted *sorted = &m->atlas->axis[m->c->x];
    const jf_place first = place_at(m, row, column, k, sorted->value[0]);

    name_block(m, &first, "exact");
    JF_TRY(m->c->x == JF_P_DEPTH ? add_exact_depths(m, &first, r) : add_exact_scales(m, &first, r));
    name_block(m, &first, "measured");
    for (size_t i = 0; i < sorted->count; i++) {
        const jf_place place = place_at(m, row, column, k, sorted->value[i]);
        double y;
        JF_TRY(m->c->measured(m->atlas, &place, &y));
        m->cells++;
        m->holes += isnan(y) ? 1 : 0;
        m->departs +=
            jf_survey_departs(m->atlas->survey, jf_survey_point(m->atlas->survey, &place)) ? 1 : 0;
        add_number(m, axis->values[sorted->value[i]], y, r);
    }
    return JF_OK;
}

/* ---- page ---- */

static void choose_series(curves *m)
{
    const size_t other = m->c->x == JF_P_DEPTH ? JF_P_INIT_SCALE : JF_P_DEPTH;
    char name[64];

    m->count = jf_atlas_thin(m->atlas, other, m->c->most_series, m->series);
    snprintf(m->legend.title, sizeof m->legend.title, "%s",
             jf_parameter_get((jf_parameter_id)other)->name);
    for (size_t k = 0; k < m->count; k++) {
        jf_atlas_name(m->atlas, other, m->series[k], name, sizeof name);
        jf_legend_add_series(&m->legend, m->figure.style, name, k, m->count);
    }
}

/* What it shows, and what is not there. */
static void write_subtitle(const curves *m, jf_string *text)
{
    static const size_t shown[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_INIT_SCALE, JF_P_SPECTRUM};

    jf_string_add(text, "%s; ", m->c->subtitle);
    if (!m->atlas->survey->measured) {
        jf_string_add(text, "lines: exact; nothing measured");
    } else {
        jf_string_add(text, "points: measured, lines: %s",
                      m->departs > 0 ? "closed form" : "exact");
        if (m->departs > 0) {
            jf_string_add(text, ", whose assumption %zu of %zu points leave", m->departs, m->cells);
        }
        if (m->holes > 0) {
            jf_string_add(text, "; %zu of %zu points have no time", m->holes, m->cells);
        }
    }
    if (!isnan(m->below)) {
        jf_string_add(text, "; down to %.2g not shown", m->below);
    }
    if (m->c->rows.count < m->c->rows.of) {
        jf_string_add(text, "; %zu of %zu spectra", m->c->rows.count, m->c->rows.of);
    }
    jf_atlas_add_place(m->atlas, shown, sizeof shown / sizeof shown[0], text);
}

static jf_range range_of_x(const curves *m)
{
    const double *values = m->atlas->dataset->axis[m->c->x].values;
    const jf_sorted *sorted = &m->atlas->axis[m->c->x];

    return (jf_range){values[sorted->value[0]], values[sorted->value[sorted->count - 1]]};
}

static void set_axes(curves *m, size_t row, size_t column, const jf_range *r)
{
    const int last = row + 1 == m->grid.rows;
    const jf_panel_axis x = {.name = "x",
                             .kind = m->c->x == JF_P_DEPTH ? JF_AXIS_INTEGER : JF_AXIS_LOG,
                             .range = range_of_x(m),
                             .length = m->grid.width,
                             .bare = !last};
    const jf_panel_axis y = {
        .name = "y", .kind = m->c->kind, .range = *r, .length = m->grid.height};

    jf_panel_set_place(&m->grid, row, column, &m->figure);
    jf_axis_set(&m->figure, &x);
    jf_axis_set(&m->figure, &y);
    jf_panel_set_labels(&m->grid, row, column,
                        !last                   ? ""
                        : m->c->x == JF_P_DEPTH ? "depth L"
                                                : "init\\_scale ε",
                        column == 0 ? m->c->label : "", &m->figure);
}

static void draw_panel(curves *m, size_t row, size_t column, size_t first, const jf_range *r)
{
    const size_t objective = m->atlas->axis[JF_P_OBJECTIVE].value[column];
    char text[128];

    set_axes(m, row, column, r);
    if (row == 0) {
        jf_panel_set_crown(
            &m->grid, column,
            jf_panel_objective_name(jf_survey_objective(m->atlas->survey, objective)), &m->figure);
    }
    if (column == 0) {
        m->c->heading(m->atlas, m->c->rows.spectrum[row], text);
        jf_panel_set_heading(
            &m->grid, row, m->atlas->dataset->axis[JF_P_SPECTRUM].labels[m->c->rows.spectrum[row]],
            text, &m->figure);
    }
    if (!(r->high >= r->low)) {
        jf_panel_set_note("no time", &m->figure);
    }
    if (!isnan(m->c->reference)) {
        jf_string_add(&m->figure.script,
                      "set arrow from graph 0, first %g to graph 1, first %g nohead linewidth 0.7 "
                      "dashtype (6,4) linecolor rgb soft back\n",
                      m->c->reference, m->c->reference);
    }
    for (size_t k = 0; k < m->count; k++) {
        jf_panel_plot_series(&m->figure, first + 2 * k, k, m->count, k > 0 ? ", \\\n    " : "plot");
    }
    jf_string_add(&m->figure.script, "\n");
    jf_panel_end(&m->figure);
}

static jf_status draw(curves *m)
{
    const size_t columns = m->grid.columns, panels = m->grid.rows * columns;
    jf_range range[JF_ATLAS_ROWS * JF_OBJECTIVES];
    jf_string subtitle = {0};

    for (size_t p = 0; p < panels; p++) {
        range[p] = (jf_range){INFINITY, -INFINITY};
        jf_range_add(&range[p], m->c->reference);
        for (size_t k = 0; k < m->count; k++) {
            JF_TRY(add_series(m, p / columns, p % columns, k, &range[p]));
        }
    }
    write_subtitle(m, &subtitle);
    JF_TRY(jf_string_check(&subtitle));
    jf_panel_begin(&m->grid, m->atlas->dataset->title, subtitle.text, &m->legend, &m->figure);
    jf_string_clear(&subtitle);
    for (size_t p = 0; p < panels; p++) {
        draw_panel(m, p / columns, p % columns, 2 * p * m->count, &range[p]);
    }
    jf_panel_finish(&m->figure);
    return jf_atlas_finish(m->atlas, &m->figure, m->c->what);
}

jf_status jf_curves_draw(jf_atlas *a, const jf_curves *c)
{
    curves m = {
        .atlas = a,
        .c = c,
        .figure = {.style = a->style},
        .grid = {.rows = c->rows.count,
                 .columns = a->axis[JF_P_OBJECTIVE].count,
                 .height = 68.0,
                 .left = 40.0,
                 .right = 7.0,
                 .gap_x = 30.0,
                 .gap_y = 7.0,
                 .bottom = 25.0,
                 .crown = 11.0,
                 .heading = 14.0},
        .below = NAN,
    };

    if (a->axis[c->x].count < 2) {
        return jf_atlas_leave_out(a, c->name,
                                  c->x == JF_P_DEPTH ? "there is one depth only"
                                                     : "there is one init_scale only");
    }
    snprintf(m.figure.name, sizeof m.figure.name, "%s", c->name);
    choose_series(&m);
    const jf_status status = draw(&m);
    jf_figure_clear(&m.figure);
    return status;
}
