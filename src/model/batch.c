#include "jepaflow/model/batch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/random.h"
#include "jepaflow/model/regression.h"

void jf_batch_clear(jf_batch *batch)
{
    jf_covariance_clear(&batch->mean);
    jf_covariance_clear(&batch->spread);
    free(batch->memory);
    *batch = (jf_batch){0};
}

/* ---- y given x ---- */

/* Shared eigenvectors: A_i = lambda_i / s_i, R_i^2 = Syy_i - lambda_i^2 / s_i. */
static jf_status find_diagonal(const jf_problem *p, jf_batch *b)
{
    for (size_t i = 0; i < p->d; i++) {
        const double slope = p->syx.diagonal[i] / p->variance[i];
        const double whole = p->syy.diagonal[i];
        const double left = whole - slope * p->syx.diagonal[i];
        JF_TRY(jf_regression_check(left, whole));
        b->mean.diagonal[i] = slope;
        b->spread.diagonal[i] = left > 0.0 ? sqrt(left) : 0.0;
    }
    return JF_OK;
}

/* C = E diag(values) E^T gives R = E diag(sqrt(values)). */
static jf_status find_dense(const jf_problem *p, jf_batch *b)
{
    const size_t d = p->d;
    double *values = jf_memory_numbers(d + d * d), *r = b->spread.dense;

    if (values == NULL) {
        return jf_fail_memory("a batch of pairs");
    }
    const jf_status status = jf_regression_find(p, b->mean.dense, r, values, values + d);
    for (size_t j = 0; j < d && status == JF_OK; j++) {
        const double root = sqrt(values[j]);
        for (size_t i = 0; i < d; i++) {
            r[i + j * d] *= root;
        }
    }
    free(values);
    return status;
}

static jf_status make_room(const jf_problem *p, size_t pairs, jf_batch *b)
{
    const int dense = p->syx.dense != NULL;
    jf_covariance *const covariances[] = {&b->mean, &b->spread};
    int there = 1;

    for (size_t k = 0; k < 2; k++) {
        double **const room = dense ? &covariances[k]->dense : &covariances[k]->diagonal;
        *room = jf_memory_numbers(dense ? p->d * p->d : p->d);
        there = there && *room != NULL;
    }
    b->memory = jf_memory_numbers(3 * p->d * pairs);
    if (!there || b->memory == NULL) {
        return jf_fail_memory("a batch of pairs");
    }
    b->x = b->memory;
    b->y = b->x + p->d * pairs;
    b->noise = b->y + p->d * pairs;
    return JF_OK;
}

jf_status jf_batch_init(const jf_problem *problem, size_t pairs, uint64_t seed, uint64_t key,
                        jf_batch *out)
{
    assert(problem->square->grid == NULL && pairs >= 1);
    *out = (jf_batch){.problem = problem, .pairs = pairs, .seed = seed, .key = key};
    jf_status status = make_room(problem, pairs, out);
    if (status == JF_OK) {
        status =
            problem->syx.dense != NULL ? find_dense(problem, out) : find_diagonal(problem, out);
    }
    if (status != JF_OK) {
        jf_batch_clear(out);
    }
    return status;
}

/* ---- drawn ---- */

/* out <- s z for `pairs` columns, plus what is there times beta. */
static void apply(const jf_batch *b, const jf_covariance *s, size_t pairs, const double *z,
                  double beta, double *out)
{
    const size_t d = b->problem->d;

    if (s->dense != NULL) {
        jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, pairs, d, 1.0, s->dense, z, beta, out);
        return;
    }
    for (size_t j = 0; j < pairs; j++) {
        for (size_t i = 0; i < d; i++) {
            const double before = beta == 0.0 ? 0.0 : beta * out[i + j * d];
            out[i + j * d] = before + s->diagonal[i] * z[i + j * d];
        }
    }
}

/* Standard normal numbers, in x and noise, to pairs. */
static void shape(jf_batch *b, size_t pairs)
{
    const size_t d = b->problem->d;

    for (size_t j = 0; j < pairs; j++) {
        for (size_t i = 0; i < d; i++) {
            b->x[i + j * d] *= sqrt(b->problem->variance[i]);
        }
    }
    apply(b, &b->mean, pairs, b->x, 0.0, b->y);
    apply(b, &b->spread, pairs, b->noise, 1.0, b->y);
}

void jf_batch_draw(jf_batch *batch, uint64_t stream)
{
    const jf_random address = {batch->seed, batch->key, stream};
    const size_t count = batch->problem->d * batch->pairs;

    jf_random_normal_from(address, 0, batch->x, count);
    jf_random_normal_from(address, count, batch->noise, count);
    shape(batch, batch->pairs);
}

/*
 * z (n x columns) <- (z z^T / columns)^{-1/2} z, so that z z^T = columns I; `work` of z's size and
 * n x (n + 1) more.
 */
static jf_status whiten(size_t n, size_t columns, double *z, double *work)
{
    double *basis = work + n * columns, *values = basis + n * n;

    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, n, n, columns, 1.0 / (double)columns, z, z, 0.0,
                     basis);
    JF_TRY(jf_blas_symmetric_eigen(n, basis, values));
    jf_blas_multiply(JF_TRANSPOSED, JF_PLAIN, n, columns, n, 1.0, basis, z, 0.0, work);
    for (size_t j = 0; j < columns; j++) {
        for (size_t i = 0; i < n; i++) {
            work[i + j * n] /= sqrt(values[i]);
        }
    }
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, n, columns, n, 1.0, basis, work, 0.0, z);
    return JF_OK;
}

static void mirror(const jf_batch *b)
{
    const size_t half = b->problem->d * b->pairs / 2;

    for (size_t i = 0; i < half; i++) {
        b->x[half + i] = -b->x[i];
        b->y[half + i] = -b->y[i];
    }
}

jf_status jf_batch_draw_exact(jf_batch *batch, uint64_t stream)
{
    const size_t d = batch->problem->d, half = batch->pairs / 2, both = 2 * d;
    double *z = jf_memory_numbers(2 * both * half + both * (both + 1));

    assert(batch->pairs % 2 == 0 && batch->pairs >= 2 * both);
    if (z == NULL) {
        return jf_fail_memory("a batch of pairs");
    }
    jf_random_normal((jf_random){batch->seed, batch->key, stream}, z, both * half);
    const jf_status status = whiten(both, half, z, z + both * half);
    for (size_t j = 0; j < half && status == JF_OK; j++) {
        memcpy(batch->x + j * d, z + j * both, d * sizeof *z);
        memcpy(batch->noise + j * d, z + j * both + d, d * sizeof *z);
    }
    free(z);
    if (status == JF_OK) {
        shape(batch, half);
        mirror(batch);
    }
    return status;
}
