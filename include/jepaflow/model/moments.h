/*
 * moments.h - second moments of pairs (x, y).
 *
 *     Sxx = E[x x^T],  Syx = E[y x^T],  Syy = E[y y^T],  d x d, column by column
 *
 * Given, or summed over blocks of pairs by products of matrices, which several may share: each sums
 * some tiles of the lower triangles and of Syx. A tile takes the same products whoever computes it,
 * so that sums are the same in every bit whatever the number of those who share them. Knows no
 * features, no file and no ranks.
 */
#ifndef JEPAFLOW_MODEL_MOMENTS_H
#define JEPAFLOW_MODEL_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

typedef struct {
    size_t d;
    double *sxx, *syx, *syy; /* d x d each; owned, one block of memory that begins at sxx */
} jf_moments;

/* Moments that are all 0. JF_ERR_MEMORY. Release with jf_moments_clear(). */
jf_status jf_moments_init(size_t d, jf_moments *out);
void jf_moments_clear(jf_moments *moments);

/* Numbers of all three together, from sxx on. */
size_t jf_moments_count(const jf_moments *moments);

/*
 * Add x x^T, y x^T and y y^T of some pairs.
 *   part, parts  whose tiles: of the part'th, from 0, of so many; all others are left alone
 *   x, y         d x count: a pair in each column; zero mean is the caller's care
 */
void jf_moments_add(jf_moments *moments, int part, int parts, size_t count, const double *x,
                    const double *y);

/*
 * Sums over `pairs`, those of all parts together, become means: Sxx and Syy come out symmetric in
 * every digit.
 */
void jf_moments_average(jf_moments *moments, double pairs);

/* Who sums the pairs that somebody reads: block by block, then once what others may have. */
typedef struct {
    jf_status (*add)(void *context, jf_moments *moments, size_t count, const double *x,
                     const double *y);
    jf_status (*finish)(void *context, jf_moments *moments);
    void *context;
} jf_adder;

/* The one who reads, alone. */
extern const jf_adder jf_adder_alone;

/*
 * What is wrong with numbers that should be moments, or NULL: not finite, Sxx or Syy not symmetric
 * (to 1e-9 of their largest element, then made so in every digit).
 */
const char *jf_moments_check(jf_moments *moments);

/* `hash` (base/text.h) with every number. */
uint64_t jf_moments_hash(const jf_moments *moments, uint64_t hash);

#endif
