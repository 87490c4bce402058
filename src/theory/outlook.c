#include "jepaflow/theory/outlook.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

/*
 * A feature whose plateau is no number above 0 never settles: its flow slows down for ever. Nor is
 * any number here larger, so that sums and products of them are numbers too.
 */
static const double longest_time = 1e300;

static double bounded(double x)
{
    return fmin(x, longest_time);
}

/* A feature on its way. */
typedef struct {
    double time; /* critical; 0 where it has none: there from the start */
    double rate; /* at which it relaxes to its plateau */
    const jf_feature *of;
} event;

static int by_time(const void *a, const void *b)
{
    const event *x = a, *y = b;

    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->of > y->of) - (x->of < y->of);
}

/* ---- first, last, end ---- */

static void find_events(const jf_feature *features, size_t count, double threshold, event *events,
                        jf_outlook *o)
{
    for (size_t i = 0; i < count; i++) {
        double time;
        if (jf_feature_critical_time(&features[i], threshold, &time) == JF_REACHED) {
            o->first = o->first > 0.0 ? fmin(o->first, time) : time;
            o->last = fmax(o->last, time);
        } else {
            time = 0.0;
        }
        events[i] = (event){time, bounded(jf_feature_relaxation_rate(&features[i])), &features[i]};
    }
    qsort(events, count, sizeof *events, by_time);
}

/*
 * The exact time at which a feature is within JF_SETTLED of its plateau; where it starts above or
 * too close for that, the time in which its last rate alone would carry it there.
 */
static double settling_time(const event *e)
{
    double time;

    if (jf_feature_critical_time(e->of, 1.0 - JF_SETTLED, &time) == JF_REACHED) {
        return time;
    }
    return fmin(-log(JF_SETTLED) / e->rate, longest_time);
}

/*
 * Where all have settled, at most at the horizon; the latest is asked first, as it mostly decides.
 * A threshold above 1 - JF_SETTLED is crossed after all have settled.
 */
static double find_end(const event *events, size_t count, double last, double horizon)
{
    const double most = last > 0.0 ? horizon * last : INFINITY;
    double settled = 0.0;

    for (size_t i = count; i-- > 0 && settled < most;) {
        settled = fmax(settled, settling_time(&events[i]));
    }
    return fmax(last, fmin(settled, most));
}

/* A learnt feature leaves its rate behind for the rest of the time; the longest wait counts. */
static double find_work(const event *events, size_t count, double end)
{
    double work = 0.0;

    for (size_t i = 0; i < count; i++) {
        work = fmax(work, bounded(fmax(end - events[i].time, 0.0) * events[i].rate));
    }
    return work;
}

/* ---- effort ---- */

/*
 * What the families need (docs/theory.md, section 16), fitted on 700 points each, rkc on 310 (both
 * objectives and models, 1 to 16 features in seven kinds of spectra with rho from 0.3 to 1.5,
 * L = 1 .. 64, eps = 1e-4 .. 0.3, tolerances 1e-9 .. 1e-3, rkc's 3e-7 .. 1e-3, thresholds,
 * horizons, starts rotated or not), and compared on as many others: measured over predicted is,
 * from the tenth to the ninetieth percentile,
 *
 *     pair 0.77 .. 1.26, of order 4 0.74 .. 1.39, of order 2 0.62 .. 1.45, implicit 0.77 .. 1.33
 *
 * with 93, 87, 79 and 92 % within a factor 1.5. Beyond 3 are 1 %: starts above all plateaus,
 * rotated ones whose rounding is amplified (docs/theory.md, section 12), and the pair on stiff
 * flows that come to rest, which may cost it nothing.
 */
typedef struct {
    int order;                  /* of the local error that is held */
    double scale, power;        /* steps of an effort of 1: scale (1e-6 / tolerance)^power */
    double begin;               /* steps before */
    double knee[JF_OBJECTIVES]; /* effort of a decay to its plateau */
} traits;

static const traits family_traits[JF_FAMILIES] = {
    [JF_PAIR] = {5, 4.8, 0.18, 3.4, {5.5, 9.9}},
    [JF_STABILISED_4] = {4, 11.1, 0.226, 9.2, {2.6, 8.5}},
    [JF_STABILISED_2] = {3, 880.0, 0.46, 5.0, {2.0, 8.0}},
    [JF_IMPLICIT] = {5, 67.6, 0.141, 117.0, {5.0, 9.7}},
};

/* Fitted too: decay times after which a decay is over; parts of its last ones that growth skips. */
static const double decay_times = 16.0, skipped = 8.0;

/* What the features of a point share. */
typedef struct {
    jf_objective objective;
    double depth;
    double start;             /* w0 */
    double a;                 /* dw/dt = rate (w/w1)^a w far below the plateau */
    double s;                 /* the fastest unknown goes with w^s */
    const jf_feature *widest; /* of the largest variance */
    double learnt;            /* its critical time; INFINITY where it has none */
} setting;

static setting find_setting(const event *events, size_t count, int end_to_end)
{
    const jf_feature *f = events[0].of;
    const double depth = (double)f->depth;
    setting s = {.objective = f->objective,
                 .depth = depth,
                 .start = pow(f->init_scale, 1.0 / depth),
                 .a = f->objective == JF_JEPA ? 2.0 * depth - 1.0 : depth - 1.0,
                 .s = end_to_end ? fmax(depth, 2.0) : 1.0};
    double most = 0.0;

    for (size_t i = 0; i < count; i++) {
        const double variance = events[i].of->lambda / events[i].of->rho;
        if (variance > most) {
            most = variance;
            s.widest = events[i].of;
            s.learnt = events[i].time > 0.0 ? events[i].time : INFINITY;
        }
    }
    return s;
}

/* Steps for each factor e of w while it grows as dw/dt ~ w^{a+1}: the root of its derivative. */
static double effort_of_growth(const setting *s, double a, int order)
{
    double product = 1.0;

    for (int j = 0; j < order; j++) {
        product *= s->s + j * a;
    }
    return pow(product, 1.0 / order);
}

/* The plateau of w. */
static double plateau(const setting *s, const jf_feature *f)
{
    return s->objective == JF_JEPA ? f->rho : pow(f->rho, 1.0 / (s->depth + 1.0));
}

/* x^{n-1} + x^{n-2} y + ... + y^{n-1}, x, y > 0. */
static double sum_of_powers(double x, double y, double n)
{
    const double large = fmax(x, y), log_ratio = log(fmin(x, y) / large);
    const double terms = log_ratio < 0.0 ? expm1(n * log_ratio) / expm1(log_ratio) : n;

    return pow(large, n - 1.0) * terms;
}

/*
 * The rate mu_ij of the pair of a learnt feature i and the one of largest variance, whose amplitude
 * is wj (docs/theory.md, 11.2).
 */
static double pair_rate(const setting *s, const jf_feature *i, double wj)
{
    const jf_feature *j = s->widest;
    const double variance = j->lambda / j->rho, wi = plateau(s, i);

    if (s->objective == JF_MAE) {
        return bounded(variance * sum_of_powers(wi * wi, wj * wj, s->depth + 1.0));
    }
    const double mixing = i->rho * (i->rho - j->rho) * sum_of_powers(wi * wi, wj * wj, s->depth);
    return bounded(fabs(variance * (pow(wj, 2.0 * s->depth) + mixing)));
}

/* The largest decay rates that learnt features have left behind so far. */
typedef struct {
    double own;            /* at which they relax themselves */
    double waiting, after; /* of pairs, while the feature of largest variance waits, and after */
} rates;

static void leave_behind(const setting *s, const event *e, int rests, rates *r)
{
    r->own = fmax(r->own, e->rate);
    if (!rests && e->time > 0.0) {
        r->waiting = fmax(r->waiting, pair_rate(s, e->of, s->start));
        r->after = fmax(r->after, pair_rate(s, e->of, plateau(s, s->widest)));
    }
}

static double fastest(const rates *r, const setting *s, double time)
{
    return fmax(r->own, time >= s->learnt ? r->after : r->waiting);
}

/*
 * Growth to the critical time, g the rate at the plateau:  w^{-a} falls linearly with time, so that
 * the last `gap` before it brings ln w by ln(1 + a g gap) / a, and steps that leave an error of a
 * given size are as many for each factor e. Of several features the fastest counts: each from the
 * time at which the one before was learnt. Meanwhile that one relaxes, and what takes more steps
 * counts. Where steps are longer than the fastest decay allows, each takes a number of stages that
 * grows with the root of step x rate: integrated over the gap, the step being in proportion to the
 * time that is left.
 */
static void add_gap(jf_outlook *o, const setting *s, const event *e, double gap, double relaxing,
                    double rate)
{
    const double a = s->a;
    const double g = s->objective == JF_JEPA ? e->rate : e->rate / (s->depth + 1.0);
    const double x = g * gap, cut = x / (1.0 + skipped * a / (1.0 + a));
    const double rise = a > 0.0 ? log1p(a * cut) / a : cut;
    const double fall = -expm1(-relaxing * gap / decay_times);

    for (int k = 0; k < JF_FAMILIES; k++) {
        const double each = effort_of_growth(s, a, family_traits[k].order);
        o->effort[k] += fmax(each * rise, family_traits[k].knee[s->objective] * fall);
        o->stretch[k] +=
            bounded(sqrt(rate * each * gap) * 2.0 * sqrt(x) / (1.0 + sqrt(1.0 + a * x)));
    }
    o->decay = bounded(o->decay + bounded(rate * gap));
}

/* What is left when all are learnt; from starts above all plateaus, the way down to them. */
static void add_rest(jf_outlook *o, const setting *s, double gap, double relaxing, double rate,
                     double drop)
{
    const double fall = -expm1(-relaxing * gap / decay_times);

    for (int k = 0; k < JF_FAMILIES; k++) {
        const double down = effort_of_growth(s, 2.0 * s->depth, family_traits[k].order);
        o->effort[k] += family_traits[k].knee[s->objective] * fall + 0.7 * drop * down;
    }
    o->decay = bounded(o->decay + bounded(rate * gap));
}

static void find_effort(jf_outlook *o, const event *events, size_t count, int end_to_end)
{
    const setting s = find_setting(events, count, end_to_end);
    rates left = {0};
    double now = 0.0, relaxing = 0.0, drop = 0.0;

    for (size_t i = 0; i < count; i++) {
        const event *e = &events[i];
        if (e->time > 0.0) {
            add_gap(o, &s, e, e->time - now, relaxing, fastest(&left, &s, now));
            relaxing = 0.0;
        } else {
            drop = fmax(drop, log(s.start / plateau(&s, e->of)));
        }
        relaxing = fmax(relaxing, e->rate);
        leave_behind(&s, e, o->rests, &left);
        now = e->time;
    }
    add_rest(o, &s, o->end - now, relaxing, fastest(&left, &s, now), now > 0.0 ? 0.0 : drop);
}

jf_status jf_outlook_find(const jf_feature *features, size_t count, const jf_course *course,
                          jf_outlook *out)
{
    event *events = malloc(count * sizeof *events);

    *out = (jf_outlook){.rests = course->rests};
    if (events == NULL) {
        return jf_fail_memory("an outlook");
    }
    find_events(features, count, course->threshold, events, out);
    out->end = find_end(events, count, out->last, course->horizon);
    if (course->open_end) {
        out->end = fmax(out->end, bounded(course->horizon * out->last));
    }
    out->work = find_work(events, count, out->end);
    find_effort(out, events, count, course->end_to_end);
    free(events);
    return JF_OK;
}

/* ---- right-hand sides ---- */

/* Most stages of ode/rock.h, which its rounding limits; fitted to its table. */
static double most_stages(double tolerance)
{
    return 29.0 * pow(fmin(tolerance, 3e-4) / 1.6e-6, 0.125);
}

/*
 * The pair: six a step, stable up to 3.3 on the negative axis. Where features come to rest steps
 * beyond that are punished late, or never.
 */
static double by_pair(const jf_outlook *o, double steps)
{
    return 6.0 * (steps + (o->rests ? 0.6 : 0.91) * o->decay / 3.3);
}

/*
 * Stabilised: the stages that every step has, then as many as keep it stable, by `reach` of the
 * square of their number, at most `most` of them. Where features come to rest none of those.
 */
static double by_stages(const jf_outlook *o, jf_family family, double steps, double precision,
                        double stages, double reach, double most)
{
    if (o->rests) {
        return stages * steps;
    }
    return stages * steps + 0.78 * sqrt(precision / reach) * o->stretch[family] +
           o->decay / (reach * most);
}

/*
 * Implicit: stiffness widens the range of decays that GMRES has to tell apart, the more where
 * nothing rests. Beyond the largest decay that was fitted nothing more is added.
 */
static double by_systems(const jf_outlook *o, double steps)
{
    const double most_decay = 1e8;
    const double restless = o->rests ? 0.0 : 0.066 * pow(fmin(o->decay, most_decay), 0.25);

    return steps * (1.0 + 0.064 * log1p(o->decay) + restless);
}

double jf_outlook_evaluations(const jf_outlook *outlook, jf_family family, double tolerance)
{
    const traits *f = &family_traits[family];
    const double precision = f->scale * pow(1e-6 / tolerance, f->power);
    const double steps = f->begin + precision * outlook->effort[family];

    switch (family) {
    case JF_PAIR:
        return by_pair(outlook, steps);
    case JF_STABILISED_4:
        return by_stages(outlook, family, steps, precision, 6.0, 0.35, most_stages(tolerance));
    case JF_STABILISED_2:
        return by_stages(outlook, family, steps, precision, 2.3, 0.65, INFINITY);
    default:
        return by_systems(outlook, steps);
    }
}

double jf_outlook_sample_time(const jf_outlook *outlook, size_t j, size_t count)
{
    const double begin = outlook->first > 0.0 ? 0.1 * outlook->first : 1e-3 * outlook->end;

    if (j + 1 >= count) {
        return outlook->end;
    }
    return begin * pow(outlook->end / begin, (double)j / (double)(count - 1));
}
