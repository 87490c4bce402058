#include "jepaflow/model/balanced.h"

#include <math.h>
#include <string.h>

#include "jepaflow/model/dual.h"

/*
 * Matrices of the state; and of the workspace: what a right-hand side finds, then the powers and
 * sums of its doublings; then a room for the change of each.
 */
enum { WBAR, V, N, UNKNOWNS };
enum { OUTPUT, DESCENT, M, FACTOR, POWERS };

static size_t square(const jf_model *m)
{
    return m->problem->square->count;
}

static double *room(const jf_model *m, size_t i)
{
    return m->work + i * square(m);
}

static void multiply(const jf_model *m, jf_transpose ta, jf_transpose tb, const double *a,
                     const double *b, double beta, double *c)
{
    jf_square_multiply(m->problem->square, ta, tb, a, b, beta, c);
}

static size_t matrices(size_t depth)
{
    (void)depth;
    return UNKNOWNS;
}

static size_t highest_bit(size_t n)
{
    size_t bit = 1;

    while (bit <= n / 2) {
        bit *= 2;
    }
    return bit;
}

/* Powers and sums that sum_of_powers() leaves in the workspace. */
static size_t kept(size_t depth)
{
    size_t count = 0;

    for (size_t bit = highest_bit(depth) / 2; bit > 0; bit /= 2) {
        const int more = bit > 1;
        const int odd = (depth & bit) != 0;
        count += more ? (odd ? 6u : 3u) : (odd ? 2u : 0u); /* the last sum is the result */
    }
    return count;
}

static size_t work_matrices(size_t depth)
{
    return 2 * (POWERS + kept(depth));
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

    JF_TRY(jf_network_draw_layer(network, m->problem->square, 1, wbar));
    multiply(m, JF_TRANSPOSED, JF_PLAIN, wbar, wbar, 0.0, state + N * square(m));
    for (size_t a = 2; a <= m->depth; a++) {
        JF_TRY(jf_network_draw_layer(network, m->problem->square, a, drawn));
        multiply(m, JF_PLAIN, JF_PLAIN, drawn, wbar, 0.0, product);
        memcpy(wbar, product, square(m) * sizeof *wbar);
    }
    return jf_network_predictor(network, m->problem->square, wbar, state + V * square(m));
}

/* ---- the right-hand side and its derivative ---- */

/* One walk finds either. */
typedef struct {
    const jf_model *m;
    jf_dual_part part;
    jf_dual unknown[UNKNOWNS];
    double *result;
    size_t used;    /* rooms of the workspace for values ... */
    size_t changes; /* ... of as many; those for changes follow */
} walk;

static walk make_walk(const jf_model *m, jf_dual_part part, const double *state,
                      const double *direction, double *result)
{
    walk w = {.m = m,
              .part = part,
              .result = result,
              .used = POWERS,
              .changes = work_matrices(m->depth) / 2};

    for (size_t k = 0; k < UNKNOWNS; k++) {
        w.unknown[k] = jf_dual_given(state + k * square(m), direction + k * square(m));
    }
    return w;
}

static jf_dual room_dual(const walk *w, size_t i)
{
    return (jf_dual){room(w->m, i), room(w->m, w->changes + i)};
}

static jf_dual result_dual(const walk *w, size_t k)
{
    return jf_dual_result(w->result + k * square(w->m));
}

static void multiply_duals(const walk *w, jf_transpose ta, jf_transpose tb, jf_dual a, jf_dual b,
                           double beta, jf_dual c)
{
    jf_dual_multiply(w->part, w->m->problem->square, ta, tb, a, b, beta, c);
}

/* a b in a room of its own. */
static jf_dual product_of(walk *w, jf_dual a, jf_dual b)
{
    const jf_dual c = room_dual(w, w->used++);

    multiply_duals(w, JF_PLAIN, JF_PLAIN, a, b, 0.0, c);
    return c;
}

/* out <- a s + t b. */
static void sum_of_products(const walk *w, jf_dual a, jf_dual s, jf_dual t, jf_dual b, jf_dual out)
{
    multiply_duals(w, JF_PLAIN, JF_PLAIN, a, s, 0.0, out);
    multiply_duals(w, JF_PLAIN, JF_PLAIN, t, b, 1.0, out);
}

/*
 * out <- S_L = sum_{a=1}^{L} M^{L-a} C N^{a-1}, by the binary digits of L from the highest down:
 * S_2n = M^n S_n + S_n N^n, and S_{n+1} = M S_n + C N^n where a digit is 1.
 */
static void sum_of_powers(walk *w, jf_dual m_matrix, jf_dual c, jf_dual n_matrix, jf_dual out)
{
    const size_t L = w->m->depth;
    jf_dual sum = c, m_power = m_matrix, n_power = n_matrix;

    if (L == 1) {
        memcpy(out.value, jf_dual_of(w->part, c), square(w->m) * sizeof(double));
    }
    for (size_t bit = highest_bit(L) / 2; bit > 0; bit /= 2) {
        const int more = bit > 1;
        const int odd = (L & bit) != 0;

        jf_dual next = more || odd ? room_dual(w, w->used++) : out;
        sum_of_products(w, m_power, sum, sum, n_power, next);
        sum = next;
        if (more || odd) {
            n_power = product_of(w, n_power, n_power);
        }
        if (more) {
            m_power = product_of(w, m_power, m_power);
        }
        if (odd) {
            next = more ? room_dual(w, w->used++) : out;
            sum_of_products(w, m_matrix, sum, c, n_power, next);
            sum = next;
        }
        if (odd && more) {
            n_power = product_of(w, n_power, n_matrix);
            m_power = product_of(w, m_power, m_matrix);
        }
    }
}

/* -G from the output. */
static void find_descent(const walk *w, jf_dual output, jf_dual descent)
{
    const jf_objective_kind *objective = jf_objective_find(w->m->objective);
    const jf_dual wbar = w->unknown[WBAR];

    if (w->part == JF_VALUE) {
        objective->descent(w->m->problem, wbar.value, output.value, descent.value);
    } else {
        objective->descent_change(w->m->problem, wbar.change, output.change, descent.change);
    }
}

/* All layers decay alike, so that the flow stays balanced: V once, N twice, Wbar L times. */
static void add_decay(const walk *w)
{
    const double decay = w->m->training.weight_decay;
    const double times[UNKNOWNS] = {[WBAR] = (double)w->m->depth, [V] = 1.0, [N] = 2.0};

    for (size_t k = 0; decay != 0.0 && k < UNKNOWNS; k++) {
        jf_training_decay(times[k] * decay, square(w->m), jf_dual_of(w->part, w->unknown[k]),
                          w->result + k * square(w->m));
    }
}

static void find(walk w)
{
    const jf_dual wbar = w.unknown[WBAR], v = w.unknown[V];
    const jf_dual output = room_dual(&w, OUTPUT);
    const jf_dual descent = room_dual(&w, DESCENT); /* -G */
    const jf_dual m_matrix = room_dual(&w, M);
    const jf_dual c = room_dual(&w, FACTOR); /* -C */
    const jf_dual k = result_dual(&w, N);    /* -K */

    multiply_duals(&w, JF_PLAIN, JF_PLAIN, v, wbar, 0.0, output);
    find_descent(&w, output, descent);
    multiply_duals(&w, JF_PLAIN, JF_TRANSPOSED, descent, wbar, 0.0, result_dual(&w, V));
    multiply_duals(&w, JF_TRANSPOSED, JF_PLAIN, output, descent, 0.0, k);
    jf_square_add_transpose(w.m->problem->square, k.value, jf_dual_of(w.part, m_matrix));
    multiply_duals(&w, JF_TRANSPOSED, JF_PLAIN, v, v, 0.0, m_matrix);
    multiply_duals(&w, JF_TRANSPOSED, JF_PLAIN, v, descent, 0.0, c);
    sum_of_powers(&w, m_matrix, c, w.unknown[N], result_dual(&w, WBAR));
    add_decay(&w);
}

static void rate(const jf_model *m, const double *state, double *rate)
{
    find(make_walk(m, JF_VALUE, state, state, rate));
}

static void derivative(const jf_model *m, const double *state, const double *direction,
                       double *product)
{
    find(make_walk(m, JF_CHANGE, state, direction, product));
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
    .derivative = derivative,
    .place = place,
    .end_to_end = end_to_end,
    .encoder_rate = encoder_rate,
};
