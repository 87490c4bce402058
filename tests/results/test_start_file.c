/*
 * test_start_file.c - weights written by hand and read again; files that hold none.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "jepaflow/results/file.h"
#include "jepaflow/results/start_file.h"

static char path[64];

/* W of layers x rows x columns, V of v_rows x rows: element number k is k, or `last` the last. */
static void write_file(size_t layers, size_t rows, size_t columns, size_t v_rows, double last)
{
    static const size_t start[3] = {0, 0, 0};
    const size_t w_count[3] = {layers, rows, columns}, v_count[2] = {v_rows, rows};
    double numbers[64];
    int dimension[4], w, v;
    jf_file *file;

    snprintf(path, sizeof path, "/tmp/jepaflow-start-%d.nc", (int)getpid());
    unlink(path);
    assert_ok(jf_file_create(path, &file));
    assert_ok(jf_file_add_dimension(file, "layer", layers, &dimension[0]));
    assert_ok(jf_file_add_dimension(file, "row", rows, &dimension[1]));
    assert_ok(jf_file_add_dimension(file, "column", columns, &dimension[2]));
    assert_ok(jf_file_add_dimension(file, "v_row", v_rows, &dimension[3]));
    const int of_v[2] = {dimension[3], dimension[1]};
    assert_ok(jf_file_add_variable(file, "W", JF_FILE_DOUBLE, 3, dimension, NULL, &w));
    assert_ok(jf_file_add_variable(file, "V", JF_FILE_DOUBLE, 2, of_v, NULL, &v));
    assert_ok(jf_file_end_definitions(file));
    for (size_t k = 0; k < 64; k++) {
        numbers[k] = (double)k;
    }
    assert_ok(jf_file_put(file, w, JF_FILE_DOUBLE, start, w_count, numbers));
    numbers[v_rows * rows - 1] = last;
    assert_ok(jf_file_put(file, v, JF_FILE_DOUBLE, start, v_count, numbers));
    assert_ok(jf_file_close(&file));
}

/* W[a, i, j] of the file is element (i, j) of W_a. */
static void weights_are_read_as_they_stand(void **state)
{
    jf_weights w;

    (void)state;
    write_file(3, 2, 2, 2, 9.0);
    assert_ok(jf_start_file_read(path, &w));
    assert_int_equal(w.depth, 3);
    assert_int_equal(w.d, 2);
    for (size_t a = 0; a < 3; a++) {
        for (size_t k = 0; k < 4; k++) {
            assert_true(jf_weights_matrix(&w, a + 1)[k / 2 + k % 2 * 2] == (double)(4 * a + k));
        }
    }
    assert_true(jf_weights_matrix(&w, 4)[3] == 9.0 && jf_weights_matrix(&w, 4)[2] == 1.0);
    jf_weights_clear(&w);
    unlink(path);
}

static void refuse(const char *message)
{
    jf_weights w = {.depth = 5};

    assert_refused(jf_start_file_read(path, &w), JF_ERR_USAGE, message);
    assert_int_equal(w.depth, 0);
    assert_null(w.numbers);
}

static void what_is_no_network_is_refused(void **state)
{
    (void)state;
    write_file(1, 2, 3, 2, 0.0);
    refuse("W is 1 x 2 x 3 and V 2 x 2, expected W(layer, row, column) and V(row, column), all");
    write_file(1, 2, 2, 3, 0.0);
    refuse("W is 1 x 2 x 2 and V 3 x 2, expected");
    write_file(1, 2, 2, 2, NAN);
    refuse("V[1, 1] is missing or not finite (nan)");
    write_file(1, 2, 2, 2, 9.969209968386869e36); /* NetCDF's fill value */
    refuse("V[1, 1] is missing or not finite");
    unlink(path);
    refuse("No such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_read_as_they_stand),
        cmocka_unit_test(what_is_no_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
