/*
 * matrix.h - dense real matrices.
 *
 * Plain data, column by column: element (i, j) is data[i + j * rows], the order that BLIS,
 * ScaLAPACK and SUNDIALS read without a copy. Knows no library and no physics.
 */
#ifndef JEPAFLOW_LINALG_MATRIX_H
#define JEPAFLOW_LINALG_MATRIX_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef struct {
    size_t rows;
    size_t cols;
    double *data; /* rows * cols numbers, owned */
} jf_matrix;

/*
 * Make a rows x cols matrix of zeros.
 *   rows, cols  at least 1
 *   out         filled on success, left empty on failure; release with jf_matrix_clear()
 * Fails with JF_ERR_SHAPE if a side is 0, JF_ERR_MEMORY if the product does not fit.
 */
jf_status jf_matrix_init(size_t rows, size_t cols, jf_matrix *out);

/* Release and empty a matrix; an empty one is left as it is. */
void jf_matrix_clear(jf_matrix *matrix);

/* Make the n x n matrix with `scale` on its diagonal; as jf_matrix_init(). */
jf_status jf_matrix_init_scaled_identity(size_t n, double scale, jf_matrix *out);

/* Make a copy; as jf_matrix_init(). */
jf_status jf_matrix_init_copy(const jf_matrix *from, jf_matrix *out);

#endif
