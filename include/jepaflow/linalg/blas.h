/*
 * blas.h - products and factorisations of dense matrices, by BLIS and LAPACK.
 *
 * Matrices are bare arrays, column by column, without gaps (matrix.h). The only place that knows
 * the names, argument orders and thread settings of those libraries. Knows no physics and no MPI.
 */
#ifndef JEPAFLOW_LINALG_BLAS_H
#define JEPAFLOW_LINALG_BLAS_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef enum { JF_PLAIN, JF_TRANSPOSED } jf_transpose;

/*
 * One thread for each rank, unless BLIS_NUM_THREADS or OMP_NUM_THREADS asks for more. Call once,
 * before the first product.
 */
void jf_blas_start(void);

/* Threads that a product uses. */
int jf_blas_threads(void);

/*
 * c <- alpha op(a) op(b) + beta c, op as said by ta and tb.
 *   op(a)  m x k     op(b)  k x n     c  m x n, overlapping neither a nor b
 * c is only written, not read, where beta is 0.
 */
void jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k, double alpha,
                      const double *a, const double *b, double beta, double *c);

/*
 * c <- c + a b^T, of blocks of larger matrices, all with `leading` rows.
 *   a  m x k     b  n x k     c  m x n, overlapping neither
 */
void jf_blas_add_product(size_t m, size_t n, size_t k, size_t leading, const double *a,
                         const double *b, double *c);

/*
 * Replace a (n x n, of full rank) by the orthogonal factor Q of a = Q R with the diagonal of R
 * positive: for a of independent normal numbers, Q is uniform over the orthogonal group (Mezzadri,
 * Notices AMS 54 (2007)). Fails with JF_ERR_MEMORY, or JF_ERR_NUMERICS where LAPACK does.
 */
jf_status jf_blas_orthogonal_factor(size_t n, double *a);

/*
 * a = E diag(values) E^T of a symmetric n x n matrix (its lower triangle is read).
 *   a       in: the matrix; out: the unit eigenvectors, column by column
 *   values  n, ascending
 */
jf_status jf_blas_symmetric_eigen(size_t n, double *a, double *values);

/* BLIS's version and kernel architecture, and the files from which dgemm and LAPACK are served. */
const char *jf_blas_version(void);      /* "0.9.0" */
const char *jf_blas_architecture(void); /* "zen3" */
const char *jf_blas_file(void);
const char *jf_blas_lapack_file(void);

#endif
