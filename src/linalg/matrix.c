#include "jepaflow/linalg/matrix.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

jf_status jf_matrix_init(size_t rows, size_t cols, jf_matrix *out)
{
    *out = (jf_matrix){0};
    if (rows == 0 || cols == 0) {
        return jf_fail(JF_ERR_SHAPE, "a matrix of %zu x %zu has no elements", rows, cols);
    }
    if (rows > SIZE_MAX / sizeof(double) / cols) {
        return jf_fail(JF_ERR_MEMORY, "a matrix of %zu x %zu does not fit", rows, cols);
    }
    double *data = calloc(rows * cols, sizeof *data);
    if (data == NULL) {
        return jf_fail(JF_ERR_MEMORY, "out of memory for a matrix of %zu x %zu", rows, cols);
    }
    *out = (jf_matrix){rows, cols, data};
    return JF_OK;
}

void jf_matrix_clear(jf_matrix *matrix)
{
    free(matrix->data);
    *matrix = (jf_matrix){0};
}

jf_status jf_matrix_init_scaled_identity(size_t n, double scale, jf_matrix *out)
{
    JF_TRY(jf_matrix_init(n, n, out));
    for (size_t i = 0; i < n; i++) {
        out->data[i + i * n] = scale;
    }
    return JF_OK;
}

jf_status jf_matrix_init_copy(const jf_matrix *from, jf_matrix *out)
{
    JF_TRY(jf_matrix_init(from->rows, from->cols, out));
    memcpy(out->data, from->data, from->rows * from->cols * sizeof *out->data);
    return JF_OK;
}
