#include "jepaflow/model/network.h"

#include <assert.h>
#include <math.h>

#include "jepaflow/base/random.h"

double jf_network_layer_scale(const jf_network *network)
{
    return pow(network->init_scale, 1.0 / (double)network->depth);
}

/* The elements of a d x d matrix of normal numbers, column by column, that this rank has. */
static void draw(jf_random address, const jf_square *s, double *w)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0, run; i < s->rows; i += run) {
            for (run = 1; i + run < s->rows && s->row[i + run] == s->row[i] + run;) {
                run++;
            }
            jf_random_normal_from(address, s->row[i] + s->column[j] * s->side, w + i + j * s->rows,
                                  run);
        }
    }
}

jf_status jf_network_draw_layer(const jf_network *network, const jf_square *square, size_t a,
                                double *w)
{
    const double scale = jf_network_layer_scale(network);

    assert(a >= 1 && a <= network->depth);
    if (!network->rotated) {
        jf_square_set_identity(square, scale, w);
        return JF_OK;
    }
    draw((jf_random){network->seed, network->key, a}, square, w);
    JF_TRY(jf_square_orthogonal_factor(square, w));
    for (size_t i = 0; i < square->count; i++) {
        w[i] *= scale;
    }
    return JF_OK;
}

void jf_network_predictor(const jf_network *network, const jf_square *square, const double *wbar,
                          double *v)
{
    jf_objective_find(network->objective)
        ->align(square, jf_network_layer_scale(network), network->init_scale, wbar, v);
}
