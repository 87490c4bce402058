#include "jepaflow/model/network.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "jepaflow/base/random.h"
#include "jepaflow/linalg/blas.h"

double jf_network_layer_scale(const jf_network *network)
{
    return pow(network->init_scale, 1.0 / (double)network->depth);
}

jf_status jf_network_draw_layer(const jf_network *network, size_t a, double *w)
{
    const size_t d = network->d;
    const double scale = jf_network_layer_scale(network);

    assert(a >= 1 && a <= network->depth);
    if (!network->rotated) {
        memset(w, 0, d * d * sizeof *w);
        for (size_t i = 0; i < d; i++) {
            w[i + i * d] = scale;
        }
        return JF_OK;
    }
    jf_random_normal((jf_random){network->seed, network->key, a}, w, d * d);
    JF_TRY(jf_blas_orthogonal_factor(d, w));
    for (size_t i = 0; i < d * d; i++) {
        w[i] *= scale;
    }
    return JF_OK;
}

void jf_network_predictor(const jf_network *network, const double *wbar, double *v)
{
    jf_objective_find(network->objective)
        ->align(network->d, jf_network_layer_scale(network), network->init_scale, wbar, v);
}
