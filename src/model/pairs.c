#include "jepaflow/model/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/random.h"

/* Pairs that are drawn and multiplied at a time; a multiple of 4 (base/random.c). */
enum { BLOCK = 256 };

/* ---- moments of standard normal numbers ---- */

/* One block of numbers: for each of some rows of the whole, `count` in a column. */
static void draw_block(jf_random address, const size_t *row, size_t rows, size_t count,
                       double *numbers)
{
    for (size_t i = 0; i < rows; i++) {
        jf_random_normal_from(address, row[i] * BLOCK, numbers + i * count, count);
    }
}

/* What a rank needs of a block: the numbers of its rows and of its columns, which may be one. */
typedef struct {
    double *rows, *columns;
} strip;

static void draw_strip(const jf_square *s, jf_random address, size_t count, strip *out)
{
    draw_block(address, s->row, s->rows, count, out->rows);
    if (out->columns != out->rows) {
        draw_block(address, s->column, s->columns, count, out->columns);
    }
}

/* sum += a b^T, of this rank's part. */
static void add_products(const jf_square *s, size_t count, const strip *a, const strip *b,
                         double *sum)
{
    if (s->count > 0) {
        jf_blas_multiply(JF_TRANSPOSED, JF_PLAIN, s->rows, s->columns, count, 1.0, a->rows,
                         b->columns, 1.0, sum);
    }
}

/* gg, hg, hh <- the means of g g^T, h g^T, h h^T over the pairs. */
static jf_status sum_draws(const jf_square *s, size_t pairs, jf_random address, double *gg,
                           double *hg, double *hh)
{
    const size_t rows = s->rows * BLOCK, columns = s->grid != NULL ? s->columns * BLOCK : 0;
    double *room = jf_memory_numbers(2 * (rows + columns) + 1);
    strip g = {room, room + (columns > 0 ? rows : 0)};
    strip h = {room + rows + columns, room + rows + columns + (columns > 0 ? rows : 0)};
    double *const sums[] = {gg, hg, hh};

    JF_TRY(jf_square_agree(s, room != NULL ? JF_OK : jf_fail_memory("drawn pairs")));
    for (size_t k = 0; k < 3; k++) {
        memset(sums[k], 0, s->count * sizeof **sums);
    }
    for (size_t first = 0; first < pairs; first += BLOCK) {
        const size_t count = pairs - first < BLOCK ? pairs - first : BLOCK;
        address.stream = 2 * (first / BLOCK);
        draw_strip(s, address, count, &g);
        address.stream++;
        draw_strip(s, address, count, &h);
        add_products(s, count, &g, &g, gg);
        add_products(s, count, &h, &g, hg);
        add_products(s, count, &h, &h, hh);
    }
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < s->count; i++) {
            sums[k][i] /= (double)pairs;
        }
    }
    free(room);
    return JF_OK;
}

/* ---- moments of pairs, in the eigenbasis of the population's Sxx ---- */

/* All d x d. */
typedef struct {
    double *regression; /* A = Syx Sxx^{-1} */
    double *root;       /* C^{1/2}, symmetric */
    double *gg, *hg, *hh;
    double *a, *b, *c;
} workspace;

enum { MATRICES = sizeof(workspace) / sizeof(double *) };

static void expand(const jf_square *s, const jf_covariance *covariance, double *out)
{
    if (covariance->dense != NULL) {
        memcpy(out, covariance->dense, s->count * sizeof *out);
        return;
    }
    memset(out, 0, s->count * sizeof *out);
    for (size_t k = 0; k < s->diagonals; k++) {
        out[s->place[k]] = covariance->diagonal[s->diagonal[k]];
    }
}

/* a_ij <- a_ij row_i^p column_j^q of the variances. */
static void scale(const jf_problem *p, double of_rows, double of_columns, double *a)
{
    const jf_square *s = p->square;

    for (size_t j = 0; j < s->columns; j++) {
        const double factor = pow(p->variance[s->column[j]], of_columns);
        for (size_t i = 0; i < s->rows; i++) {
            a[i + j * s->rows] *= factor * pow(p->variance[s->row[i]], of_rows);
        }
    }
}

/* root <- C^{1/2}; eigenvalues of C below 0 by no more than rounding are 0. */
static jf_status find_root(const jf_problem *p, workspace *w)
{
    const jf_square *s = p->square;
    double *values = jf_memory_numbers(p->d);
    double *vectors = w->a;

    JF_TRY(jf_square_agree(s, values != NULL ? JF_OK : jf_fail_memory("drawn pairs")));
    expand(s, &p->syx, w->b);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, w->regression, w->b, 0.0, w->c);
    expand(s, &p->syy, vectors);
    for (size_t i = 0; i < s->count; i++) {
        vectors[i] -= w->c[i];
    }
    jf_status status = jf_square_symmetric_eigen(s, vectors, values);
    const double scale_of = fabs(values[p->d - 1]) + p->variance[0];
    if (status == JF_OK && values[0] < -1e-9 * scale_of) {
        status = jf_fail(JF_ERR_NUMERICS,
                         "no distribution has these covariances: Syy - Syx Sxx^-1 Sxy has the "
                         "eigenvalue %g, expected none below 0",
                         values[0]);
    }
    for (size_t j = 0; j < s->columns && status == JF_OK; j++) {
        const double factor = sqrt(fmax(values[s->column[j]], 0.0));
        for (size_t i = 0; i < s->rows; i++) {
            w->b[i + j * s->rows] = factor * vectors[i + j * s->rows];
        }
    }
    if (status == JF_OK) {
        jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, w->b, vectors, 0.0, w->root);
    }
    free(values);
    return status;
}

/*
 * With K = C^{1/2} (h g^T) Sxx^{1/2}:
 *     Sxx' = Sxx^{1/2} (g g^T) Sxx^{1/2},   Syx' = A Sxx' + K,
 *     Syy' = Syx' A^T + A K^T + C^{1/2} (h h^T) C^{1/2}
 */
static void combine(const jf_problem *p, workspace *w)
{
    const jf_square *s = p->square;
    double *sxx = w->gg, *k = w->a, *syx = w->b, *syy = w->c;

    scale(p, 0.5, 0.5, sxx);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->root, w->hg, 0.0, k);
    scale(p, 0.0, 0.5, k);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->root, w->hh, 0.0, w->hg);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->hg, w->root, 0.0, syy);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, w->regression, k, 1.0, syy);
    memcpy(syx, k, s->count * sizeof *syx);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->regression, sxx, 1.0, syx);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, syx, w->regression, 1.0, syy);
}

static jf_status draw(const jf_problem *p, size_t pairs, jf_random address, workspace *w,
                      jf_problem *out)
{
    const jf_square *s = p->square;

    expand(s, &p->syx, w->regression);
    scale(p, 0.0, -1.0, w->regression);
    JF_TRY(find_root(p, w));
    JF_TRY(sum_draws(s, pairs, address, w->gg, w->hg, w->hh));
    combine(p, w);
    return jf_problem_init_general(s, w->gg, w->b, w->c, out);
}

jf_status jf_pairs_draw(const jf_problem *population, size_t pairs, uint64_t seed, uint64_t key,
                        jf_problem *out)
{
    const jf_square *s = population->square;
    const jf_random address = {.seed = seed, .point = key};

    *out = (jf_problem){0};
    if (pairs < population->d) {
        return jf_fail(JF_ERR_NUMERICS,
                       "%zu pairs of %zu features have a singular Sxx, expected at least as many "
                       "pairs as features",
                       pairs, population->d);
    }
    double *memory = jf_memory_numbers(MATRICES * s->count);
    const jf_status there =
        jf_square_agree(s, memory != NULL ? JF_OK : jf_fail_memory("drawn pairs"));
    jf_status status = there;
    if (status == JF_OK) {
        double *m[MATRICES];
        for (size_t k = 0; k < MATRICES; k++) {
            m[k] = memory + k * s->count;
        }
        workspace w = {m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]};
        status = draw(population, pairs, address, &w, out);
    }
    free(memory);
    return status;
}
