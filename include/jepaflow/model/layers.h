/*
 * layers.h - the flow of every layer: the unknowns are W_1, ..., W_L, V, in this order.
 *
 * Valid for every start and all covariances. A right-hand side takes 3L products of d x d matrices,
 * one more where Syx is dense (JEPA).
 */
#ifndef JEPAFLOW_MODEL_LAYERS_H
#define JEPAFLOW_MODEL_LAYERS_H

#include "jepaflow/model/model.h"

extern const jf_model_kind jf_layers;

#endif
