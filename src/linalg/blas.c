#include "jepaflow/linalg/blas.h"

#include <blis.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

/*
 * LAPACK, with the hidden lengths of character arguments at the end as Fortran compilers pass them.
 */
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
             const int *lwork, int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
             double *work, const int *lwork, int *info);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info,
             size_t jobz_length, size_t uplo_length);
void dsygvd_(const int *itype, const char *jobz, const char *uplo, const int *n, double *a,
             const int *lda, double *b, const int *ldb, double *w, double *work, const int *lwork,
             int *iwork, const int *liwork, int *info, size_t jobz_length, size_t uplo_length);

void jf_blas_start(void)
{
    if (getenv("BLIS_NUM_THREADS") == NULL && getenv("OMP_NUM_THREADS") == NULL) {
        bli_thread_set_num_threads(1);
    }
}

int jf_blas_threads(void)
{
    const dim_t threads = bli_thread_get_num_threads();
    return threads > 0 ? (int)threads : 1;
}

void jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k, double alpha,
                      const double *a, const double *b, double beta, double *c)
{
    const size_t lda = ta == JF_PLAIN ? m : k;
    const size_t ldb = tb == JF_PLAIN ? k : n;

    /* BLIS declares its inputs without const; it does not write them. */
    bli_dgemm(ta == JF_PLAIN ? BLIS_NO_TRANSPOSE : BLIS_TRANSPOSE,
              tb == JF_PLAIN ? BLIS_NO_TRANSPOSE : BLIS_TRANSPOSE, (dim_t)m, (dim_t)n, (dim_t)k,
              &alpha, (double *)(uintptr_t)a, 1, (inc_t)lda, (double *)(uintptr_t)b, 1, (inc_t)ldb,
              &beta, c, 1, (inc_t)m);
}

static jf_status lapack_failed(const char *routine, int info)
{
    return jf_fail(JF_ERR_NUMERICS, "LAPACK's %s failed with info = %d", routine, info);
}

/* Multiply column j of q by the sign of r_jj, so that R's diagonal is positive. */
static void fix_signs(size_t n, double *q, const double *diagonal)
{
    for (size_t j = 0; j < n; j++) {
        if (diagonal[j] < 0.0) {
            for (size_t i = 0; i < n; i++) {
                q[i + j * n] = -q[i + j * n];
            }
        }
    }
}

jf_status jf_blas_orthogonal_factor(size_t n, double *a)
{
    const int side = (int)n;
    const int lwork = 64 * side; /* LAPACK's largest block */
    int info = 0;
    double *memory = malloc((2 * n + (size_t)lwork) * sizeof *memory);

    if (memory == NULL) {
        return jf_fail_memory("a QR factorisation");
    }
    double *tau = memory;
    double *diagonal = tau + n;
    double *work = diagonal + n;

    dgeqrf_(&side, &side, a, &side, tau, work, &lwork, &info);
    for (size_t j = 0; j < n; j++) {
        diagonal[j] = a[j + j * n];
    }
    if (info == 0) {
        dorgqr_(&side, &side, &side, a, &side, tau, work, &lwork, &info);
        fix_signs(n, a, diagonal);
    }
    free(memory);
    return info == 0 ? JF_OK : lapack_failed("dgeqrf or dorgqr", info);
}

/* The work arrays that dsyevd and dsygvd ask for with eigenvectors. */
static jf_status eigen_work(size_t n, double **work, int *lwork, int **iwork, int *liwork)
{
    *lwork = (int)(1 + 6 * n + 2 * n * n);
    *liwork = (int)(3 + 5 * n);
    *work = malloc((size_t)*lwork * sizeof **work);
    *iwork = malloc((size_t)*liwork * sizeof **iwork);
    if (*work == NULL || *iwork == NULL) {
        free(*work);
        free(*iwork);
        return jf_fail_memory("an eigenproblem");
    }
    return JF_OK;
}

jf_status jf_blas_symmetric_eigen(size_t n, double *a, double *values)
{
    const int side = (int)n;
    int lwork, liwork, info = 0;
    double *work;
    int *iwork;

    JF_TRY(eigen_work(n, &work, &lwork, &iwork, &liwork));
    dsyevd_("V", "L", &side, a, &side, values, work, &lwork, iwork, &liwork, &info, 1, 1);
    free(work);
    free(iwork);
    return info == 0 ? JF_OK : lapack_failed("dsyevd", info);
}

jf_status jf_blas_generalised_eigen(size_t n, double *a, double *b, double *values)
{
    const int side = (int)n;
    const int kind = 1; /* a e = value b e */
    int lwork, liwork, info = 0;
    double *work;
    int *iwork;

    JF_TRY(eigen_work(n, &work, &lwork, &iwork, &liwork));
    dsygvd_(&kind, "V", "L", &side, a, &side, b, &side, values, work, &lwork, iwork, &liwork, &info,
            1, 1);
    free(work);
    free(iwork);
    return info == 0 ? JF_OK : lapack_failed("dsygvd", info);
}

const char *jf_blas_version(void)
{
    return bli_info_get_version_str();
}

const char *jf_blas_architecture(void)
{
    return bli_arch_string(bli_arch_query_id());
}

/* The file that serves a symbol to this process; ScaLAPACK and LAPACK are bound to the same one. */
static const char *serving_file(const char *symbol)
{
    Dl_info about;
    void *address = dlsym(RTLD_DEFAULT, symbol);

    return address != NULL && dladdr(address, &about) != 0 ? about.dli_fname : "unknown";
}

const char *jf_blas_file(void)
{
    return serving_file("dgemm_");
}

const char *jf_blas_lapack_file(void)
{
    return serving_file("dsyevd_");
}
