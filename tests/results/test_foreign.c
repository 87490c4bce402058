/*
 * test_foreign.c - variables of somebody else's file: found, read, turned; what is none is refused.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "jepaflow/results/foreign.h"

enum { ROWS = 3, COLUMNS = 4 };

static char path[64];
static jf_file *file;

/* A 3 x 4 variable of the numbers 0 ... 11, but for number `at`; and a text. */
static void begin(size_t at, double number)
{
    static const size_t start[2] = {0, 0}, count[2] = {ROWS, COLUMNS};
    double numbers[ROWS * COLUMNS];
    int dimension[2], id, text;

    snprintf(path, sizeof path, "/tmp/jepaflow-foreign-%d.nc", (int)getpid());
    unlink(path);
    assert_ok(jf_file_create(path, &file));
    assert_ok(jf_file_add_dimension(file, "row", ROWS, &dimension[0]));
    assert_ok(jf_file_add_dimension(file, "column", COLUMNS, &dimension[1]));
    assert_ok(jf_file_add_variable(file, "x", JF_FILE_DOUBLE, 2, dimension, NULL, &id));
    assert_ok(jf_file_add_variable(file, "word", JF_FILE_TEXT, 2, dimension, NULL, &text));
    assert_ok(jf_file_end_definitions(file));
    for (size_t k = 0; k < ROWS * COLUMNS; k++) {
        numbers[k] = k == at ? number : (double)k;
    }
    assert_ok(jf_file_put(file, id, JF_FILE_DOUBLE, start, count, numbers));
    assert_ok(jf_file_close(&file));
    assert_ok(jf_file_open_foreign(path, &file));
}

static void end(void)
{
    assert_ok(jf_file_close(&file));
    unlink(path);
}

static void what_is_not_there_is_refused(void **state)
{
    jf_file_shape shape;

    (void)state;
    begin(0, 0.0);
    assert_refused(jf_foreign_find(file, "y", 2, "x and a word", &shape), JF_ERR_USAGE,
                   "has no variable 'y', expected x and a word");
    assert_refused(jf_foreign_find(file, "x", 3, "", &shape), JF_ERR_USAGE,
                   "'x' has 2 dimensions, expected 3, of numbers");
    assert_refused(jf_foreign_find(file, "word", 2, "", &shape), JF_ERR_USAGE,
                   "'word' has 2 dimensions of text, expected 2, of numbers");
    end();
}

/* Also where a part is read; 9.96920997e36 is NetCDF's fill value, as a float and as a double. */
static void numbers_that_are_none_are_named_with_their_place(void **state)
{
    static const double none[] = {NAN, -INFINITY, 9.969209968386869e36, 9.96920997e36F};
    static const size_t start[2] = {1, 0}, count[2] = {2, COLUMNS};
    double values[2 * COLUMNS];
    jf_file_shape shape;

    (void)state;
    for (size_t k = 0; k < COUNT(none); k++) {
        begin(2 * COLUMNS + 3, none[k]);
        assert_ok(jf_foreign_find(file, "x", 2, "", &shape));
        assert_refused(jf_foreign_read(file, "x", &shape, start, count, values), JF_ERR_USAGE,
                       "x[2, 3] is missing or not finite");
        end();
    }
    begin(0, NAN); /* outside of what is read */
    assert_ok(jf_foreign_find(file, "x", 2, "", &shape));
    assert_ok(jf_foreign_read(file, "x", &shape, start, count, values));
    assert_true(values[0] == 4.0 && values[7] == 11.0);
    end();
}

static void rows_become_columns(void **state)
{
    double a[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const double expected[] = {1, 4, 7, 2, 5, 8, 3, 6, 9};

    (void)state;
    jf_foreign_transpose(3, a);
    assert_memory_equal(a, expected, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_refused),
        cmocka_unit_test(numbers_that_are_none_are_named_with_their_place),
        cmocka_unit_test(rows_become_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
