#include "jepaflow/model/balanced.h"

#include <math.h>
#include <string.h>

#include "jepaflow/linalg/blas.h"

/* Matrices of the state, and of the workspace. */
enum { WBAR, V, N, UNKNOWNS };
enum { OUTPUT, DESCENT, M, M_POWER, N_POWER, SUM, SPARE, FACTOR, WORK };

static size_t square(const jf_model *m)
{
    return m->problem->d * m->problem->d;
}

static double *room(const jf_model *m, size_t i)
{
    return m->work + i * square(m);
}

static void multiply(const jf_model *m, jf_transpose ta, jf_transpose tb, const double *a,
                     const double *b, double beta, double *c)
{
    const size_t d = m->problem->d;

    jf_blas_multiply(ta, tb, d, d, d, 1.0, a, b, beta, c);
}

static size_t matrices(size_t depth)
{
    (void)depth;
    return UNKNOWNS;
}

static size_t work_matrices(size_t depth)
{
    (void)depth;
    return WORK;
}

static size_t highest_bit(size_t n)
{
    size_t bit = 1;

    while (bit <= n / 2) {
        bit *= 2;
    }
    return bit;
}

/*
 * Five, and the doublings and additions of sum_of_powers(), which leave out powers that are not
 * used.
 */
static size_t products(size_t depth)
{
    size_t count = 5;

    for (size_t bit = highest_bit(depth) / 2; bit > 0; bit /= 2) {
        const int more = bit > 1;
        const int odd = (depth & bit) != 0;
        count += 2;
        count += (more || odd ? 1u : 0u) + (more ? 1u : 0u);
        count += odd ? (more ? 4u : 2u) : 0u;
    }
    return count;
}

/* Wbar starts at eps, N at eps^{2/L}. */
static double scale(const jf_network *network)
{
    const double layer = jf_network_layer_scale(network);

    return fmin(network->init_scale, layer * layer);
}

/* Wbar as the running product of the layers, drawn one by one; N from the first. */
static jf_status start(const jf_model *m, const jf_network *network, double *state)
{
    double *wbar = state + WBAR * square(m);
    double *drawn = room(m, 0);
    double *product = room(m, 1);

    JF_TRY(jf_network_draw_layer(network, 1, wbar));
    multiply(m, JF_TRANSPOSED, JF_PLAIN, wbar, wbar, 0.0, state + N * square(m));
    for (size_t a = 2; a <= m->depth; a++) {
        JF_TRY(jf_network_draw_layer(network, a, drawn));
        multiply(m, JF_PLAIN, JF_PLAIN, drawn, wbar, 0.0, product);
        memcpy(wbar, product, square(m) * sizeof *wbar);
    }
    jf_network_predictor(network, wbar, state + V * square(m));
    return JF_OK;
}

static void swap(double **a, double **b)
{
    double *const c = *a;

    *a = *b;
    *b = c;
}

/* power <- power factor; *power and *spare are exchanged. */
static void raise_power(const jf_model *m, double **power, const double *factor, double **spare)
{
    multiply(m, JF_PLAIN, JF_PLAIN, *power, factor, 0.0, *spare);
    swap(power, spare);
}

/*
 * out <- S_L = sum_{a=1}^{L} M^{L-a} C N^{a-1}, by the binary digits of L from the highest down:
 * S_2n = M^n S_n + S_n N^n, and S_{n+1} = M S_n + C N^n where a digit is 1. C is in room SUM, which
 * is overwritten, and in FACTOR, which is not.
 */
static void sum_of_powers(const jf_model *m, const double *n_matrix, double *out)
{
    const double *m_matrix = room(m, M);
    const double *c = room(m, FACTOR);
    double *sum = room(m, SUM), *spare = room(m, SPARE);
    double *m_power = room(m, M_POWER), *n_power = room(m, N_POWER);

    memcpy(m_power, m_matrix, square(m) * sizeof *m_power);
    memcpy(n_power, n_matrix, square(m) * sizeof *n_power);
    for (size_t bit = highest_bit(m->depth) / 2; bit > 0; bit /= 2) {
        const int more = bit > 1;
        const int odd = (m->depth & bit) != 0;

        multiply(m, JF_PLAIN, JF_PLAIN, m_power, sum, 0.0, spare);
        multiply(m, JF_PLAIN, JF_PLAIN, sum, n_power, 1.0, spare);
        swap(&sum, &spare);
        if (more || odd) {
            raise_power(m, &n_power, n_power, &spare);
        }
        if (more) {
            raise_power(m, &m_power, m_power, &spare);
        }
        if (odd) {
            multiply(m, JF_PLAIN, JF_PLAIN, m_matrix, sum, 0.0, spare);
            multiply(m, JF_PLAIN, JF_PLAIN, c, n_power, 1.0, spare);
            swap(&sum, &spare);
        }
        if (odd && more) {
            raise_power(m, &n_power, n_matrix, &spare);
            raise_power(m, &m_power, m_matrix, &spare);
        }
    }
    memcpy(out, sum, square(m) * sizeof *out);
}

static void rate(const jf_model *m, const double *state, double *rate)
{
    const size_t d = m->problem->d;
    const double *wbar = state + WBAR * square(m);
    const double *v = state + V * square(m);
    double *output = room(m, OUTPUT);
    double *descent = room(m, DESCENT); /* -G */
    double *k = room(m, SPARE);         /* -K */
    double *n_rate = rate + N * square(m);

    multiply(m, JF_PLAIN, JF_PLAIN, v, wbar, 0.0, output);
    jf_objective_find(m->objective)->descent(m->problem, wbar, output, descent);
    multiply(m, JF_PLAIN, JF_TRANSPOSED, descent, wbar, 0.0, rate + V * square(m));

    multiply(m, JF_TRANSPOSED, JF_PLAIN, output, descent, 0.0, k);
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < d; i++) {
            n_rate[i + j * d] = k[i + j * d] + k[j + i * d];
        }
    }
    multiply(m, JF_TRANSPOSED, JF_PLAIN, v, v, 0.0, room(m, M));
    multiply(m, JF_TRANSPOSED, JF_PLAIN, v, descent, 0.0, room(m, FACTOR)); /* -C */
    memcpy(room(m, SUM), room(m, FACTOR), square(m) * sizeof(double));
    sum_of_powers(m, state + N * square(m), rate + WBAR * square(m));
}

/* Wbar and V are unknowns. */
static void place(const jf_model *m, const double *state)
{
    (void)m;
    (void)state;
}

static void end_to_end(const jf_model *m, const double *state, const double **wbar,
                       const double **v)
{
    *wbar = state + WBAR * square(m);
    *v = state + V * square(m);
}

static void encoder_rate(const jf_model *m, const double *state, const double *rate,
                         const double **wbar, const double **wbar_rate)
{
    *wbar = state + WBAR * square(m);
    *wbar_rate = rate + WBAR * square(m);
}

const jf_model_kind jf_balanced = {
    .name = "balanced",
    .matrices = matrices,
    .work_matrices = work_matrices,
    .products = products,
    .scale = scale,
    .start = start,
    .rate = rate,
    .place = place,
    .end_to_end = end_to_end,
    .encoder_rate = encoder_rate,
};
