#include "jepaflow/results/start_file.h"

#include "jepaflow/base/log.h"
#include "jepaflow/results/foreign.h"

static const char expected[] = "W(layer, row, column) and V(row, column), all square";

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

static jf_status read_weights(jf_file *file, jf_weights *out)
{
    static const size_t start[3] = {0, 0, 0};
    jf_file_shape w, v;

    JF_TRY(jf_foreign_find(file, "W", 3, expected, &w));
    JF_TRY(jf_foreign_find(file, "V", 2, expected, &v));
    JF_TRY(check_shapes(file, &w, &v));
    JF_TRY(jf_weights_init(w.length[0], w.length[1], out));
    double *predictor = jf_weights_matrix(out, out->depth + 1);
    JF_TRY(jf_foreign_read(file, "W", &w, start, w.length, out->numbers));
    JF_TRY(jf_foreign_read(file, "V", &v, start, v.length, predictor));
    for (size_t a = 1; a <= out->depth + 1; a++) {
        jf_foreign_transpose(out->d, jf_weights_matrix(out, a));
    }
    return JF_OK;
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
