#include "jepaflow/model/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

void jf_covariance_clear(jf_covariance *s)
{
    free(s->diagonal);
    free(s->dense);
    *s = (jf_covariance){0};
}

void jf_problem_clear(jf_problem *problem)
{
    free(problem->variance);
    free(problem->lambda);
    free(problem->rho);
    free(problem->features);
    jf_covariance_clear(&problem->syx);
    jf_covariance_clear(&problem->syy);
    *problem = (jf_problem){0};
}

/* Room for what the problem says of each feature, and for its matrices; on all ranks or none. */
static jf_status make_room(const jf_square *square, int shared, jf_problem *out)
{
    const size_t d = square->side;

    *out = (jf_problem){.square = square,
                        .d = d,
                        .variance = jf_memory_numbers(d),
                        .shared = shared,
                        .features = jf_memory_numbers(square->count),
                        .lambda = jf_memory_numbers(d),
                        .rho = jf_memory_numbers(d)};
    int there =
        out->variance != NULL && out->features != NULL && out->lambda != NULL && out->rho != NULL;
    jf_covariance *const covariances[] = {&out->syx, &out->syy};
    for (size_t k = 0; k < 2; k++) {
        double **const room = shared ? &covariances[k]->diagonal : &covariances[k]->dense;
        *room = jf_memory_numbers(shared ? d : square->count);
        there = there && *room != NULL;
    }
    const jf_status status = jf_square_agree(square, there ? JF_OK : jf_fail_memory("a problem"));
    if (status != JF_OK) {
        jf_problem_clear(out);
    }
    return status;
}

jf_status jf_problem_init_shared(const jf_square *square, const double *lambda, const double *rho,
                                 jf_problem *out)
{
    JF_TRY(make_room(square, 1, out));
    jf_square_set_identity(square, 1.0, out->features);
    for (size_t i = 0; i < out->d; i++) {
        out->lambda[i] = lambda[i];
        out->rho[i] = rho[i];
        out->variance[i] = lambda[i] / rho[i];
        out->syx.diagonal[i] = lambda[i];
        out->syy.diagonal[i] = lambda[i] * fmax(rho[i], 1.0 / rho[i]);
    }
    return JF_OK;
}

/* ---- any covariances ---- */

/* out <- q^T s q; work of their size. */
static void rotate(const jf_square *square, const double *q, const double *s, double *work,
                   double *out)
{
    jf_square_multiply(square, JF_PLAIN, JF_PLAIN, s, q, 0.0, work);
    jf_square_multiply(square, JF_TRANSPOSED, JF_PLAIN, q, work, 0.0, out);
}

/* The columns of e to unit length, and what they find in Syx; work of their size. */
static void set_features(jf_problem *p, double *work)
{
    const jf_square *s = p->square;
    double *e = p->features, *norm2 = p->lambda;

    jf_square_column_products(s, e, e, norm2);
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            e[i + j * s->rows] /= sqrt(norm2[s->column[j]]);
        }
    }
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, p->syx.dense, e, 0.0, work);
    jf_square_column_products(s, e, work, p->lambda);
}

/*
 * sym(Syx) e = rho Sxx e with Sxx = D diagonal: e = D^{-1/2} f, where f are the eigenvectors of
 * D^{-1/2} sym(Syx) D^{-1/2}; of its negative, so that rho descends.
 */
static jf_status find_features(jf_problem *p, double *work)
{
    const jf_square *s = p->square;
    double *e = p->features;

    memcpy(e, p->syx.dense, s->count * sizeof *e);
    jf_square_add_transpose(s, e, work);
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            e[i + j * s->rows] *= -0.5 / sqrt(p->variance[s->row[i]] * p->variance[s->column[j]]);
        }
    }
    JF_TRY(jf_square_symmetric_eigen(s, e, p->rho));
    for (size_t i = 0; i < p->d; i++) {
        p->rho[i] = -p->rho[i];
    }
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            e[i + j * s->rows] /= sqrt(p->variance[s->row[i]]);
        }
    }
    set_features(p, work);
    return JF_OK;
}

/* Into the eigenbasis of Sxx; work 2 d x d. */
static jf_status fill_general(const double *sxx, const double *syx, const double *syy, double *work,
                              jf_problem *p)
{
    const jf_square *s = p->square;
    double *basis = work, *scratch = work + s->count;

    memcpy(basis, sxx, s->count * sizeof *basis);
    JF_TRY(jf_square_symmetric_eigen(s, basis, p->variance));
    if (!(p->variance[0] > 0.0)) {
        return jf_fail(JF_ERR_NUMERICS,
                       "Sxx is not positive definite (least eigenvalue %g), expected features of x "
                       "that do not depend on each other",
                       p->variance[0]);
    }
    rotate(s, basis, syx, scratch, p->syx.dense);
    rotate(s, basis, syy, scratch, p->syy.dense);
    return find_features(p, scratch);
}

/* Sxx = diag(variance) is in its eigenbasis. */
static jf_status fill_scaled(const double *variance, const double *syx, const double *syy,
                             double *work, jf_problem *p)
{
    const size_t count = p->square->count;

    memcpy(p->variance, variance, p->d * sizeof *variance);
    memcpy(p->syx.dense, syx, count * sizeof *syx);
    memcpy(p->syy.dense, syy, count * sizeof *syy);
    return find_features(p, work);
}

/* Either of the two: variance or sxx is NULL. */
static jf_status init_dense(const jf_square *square, const double *variance, const double *sxx,
                            const double *syx, const double *syy, jf_problem *out)
{
    JF_TRY(make_room(square, 0, out));
    double *work = jf_memory_numbers(2 * square->count);
    jf_status status = jf_square_agree(square, work != NULL ? JF_OK : jf_fail_memory("a problem"));
    if (status == JF_OK) {
        status = variance != NULL ? fill_scaled(variance, syx, syy, work, out)
                                  : fill_general(sxx, syx, syy, work, out);
    }
    free(work);
    if (status != JF_OK) {
        jf_problem_clear(out);
    }
    return status;
}

jf_status jf_problem_init_general(const jf_square *square, const double *sxx, const double *syx,
                                  const double *syy, jf_problem *out)
{
    return init_dense(square, NULL, sxx, syx, syy, out);
}

jf_status jf_problem_init_scaled(const jf_square *square, const double *variance, const double *syx,
                                 const double *syy, jf_problem *out)
{
    return init_dense(square, variance, NULL, syx, syy, out);
}

/* ---- y given x ---- */

/* ---- applied ---- */

void jf_covariance_expand(const jf_covariance *s, const jf_square *square, double *out)
{
    if (s->dense != NULL) {
        memcpy(out, s->dense, square->count * sizeof *out);
        return;
    }
    memset(out, 0, square->count * sizeof *out);
    for (size_t k = 0; k < square->diagonals; k++) {
        out[square->place[k]] = s->diagonal[square->diagonal[k]];
    }
}

void jf_covariance_apply(const jf_covariance *s, const jf_square *square, const double *a,
                         double *out)
{
    if (s->dense != NULL) {
        jf_square_multiply(square, JF_PLAIN, JF_PLAIN, a, s->dense, 0.0, out);
        return;
    }
    for (size_t j = 0; j < square->columns; j++) {
        const double factor = s->diagonal[square->column[j]];
        for (size_t i = 0; i < square->rows; i++) {
            out[i + j * square->rows] = factor * a[i + j * square->rows];
        }
    }
}

void jf_problem_scale(const jf_problem *p, double of_rows, double of_columns, double *a)
{
    const jf_square *s = p->square;

    for (size_t j = 0; j < s->columns; j++) {
        const double factor = pow(p->variance[s->column[j]], of_columns);
        for (size_t i = 0; i < s->rows; i++) {
            a[i + j * s->rows] *= factor * pow(p->variance[s->row[i]], of_rows);
        }
    }
}

const double *jf_problem_on_features(const jf_problem *problem, const double *a, double *work)
{
    if (problem->shared) {
        return a;
    }
    jf_square_multiply(problem->square, JF_PLAIN, JF_PLAIN, a, problem->features, 0.0, work);
    return work;
}
