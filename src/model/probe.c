#include "jepaflow/model/probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

void jf_probe_clear(jf_probe *probe)
{
    free(probe->dual);
    free(probe->power);
    free(probe->work[0]);
    free(probe->noisy);
    *probe = (jf_probe){0};
}

static void divide_columns(const jf_square *s, const double *by, double *a)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            a[i + j * s->rows] /= by[s->column[j]];
        }
    }
}

/*
 * e_i^T Sxx e_j = 0 for i != j, so that x = sum z_i e_i has z_i = f_i^T x with
 * f_i = Sxx e_i / (e_i^T Sxx e_i); and E[z_i^2] = f_i^T Sxx f_i.
 */
static void find_dual(jf_probe *probe)
{
    const jf_problem *p = probe->problem;
    const jf_square *s = p->square;

    memcpy(probe->dual, p->features, s->count * sizeof *probe->dual);
    jf_problem_scale(p, 0.5, 0.0, probe->dual);
    jf_square_column_products(s, probe->dual, probe->dual, probe->power);
    jf_problem_scale(p, 0.5, 0.0, probe->dual);
    divide_columns(s, probe->power, probe->dual);
    memcpy(probe->work[0], probe->dual, s->count * sizeof *probe->dual);
    jf_problem_scale(p, 1.0, 0.0, probe->work[0]);
    jf_square_column_products(s, probe->dual, probe->work[0], probe->power);
}

jf_status jf_probe_init(const jf_problem *problem, double ridge, jf_probe *out)
{
    const size_t count = problem->square->count, d = problem->d;

    *out = (jf_probe){.problem = problem,
                      .ridge = ridge,
                      .dual = jf_memory_numbers(count),
                      .power = jf_memory_numbers(d),
                      .work = {jf_memory_numbers(3 * count)},
                      .noisy = jf_memory_numbers(d)};
    const int there =
        out->dual != NULL && out->power != NULL && out->work[0] != NULL && out->noisy != NULL;
    const jf_status status =
        jf_square_agree(problem->square, there ? JF_OK : jf_fail_memory("a probe"));
    if (status != JF_OK) {
        jf_probe_clear(out);
        return status;
    }
    out->work[1] = out->work[0] + count;
    out->work[2] = out->work[1] + count;
    find_dual(out);
    return JF_OK;
}

/* C = Wbar Sxx Wbar^T into work[0]. */
static void find_covariance(const jf_probe *probe, const double *wbar)
{
    const jf_problem *p = probe->problem;
    const jf_square *s = p->square;
    double *scaled = probe->work[1];

    memcpy(scaled, wbar, s->count * sizeof *scaled);
    jf_problem_scale(p, 0.0, 0.5, scaled);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, scaled, scaled, 0.0, probe->work[0]);
}

/* C in work[0] = Q diag(v) Q^T: Q in its place, v + sigma^2 in noisy. */
static jf_status find_noisy(const jf_probe *probe)
{
    const size_t d = probe->problem->d;
    double trace = 0.0;

    JF_TRY(jf_square_symmetric_eigen(probe->problem->square, probe->work[0], probe->noisy));
    for (size_t i = 0; i < d; i++) {
        probe->noisy[i] = fmax(probe->noisy[i], 0.0);
        trace += probe->noisy[i];
    }
    for (size_t i = 0; i < d; i++) {
        probe->noisy[i] += probe->ridge * trace / (double)d;
    }
    return trace > 0.0
               ? JF_OK
               : jf_fail(JF_ERR_NUMERICS, "nothing can be read from an embedding that is 0");
}

/* c_i = Wbar Sxx f_i;  R^2_i = |diag(v + sigma^2)^{-1/2} Q^T c_i|^2 / E[z_i^2]. */
jf_status jf_probe_read(const jf_probe *probe, const double *wbar, const double *covariance,
                        double *r2)
{
    const jf_problem *p = probe->problem;
    const jf_square *s = p->square;
    double *basis = probe->work[0], *seen = probe->work[1], *read = probe->work[2];

    if (covariance != NULL) {
        memcpy(probe->work[0], covariance, s->count * sizeof *covariance);
    } else {
        find_covariance(probe, wbar);
    }
    JF_TRY(find_noisy(probe));
    memcpy(read, probe->dual, s->count * sizeof *read);
    jf_problem_scale(p, 1.0, 0.0, read);
    jf_square_multiply(s, JF_PLAIN, JF_PLAIN, wbar, read, 0.0, seen);
    jf_square_multiply(s, JF_TRANSPOSED, JF_PLAIN, basis, seen, 0.0, read);
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            read[i + j * s->rows] /= sqrt(probe->noisy[s->row[i]]);
        }
    }
    jf_square_column_products(s, read, read, r2);
    for (size_t i = 0; i < p->d; i++) {
        r2[i] /= probe->power[i];
    }
    return JF_OK;
}
