/*
 * test_dataset.c - a sweep's dataset read back: axes, labels, places, settings, and what is none.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/sweep.h"

static const char input[] = "title: A title\n"
                            "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: [4, 1, 2]\n"
                            "  init_scale: [0.001, 0.25]\n"
                            "  spectrum: [three, two]\n"
                            "  seed: [7, 9007199254740991]\n"
                            "  rotation: [random, none]\n"
                            "  tolerance: [1.0e-6, 1.0e-7]\n"
                            "spectra:\n"
                            "  two: {lambda: 1, rho: [1, 2]}\n"
                            "  three: {lambda: [1, 2, 3], rho: 0.5}\n"
                            "flow: {threshold: 0.75}\n"
                            "output: {samples: 3}\n";

/* Against the plan that it was made from, which has the same points in the same order. */
static void axes_are_those_of_the_plan(void **state)
{
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_string_equal(d.title, "A title");
    assert_int_equal(d.axes, s.plan.axes);
    assert_int_equal(d.points, s.plan.points);
    assert_int_equal(d.features, 3);
    assert_int_equal(d.samples, 3);
    for (size_t a = 0; a < d.axes; a++) {
        assert_int_equal(d.axis[a].parameter, s.plan.parameter[a]);
        assert_int_equal(d.axis[a].extent, s.plan.extent[a]);
        for (size_t k = 0; k < d.axis[a].extent; k++) {
            char text[64];
            assert_string_equal(d.axis[a].labels[k],
                                jf_plan_label(&s.plan, a, k, text, sizeof text));
        }
    }
    assert_within(d.axis[JF_P_DEPTH].values[0], 4.0, 0.0);
    assert_within(d.axis[JF_P_SEED].values[1], 9007199254740991.0, 0.0);
    assert_string_equal(d.axis[JF_P_OBJECTIVE].labels[0], "mae");
    assert_int_equal(jf_dataset_axis(&d, JF_P_TOLERANCE), 5);
    assert_int_equal(jf_dataset_axis(&d, JF_P_ROTATION), 6);
    assert_int_equal(jf_dataset_axis(&d, JF_P_THRESHOLD), JF_PARAMETERS);
    jf_dataset_close(&d);
    sweep_end(&s);
}

static void positions_are_those_of_the_plan(void **state)
{
    size_t position[JF_PARAMETERS], expected[JF_PARAMETERS];
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    for (size_t p = 0; p < d.points; p++) {
        jf_dataset_position(&d, p, position);
        jf_plan_position(&s.plan, p, expected);
        assert_memory_equal(position, expected, d.axes * sizeof *position);
        assert_int_equal(jf_dataset_index(&d, position), p);
    }
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* A setting of the whole sweep, and one that is an axis. */
static void settings_are_those_of_the_points(void **state)
{
    jf_dataset d;
    jf_point point;
    double value;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    for (size_t p = 0; p < d.points; p++) {
        static const jf_parameter_id asked[] = {JF_P_THRESHOLD, JF_P_TOLERANCE, JF_P_HORIZON,
                                                JF_P_DEPTH};
        jf_plan_point(&s.plan, p, &point);
        for (size_t k = 0; k < COUNT(asked); k++) {
            assert_ok(jf_dataset_setting(&d, asked[k], p, &value));
            assert_within(value, point.value[asked[k]], 0.0);
        }
    }
    assert_refused(jf_dataset_setting(&d, JF_P_MODEL, 0, &value), JF_ERR_FILE, "'model'");
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* The shorter spectrum ends in NaN. */
static void spectra_are_padded(void **state)
{
    static const double lambda[] = {1, 2, 3, 1, 1}, rho[] = {0.5, 0.5, 0.5, 1, 2};
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_memory_equal(d.lambda, lambda, sizeof lambda);
    assert_memory_equal(d.rho, rho, sizeof rho);
    assert_true(isnan(d.lambda[5]) && isnan(d.rho[5]));
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* The whole of a variable is that of its points, one after another. */
static void whole_and_parts_are_the_same(void **state)
{
    static const struct {
        const char *name;
        size_t per_point;
    } variables[] = {
        {"status", 1}, {"critical_time", 3}, {"time", 3}, {"projection", 9}, {"rank", 1}};
    double *whole, part[9];
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 3, 20, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    for (size_t v = 0; v < COUNT(variables); v++) {
        const size_t n = variables[v].per_point;
        assert_ok(jf_dataset_read(&d, variables[v].name, &whole));
        for (size_t p = 0; p < d.points; p++) {
            assert_ok(jf_dataset_read_point(&d, variables[v].name, p, part));
            assert_memory_equal(part, whole + p * n, n * sizeof *part);
        }
        free(whole);
    }
    jf_dataset_close(&d);
    sweep_end(&s);
}

static void what_has_not_the_axes_is_refused(void **state)
{
    double *values, value;
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_refused(jf_dataset_read(&d, "lambda", &values), JF_ERR_FILE, "'lambda'");
    assert_null(values);
    assert_refused(jf_dataset_read_point(&d, "depth", 0, &value), JF_ERR_FILE, "'depth'");
    assert_refused(jf_dataset_read(&d, "colour", &values), JF_ERR_FILE, "'colour'");
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* A NetCDF file of something else; and a dataset whose title would colour a terminal. */
static void foreign_files_are_met_with_care(void **state)
{
    static const size_t none[1] = {0}, three[1] = {3};
    jf_dataset d;
    jf_file *file;
    int x, status;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    assert_ok(jf_file_create(s.path, &file));
    assert_ok(jf_file_add_dimension(file, "x", 3, &x));
    assert_ok(jf_file_add_variable(file, "status", JF_FILE_TEXT, 1, &x, NULL, &status));
    assert_ok(jf_file_add_text(file, -1, "title", "\x1b[31mred\n"));
    assert_ok(jf_file_end_definitions(file));
    assert_ok(jf_file_put(file, status, JF_FILE_TEXT, none, three, "abc"));
    assert_ok(jf_file_close(&file));
    assert_refused(jf_dataset_open(s.path, &d), JF_ERR_FILE, "is a NetCDF file of something else");
    assert_null(d.file);
    remove(s.path);

    assert_refused(jf_dataset_open(s.path, &d), JF_ERR_FILE, "cannot open it");
    free(s.input.title);
    s.input.title = strdup("\x1b[31mred\n");
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_string_equal(d.title, "?[31mred?");
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* A dataset of a format that is not known yet; one whose `status` is something else. */
static void newer_formats_and_other_shapes_are_named(void **state)
{
    jf_dataset d;
    jf_file *file;
    int x, status;
    sweep s;

    (void)state;
    for (int newer = 0; newer < 2; newer++) {
        sweep_begin(input, NULL, &s);
        assert_ok(jf_file_create(s.path, &file));
        assert_ok(jf_file_add_dimension(file, "x", 3, &x));
        assert_ok(jf_file_add_variable(file, "status", JF_FILE_BYTE, 1, &x, NULL, &status));
        assert_ok(jf_file_add_text(file, -1, "title", "a title"));
        assert_ok(jf_file_add_text(file, -1, "plan_digest", "0123456789abcdef"));
        assert_ok(jf_file_add_integer(file, -1, "format_version", JF_DATASET_FORMAT + newer));
        assert_ok(jf_file_end_definitions(file));
        assert_ok(jf_file_put(file, status, JF_FILE_BYTE, (const size_t[]){0}, (const size_t[]){3},
                              "abc"));
        assert_ok(jf_file_close(&file));
        assert_refused(jf_dataset_open(s.path, &d), JF_ERR_FILE,
                       newer ? "out.nc: is of format 2, this version of jepaflow knows formats up "
                               "to 1"
                             : "is not a dataset of jepaflow");
        assert_null(d.file);
        sweep_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_those_of_the_plan),
        cmocka_unit_test(positions_are_those_of_the_plan),
        cmocka_unit_test(settings_are_those_of_the_points),
        cmocka_unit_test(spectra_are_padded),
        cmocka_unit_test(whole_and_parts_are_the_same),
        cmocka_unit_test(what_has_not_the_axes_is_refused),
        cmocka_unit_test(foreign_files_are_met_with_care),
        cmocka_unit_test(newer_formats_and_other_shapes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
