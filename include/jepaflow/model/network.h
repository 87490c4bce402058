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
 * (docs/theory.md, section 12).
 *
 * Other starts stand beside it in one table. All matrices are d x d, also where the embedding is
 * narrower, k < d: W_1 has then only its first k rows, the other W_a their first k rows and
 * columns, V its first k columns (and rows, where it maps embeddings to embeddings); the rest is
 * 0, and stays so along the flow (docs/departures.md). Layers are drawn one at a time from their
 * address, so that a deep network never needs to be held whole. Knows no flow.
 */
#ifndef JEPAFLOW_MODEL_NETWORK_H
#define JEPAFLOW_MODEL_NETWORK_H

#include <stdint.h>

#include "jepaflow/model/objective.h"
#include "jepaflow/model/weights.h"

/* What the encoder's layers are; the numbers are those of the choices of the parameter `start`. */
typedef enum {
    JF_START_ORTHOGONAL,     /* U_a: balanced */
    JF_START_GAUSSIAN,       /* independent normal numbers */
    JF_START_IDENTITY_NOISE, /* the identity and such noise */
    JF_START_FILE,           /* given, predictor too */
    JF_STARTS
} jf_start;

/* A start at 0 is the balanced orthogonal one. */
typedef struct {
    jf_objective objective;
    size_t depth;      /* encoder layers L */
    double init_scale; /* eps */
    jf_start start;
    int rotated;             /* orthogonal: U_a uniform over the orthogonal group; else U_a = I */
    int drawn_predictor;     /* V is drawn as a layer is; else it is aligned with Wbar */
    double imbalance;        /* ln(scale of W_1 / scale of W_L), see jf_network_scale_of() */
    double noise;            /* of JF_START_IDENTITY_NOISE */
    size_t width;            /* k of the embedding; 0: d */
    const jf_weights *given; /* of JF_START_FILE: of that depth and d; borrowed */
    uint64_t seed;           /* of the user */
    uint64_t key;            /* of the point: the draws depend on seed, key and layer alone */
} jf_network;

/* The scale of one layer, eps^{1/L}, which is the predictor's too. */
double jf_network_layer_scale(const jf_network *network);

/*
 * The scale of layer a = 1..L: eps^{1/L} exp(imbalance c_a) with c_a = (L + 1 - 2a) / (2 (L - 1)),
 * which falls evenly from 1/2 to -1/2: their product is eps. One layer alone has nothing to be out
 * of balance with: c_1 = 0.
 */
double jf_network_scale_of(const jf_network *network, size_t a);

/* The least of all scales. */
double jf_network_least_scale(const jf_network *network);

/*
 * Layer a = 1..L into w, d x d, where `square` says how it lies: on however many ranks it is the
 * same network, but for rounding. With s_a = jf_network_scale_of(), m the number of its rows,
 * n_ij independent standard normal numbers:
 *
 *     orthogonal      s_a U_a;               k < d: W_1 is k rows of such, the others are k x k
 *     gaussian        s_a n_ij / sqrt(m):    E|Wbar e|^2 = eps^2
 *     identity_noise  s_a (I + noise n_ij / sqrt(m))
 *     file            as given
 *
 * Fails as jf_square_orthogonal_factor().
 */
jf_status jf_network_draw_layer(const jf_network *network, const jf_square *square, size_t a,
                                double *w);

/*
 * The predictor (decoder) v, d x d, of scale eps^{1/L}: aligned with the product wbar of all the
 * layers (jf_objective_kind.align), or drawn as they are. Fails likewise.
 */
jf_status jf_network_predictor(const jf_network *network, const jf_square *square,
                               const double *wbar, double *v);

#endif
