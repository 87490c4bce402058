/*
 * test_atlas.c - what figures are made from: sorted axes, names of values, notices.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../support/figure.h"

static const char input[] = "sweep:\n"
                            "  objective: mae\n"
                            "  depth: [3, 1, 2]\n"
                            "  init_scale: [0.00123456, 0.1]\n"
                            "  spectrum: [s, one]\n"
                            "spectra:\n"
                            "  s: {lambda: 2, rho: [0.5, 1]}\n"
                            "  one: {lambda: [1], rho: [0.7]}\n"
                            "  2: {lambda: [1, 2], rho: 1}\n"
                            "  3: {lambda: [1], rho: 1}\n"
                            "  4: {lambda: [1, 2], rho: 1}\n"
                            "  5: {lambda: [1], rho: 1}\n"
                            "output: {samples: 0}\n";

static void axes_are_sorted(void **state)
{
    size_t thin[2];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    const jf_sorted *depths = &c.atlas.axis[JF_P_DEPTH];
    assert_int_equal(depths->count, 3);
    assert_true(depths->value[0] == 1 && depths->value[1] == 2 && depths->value[2] == 0);
    assert_int_equal(jf_atlas_thin(&c.atlas, JF_P_DEPTH, 2, thin), 2);
    assert_true(thin[0] == 1 && thin[1] == 0);
    figure_end(&c);
}

static void exact_times_are_at_the_threshold(void **state)
{
    const jf_feature feature = {JF_MAE, 2, 0.01, 2.0, 0.5}, above = {JF_MAE, 2, 0.9, 2.0, 0.5};
    double expected;
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    assert_int_equal(jf_feature_critical_time(&feature, 0.5, &expected), JF_REACHED);
    assert_within(jf_atlas_exact_time(&c.atlas, &feature), expected, 0.0);
    assert_true(isnan(jf_atlas_exact_time(&c.atlas, &above)));
    figure_end(&c);
}

static void things_have_names(void **state)
{
    char text[128];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    jf_atlas_name(&c.atlas, JF_P_INIT_SCALE, 0, text, sizeof text);
    assert_string_equal(text, "0.00123");
    jf_atlas_name(&c.atlas, JF_P_DEPTH, 0, text, sizeof text);
    assert_string_equal(text, "3");
    jf_atlas_name(&c.atlas, JF_P_SPECTRUM, 1, text, sizeof text);
    assert_string_equal(text, "one");
    jf_atlas_spectrum(&c.atlas, 0, text);
    assert_string_equal(text, " (λ = 2, ρ 0.5 to 1)");
    c.atlas.feature = 1;
    jf_atlas_one_feature(&c.atlas, 0, text);
    assert_string_equal(text, ": feature 1, λ = 2, ρ = 1");
    jf_atlas_one_feature(&c.atlas, 1, text); /* which has one only */
    assert_string_equal(text, ": feature 0, λ = 1, ρ = 0.7");
    figure_end(&c);
}

static int of_one_feature(const jf_traits *traits)
{
    return traits->features == 1;
}

/* Of six spectra four, with the first and the last; of those that are taken all there are. */
static void rows_are_spread_over_what_is_taken(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "spectrum=[one, s, 2, 3, 4, 5]", 0, 1, &c);
    jf_rows rows = jf_atlas_rows(&c.atlas, NULL);
    assert_true(rows.count == 4 && rows.of == 6);
    assert_true(rows.spectrum[0] == 0 && rows.spectrum[1] == 1);
    assert_true(rows.spectrum[2] == 3 && rows.spectrum[3] == 5);
    rows = jf_atlas_rows(&c.atlas, of_one_feature);
    assert_true(rows.count == 3 && rows.of == 3);
    assert_true(rows.spectrum[0] == 0 && rows.spectrum[1] == 3 && rows.spectrum[2] == 5);
    figure_end(&c);
}

/* On axes of several values that are not shown, the first of each. */
static void where_a_figure_stands_is_told(void **state)
{
    static const size_t shown[] = {JF_P_OBJECTIVE, JF_P_SPECTRUM, JF_P_INIT_SCALE};
    jf_string text = {0};
    figure_case c;

    (void)state;
    figure_begin(input, "seed=[7, 4]", 0, 1, &c);
    jf_atlas_add_place(&c.atlas, shown, 3, &text);
    assert_string_equal(text.text, "; depth 3, seed 7");
    jf_string_clear(&text);
    jf_atlas_add_place(&c.atlas, (const size_t[]){JF_P_DEPTH, JF_P_SEED}, 2, &text);
    assert_string_equal(text.text, "; init_scale 0.00123, spectrum s");
    jf_string_clear(&text);
    figure_end(&c);
}

/* Said, and kept. */
static void what_is_made_and_left_out_is_told(void **state)
{
    jf_figure figure = {.name = "made", .width = 10.0, .height = 10.0};
    char expected[512];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    jf_string_add(&figure.script, "plot x\n");
    assert_ok(jf_atlas_finish(&c.atlas, &figure, "something"));
    assert_ok(jf_atlas_leave_out(&c.atlas, "other", "it is empty"));
    snprintf(expected, sizeof expected, "%s/made.png  something\nother: left out, it is empty\n",
             c.s.folder);
    assert_string_equal(figure_said(&c), expected);
    assert_int_equal(c.atlas.notices, 2);
    assert_true(c.atlas.notice[0].drawn && !c.atlas.notice[1].drawn);
    assert_string_equal(c.atlas.notice[0].name, "made");
    assert_string_equal(c.atlas.notice[1].text, "it is empty");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_sorted),
        cmocka_unit_test(exact_times_are_at_the_threshold),
        cmocka_unit_test(things_have_names),
        cmocka_unit_test(rows_are_spread_over_what_is_taken),
        cmocka_unit_test(where_a_figure_stands_is_told),
        cmocka_unit_test(what_is_made_and_left_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
