/*
 * test_axis.c - ticks: at round values in the range, with numbers that do not touch, on any range.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/figures/axis.h"

/* The named ticks of a script: their names and values. */
typedef struct {
    size_t count;
    char name[64][32];
    double value[64];
    double low, high;
    int logarithmic;
} ticks;

static ticks read_ticks(const jf_panel_axis *axis)
{
    jf_figure figure = {.name = "axis"};
    ticks t = {0};

    jf_axis_set(&figure, axis);
    const char *script = figure.script.text;
    t.logarithmic = strncmp(script, "set logscale", 12) == 0;
    assert_int_equal(sscanf(strstr(script, "range ["), "range [%lf:%lf]", &t.low, &t.high), 2);
    for (const char *at = strstr(script, "tics ("); (at = strchr(at, '\'')) != NULL;) {
        const char *end = strchr(at + 1, '\'');
        assert_non_null(end);
        if (end > at + 1) {
            assert_true(t.count < 64);
            snprintf(t.name[t.count], 32, "%.*s", (int)(end - at - 1), at + 1);
            t.value[t.count++] = strtod(end + 1, NULL);
        }
        at = end + 1;
    }
    jf_figure_clear(&figure);
    return t;
}

static void linear_ticks_are_round(void **state)
{
    const jf_panel_axis axis = {.name = "x", .range = {0.0, 10.0}, .length = 100.0, .tight = 1};
    const ticks t = read_ticks(&axis);

    (void)state;
    assert_int_equal(t.count, 6);
    for (size_t k = 0; k < t.count; k++) {
        assert_within(t.value[k], 2.0 * (double)k, 1e-9);
        assert_within(strtod(t.name[k], NULL), t.value[k], 1e-9);
    }
    assert_true(!t.logarithmic);
}

/* Steps are 1, 2 or 5 times a power of ten, the smallest of which so many fit. */
static void steps_fit(void **state)
{
    (void)state;
    assert_within(jf_axis_step(10.0, 5.0), 2.0, 1e-12);
    assert_within(jf_axis_step(10.0, 4.0), 5.0, 1e-12);
    assert_within(jf_axis_step(1.0, 1.0), 1.0, 1e-12);
    assert_within(jf_axis_step(0.03, 5.0), 0.01, 1e-12);
}

static void ranges_choose_their_scale(void **state)
{
    static const struct {
        jf_axis_kind kind;
        double high;
        int logarithmic;
    } cases[] = {
        {JF_AXIS_LOG, 2.0, 0},    {JF_AXIS_LOG, 3.0, 1},      {JF_AXIS_RATIO, 9.0, 0},
        {JF_AXIS_RATIO, 11.0, 1}, {JF_AXIS_INTEGER, 12.0, 0}, {JF_AXIS_INTEGER, 1024.0, 1},
        {JF_AXIS_LINEAR, 1e6, 0},
    };

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        const jf_panel_axis axis = {
            .name = "x", .kind = cases[k].kind, .range = {1.0, cases[k].high}, .length = 90.0};
        assert_int_equal(read_ticks(&axis).logarithmic, cases[k].logarithmic);
    }
}

/* Any range has a named tick, ticks lie in it, ascending, whose numbers do not touch along x. */
static void any_range_has_numbers_apart(void **state)
{
    (void)state;
    for (int kind = JF_AXIS_LINEAR; kind <= JF_AXIS_INTEGER; kind++) {
        for (double span = 1.01; span < 1e12; span *= 1.7) {
            for (double low = 1e-7; low < 1e8; low *= 13.0) {
                const jf_panel_axis axis = {.name = "x",
                                            .kind = (jf_axis_kind)kind,
                                            .range = {low, low * span},
                                            .length = 84.0};
                const ticks t = read_ticks(&axis);
                assert_true(kind == JF_AXIS_INTEGER || t.count >= 1);
                for (size_t k = 0; k < t.count; k++) {
                    assert_true(t.value[k] >= t.low * (1.0 - 1e-6) - 1e-12);
                    assert_true(t.value[k] <= t.high * (1.0 + 1e-6));
                    assert_true(k == 0 || t.value[k] > t.value[k - 1]);
                }
                assert_true(t.count <= 12);
            }
        }
    }
}

/* No data, one value, zero: a range that is not empty. */
static void poor_ranges_are_ranges(void **state)
{
    static const jf_range ranges[] = {{INFINITY, -INFINITY}, {3.0, 3.0}, {0.0, 0.0}, {-1.0, -1.0}};

    (void)state;
    for (size_t k = 0; k < COUNT(ranges); k++) {
        for (int kind = JF_AXIS_LINEAR; kind <= JF_AXIS_INTEGER; kind++) {
            const jf_panel_axis axis = {
                .name = "y", .kind = (jf_axis_kind)kind, .range = ranges[k], .length = 60.0};
            const ticks t = read_ticks(&axis);
            assert_true(t.low < t.high);
        }
    }
}

static void bare_axes_have_ticks_without_numbers(void **state)
{
    const jf_panel_axis axis = {.name = "x", .range = {0.0, 1.0}, .length = 80.0, .bare = 1};

    (void)state;
    assert_int_equal(read_ticks(&axis).count, 0);
}

/* Of 13 names of which four fit, those at 0, 4, 8 and 12. */
static void names_are_thinned_to_the_last(void **state)
{
    static const char *const names[] = {"0.001", "b", "c", "d",   "e", "f", "g",
                                        "h",     "i", "j", "k`k", "l", "m"};
    jf_figure figure = {.name = "names"};

    (void)state;
    jf_axis_set_names(&figure, "x", names, COUNT(names), 140.0);
    assert_non_null(strstr(figure.script.text, "(\"0.001\" 0, \"e\" 4, \"i\" 8, \"m\" 12)"));
    jf_figure_clear(&figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_ticks_are_round),
        cmocka_unit_test(steps_fit),
        cmocka_unit_test(ranges_choose_their_scale),
        cmocka_unit_test(any_range_has_numbers_apart),
        cmocka_unit_test(poor_ranges_are_ranges),
        cmocka_unit_test(bare_axes_have_ticks_without_numbers),
        cmocka_unit_test(names_are_thinned_to_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
