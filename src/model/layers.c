#include "jepaflow/model/layers.h"

#include "jepaflow/linalg/blas.h"

/*
 * The workspace: prefixes P_2 .. P_L (P_a = W_a ... W_1; P_1 is W_1 itself), then three scratch
 * matrices.
 */
enum { SCRATCH = 3 };

static size_t square(const jf_model *m)
{
    return m->problem->d * m->problem->d;
}

/* W_a of a state, or its rate; a = L+1 is V. */
static const double *layer(const jf_model *m, const double *state, size_t a)
{
    return state + (a - 1) * square(m);
}

static double *prefix_room(const jf_model *m, size_t a)
{
    return m->work + (a - 2) * square(m);
}

static const double *prefix(const jf_model *m, const double *state, size_t a)
{
    return a == 1 ? state : prefix_room(m, a);
}

static double *scratch(const jf_model *m, size_t i)
{
    return m->work + (m->depth - 1 + i) * square(m);
}

static void multiply(const jf_model *m, jf_transpose ta, jf_transpose tb, const double *a,
                     const double *b, double beta, double *c)
{
    const size_t d = m->problem->d;

    jf_blas_multiply(ta, tb, d, d, d, 1.0, a, b, beta, c);
}

static size_t matrices(size_t depth)
{
    return depth + 1;
}

static size_t work_matrices(size_t depth)
{
    return depth - 1 + SCRATCH;
}

static size_t products(size_t depth)
{
    return 3 * depth;
}

/* L-1 products: P_a = W_a P_{a-1}. */
static void find_prefixes(const jf_model *m, const double *state)
{
    for (size_t a = 2; a <= m->depth; a++) {
        multiply(m, JF_PLAIN, JF_PLAIN, layer(m, state, a), prefix(m, state, a - 1), 0.0,
                 prefix_room(m, a));
    }
}

static jf_status start(const jf_model *m, const jf_network *network, double *state)
{
    const size_t L = m->depth;

    for (size_t a = 1; a <= L; a++) {
        JF_TRY(jf_network_draw_layer(network, a, state + (a - 1) * square(m)));
    }
    find_prefixes(m, state);
    jf_network_predictor(network, prefix(m, state, L), state + L * square(m));
    return JF_OK;
}

/*
 * dV/dt = -G Wbar^T,  dW_a/dt = -(V W_L ... W_{a+1})^T G P_{a-1}^T, with B_L = -V^T G and
 * B_{a-1} = W_a^T B_a, so that dW_a/dt = B_a P_{a-1}^T and dW_1/dt = B_1.
 */
static void rate(const jf_model *m, const double *state, double *rate)
{
    const size_t L = m->depth;
    const double *v = layer(m, state, L + 1);
    double *output = scratch(m, 0);
    double *descent = scratch(m, 1); /* -G */

    find_prefixes(m, state);
    const double *wbar = prefix(m, state, L);
    multiply(m, JF_PLAIN, JF_PLAIN, v, wbar, 0.0, output);
    jf_objective_find(m->objective)->descent(m->problem, wbar, output, descent);
    multiply(m, JF_PLAIN, JF_TRANSPOSED, descent, wbar, 0.0, rate + L * square(m));

    double *b = L > 1 ? scratch(m, 2) : rate;
    double *next = scratch(m, 0);
    multiply(m, JF_TRANSPOSED, JF_PLAIN, v, descent, 0.0, b);
    for (size_t a = L; a >= 2; a--) {
        multiply(m, JF_PLAIN, JF_TRANSPOSED, b, prefix(m, state, a - 1), 0.0,
                 rate + (a - 1) * square(m));
        multiply(m, JF_TRANSPOSED, JF_PLAIN, layer(m, state, a), b, 0.0, a > 2 ? next : rate);
        double *const swap = b;
        b = next;
        next = swap;
    }
}

static void end_to_end(const jf_model *m, const double *state, const double **wbar,
                       const double **v)
{
    *wbar = prefix(m, state, m->depth);
    *v = layer(m, state, m->depth + 1);
}

/* dP_a = dW_a P_{a-1} + W_a dP_{a-1}, in turn in two scratch matrices. */
static void encoder_rate(const jf_model *m, const double *state, const double *rate,
                         const double **wbar, const double **wbar_rate)
{
    const double *below = rate;

    for (size_t a = 2; a <= m->depth; a++) {
        double *here = scratch(m, a % 2);
        multiply(m, JF_PLAIN, JF_PLAIN, layer(m, rate, a), prefix(m, state, a - 1), 0.0, here);
        multiply(m, JF_PLAIN, JF_PLAIN, layer(m, state, a), below, 1.0, here);
        below = here;
    }
    *wbar = prefix(m, state, m->depth);
    *wbar_rate = below;
}

const jf_model_kind jf_layers = {
    .name = "layers",
    .matrices = matrices,
    .work_matrices = work_matrices,
    .products = products,
    .scale = jf_network_layer_scale,
    .start = start,
    .rate = rate,
    .place = find_prefixes,
    .end_to_end = end_to_end,
    .encoder_rate = encoder_rate,
};
