#include "jepaflow/model/objective.h"

#include <float.h>
#include <math.h>
#include <string.h>

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
    const jf_square *s = p->square;

    for (size_t j = 0; j < s->columns; j++) {
        const double variance = p->variance[s->column[j]];
        double *to = g + j * s->rows;
        const double *from = output + j * s->rows;
        for (size_t i = 0; i < s->rows; i++) {
            const double wanted = to[i], given = from[i] * variance;
            const double left = wanted - given;
            to[i] = fabs(left) <= rest * fabs(wanted) ? 0.0 : left;
        }
    }
}

/* E|output x|^2 = sum_ij output_ij^2 s_j. */
static double output_power(const jf_problem *p, const double *output)
{
    const jf_square *s = p->square;
    double sum = 0.0;

    for (size_t j = 0; j < s->columns; j++) {
        const double *x = output + j * s->rows;
        double column = 0.0;
        for (size_t i = 0; i < s->rows; i++) {
            column += x[i] * x[i];
        }
        sum += column * p->variance[s->column[j]];
    }
    jf_square_sum(s, 1, &sum);
    return sum;
}

/* ---- JEPA ---- */

static void jepa_descent(const jf_problem *p, const double *target, const double *output, double *g)
{
    jf_covariance_apply(&p->syx, p->square, target, g);
    subtract_output(p, output, g);
}

/* Syx is not symmetric where it is dense: Sxy = Syx^T. */
static void apply_sxy(const jf_problem *p, const double *a, double *out)
{
    if (p->syx.dense != NULL) {
        jf_square_multiply(p->square, JF_PLAIN, JF_TRANSPOSED, a, p->syx.dense, 0.0, out);
    } else {
        jf_covariance_apply(&p->syx, p->square, a, out);
    }
}

static void jepa_target_descent(const jf_problem *p, const double *target, const double *output,
                                double *work, double *g)
{
    apply_sxy(p, output, g);
    jf_covariance_apply(&p->syy, p->square, target, work);
    for (size_t i = 0; i < p->square->count; i++) {
        g[i] -= work[i];
    }
}

/* 1/2 [tr(A Sxx A^T) - 2 tr(A Sxy B^T) + tr(B Syy B^T)] with A = output, B = target. */
static double jepa_loss(const jf_problem *p, const double *target, const double *output,
                        double *work)
{
    double sum = output_power(p, output);

    jf_covariance_apply(&p->syx, p->square, target, work);
    sum -= 2.0 * jf_square_inner_product(p->square, work, output);
    jf_covariance_apply(&p->syy, p->square, target, work);
    sum += jf_square_inner_product(p->square, work, target);
    return 0.5 * sum;
}

/* V = eps^{1/L} I commutes with every Wbar. */
static void jepa_align(const jf_square *square, double layer_scale, double init_scale,
                       const double *wbar, double *v)
{
    (void)init_scale;
    (void)wbar;
    jf_square_set_identity(square, layer_scale, v);
}

static void jepa_gain(const jf_problem *p, const double *amplitude, const double *wbar_e,
                      const double *output_e, double *gain)
{
    jf_square_column_products(p->square, wbar_e, output_e, gain);
    for (size_t i = 0; i < p->d; i++) {
        gain[i] /= amplitude[i] * amplitude[i];
    }
}

/* ---- MAE ---- */

static void mae_descent(const jf_problem *p, const double *target, const double *output, double *g)
{
    (void)target;
    jf_covariance_expand(&p->syx, p->square, g);
    subtract_output(p, output, g);
}

static void mae_descent_change(const jf_problem *p, const double *target_change,
                               const double *output_change, double *g)
{
    (void)target_change;
    memset(g, 0, p->square->count * sizeof *g);
    subtract_output(p, output_change, g);
}

/* The trace of output Sxy. */
static double trace_with_syx(const jf_problem *p, const double *output)
{
    const jf_square *s = p->square;
    double sum = 0.0;

    if (p->syx.dense != NULL) {
        return jf_square_inner_product(s, p->syx.dense, output);
    }
    for (size_t k = 0; k < s->diagonals; k++) {
        sum += p->syx.diagonal[s->diagonal[k]] * output[s->place[k]];
    }
    jf_square_sum(s, 1, &sum);
    return sum;
}

/* E|y|^2. */
static double power(const jf_problem *p)
{
    const jf_square *s = p->square;
    double sum = 0.0;

    for (size_t k = 0; k < s->diagonals; k++) {
        sum += p->syy.dense != NULL ? p->syy.dense[s->place[k]] : p->syy.diagonal[s->diagonal[k]];
    }
    jf_square_sum(s, 1, &sum);
    return sum;
}

/* 1/2 [tr(A Sxx A^T) - 2 tr(A Sxy) + tr Syy] with A = output. */
static double mae_loss(const jf_problem *p, const double *target, const double *output,
                       double *work)
{
    (void)target;
    (void)work;
    return 0.5 * (output_power(p, output) - 2.0 * trace_with_syx(p, output) + power(p));
}

/* V = eps^{1/L} (U_L ... U_1)^T = eps^{1/L - 1} Wbar^T. */
static void mae_align(const jf_square *square, double layer_scale, double init_scale,
                      const double *wbar, double *v)
{
    jf_square_transpose(square, wbar, v);
    for (size_t i = 0; i < square->count; i++) {
        v[i] = layer_scale * (v[i] / init_scale);
    }
}

static void mae_gain(const jf_problem *p, const double *amplitude, const double *wbar_e,
                     const double *output_e, double *gain)
{
    (void)wbar_e;
    jf_square_column_products(p->square, p->features, output_e, gain);
    for (size_t i = 0; i < p->d; i++) {
        gain[i] /= amplitude[i];
    }
}

static const jf_objective_kind kinds[JF_OBJECTIVES] = {
    [JF_JEPA] = {.name = "jepa",
                 .embeds_target = 1,
                 .descent = jepa_descent,
                 .descent_change = jepa_descent, /* it has no constant part */
                 .target_descent = jepa_target_descent,
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
