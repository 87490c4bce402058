/*
 * layers.h - the flow of every layer: the unknowns are W_1, ..., W_L, V, in this order.
 *
 * Valid for every start and all covariances. A right-hand side takes 3L products of d x d matrices,
 * one more where Syx is dense (JEPA). JEPA's target is made by the encoder, held fixed
 * (stop-gradient); two more entries of the table do otherwise (docs/departures.md):
 *
 *     slow   by an encoder of its own that follows, dT_a/dt = ema_rate (W_a - T_a) from T_a = W_a;
 *            the unknowns are W_1, ..., W_L, V, T_1, ..., T_L; L - 1 products more
 *     free   by the encoder, not held fixed: minus dV/dt and dW_a/dt are the whole gradient
 */
#ifndef JEPAFLOW_MODEL_LAYERS_H
#define JEPAFLOW_MODEL_LAYERS_H

#include "jepaflow/model/model.h"

extern const jf_model_kind jf_layers, jf_layers_slow, jf_layers_free;

#endif
