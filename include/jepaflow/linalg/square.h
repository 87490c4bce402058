/*
 * square.h - square matrices, whole on one rank or spread over a grid of ranks.
 *
 * A jf_square says of all n x n matrices alike which of their elements this rank has: all of them,
 * or those that block-cyclic distribution gives it (ScaLAPACK's). What a rank has, its part, is a
 * bare array, column by column without gaps, so that work on single elements is a loop over a part
 * and its places, the same for both. Where the matrices are spread, every function but
 * jf_square_clear() is for all ranks of the grid, in the same order. Knows no physics.
 */
#ifndef JEPAFLOW_LINALG_SQUARE_H
#define JEPAFLOW_LINALG_SQUARE_H

#include "jepaflow/linalg/blas.h"
#include "jepaflow/linalg/grid.h"

typedef struct {
    size_t side;            /* n */
    const jf_grid *grid;    /* borrowed; NULL: this rank has the whole */
    size_t rows, columns;   /* of the part; either may be 0 */
    size_t count;           /* rows x columns */
    const size_t *row;      /* rows: where they are in the whole matrix, ascending */
    const size_t *column;   /* columns: likewise */
    size_t diagonals;       /* elements of the diagonal in the part: */
    const size_t *diagonal; /* diagonals: which, of 0 .. n-1, ascending */
    const size_t *place;    /* diagonals: where they are in the part's array */
    size_t *memory;         /* of these lists, owned */
    int descriptor[9];      /* ScaLAPACK's, where spread */
    double *scratch;        /* count: for products, where spread; owned */
} jf_square;

/*
 * Describe n x n matrices.
 *   side  n, at least 1
 *   grid  that they are spread over; borrowed; NULL: whole
 *   out   release with jf_square_clear()
 * JF_ERR_MEMORY, on all ranks alike.
 */
jf_status jf_square_init(size_t side, const jf_grid *grid, jf_square *out);

void jf_square_clear(jf_square *square);

/* On all ranks: JF_OK where all bring it, else a failure: a rank's own, where it has one. */
jf_status jf_square_agree(const jf_square *square, jf_status status);

/* values[count] <- their sums, their largest, over the ranks. */
void jf_square_sum(const jf_square *square, size_t count, double *values);
void jf_square_largest(const jf_square *square, size_t count, double *values);

/* part <- this rank's part of a whole n x n matrix, which every rank has. */
void jf_square_take(const jf_square *square, const double *whole, double *part);

/* a <- scale I. */
void jf_square_set_identity(const jf_square *square, double scale, double *a);

/* c <- op(a) op(b) + beta c, op as said by ta and tb. c overlaps neither; not read for beta 0. */
void jf_square_multiply(const jf_square *square, jf_transpose ta, jf_transpose tb, const double *a,
                        const double *b, double beta, double *c);

/* out <- a^T; out does not overlap a. */
void jf_square_transpose(const jf_square *square, const double *a, double *out);

/* a <- a + a^T; work, of a's size, is overwritten where the matrices are spread. */
void jf_square_add_transpose(const jf_square *square, double *a, double *work);

/* out[j] <- sum_i a_ij b_ij for each column j of the whole matrices: n numbers, on every rank. */
void jf_square_column_products(const jf_square *square, const double *a, const double *b,
                               double *out);

/* The sum of all elements of a .* b: the trace of a^T b. */
double jf_square_inner_product(const jf_square *square, const double *a, const double *b);

/* As jf_blas_orthogonal_factor(). JF_ERR_MEMORY or JF_ERR_NUMERICS, on all ranks alike. */
jf_status jf_square_orthogonal_factor(const jf_square *square, double *a);

/* As jf_blas_symmetric_eigen(), of the whole of a, which is symmetric. Fails as the last. */
jf_status jf_square_symmetric_eigen(const jf_square *square, double *a, double *values);

#endif
