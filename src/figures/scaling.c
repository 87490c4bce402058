#include "jepaflow/figures/scaling.h"

#include <math.h>

enum {
    MOST_DEPTHS = 8, /* colours */
    MOST_EXACT = 64  /* points of an exact line */
};

/* The exact times of a feature over all init_scales, and between them. */
static void add_exact_scaling(const jf_atlas *a, jf_feature feature, jf_figure *figure, jf_range *r)
{
    const jf_axis *scales = &a->dataset->axis[JF_P_INIT_SCALE];
    const size_t parts = 1 + MOST_EXACT / (scales->extent - 1);

    for (size_t k = 0; k + 1 < scales->extent; k++) {
        const double low = scales->values[a->survey->init_scales[k]];
        const double high = scales->values[a->survey->init_scales[k + 1]];
        const int closed = k + 2 == scales->extent;
        for (size_t j = 0; j < parts + (closed ? 1 : 0); j++) {
            feature.init_scale =
                j == parts ? high : low * pow(high / low, (double)j / (double)parts);
            jf_panel_add_pair(figure, feature.init_scale, jf_panel_exact_time(a, &feature), r);
        }
    }
}

/* Two blocks of a place and its first feature, over all init_scales. */
static void add_scaling(const jf_atlas *a, const jf_place *place, jf_figure *figure, jf_range *r)
{
    const jf_axis *scales = &a->dataset->axis[JF_P_INIT_SCALE];
    const char *const depth = a->dataset->axis[JF_P_DEPTH].labels[place->depth];
    const char *const objective = a->dataset->axis[JF_P_OBJECTIVE].labels[place->objective];
    const char *const spectrum = a->dataset->axis[JF_P_SPECTRUM].labels[place->spectrum];
    jf_place at = *place;

    jf_figure_begin(figure,
                    "%s, %s, depth %s: init_scale, exact critical time of the first feature",
                    objective, spectrum, depth);
    add_exact_scaling(a, jf_survey_feature(a->survey, place, 0), figure, r);
    jf_figure_begin(figure, "%s, %s, depth %s: init_scale, measured critical time", objective,
                    spectrum, depth);
    for (size_t k = 0; k < scales->extent; k++) {
        at.init_scale = a->survey->init_scales[k];
        jf_panel_add_pair(figure, scales->values[at.init_scale],
                          jf_survey_time(a->survey, JF_TIME_MEASURED, &at, 0), r);
    }
}

static void set_scaling_axes(const jf_atlas *a, const jf_panel_grid *g, size_t row, size_t column,
                             const jf_range *r, jf_figure *figure)
{
    const jf_axis *scales = &a->dataset->axis[JF_P_INIT_SCALE];
    const double low = scales->values[a->survey->init_scales[0]];
    const double high = scales->values[a->survey->init_scales[scales->extent - 1]];
    jf_string *s = &figure->script;

    jf_panel_set_margins(g, row, column, figure);
    jf_panel_set_heading(a, row, column, figure);
    jf_string_add(s, "set logscale xy\nset xrange [%.6g:%.6g]\nset yrange [%.6g:%.6g]\n",
                  low / pow(high / low, 0.06), high * pow(high / low, 0.06),
                  r->low / pow(r->high / r->low, 0.06), r->high * pow(r->high / r->low, 0.06));
    jf_string_add(s, "set format x '%s'\nset format y '%s'\n", high >= 9.9 * low ? "10^{%L}" : "%g",
                  r->high >= 9.9 * r->low ? "10^{%L}" : "%g");
    jf_string_add(s, "set xlabel '%s' noenhanced offset 0,0.4\n",
                  row + 1 == g->rows ? "init_scale" : "");
    jf_panel_set_left_axis(column, jf_survey_objective(a->survey, row), "critical time t*", figure);
    jf_string_add(s, "set label 3 'λ = %.3g, ρ = %.3g' at graph 0.97, graph 0.93 right\n",
                  a->dataset->lambda[column * a->dataset->features],
                  a->dataset->rho[column * a->dataset->features]);
}

static void add_scaling_row(const jf_atlas *a, const jf_panel_grid *g, size_t row,
                            const size_t *depths, size_t count, jf_figure *figure)
{
    const size_t first = figure->blocks;
    jf_range r = {INFINITY, 0.0};

    for (size_t s = 0; s < a->spectra; s++) {
        for (size_t k = 0; k < count; k++) {
            add_scaling(a, &(jf_place){row, depths[k], 0, s}, figure, &r);
        }
    }
    if (r.high <= r.low) { /* nothing, or one time: any range does */
        r = (jf_range){0.5 * fmax(r.high, 1.0), 2.0 * fmax(r.high, 1.0)};
    }
    for (size_t s = 0; s < a->spectra; s++) {
        set_scaling_axes(a, g, row, s, &r, figure);
        for (size_t k = 0; k < count; k++) {
            jf_panel_plot_series(figure, first + 2 * (s * count + k), k, count,
                                 k > 0 ? ", \\\n    " : "plot");
        }
        jf_string_add(&figure->script, "\n");
        jf_panel_end(figure);
    }
}

jf_status jf_scaling_draw(const jf_atlas *a)
{
    const jf_panel_grid g = {.rows = a->objectives,
                             .columns = a->spectra,
                             .width = jf_panel_width(a->spectra),
                             .height = 120.0,
                             .gap_x = 18.0,
                             .gap_y = 24.0,
                             .left = 58.0,
                             .right = 62.0,
                             .top = 57.0,
                             .bottom = 38.0};
    const size_t extent = a->dataset->axis[JF_P_DEPTH].extent;
    size_t depths[MOST_DEPTHS];
    const size_t count = jf_survey_choose(a->survey->depths, extent, MOST_DEPTHS, depths);
    jf_figure figure = {.name = "scaling"};

    if (a->dataset->axis[JF_P_INIT_SCALE].extent < 2) {
        jf_panel_leave_out(a, figure.name, "there is one init_scale only");
        return JF_OK;
    }
    jf_panel_begin_figure(a, &g, "first feature of each spectrum; points: measured, lines: exact",
                          &figure);
    for (size_t o = 0; o < a->objectives; o++) {
        add_scaling_row(a, &g, o, depths, count, &figure);
    }
    jf_panel_plot_legend(a, &figure, &g, "depth", JF_P_DEPTH, depths, count);
    return jf_panel_finish_figure(a, &figure, "critical times against init_scale");
}
