/*
 * test_source.c - files of data: covariances of pairs against three loops, files that say the same
 * in other words, and what is refused.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/matrices.h"
#include "jepaflow/results/file.h"
#include "jepaflow/results/source.h"

enum { D = 3, N = 10, SIZE = D * D };

static char path[64];

static int enter(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s", "/tmp/jepaflow-source-XXXXXX");
    const int file = mkstemp(path);
    return file >= 0 ? close(file) : -1;
}

static int leave(void **state)
{
    (void)state;
    return unlink(path);
}

/* Variables of a file: rows x columns, or a row where there is one column. */
typedef struct {
    const char *name;
    size_t rows, columns;
    const double *values;
} variable;

static void write_file(const variable *variables, size_t count)
{
    jf_file *file;
    int ids[8];

    unlink(path);
    assert_int_equal(jf_file_create(path, &file), JF_OK);
    for (size_t k = 0; k < count; k++) {
        const size_t sides[2] = {variables[k].rows, variables[k].columns};
        char name[64];
        int dimension[2];
        for (size_t n = 0; n < 2; n++) {
            snprintf(name, sizeof name, "%s_%zu", variables[k].name, n);
            assert_int_equal(jf_file_add_dimension(file, name, sides[n], &dimension[n]), JF_OK);
        }
        assert_int_equal(jf_file_add_variable(file, variables[k].name, JF_FILE_DOUBLE,
                                              sides[1] > 1 ? 2 : 1, dimension, NULL, &ids[k]),
                         JF_OK);
    }
    assert_int_equal(jf_file_end_definitions(file), JF_OK);
    for (size_t k = 0; k < count; k++) {
        const size_t start[2] = {0, 0}, sides[2] = {variables[k].rows, variables[k].columns};
        assert_int_equal(
            jf_file_put(file, ids[k], JF_FILE_DOUBLE, start, sides, variables[k].values), JF_OK);
    }
    assert_int_equal(jf_file_close(&file), JF_OK);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void refuse(const char *message)
{
    jf_source source = {.features = 7};

    assert_refused(jf_source_read(path, &jf_adder_alone, &source), JF_ERR_USAGE, message);
    assert_int_equal(source.features, 0);
    assert_null(source.lambda);
    assert_null(source.moments.sxx);
}

static double x[N * D], y[N * D];

static void make_pairs(void)
{
    fill_uniform(1, N * D, x);
    fill_uniform(2, N * D, y);
    for (size_t n = 0; n < N * D; n++) {
        y[n] += 0.5 * x[n] + 2.0;
    }
}

/* E[(a_i - E a_i) (b_j - E b_j)], pair by pair. */
static double covariance(const double *a, size_t i, const double *b, size_t j)
{
    double mean_a = 0.0, mean_b = 0.0, sum = 0.0;

    for (size_t n = 0; n < N; n++) {
        mean_a += a[n * D + i] / N;
        mean_b += b[n * D + j] / N;
    }
    for (size_t n = 0; n < N; n++) {
        sum += (a[n * D + i] - mean_a) * (b[n * D + j] - mean_b) / N;
    }
    return sum;
}

static void pairs_become_covariances(void **state)
{
    const variable variables[] = {{"x", N, D, x}, {"y", N, D, y}};
    jf_source source;

    (void)state;
    make_pairs();
    write_file(variables, 2);
    assert_ok(jf_source_read(path, &jf_adder_alone, &source));
    assert_int_equal(source.features, 0);
    assert_int_equal(source.moments.d, D);
    for (size_t j = 0; j < D; j++) {
        for (size_t i = 0; i < D; i++) {
            assert_within(source.moments.sxx[i + j * D], covariance(x, i, x, j), 1e-14);
            assert_within(source.moments.syx[i + j * D], covariance(y, i, x, j), 1e-14);
            assert_within(source.moments.syy[i + j * D], covariance(y, i, y, j), 1e-14);
        }
    }
    jf_source_clear(&source);
    assert_null(source.moments.sxx);
}

/* sigma_yx[i, j] = E[y_i x_j], the last index fastest in the file. */
static void covariances_are_taken_row_by_row(void **state)
{
    const double sxx[] = {2, 1, 1, 3}, syx[] = {1, 2, 3, 4}, syy[] = {5, 0, 0, 6};
    const variable variables[] = {
        {"sigma_xx", 2, 2, sxx}, {"sigma_yx", 2, 2, syx}, {"sigma_yy", 2, 2, syy}};
    jf_source source;

    (void)state;
    write_file(variables, 3);
    assert_ok(jf_source_read(path, &jf_adder_alone, &source));
    assert_true(source.moments.syx[0 + 1 * 2] == 2.0 && source.moments.syx[1 + 0 * 2] == 3.0);
    assert_true(source.moments.sxx[3] == 3.0 && source.moments.syy[3] == 6.0);
    jf_source_clear(&source);
}

static void features_come_from_netcdf_and_text(void **state)
{
    const double lambda[] = {1.0, 0.5}, rho[] = {0.25, 2.0};
    const variable variables[] = {{"lambda", 2, 1, lambda}, {"rho", 2, 1, rho}};
    jf_source source;

    (void)state;
    for (int text = 0; text < 2; text++) {
        if (text) {
            write_text("# lambda, rho\n\n 1, 0.25\n0.5\t2 # both\r\n");
        } else {
            write_file(variables, 2);
        }
        assert_ok(jf_source_read(path, &jf_adder_alone, &source));
        assert_int_equal(source.features, 2);
        assert_memory_equal(source.lambda, lambda, sizeof lambda);
        assert_memory_equal(source.rho, rho, sizeof rho);
        assert_null(source.moments.sxx);
        jf_source_clear(&source);
    }
}

static void refuse_text(const char *text, const char *message)
{
    write_text(text);
    refuse(message);
}

static void what_is_no_text_of_features_is_refused(void **state)
{
    (void)state;
    refuse_text("", "no features, expected lambda and rho in each line");
    refuse_text("1 2\n1\n", ":2: expected two numbers, lambda and rho");
    refuse_text("1 2 3\n", ":1: expected two numbers");
    refuse_text("1 a\n", ":1: expected two numbers");
    refuse_text("1 1\n1 0\n", "feature 2 has lambda 1 and rho 0, expected numbers above 0");
    unlink(path);
    refuse("jepaflow-source");
    write_text(""); /* for leave() */
}

static void what_is_no_data_is_refused(void **state)
{
    const double sxx[] = {2, 1, 1, 3}, lopsided[] = {2, 1, 0, 3}, infinite[] = {2, NAN, 1, 3};
    variable v[] = {{"sigma_xx", 2, 2, sxx}, {"sigma_yx", 2, 2, sxx}, {"sigma_yy", 2, 2, sxx}};
    variable pairs[] = {{"x", N, D, x}, {"y", N, D, y}};
    const double filled[] = {1, 9.969209968386869e36}; /* NetCDF's fill value */
    const variable list[] = {{"lambda", 4, 1, sxx}, {"rho", 3, 1, sxx}};
    const variable missing[] = {{"lambda", 2, 1, sxx}, {"rho", 2, 1, filled}};

    (void)state;
    make_pairs();
    write_file(v, 2);
    refuse("has no variable 'sigma_yy', expected x and y");
    v[2] = (variable){"sigma_yy", 1, 4, sxx};
    write_file(v, 3);
    refuse("'sigma_yy' is 1 x 4, expected 2 x 2 as sigma_xx");
    v[2] = (variable){"sigma_yy", 2, 2, lopsided};
    write_file(v, 3);
    refuse("is not symmetric in x or in y");
    v[2].values = infinite;
    write_file(v, 3);
    refuse("sigma_yy[0, 1] is missing or not finite");
    write_file(missing, 2);
    refuse("rho[1] is missing or not finite"); /* not a number above 0 */
    write_file(list, 2);
    refuse("'rho' has 3 numbers, expected the 4 of 'lambda'");
    write_file(pairs, 1);
    refuse("has no variable 'y'");
    pairs[1].rows = N - 1;
    write_file(pairs, 2);
    refuse("y is 9 x 3, expected the 10 x 3 of x");
    pairs[0].rows = pairs[1].rows = D;
    write_file(pairs, 2);
    refuse("3 pairs of 3 features, expected more pairs than that");
    y[4] = filled[1];
    pairs[0].rows = pairs[1].rows = N;
    write_file(pairs, 2);
    refuse("y[1, 1] is missing or not finite");
    refuse_text("CDF and no more", "cannot open it as a dataset");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pairs_become_covariances, enter, leave),
        cmocka_unit_test_setup_teardown(covariances_are_taken_row_by_row, enter, leave),
        cmocka_unit_test_setup_teardown(features_come_from_netcdf_and_text, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_no_text_of_features_is_refused, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_no_data_is_refused, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
