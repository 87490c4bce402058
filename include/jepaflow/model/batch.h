/*
 * batch.h - pairs (x, y), drawn from the Gaussian distribution that a problem's covariances
 * describe.
 *
 *     x ~ N(0, Sxx),   y = A x + n,   A = Syx Sxx^{-1},   n ~ N(0, Syy - A Sxy)
 *
 * in the problem's basis, the eigenbasis of Sxx. The numbers are a function of seed, key and stream
 * alone (base/random.h), so that what was drawn once can be drawn again. One rank has them all:
 * pairs are not spread over a grid. Knows no network.
 */
#ifndef JEPAFLOW_MODEL_BATCH_H
#define JEPAFLOW_MODEL_BATCH_H

#include <stdint.h>

#include "jepaflow/model/problem.h"

/*
 * Streams of a point's random numbers (jf_random) that belong to pairs: one for each step, and one
 * for the batch that all states are looked at with. Below them: those of the start.
 */
#define JF_STREAM_STEPS (UINT64_C(1) << 40)
#define JF_STREAM_FIXED (UINT64_C(1) << 41)

typedef struct {
    const jf_problem *problem; /* borrowed */
    size_t pairs;
    uint64_t seed, key;   /* of a jf_random */
    jf_covariance mean;   /* A; owned */
    jf_covariance spread; /* R with R R^T = Syy - A Sxy; owned */
    double *x, *y;        /* d x pairs: a pair in each column */
    double *noise;        /* d x pairs */
    double *memory;       /* of these three, owned */
} jf_batch;

/*
 * Make room for so many pairs of a problem; nothing is drawn yet.
 *   problem  borrowed: must outlive the batch; its matrices are whole
 *   pairs    at least 1
 *   out      release with jf_batch_clear(); left empty on failure
 * JF_ERR_NUMERICS where no distribution has these covariances: Syy is less than what x explains of
 * it. JF_ERR_MEMORY.
 */
jf_status jf_batch_init(const jf_problem *problem, size_t pairs, uint64_t seed, uint64_t key,
                        jf_batch *out);

void jf_batch_clear(jf_batch *batch);

/* Draw the pairs of a stream into x and y. */
void jf_batch_draw(jf_batch *batch, uint64_t stream);

/*
 * Draw pairs whose first and second moments are the distribution's own but for rounding: the second
 * half mirrors the first, (-x, -y), and x and n of the first are made orthonormal before they are
 * scaled. Averages over them of what is at most quadratic are exact, and of the rest odd terms
 * vanish.
 *   pairs of the batch  even, at least 4 d
 * JF_ERR_MEMORY, or JF_ERR_NUMERICS where LAPACK fails.
 */
jf_status jf_batch_draw_exact(jf_batch *batch, uint64_t stream);

#endif
