/*
 * nonlinear.h - encoders with an activation between their layers, taught by pairs (sampled.h).
 *
 * No matrix Wbar maps x to its embedding f(x). What stands in its place, in all that is seen of a
 * state, is the regression of the embedding on x,
 *
 *     Wbar = E[f(x) x^T] Sxx^{-1},
 *
 * the linear map that comes nearest to f: its amplitude |Wbar e_i| is, where Sxx and Syx share
 * eigenvectors, the length of the regression coefficient E[f(x) z_i] / E[z_i^2] of the embedding on
 * the feature's coordinate z_i, and of a linear f it is Wbar itself. Averages are over a fixed
 * batch of jf_nonlinear_pairs() pairs with the moments of the distribution (jf_batch_draw_exact):
 * exact where f is linear, good to a percent or so where it is far from that. The loss, and the
 * embedding's covariance, are those of the same pairs.
 */
#ifndef JEPAFLOW_MODEL_NONLINEAR_H
#define JEPAFLOW_MODEL_NONLINEAR_H

#include "jepaflow/model/model.h"

/* Pairs of the fixed batch: 512, or 8 d where that is more. */
size_t jf_nonlinear_pairs(size_t d);

extern const jf_model_kind jf_nonlinear;

#endif
