#include "jepaflow/model/activation.h"

#include <math.h>

static void tanh_apply(size_t count, double *h)
{
    for (size_t i = 0; i < count; i++) {
        h[i] = tanh(h[i]);
    }
}

/* tanh' = 1 - tanh^2. */
static void tanh_chain(size_t count, const double *h, double *g)
{
    for (size_t i = 0; i < count; i++) {
        g[i] *= 1.0 - h[i] * h[i];
    }
}

static void relu_apply(size_t count, double *h)
{
    for (size_t i = 0; i < count; i++) {
        h[i] = h[i] > 0.0 ? h[i] : 0.0;
    }
}

static void relu_chain(size_t count, const double *h, double *g)
{
    for (size_t i = 0; i < count; i++) {
        g[i] = h[i] > 0.0 ? g[i] : 0.0;
    }
}

static const jf_activation_kind kinds[JF_ACTIVATIONS] = {
    [JF_LINEAR] = {.name = "linear"},
    [JF_TANH] = {.name = "tanh", .apply = tanh_apply, .chain = tanh_chain},
    [JF_RELU] = {.name = "relu", .apply = relu_apply, .chain = relu_chain},
};

const jf_activation_kind *jf_activation_find(jf_activation activation)
{
    return &kinds[activation];
}
