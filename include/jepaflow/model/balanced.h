/*
 * balanced.h - the flow end to end: the unknowns are Wbar, V, N = W_1^T W_1, in this order.
 *
 * Valid from any balanced start (W_{a+1}^T W_{a+1} = W_a W_a^T, V^T V = W_L W_L^T), for all
 * covariances (docs/theory.md, end-to-end reduction). With M = V^T V, C = V^T G, K = (V Wbar)^T G:
 *
 *     dV/dt = -G Wbar^T,   dN/dt = -(K + K^T),   dWbar/dt = -S_L,
 *     S_n = sum_{a=1}^{n} M^{n-a} C N^{a-1}
 *
 * and S_2n = M^n S_n + S_n N^n: depth costs some 4 log2 L products instead of 3L. Weight decay
 * keeps the balance; a rate of the predictor's own, or a target that is not the encoder held
 * fixed, does not: their models are those of layers.h.
 */
#ifndef JEPAFLOW_MODEL_BALANCED_H
#define JEPAFLOW_MODEL_BALANCED_H

#include "jepaflow/model/model.h"

extern const jf_model_kind jf_balanced;

#endif
