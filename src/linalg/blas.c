#include "jepaflow/linalg/blas.h"

#include <blis.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
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

void jf_blas_start(void)
{
    if (getenv("BLIS_NUM_THREADS") == NULL && getenv("OMP_NUM_THREADS") == NULL) {
        bli_thread_set_num_threads(1);
    }
    bli_error_checking_level_set(BLIS_NO_ERROR_CHECKING); /* a tenth of a narrow product */
}

int jf_blas_threads(void)
{
    const dim_t threads = bli_thread_get_num_threads();
    return threads > 0 ? (int)threads : 1;
}

/* ---- products ---- */

/*
 * What bli_dgemm() does before and after the arithmetic takes 0.3 microseconds, as much as a
 * product of 16 x 16 matrices itself. So narrow products go straight to the kernels that it would
 * choose for small matrices: those of the "sup" handler, found in the context of this processor, on
 * matrices as they lie. Products are the same in every bit. Measured (Zen 3), in microseconds, with
 * and without: 0.32, 0.06 at d = 8; 0.51, 0.24 at 16; 1.9, 1.6 at 32; 5.1, 4.8 at 48.
 */
#ifdef JF_BLIS_SUP
enum { NARROW = 48 };

typedef struct {
    cntx_t *context;
    inc_t mr;                     /* rows of a kernel's tile, */
    size_t nr;                    /* and columns */
    dgemmsup_ker_ft kernel[2][2]; /* by transposition of a, of b; NULL where there is none */
} narrow_products;

static narrow_products find_narrow_products(void)
{
    narrow_products p = {.context = bli_gks_query_cntx()};

    p.mr = bli_cntx_get_l3_sup_blksz_def_dt(BLIS_DOUBLE, BLIS_MR, p.context);
    p.nr = (size_t)bli_cntx_get_l3_sup_blksz_def_dt(BLIS_DOUBLE, BLIS_NR, p.context);
    if (bli_cntx_l3_sup_thresh_is_met(BLIS_DOUBLE, NARROW, NARROW, NARROW, p.context)) {
        /* By how c, then the operands, are stored: in rows (R) or columns (C). */
        static const stor3_t stored[2][2] = {{BLIS_RRR, BLIS_RCR}, {BLIS_RRC, BLIS_CRR}};
        for (int ta = 0; ta < 2; ta++) {
            for (int tb = 0; tb < 2; tb++) {
                p.kernel[ta][tb] =
                    bli_cntx_get_l3_sup_ker_dt(BLIS_DOUBLE, stored[ta][tb], p.context);
            }
        }
    }
    return p;
}

/* A matrix in memory, with the steps from row to row and from column to column. */
typedef struct {
    double *at;
    inc_t row, column;
} strided;

/* op(x), of `rows` rows before the transposition; and the transpose of what is seen. */
static strided seen(const double *x, size_t rows, jf_transpose t)
{
    double *at = (double *)(uintptr_t)x;

    return t == JF_PLAIN ? (strided){at, 1, (inc_t)rows} : (strided){at, (inc_t)rows, 1};
}

static strided across(strided x)
{
    return (strided){x.at, x.column, x.row};
}

/*
 * c <- alpha op(a) op(b) + beta c, where the processor has kernels for it; else 0 is returned. They
 * take as many columns of the right operand as a tile has and all rows of the left one, which
 * should lie in rows: so where op(a) does not, c^T <- alpha op(b)^T op(a)^T + beta c^T.
 */
static int multiply_narrow(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                           double alpha, const double *a, const double *b, double beta, double *c)
{
    static narrow_products narrow;
    const int turned = !(ta == JF_TRANSPOSED && tb == JF_TRANSPOSED);
    const size_t rows = turned ? n : m, columns = turned ? m : n;
    const strided op_a = seen(a, ta == JF_PLAIN ? m : k, ta);
    const strided op_b = seen(b, tb == JF_PLAIN ? k : n, tb);
    const strided left = turned ? across(op_b) : op_a, right = turned ? across(op_a) : op_b;
    const strided out = turned ? across(seen(c, m, JF_PLAIN)) : seen(c, m, JF_PLAIN);
    auxinfo_t panels = {0};

    if (narrow.context == NULL) {
        narrow = find_narrow_products();
    }
    const dgemmsup_ker_ft kernel = narrow.kernel[ta][tb];
    if (kernel == NULL) {
        return 0;
    }
    bli_auxinfo_set_ps_a(narrow.mr * left.row, &panels);
    for (size_t j = 0; j < columns; j += narrow.nr) {
        const size_t width = columns - j < narrow.nr ? columns - j : narrow.nr;
        kernel(BLIS_NO_CONJUGATE, BLIS_NO_CONJUGATE, (dim_t)rows, (dim_t)width, (dim_t)k, &alpha,
               left.at, left.row, left.column, right.at + j * (size_t)right.column, right.row,
               right.column, &beta, out.at + j * (size_t)out.column, out.row, out.column, &panels,
               narrow.context);
    }
    return 1;
}

static int is_narrow(size_t m, size_t n, size_t k)
{
    return m <= NARROW && n <= NARROW && k <= NARROW;
}
#endif

void jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k, double alpha,
                      const double *a, const double *b, double beta, double *c)
{
    const size_t lda = ta == JF_PLAIN ? m : k;
    const size_t ldb = tb == JF_PLAIN ? k : n;

#ifdef JF_BLIS_SUP
    if (is_narrow(m, n, k) && multiply_narrow(ta, tb, m, n, k, alpha, a, b, beta, c)) {
        return;
    }
#endif
    /* BLIS declares its inputs without const; it does not write them. */
    bli_dgemm(ta == JF_PLAIN ? BLIS_NO_TRANSPOSE : BLIS_TRANSPOSE,
              tb == JF_PLAIN ? BLIS_NO_TRANSPOSE : BLIS_TRANSPOSE, (dim_t)m, (dim_t)n, (dim_t)k,
              &alpha, (double *)(uintptr_t)a, 1, (inc_t)lda, (double *)(uintptr_t)b, 1, (inc_t)ldb,
              &beta, c, 1, (inc_t)m);
}

void jf_blas_add_product(size_t m, size_t n, size_t k, size_t leading, const double *a,
                         const double *b, double *c)
{
    const inc_t step = (inc_t)leading;
    double one = 1.0;

    bli_dgemm(BLIS_NO_TRANSPOSE, BLIS_TRANSPOSE, (dim_t)m, (dim_t)n, (dim_t)k, &one, (double *)a, 1,
              step, (double *)b, 1, step, &one, c, 1, step);
}

/* ---- factorisations ---- */

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

/* The work arrays that dsyevd asks for with eigenvectors. */
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
