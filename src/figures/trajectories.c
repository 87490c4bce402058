#include "jepaflow/figures/trajectories.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/panel.h"
#include "jepaflow/report/statistics.h"

enum {
    MOST_CURVES = 32, /* features of a panel */
    LEAST_SAMPLES = 3 /* of a curve that is smoothed: gnuplot ends where there is none */
};

/* Of a panel's width and height: samples closer than that are one. */
static const double resolution = 0.015;

/* The bar of colours: from the panels to it, its width, from it to its numbers; points. */
static const double bar_left = 8.0, bar_width = 5.0, bar_numbers = 6.0;

/* A figure while it is made. */
typedef struct {
    jf_atlas *atlas;
    jf_figure figure;
    jf_panel_grid grid;
    size_t spectrum[JF_ATLAS_ROWS]; /* of each row */
    size_t depth, scale;            /* number of the values */
    int raw;                        /* projections as they are */
    size_t near[MOST_CURVES];       /* samples of each curve of the panel near its window */
} drawing;

/* Has samples of a trajectory. */
static int is_done(const jf_survey *s, size_t point)
{
    return s->status[point] == JF_POINT_DONE && (jf_model_choice)s->model[point] != JF_MODEL_THEORY;
}

/* The variable that colours a spectrum's features: rho where it varies, else lambda. */
static int coloured_by_rho(const jf_traits *t)
{
    return t->rho_varies || !t->lambda_varies;
}

static double feature_colour(const jf_atlas *a, size_t spectrum, size_t feature)
{
    const double *values =
        coloured_by_rho(&a->survey->traits[spectrum]) ? a->survey->rho : a->survey->lambda;

    return values[spectrum * a->dataset->features + feature];
}

/* Of `count` features some evenly spread ones are drawn, if there are many; the one of curve c. */
static size_t curves_of(size_t count)
{
    return count < MOST_CURVES ? count : MOST_CURVES;
}

static size_t curve_feature(size_t c, size_t count)
{
    return jf_statistics_spread(c, curves_of(count), count);
}

static jf_place place_of(const drawing *m, size_t row, size_t column)
{
    return (jf_place){m->atlas->axis[JF_P_OBJECTIVE].value[column], m->depth, m->scale,
                      m->spectrum[row]};
}

static int is_there(const jf_atlas *a, const jf_place *place)
{
    return is_done(a->survey, jf_survey_point(a->survey, place));
}

/* The smallest init_scale of those at which most panels are done; 0 panels: none is. */
static size_t choose_scale(drawing *m)
{
    const jf_sorted *scales = &m->atlas->axis[JF_P_INIT_SCALE];
    size_t most = 0, best = scales->value[0];

    for (size_t k = 0; k < scales->count; k++) {
        size_t panels = 0;
        m->scale = scales->value[k];
        for (size_t p = 0; p < m->grid.rows * m->grid.columns; p++) {
            const jf_place place = place_of(m, p / m->grid.columns, p % m->grid.columns);
            panels += is_there(m->atlas, &place) ? 1 : 0;
        }
        if (panels > most) {
            most = panels;
            best = m->scale;
        }
    }
    m->scale = best;
    return most;
}

/* ---- time ---- */

/* The part of time that a panel shows. */
typedef struct {
    double begin, end; /* flow time; NaN: no feature has a critical time */
    double unit;       /* of the axis, a power of ten */
    int logarithmic;
} window;

/* Take in the rise of a feature, by the closed form: from 5 % to 95 % of its plateau. */
static void take_in(const jf_atlas *a, const jf_feature *feature, window *w)
{
    const double low = fmin(0.05, 0.5 * a->survey->threshold);
    const double high = fmax(0.95, 0.5 * (1.0 + a->survey->threshold));
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

/* ---- data ---- */

/* Where a curve crosses: the threshold, in the units of its panel. */
static double crossing_of(const drawing *m, const jf_place *place, size_t feature)
{
    const jf_feature f = jf_survey_feature(m->atlas->survey, place, feature);

    return m->raw ? m->atlas->survey->threshold * jf_feature_plateau(&f)
                  : m->atlas->survey->threshold;
}

/* How far outside its window a time lies, in widths of the window. */
static double outside(const window *w, double time)
{
    return fmax(0.0, fmax(w->begin - time, time - w->end) / (w->end - w->begin));
}

/*
 * Do two samples lie further apart than what the picture shows as one, the less exactly the further
 * they are outside of it? Rises hold many samples, and each costs a curve of the SVG.
 */
static int is_apart(const window *w, const double a[2], const double b[2])
{
    const double x = w->logarithmic ? log(b[0] / a[0]) / log(w->end / w->begin)
                                    : (b[0] - a[0]) / (w->end - w->begin);

    return !(hypot(x / (1.0 + outside(w, b[0])), b[1] - a[1]) < resolution);
}

/* In the window, or a little beyond it. */
static int is_near(const window *w, double time)
{
    return isnan(w->end) || (time >= 0.95 * w->begin && time <= 1.05 * w->end);
}

/* A curve being written. */
typedef struct {
    const window *window;
    double unit;   /* of projections over their plateau */
    double colour; /* what colours it */
    size_t near;   /* samples so far that are near the window */
} curve;

static void add_sample(drawing *m, curve *c, const double at[2])
{
    jf_string_add(&m->figure.data, "%.8g %.6g %.6g\n", at[0], at[1] * c->unit, c->colour);
    c->near += is_near(c->window, at[0]) ? 1 : 0;
}

/*
 * One curve: its start, its samples, and its measured critical time among them. Returns how many of
 * them are near the window.
 */
static size_t add_curve(drawing *m, const jf_place *place, size_t feature, const window *w,
                        const double *time, const double *projection)
{
    const jf_atlas *a = m->atlas;
    const jf_feature f = jf_survey_feature(a->survey, place, feature);
    const double plateau = jf_feature_plateau(&f);
    const double crossing[2] = {jf_survey_time(a->survey, JF_TIME_MEASURED, place, feature),
                                a->survey->threshold};
    curve c = {w, m->raw ? plateau : 1.0, feature_colour(a, place->spectrum, feature), 0};
    const size_t features = a->dataset->features, samples = a->dataset->samples;
    double last[2] = {0.0, f.init_scale / plateau};

    add_sample(m, &c, last);
    for (size_t j = 0; j < samples; j++) {
        const double next[2] = {time[j], projection[j * features + feature] / plateau};
        if (isnan(next[0]) || isnan(next[1])) {
            continue;
        }
        if (last[0] < crossing[0] && crossing[0] < next[0]) {
            add_sample(m, &c, crossing);
            memcpy(last, crossing, sizeof last);
        }
        if (is_apart(w, last, next) || j + 1 == samples) {
            add_sample(m, &c, next);
            memcpy(last, next, sizeof last);
        }
    }
    jf_string_add(&m->figure.data, "\n");
    return c.near;
}

/* Curves, and then a block of the exact critical times. */
static void add_curves(drawing *m, const jf_place *place, const window *w, const double *time,
                       const double *projection)
{
    const jf_dataset *d = m->atlas->dataset;
    const size_t count = m->atlas->survey->traits[place->spectrum].features;
    const char *const objective = d->axis[JF_P_OBJECTIVE].labels[place->objective];
    const char *const spectrum = d->axis[JF_P_SPECTRUM].labels[place->spectrum];

    jf_figure_begin(&m->figure, "%s, %s: flow time, %s, %s; measured", objective, spectrum,
                    m->raw ? "projection" : "projection / plateau",
                    coloured_by_rho(&m->atlas->survey->traits[place->spectrum]) ? "rho" : "lambda");
    for (size_t c = 0; c < curves_of(count); c++) {
        m->near[c] = add_curve(m, place, curve_feature(c, count), w, time, projection);
    }
    jf_figure_begin(&m->figure, "%s, %s: exact critical time, threshold", objective, spectrum);
    for (size_t c = 0; c < curves_of(count); c++) {
        const size_t i = curve_feature(c, count);
        jf_range unused;
        jf_panel_add_pair(&m->figure, jf_survey_time(m->atlas->survey, JF_TIME_EXACT, place, i),
                          crossing_of(m, place, i), &unused);
    }
}

/* No later than the last sample, beyond which nothing is drawn. */
static jf_status end_with_samples(drawing *m, const jf_place *place, window *w)
{
    const jf_dataset *d = m->atlas->dataset;
    double *time = malloc(d->samples * sizeof *time);
    double last = NAN;

    if (time == NULL) {
        return jf_fail_memory("a figure");
    }
    const jf_status status =
        jf_dataset_read_point(d, "time", jf_survey_point(m->atlas->survey, place), time);
    for (size_t j = 0; j < d->samples && status == JF_OK; j++) {
        last = fmax(last, time[j]);
    }
    free(time);
    if (last > w->begin && last < w->end) {
        w->end = last;
    }
    return status;
}

static jf_status read_curves(drawing *m, const jf_place *place, const window *w)
{
    const jf_dataset *d = m->atlas->dataset;
    const size_t point = jf_survey_point(m->atlas->survey, place);
    double *time = malloc(d->samples * (1 + d->features) * sizeof *time);

    if (time == NULL) {
        return jf_fail_memory("a figure");
    }
    double *projection = time + d->samples;
    jf_status status = jf_dataset_read_point(d, "time", point, time);
    if (status == JF_OK) {
        status = jf_dataset_read_point(d, "projection", point, projection);
    }
    if (status == JF_OK) {
        add_curves(m, place, w, time, projection);
    }
    free(time);
    return status;
}

/* ---- axes ---- */

static void set_time_axis(drawing *m, const window *w)
{
    const jf_panel_axis axis = {.name = "x",
                                .kind = w->logarithmic ? JF_AXIS_LOG : JF_AXIS_LINEAR,
                                .range = {w->begin / w->unit, w->end / w->unit},
                                .length = m->grid.width,
                                .tight = 1};

    if (isnan(w->end)) {
        jf_string_add(&m->figure.script,
                      "unset logscale x\nset xrange [0:*]\nset xtics autofreq\n");
    } else {
        jf_axis_set(&m->figure, &axis);
    }
}

/* The range of a row: both objectives on one scale. */
static void set_projection_axis(drawing *m, size_t row, size_t column)
{
    jf_panel_axis axis = {.name = "y",
                          .range = {0.0, m->raw ? 0.0 : 1.0},
                          .length = m->grid.height,
                          .bare = column > 0};

    for (size_t c = 0; m->raw && c < m->grid.columns; c++) {
        const jf_place place = place_of(m, row, c);
        for (size_t i = 0; i < m->atlas->survey->traits[place.spectrum].features; i++) {
            const jf_feature f = jf_survey_feature(m->atlas->survey, &place, i);
            jf_range_add(&axis.range, jf_feature_plateau(&f));
        }
    }
    jf_axis_set(&m->figure, &axis);
}

static void set_labels(drawing *m, const window *w, size_t row, size_t column)
{
    char text[64] = "flow time t";

    if (w->unit != 1.0) {
        snprintf(text, sizeof text, "flow time t / 10^{%.0f}", log10(w->unit));
    }
    jf_panel_set_labels(&m->grid, row, column, text,
                        column > 0 ? ""
                        : m->raw   ? "projection"
                                   : "projection / plateau",
                        &m->figure);
}

/* Of the features that have a curve (see plot_curves()), or of all where none has. */
static jf_range range_of_colours(const jf_atlas *a, size_t spectrum)
{
    const jf_traits *t = &a->survey->traits[spectrum];
    const int by_rho = coloured_by_rho(t);
    jf_range r = {INFINITY, -INFINITY};

    for (size_t i = 0; i < t->features; i++) {
        if (a->survey->rho[spectrum * a->dataset->features + i] > 0.0) {
            jf_range_add(&r, feature_colour(a, spectrum, i));
        }
    }
    return r.low <= r.high ? r
                           : (jf_range){by_rho ? t->low_rho : t->low_lambda,
                                        by_rho ? t->high_rho : t->high_lambda};
}

/* The numbers beside a bar of colours: its ends and its middle. */
static void name_colours(const jf_range *r, char text[3][16])
{
    snprintf(text[0], sizeof text[0], "%.3g", r->low);
    snprintf(text[1], sizeof text[1], "%.3g", 0.5 * (r->low + r->high));
    snprintf(text[2], sizeof text[2], "%.3g", r->high);
}

/* Beside the panels: a bar, and the numbers of all rows. */
static double room_of_colours(const drawing *m)
{
    double widest = 0.0;
    char text[3][16];

    for (size_t row = 0; row < m->grid.rows; row++) {
        const jf_range r = range_of_colours(m->atlas, m->spectrum[row]);
        name_colours(&r, text);
        for (size_t k = 0; k < 3; k++) {
            widest = fmax(widest, jf_style_text_width(text[k], JF_STYLE_TEXT));
        }
    }
    return bar_left + bar_width + bar_numbers + widest;
}

/* Right of a row: what its colours mean. */
static void set_colours(drawing *m, size_t row, size_t column)
{
    const jf_range r = range_of_colours(m->atlas, m->spectrum[row]);
    const int by_rho = coloured_by_rho(&m->atlas->survey->traits[m->spectrum[row]]);
    const double x = m->figure.width - m->grid.right + bar_left;
    const double y = jf_panel_foot(&m->grid, row, &m->figure);
    jf_string *s = &m->figure.script;
    char text[3][16];

    jf_string_add(s, "set cbrange [%.6g:%.6g]\nunset colorbox\n", r.low,
                  r.high > r.low ? r.high : r.low + 1e-4 * fabs(r.low));
    if (column + 1 < m->grid.columns || r.high <= r.low) {
        return;
    }
    name_colours(&r, text);
    jf_string_add(s,
                  "set colorbox vertical user origin screen %.5f, screen %.5f size screen %.5f, "
                  "screen %.5f noborder\n"
                  "set cbtics ('%s' %.6g, '%s' %.6g, '%s' %.6g) scale 0.4 offset -0.6,0\n"
                  "set label '%s' at screen %.5f, screen %.5f center textcolor rgb ink\n",
                  x / m->figure.width, y / m->figure.height, bar_width / m->figure.width,
                  m->grid.height / m->figure.height, text[0], r.low, text[1],
                  0.5 * (r.low + r.high), text[2], r.high, by_rho ? "ρ" : "λ",
                  (x + 0.5 * bar_width) / m->figure.width,
                  (y + m->grid.height + 5.5) / m->figure.height);
}

static void set_headings(drawing *m, size_t row, size_t column)
{
    const jf_survey *s = m->atlas->survey;
    const size_t objective = m->atlas->axis[JF_P_OBJECTIVE].value[column];
    char text[128];

    if (row == 0) {
        jf_panel_set_crown(&m->grid, column,
                           jf_panel_objective_name(jf_survey_objective(s, objective)), &m->figure);
    }
    if (column == 0) {
        jf_atlas_spectrum(m->atlas, m->spectrum[row], text);
        jf_panel_set_heading(&m->grid, row,
                             m->atlas->dataset->axis[JF_P_SPECTRUM].labels[m->spectrum[row]], text,
                             &m->figure);
    }
}

/* ---- page ---- */

/* Features of data may predict nothing: they have no plateau to be measured by. */
static int has_plateau(const drawing *m, const jf_place *place, size_t feature)
{
    return jf_survey_feature(m->atlas->survey, place, feature).rho > 0.0;
}

/*
 * Curves through their samples: monotone splines, made in the window and a little beyond, as
 * straight pieces would show the samples' spacing and not the flow. Of few samples there all are
 * drawn, by straight pieces.
 */
static void plot_curves(drawing *m, const jf_place *place, const window *w, size_t block)
{
    const size_t count = m->atlas->survey->traits[place->spectrum].features;
    jf_string *s = &m->figure.script;

    jf_string_add(s, "unit = %.6g\nnear(t) = ", w->unit);
    if (isnan(w->end)) {
        jf_string_add(s, "t / unit\nplot");
    } else {
        jf_string_add(s, "t >= %.6g && t <= %.6g ? t / unit : NaN\nplot", 0.95 * w->begin,
                      1.05 * w->end);
    }
    for (size_t c = 0; c < curves_of(count); c++) {
        if (!has_plateau(m, place, curve_feature(c, count))) {
            continue;
        }
        jf_string_add(s,
                      " '%s.dat' index %zu every :::%zu::%zu using %s "
                      "with lines linewidth 1 linecolor palette cb %.6g, \\\n    ",
                      m->figure.name, block, c, c,
                      m->near[c] < LEAST_SAMPLES ? "($1/unit):2" : "(near($1)):2 smooth mcsplines",
                      feature_colour(m->atlas, place->spectrum, curve_feature(c, count)));
    }
    jf_string_add(s,
                  " '%s.dat' index %zu using ($1/unit):2 with points pointtype 6 pointsize "
                  "0.45*mark linewidth 0.7 linecolor rgb ink\n",
                  m->figure.name, block + 1);
}

static jf_status draw_panel(drawing *m, size_t row, size_t column)
{
    const jf_place place = place_of(m, row, column);
    const size_t block = m->figure.blocks;
    window w = find_window(m->atlas, &place);

    if (is_there(m->atlas, &place)) {
        JF_TRY(end_with_samples(m, &place, &w));
    }
    jf_panel_set_place(&m->grid, row, column, &m->figure);
    set_headings(m, row, column);
    set_time_axis(m, &w);
    set_projection_axis(m, row, column);
    set_labels(m, &w, row, column);
    set_colours(m, row, column);
    if (is_there(m->atlas, &place)) {
        JF_TRY(read_curves(m, &place, &w));
        plot_curves(m, &place, &w, block);
    } else {
        jf_panel_set_note("not done", &m->figure);
        jf_string_add(&m->figure.script, "set xrange [0:1]\nunset logscale x\nset xtics ('' 0)\n"
                                         "plot NaN with lines\n");
    }
    jf_panel_end(&m->figure);
    return JF_OK;
}

static size_t count_departing(const drawing *m)
{
    size_t count = 0;

    for (size_t p = 0; p < m->grid.rows * m->grid.columns; p++) {
        const jf_place place = place_of(m, p / m->grid.columns, p % m->grid.columns);
        const size_t point = jf_survey_point(m->atlas->survey, &place);
        count += jf_survey_departs(m->atlas->survey, point) ? 1 : 0;
    }
    return count;
}

static void write_subtitle(const drawing *m, size_t panels_there, jf_string *text)
{
    static const size_t shown[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_INIT_SCALE, JF_P_SPECTRUM};
    const jf_atlas *a = m->atlas;
    const size_t panels = m->grid.rows * m->grid.columns, departs = count_departing(m);

    jf_string_add(text, "depth %.20s, init_scale %.4g; circles: ",
                  a->dataset->axis[JF_P_DEPTH].labels[m->depth],
                  a->dataset->axis[JF_P_INIT_SCALE].values[m->scale]);
    if (departs == 0) {
        jf_string_add(text, "exact critical times");
    } else {
        jf_string_add(text, "closed form, whose assumption %zu of %zu panels leave", departs,
                      panels);
    }
    if (panels_there < panels) {
        jf_string_add(text, "; %zu of %zu panels are not done", panels - panels_there, panels);
    }
    if (m->grid.rows < a->axis[JF_P_SPECTRUM].count) {
        jf_string_add(text, "; %zu of %zu spectra", m->grid.rows, a->axis[JF_P_SPECTRUM].count);
    }
    if (a->axis[JF_P_DEPTH].count > a->most_depths) {
        jf_string_add(text, "; 2 of %zu depths", a->axis[JF_P_DEPTH].count);
    }
    jf_atlas_add_place(a, shown, sizeof shown / sizeof shown[0], text);
}

static jf_status draw_panels(drawing *m, size_t panels_there)
{
    const jf_atlas *a = m->atlas;
    const size_t panels = m->grid.rows * m->grid.columns;
    jf_string text = {0};

    write_subtitle(m, panels_there, &text);
    JF_TRY(jf_string_check(&text));
    jf_panel_begin(&m->grid, a->dataset->title, text.text, NULL, &m->figure);
    jf_string_clear(&text);
    jf_panel_set_palette(&m->figure);
    jf_string_add(&m->figure.script, "set samples 120\n");
    for (size_t p = 0; p < panels; p++) {
        JF_TRY(draw_panel(m, p / m->grid.columns, p % m->grid.columns));
    }
    jf_panel_finish(&m->figure);
    return jf_atlas_finish(m->atlas, &m->figure,
                           m->raw ? "projections against time, as they are"
                                  : "projections over their plateaus against time");
}

static jf_status draw_figure(jf_atlas *a, size_t depth, int raw)
{
    drawing m = {
        .atlas = a,
        .figure = {.style = a->style},
        .grid = {.columns = a->axis[JF_P_OBJECTIVE].count,
                 .height = 62.0,
                 .left = 36.0,
                 .gap_x = 17.0,
                 .gap_y = 26.0,
                 .bottom = 26.0,
                 .crown = 11.0,
                 .heading = 14.0},
        .depth = depth,
        .raw = raw,
    };

    m.grid.rows = jf_atlas_thin(a, JF_P_SPECTRUM, JF_ATLAS_ROWS, m.spectrum);
    m.grid.right = room_of_colours(&m);
    snprintf(m.figure.name, sizeof m.figure.name, "trajectories%s-depth%.20s", raw ? "-raw" : "",
             a->dataset->axis[JF_P_DEPTH].labels[depth]);
    const size_t there = choose_scale(&m);
    if (there == 0) {
        return jf_atlas_leave_out(a, m.figure.name, "no trajectory of this depth is done");
    }
    const jf_status status = draw_panels(&m, there);
    jf_figure_clear(&m.figure);
    return status;
}

static int has_trajectory(const jf_atlas *a)
{
    for (size_t p = 0; p < a->dataset->points; p++) {
        if (is_done(a->survey, p)) {
            return 1;
        }
    }
    return 0;
}

jf_status jf_trajectories_draw(jf_atlas *a)
{
    const jf_sorted *depths = &a->axis[JF_P_DEPTH];

    if (a->dataset->samples == 0) {
        return jf_atlas_leave_out(a, "trajectories", "the dataset has no samples of any");
    }
    if (!has_trajectory(a)) {
        return jf_atlas_leave_out(a, "trajectories", "no point has been integrated");
    }
    for (size_t k = 0; k < depths->count; k++) {
        if (depths->count <= a->most_depths || k == 0 || k + 1 == depths->count) {
            JF_TRY(draw_figure(a, depths->value[k], 0));
            JF_TRY(draw_figure(a, depths->value[k], 1));
        }
    }
    return JF_OK;
}
