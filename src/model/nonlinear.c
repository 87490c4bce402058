#include "jepaflow/model/nonlinear.h"

#include <string.h>

#include "jepaflow/linalg/blas.h"
#include "jepaflow/model/sampled.h"

enum { LEAST_PAIRS = 512, PAIRS_PER_FEATURE = 8 };

size_t jf_nonlinear_pairs(size_t d)
{
    return d > LEAST_PAIRS / PAIRS_PER_FEATURE ? PAIRS_PER_FEATURE * d : LEAST_PAIRS;
}

/*
 * Wbar = (f(x) x^T / N) Sxx^{-1} over the fixed batch; Sxx is a scaling of columns. It stands first
 * in the workspace, which the start is done with.
 */
static void place(const jf_model *m, const double *state)
{
    jf_sampling *s = m->sampling;
    const jf_batch *b = &s->fixed;
    const size_t d = m->problem->d;
    const double *h = jf_passes_forward(&s->passes, state, b->pairs, b->x);

    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, b->pairs, 1.0 / (double)b->pairs, h, b->x, 0.0,
                     m->work);
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < d; i++) {
            m->work[i + j * d] /= m->problem->variance[j];
        }
    }
}

static void end_to_end(const jf_model *m, const double *state, const double **wbar,
                       const double **v)
{
    const size_t d = m->problem->d;

    *wbar = m->work;
    *v = state + m->depth * d * d;
}

/* 1/(2N) sum |V f(x) - target|^2 over the fixed batch. */
static double loss(const jf_model *m, const double *state)
{
    jf_sampling *s = m->sampling;
    const jf_batch *b = &s->fixed;
    const size_t d = m->problem->d, count = d * b->pairs;
    double sum = 0.0;

    if (jf_objective_find(m->objective)->embeds_target) {
        jf_passes_embed(&s->passes, state, b->pairs, b->y, s->pull);
    } else {
        memcpy(s->pull, b->y, count * sizeof *s->pull);
    }
    const double *h = jf_passes_forward(&s->passes, state, b->pairs, b->x);
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, b->pairs, d, -1.0, state + m->depth * d * d, h, 1.0,
                     s->pull);
    for (size_t i = 0; i < count; i++) {
        sum += s->pull[i] * s->pull[i];
    }
    return 0.5 * sum / (double)b->pairs;
}

/* h h^T / N over the fixed batch, h without its mean; beside Wbar in the workspace. */
static const double *covariance(const jf_model *m, const double *state)
{
    jf_sampling *s = m->sampling;
    const jf_batch *b = &s->fixed;
    const size_t d = m->problem->d;
    const double *h = jf_passes_forward(&s->passes, state, b->pairs, b->x);
    double *out = m->work + d * d;

    for (size_t i = 0; i < d; i++) {
        double mean = 0.0;
        for (size_t j = 0; j < b->pairs; j++) {
            mean += h[i + j * d] / (double)b->pairs;
        }
        for (size_t j = 0; j < b->pairs; j++) {
            s->pull[i + j * d] = h[i + j * d] - mean;
        }
    }
    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, b->pairs, 1.0 / (double)b->pairs, s->pull,
                     s->pull, 0.0, out);
    return out;
}

const jf_model_kind jf_nonlinear = {
    .name = "nonlinear",
    .matrices = jf_sampled_matrices,
    .work_matrices = jf_sampled_work_matrices,
    .products = jf_sampled_products,
    .scale = jf_network_least_scale,
    .start = jf_sampled_start,
    .rate = jf_sampled_rate,
    .draw = jf_sampled_draw,
    .place = place,
    .end_to_end = end_to_end,
    .loss = loss,
    .covariance = covariance,
};
