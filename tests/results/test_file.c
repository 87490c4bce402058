/*
 * test_file.c - files in our words: what is written comes back, and what is wrong is named.
 */
#include "../support/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/sweep.h"
#include "jepaflow/results/file.h"

static const char input[] = "sweep: {objective: mae, depth: 1, init_scale: 0.1}\n"
                            "spectra: {s: {lambda: 1, rho: 1}}\n";

/* A file of two dimensions with a variable of each type; closed. */
static void make(const char *path)
{
    static const int8_t flags[] = {0, 1, 2};
    static const double fill = -1.5;
    static const int64_t longs[] = {1, -(INT64_C(1) << 53)};
    static const size_t start[2] = {0, 0}, two[1] = {2}, part[2] = {1, 2}, text[1] = {3};
    const double numbers[] = {0.1, 0.2};
    jf_file *file;
    int x, y, variable[4];

    assert_ok(jf_file_create(path, &file));
    assert_ok(jf_file_add_dimension(file, "x", 2, &x));
    assert_ok(jf_file_add_dimension(file, "y", 3, &y));
    const int both[2] = {x, y};
    assert_ok(jf_file_add_variable(file, "d", JF_FILE_DOUBLE, 2, both, &fill, &variable[0]));
    assert_ok(jf_file_add_variable(file, "l", JF_FILE_LONG, 1, &x, NULL, &variable[1]));
    assert_ok(jf_file_add_variable(file, "b", JF_FILE_BYTE, 1, &y, NULL, &variable[2]));
    assert_ok(jf_file_add_variable(file, "t", JF_FILE_TEXT, 1, &y, NULL, &variable[3]));
    assert_ok(jf_file_add_text(file, -1, "title", "a title"));
    assert_ok(jf_file_add_number(file, variable[0], "scale", 2.5));
    assert_ok(jf_file_add_bytes(file, variable[2], "flag_values", flags, 3));
    assert_ok(jf_file_end_definitions(file));
    assert_ok(jf_file_put(file, variable[0], JF_FILE_DOUBLE, start, part, numbers));
    assert_ok(jf_file_put(file, variable[1], JF_FILE_LONG, start, two, longs));
    assert_ok(jf_file_put(file, variable[2], JF_FILE_BYTE, start, text, flags));
    assert_ok(jf_file_put(file, variable[3], JF_FILE_TEXT, start, text, "abc"));
    assert_ok(jf_file_sync(file));
    assert_ok(jf_file_close(&file));
    assert_null(file);
}

static void read_variable(jf_file *file, const char *name, jf_file_type type, double *values)
{
    static const size_t start[2] = {0, 0};
    jf_file_shape shape;

    assert_ok(jf_file_variable(file, name, &shape));
    assert_int_equal(shape.type, type);
    assert_ok(jf_file_get(file, shape.id, start, shape.length, values));
}

static void what_is_written_comes_back(void **state)
{
    static const double expected[] = {0.1, 0.2, -1.5, -1.5, -1.5, -1.5};
    double values[6];
    jf_file *file;
    jf_file_shape shape;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_ok(jf_file_open(s.path, 0, &file));
    read_variable(file, "d", JF_FILE_DOUBLE, values);
    assert_memory_equal(values, expected, sizeof values);
    read_variable(file, "l", JF_FILE_LONG, values);
    assert_true(values[0] == 1.0 && values[1] == -9007199254740992.0);
    read_variable(file, "b", JF_FILE_BYTE, values);
    assert_true(values[0] == 0.0 && values[1] == 1.0 && values[2] == 2.0);
    assert_ok(jf_file_variable(file, "d", &shape));
    assert_int_equal(shape.rank, 2);
    assert_string_equal(shape.name[0], "x");
    assert_string_equal(shape.name[1], "y");
    assert_int_equal(shape.length[1], 3);
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

static void attributes_and_text_come_back(void **state)
{
    static const size_t start[1] = {0}, three[1] = {3};
    char text[4] = "";
    char *title;
    double number;
    jf_file *file;
    jf_file_shape shape;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_ok(jf_file_open(s.path, 0, &file));
    assert_string_equal(jf_file_path(file), s.path);
    assert_ok(jf_file_variable(file, "t", &shape));
    assert_int_equal(shape.type, JF_FILE_TEXT);
    assert_ok(jf_file_get_as(file, shape.id, JF_FILE_TEXT, start, three, text));
    assert_string_equal(text, "abc");
    assert_ok(jf_file_text(file, -1, "title", &title));
    assert_string_equal(title, "a title");
    free(title);
    assert_ok(jf_file_variable(file, "d", &shape));
    assert_ok(jf_file_number(file, shape.id, "scale", &number));
    assert_within(number, 2.5, 0.0);
    assert_true(jf_file_has_dimension(file, "y"));
    assert_false(jf_file_has_dimension(file, "z"));
    assert_true(jf_file_has_variable(file, "d"));
    assert_true(!jf_file_has_variable(file, "z"));
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

static void what_is_missing_is_named(void **state)
{
    jf_file *file;
    jf_file_shape shape;
    char *text = NULL;
    double number;
    size_t length;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_ok(jf_file_open(s.path, 0, &file));
    assert_refused(jf_file_variable(file, "nothing", &shape), JF_ERR_FILE, "out.nc: 'nothing'");
    assert_refused(jf_file_dimension(file, "nowhere", &length), JF_ERR_FILE, "'nowhere'");
    assert_refused(jf_file_text(file, -1, "unsaid", &text), JF_ERR_FILE, "'unsaid'");
    assert_refused(jf_file_number(file, -1, "title", &number), JF_ERR_FILE, "'title'");
    assert_refused(jf_file_add_integer(file, -1, "depth", 1), JF_ERR_FILE, "out.nc: 'depth': ");
    assert_null(text);
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

/* Nothing is overwritten; what is no dataset is not opened; a file open to read is not written. */
static void refusals_name_the_file(void **state)
{
    static const size_t start[2] = {0, 0}, one[2] = {1, 1};
    const double number = 1.0;
    jf_file *file;
    char other[256];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_refused(jf_file_create(s.path, &file), JF_ERR_FILE, "out.nc: cannot create it");
    assert_null(file);
    snprintf(other, sizeof other, "%s/missing.nc", s.folder);
    assert_refused(jf_file_open(other, 0, &file), JF_ERR_FILE, "missing.nc: cannot open it");
    FILE *text = fopen(other, "w");
    assert_non_null(text);
    fputs("not a dataset\n", text);
    fclose(text);
    assert_refused(jf_file_open(other, 0, &file), JF_ERR_FILE, "missing.nc: is no NetCDF file");
    assert_null(file);
    assert_ok(jf_file_open(s.path, 0, &file));
    assert_refused(jf_file_put(file, 0, JF_FILE_DOUBLE, start, one, &number), JF_ERR_FILE,
                   "cannot write to it");
    assert_ok(jf_file_close(&file));
    assert_ok(jf_file_close(&file)); /* NULL is accepted */
    sweep_end(&s);
}

/* Writing fails as a disk or a file system may have it: NetCDF's function says so in its stead. */
static int next_code;

int __real_nc_put_vara_double(int id, int variable, const size_t *start, const size_t *count,
                              const double *data);
int __wrap_nc_put_vara_double(int id, int variable, const size_t *start, const size_t *count,
                              const double *data);
int __wrap_nc_put_vara_double(int id, int variable, const size_t *start, const size_t *count,
                              const double *data)
{
    return next_code != 0 ? next_code : __real_nc_put_vara_double(id, variable, start, count, data);
}

static void failing_disks_are_named(void **state)
{
    static const struct {
        int code;
        const char *message;
    } cases[] = {
        {ENOSPC, "out.nc: cannot write to it: No space left on device; make room and run the same"},
        {EDQUOT, "out.nc: cannot write to it: Disk quota exceeded; make room and run the same"},
        {EIO, "out.nc: cannot write to it: Input/output error"},
        {ESTALE, "out.nc: cannot write to it: Stale file handle"},
    };
    static const size_t start[2] = {0, 0}, one[2] = {1, 1};
    const double number = 1.0;
    jf_file *file;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_ok(jf_file_open(s.path, 1, &file));
    for (size_t k = 0; k < COUNT(cases); k++) {
        next_code = cases[k].code;
        assert_refused(jf_file_put(file, 0, JF_FILE_DOUBLE, start, one, &number), JF_ERR_FILE,
                       cases[k].message);
    }
    next_code = 0;
    assert_ok(jf_file_put(file, 0, JF_FILE_DOUBLE, start, one, &number)); /* room was made */
    assert_ok(jf_file_close(&file));
    assert_ok(jf_file_to_disk(s.path));
    sweep_end(&s);
}

/* Numbers as they stand in the file: no double holds 2^53 + 1. */
static void numbers_come_back_as_they_are(void **state)
{
    static const size_t none[2] = {0, 0}, two[2] = {2, 3}, three[1] = {3};
    static const int64_t odd[] = {9007199254740993, -9007199254740993};
    int64_t longs[2];
    int8_t bytes[3];
    jf_file *file;
    jf_file_shape shape;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(s.path);
    assert_ok(jf_file_open(s.path, 1, &file));
    assert_ok(jf_file_variable(file, "l", &shape));
    assert_ok(jf_file_put(file, shape.id, JF_FILE_LONG, none, two, odd));
    assert_ok(jf_file_get_as(file, shape.id, JF_FILE_LONG, none, two, longs));
    assert_memory_equal(longs, odd, sizeof odd);
    assert_ok(jf_file_variable(file, "b", &shape));
    assert_ok(jf_file_get_as(file, shape.id, JF_FILE_BYTE, none, three, bytes));
    assert_true(bytes[0] == 0 && bytes[1] == 1 && bytes[2] == 2);
    assert_int_equal(jf_file_attribute(file, "title"), JF_FILE_WORD);
    assert_int_equal(jf_file_attribute(file, "nothing"), JF_FILE_NOTHING);
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(attributes_and_text_come_back),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(refusals_name_the_file),
        cmocka_unit_test(failing_disks_are_named),
        cmocka_unit_test(numbers_come_back_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
