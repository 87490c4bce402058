#include "jepaflow/ode/rock.h"

#include <float.h>
#include <math.h>

#include "jepaflow/ode/numbers.h"
#include "jepaflow/ode/rock_table.h"
#include "jepaflow/ode/stabilised.h"

/*
 * The share of the tolerance that rounding may take in a step. It is no error like others: it
 * leaves the symmetries of a flow. With a tenth, critical times of JEPA from rotated starts (d =
 * 16, L = 8) were off by up to ten times the tolerance, with this by a tenth of it.
 */
#define ROUNDING 0.01

/* g into r->work[0], by the recurrence of rock_table.h; the time it belongs to, as a part of h. */
static double take_first_stages(jf_integrator *r, double h, const jf_rock_method *m)
{
    const size_t n = r->ode->size;
    const double *y = r->start, *f = r->rate;
    double *one = r->work[0], *two = r->end;
    double theta[2] = {m->recurrence[0][0], 0.0};
    const double begin = h * theta[0];

    for (size_t i = 0; i < n; i++) {
        two[i] = y[i];
        one[i] = y[i] + begin * f[i];
    }
    for (int j = 1; j < m->stages - 4; j++) {
        const double mu = m->recurrence[j][0], nu = m->recurrence[j][1], kappa = 1.0 - nu;
        jf_stabilised_evaluate(r, r->time + h * theta[0], one, r->end_rate);
        const double factor[] = {h * mu, nu, kappa};
        const double *const term[] = {r->end_rate, one, two};
        jf_numbers_combine(n, 3, factor, term, two); /* g_j takes the place of g_{j-2} */
        double *const swap = one;
        one = two;
        two = swap;
        const double next = mu + nu * theta[0] + kappa * theta[1];
        theta[1] = theta[0];
        theta[0] = next;
    }
    r->work[0] = one;
    r->end = two;
    return theta[0];
}

/*
 * f(U_1) into r->end_rate, f(U_2) .. f(U_4) into r->work[1] .. r->work[3], for g in r->work[0],
 * which belongs to the time theta h.
 */
static void take_last_stages(jf_integrator *r, double h, const jf_rock_method *m, double theta)
{
    const double *a = m->inner;
    const double *const term[] = {r->work[0], r->end_rate, r->work[1], r->work[2]};

    jf_stabilised_evaluate(r, r->time + h * theta, r->work[0], r->end_rate);
    for (size_t i = 1; i < 4; i++) { /* the rows of a: 1, 2, 3 numbers */
        double factor[4] = {1.0}, node = 0.0;
        for (size_t k = 0; k < i; k++) {
            factor[k + 1] = h * *a;
            node += *a++;
        }
        jf_numbers_combine(r->ode->size, i + 1, factor, term, r->end);
        jf_stabilised_evaluate(r, r->time + h * (theta + node), r->end, r->work[i]);
    }
}

/*
 * y_new into r->end; the weighted size of the estimate of its error: the root of the sum, so
 * that each number keeps its tolerance however many there are.
 */
static double finish(jf_integrator *r, double h, const jf_rock_method *m)
{
    const jf_ode *ode = r->ode;
    const double *b = m->outer, *e = m->error;
    const double weight[] = {1.0, h * b[0], h * b[1], h * b[2], h * b[3]};
    const double estimate[] = {e[0], h * e[1], h * e[2], h * e[3], h * e[4], -e[0]};
    const double *const term[] = {r->work[0], r->end_rate, r->work[1],
                                  r->work[2], r->work[3],  r->start};

    jf_numbers_combine(ode->size, 5, weight, term, r->end);
    const double sum = jf_numbers_error(ode->size, 6, estimate, term, ode->relative, ode->absolute,
                                        r->start, r->end);
    return sqrt(jf_ode_reduced(ode, JF_SUM, sum));
}

/*
 * One attempt. Where the error is small enough f at its end, which the next step begins with, has
 * to be finite too.
 */
static double attempt(jf_integrator *r, double h, int variant)
{
    size_t count;
    const jf_rock_method *m = jf_rock_table(&count) + variant;

    take_last_stages(r, h, m, take_first_stages(r, h, m));
    const double error = finish(r, h, m);
    if (error <= 1.0) {
        jf_stabilised_evaluate(r, r->time + h, r->end, r->end_rate);
        return isfinite(jf_radius_norm(r->ode, r->end_rate)) ? error : NAN;
    }
    return error;
}

static int most(const jf_ode *ode)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);

    while (count > 1 && all[count - 1].gain * DBL_EPSILON > ROUNDING * ode->relative) {
        count--;
    }
    return (int)count - 1;
}

/* The fewest stages that keep the step stable. */
static int choose(const jf_integrator *r, double *h)
{
    size_t count;
    const jf_rock_method *all = jf_rock_table(&count);
    const double wanted = *h * r->radius.value;
    int variant = 0;

    while (variant < r->most && wanted > all[variant].reach) {
        variant++;
    }
    if (wanted > all[variant].reach) {
        *h = all[variant].reach / r->radius.value;
    }
    return variant;
}

static const jf_stabilised method = {
    .power = 4.0, .growth = 3.0, .most = most, .choose = choose, .attempt = attempt};

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    return jf_stabilised_create(&method, ode, out);
}

const jf_integrator_kind jf_rock = {
    .name = "rock",
    .create = create,
    .step = jf_stabilised_step,
    .restart = jf_stabilised_restart,
    .save = jf_stabilised_save,
    .load = jf_stabilised_load,
    .cost = jf_stabilised_cost,
    .destroy = jf_stabilised_destroy,
};
