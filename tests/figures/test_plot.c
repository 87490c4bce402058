/*
 * test_plot.c - all figures of a dataset, by gnuplot itself where it is installed, in each format.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../support/figure.h"
#include "jepaflow/figures/plot.h"

static const char input[] = "title: \"It's `all` of {it} 100%\"\n"
                            "sweep:\n"
                            "  depth: [1, 2]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  rho_varies: {lambda: 1, rho: [0.5, 1]}\n"
                            "  wide: {lambda: [0.01, 1], rho: [1, 0.9]}\n"
                            "  one: {lambda: 1, rho: 1}\n"
                            "output: {samples: 20}\n";

static const char *const names[] = {"trajectories-depth1",
                                    "trajectories-raw-depth2",
                                    "scaling",
                                    "depth",
                                    "amplification",
                                    "order",
                                    "greedy",
                                    "agreement",
                                    "heatmap"};

static const unsigned usual = (1u << (JF_PLOT_KINDS - 1)) - 1; /* all but the last, ranks */
static const unsigned ranks = 1u << (JF_PLOT_KINDS - 1);

static jf_status draw_into(figure_case *c, unsigned kinds, const char *folder,
                           jf_plot_format format)
{
    const jf_plot_request request = {
        .kinds = kinds, .folder = folder, .format = format, .map = {JF_P_INIT_SCALE, JF_P_DEPTH}};

    return jf_plot_all(&c->dataset, &request, c->atlas.out);
}

/* All figures of the points first ... last-1 are there, told, and of their kind. */
static void draw_all(size_t first, size_t last, jf_plot_format format, const char *magic)
{
    char folder[192], file[256];
    figure_case c;

    figure_begin(input, NULL, first, last, &c);
    assert_int_equal(unsetenv("JEPAFLOW_GNUPLOT"), 0);
    snprintf(folder, sizeof folder, "%s/new/figures", c.s.folder);
    assert_ok(draw_into(&c, usual, folder, format));
    for (size_t k = 0; k < COUNT(names); k++) {
        snprintf(file, sizeof file, "new/figures/%s.%s", names[k], jf_plot_format_names()[format]);
        assert_memory_equal(figure_file(&c, file), magic, strlen(magic));
        assert_non_null(strstr(figure_said(&c), names[k]));
    }
    figure_end(&c);
}

static void gnuplot_draws_each_format(void **state)
{
    (void)state;
    if (system("command -v gnuplot >/dev/null") != 0) {
        skip();
    }
    draw_all(0, 999, JF_PLOT_PNG, "\x89PNG");
    draw_all(0, 999, JF_PLOT_PDF, "%PDF-");
    draw_all(0, 999, JF_PLOT_SVG, "<?xml");
}

static void gnuplot_draws_what_is_done(void **state)
{
    (void)state;
    if (system("command -v gnuplot >/dev/null") != 0) {
        skip();
    }
    draw_all(1, 9, JF_PLOT_SVG, "<?xml");
}

/*
 * Trajectories without a critical time whose samples are all outside of the part of time that is
 * shown (the rise of MAE in the closed form): gnuplot 5.4 does not survive a spline without points.
 */
static void gnuplot_draws_what_it_cannot_show(void **state)
{
    static const char mae[] = "sweep: {objective: mae, depth: 2, init_scale: 1.0e-3}\n"
                              "spectra: {a: {lambda: 1, rho: [0.9, 1]}}\n"
                              "output: {samples: 2}\n";
    jf_plot_request request = {.kinds = 1, .format = JF_PLOT_SVG}; /* trajectories */
    jf_atlas atlas;
    figure_case c;

    (void)state;
    if (system("command -v gnuplot >/dev/null") != 0) {
        skip();
    }
    figure_begin(mae, NULL, 0, 999, &c);
    assert_int_equal(unsetenv("JEPAFLOW_GNUPLOT"), 0);
    c.survey.time[JF_TIME_MEASURED][0] = c.survey.time[JF_TIME_MEASURED][1] = NAN;
    request.folder = c.s.folder;
    assert_ok(jf_plot_begin(&c.survey, &request, NULL, &atlas));
    assert_ok(jf_plot_draw(&atlas, request.kinds));
    assert_memory_equal(figure_file(&c, "trajectories-depth2.svg"), "<?xml", 5);
    jf_atlas_clear(&atlas);
    figure_end(&c);
}

/* In a folder that exists, and not where a file is in the way. */
static void folders_are_made_or_named(void **state)
{
    char path[256];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(draw_into(&c, usual, c.s.folder, JF_PLOT_PDF));
    assert_string_equal(figure_file(&c, "scaling.pdf"), "drawn\n");
    assert_refused(draw_into(&c, usual, c.s.path, JF_PLOT_PDF), JF_ERR_FILE,
                   "out.nc: cannot make this folder: a file has this name");
    snprintf(path, sizeof path, "%s/below", c.s.path);
    assert_refused(draw_into(&c, usual, path, JF_PLOT_PDF), JF_ERR_FILE,
                   "below: cannot make this folder");
    figure_end(&c);
}

/* Without gnuplot the first figure says so, and no more is tried. */
static void without_gnuplot_it_says_so_once(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_int_equal(setenv("JEPAFLOW_GNUPLOT", "/nowhere/gnuplot", 1), 0);
    assert_refused(draw_into(&c, usual, c.s.folder, JF_PLOT_PNG), JF_ERR_EXTERNAL, "gnuplot-nox");
    assert_string_equal(figure_said(&c), "");
    figure_end(&c);
}

/* Names in any order; none is all but ranks; a wrong one is told with the nearest and all. */
static void kinds_are_chosen_by_name(void **state)
{
    static const char *const wrong[] = {"", "rank", "scaling,", ",scaling", "scaling ranks"};
    unsigned choice;

    (void)state;
    assert_ok(jf_plot_choose(NULL, &choice));
    assert_int_equal(choice, usual);
    assert_ok(jf_plot_choose("ranks", &choice));
    assert_int_equal(choice, ranks);
    assert_ok(jf_plot_choose("ranks,scaling,ranks", &choice));
    assert_int_equal(choice, ranks + 2);
    for (size_t k = 0; k < COUNT(wrong); k++) {
        assert_refused(jf_plot_choose(wrong[k], &choice), JF_ERR_USAGE,
                       "expected trajectories, scaling, depth, amplification, order, greedy, "
                       "agreement, heatmap or ranks");
    }
    assert_refused(jf_plot_choose("scaling,rank", &choice), JF_ERR_USAGE,
                   "'rank' is no kind of figure; did you mean 'ranks'?");
}

static void only_what_is_chosen_is_drawn(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    assert_ok(draw_into(&c, 2, c.s.folder, JF_PLOT_PNG));
    assert_non_null(strstr(figure_said(&c), "scaling.png"));
    assert_null(strstr(figure_said(&c), "amplification"));
    assert_null(strstr(figure_said(&c), "trajectories"));
    figure_end(&c);
}

/* The heatmap's axes are those of the dataset, and the features. */
static void axes_are_found_by_name(void **state)
{
    size_t axis;
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 1, &c);
    assert_ok(jf_plot_axis(&c.dataset, "depth", &axis));
    assert_int_equal(axis, JF_P_DEPTH);
    assert_ok(jf_plot_axis(&c.dataset, "feature", &axis));
    assert_int_equal(axis, c.dataset.axes);
    assert_refused(jf_plot_axis(&c.dataset, "dept", &axis), JF_ERR_USAGE,
                   "'dept' is no axis of this dataset; did you mean 'depth'?");
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gnuplot_draws_each_format),
        cmocka_unit_test(gnuplot_draws_what_is_done),
        cmocka_unit_test(gnuplot_draws_what_it_cannot_show),
        cmocka_unit_test(folders_are_made_or_named),
        cmocka_unit_test(without_gnuplot_it_says_so_once),
        cmocka_unit_test(kinds_are_chosen_by_name),
        cmocka_unit_test(only_what_is_chosen_is_drawn),
        cmocka_unit_test(axes_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
