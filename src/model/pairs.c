#include "jepaflow/model/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/random.h"
#include "jepaflow/model/regression.h"

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

/* Numbers in a strip: where the matrices are whole, rows and columns are one. */
static size_t strip_size(const jf_square *s)
{
    return (s->rows + (s->grid != NULL ? s->columns : 0)) * BLOCK;
}

static strip strip_at(const jf_square *s, double *room)
{
    return (strip){room, s->grid != NULL ? room + s->rows * BLOCK : room};
}

/*
 * gg, hg, hh <- the means of g g^T, h g^T, h h^T over the pairs.
 *   room  of two strips
 */
static void sum_draws(const jf_square *s, size_t pairs, jf_random address, double *room, double *gg,
                      double *hg, double *hh)
{
    strip g = strip_at(s, room), h = strip_at(s, room + strip_size(s));
    double *const sums[] = {gg, hg, hh};

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
}

/* ---- moments of pairs, in the eigenbasis of the population's Sxx ---- */

/* d x d but for the last two. */
typedef struct {
    double *regression; /* A = Syx Sxx^{-1} */
    double *root;       /* C^{1/2}, symmetric */
    double *gg, *hg, *hh;
    double *a, *b, *c;
    double *values; /* d */
    double *strips; /* two */
} workspace;

enum { MATRICES = 8 };

static size_t workspace_size(const jf_square *s)
{
    return MATRICES * s->count + s->side + 2 * strip_size(s);
}

static workspace lay_out(const jf_square *s, double *memory)
{
    double *m[MATRICES + 1];

    for (size_t k = 0; k <= MATRICES; k++) {
        m[k] = memory + 2 * strip_size(s) + k * s->count;
    }
    return (workspace){m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[MATRICES], memory};
}

/* root <- C^{1/2}, the symmetric one, which does not depend on the choice of eigenvectors. */
static jf_status find_root(const jf_problem *p, const workspace *w)
{
    const jf_square *s = p->square;
    double *vectors = w->a, *scaled = w->b;

    JF_TRY(jf_regression_find(p, w->regression, vectors, w->values, w->c));
    for (size_t j = 0; j < s->columns; j++) {
        const double factor = sqrt(w->values[s->column[j]]);
        for (size_t i = 0; i < s->rows; i++) {
            scaled[i + j * s->rows] = factor * vectors[i + j * s->rows];
        }
    }
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, scaled, vectors, 0.0, w->root);
    return JF_OK;
}

/*
 * With K = C^{1/2} (h g^T) Sxx^{1/2}:
 *     Sxx' = Sxx^{1/2} (g g^T) Sxx^{1/2},   Syx' = A Sxx' + K,
 *     Syy' = Syx' A^T + A K^T + C^{1/2} (h h^T) C^{1/2}
 */
static void combine(const jf_problem *p, const workspace *w)
{
    const jf_square *s = p->square;
    double *sxx = w->gg, *k = w->a, *syx = w->b, *syy = w->c;

    jf_problem_scale(p, 0.5, 0.5, sxx);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->root, w->hg, 0.0, k);
    jf_problem_scale(p, 0.0, 0.5, k);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->root, w->hh, 0.0, w->hg);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->hg, w->root, 0.0, syy);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, w->regression, k, 1.0, syy);
    memcpy(syx, k, s->count * sizeof *syx);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, w->regression, sxx, 1.0, syx);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, syx, w->regression, 1.0, syy);
}

static jf_status draw(const jf_problem *p, size_t pairs, jf_random address, const workspace *w,
                      jf_problem *out)
{
    const jf_square *s = p->square;

    JF_TRY(find_root(p, w));
    sum_draws(s, pairs, address, w->strips, w->gg, w->hg, w->hh);
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
    double *memory = jf_memory_numbers(workspace_size(s));
    jf_status status = jf_square_agree(s, memory != NULL ? JF_OK : jf_fail_memory("drawn pairs"));
    if (status == JF_OK) {
        const workspace w = lay_out(s, memory);
        status = draw(population, pairs, address, &w, out);
    }
    free(memory);
    return status;
}
