#include "jepaflow/ode/rkc.h"

#include <float.h>
#include <math.h>

#include "jepaflow/ode/numbers.h"
#include "jepaflow/ode/stabilised.h"

enum { MOST_STAGES = 4000 };

/* Chebyshev polynomials of the first kind at w0, with derivatives, by their recurrence. */
typedef struct {
    double t[2], dt[2], ddt[2]; /* orders j-1 and j-2 */
} chebyshev;

/*
 * y_0 = y, y_1 = y + mu~_1 h f_0,
 * y_j = (1 - mu_j - nu_j) y + mu_j y_{j-1} + nu_j y_{j-2} + mu~_j h f_{j-1} + gamma~_j h f_0
 * (the paper's recursion, damping 2/13). The end is left in r->end.
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
    double *one = r->end, *two = r->work[0];

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

        jf_stabilised_evaluate(r, r->time + h * theta[0], one, r->end_rate);
        const double factor[] = {mu, nu, 1.0 - mu - nu, h * slope_part, -h * slope_part * a};
        const double *const term[] = {one, two, y, r->end_rate, f};
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
    r->end = one;
    r->work[0] = two;
}

/*
 * The weighted size of the estimate 0.8 (y_n - y_{n+1}) + 0.4 h (f_n + f_{n+1}) of the local error:
 * the root of the sum, so that each number keeps its tolerance however many there are.
 */
static double error_of(const jf_integrator *r, double h)
{
    const jf_ode *ode = r->ode;
    const double factor[] = {0.8, -0.8, 0.4 * h, 0.4 * h};
    const double *const term[] = {r->start, r->end, r->rate, r->end_rate};
    const double sum = jf_numbers_error(ode->size, 4, factor, term, ode->relative, ode->absolute,
                                        r->start, r->end);

    return sqrt(jf_ode_reduced(ode, JF_SUM, sum));
}

static double attempt(jf_integrator *r, double h, int stages)
{
    take_stages(r, h, stages);
    jf_stabilised_evaluate(r, r->time + h, r->end, r->end_rate);
    return error_of(r, h);
}

/* Rounding grows with the square of the number of stages. */
static int most(const jf_ode *ode)
{
    return (int)fmin(fmax(sqrt(ode->relative / (10.0 * DBL_EPSILON)), 2.0), MOST_STAGES);
}

/* Stages s that keep the step stable, h radius <= 0.65 s^2. */
static int choose(const jf_integrator *r, double *h)
{
    const double wanted = 1.0 + floor(sqrt(1.54 * *h * r->radius.value + 1.0));
    const double s = r->most;

    if (wanted > s) {
        *h = (s * s - 1.0) / (1.54 * r->radius.value);
        return r->most;
    }
    return wanted < 2.0 ? 2 : (int)wanted;
}

static const jf_stabilised method = {
    .power = 3.0, .growth = 10.0, .most = most, .choose = choose, .attempt = attempt};

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    return jf_stabilised_create(&method, ode, out);
}

const jf_integrator_kind jf_rkc = {
    .name = "rkc",
    .create = create,
    .step = jf_stabilised_step,
    .restart = jf_stabilised_restart,
    .save = jf_stabilised_save,
    .load = jf_stabilised_load,
    .cost = jf_stabilised_cost,
    .destroy = jf_stabilised_destroy,
};
