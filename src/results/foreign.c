#include "jepaflow/results/foreign.h"

#include <math.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

/* What NetCDF puts where nothing was written: 2^122 and a little, of single or double precision. */
static const double least_missing = 9.9e36;

jf_status jf_foreign_find(jf_file *file, const char *name, size_t rank, const char *expected,
                          jf_file_shape *shape)
{
    if (!jf_file_has_variable(file, name)) {
        return jf_fail(JF_ERR_USAGE, "%s: has no variable '%s', expected %s", jf_file_path(file),
                       name, expected);
    }
    JF_TRY(jf_file_variable(file, name, shape));
    if (shape->rank != rank || shape->type == JF_FILE_TEXT) {
        return jf_fail(JF_ERR_USAGE, "%s: '%s' has %zu dimensions%s, expected %zu, of numbers",
                       jf_file_path(file), name, shape->rank,
                       shape->type == JF_FILE_TEXT ? " of text" : "", rank);
    }
    return JF_OK;
}

/* Number n of a hyperslab is none: where it stands in the variable. */
static jf_status refuse(const jf_file *file, const char *name, size_t rank, const size_t *start,
                        const size_t *count, size_t n, double value)
{
    size_t place[JF_FILE_DIMENSIONS];
    jf_string text = {0};

    for (size_t k = rank; k-- > 0; n /= count[k]) {
        place[k] = start[k] + n % count[k];
    }
    for (size_t k = 0; k < rank; k++) {
        jf_string_add(&text, "%s%zu", k > 0 ? ", " : "", place[k]);
    }
    jf_status status = jf_string_check(&text);
    if (status == JF_OK) {
        status = jf_fail(JF_ERR_USAGE, "%s: %s[%s] is missing or not finite (%g)",
                         jf_file_path(file), name, text.text, value);
    }
    jf_string_clear(&text);
    return status;
}

jf_status jf_foreign_read(jf_file *file, const char *name, const jf_file_shape *shape,
                          const size_t *start, const size_t *count, double *values)
{
    size_t numbers = 1;

    for (size_t k = 0; k < shape->rank; k++) {
        numbers *= count[k];
    }
    JF_TRY(jf_file_get(file, shape->id, start, count, values));
    for (size_t n = 0; n < numbers; n++) {
        if (!(fabs(values[n]) < least_missing)) {
            return refuse(file, name, shape->rank, start, count, n, values[n]);
        }
    }
    return JF_OK;
}

void jf_foreign_transpose(size_t d, double *matrix)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            const double kept = matrix[i + j * d];
            matrix[i + j * d] = matrix[j + i * d];
            matrix[j + i * d] = kept;
        }
    }
}
