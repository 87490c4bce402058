#include "jepaflow/linalg/square.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

/*
 * ScaLAPACK, with the hidden lengths of character arguments at the end. Matrices are whole: their
 * submatrices begin at (1, 1).
 */
void pdgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k,
             const double *alpha, const double *a, const int *ia, const int *ja, const int *desca,
             const double *b, const int *ib, const int *jb, const int *descb, const double *beta,
             double *c, const int *ic, const int *jc, const int *descc);
void pdtran_(const int *m, const int *n, const double *alpha, const double *a, const int *ia,
             const int *ja, const int *desca, const double *beta, double *c, const int *ic,
             const int *jc, const int *descc);
void pdgeqrf_(const int *m, const int *n, double *a, const int *ia, const int *ja, const int *desca,
              double *tau, double *work, const int *lwork, int *info);
void pdorgqr_(const int *m, const int *n, const int *k, double *a, const int *ia, const int *ja,
              const int *desca, const double *tau, double *work, const int *lwork, int *info);
void pdsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *ia,
              const int *ja, const int *desca, double *w, double *z, const int *iz, const int *jz,
              const int *descz, double *work, const int *lwork, int *iwork, const int *liwork,
              int *info, size_t jobz_length, size_t uplo_length);

/*
 * PBLAS asks this function how wide the panels of its products are. ScaLAPACK's own says 32, far
 * too thin for BLIS. Measured, n = 2048, blocks of 64: 20 GFLOP/s on one rank with 32, 47 with 256
 * (dgemm itself: 50).
 */
int pilaenv_(const int *context, const char *type);
int pilaenv_(const int *context, const char *type)
{
    (void)context;
    (void)type;
    return 256;
}

static const int one = 1;

/* ---- who has what ---- */

/* Side of a block: so large that a product's panels are few, so small that all ranks have some. */
enum { LARGEST_BLOCK = 64 };

static size_t block_side(size_t side, const jf_grid_place *p)
{
    const size_t along = (size_t)(p->rows > p->columns ? p->rows : p->columns);
    const size_t fair = (side + along - 1) / along;

    return fair < LARGEST_BLOCK ? fair : LARGEST_BLOCK;
}

/* Of 0 .. side-1, dealt in blocks to `ranks` in turn, those of rank `at`; returns their number. */
static size_t list_places(size_t side, size_t block, int ranks, int at, size_t *places)
{
    size_t count = 0;

    for (size_t k = 0; k < side; k++) {
        if (k / block % (size_t)ranks == (size_t)at) {
            places[count++] = k;
        }
    }
    return count;
}

/* The elements that are on the diagonal: where a row and a column of the part are the same. */
static size_t list_diagonal(const jf_square *s, size_t *diagonal, size_t *place)
{
    size_t count = 0, i = 0;

    for (size_t j = 0; j < s->columns; j++) {
        while (i < s->rows && s->row[i] < s->column[j]) {
            i++;
        }
        if (i < s->rows && s->row[i] == s->column[j]) {
            diagonal[count] = s->column[j];
            place[count++] = i + j * s->rows;
        }
    }
    return count;
}

static void describe(jf_square *s)
{
    jf_grid_place whole = {.rows = 1, .columns = 1};
    const jf_grid_place p = s->grid != NULL ? jf_grid_where(s->grid) : whole;
    const size_t block = block_side(s->side, &p);
    size_t *row = s->memory, *column = row + s->side, *diagonal = column + s->side;
    size_t *place = diagonal + s->side;

    s->row = row;
    s->column = column;
    s->rows = list_places(s->side, block, p.rows, p.row, row);
    s->columns = list_places(s->side, block, p.columns, p.column, column);
    s->count = s->rows * s->columns;
    s->diagonal = diagonal;
    s->place = place;
    s->diagonals = list_diagonal(s, diagonal, place);
    const int leading = s->rows > 0 ? (int)s->rows : 1;
    const int n = (int)s->side, nb = (int)block;
    memcpy(s->descriptor, (const int[9]){1, p.context, n, n, nb, nb, 0, 0, leading},
           sizeof s->descriptor);
}

static jf_status describe_all(jf_square *s)
{
    s->memory = calloc(4 * s->side, sizeof *s->memory);
    if (s->memory != NULL) {
        describe(s);
        s->scratch = s->grid != NULL ? jf_memory_numbers(s->count) : NULL;
    }
    const int there = s->memory != NULL && (s->grid == NULL || s->scratch != NULL);

    return there ? JF_OK : jf_fail_memory("the shape of a matrix");
}

jf_status jf_square_init(size_t side, const jf_grid *grid, jf_square *out)
{
    *out = (jf_square){.side = side, .grid = grid};
    const jf_status status = jf_square_agree(out, describe_all(out));

    if (status != JF_OK) {
        jf_square_clear(out);
    }
    return status;
}

void jf_square_clear(jf_square *square)
{
    free(square->memory);
    free(square->scratch);
    *square = (jf_square){0};
}

/* ---- over the ranks ---- */

jf_status jf_square_agree(const jf_square *s, jf_status status)
{
    double worst = (double)status;

    jf_square_largest(s, 1, &worst);
    return status != JF_OK ? status : (jf_status)worst;
}

void jf_square_sum(const jf_square *s, size_t count, double *values)
{
    if (s->grid != NULL) {
        jf_grid_sum(s->grid, count, values);
    }
}

void jf_square_largest(const jf_square *s, size_t count, double *values)
{
    if (s->grid != NULL) {
        jf_grid_largest(s->grid, count, values);
    }
}

void jf_square_column_products(const jf_square *s, const double *a, const double *b, double *out)
{
    memset(out, 0, s->side * sizeof *out);
    for (size_t j = 0; j < s->columns; j++) {
        const double *x = a + j * s->rows, *y = b + j * s->rows;
        double sum = 0.0;
        for (size_t i = 0; i < s->rows; i++) {
            sum += x[i] * y[i];
        }
        out[s->column[j]] = sum;
    }
    jf_square_sum(s, s->side, out);
}

double jf_square_inner_product(const jf_square *s, const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < s->count; i++) {
        sum += a[i] * b[i];
    }
    jf_square_sum(s, 1, &sum);
    return sum;
}

/* ---- elements ---- */

void jf_square_take(const jf_square *s, const double *whole, double *part)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            part[i + j * s->rows] = whole[s->row[i] + s->column[j] * s->side];
        }
    }
}

void jf_square_set_identity(const jf_square *s, double scale, double *a)
{
    memset(a, 0, s->count * sizeof *a);
    for (size_t k = 0; k < s->diagonals; k++) {
        a[s->place[k]] = scale;
    }
}

/* out <- a^T + beta out, of spread matrices. */
static void transpose_spread(const jf_square *s, const double *a, double beta, double *out)
{
    const int n = (int)s->side;
    const double alpha = 1.0;

    pdtran_(&n, &n, &alpha, a, &one, &one, s->descriptor, &beta, out, &one, &one, s->descriptor);
}

void jf_square_transpose(const jf_square *s, const double *a, double *out)
{
    if (s->grid != NULL) {
        transpose_spread(s, a, 0.0, out);
        return;
    }
    for (size_t j = 0; j < s->side; j++) {
        for (size_t i = 0; i < s->side; i++) {
            out[i + j * s->side] = a[j + i * s->side];
        }
    }
}

void jf_square_add_transpose(const jf_square *s, double *a, double *work)
{
    const size_t n = s->side;

    if (s->grid != NULL) {
        jf_square_transpose(s, a, work);
        for (size_t i = 0; i < s->count; i++) {
            a[i] += work[i];
        }
        return;
    }
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i <= j; i++) {
            a[i + j * n] += a[j + i * n];
            a[j + i * n] = a[i + j * n];
        }
    }
}

/* ---- products and factorisations ---- */

/* c <- op(a) b + beta c. */
static void pdgemm(const jf_square *s, jf_transpose ta, const double *a, const double *b,
                   double beta, double *c)
{
    const int n = (int)s->side;
    const double alpha = 1.0;

    pdgemm_(ta == JF_PLAIN ? "N" : "T", "N", &n, &n, &n, &alpha, a, &one, &one, s->descriptor, b,
            &one, &one, s->descriptor, &beta, c, &one, &one, s->descriptor);
}

/*
 * PBLAS is slow where the right operand is transposed: it is, for one product, done first (measured
 * on two ranks, n = 1024, of twice dgemm's rate: plain 0.71, left transposed 0.86, right 0.58, both
 * 0.25).
 */
static void multiply_spread(const jf_square *s, jf_transpose ta, jf_transpose tb, const double *a,
                            const double *b, double beta, double *c)
{
    if (tb == JF_PLAIN) {
        pdgemm(s, ta, a, b, beta, c);
    } else if (ta == JF_PLAIN) {
        transpose_spread(s, b, 0.0, s->scratch);
        pdgemm(s, JF_PLAIN, a, s->scratch, beta, c);
    } else { /* a^T b^T = (b a)^T */
        pdgemm(s, JF_PLAIN, b, a, 0.0, s->scratch);
        transpose_spread(s, s->scratch, beta, c);
    }
}

void jf_square_multiply(const jf_square *s, jf_transpose ta, jf_transpose tb, const double *a,
                        const double *b, double beta, double *c)
{
    if (s->grid != NULL) {
        multiply_spread(s, ta, tb, a, b, beta, c);
    } else {
        jf_blas_multiply(ta, tb, s->side, s->side, s->side, 1.0, a, b, beta, c);
    }
}

static jf_status scalapack_failed(const char *routine, int info)
{
    return info == 0
               ? JF_OK
               : jf_fail(JF_ERR_NUMERICS, "ScaLAPACK's %s failed with info = %d", routine, info);
}

/* Multiply the columns by the signs of R's diagonal, which each rank knows a part of. */
static void fix_signs(const jf_square *s, double *q, double *diagonal)
{
    jf_square_sum(s, s->side, diagonal);
    for (size_t j = 0; j < s->columns; j++) {
        if (diagonal[s->column[j]] < 0.0) {
            for (size_t i = 0; i < s->rows; i++) {
                q[i + j * s->rows] = -q[i + j * s->rows];
            }
        }
    }
}

/* The larger of two answers to "how much room?". */
static int room_wanted(double a, double b)
{
    return (int)(a > b ? a : b) + 1;
}

static jf_status factor_spread(const jf_square *s, double *a)
{
    const int n = (int)s->side;
    const int ask = -1;
    double for_qr = 0.0, for_q = 0.0;
    int info;

    pdgeqrf_(&n, &n, a, &one, &one, s->descriptor, NULL, &for_qr, &ask, &info);
    pdorgqr_(&n, &n, &n, a, &one, &one, s->descriptor, NULL, &for_q, &ask, &info);
    const int lwork = room_wanted(for_qr, for_q);
    double *memory = jf_memory_numbers(s->side + s->columns + (size_t)lwork);
    double *diagonal = memory, *tau = diagonal + s->side, *work = tau + s->columns;
    jf_status status =
        jf_square_agree(s, memory != NULL ? JF_OK : jf_fail_memory("a QR factorisation"));

    if (status == JF_OK) {
        pdgeqrf_(&n, &n, a, &one, &one, s->descriptor, tau, work, &lwork, &info);
        status = scalapack_failed("pdgeqrf", info);
    }
    if (status == JF_OK) {
        for (size_t k = 0; k < s->diagonals; k++) {
            diagonal[s->diagonal[k]] = a[s->place[k]];
        }
        pdorgqr_(&n, &n, &n, a, &one, &one, s->descriptor, tau, work, &lwork, &info);
        status = scalapack_failed("pdorgqr", info);
        fix_signs(s, a, diagonal);
    }
    free(memory);
    return status;
}

jf_status jf_square_orthogonal_factor(const jf_square *s, double *a)
{
    return s->grid == NULL ? jf_blas_orthogonal_factor(s->side, a) : factor_spread(s, a);
}

/*
 * What pdsyevd forgets to ask for (ScaLAPACK 2.2): it hands pdormtr the rest of its room, which
 * for few blocks is less than pdormtr's blocks of reflections take.
 */
static int room_of_reflections(const jf_square *s)
{
    const size_t block = (size_t)s->descriptor[4];

    return (int)(block * (s->rows + s->columns + 3 * block));
}

static jf_status eigen_spread(const jf_square *s, double *a, double *values)
{
    const int n = (int)s->side;
    const int ask = -1;
    double wanted = 0.0;
    int wanted_integers = 0, info;

    pdsyevd_("V", "L", &n, a, &one, &one, s->descriptor, values, a, &one, &one, s->descriptor,
             &wanted, &ask, &wanted_integers, &ask, &info, 1, 1);
    const int liwork = wanted_integers;
    const int lwork = room_wanted(wanted, 0.0) + room_of_reflections(s);
    double *memory = jf_memory_numbers(s->count + (size_t)lwork);
    int *integers = calloc((size_t)liwork, sizeof *integers);
    double *vectors = memory, *work = memory + s->count;
    const int there = memory != NULL && integers != NULL;
    jf_status status = jf_square_agree(s, there ? JF_OK : jf_fail_memory("an eigenproblem"));

    if (status == JF_OK) {
        pdsyevd_("V", "L", &n, a, &one, &one, s->descriptor, values, vectors, &one, &one,
                 s->descriptor, work, &lwork, integers, &liwork, &info, 1, 1);
        memcpy(a, vectors, s->count * sizeof *a);
        status = scalapack_failed("pdsyevd", info);
    }
    free(memory);
    free(integers);
    return status;
}

jf_status jf_square_symmetric_eigen(const jf_square *s, double *a, double *values)
{
    return s->grid == NULL ? jf_blas_symmetric_eigen(s->side, a, values)
                           : eigen_spread(s, a, values);
}
