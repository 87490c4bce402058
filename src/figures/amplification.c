#include "jepaflow/figures/amplification.h"

#include <math.h>

enum {
    MOST_SPECTRA = 4, /* rows */
    MOST_SCALES = 6,  /* colours */
    MOST_EXACT = 256  /* points of an exact line */
};

/*
 * The axis goes no lower than this. Ratios below it are no amplification: the feature of low rho
 * starts just under its threshold, as its plateau is hardly above init_scale.
 */
static const double lowest_ratio = 0.6;

static double exact_ratio(const jf_atlas *a, const jf_place *place, size_t depth)
{
    const jf_traits *t = &a->survey->traits[place->spectrum];
    jf_feature low = jf_survey_feature(a->survey, place, t->at_low_rho);
    jf_feature high = jf_survey_feature(a->survey, place, t->at_high_rho);

    low.depth = high.depth = depth;
    return jf_panel_exact_time(a, &low) / jf_panel_exact_time(a, &high);
}

/* Two blocks of a place, over all depths; exact also between those of the sweep. */
static void add_amplification(const jf_atlas *a, const jf_place *place, jf_figure *figure,
                              jf_range *r)
{
    const jf_axis *depths = &a->dataset->axis[JF_P_DEPTH];
    const char *const objective = a->dataset->axis[JF_P_OBJECTIVE].labels[place->objective];
    const char *const spectrum = a->dataset->axis[JF_P_SPECTRUM].labels[place->spectrum];
    const char *const scale = a->dataset->axis[JF_P_INIT_SCALE].labels[place->init_scale];
    const size_t first = (size_t)depths->values[a->survey->depths[0]];
    const size_t last = (size_t)depths->values[a->survey->depths[depths->extent - 1]];
    const size_t step = 1 + (last - first) / MOST_EXACT;
    jf_place at = *place;

    jf_figure_begin(figure, "%s, %s, init_scale %s: depth, exact t*(lowest rho) / t*(highest rho)",
                    objective, spectrum, scale);
    for (size_t depth = first; depth <= last; depth += step) {
        jf_panel_add_pair(figure, (double)depth, exact_ratio(a, place, depth), r);
    }
    jf_figure_begin(figure, "%s, %s, init_scale %s: depth, measured ratio", objective, spectrum,
                    scale);
    for (size_t k = 0; k < depths->extent; k++) {
        at.depth = a->survey->depths[k];
        jf_panel_add_pair(figure, depths->values[at.depth],
                          jf_survey_amplification(a->survey, JF_TIME_MEASURED, &at), r);
    }
}

/* A row is a spectrum, a column an objective. */
static void set_amplification_axes(const jf_atlas *a, const jf_panel_grid *g, size_t row,
                                   size_t column, size_t spectrum, const jf_range *r,
                                   jf_figure *figure)
{
    const jf_axis *depths = &a->dataset->axis[JF_P_DEPTH];
    const double first = depths->values[a->survey->depths[0]];
    const double last = depths->values[a->survey->depths[depths->extent - 1]];
    const jf_traits *t = &a->survey->traits[spectrum];
    jf_string *s = &figure->script;

    jf_panel_set_margins(g, row, column, figure);
    jf_string_add(s, "set title '{/:Bold %s}' offset 0,-0.4\n",
                  row == 0 ? jf_panel_objective_name(jf_survey_objective(a->survey, column)) : "");
    if (last > 20.0 * first) {
        jf_string_add(s, "set logscale x 2\nset xrange [%.6g:%.6g]\n", 0.9 * first, 1.1 * last);
    } else {
        jf_string_add(s, "set xrange [%.6g:%.6g]\nset xtics %d\n",
                      first - 0.04 * (last - first) - 0.1, last + 0.04 * (last - first) + 0.1,
                      (int)((last - first) / 8.0) + 1);
    }
    const double low = fmax(r->low, lowest_ratio);
    const double room = 0.06 * (r->high - low) + 0.01;
    if (r->high > 10.0 * low) {
        jf_string_add(s, "set logscale y\nset yrange [%.6g:%.6g]\n", 0.9 * low, 1.15 * r->high);
    } else {
        jf_string_add(s, "unset logscale y\nset yrange [%.6g:%.6g]\n", low - room, r->high + room);
    }
    if (r->low < lowest_ratio && column + 1 == g->columns) {
        jf_string_add(s,
                      "set label 3 'lowest: %.2g' at graph 1.06, graph 0.04 left textcolor rgb "
                      "'#606060'\n",
                      r->low);
    }
    jf_string_add(s, "set format y '%s'\nset xlabel '%s' offset 0,0.4\nset ylabel ",
                  column == 0 ? "%g" : "", row + 1 == g->rows ? "depth" : "");
    if (column == 0) {
        jf_string_add(s, "'t*(ρ = %.3g) / t*(ρ = %.3g)'", t->low_rho, t->high_rho);
    } else {
        jf_string_add(s, "''");
    }
    jf_string_add(s, "\nset arrow 1 from graph 0, first 1 to graph 1, first 1 nohead linewidth 0.7 "
                     "dashtype 2 linecolor rgb '#808080' back\n");
}

static void add_amplification_row(const jf_atlas *a, const jf_panel_grid *g, size_t row,
                                  size_t spectrum, const size_t *scales, size_t count,
                                  jf_figure *figure)
{
    const size_t first = figure->blocks;
    jf_range r = {1.0, 1.0};

    for (size_t o = 0; o < a->objectives; o++) {
        for (size_t k = 0; k < count; k++) {
            add_amplification(a, &(jf_place){o, 0, scales[k], spectrum}, figure, &r);
        }
    }
    for (size_t o = 0; o < a->objectives; o++) {
        set_amplification_axes(a, g, row, o, spectrum, &r, figure);
        for (size_t k = 0; k < count; k++) {
            jf_panel_plot_series(figure, first + 2 * (o * count + k), k, count,
                                 k > 0 ? ", \\\n    " : "plot");
        }
        jf_string_add(&figure->script, "\n");
        jf_panel_end(figure);
    }
}

/* The spectra of one lambda in which rho varies; returns their number, at most MOST_SPECTRA. */
static size_t find_one_lambda(const jf_atlas *a, size_t *spectra)
{
    size_t count = 0;

    for (size_t s = 0; s < a->dataset->axis[JF_P_SPECTRUM].extent && count < MOST_SPECTRA; s++) {
        if (a->survey->traits[s].rho_varies && !a->survey->traits[s].lambda_varies) {
            spectra[count++] = s;
        }
    }
    return count;
}

jf_status jf_amplification_draw(const jf_atlas *a)
{
    const jf_axis *axis = &a->dataset->axis[JF_P_INIT_SCALE];
    size_t spectra[MOST_SPECTRA], scales[MOST_SCALES];
    const size_t rows = find_one_lambda(a, spectra);
    const size_t count =
        jf_survey_choose(a->survey->init_scales, axis->extent, MOST_SCALES, scales);
    const jf_panel_grid g = {.rows = rows,
                             .columns = a->objectives,
                             .width = 170.0,
                             .height = 130.0,
                             .gap_x = 16.0,
                             .gap_y = 24.0,
                             .left = 58.0,
                             .right = 100.0,
                             .top = 57.0,
                             .bottom = 38.0};
    jf_figure figure = {.name = "amplification"};

    if (rows == 0) {
        jf_panel_leave_out(a, figure.name,
                           "there is no spectrum of one lambda in which rho varies");
        return JF_OK;
    }
    if (a->dataset->axis[JF_P_DEPTH].extent < 2) {
        jf_panel_leave_out(a, figure.name, "there is one depth only");
        return JF_OK;
    }
    jf_panel_begin_figure(a, &g, "lowest over highest ρ; points: measured, lines: exact", &figure);
    for (size_t s = 0; s < rows; s++) {
        add_amplification_row(a, &g, s, spectra[s], scales, count, &figure);
    }
    jf_string_add(&figure.script, "unset arrow\n");
    jf_panel_plot_legend(a, &figure, &g, "init_scale", JF_P_INIT_SCALE, scales, count);
    return jf_panel_finish_figure(a, &figure, "depth amplification");
}
