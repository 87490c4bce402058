/*
 * weights.h - the weights of a network, whole on one rank, to start from.
 *
 * W_1 .. W_L and V, d x d each, in the eigenbasis of Sxx (problem.h), column by column. Knows no
 * file and no flow.
 */
#ifndef JEPAFLOW_MODEL_WEIGHTS_H
#define JEPAFLOW_MODEL_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

typedef struct {
    size_t depth, d; /* 0: there are none */
    double *numbers; /* depth + 1 matrices, W_1 first, V last; owned */
} jf_weights;

/* Weights that are all 0. JF_ERR_MEMORY. Release with jf_weights_clear(). */
jf_status jf_weights_init(size_t depth, size_t d, jf_weights *out);
void jf_weights_clear(jf_weights *weights);

/* All numbers together. */
size_t jf_weights_count(const jf_weights *weights);

/* W_a, a = 1 .. L; V for a = L + 1. */
double *jf_weights_matrix(const jf_weights *weights, size_t a);

/* A fingerprint of shape and numbers, never 0; 0 where there are none. */
uint64_t jf_weights_hash(const jf_weights *weights);

#endif
