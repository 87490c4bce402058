#include "jepaflow/results/start_file.h"

#include <math.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/file.h"

static const char expected[] = "W(layer, row, column) and V(row, column), all square";

static jf_status find_variable(jf_file *file, const char *name, size_t rank, jf_file_shape *shape)
{
    if (!jf_file_has_variable(file, name)) {
        return jf_fail(JF_ERR_USAGE, "%s: has no variable '%s', expected %s", jf_file_path(file),
                       name, expected);
    }
    JF_TRY(jf_file_variable(file, name, shape));
    if (shape->rank != rank || shape->type == JF_FILE_TEXT) {
        return jf_fail(JF_ERR_USAGE, "%s: '%s' has %zu dimensions%s, expected %s",
                       jf_file_path(file), name, shape->rank,
                       shape->type == JF_FILE_TEXT ? " of text" : "", expected);
    }
    return JF_OK;
}

/* Row i, column j of the file to where it is in a matrix whose columns are contiguous. */
static void transpose(size_t d, double *a)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            const double kept = a[i + j * d];
            a[i + j * d] = a[j + i * d];
            a[j + i * d] = kept;
        }
    }
}

static jf_status check_shapes(jf_file *file, const jf_file_shape *w, const jf_file_shape *v)
{
    const size_t d = w->length[1];
    const int fits =
        w->length[0] >= 1 && d >= 1 && w->length[2] == d && v->length[0] == d && v->length[1] == d;

    return fits ? JF_OK
                : jf_fail(JF_ERR_USAGE, "%s: W is %zu x %zu x %zu and V %zu x %zu, expected %s",
                          jf_file_path(file), w->length[0], w->length[1], w->length[2],
                          v->length[0], v->length[1], expected);
}

static jf_status check_numbers(jf_file *file, const jf_weights *weights)
{
    for (size_t i = 0; i < jf_weights_count(weights); i++) {
        if (!isfinite(weights->numbers[i])) {
            return jf_fail(JF_ERR_USAGE, "%s: a weight is %g, expected finite numbers",
                           jf_file_path(file), weights->numbers[i]);
        }
    }
    return JF_OK;
}

static jf_status read_weights(jf_file *file, jf_weights *out)
{
    static const size_t start[3] = {0, 0, 0};
    jf_file_shape w, v;

    JF_TRY(find_variable(file, "W", 3, &w));
    JF_TRY(find_variable(file, "V", 2, &v));
    JF_TRY(check_shapes(file, &w, &v));
    JF_TRY(jf_weights_init(w.length[0], w.length[1], out));
    JF_TRY(jf_file_get(file, w.id, start, w.length, out->numbers));
    JF_TRY(jf_file_get(file, v.id, start, v.length, jf_weights_matrix(out, out->depth + 1)));
    for (size_t a = 1; a <= out->depth + 1; a++) {
        transpose(out->d, jf_weights_matrix(out, a));
    }
    return check_numbers(file, out);
}

jf_status jf_start_file_read(const char *path, jf_weights *out)
{
    jf_file *file;

    *out = (jf_weights){0};
    if (jf_file_open_foreign(path, &file) != JF_OK) {
        return JF_ERR_USAGE; /* the message says why */
    }
    const jf_status status = read_weights(file, out);
    (void)jf_file_close(&file); /* nothing was written */
    if (status != JF_OK) {
        jf_weights_clear(out);
    }
    return status;
}
