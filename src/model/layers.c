#include "jepaflow/model/layers.h"

#include <string.h>

#include "jepaflow/model/dual.h"

/*
 * The workspace: what a right-hand side leaves behind, -G, the prefixes P_2 .. P_L (P_a = W_a ...
 * W_1; P_1 is W_1 itself) and B_2^T .. B_L^T (B_1 is the rate of W_1); then scratch, for changes;
 * then the prefixes of a slow target, T_a ... T_1, a = 2 .. L.
 */
enum { SCRATCH = 3 };

static int is_slow(const jf_model *m)
{
    return m->kind == &jf_layers_slow;
}

static size_t square(const jf_model *m)
{
    return m->problem->square->count;
}

/* W_a of a state, or its rate; a = L+1 is V, a = L+1+b is T_b. */
static const double *layer(const jf_model *m, const double *state, size_t a)
{
    return state + (a - 1) * square(m);
}

static double *prefix_room(const jf_model *m, size_t a)
{
    return m->work + (a - 1) * square(m);
}

static const double *prefix(const jf_model *m, const double *state, size_t a)
{
    return a == 1 ? state : prefix_room(m, a);
}

static double *back_room(const jf_model *m, size_t a)
{
    return m->work + (m->depth + a - 2) * square(m);
}

static double *scratch(const jf_model *m, size_t i)
{
    return m->work + (2 * m->depth - 1 + i) * square(m);
}

/* The products of a slow target's layers. */
static const double *target_prefix(const jf_model *m, const double *state, size_t a)
{
    return a == 1 ? layer(m, state, m->depth + 2)
                  : m->work + (2 * m->depth - 1 + SCRATCH + a - 2) * square(m);
}

static void multiply(const jf_model *m, jf_transpose ta, jf_transpose tb, const double *a,
                     const double *b, double beta, double *c)
{
    jf_square_multiply(m->problem->square, ta, tb, a, b, beta, c);
}

static size_t matrices(size_t depth)
{
    return depth + 1;
}

static size_t work_matrices(size_t depth)
{
    return 2 * depth - 1 + SCRATCH;
}

static size_t products(size_t depth)
{
    return 3 * depth;
}

static size_t slow_matrices(size_t depth)
{
    return matrices(depth) + depth;
}

static size_t slow_work_matrices(size_t depth)
{
    return work_matrices(depth) + depth - 1;
}

static size_t slow_products(size_t depth)
{
    return products(depth) + depth - 1;
}

/* ---- the right-hand side and its derivative ---- */

/*
 * One walk finds either. Changes of prefixes pass through the result, each in the place of its own
 * layer, which is filled only when nobody needs them any more.
 */
typedef struct {
    const jf_model *m;
    jf_dual_part part;
    const double *state;
    const double *direction; /* changes of the state */
    double *result;
} walk;

static void multiply_duals(const walk *w, jf_transpose ta, jf_transpose tb, jf_dual a, jf_dual b,
                           jf_dual c)
{
    jf_dual_multiply(w->part, w->m->problem->square, ta, tb, a, b, 0.0, c);
}

static double *result(const walk *w, size_t a)
{
    return w->result + (a - 1) * square(w->m);
}

static jf_dual weight(const walk *w, size_t a)
{
    return jf_dual_given(layer(w->m, w->state, a), layer(w->m, w->direction, a));
}

static jf_dual prefix_dual(const walk *w, size_t a)
{
    return a == 1 ? weight(w, 1) : (jf_dual){prefix_room(w->m, a), result(w, a)};
}

/* The products of a slow target's layers; their changes take turns. */
static jf_dual target_dual(const walk *w, size_t a)
{
    const size_t first = w->m->depth + 2;

    return a == 1 ? weight(w, first)
                  : jf_dual_given(target_prefix(w->m, w->state, a), scratch(w->m, a % 2));
}

/* B_a^T, a > 1. */
static jf_dual back_dual(const walk *w, size_t a)
{
    return (jf_dual){back_room(w->m, a), scratch(w->m, a % 2)};
}

/* L-1 products: P_a = W_a P_{a-1}. */
static void find_prefixes(const walk *w)
{
    for (size_t a = 2; a <= w->m->depth; a++) {
        multiply_duals(w, JF_PLAIN, JF_PLAIN, weight(w, a), prefix_dual(w, a - 1),
                       prefix_dual(w, a));
    }
}

/* L-1 products: T_a ... T_1. */
static void find_target_prefixes(const walk *w)
{
    for (size_t a = 2; a <= w->m->depth; a++) {
        multiply_duals(w, JF_PLAIN, JF_PLAIN, weight(w, w->m->depth + 1 + a), target_dual(w, a - 1),
                       target_dual(w, a));
    }
}

/* The encoder of the target. */
static jf_dual find_target(const walk *w)
{
    const size_t L = w->m->depth;

    if (!is_slow(w->m)) {
        return prefix_dual(w, L);
    }
    find_target_prefixes(w);
    return target_dual(w, L);
}

/* -G from the output, which waits in the place of V's result. */
static jf_dual find_descent(const walk *w)
{
    const jf_objective_kind *objective = jf_objective_find(w->m->objective);
    const size_t L = w->m->depth;
    const jf_dual target = find_target(w);
    const jf_dual descent = {w->m->work, scratch(w->m, 2)};
    double *output = result(w, L + 1);

    multiply_duals(w, JF_PLAIN, JF_PLAIN, weight(w, L + 1), prefix_dual(w, L),
                   jf_dual_result(output));
    if (w->part == JF_VALUE) {
        objective->descent(w->m->problem, target.value, output, descent.value);
    } else {
        objective->descent_change(w->m->problem, target.change, output, descent.change);
    }
    return descent;
}

/*
 * Minus the gradient along a free target, into the place of B_1 where L is 1, else transposed into
 * that of B_L^T. Returns the factor by which the product that is due there keeps it: 0 where there
 * is none. The output still waits in the place of V's result.
 */
static double find_free_part(const walk *w)
{
    const jf_objective_kind *objective = jf_objective_find(w->m->objective);
    const jf_problem *p = w->m->problem;
    const size_t L = w->m->depth;
    const double *wbar = jf_dual_of(w->part, prefix_dual(w, L));
    double *part = scratch(w->m, (L + 1) % 2);

    if (w->m->kind != &jf_layers_free || objective->target_descent == NULL) {
        return 0.0;
    }
    if (L == 1) {
        objective->target_descent(p, wbar, result(w, 2), part, result(w, 1));
        return 1.0;
    }
    double *back = jf_dual_of(w->part, back_dual(w, L));
    objective->target_descent(p, wbar, result(w, L + 1), back, part);
    jf_square_transpose(p->square, part, back);
    return 1.0;
}

/*
 * dV/dt = -G Wbar^T,  dW_a/dt = -(V W_L ... W_{a+1})^T G P_{a-1}^T, with B_L = -V^T G and
 * B_{a-1} = W_a^T B_a, so that dW_a/dt = B_a P_{a-1}^T and dW_1/dt = B_1. On the way it is B_a^T
 * that is kept: products of two plain matrices, or of two transposed ones, are BLIS's fastest.
 */
static void find_field(const walk *w)
{
    const jf_square *s = w->m->problem->square;
    const size_t L = w->m->depth;

    find_prefixes(w);
    const jf_dual descent = find_descent(w);
    const double kept = find_free_part(w);
    multiply_duals(w, JF_PLAIN, JF_TRANSPOSED, descent, prefix_dual(w, L),
                   jf_dual_result(result(w, L + 1)));
    if (L == 1) {
        jf_dual_multiply(w->part, s, JF_TRANSPOSED, JF_PLAIN, weight(w, 2), descent, kept,
                         jf_dual_result(result(w, 1)));
        return;
    }
    jf_dual_multiply(w->part, s, JF_TRANSPOSED, JF_PLAIN, descent, weight(w, L + 1), kept,
                     back_dual(w, L));
    for (size_t a = L; a > 2; a--) {
        multiply_duals(w, JF_TRANSPOSED, JF_TRANSPOSED, back_dual(w, a), prefix_dual(w, a - 1),
                       jf_dual_result(result(w, a)));
        multiply_duals(w, JF_PLAIN, JF_PLAIN, back_dual(w, a), weight(w, a), back_dual(w, a - 1));
    }
    multiply_duals(w, JF_TRANSPOSED, JF_TRANSPOSED, back_dual(w, 2), prefix_dual(w, 1),
                   jf_dual_result(result(w, 2)));
    multiply_duals(w, JF_TRANSPOSED, JF_TRANSPOSED, weight(w, 2), back_dual(w, 2),
                   jf_dual_result(result(w, 1)));
}

/* And dT_a = ema_rate (W_a - T_a). */
static void add_training(const walk *w)
{
    const jf_training *t = &w->m->training;
    const size_t L = w->m->depth, n = square(w->m);

    jf_training_apply(t, L, n, jf_dual_of(w->part, weight(w, 1)), result(w, 1));
    if (is_slow(w->m)) {
        const double *from = jf_dual_of(w->part, weight(w, 1));
        const double *slow = jf_dual_of(w->part, weight(w, L + 2));
        for (size_t i = 0; i < L * n; i++) {
            result(w, L + 2)[i] = t->ema_rate * (from[i] - slow[i]);
        }
    }
}

static void find(const walk *w)
{
    find_field(w);
    add_training(w);
}

/* Values of prefixes stay in the workspace: there is no result. */
static void place(const jf_model *m, const double *state)
{
    const walk w = {m, JF_VALUE, state, state, m->work};

    find_prefixes(&w);
    if (is_slow(m)) {
        find_target_prefixes(&w);
    }
}

static void rate(const jf_model *m, const double *state, double *rate)
{
    find(&(walk){m, JF_VALUE, state, state, rate});
}

static void derivative(const jf_model *m, const double *state, const double *direction,
                       double *product)
{
    find(&(walk){m, JF_CHANGE, state, direction, product});
}

static jf_status start(const jf_model *m, const jf_network *network, double *state)
{
    const size_t L = m->depth;

    for (size_t a = 1; a <= L; a++) {
        JF_TRY(jf_network_draw_layer(network, m->problem->square, a, state + (a - 1) * square(m)));
    }
    find_prefixes(&(walk){m, JF_VALUE, state, state, m->work});
    JF_TRY(jf_network_predictor(network, m->problem->square, prefix(m, state, L),
                                state + L * square(m)));
    if (is_slow(m)) {
        memcpy(state + (L + 1) * square(m), state, L * square(m) * sizeof *state);
    }
    return JF_OK;
}

static void end_to_end(const jf_model *m, const double *state, const double **wbar,
                       const double **v)
{
    *wbar = prefix(m, state, m->depth);
    *v = layer(m, state, m->depth + 1);
}

static const double *slow_target(const jf_model *m, const double *state)
{
    return target_prefix(m, state, m->depth);
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

#define LAYERS                                                                                     \
    .name = "layers", .scale = jf_network_least_scale, .start = start, .rate = rate,               \
    .derivative = derivative, .place = place, .end_to_end = end_to_end,                            \
    .encoder_rate = encoder_rate

const jf_model_kind jf_layers = {LAYERS, .matrices = matrices, .work_matrices = work_matrices,
                                 .products = products};

const jf_model_kind jf_layers_slow = {LAYERS, .matrices = slow_matrices,
                                      .work_matrices = slow_work_matrices,
                                      .products = slow_products, .target = slow_target};

const jf_model_kind jf_layers_free = {LAYERS, .matrices = matrices, .work_matrices = work_matrices,
                                      .products = products};
