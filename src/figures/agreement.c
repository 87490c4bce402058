#include "jepaflow/figures/agreement.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/panel.h"
#include "jepaflow/report/statistics.h"

enum { MOST_STEPS = 256 }; /* points of a curve */

/* What is left of a deviation of 0 on a logarithmic axis: the rounding of a double. */
static const double least_deviation = 1e-16;

/* A figure while it is made. */
typedef struct {
    jf_atlas *atlas;
    jf_figure figure;
    jf_panel_grid grid;
    jf_legend legend;
    jf_range range;
    double tolerance;  /* NaN where it varies */
    double *deviation; /* of one objective's cells */
    size_t count;
    size_t curves;
} drawing;

/* ---- data ---- */

static void add_point(drawing *m, size_t point)
{
    const jf_survey *s = m->atlas->survey;
    const size_t features = m->atlas->dataset->features;

    for (size_t c = point * features; c < (point + 1) * features; c++) {
        const double deviation =
            fabs(s->time[JF_TIME_MEASURED][c] / s->time[JF_TIME_EXACT][c] - 1.0);
        if (!isnan(deviation)) {
            m->deviation[m->count++] = fmax(deviation, least_deviation);
        }
    }
}

/* At evenly spread shares, the first and the last cell among them. */
static void add_curve(drawing *m, size_t objective)
{
    const char *label = m->atlas->dataset->axis[JF_P_OBJECTIVE].labels[objective];
    const size_t steps = m->count < MOST_STEPS ? m->count : MOST_STEPS;

    (void)jf_statistics_median(m->count, m->deviation); /* which sorts them */
    jf_figure_begin(&m->figure, "%s, %zu cells: |measured / exact - 1|, share of cells at most so",
                    label, m->count);
    for (size_t k = 0; k < steps; k++) {
        const size_t at = jf_statistics_spread(k, steps, m->count);
        jf_string_add(&m->figure.data, "%.6g %.6g\n", m->deviation[at],
                      (double)(at + 1) / (double)m->count);
        jf_range_add(&m->range, m->deviation[at]);
    }
}

static void add_objective(drawing *m, size_t objective)
{
    const jf_dataset *d = m->atlas->dataset;
    const size_t block = d->points / d->axis[JF_P_OBJECTIVE].extent; /* the first axis is slowest */
    const jf_objective which = jf_survey_objective(m->atlas->survey, objective);
    jf_legend_entry entry = {.dash = jf_style_dash(m->curves)};

    m->count = 0;
    for (size_t p = objective * block; p < (objective + 1) * block; p++) {
        if (jf_survey_keeps(m->atlas->survey, p)) {
            add_point(m, p);
        }
    }
    if (m->count == 0) {
        return;
    }
    add_curve(m, objective);
    snprintf(entry.name, sizeof entry.name, "%s, %zu cells", jf_panel_objective_name(which),
             m->count);
    snprintf(entry.colour, sizeof entry.colour, "%s",
             jf_style_category(m->figure.style, m->curves));
    jf_legend_add(&m->legend, &entry);
    m->curves++;
}

/* ---- page ---- */

static void find_tolerance(drawing *m)
{
    const jf_atlas *a = m->atlas;
    const size_t axis = jf_dataset_axis(a->dataset, JF_P_TOLERANCE);
    jf_legend_entry entry = {.name = "tolerance", .dash = "(2,3)"};

    m->tolerance = NAN;
    if (axis < JF_PARAMETERS && a->axis[axis].count > 1) {
        return;
    }
    m->tolerance = a->survey->tolerance;
    jf_range_add(&m->range, m->tolerance);
    snprintf(entry.colour, sizeof entry.colour, "%s", jf_style_look(a->style)->soft);
    jf_legend_add(&m->legend, &entry);
}

static void write_subtitle(const drawing *m, jf_string *text)
{
    const size_t departs = m->atlas->survey->departs;

    jf_string_add(text, "critical times, measured against exact: distribution over all features "
                        "and points");
    if (departs > 0) {
        jf_string_add(text, " but %zu that leave the assumption", departs);
    }
}

static void plot_curves(drawing *m)
{
    const jf_panel_axis x = {
        .name = "x", .kind = JF_AXIS_LOG, .range = m->range, .length = m->grid.width};
    const jf_panel_axis y = {.name = "y", .range = {0.0, 1.0}, .length = m->grid.height};
    jf_string *s = &m->figure.script;

    jf_panel_set_place(&m->grid, 0, 0, &m->figure);
    jf_axis_set(&m->figure, &x);
    jf_axis_set(&m->figure, &y);
    jf_panel_set_labels(&m->grid, 0, 0, "|measured / exact − 1|", "share of cells", &m->figure);
    if (!isnan(m->tolerance)) {
        jf_string_add(s,
                      "set arrow from %g, graph 0 to %g, graph 1 nohead linewidth 1 dashtype (2,3) "
                      "linecolor rgb soft back\n",
                      m->tolerance, m->tolerance);
    }
    for (size_t k = 0; k < m->curves; k++) {
        jf_string_add(
            s, "%s '%s.dat' index %zu with steps linewidth 1.3 dashtype %s linecolor rgb '%s'",
            k > 0 ? ", \\\n    " : "plot", m->figure.name, k, jf_style_dash(k),
            jf_style_category(m->figure.style, k));
    }
    jf_string_add(s, "\n");
    jf_panel_end(&m->figure);
}

static jf_status draw(drawing *m)
{
    jf_string subtitle = {0};

    for (size_t o = 0; o < m->atlas->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        add_objective(m, o);
    }
    if (m->curves == 0) {
        return jf_atlas_leave_out(m->atlas, "agreement",
                                  "no feature of a point that keeps the assumption has both a "
                                  "measured and an exact critical time");
    }
    find_tolerance(m);
    write_subtitle(m, &subtitle);
    JF_TRY(jf_string_check(&subtitle));
    jf_panel_begin(&m->grid, m->atlas->dataset->title, subtitle.text, &m->legend, &m->figure);
    jf_string_clear(&subtitle);
    plot_curves(m);
    jf_panel_finish(&m->figure);
    return jf_atlas_finish(m->atlas, &m->figure, "agreement of measured and exact critical times");
}

jf_status jf_agreement_draw(jf_atlas *a)
{
    drawing m = {
        .atlas = a,
        .figure = {.name = "agreement", .style = a->style},
        .grid = {.rows = 1,
                 .columns = 1,
                 .height = 100.0,
                 .left = 36.0,
                 .right = 10.0,
                 .bottom = 27.0,
                 .heading = 3.0},
        .range = {INFINITY, -INFINITY},
    };

    m.deviation = malloc((a->dataset->points * a->dataset->features + 1) * sizeof *m.deviation);
    const jf_status status = m.deviation != NULL ? draw(&m) : jf_fail_memory("a figure");
    free(m.deviation);
    jf_figure_clear(&m.figure);
    return status;
}
