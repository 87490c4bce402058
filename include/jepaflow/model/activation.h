/*
 * activation.h - what a hidden layer does to each of its numbers: nothing, tanh, ReLU.
 *
 * One table; a new one is one more entry. Slopes are found from what came out, so that what went in
 * need not be kept. Knows no layers.
 */
#ifndef JEPAFLOW_MODEL_ACTIVATION_H
#define JEPAFLOW_MODEL_ACTIVATION_H

#include <stddef.h>

/* In the order of the choices of the input. */
typedef enum { JF_LINEAR, JF_TANH, JF_RELU, JF_ACTIVATIONS } jf_activation;

typedef struct {
    const char *name; /* as in input and dataset */

    /* h[count] <- phi(h); NULL: phi is the identity. */
    void (*apply)(size_t count, double *h);

    /* g[count] <- g phi'(z), from h = phi(z); NULL: the slope is 1. */
    void (*chain)(size_t count, const double *h, double *g);
} jf_activation_kind;

/* The entry of an activation. */
const jf_activation_kind *jf_activation_find(jf_activation activation);

#endif
