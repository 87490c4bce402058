#include "jepaflow/ode/rkc.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/ode/numbers.h"
#include "jepaflow/ode/radius.h"

enum { MOST_STAGES = 4000 };

struct jf_integrator {
    const jf_ode *ode;
    jf_ode_cost cost;
    double *memory;
    double *start, *rate;   /* y and f(y) at the time reached; the next step begins with them */
    double *before, *stage; /* y_{j-2}, y_{j-1} */
    double *slope;          /* f(y_{j-1}), then f at the step's end */
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

/* Chebyshev polynomials of the first kind at w0, with derivatives, by their recurrence. */
typedef struct {
    double t[2], dt[2], ddt[2]; /* orders j-1 and j-2 */
} chebyshev;

/*
 * y_0 = y, y_1 = y + mu~_1 h f_0,
 * y_j = (1 - mu_j - nu_j) y + mu_j y_{j-1} + nu_j y_{j-2} + mu~_j h f_{j-1} + gamma~_j h f_0
 * (the paper's recursion, damping 2/13). The end is left in r->stage.
 */
static void take_stages(jf_integrator *r, double h, int s)
{
    const size_t n = r->ode->size;
    const double w0 = 1.0 + 2.0 / (13.0 * s * s);
    const double root = sqrt(w0 * w0 - 1.0);
    const double argument = s * log(w0 + root);
    const double w1 =
        sinh(argument) * (w0 * w0 - 1.0) / (cosh(argument) * s * root - w0 * sinh(argument));
    double b[2] = {1.0 / (4.0 * w0 * w0), 1.0 / (4.0 * w0 * w0)};
    chebyshev c = {{w0, 1.0}, {1.0, 0.0}, {0.0, 0.0}};
    double theta[2] = {w1 * b[0], 0.0};
    const double *y = r->start, *f = r->rate;
    double *one = r->stage, *two = r->before;

    for (size_t i = 0; i < n; i++) {
        two[i] = y[i];
        one[i] = y[i] + h * theta[0] * f[i];
    }
    for (int j = 2; j <= s; j++) {
        const double t = 2.0 * w0 * c.t[0] - c.t[1];
        const double dt = 2.0 * w0 * c.dt[0] - c.dt[1] + 2.0 * c.t[0];
        const double ddt = 2.0 * w0 * c.ddt[0] - c.ddt[1] + 4.0 * c.dt[0];
        const double bj = ddt / (dt * dt);
        const double a = 1.0 - c.t[0] * b[0];
        const double mu = 2.0 * w0 * bj / b[0];
        const double nu = -bj / b[1];
        const double slope_part = mu * w1 / w0;

        evaluate(r, r->time + h * theta[0], one, r->slope);
        const double factor[] = {mu, nu, 1.0 - mu - nu, h * slope_part, -h * slope_part * a};
        const double *const term[] = {one, two, y, r->slope, f};
        jf_numbers_combine(n, 5, factor, term, two); /* y_j takes the place of y_{j-2} */
        double *const swap = one;
        one = two;
        two = swap;
        const double next_theta = mu * theta[0] + nu * theta[1] + slope_part * (1.0 - a);
        theta[1] = theta[0];
        theta[0] = next_theta;
        b[1] = b[0];
        b[0] = bj;
        c = (chebyshev){{t, c.t[0]}, {dt, c.dt[0]}, {ddt, c.ddt[0]}};
    }
    r->stage = one;
    r->before = two;
}

/*
 * The weighted size of the estimate 0.8 (y_n - y_{n+1}) + 0.4 h (f_n + f_{n+1}) of the local error:
 * the root of the sum, so that each number keeps its tolerance however many there are.
 */
static double error_of(const jf_integrator *r, double h)
{
    const jf_ode *ode = r->ode;
    const double factor[] = {0.8, -0.8, 0.4 * h, 0.4 * h};
    const double *const term[] = {r->start, r->stage, r->rate, r->slope};
    const double sum = jf_numbers_error(ode->size, 4, factor, term, ode->relative, ode->absolute,
                                        r->start, r->stage);

    return sqrt(jf_ode_reduced(ode, JF_SUM, sum));
}

/* ---- steps ---- */

/*
 * Stages that keep the step stable, h radius <= 0.65 s^2; where they would be so many that
 * rounding, which grows as s^2, spoils the tolerance, the step is shortened instead.
 */
static int choose_stages(const jf_integrator *r, double *h)
{
    const double most = fmin(fmax(sqrt(r->ode->relative / (10.0 * DBL_EPSILON)), 2.0), MOST_STAGES);
    const double wanted = 1.0 + floor(sqrt(1.54 * *h * r->radius.value + 1.0));

    if (wanted > most) {
        const double s = floor(most);
        *h = (s * s - 1.0) / (1.54 * r->radius.value);
        return (int)s;
    }
    return wanted < 2.0 ? 2 : (int)wanted;
}

/* After a step was accepted: the next one's length (PI control, as in the paper's code). */
static void plan_next(jf_integrator *r, double h, double error)
{
    double factor = 10.0;

    if (r->last_length == 0.0) {
        const double root = cbrt(error);
        factor = 0.8 < factor * root ? 0.8 / root : factor;
    } else {
        const double wanted = 0.8 * h * cbrt(r->last_error);
        const double given = r->last_length * pow(error, 2.0 / 3.0);
        factor = wanted < factor * given ? wanted / given : factor;
    }
    r->last_error = error;
    r->last_length = h;
    r->length = h * fmax(0.1, factor);
}

static void accept(jf_integrator *r, double h, double error)
{
    const size_t n = r->ode->size;
    const double left = r->ode->end - r->time;

    r->time = h < left ? r->time + h : r->ode->end;
    r->cost.steps++;
    jf_radius_step(&r->radius, r->cost.evaluations);
    memcpy(r->start, r->stage, n * sizeof *r->start);
    memcpy(r->ode->state, r->stage, n * sizeof *r->start);
    double *const kept = r->rate;
    r->rate = r->slope;
    r->slope = kept;
    plan_next(r, h, fmax(error, 1e-10));
}

static void reject(jf_integrator *r, double h, double error)
{
    r->length = isfinite(error) ? h * fmax(0.1, 0.8 / cbrt(error)) : 0.1 * h;
    jf_radius_failure(&r->radius);
}

/* Where this integrator is, with the vectors that an attempt fills as room to work in. */
static jf_radius_place place(jf_integrator *r)
{
    return (jf_radius_place){.ode = r->ode,
                             .time = r->time,
                             .state = r->start,
                             .rate = r->rate,
                             .work = {r->stage, r->slope},
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
        const int stages = choose_stages(r, &h);
        if (!(r->time + h > r->time)) {
            return isfinite(error) ? JF_STEP_STALLED : JF_STEP_DIVERGED;
        }
        take_stages(r, h, stages);
        evaluate(r, r->time + h, r->stage, r->slope);
        error = error_of(r, h);
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
        r->memory = jf_memory_numbers(6 * ode->size);
    }
    if (r == NULL || r->memory == NULL) {
        destroy(out);
        return jf_fail_memory("an integrator");
    }
    double **const vectors[] = {&r->start, &r->rate,  &r->before,
                                &r->stage, &r->slope, &r->radius.direction};
    for (size_t k = 0; k < sizeof vectors / sizeof vectors[0]; k++) {
        *vectors[k] = r->memory + k * ode->size;
    }
    r->ode = ode;
    r->time = ode->begin;
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

const jf_integrator_kind jf_rkc = {
    .name = "rkc",
    .create = create,
    .step = step,
    .restart = restart,
    .cost = cost,
    .destroy = destroy,
};
