#include "jepaflow/model/network.h"

#include <assert.h>
#include <math.h>

#include "jepaflow/base/random.h"

double jf_network_layer_scale(const jf_network *network)
{
    return pow(network->init_scale, 1.0 / (double)network->depth);
}

double jf_network_scale_of(const jf_network *network, size_t a)
{
    const double L = (double)network->depth;
    const double c = L > 1.0 ? (L + 1.0 - 2.0 * (double)a) / (2.0 * (L - 1.0)) : 0.0;

    return jf_network_layer_scale(network) * exp(network->imbalance * c);
}

double jf_network_least_scale(const jf_network *network)
{
    return fmin(jf_network_scale_of(network, 1), jf_network_scale_of(network, network->depth));
}

/* ---- what the embedding leaves of a matrix ---- */

/* The rows and columns that a matrix has: the first so many of d; the rest is 0. */
typedef struct {
    size_t rows, columns;
} shape;

/* Of W_a; a = L+1 is V, whose rows are the decoder's inputs or the predictor's embedding. */
static shape shape_of(const jf_network *network, const jf_square *s, size_t a)
{
    const size_t d = s->side, k = network->width > 0 ? network->width : d;
    const int decodes = a > network->depth && network->objective == JF_MAE;

    return (shape){.rows = decodes ? d : k, .columns = a == 1 ? d : k};
}

/* w <- scale w within its shape, 0 beyond. */
static void cut(shape has, const jf_square *s, double scale, double *w)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            const int inside = s->row[i] < has.rows && s->column[j] < has.columns;
            w[i + j * s->rows] = inside ? scale * w[i + j * s->rows] : 0.0;
        }
    }
}

/* w <- w within its shape, the identity beyond: so its orthogonal factor has that shape as well. */
static void embed(shape has, const jf_square *s, double *w)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            if (s->row[i] >= has.rows || s->column[j] >= has.columns) {
                w[i + j * s->rows] = s->row[i] == s->column[j] ? 1.0 : 0.0;
            }
        }
    }
}

/* ---- starts, each at scale 1 ---- */

/* The elements of a d x d matrix of normal numbers, column by column, that this rank has. */
static void draw(const jf_network *network, const jf_square *s, size_t a, double *w)
{
    const jf_random address = {network->seed, network->key, a};

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

static jf_status orthogonal(const jf_network *network, const jf_square *s, size_t a, shape has,
                            double *w)
{
    /* A predictor that is not to be aligned has a frame of its own in any case. */
    if (!network->rotated && a <= network->depth) {
        jf_square_set_identity(s, 1.0, w);
        return JF_OK;
    }
    draw(network, s, a, w);
    if (has.rows == has.columns) {
        embed(has, s, w);
    }
    return jf_square_orthogonal_factor(s, w);
}

static jf_status gaussian(const jf_network *network, const jf_square *s, size_t a, shape has,
                          double *w)
{
    draw(network, s, a, w);
    for (size_t i = 0; i < s->count; i++) {
        w[i] /= sqrt((double)has.rows);
    }
    return JF_OK;
}

static jf_status identity_noise(const jf_network *network, const jf_square *s, size_t a, shape has,
                                double *w)
{
    draw(network, s, a, w);
    for (size_t i = 0; i < s->count; i++) {
        w[i] *= network->noise / sqrt((double)has.rows);
    }
    for (size_t k = 0; k < s->diagonals; k++) {
        w[s->place[k]] += 1.0;
    }
    return JF_OK;
}

/* As given; `cut` leaves it its scale. */
static jf_status given(const jf_network *network, const jf_square *s, size_t a, shape has,
                       double *w)
{
    (void)has;
    assert(network->given->depth == network->depth && network->given->d == s->side);
    jf_square_take(s, jf_weights_matrix(network->given, a), w);
    return JF_OK;
}

typedef jf_status (*layer_function)(const jf_network *network, const jf_square *s, size_t a,
                                    shape has, double *w);

static const layer_function starts[JF_STARTS] = {
    [JF_START_ORTHOGONAL] = orthogonal,
    [JF_START_GAUSSIAN] = gaussian,
    [JF_START_IDENTITY_NOISE] = identity_noise,
    [JF_START_FILE] = given,
};

/* ---- layers and predictor ---- */

jf_status jf_network_draw_layer(const jf_network *network, const jf_square *square, size_t a,
                                double *w)
{
    const shape has = shape_of(network, square, a);

    assert(a >= 1 && a <= network->depth && network->width <= square->side);
    JF_TRY(starts[network->start](network, square, a, has, w));
    const int as_given = network->start == JF_START_FILE;
    cut(has, square, as_given ? 1.0 : jf_network_scale_of(network, a), w);
    return JF_OK;
}

jf_status jf_network_predictor(const jf_network *network, const jf_square *square,
                               const double *wbar, double *v)
{
    const size_t a = network->depth + 1;
    const shape has = shape_of(network, square, a);
    const double scale = jf_network_layer_scale(network);

    const int as_given = network->start == JF_START_FILE;

    if (network->drawn_predictor || as_given) {
        JF_TRY(starts[network->start](network, square, a, has, v));
        cut(has, square, as_given ? 1.0 : scale, v);
    } else {
        jf_objective_find(network->objective)->align(square, scale, network->init_scale, wbar, v);
        cut(has, square, 1.0, v);
    }
    return JF_OK;
}
