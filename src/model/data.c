#include "jepaflow/model/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/model/pairs.h"

static int is_turned(const jf_data *data)
{
    return data->angle != 0.0 || data->asymmetry != 0.0;
}

int jf_data_is_shared(const jf_data *data)
{
    return data->moments == NULL && !is_turned(data) && !isfinite(data->pairs);
}

/* ---- made of lambda and rho ---- */

/* Element (i, j) of Q, i and j from 0. */
static double rotation_element(size_t d, double c, double s, size_t i, size_t j)
{
    if (i > j) {
        return i == j + 1 ? s : 0.0;
    }
    return (i == 0 ? 1.0 : c) * pow(-s, (double)(j - i)) * (j + 1 == d ? 1.0 : c);
}

static void fill_rotation(const jf_square *square, double angle, double *q)
{
    const double c = cos(angle), s = sin(angle);

    for (size_t j = 0; j < square->columns; j++) {
        for (size_t i = 0; i < square->rows; i++) {
            q[i + j * square->rows] =
                rotation_element(square->side, c, s, square->row[i], square->column[j]);
        }
    }
}

/* m <- diag(lambda) + asymmetry J. */
static void fill_core(const jf_square *square, const jf_data *data, double *m)
{
    const double *lambda = data->lambda;

    for (size_t b = 0; b < square->columns; b++) {
        for (size_t a = 0; a < square->rows; a++) {
            const size_t i = square->row[a], j = square->column[b];
            const double beside = data->asymmetry * sqrt(lambda[i] * lambda[j]);
            m[a + b * square->rows] = i == j       ? lambda[i]
                                      : j == i + 1 ? beside
                                      : i == j + 1 ? -beside
                                                   : 0.0;
        }
    }
}

/* syy <- Syx Sxx^{-1} Syx^T + C; work d x d. */
static void fill_syy(const jf_square *square, const jf_problem *shared, const double *syx,
                     double *work, double *syy)
{
    for (size_t j = 0; j < square->columns; j++) {
        const double variance = shared->variance[square->column[j]];
        for (size_t i = 0; i < square->rows; i++) {
            work[i + j * square->rows] = syx[i + j * square->rows] / variance;
        }
    }
    jf_square_multiply(square, JF_PLAIN, JF_TRANSPOSED, work, syx, 0.0, syy);
    for (size_t k = 0; k < square->diagonals; k++) {
        const size_t i = square->diagonal[k];
        const double told = shared->syx.diagonal[i] * shared->syx.diagonal[i] / shared->variance[i];
        syy[square->place[k]] += fmax(shared->syy.diagonal[i] - told, 0.0);
    }
}

static jf_status turn(const jf_data *data, const jf_problem *shared, jf_problem *out)
{
    const jf_square *square = shared->square;
    const size_t count = square->count;
    double *q = jf_memory_numbers(4 * count);

    jf_status status = jf_square_agree(square, q != NULL ? JF_OK : jf_fail_memory("covariances"));
    if (status == JF_OK) {
        double *core = q + count, *work = core + count, *syx = work + count;
        fill_rotation(square, data->angle, q);
        fill_core(square, data, core);
        jf_square_multiply(square, JF_PLAIN, JF_PLAIN, q, core, 0.0, work);
        jf_square_multiply(square, JF_PLAIN, JF_TRANSPOSED, work, q, 0.0, syx);
        fill_syy(square, shared, syx, work, core);
        status = jf_problem_init_scaled(square, shared->variance, syx, core, out);
    }
    free(q);
    return status;
}

static jf_status make(const jf_data *data, const jf_square *square, jf_problem *out)
{
    jf_problem shared;

    JF_TRY(jf_problem_init_shared(square, data->lambda, data->rho, &shared));
    if (!is_turned(data)) {
        *out = shared;
        return JF_OK;
    }
    const jf_status status = turn(data, &shared, out);
    jf_problem_clear(&shared);
    return status;
}

/* ---- of data ---- */

static jf_status take(const jf_moments *moments, const jf_square *square, jf_problem *out)
{
    const size_t count = square->count;
    double *part = jf_memory_numbers(3 * count);

    jf_status status =
        jf_square_agree(square, part != NULL ? JF_OK : jf_fail_memory("covariances"));
    if (status == JF_OK) {
        jf_square_take(square, moments->sxx, part);
        jf_square_take(square, moments->syx, part + count);
        jf_square_take(square, moments->syy, part + 2 * count);
        status = jf_problem_init_general(square, part, part + count, part + 2 * count, out);
    }
    free(part);
    return status;
}

/* ---- either ---- */

jf_status jf_data_problem(const jf_data *data, const jf_square *square, jf_problem *out)
{
    jf_problem population;

    *out = (jf_problem){0};
    JF_TRY(data->moments != NULL ? take(data->moments, square, &population)
                                 : make(data, square, &population));
    if (!isfinite(data->pairs)) {
        *out = population;
        return JF_OK;
    }
    const jf_status status =
        jf_pairs_draw(&population, (size_t)data->pairs, data->seed, data->key, out);
    jf_problem_clear(&population);
    return status;
}
