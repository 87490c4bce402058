/*
 * test_plan.c - the points of a sweep: their order, their labels, and the fingerprint of the whole.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/sweep/plan.h"

static const char text[] = "title: One\n"
                           "sweep:\n"
                           "  objective: [jepa, mae]\n"
                           "  depth: [1, 2, 4]\n"
                           "  init_scale: [0.001, 0.01]\n"
                           "  spectrum: [b, a]\n"
                           "  threshold: [0.5, 0.9]\n"
                           "spectra:\n"
                           "  a: {lambda: 1, rho: [1, 2]}\n"
                           "  b: {lambda: [1, 2, 3], rho: 1}\n"
                           "output: {samples: 10}\n";

static void make(const char *source, const char *set, jf_input *input, jf_plan *plan)
{
    assert_ok(jf_input_read("in", source, strlen(source), &set, set != NULL ? 1 : 0, input));
    assert_ok(jf_plan_init(input, plan));
}

/*
 * Five standard axes and the swept one; the product of the extents, the largest number of features.
 */
static void the_box_has_a_side_for_each_axis(void **state)
{
    static const size_t extent[] = {2, 3, 2, 2, 1, 2};
    static const jf_parameter_id axis[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_INIT_SCALE,
                                           JF_P_SPECTRUM,  JF_P_SEED,  JF_P_THRESHOLD};
    jf_input input;
    jf_plan plan;

    (void)state;
    make(text, NULL, &input, &plan);
    assert_int_equal(plan.axes, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(plan.parameter[i], axis[i]);
        assert_int_equal(plan.extent[i], extent[i]);
    }
    assert_int_equal(plan.points, 48);
    assert_int_equal(plan.features, 3);
    assert_int_equal(plan.samples, 10);
    jf_input_clear(&input);
}

/*
 * Counting like an odometer, the last axis fastest, gives each index its position and its values.
 */
static void points_are_numbered_with_the_last_axis_fastest(void **state)
{
    size_t expected[JF_PARAMETERS] = {0}, position[JF_PARAMETERS];
    jf_input input;
    jf_plan plan;
    jf_point point;

    (void)state;
    make(text, NULL, &input, &plan);
    for (size_t index = 0; index < plan.points; index++) {
        jf_plan_position(&plan, index, position);
        jf_plan_point(&plan, index, &point);
        assert_int_equal(point.index, index);
        for (size_t i = 0; i < plan.axes; i++) {
            const jf_parameter_id id = plan.parameter[i];
            assert_int_equal(position[i], expected[i]);
            assert_true(point.value[id] == input.setting[id].at[expected[i]]);
        }
        assert_ptr_equal(point.spectrum, &input.spectra[(size_t)point.value[JF_P_SPECTRUM]]);
        assert_true(point.value[JF_P_TOLERANCE] == 1e-6);
        for (size_t i = plan.axes; i-- > 0;) {
            if (++expected[i] < plan.extent[i]) {
                break;
            }
            expected[i] = 0;
        }
    }
    jf_input_clear(&input);
}

/* What stands along the axes of the dataset. */
static void labels_are_numbers_and_names(void **state)
{
    char room[64];
    jf_input input;
    jf_plan plan;

    (void)state;
    make(text, NULL, &input, &plan);
    assert_string_equal(jf_plan_label(&plan, 0, 1, room, sizeof room), "mae");
    assert_string_equal(jf_plan_label(&plan, 1, 2, room, sizeof room), "4");
    assert_string_equal(jf_plan_label(&plan, 2, 0, room, sizeof room), "0.001");
    assert_string_equal(jf_plan_label(&plan, 3, 0, room, sizeof room), "b");
    assert_string_equal(jf_plan_label(&plan, 5, 1, room, sizeof room), "0.9");
    jf_input_clear(&input);
}

/* What a point has on the axes that have more than one value; cut off where there is no room. */
static void a_point_has_a_name(void **state)
{
    jf_input input;
    jf_plan plan;
    char room[128];

    (void)state;
    make(text, NULL, &input, &plan);
    jf_plan_name(&plan, plan.points - 1, room, sizeof room);
    assert_non_null(strstr(room, "depth=4 init_scale=0.01 spectrum=a threshold=0.9)"));
    assert_null(strstr(room, "seed"));
    jf_plan_name(&plan, 0, room, 12);
    assert_string_equal(room, "point 0 (ob");
    jf_input_clear(&input);
    make(text, "objective=jepa", &input, &plan);
    jf_plan_name(&plan, 0, room, sizeof room);
    assert_string_equal(room, "point 0 (depth=1 init_scale=0.001 spectrum=b threshold=0.5)");
    jf_input_clear(&input);
}

static const char *digest_of(const char *source, const char *set)
{
    static char digest[2][17];
    static int which;
    jf_input input;
    jf_plan plan;

    which = 1 - which;
    make(source, set, &input, &plan);
    jf_plan_digest(&plan, digest[which]);
    jf_input_clear(&input);
    assert_int_equal(strlen(digest[which]), 16);
    assert_int_equal(strspn(digest[which], "0123456789abcdef"), 16);
    return digest[which];
}

/*
 * Another title, comments, layout, order of keys, an unused spectrum: the same numbers, the same
 * digest.
 */
static void the_digest_does_not_see_how_it_is_written(void **state)
{
    static const char other[] = "# the same\n"
                                "output:\n"
                                "  samples: 1.0e1   # ten\n"
                                "flow: {tolerance: 0.000001}\n"
                                "spectra:\n"
                                "  unused: {lambda: 5, rho: 5}\n"
                                "  b: {rho: 1.0, lambda: {from: 1, to: 3, count: 3}}\n"
                                "  a: {lambda: 1, rho: [1, 2]}\n"
                                "sweep: {threshold: [0.5, 0.9], spectrum: [b, a], seed: 1,\n"
                                "        init_scale: [1.0e-3, 1.0e-2], depth: [1, 2, 4]}\n";

    (void)state;
    assert_string_equal(digest_of(text, NULL), digest_of(text, NULL));
    assert_string_equal(digest_of(text, NULL), digest_of(other, NULL));
    assert_string_equal(digest_of(text, NULL), digest_of(text, "title=Another"));
}

/* Any value that changes a number, an axis or its order changes the digest. */
static void the_digest_sees_every_value(void **state)
{
    static const char *const sets[] = {"objective=jepa",
                                       "objective=[mae, jepa]",
                                       "depth=[1, 2, 5]",
                                       "depth=[1, 2]",
                                       "depth=[2, 1, 4]",
                                       "init_scale=[0.001, 0.0100000000000001]",
                                       "spectrum=[a, b]",
                                       "spectrum=b",
                                       "seed=2",
                                       "seed=[1, 2]",
                                       "model=layers",
                                       "integrator=erk",
                                       "tolerance=1e-7",
                                       "sweep.tolerance=1e-6",
                                       "threshold=[0.5, 0.8]",
                                       "horizon=3",
                                       "rotation=random",
                                       "max_steps=99",
                                       "samples=11",
                                       "spectra.a.rho=[1, 2.0000000000001]",
                                       "spectra.a.lambda=1.5",
                                       "spectra.b.lambda=[1, 3, 2]"};
    char seen[COUNT(sets) + 1][17];

    (void)state;
    strcpy(seen[COUNT(sets)], digest_of(text, NULL));
    for (size_t i = 0; i < COUNT(sets); i++) {
        strcpy(seen[i], digest_of(text, sets[i]));
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(seen[i], seen[k]);
        }
        if (strcmp(seen[i], seen[COUNT(sets)]) == 0) {
            fail_msg("--set %s does not change the digest", sets[i]);
        }
    }
}

/* Where points are solved does not enter: a sweep may be gone on with on another machine. */
static void the_digest_does_not_see_where_points_are_solved(void **state)
{
    static const char *const sets[] = {"ranks_per_point=4", "ranks_per_point=auto",
                                       "group_width=64"};
    char bare[17], seen[17];

    (void)state;
    strcpy(bare, digest_of(text, NULL));
    for (size_t i = 0; i < COUNT(sets); i++) {
        strcpy(seen, digest_of(text, sets[i]));
        assert_string_equal(seen, bare);
    }
}

/* 1024 x 100000 x 3 points are more than 1e8; an input that was read has no such axes. */
static void a_sweep_of_too_many_points_is_refused(void **state)
{
    jf_input input;
    jf_plan plan;

    (void)state;
    assert_ok(jf_input_read("in", text, strlen(text), NULL, 0, &input));
    input.setting[JF_P_DEPTH].count = 1024;
    input.setting[JF_P_SEED].count = 100000;
    assert_refused(jf_plan_init(&input, &plan), JF_ERR_USAGE, "more than 100000000 points");
    jf_input_clear(&input);
}

/* What a file brings is known only after the input was read. */
static void points_that_a_file_makes_too_large_are_refused(void **state)
{
    static const char of_file[] = "sweep: {depth: 1, init_scale: 0.1}\n"
                                  "spectra: {a: {file: many.txt}}\n"
                                  "output: {samples: 100000}\n";
    static double numbers[500];
    jf_input input;
    jf_plan plan;

    (void)state;
    make(of_file, NULL, &input, &plan);
    assert_ok(jf_spectrum_set_features(&input.spectra[0], numbers, numbers, 400));
    assert_ok(jf_plan_init(&input, &plan));
    assert_ok(jf_spectrum_set_features(&input.spectra[0], numbers, numbers, COUNT(numbers)));
    assert_refused(jf_plan_init(&input, &plan), JF_ERR_USAGE,
                   "the sweep: 100000 samples of 500 features are 1.2 GB for each point, expected "
                   "at most 1 GB: fewer samples");
    jf_input_clear(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_box_has_a_side_for_each_axis),
        cmocka_unit_test(points_are_numbered_with_the_last_axis_fastest),
        cmocka_unit_test(labels_are_numbers_and_names),
        cmocka_unit_test(a_point_has_a_name),
        cmocka_unit_test(the_digest_does_not_see_how_it_is_written),
        cmocka_unit_test(the_digest_sees_every_value),
        cmocka_unit_test(the_digest_does_not_see_where_points_are_solved),
        cmocka_unit_test(a_sweep_of_too_many_points_is_refused),
        cmocka_unit_test(points_that_a_file_makes_too_large_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
