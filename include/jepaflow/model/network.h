/*
 * network.h - the weights a flow starts from.
 *
 * Balanced orthogonal start (arXiv 2407.03475, Assumption 4.1): W_a = eps^{1/L} U_a with U_a
 * orthogonal, so that |Wbar e| = eps for every unit vector e, and V aligned with Wbar.
 *
 * The flow commutes with rotations of the hidden layers, W_a -> R_a W_a R_{a-1}^T with R_0 = I, so
 * nothing that is observed depends on the U_a; U_a = I is the frame in which the features stay on
 * the diagonal. With random U_a rounding mixes the features at 1e-16, and where a feature of lower
 * rho is learnt first that mixture grows until it shifts the critical times by percents
 * (docs/theory.md, section 12). Layers are drawn one at a time from their address, so that a deep
 * network never needs to be held whole. Knows no flow.
 */
#ifndef JEPAFLOW_MODEL_NETWORK_H
#define JEPAFLOW_MODEL_NETWORK_H

#include <stdint.h>

#include "jepaflow/model/objective.h"

typedef struct {
    jf_objective objective;
    size_t depth;      /* encoder layers L */
    double init_scale; /* eps */
    int rotated;       /* U_a uniform over the orthogonal group; else U_a = I */
    uint64_t seed;     /* of the user */
    uint64_t key;      /* of the point: the draws are a function of seed, key and layer alone */
} jf_network;

/* The scale of one layer, eps^{1/L}. */
double jf_network_layer_scale(const jf_network *network);

/*
 * Layer a = 1..L into w, d x d, where `square` says how it lies: on however many ranks it is the
 * same network, but for rounding. Fails as jf_square_orthogonal_factor().
 */
jf_status jf_network_draw_layer(const jf_network *network, const jf_square *square, size_t a,
                                double *w);

/* The predictor (decoder) v, d x d, that belongs to the product wbar of all the layers. */
void jf_network_predictor(const jf_network *network, const jf_square *square, const double *wbar,
                          double *v);

#endif
