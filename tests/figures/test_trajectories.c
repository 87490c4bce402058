/*
 * test_trajectories.c - the figures of projections against time: their curves, their choice, their
 * holes.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/trajectories.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [2, 1]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  a: {lambda: 1, rho: [0.5, 1]}\n"
                            "  b: {lambda: 1, rho: 1}\n"
                            "output: {samples: 20}\n";

/*
 * A curve for each feature: from init_scale over plateau at t = 0, through its critical time at the
 * threshold, to 1; and the exact times, at the smallest init_scale.
 */
static void curves_pass_through_their_critical_times(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    const size_t rows = figure_block(&c, "trajectories-depth2.dat", 0, x, y);
    assert_true(rows > 30 && rows <= 2 * (1 + 20 + 1) + 1); /* two curves and what parts them */
    for (size_t f = 0, row = 0; f < 2; f++, row++) {
        const jf_feature feature = {JF_JEPA, 2, 1e-3, 1.0, f == 0 ? 0.5 : 1.0};
        double time;
        int crossed = 0;
        assert_int_equal(jf_feature_critical_time(&feature, 0.5, &time), JF_REACHED);
        assert_within(x[row], 0.0, 0.0);
        assert_near(y[row], 1e-3 / jf_feature_plateau(&feature), 1e-5);
        for (row++; row < rows && !isnan(x[row]); row++) {
            assert_true(x[row] > x[row - 1]);
            crossed += fabs(x[row] / time - 1.0) < 1e-7 && y[row] == 0.5;
        }
        assert_int_equal(crossed, 1);
        assert_true(y[row - 1] > 0.5 && y[row - 1] <= 1.0);
    }
    assert_int_equal(figure_block(&c, "trajectories-depth2.dat", 1, x, y), 2);
    assert_true(y[0] == 0.5 && y[1] == 0.5 && x[0] > x[1]);
    assert_non_null(strstr(figure_said(&c), "trajectories-depth1.png"));
    figure_end(&c);
}

/* Half the panels are done at 1e-2, none at 1e-3: the others say so. */
static void what_is_not_done_is_said(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 2, &c); /* jepa, depth 2, init_scale 1e-2, both spectra */
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_non_null(
        strstr(figure_said(&c), "trajectories-depth1: left out, no trajectory of this"));
    const char *script = figure_file(&c, "trajectories-depth2.gp");
    assert_non_null(strstr(script, "init_scale 0.01;"));
    assert_non_null(strstr(script, "'not done'"));
    assert_non_null(strstr(script, "2 of 4"));
    figure_end(&c);
}

/* Circles are exact times but where a panel's point leaves the assumption: then it is said. */
static void circles_say_what_they_are(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "seed=[8, 9]", 0, 999, &c);
    for (size_t p = 0; p < c.dataset.points / 4; p++) { /* jepa, depth 2 */
        c.survey.assumption[p] = JF_ASSUMPTION_DEPARTS;
    }
    assert_ok(jf_trajectories_draw(&c.atlas));
    const char *script = figure_file(&c, "trajectories-depth2.gp");
    assert_non_null(strstr(script, "circles: closed form,"));
    assert_non_null(strstr(script, "2 of 4 panels"));
    assert_non_null(strstr(script, "seed 8"));
    assert_non_null(strstr(figure_file(&c, "trajectories-depth1.gp"), "circles: exact"));
    figure_end(&c);
}

/* Raw: the same curves times their plateaus, rho^L. */
static void raw_curves_end_at_their_plateaus(void **state)
{
    double x[1000], y[1000], raw[1000];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    const size_t rows = figure_block(&c, "trajectories-depth2.dat", 0, x, y);
    assert_int_equal(figure_block(&c, "trajectories-raw-depth2.dat", 0, x, raw), rows);
    for (size_t k = 0, feature = 0; k < rows; k++) {
        if (isnan(y[k])) {
            feature++;
        } else {
            assert_near(raw[k], y[k] * (feature == 0 ? 0.25 : 1.0), 2e-5);
        }
    }
    figure_end(&c);
}

/* Samples that the picture cannot show are no lines of it: 2000 of them, hardly more than 100. */
static void dense_samples_are_thinned(void **state)
{
    double x[1000], y[1000];
    figure_case c;

    (void)state;
    figure_begin(input, "samples=2000", 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    const size_t rows = figure_block(&c, "trajectories-depth1.dat", 0, x, y);
    assert_true(rows > 60 && rows < 500);
    figure_end(&c);
}

/* gnuplot 5.4 ends where a spline is left without a sample: of few samples there is none. */
static void few_samples_are_not_smoothed(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "samples=1", 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_null(strstr(figure_file(&c, "trajectories-depth2.gp"), "mcsplines"));
    figure_end(&c);
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_non_null(strstr(figure_file(&c, "trajectories-depth2.gp"), "mcsplines"));
    figure_end(&c);
}

/* Features that start above their thresholds have no critical time, but a trajectory. */
static void without_critical_times_there_are_curves(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    for (size_t k = 0; k < c.dataset.points * c.dataset.features; k++) {
        c.survey.time[JF_TIME_MEASURED][k] = NAN;
    }
    c.survey.measured = 0;
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_non_null(strstr(figure_said(&c), "trajectories-depth1.png"));
    figure_end(&c);
    figure_begin(input, "model=theory", 0, 0, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_string_equal(figure_said(&c), "trajectories: left out, no point has been integrated\n");
    figure_end(&c);
}

/* Colours are those of features that have a curve: of rho above 0. */
static void colours_are_of_what_is_drawn(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    c.survey.rho[0] = -0.5;
    assert_ok(jf_trajectories_draw(&c.atlas));
    const char *script = figure_file(&c, "trajectories-depth2.gp");
    assert_non_null(strstr(script, "set cbrange [1:"));
    assert_null(strstr(script, "set cbrange [-"));
    figure_end(&c);
}

static void of_many_depths_the_extremes_are_drawn(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "depth=[5, 4, 3, 2, 1, 6, 7, 8, 9]", 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_string_not_equal(figure_file(&c, "trajectories-depth1.gp"), "");
    assert_string_not_equal(figure_file(&c, "trajectories-depth9.gp"), "");
    assert_string_equal(figure_file(&c, "trajectories-depth2.gp"), "");
    assert_non_null(strstr(figure_file(&c, "trajectories-depth9.gp"), "2 of 9"));
    figure_end(&c);
}

static void without_samples_there_is_no_figure(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, "samples=0", 0, 999, &c);
    assert_ok(jf_trajectories_draw(&c.atlas));
    assert_non_null(strstr(figure_said(&c), "trajectories: left out"));
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_pass_through_their_critical_times),
        cmocka_unit_test(raw_curves_end_at_their_plateaus),
        cmocka_unit_test(circles_say_what_they_are),
        cmocka_unit_test(dense_samples_are_thinned),
        cmocka_unit_test(few_samples_are_not_smoothed),
        cmocka_unit_test(without_critical_times_there_are_curves),
        cmocka_unit_test(colours_are_of_what_is_drawn),
        cmocka_unit_test(what_is_not_done_is_said),
        cmocka_unit_test(of_many_depths_the_extremes_are_drawn),
        cmocka_unit_test(without_samples_there_is_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
