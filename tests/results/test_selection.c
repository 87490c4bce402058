/*
 * test_selection.c - values of axes chosen by a text, and the dataset that is left of them.
 */
#include "../support/check.h"

#include <stdlib.h>

#include "../support/sweep.h"
#include "jepaflow/results/selection.h"

/* Values out of order; a further axis after seed. */
static const char input[] = "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: [4, 1, 2, 3]\n"
                            "  init_scale: {from: 1.0e-4, to: 1.0e-1, count: 7, spacing: log}\n"
                            "  spectrum: [a, long, long_one]\n"
                            "  seed: [1000, 1001, 1002]\n"
                            "  tolerance: [1.0e-6, 1.0e-5]\n"
                            "spectra:\n"
                            "  a: {lambda: 2, rho: 1.0}\n"
                            "  long: {lambda: 1, rho: [1.0, 0.5]}\n"
                            "  long_one: {lambda: 3, rho: [1.0, 0.8, 0.2]}\n"
                            "output: {samples: 0}\n";

static sweep the_sweep;

/* Values that are words, held as infinite: of an axis of whole numbers, and of one of real ones. */
static const char words[] = "sweep:\n"
                            "  depth: 1\n"
                            "  init_scale: 1.0e-3\n"
                            "  width: [2, full]\n"
                            "  ema_rate: [infinite, 10, 100]\n"
                            "spectra: {a: {lambda: 1.0, rho: [1.0, 0.5]}}\n"
                            "output: {samples: 0}\n";

static int begin(void **state)
{
    (void)state;
    sweep_begin(input, NULL, &the_sweep);
    sweep_write(&the_sweep, 0, the_sweep.plan.points, 1.0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sweep_end(&the_sweep);
    return 0;
}

/* What is chosen of an axis, as digits: "0110"; "all". */
static void assert_chosen_of(const sweep *s, const char *text, jf_parameter_id parameter,
                             const char *expected)
{
    char found[16] = "all";
    jf_selection selection;
    jf_dataset d;

    assert_ok(jf_dataset_open(s->path, &d));
    assert_ok(jf_selection_parse(text, &d, &selection));
    const size_t a = jf_dataset_axis(&d, parameter);
    for (size_t k = 0; selection.chosen[a] != NULL && k < d.axis[a].extent; k++) {
        found[k] = selection.chosen[a][k] ? '1' : '0';
        found[k + 1] = '\0';
    }
    assert_string_equal(found, expected);
    jf_selection_clear(&selection);
    jf_dataset_close(&d);
}

static void assert_chosen(const char *text, jf_parameter_id parameter, const char *expected)
{
    assert_chosen_of(&the_sweep, text, parameter, expected);
}

static void values_lists_and_ranges(void **state)
{
    (void)state;
    assert_chosen("objective=jepa", JF_P_OBJECTIVE, "01");
    assert_chosen("objective=jepa", JF_P_DEPTH, "all");
    assert_chosen("depth=2:4", JF_P_DEPTH, "1011");
    assert_chosen("depth=:2", JF_P_DEPTH, "0110");
    assert_chosen("depth=3:", JF_P_DEPTH, "1001");
    assert_chosen("depth=1,3,objective=mae", JF_P_DEPTH, "0101");
    assert_chosen("depth=1,objective=mae,depth=4", JF_P_DEPTH, "1100");
    assert_chosen("tolerance=1e-5", JF_P_TOLERANCE, "01");
}

/* 1e-4, 3.162e-4, 1e-3 ...: four digits are enough, of real numbers only. */
static void numbers_are_found_by_four_digits(void **state)
{
    (void)state;
    assert_chosen("init_scale=0.0003162", JF_P_INIT_SCALE, "0100000");
    assert_chosen("init_scale=3.162e-4:3.162e-3", JF_P_INIT_SCALE, "0111000");
    assert_chosen("seed=1001", JF_P_SEED, "010");
}

/* Of labels that begin alike, the one that is named. */
static void labels_are_whole(void **state)
{
    (void)state;
    assert_chosen("spectrum=long", JF_P_SPECTRUM, "010");
    assert_chosen("spectrum=long_one,a,depth=1", JF_P_SPECTRUM, "101");
}

/* By their name, and in a range that has no end, but in no other. */
static void words_are_values_too(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(words, NULL, &s);
    sweep_write(&s, 0, s.plan.points, 1.0);
    assert_chosen_of(&s, "width=full", JF_P_WIDTH, "01");
    assert_chosen_of(&s, "width=1:", JF_P_WIDTH, "11");
    assert_chosen_of(&s, "width=1:9", JF_P_WIDTH, "10");
    assert_chosen_of(&s, "ema_rate=infinite,10", JF_P_EMA_RATE, "110");
    assert_chosen_of(&s, "ema_rate=5:200", JF_P_EMA_RATE, "011");
    assert_chosen_of(&s, "ema_rate=50:", JF_P_EMA_RATE, "101");
    sweep_end(&s);
}

static void assert_text_refused(const char *text, const char *message)
{
    jf_dataset d;

    assert_ok(jf_dataset_open(the_sweep.path, &d));
    const size_t points = d.points;
    assert_refused(jf_selection_apply(text, &d), JF_ERR_USAGE, message);
    assert_int_equal(d.points, points);
    jf_dataset_close(&d);
}

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    assert_text_refused("depht=3", "no axis is called 'depht'; did you mean 'depth'?");
    assert_text_refused("colour=red", "no axis is called 'colour'; they are objective, depth, ");
    assert_text_refused("depth=1,threshold=0.5", "no axis is called 'threshold'");
    assert_text_refused("spectrum=long_on", "no spectrum is 'long_on'; did you mean 'long_one'?");
    assert_text_refused("objective=0", "no objective is '0'; there is mae, jepa");
    assert_text_refused("depth=7", "no depth is '7'; there is 4, 1, 2, 3");
    assert_text_refused("depth=5:9", "no depth is '5:9'");
    assert_text_refused("depth=3:2", "no depth is '3:2'");
    assert_text_refused("depth=2x", "no depth is '2x'");
    assert_text_refused("depth=", "no depth is ''");
    assert_text_refused("depth=1,", "no depth is ''");
    assert_text_refused("seed=1000.2", "no seed is '1000.2'");
    assert_text_refused("", "'' names no axis, expected AXIS=VALUE");
    assert_text_refused("depth", "'depth' names no axis, expected AXIS=VALUE");
}

/* Each point that is left is the one of its labels in the whole dataset, in every variable. */
static void what_is_left_is_a_smaller_dataset(void **state)
{
    size_t small[JF_PARAMETERS], large[JF_PARAMETERS];
    double *all, *some, part[3];
    jf_dataset d, whole;

    (void)state;
    assert_ok(jf_dataset_open(the_sweep.path, &whole));
    assert_ok(jf_dataset_read(&whole, "critical_time_theory", &all));
    assert_ok(jf_dataset_open(the_sweep.path, &d));
    assert_ok(jf_selection_apply("objective=jepa,depth=1,3,init_scale=1e-3:,spectrum=long_one,"
                                 "a,tolerance=1e-5",
                                 &d));
    assert_int_equal(d.points, 1 * 2 * 5 * 2 * 3 * 1);
    assert_int_equal(d.axis[JF_P_DEPTH].extent, 2);
    assert_string_equal(d.axis[JF_P_DEPTH].labels[0], "1");
    assert_string_equal(d.axis[JF_P_SPECTRUM].labels[1], "long_one");
    assert_within(d.lambda[3], 3.0, 0.0);
    assert_within(d.rho[5], 0.2, 0.0);
    assert_ok(jf_dataset_read(&d, "critical_time_theory", &some));
    for (size_t p = 0; p < d.points; p++) {
        static const size_t depths[] = {1, 3}, spectra[] = {0, 2};
        jf_dataset_position(&d, p, small);
        large[0] = 1;
        large[1] = depths[small[1]];
        large[2] = 2 + small[2];
        large[3] = spectra[small[3]];
        large[4] = small[4];
        large[5] = 1;
        const double *expected = all + jf_dataset_index(&whole, large) * 3;
        assert_memory_equal(some + p * 3, expected, 3 * sizeof *some);
        assert_ok(jf_dataset_read_point(&d, "critical_time_theory", p, part));
        assert_memory_equal(part, expected, sizeof part);
    }
    free(some);
    free(all);
    jf_dataset_close(&d);
    jf_dataset_close(&whole);
}

static void no_text_keeps_all(void **state)
{
    jf_dataset d;

    (void)state;
    assert_ok(jf_dataset_open(the_sweep.path, &d));
    assert_ok(jf_selection_apply(NULL, &d));
    assert_int_equal(d.points, the_sweep.plan.points);
    jf_dataset_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lists_and_ranges),
        cmocka_unit_test(numbers_are_found_by_four_digits),
        cmocka_unit_test(labels_are_whole),
        cmocka_unit_test(words_are_values_too),
        cmocka_unit_test(what_is_not_there_is_refused),
        cmocka_unit_test(what_is_left_is_a_smaller_dataset),
        cmocka_unit_test(no_text_keeps_all),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
