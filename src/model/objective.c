#include "jepaflow/model/objective.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "jepaflow/linalg/blas.h"

void jf_end_to_end_output(size_t d, const double *v, const double *wbar, double *output)
{
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, v, wbar, 0.0, output);
}

/* Part of two numbers below which their difference is nothing but their own rounding. */
static const double rest = 16.0 * DBL_EPSILON;

/*
 * g <- target - output Sxx, Sxx a scaling of columns; exactly 0 where only rounding is left. So a
 * learnt feature comes to rest, in the frame where features stay apart (network.h), and what is at
 * rest does not limit a step, however fast it would decay: without this, its last digits keep an
 * integrator busy until the last feature is learnt (docs/theory.md, section 11).
 */
static void subtract_output(const jf_problem *p, const double *output, double *g)
{
    for (size_t j = 0; j < p->d; j++) {
        for (size_t i = 0; i < p->d; i++) {
            const double wanted = g[i + j * p->d], given = output[i + j * p->d] * p->variance[j];
            const double left = wanted - given;
            g[i + j * p->d] = fabs(left) <= rest * fabs(wanted) ? 0.0 : left;
        }
    }
}

/* E|output x|^2 = sum_ij output_ij^2 s_j. */
static double output_power(const jf_problem *p, const double *output)
{
    double sum = 0.0;

    for (size_t j = 0; j < p->d; j++) {
        double column = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            column += output[i + j * p->d] * output[i + j * p->d];
        }
        sum += column * p->variance[j];
    }
    return sum;
}

static double dot(size_t d, const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < d; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* ---- JEPA ---- */

static void jepa_descent(const jf_problem *p, const double *wbar, const double *output, double *g)
{
    jf_covariance_apply(&p->syx, p->d, wbar, g);
    subtract_output(p, output, g);
}

/* 1/2 [tr(A Sxx A^T) - 2 tr(A Sxy B^T) + tr(B Syy B^T)] with A = output, B = wbar. */
static double jepa_loss(const jf_problem *p, const double *wbar, const double *output, double *work)
{
    double sum = output_power(p, output);

    jf_covariance_apply(&p->syx, p->d, wbar, work);
    sum -= 2.0 * jf_inner_product(p->d, work, output);
    jf_covariance_apply(&p->syy, p->d, wbar, work);
    sum += jf_inner_product(p->d, work, wbar);
    return 0.5 * sum;
}

/* V = eps^{1/L} I commutes with every Wbar. */
static void jepa_align(size_t d, double layer_scale, double init_scale, const double *wbar,
                       double *v)
{
    (void)init_scale;
    (void)wbar;
    memset(v, 0, d * d * sizeof *v);
    for (size_t i = 0; i < d; i++) {
        v[i + i * d] = layer_scale;
    }
}

static double jepa_gain(size_t d, const double *e, const double *wbar_e, const double *output_e)
{
    (void)e;
    return dot(d, wbar_e, output_e) / dot(d, wbar_e, wbar_e);
}

/* ---- MAE ---- */

static void mae_descent(const jf_problem *p, const double *wbar, const double *output, double *g)
{
    const size_t d = p->d;

    (void)wbar;
    if (p->syx.diagonal == NULL) {
        memcpy(g, p->syx.dense.data, d * d * sizeof *g);
    } else {
        memset(g, 0, d * d * sizeof *g);
        for (size_t i = 0; i < d; i++) {
            g[i + i * d] = p->syx.diagonal[i];
        }
    }
    subtract_output(p, output, g);
}

static void mae_descent_change(const jf_problem *p, const double *wbar_change,
                               const double *output_change, double *g)
{
    (void)wbar_change;
    memset(g, 0, p->d * p->d * sizeof *g);
    subtract_output(p, output_change, g);
}

/* 1/2 [tr(A Sxx A^T) - 2 tr(A Sxy) + tr Syy] with A = output. */
static double mae_loss(const jf_problem *p, const double *wbar, const double *output, double *work)
{
    const size_t d = p->d;
    double sum = output_power(p, output);

    (void)wbar;
    (void)work;
    if (p->syx.diagonal == NULL) {
        sum -= 2.0 * jf_inner_product(d, p->syx.dense.data, output);
    }
    for (size_t i = 0; i < d; i++) {
        if (p->syx.diagonal != NULL) {
            sum -= 2.0 * p->syx.diagonal[i] * output[i + i * d];
        }
        sum += p->syy.diagonal != NULL ? p->syy.diagonal[i] : p->syy.dense.data[i + i * d];
    }
    return 0.5 * sum;
}

/* V = eps^{1/L} (U_L ... U_1)^T = eps^{1/L - 1} Wbar^T. */
static void mae_align(size_t d, double layer_scale, double init_scale, const double *wbar,
                      double *v)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < d; i++) {
            v[i + j * d] = layer_scale * (wbar[j + i * d] / init_scale);
        }
    }
}

static double mae_gain(size_t d, const double *e, const double *wbar_e, const double *output_e)
{
    return dot(d, e, output_e) / sqrt(dot(d, wbar_e, wbar_e));
}

static const jf_objective_kind kinds[JF_OBJECTIVES] = {
    [JF_JEPA] = {.name = "jepa",
                 .descent = jepa_descent,
                 .descent_change = jepa_descent, /* it has no constant part */
                 .loss = jepa_loss,
                 .align = jepa_align,
                 .gain = jepa_gain},
    [JF_MAE] = {.name = "mae",
                .descent = mae_descent,
                .descent_change = mae_descent_change,
                .loss = mae_loss,
                .align = mae_align,
                .gain = mae_gain},
};

const jf_objective_kind *jf_objective_find(jf_objective objective)
{
    return &kinds[objective];
}
