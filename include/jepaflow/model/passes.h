/*
 * passes.h - a batch of inputs forward through the layers of an encoder, and gradients back.
 *
 *     h_0 = x,   h_a = phi(W_a h_{a-1}) for a < L,   h_L = W_L h_{L-1}
 *
 * phi is an activation: encoders of one layer are linear whatever it is. Weights are W_1, ..., W_L,
 * V, d x d each, one after another (layers.h); a batch is d x columns, one input in each column.
 * All is done by products of a layer with a batch: nothing of d x d but the weights' rates is ever
 * formed. Knows no problem, no objective, no random numbers.
 */
#ifndef JEPAFLOW_MODEL_PASSES_H
#define JEPAFLOW_MODEL_PASSES_H

#include "jepaflow/base/status.h"
#include "jepaflow/model/activation.h"

typedef struct {
    size_t d, depth;
    size_t columns; /* of the widest batch */
    const jf_activation_kind *activation;
    double *hidden;  /* depth batches: h_1 .. h_L of the last jf_passes_forward() */
    double *back[2]; /* a batch each */
    double *memory;  /* of these, owned */
} jf_passes;

/*
 * Make room for batches of up to `columns` inputs.
 *   d, depth, columns  at least 1
 *   out                release with jf_passes_clear()
 * JF_ERR_MEMORY.
 */
jf_status jf_passes_init(size_t d, size_t depth, size_t columns, jf_activation activation,
                         jf_passes *out);

void jf_passes_clear(jf_passes *passes);

/* Returns h_L, d x columns; it and all h_a are kept until the next call. L products. */
const double *jf_passes_forward(jf_passes *passes, const double *weights, size_t columns,
                                const double *x);

/* out <- h_L, d x columns, which x may not overlap; nothing is kept. L products. */
void jf_passes_embed(jf_passes *passes, const double *weights, size_t columns, const double *x,
                     double *out);

/*
 * What `pull` on the outputs V h_L makes of all weights: rate <- sum over the batch of pull_j^T
 * d(V h_L)_j / d(weights), with h_a of the last jf_passes_forward(), of the same x.
 *   pull  d x columns: minus the loss's gradient by each output
 *   rate  of the weights' size
 * 2L + 1 products.
 */
void jf_passes_back(jf_passes *passes, const double *weights, size_t columns, const double *x,
                    const double *pull, double *rate);

#endif
