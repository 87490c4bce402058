#include "jepaflow/ode/rock.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/ode/numbers.h"
#include "jepaflow/ode/radius.h"
#include "jepaflow/ode/rock_table.h"

/*
 * The share of the tolerance that rounding may take in a step. It is no error like others: it
 * leaves the symmetries of a flow. With a tenth, critical times of JEPA from rotated starts (d =
 * 16, L = 8) were off by up to ten times the tolerance, with this by a tenth of it.
 */
#define ROUNDING 0.01

struct jf_integrator {
    const jf_ode *ode;
    jf_ode_cost cost;
    double *memory;
    double *start, *rate;      /* y and f(y) at the time reached; the next step begins with them */
    double *before, *stage;    /* g_{j-2}, g_{j-1}; then U_i and y_new, g */
    double *slopes[4];         /* f(g_{j-1}) in the first; then f(U_i) */
    const jf_rock_method *all; /* those that rounding allows */
    size_t count;
    jf_radius radius;
    int begun; /* f and the radius are known */
    double time;
    double length;                  /* of the next step */
    double last_error, last_length; /* of the last accepted step; 0 before the first */
};

static void evaluate(jf_integrator *r, double time, const double *y, double *rate)
{
    r->ode->rate(time, y, rate, r->ode->context);
    r->cost.evaluations++;
}

/* ---- one attempt ---- */

/* g into r->stage, by the recurrence of rock_table.h; the time it belongs to, as a part of h. */
static double take_first_stages(jf_integrator *r, double h, const jf_rock_method *m)
{
    const size_t n = r->ode->size;
    const double *y = r->start, *f = r->rate;
    double *one = r->stage, *two = r->before;
    double theta[2] = {m->recurrence[0][0], 0.0};
    const double begin = h * theta[0];

    for (size_t i = 0; i < n; i++) {
        two[i] = y[i];
        one[i] = y[i] + begin * f[i];
    }
    for (int j = 1; j < m->stages - 4; j++) {
        const double mu = m->recurrence[j][0], nu = m->recurrence[j][1], kappa = 1.0 - nu;
        evaluate(r, r->time + h * theta[0], one, r->slopes[0]);
        const double factor[] = {h * mu, nu, kappa};
        const double *const term[] = {r->slopes[0], one, two};
        jf_numbers_combine(n, 3, factor, term, two); /* g_j takes the place of g_{j-2} */
        double *const swap = one;
        one = two;
        two = swap;
        const double next = mu + nu * theta[0] + kappa * theta[1];
        theta[1] = theta[0];
        theta[0] = next;
    }
    r->stage = one;
    r->before = two;
    return theta[0];
}

/* f(U_1) .. f(U_4) into r->slopes, for g in r->stage, which belongs to the time theta h. */
static void take_last_stages(jf_integrator *r, double h, const jf_rock_method *m, double theta)
{
    const double *a = m->inner;
    const double *const term[] = {r->stage, r->slopes[0], r->slopes[1], r->slopes[2]};

    evaluate(r, r->time + h * theta, r->stage, r->slopes[0]);
    for (size_t i = 1; i < 4; i++) { /* the rows of a: 1, 2, 3 numbers */
        double factor[4] = {1.0}, node = 0.0;
        for (size_t k = 0; k < i; k++) {
            factor[k + 1] = h * *a;
            node += *a++;
        }
        jf_numbers_combine(r->ode->size, i + 1, factor, term, r->before);
        evaluate(r, r->time + h * (theta + node), r->before, r->slopes[i]);
    }
}

/*
 * y_new into r->before; the weighted size of the estimate of its error: the root of the sum, so
 * that each number keeps its tolerance however many there are.
 */
static double finish(jf_integrator *r, double h, const jf_rock_method *m)
{
    const jf_ode *ode = r->ode;
    const double *b = m->outer, *e = m->error;
    const double weight[] = {1.0, h * b[0], h * b[1], h * b[2], h * b[3]};
    const double estimate[] = {e[0], h * e[1], h * e[2], h * e[3], h * e[4], -e[0]};
    const double *const term[] = {r->stage,     r->slopes[0], r->slopes[1],
                                  r->slopes[2], r->slopes[3], r->start};

    jf_numbers_combine(ode->size, 5, weight, term, r->before);
    const double sum = jf_numbers_error(ode->size, 6, estimate, term, ode->relative, ode->absolute,
                                        r->start, r->before);
    return sqrt(jf_ode_reduced(ode, JF_SUM, sum));
}

/* ---- steps ---- */

/*
 * The fewest stages that keep the step stable; where there are none that rounding allows, the step
 * is shortened to what the most can do.
 */
static const jf_rock_method *choose_method(const jf_integrator *r, double *h)
{
    const double wanted = *h * r->radius.value;
    const jf_rock_method *m = r->all, *most = r->all + r->count - 1;

    while (m < most && wanted > m->reach) {
        m++;
    }
    if (wanted > m->reach) {
        *h = m->reach / r->radius.value;
    }
    return m;
}

/*
 * After a step was accepted: the next one's length, supposing that the error per h^4 goes on
 * growing or falling as from the last step to this one.
 */
static void plan_next(jf_integrator *r, double h, double error)
{
    double factor = 0.8 / sqrt(sqrt(error));

    if (r->last_length > 0.0) {
        factor = fmin(factor, factor * h / r->last_length * sqrt(sqrt(r->last_error / error)));
    }
    r->last_error = error;
    r->last_length = h;
    r->length = h * fmax(0.1, fmin(3.0, factor));
}

static void accept(jf_integrator *r, double h, double error)
{
    const double left = r->ode->end - r->time;

    r->time = h < left ? r->time + h : r->ode->end;
    r->cost.steps++;
    jf_radius_step(&r->radius, r->cost.evaluations);
    double *const start = r->start, *const rate = r->rate;
    r->start = r->before;
    r->before = start;
    r->rate = r->slopes[0];
    r->slopes[0] = rate;
    memcpy(r->ode->state, r->start, r->ode->size * sizeof *r->start);
    plan_next(r, h, fmax(error, 1e-10));
}

static void reject(jf_integrator *r, double h, double error)
{
    r->length = isfinite(error) ? h * fmax(0.1, 0.8 / sqrt(sqrt(error))) : 0.1 * h;
    jf_radius_failure(&r->radius);
}

/* Where this integrator is, with the vectors that an attempt fills as room to work in. */
static jf_radius_place place(jf_integrator *r)
{
    return (jf_radius_place){.ode = r->ode,
                             .time = r->time,
                             .state = r->start,
                             .rate = r->rate,
                             .work = {r->stage, r->before},
                             .evaluations = &r->cost.evaluations};
}

/* f at the start, the radius, the first length where none was given. */
static int begin(jf_integrator *r)
{
    const jf_radius_place here = place(r);

    memcpy(r->start, r->ode->state, r->ode->size * sizeof *r->start);
    evaluate(r, r->time, r->start, r->rate);
    if (!isfinite(jf_radius_norm(r->ode, r->rate)) || !jf_radius_estimate(&r->radius, &here)) {
        return 0;
    }
    if (r->length == 0.0) {
        r->length = jf_radius_first_step(&r->radius, &here);
    }
    r->begun = 1;
    return 1;
}

/*
 * One attempt at a step of length h. Where the error is small enough f at its end, which the next
 * step begins with, is in r->slopes[0]; it has to be finite too.
 */
static double attempt(jf_integrator *r, double h, const jf_rock_method *m)
{
    take_last_stages(r, h, m, take_first_stages(r, h, m));
    const double error = finish(r, h, m);
    if (error <= 1.0) {
        evaluate(r, r->time + h, r->before, r->slopes[0]);
        return isfinite(jf_radius_norm(r->ode, r->slopes[0])) ? error : NAN;
    }
    return error;
}

static jf_step_outcome step(jf_integrator *r, double *time, const double **rate)
{
    double error = 0.0;

    if (!r->begun && !begin(r)) {
        return JF_STEP_DIVERGED;
    }
    for (;;) {
        const jf_radius_place here = place(r);
        if (r->radius.due && !jf_radius_estimate(&r->radius, &here)) {
            return JF_STEP_DIVERGED;
        }
        const double left = r->ode->end - r->time;
        double h = r->length > 0.99 * left ? left : r->length;
        const jf_rock_method *m = choose_method(r, &h);
        if (!(r->time + h > r->time)) {
            return isfinite(error) ? JF_STEP_STALLED : JF_STEP_DIVERGED;
        }
        error = attempt(r, h, m);
        if (error <= 1.0) {
            accept(r, h, error);
            *time = r->time;
            *rate = r->rate;
            return JF_STEP_TAKEN;
        }
        reject(r, h, error);
    }
}

static void destroy(jf_integrator **integrator)
{
    if (*integrator != NULL) {
        free((*integrator)->memory);
        free(*integrator);
        *integrator = NULL;
    }
}

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    jf_integrator *r = calloc(1, sizeof *r);

    *out = r;
    if (r != NULL) {
        r->memory = jf_memory_numbers(9 * ode->size);
    }
    if (r == NULL || r->memory == NULL) {
        destroy(out);
        return jf_fail_memory("an integrator");
    }
    double **const vectors[] = {&r->start,     &r->rate,      &r->before,
                                &r->stage,     &r->slopes[0], &r->slopes[1],
                                &r->slopes[2], &r->slopes[3], &r->radius.direction};
    for (size_t k = 0; k < sizeof vectors / sizeof vectors[0]; k++) {
        *vectors[k] = r->memory + k * ode->size;
    }
    r->ode = ode;
    r->time = ode->begin;
    r->all = jf_rock_table(&r->count);
    while (r->count > 1 && r->all[r->count - 1].gain * DBL_EPSILON > ROUNDING * ode->relative) {
        r->count--;
    }
    return JF_OK;
}

static void restart(jf_integrator *r, double time, double length)
{
    r->time = time;
    r->length = length;
    r->last_length = 0.0;
    r->begun = 0;
}

static jf_ode_cost cost(const jf_integrator *r)
{
    return r->cost;
}

const jf_integrator_kind jf_rock = {
    .name = "rock",
    .create = create,
    .step = step,
    .restart = restart,
    .cost = cost,
    .destroy = destroy,
};
