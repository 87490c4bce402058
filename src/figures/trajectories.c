#include "jepaflow/figures/trajectories.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

enum {
    MOST_FIGURES = 8,   /* one for each depth, if there are no more */
    MOST_CURVES = 32,   /* features of a panel */
    MOST_SAMPLES = 2000 /* points of a curve */
};

static void set_palette(jf_figure *figure)
{
    char colour[8];

    jf_string_add(&figure->script, "set palette defined (");
    for (int k = 0; k <= 9; k++) {
        jf_panel_colour(k / 9.0, colour);
        jf_string_add(&figure->script, "%s%d '%s'", k > 0 ? ", " : "", k, colour);
    }
    jf_string_add(&figure->script, ")\n");
}

/* The variable that colours a spectrum's features: rho where it varies, else lambda. */
static int coloured_by_rho(const jf_traits *t)
{
    return t->rho_varies || !t->lambda_varies;
}

static double feature_colour(const jf_atlas *a, size_t spectrum, size_t feature)
{
    const double *values =
        coloured_by_rho(&a->survey->traits[spectrum]) ? a->dataset->rho : a->dataset->lambda;

    return values[spectrum * a->dataset->features + feature];
}

/* Of `count` features some evenly spread ones are drawn, if there are many; the one of curve c. */
static size_t curves_of(size_t count)
{
    return count < MOST_CURVES ? count : MOST_CURVES;
}

static size_t curve_feature(size_t c, size_t count)
{
    return count > 1 ? c * (count - 1) / (curves_of(count) - 1) : 0;
}

/* Has samples of a trajectory. */
static int is_done(const jf_atlas *a, const jf_place *place)
{
    const size_t point = jf_survey_point(a->survey, place);

    return a->survey->status[point] == JF_POINT_DONE &&
           (jf_model_choice)a->survey->model[point] != JF_MODEL_THEORY;
}

/* The smallest init_scale of those at which most panels of a depth are done; 0 panels: none is. */
static size_t choose_scale(const jf_atlas *a, size_t depth, size_t *scale)
{
    size_t most = 0;

    for (size_t k = 0; k < a->dataset->axis[JF_P_INIT_SCALE].extent; k++) {
        size_t panels = 0;
        for (size_t o = 0; o < a->objectives; o++) {
            for (size_t s = 0; s < a->spectra; s++) {
                panels += is_done(a, &(jf_place){o, depth, a->survey->init_scales[k], s}) ? 1 : 0;
            }
        }
        if (panels > most) {
            most = panels;
            *scale = a->survey->init_scales[k];
        }
    }
    return most;
}

/* One curve: its start, its samples, and its measured critical time among them. */
static void add_curve(const jf_atlas *a, const jf_place *place, size_t feature, const double *time,
                      const double *projection, jf_figure *figure)
{
    const size_t features = a->dataset->features, samples = a->dataset->samples;
    const size_t cell = jf_survey_point(a->survey, place) * features + feature;
    const size_t stride = 1 + samples / MOST_SAMPLES;
    const double plateau = a->survey->plateau[cell];
    const double crossing = a->survey->time[JF_TIME_MEASURED][cell];
    const double colour = feature_colour(a, place->spectrum, feature);
    const double start = a->dataset->axis[JF_P_INIT_SCALE].values[place->init_scale] / plateau;
    double before = 0.0;

    jf_string_add(&figure->data, "0 %.6g %.6g\n", start, colour);
    for (size_t j = 0; j < samples; j += stride) {
        const double value = projection[j * features + feature];
        if (before < crossing && crossing < time[j]) {
            jf_string_add(&figure->data, "%.8g %.6g %.6g\n", crossing, a->threshold, colour);
        }
        if (!isnan(time[j]) && !isnan(value)) {
            jf_string_add(&figure->data, "%.8g %.6g %.6g\n", time[j], value / plateau, colour);
        }
        before = time[j];
    }
    jf_string_add(&figure->data, "\n");
}

/* Curves, and then a block of the exact critical times. */
static jf_status add_curves(const jf_atlas *a, const jf_place *place, jf_figure *figure)
{
    const jf_dataset *d = a->dataset;
    const size_t point = jf_survey_point(a->survey, place);
    const size_t count = a->survey->traits[place->spectrum].features;
    double *time = malloc(d->samples * (1 + d->features) * sizeof *time);

    if (time == NULL) {
        return jf_fail_memory("a figure");
    }
    double *projection = time + d->samples;
    jf_status status = jf_dataset_read_point(d, "time", point, time);
    if (status == JF_OK) {
        status = jf_dataset_read_point(d, "projection", point, projection);
    }
    const char *const objective = d->axis[JF_P_OBJECTIVE].labels[place->objective];
    const char *const spectrum = d->axis[JF_P_SPECTRUM].labels[place->spectrum];
    jf_figure_begin(figure, "%s, %s: flow time, projection / plateau, colour; measured", objective,
                    spectrum);
    for (size_t c = 0; c < curves_of(count) && status == JF_OK; c++) {
        add_curve(a, place, curve_feature(c, count), time, projection, figure);
    }
    jf_figure_begin(figure, "%s, %s: exact critical time, threshold", objective, spectrum);
    for (size_t c = 0; c < curves_of(count) && status == JF_OK; c++) {
        const size_t i = curve_feature(c, count);
        jf_string_add(&figure->data, "%.10g %.6g\n",
                      jf_survey_time(a->survey, JF_TIME_EXACT, place, i), a->threshold);
    }
    free(time);
    return status;
}

/* 1, 2 or 5 times a power of ten, such that at most five of them fit into `span`. */
static double tic_step(double span)
{
    static const double steps[] = {1.0, 2.0, 5.0};
    const double decade = pow(10.0, floor(log10(span / 5.0)));

    for (size_t k = 0; k < 3; k++) {
        if (5.0 * steps[k] * decade >= span) {
            return steps[k] * decade;
        }
    }
    return 10.0 * decade;
}

/* The part of time that a panel shows. */
typedef struct {
    double begin, end; /* flow time; NaN: no feature has a critical time */
    double unit;       /* of the axis, a power of ten */
    int logarithmic;
} window;

/* Take in the rise of a feature, by the closed form: from 5 % to 95 % of its plateau. */
static void take_in(const jf_atlas *a, const jf_feature *feature, window *w)
{
    const double low = fmin(0.05, 0.5 * a->threshold);
    const double high = fmax(0.95, 0.5 * (1.0 + a->threshold));
    double begin, end;

    if (jf_feature_critical_time(feature, low, &begin) != JF_REACHED) {
        begin = 0.0;
    }
    if (jf_feature_critical_time(feature, high, &end) == JF_REACHED) {
        w->begin = fmin(w->begin, begin);
        w->end = fmax(w->end, end);
    }
}

/*
 * The rises of all features: linear, where gaps are seen, and from 0 unless that is far off;
 * logarithmic where critical times span decades.
 */
static window find_window(const jf_atlas *a, const jf_place *place)
{
    window w = {.begin = NAN, .end = NAN, .unit = 1.0};
    double first = NAN, last = NAN;

    for (size_t i = 0; i < a->survey->traits[place->spectrum].features; i++) {
        const jf_feature feature = jf_survey_feature(a->survey, place, i);
        const double time = jf_survey_time(a->survey, JF_TIME_EXACT, place, i);
        first = fmin(first, time);
        last = fmax(last, time);
        take_in(a, &feature, &w);
    }
    w.logarithmic = last > 30.0 * first;
    if (w.logarithmic) {
        w.begin = 0.3 * first;
        w.end *= 2.0;
    } else if (!isnan(w.end)) {
        const double decade = floor(log10(w.end));
        w.begin = w.begin > 0.5 * w.end ? fmax(0.0, w.begin - 0.3 * (w.end - w.begin)) : 0.0;
        w.end += 0.08 * (w.end - w.begin);
        w.unit = fabs(decade) > 2.0 ? pow(10.0, decade) : 1.0;
    }
    return w;
}

static void set_time_axis(const window *w, jf_figure *figure)
{
    jf_string *s = &figure->script;

    if (isnan(w->end)) {
        jf_string_add(s, "unset logscale x\nset xrange [0:*]\nset xtics autofreq\n");
    } else if (w->logarithmic) {
        jf_string_add(s, "set logscale x\nset xrange [%.6g:%.6g]\nset xtics autofreq\n", w->begin,
                      w->end);
    } else {
        jf_string_add(s, "unset logscale x\nset xrange [%.6g:%.6g]\nset xtics %.6g\n",
                      w->begin / w->unit, w->end / w->unit,
                      tic_step((w->end - w->begin) / w->unit));
    }
    jf_string_add(s, "set format x '%s'\nset xlabel 'flow time t",
                  w->logarithmic ? "10^{%L}" : "%g");
    if (w->unit != 1.0) {
        jf_string_add(s, " / 10^{%.0f}", log10(w->unit));
    }
    jf_string_add(s, "' offset 0,0.3\n");
}

/*
 * Curves through their samples: monotone splines, made in the window and a little beyond, as
 * straight pieces would show the samples' spacing and not the flow.
 */
static void plot_curves(const jf_atlas *a, const jf_place *place, const window *w, size_t block,
                        jf_figure *figure)
{
    jf_string *s = &figure->script;
    const size_t count = a->survey->traits[place->spectrum].features;

    jf_string_add(s, "unit = %.6g\nnear(t) = ", w->unit);
    if (isnan(w->end)) {
        jf_string_add(s, "t / unit\nplot");
    } else {
        jf_string_add(s, "t >= %.6g && t <= %.6g ? t / unit : NaN\nplot", 0.95 * w->begin,
                      1.05 * w->end);
    }
    for (size_t c = 0; c < curves_of(count); c++) {
        jf_string_add(
            s,
            " '%s.dat' index %zu every :::%zu::%zu using (near($1)):2 smooth mcsplines with "
            "lines linewidth 1.3 linecolor palette cb %.6g, \\\n    ",
            figure->name, block, c, c, feature_colour(a, place->spectrum, curve_feature(c, count)));
    }
    jf_string_add(s,
                  " '%s.dat' index %zu using ($1/unit):2 with points pointtype 6 pointsize 0.6 "
                  "linewidth 0.8 linecolor rgb '#000000'\n",
                  figure->name, block + 1);
}

/* Below the last panel of a column: what its colours mean. */
static void set_colours(const jf_atlas *a, const jf_panel_grid *g, size_t row, size_t column,
                        jf_figure *figure)
{
    const jf_traits *t = &a->survey->traits[column];
    const int by_rho = coloured_by_rho(t);
    const double low = by_rho ? t->low_rho : t->low_lambda;
    const double high = by_rho ? t->high_rho : t->high_lambda;
    jf_string *s = &figure->script;

    jf_string_add(s, "set cbrange [%.6g:%.6g]\n", low, high > low ? high : low * 1.0001);
    if (row + 1 < g->rows || high <= low) {
        jf_string_add(s, "unset colorbox\n");
        return;
    }
    jf_string_add(s,
                  "set colorbox horizontal user origin screen %.5f, screen %.5f size screen %.5f, "
                  "screen %.5f\nset cbtics %.6g, %.6g, %.6g scale 0.4 offset 0,0.4\nset cblabel '",
                  (g->left + (double)column * (g->width + g->gap_x)) / figure->width,
                  37.0 / figure->height, g->width / figure->width, 6.0 / figure->height, low,
                  (high - low) / 2.0, high);
    jf_string_add(s, by_rho ? "ρ" : "λ");
    if (by_rho && t->lambda_varies) {
        jf_string_add(s, "   (λ from %.3g to %.3g)", t->low_lambda, t->high_lambda);
    } else {
        jf_string_add(s, "   (%s = %.3g)", by_rho ? "λ" : "ρ", by_rho ? t->low_lambda : t->low_rho);
    }
    jf_string_add(s, "' offset 0,0.8\n");
}

static jf_status add_trajectories(const jf_atlas *a, const jf_panel_grid *g, const jf_place *place,
                                  jf_figure *figure)
{
    const size_t row = place->objective, column = place->spectrum;
    jf_string *s = &figure->script;

    jf_panel_set_margins(g, row, column, figure);
    jf_panel_set_heading(a, row, column, figure);
    jf_string_add(s, "set yrange [0:1.08]\nset ytics 0.5\nset format y '%%g'\n");
    jf_panel_set_left_axis(column, jf_survey_objective(a->survey, row), "projection / plateau",
                           figure);
    const window w = find_window(a, place);
    set_time_axis(&w, figure);
    set_colours(a, g, row, column, figure);
    if (!is_done(a, place)) {
        jf_string_add(s, "set label 3 'not done' at graph 0.5, graph 0.5 center\n"
                         "set xrange [0:1]\nunset logscale x\nset format x ''\nset xlabel ''\nplot "
                         "NaN with lines\n");
        jf_panel_end(figure);
        return JF_OK;
    }
    const size_t block = figure->blocks;
    JF_TRY(add_curves(a, place, figure));
    plot_curves(a, place, &w, block, figure);
    jf_panel_end(figure);
    return JF_OK;
}

static jf_status draw_trajectories(const jf_atlas *a, size_t depth)
{
    const jf_dataset *d = a->dataset;
    const char *label = d->axis[JF_P_DEPTH].labels[depth];
    const jf_panel_grid g = {.rows = a->objectives,
                             .columns = a->spectra,
                             .width = jf_panel_width(a->spectra),
                             .height = 105.0,
                             .gap_x = 18.0,
                             .gap_y = 46.0,
                             .left = 54.0,
                             .right = 16.0,
                             .top = 57.0,
                             .bottom = 88.0};
    jf_figure figure = {0};
    char text[160];
    size_t scale = 0;

    snprintf(figure.name, sizeof figure.name, "trajectories-depth%.20s", label);
    if (choose_scale(a, depth, &scale) == 0) {
        jf_panel_leave_out(a, figure.name, "no trajectory of this depth is done");
        return JF_OK;
    }
    snprintf(text, sizeof text, "depth %.20s, init_scale %.4g; circles: exact critical times",
             label, d->axis[JF_P_INIT_SCALE].values[scale]);
    jf_panel_begin_figure(a, &g, text, &figure);
    set_palette(&figure);
    jf_string_add(&figure.script, "set samples 500\n");
    jf_status status = JF_OK;
    for (size_t o = 0; o < a->objectives && status == JF_OK; o++) {
        for (size_t s = 0; s < a->spectra && status == JF_OK; s++) {
            status = add_trajectories(a, &g, &(jf_place){o, depth, scale, s}, &figure);
        }
    }
    if (status == JF_OK) {
        return jf_panel_finish_figure(a, &figure, "projections against time");
    }
    jf_figure_clear(&figure);
    return status;
}

jf_status jf_trajectories_draw(const jf_atlas *a)
{
    const size_t depths = a->dataset->axis[JF_P_DEPTH].extent;

    if (a->dataset->samples == 0 || !a->survey->measured) {
        jf_panel_leave_out(a, "trajectories", "the dataset has no samples of any");
        return JF_OK;
    }
    for (size_t k = 0; k < depths; k++) {
        if (depths <= MOST_FIGURES || k == 0 || k + 1 == depths) {
            JF_TRY(draw_trajectories(a, a->survey->depths[k]));
        }
    }
    return JF_OK;
}
