/*
 * test_curves.c - one number against depth or init_scale: blocks, holes, limits, too many
 * spectra; with a number whose values are known.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/curves.h"

static const char input[] = "title: A `title`\n"
                            "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [3, 1]\n"
                            "  init_scale: [1.0e-3, 1.0e-1, 1.0e-2]\n"
                            "  spectrum: [a, b, c, d, e]\n"
                            "spectra:\n"
                            "  a: {lambda: 2, rho: 1}\n"
                            "  b: {lambda: 2, rho: 1}\n"
                            "  c: {lambda: 2, rho: 1}\n"
                            "  d: {lambda: 2, rho: 1}\n"
                            "  e: {lambda: 2, rho: 1}\n"
                            "output: {samples: 0}\n";

/* depth + 10 init_scale: 1.01 to 4. */
static jf_status known(const jf_atlas *a, const jf_place *place, size_t depth, double init_scale,
                       double *y)
{
    (void)a;
    (void)place;
    *y = (double)depth + 10.0 * init_scale;
    return JF_OK;
}

/* The same where there is a time. */
static jf_status known_there(const jf_atlas *a, const jf_place *place, double *y)
{
    const double time = jf_survey_time(a->survey, JF_TIME_MEASURED, place, 0);

    *y = isnan(time) ? NAN
                     : a->dataset->axis[JF_P_DEPTH].values[place->depth] +
                           10.0 * a->dataset->axis[JF_P_INIT_SCALE].values[place->init_scale];
    return JF_OK;
}

static void name_nothing(const jf_atlas *a, size_t spectrum, char text[128])
{
    (void)a;
    (void)spectrum;
    text[0] = '\0';
}

static jf_curves make(const jf_atlas *a, jf_parameter_id x)
{
    jf_curves c = {.name = "known",
                   .what = "a known number",
                   .subtitle = "known",
                   .label = "y",
                   .x = x,
                   .lowest = -INFINITY,
                   .reference = NAN,
                   .most_series = JF_ATLAS_SERIES,
                   .exact = known,
                   .measured = known_there,
                   .heading = name_nothing};

    c.rows = jf_atlas_rows(a, NULL);
    return c;
}

/* Panels of four spectra and two objectives, in each two depths, exact and measured. */
static void lines_and_points_are_what_is_known(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    const jf_curves curves = make(&c.atlas, JF_P_INIT_SCALE);
    assert_int_equal(curves.rows.count, 4);
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    for (size_t block = 0; block < 4 * 2 * 2 * 2; block++) {
        const double depth = block / 2 % 2 == 0 ? 1.0 : 3.0;
        const size_t rows = figure_block(&c, "known.dat", block, x, y);
        assert_int_equal(rows, block % 2 == 0 ? 67 : 3);
        for (size_t k = 0; k < rows; k++) {
            assert_true(k == 0 || x[k] > x[k - 1]);
            assert_near(y[k], depth + 10.0 * x[k], 1e-8);
        }
    }
    const char *script = figure_file(&c, "known.gp");
    assert_non_null(strstr(script, "points: measured"));
    assert_non_null(strstr(script, "4 of 5 spectra"));
    assert_null(strstr(script, "no time"));
    assert_non_null(strstr(script, "lines: exact"));
    figure_end(&c);
}

/* Of two seeds, of which the first is drawn, one point each leaves the assumption. */
static void departures_and_other_axes_are_said(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "seed=[8, 9]", 0, 999, &c);
    for (size_t p = 0; p < 2; p++) {
        c.survey.assumption[p] = JF_ASSUMPTION_DEPARTS;
    }
    const jf_curves curves = make(&c.atlas, JF_P_INIT_SCALE);
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    const char *script = figure_file(&c, "known.gp");
    assert_non_null(strstr(script, "lines: closed form,"));
    assert_non_null(strstr(script, "1 of 48"));
    assert_non_null(strstr(script, "seed 8"));
    figure_end(&c);
}

static void depths_are_whole_numbers(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    const jf_curves curves = make(&c.atlas, JF_P_DEPTH);
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    assert_int_equal(figure_block(&c, "known.dat", 0, x, y), 3); /* exact: 1, 2, 3 */
    assert_true(x[0] == 1.0 && x[1] == 2.0 && x[2] == 3.0);
    assert_within(y[2], 3.01, 1e-9);
    assert_int_equal(figure_block(&c, "known.dat", 1, x, y), 2); /* measured: 1 and 3 */
    assert_true(x[0] == 1.0 && x[1] == 3.0);
    figure_end(&c);
}

/* The lowest and the highest depth are at the ends of a line that cannot have them all. */
static void lines_over_many_depths_have_both_ends(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, "depth=[1, 1000]", 0, 0, &c);
    const jf_curves curves = make(&c.atlas, JF_P_DEPTH);
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    const size_t rows = figure_block(&c, "known.dat", 0, x, y);
    assert_true(rows > 200 && rows < 300);
    assert_true(x[0] == 1.0 && x[rows - 1] == 1000.0);
    figure_end(&c);
}

/* Points without a number are counted: of 4 x 2 x 2 x 3 one is there. */
static void holes_are_said(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    const jf_curves curves = make(&c.atlas, JF_P_INIT_SCALE);
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    const char *script = figure_file(&c, "known.gp");
    assert_non_null(strstr(script, "47 of 48"));
    figure_end(&c);
    figure_begin(input, NULL, 0, 0, &c);
    const jf_curves none = make(&c.atlas, JF_P_INIT_SCALE);
    assert_ok(jf_curves_draw(&c.atlas, &none));
    assert_non_null(strstr(figure_file(&c, "known.gp"), "nothing measured"));
    figure_end(&c);
}

/* What lies below the limit is in the data, not in the range, and said. */
static void limits_are_said(void **state)
{
    double x[1000], y[1000], low, high;
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    jf_curves curves = make(&c.atlas, JF_P_DEPTH);
    curves.lowest = 2.0;
    assert_ok(jf_curves_draw(&c.atlas, &curves));
    figure_block(&c, "known.dat", 1, x, y);
    assert_within(y[0], 1.01, 1e-9);
    const char *script = figure_file(&c, "known.gp");
    assert_non_null(strstr(script, "down to 1 not shown"));
    assert_int_equal(sscanf(strstr(script, "set yrange ["), "set yrange [%lf:%lf]", &low, &high),
                     2);
    assert_true(low > 1.5 && low < 2.0);
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_points_are_what_is_known),
        cmocka_unit_test(departures_and_other_axes_are_said),
        cmocka_unit_test(depths_are_whole_numbers),
        cmocka_unit_test(lines_over_many_depths_have_both_ends),
        cmocka_unit_test(holes_are_said),
        cmocka_unit_test(limits_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
