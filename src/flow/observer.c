#include "jepaflow/flow/observer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/theory/feature.h"

static size_t width(const jf_observer *o)
{
    return o->model->problem->d;
}

static const jf_square *square(const jf_observer *o)
{
    return o->model->problem->square;
}

/* The length of each column. */
static void find_lengths(const jf_observer *o, const double *a, double *length)
{
    jf_square_column_products(square(o), a, a, length);
    for (size_t i = 0; i < width(o); i++) {
        length[i] = sqrt(length[i]);
    }
}

/* Amplitudes wbar_i = |Wbar e_i| of the state at which the model is placed. */
static void find_amplitudes(jf_observer *o, const double *state, double *amplitude)
{
    const double *wbar, *v;

    o->model->kind->end_to_end(o->model, state, &wbar, &v);
    find_lengths(o, jf_problem_on_features(o->model->problem, wbar, o->work[0]), amplitude);
}

/* The rate of a state; the model is placed there. */
static void find_rate(jf_observer *o, const double *state, double *rate)
{
    o->model->kind->rate(o->model, state, rate);
    o->evaluations++;
}

/*
 * d ln wbar_i / dt = (Wbar e_i) . (dWbar/dt e_i) / wbar_i^2 of the state at which the model is
 * placed.
 */
static void find_slopes(jf_observer *o, const double *state, const double *rate, double *slope)
{
    const double *wbar, *wbar_rate;

    o->model->kind->encoder_rate(o->model, state, rate, &wbar, &wbar_rate);
    const double *x = jf_problem_on_features(o->model->problem, wbar, o->work[0]);
    const double *dx = jf_problem_on_features(o->model->problem, wbar_rate, o->work[1]);
    jf_square_column_products(square(o), x, dx, slope);
    jf_square_column_products(square(o), x, x, o->norm2);
    for (size_t i = 0; i < width(o); i++) {
        slope[i] /= o->norm2[i];
    }
}

/* The cubic on [0, 1] with values y0, y1 and slopes s0, s1 at its ends. */
static double hermite(double x, double y0, double y1, double s0, double s1)
{
    const double z = 1.0 - x;

    return z * z * ((1.0 + 2.0 * x) * y0 + x * s0) + x * x * ((1.0 + 2.0 * z) * y1 - z * s1);
}

/* Its slope. */
static double hermite_slope(double x, double y0, double y1, double s0, double s1)
{
    const double z = 1.0 - x;

    return 6.0 * x * z * (y1 - y0) + z * (1.0 - 3.0 * x) * s0 + x * (1.0 - 3.0 * z) * s1;
}

/*
 * The slope within a step that tells most of what a cubic misses: at (3 - sqrt 3) / 6, where the
 * slope of x^2 (1 - x)^2, which is flat at both ends, is largest, 1 / (3 sqrt 3).
 */
static const double within = 0.21132486540518712;

/* ln of an amplitude over a step, 0 to 1: a quartic. */
typedef struct {
    double y0, y1, s0, s1; /* values and slopes at the ends */
    double bend;           /* factor of x^2 (1 - x)^2 */
} curve;

/*
 * A stabilised integrator leaves a little of the fastest modes' rounding in each state, and a step
 * longer than their times by a factor l shows it l times larger in a slope at the ends, l^2 times
 * in the one within. So that one is believed only while it tells little: where more is missed than
 * this part of the rise, a cubic has to do.
 */
static const double most_bend = 0.005;

static curve curve_through(double y0, double y1, double s0, double s1, double slope_within)
{
    const double missed = slope_within - hermite_slope(within, y0, y1, s0, s1);
    const double bend = 3.0 * sqrt(3.0) * missed;
    const int believed = fabs(bend) / 16.0 <= most_bend * fabs(y1 - y0);

    return (curve){y0, y1, s0, s1, believed ? bend : 0.0};
}

static double curve_at(const curve *c, double x)
{
    const double xz = x * (1.0 - x);

    return hermite(x, c->y0, c->y1, c->s0, c->s1) + c->bend * xz * xz;
}

/*
 * Where in [0, 1] a curve that is below `level` at 0 and not below at 1 reaches it, by bisection.
 */
static double reach(double level, const curve *c)
{
    double low = 0.0, high = 1.0;

    while (high - low > 1e-15) {
        const double middle = 0.5 * (low + high);
        if (curve_at(c, middle) < level) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

static int is_crossing(const jf_observer *o, size_t i)
{
    return o->record->critical_time_status[i] == JF_NOT_REACHED &&
           o->next_amplitude[i] >= o->target[i];
}

static int any_crossing(const jf_observer *o)
{
    for (size_t i = 0; i < width(o); i++) {
        if (is_crossing(o, i)) {
            return 1;
        }
    }
    return 0;
}

static int sample_falls(const jf_observer *o, double time)
{
    return o->next_sample < o->record->samples && o->record->time[o->next_sample] <= time;
}

static void locate_crossings(jf_observer *o, double step)
{
    for (size_t i = 0; i < width(o); i++) {
        if (is_crossing(o, i)) {
            const curve c =
                curve_through(log(o->amplitude[i]), log(o->next_amplitude[i]), step * o->slope[i],
                              step * o->next_slope[i], step * o->slope_within[i]);
            const double part = reach(log(o->target[i]), &c);
            o->record->critical_time[i] = o->time + part * step;
            o->record->critical_time_status[i] = JF_REACHED;
        }
    }
}

/* The encoder that makes JEPA's target, of the state at which the model is placed. */
static const double *find_target(const jf_observer *o, const double *state, const double *wbar)
{
    return o->model->kind->target != NULL ? o->model->kind->target(o->model, state) : wbar;
}

/* Of a state at which the model is placed; its output is in work[1], work[2] is overwritten. */
static double find_loss(const jf_observer *o, const double *state, const double *wbar)
{
    const jf_model *m = o->model;

    if (m->kind->loss != NULL) {
        return m->kind->loss(m, state);
    }
    return jf_objective_find(m->objective)
        ->loss(m->problem, find_target(o, state, wbar), o->work[1], o->work[2]);
}

/*
 * Of a state at which the model is placed, where it is asked for. Where reading fails, which is
 * logged, nothing is known.
 */
static void read_features(jf_observer *o, const double *state, const double *wbar, double *r2)
{
    const jf_model_kind *kind = o->model->kind;

    if (o->probe == NULL) {
        return;
    }
    const double *spread = kind->covariance != NULL ? kind->covariance(o->model, state) : NULL;
    if (jf_probe_read(o->probe, wbar, spread, r2) != JF_OK) {
        for (size_t i = 0; i < width(o); i++) {
            r2[i] = NAN;
        }
    }
}

/*
 * How far the embedding b_i = Wbar e_i of a feature lies along those of the others,
 *
 *     o_i^2 = sum_{j != i} (b_i . b_j)^2 / |b_j|^2,
 *
 * which rotations of the embedding leave as it is; 0 where features stay apart.
 */
static void find_off_diagonal(jf_observer *o, const double *wbar_e, const double *length,
                              double *out)
{
    const jf_square *s = square(o);
    double *gram = o->work[2];

    jf_square_multiply(s, JF_TRANSPOSED, JF_PLAIN, wbar_e, wbar_e, 0.0, gram);
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            const size_t row = s->row[i];
            const int other = row != s->column[j] && length[row] > 0.0;
            double *b = &gram[i + j * s->rows];
            *b = other ? *b / length[row] : 0.0;
        }
    }
    find_lengths(o, gram, out);
}

/* Projection, prediction, mixing, loss and probe of a state. */
static void take_sample(jf_observer *o, const double *state)
{
    const jf_problem *p = o->model->problem;
    const jf_objective_kind *objective = jf_objective_find(o->model->objective);
    const size_t row = o->next_sample * o->record->features;
    double *projection = o->record->projection + row;
    const double *wbar, *v;

    o->model->kind->place(o->model, state);
    o->model->kind->end_to_end(o->model, state, &wbar, &v);
    jf_square_multiply(p->square, JF_PLAIN, JF_PLAIN, v, wbar, 0.0, o->work[1]);
    o->record->loss[o->next_sample] = find_loss(o, state, wbar);
    const double *wbar_e = jf_problem_on_features(p, wbar, o->work[0]);
    const double *output_e = jf_problem_on_features(p, o->work[1], o->work[3]);
    find_lengths(o, wbar_e, projection);
    objective->gain(p, projection, wbar_e, output_e, o->record->prediction + row);
    read_features(o, state, wbar, o->record->probe + row);
    find_off_diagonal(o, wbar_e, projection, o->record->off_diagonal + row);
    o->next_sample++;
}

/* The state between the last one and the present one, at 0 < x < 1 of the step, by cubics. */
static const double *find_between(jf_observer *o, double x, double step, const double *state,
                                  const double *rate)
{
    const size_t size = jf_model_size(o->model);

    for (size_t k = 0; k < size; k++) {
        o->between[k] = hermite(x, o->state[k], state[k], step * o->rate[k], step * rate[k]);
    }
    return o->between;
}

/* ---- straight steps ---- */

static void take_samples_on_line(jf_observer *o, double time, const double *state)
{
    const size_t size = jf_model_size(o->model);

    while (sample_falls(o, time)) {
        const double x = (o->record->time[o->next_sample] - o->time) / (time - o->time);
        for (size_t k = 0; k < size; k++) {
            o->between[k] = (1.0 - x) * o->state[k] + x * state[k];
        }
        take_sample(o, o->between);
    }
}

/* Part of a step at which `level` is reached: ln wbar_i is a line, or wbar_i that begins at 0. */
static double part_of_line(double from, double to, double level)
{
    return from > 0.0 ? log(level / from) / log(to / from) : level / to;
}

static void locate_crossings_on_line(jf_observer *o, double time)
{
    for (size_t i = 0; i < width(o); i++) {
        if (is_crossing(o, i)) {
            const double part = part_of_line(o->amplitude[i], o->next_amplitude[i], o->target[i]);
            o->record->critical_time[i] = o->time + part * (time - o->time);
            o->record->critical_time_status[i] = JF_REACHED;
        }
    }
}

/* ---- steps that bend ---- */

static void take_samples(jf_observer *o, double time, const double *state, const double *rate)
{
    const double step = time - o->time;

    while (sample_falls(o, time)) {
        const double x = (o->record->time[o->next_sample] - o->time) / step;
        take_sample(o, find_between(o, x, step, state, rate));
    }
}

/*
 * The slopes within the step are those at a state interpolated by cubics, whose error is one order
 * of the step higher than that of the slopes' use.
 */
static void find_crossings(jf_observer *o, double time, const double *state, const double *rate)
{
    const double step = time - o->time;

    o->model->kind->place(o->model, o->state);
    find_slopes(o, o->state, o->rate, o->slope);
    const double *between = find_between(o, within, step, state, rate);
    find_rate(o, between, o->rate_between);
    find_slopes(o, between, o->rate_between, o->slope_within);
    locate_crossings(o, step);
}

static void set_first_status(jf_observer *o)
{
    for (size_t i = 0; i < width(o); i++) {
        o->record->critical_time_status[i] = isnan(o->target[i])               ? JF_NO_REFERENCE
                                             : o->amplitude[i] >= o->target[i] ? JF_STARTED_ABOVE
                                                                               : JF_NOT_REACHED;
    }
}

jf_status jf_observer_init(const jf_model *model, const double *target, const double *state,
                           jf_record *record, jf_observer *out)
{
    const size_t d = model->problem->d;
    const size_t count = model->problem->square->count;
    const size_t size = jf_model_size(model);

    *out = (jf_observer){.model = model, .target = target, .record = record};
    out->memory = jf_memory_numbers(5 * size + 4 * count + 6 * d);
    JF_TRY(jf_square_agree(model->problem->square,
                           out->memory != NULL ? JF_OK : jf_fail_memory("an observer")));
    double *next = out->memory;
    double **const states[] = {&out->state, &out->rate, &out->next_rate, &out->between,
                               &out->rate_between};
    double **const rows[] = {&out->amplitude,  &out->next_amplitude, &out->slope,
                             &out->next_slope, &out->slope_within,   &out->norm2};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        *states[i] = next;
        next += size;
    }
    for (size_t i = 0; i < 4; i++) {
        out->work[i] = next;
        next += count;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        *rows[i] = next;
        next += d;
    }
    memcpy(out->state, state, size * sizeof *state);
    model->kind->place(model, state);
    find_amplitudes(out, state, out->amplitude);
    set_first_status(out);
    return JF_OK;
}

/* A feature crosses, a sample falls: the rates at both ends are needed. Returns that of the end. */
static const double *look_closely(jf_observer *o, double time, const double *state,
                                  const double *rate)
{
    const int crossing = any_crossing(o);

    if (rate == NULL) {
        find_rate(o, state, o->next_rate);
        rate = o->next_rate;
    }
    if (crossing) {
        find_slopes(o, state, rate, o->next_slope);
    }
    if (!o->rate_known) {
        find_rate(o, o->state, o->rate);
    }
    if (crossing) {
        find_crossings(o, time, state, rate);
    }
    take_samples(o, time, state, rate);
    return rate;
}

void jf_observer_step(jf_observer *o, double time, const double *state, const double *rate)
{
    const size_t size = jf_model_size(o->model);

    if (rate == NULL) {
        o->model->kind->place(o->model, state);
    }
    find_amplitudes(o, state, o->next_amplitude);
    if (o->straight) {
        locate_crossings_on_line(o, time);
        take_samples_on_line(o, time, state);
    } else if (any_crossing(o) || sample_falls(o, time)) {
        rate = look_closely(o, time, state, rate);
    }
    o->time = time;
    o->rate_known = rate != NULL;
    if (o->rate_known) {
        memcpy(o->rate, rate, size * sizeof *rate);
    }
    memcpy(o->state, state, size * sizeof *state);
    memcpy(o->amplitude, o->next_amplitude, width(o) * sizeof *o->amplitude);
}

void jf_observer_save(const jf_observer *o, jf_wire *wire)
{
    jf_wire_put_i64(wire, (int64_t)o->next_sample);
    jf_wire_put_i64(wire, o->evaluations);
    jf_wire_put_f64(wire, o->time);
    jf_wire_put_f64s(wire, o->amplitude, width(o));
    jf_wire_put_i8(wire, (int8_t)o->rate_known);
    if (o->rate_known) {
        jf_wire_put_f64s(wire, o->rate, jf_model_size(o->model));
    }
}

void jf_observer_load(jf_observer *o, const double *state, jf_wire_reader *reader)
{
    const size_t size = jf_model_size(o->model);

    o->next_sample = (size_t)jf_wire_get_i64(reader);
    o->evaluations = jf_wire_get_i64(reader);
    o->time = jf_wire_get_f64(reader);
    jf_wire_get_f64s(reader, o->amplitude, width(o));
    o->rate_known = jf_wire_get_i8(reader);
    if (o->rate_known) {
        jf_wire_get_f64s(reader, o->rate, size);
    }
    memcpy(o->state, state, size * sizeof *state);
}

void jf_observer_finish(jf_observer *o)
{
    memcpy(o->record->final_projection, o->amplitude, width(o) * sizeof *o->amplitude);
}

void jf_observer_clear(jf_observer *observer)
{
    free(observer->memory);
    *observer = (jf_observer){0};
}
