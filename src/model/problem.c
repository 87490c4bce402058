#include "jepaflow/model/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/linalg/blas.h"

static double *numbers(size_t count)
{
    return calloc(count, sizeof(double));
}

static void covariance_clear(jf_covariance *s)
{
    free(s->diagonal);
    jf_matrix_clear(&s->dense);
    s->diagonal = NULL;
}

void jf_problem_clear(jf_problem *problem)
{
    free(problem->variance);
    free(problem->lambda);
    free(problem->rho);
    covariance_clear(&problem->syx);
    covariance_clear(&problem->syy);
    jf_matrix_clear(&problem->features);
    *problem = (jf_problem){0};
}

static jf_status init_spectra(size_t d, jf_problem *out)
{
    *out = (jf_problem){.d = d};
    JF_TRY(jf_matrix_init_scaled_identity(d, 1.0, &out->features));
    out->variance = numbers(d);
    out->lambda = numbers(d);
    out->rho = numbers(d);
    if (out->variance == NULL || out->lambda == NULL || out->rho == NULL) {
        jf_problem_clear(out);
        return jf_fail_memory("a problem");
    }
    return JF_OK;
}

jf_status jf_problem_init_shared(size_t d, const double *lambda, const double *rho, jf_problem *out)
{
    JF_TRY(init_spectra(d, out));
    out->shared = 1;
    out->syx.diagonal = numbers(d);
    out->syy.diagonal = numbers(d);
    if (out->syx.diagonal == NULL || out->syy.diagonal == NULL) {
        jf_problem_clear(out);
        return jf_fail_memory("a problem");
    }
    for (size_t i = 0; i < d; i++) {
        out->lambda[i] = lambda[i];
        out->rho[i] = rho[i];
        out->variance[i] = lambda[i] / rho[i];
        out->syx.diagonal[i] = lambda[i];
        out->syy.diagonal[i] = lambda[i] * fmax(rho[i], 1.0 / rho[i]);
    }
    return JF_OK;
}

/* out <- q^T s q, all d x d; work d x d. */
static void rotate(size_t d, const double *q, const double *s, double *work, double *out)
{
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, s, q, 0.0, work);
    jf_blas_multiply(JF_TRANSPOSED, JF_PLAIN, d, d, d, 1.0, q, work, 0.0, out);
}

/* Turn column j to unit length, and record e^T Syx e and the eigenvalue for it. */
static void set_feature(jf_problem *p, size_t i, const double *e, double value)
{
    const size_t d = p->d;
    const double *syx = p->syx.dense.data;
    double *unit = p->features.data + i * d;
    double norm2 = 0.0;

    for (size_t k = 0; k < d; k++) {
        norm2 += e[k] * e[k];
    }
    for (size_t k = 0; k < d; k++) {
        unit[k] = e[k] / sqrt(norm2);
    }
    p->rho[i] = value;
    p->lambda[i] = 0.0;
    for (size_t col = 0; col < d; col++) {
        for (size_t row = 0; row < d; row++) {
            p->lambda[i] += unit[row] * syx[row + col * d] * unit[col];
        }
    }
}

/* The generalised eigenvectors of (sym Syx, diag(variance)), by descending eigenvalue. */
static jf_status find_features(jf_problem *p, double *a, double *b, double *values)
{
    const size_t d = p->d;
    const double *syx = p->syx.dense.data;

    memset(b, 0, d * d * sizeof *b);
    for (size_t j = 0; j < d; j++) {
        b[j + j * d] = p->variance[j];
        for (size_t i = 0; i < d; i++) {
            a[i + j * d] = 0.5 * (syx[i + j * d] + syx[j + i * d]);
        }
    }
    JF_TRY(jf_blas_generalised_eigen(d, a, b, values));
    for (size_t i = 0; i < d; i++) {
        set_feature(p, i, a + (d - 1 - i) * d, values[d - 1 - i]);
    }
    return JF_OK;
}

static jf_status fill_general(const jf_matrix *sxx, const jf_matrix *syx, const jf_matrix *syy,
                              double *work, jf_problem *p)
{
    const size_t d = p->d;
    double *basis = work;
    double *scratch = work + d * d;
    double *values = work + 2 * d * d;

    memcpy(basis, sxx->data, d * d * sizeof *basis);
    JF_TRY(jf_blas_symmetric_eigen(d, basis, p->variance));
    if (!(p->variance[0] > 0.0)) {
        return jf_fail(JF_ERR_NUMERICS, "Sxx is not positive definite (least eigenvalue %g)",
                       p->variance[0]);
    }
    JF_TRY(jf_matrix_init(d, d, &p->syx.dense));
    JF_TRY(jf_matrix_init(d, d, &p->syy.dense));
    rotate(d, basis, syx->data, scratch, p->syx.dense.data);
    rotate(d, basis, syy->data, scratch, p->syy.dense.data);
    return find_features(p, basis, scratch, values);
}

static int is_square(const jf_matrix *matrix, size_t d)
{
    return matrix->rows == d && matrix->cols == d;
}

jf_status jf_problem_init_general(const jf_matrix *sxx, const jf_matrix *syx, const jf_matrix *syy,
                                  jf_problem *out)
{
    const size_t d = sxx->rows;

    *out = (jf_problem){0};
    if (!is_square(sxx, d) || !is_square(syx, d) || !is_square(syy, d)) {
        return jf_fail(JF_ERR_SHAPE, "Sxx, Syx and Syy must be square and of one size");
    }
    JF_TRY(init_spectra(d, out));
    double *work = numbers(2 * d * d + d);
    const jf_status status =
        work != NULL ? fill_general(sxx, syx, syy, work, out) : jf_fail_memory("a problem");
    free(work);
    if (status != JF_OK) {
        jf_problem_clear(out);
    }
    return status;
}

void jf_covariance_apply(const jf_covariance *s, size_t d, const double *a, double *out)
{
    if (s->diagonal == NULL) {
        jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, a, s->dense.data, 0.0, out);
        return;
    }
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < d; i++) {
            out[i + j * d] = s->diagonal[j] * a[i + j * d];
        }
    }
}

double jf_inner_product(size_t d, const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < d * d; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

const double *jf_problem_on_features(const jf_problem *problem, const double *a, double *work)
{
    const size_t d = problem->d;

    if (problem->shared) {
        return a;
    }
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, a, problem->features.data, 0.0, work);
    return work;
}
