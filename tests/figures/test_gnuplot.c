/*
 * test_gnuplot.c - a figure's files, gnuplot's failures, and texts that must stay texts.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/figure.h"
#include "jepaflow/figures/gnuplot.h"

static const char input[] = "sweep: {objective: mae, depth: 1, init_scale: 0.1}\n"
                            "spectra: {s: {lambda: 1, rho: 1}}\n";

static const char *read_in(const sweep *s, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    return sweep_read_file(path);
}

static int is_there(const sweep *s, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    return access(path, F_OK) == 0;
}

static void a_quoted_text_is_data(void **state)
{
    static const struct {
        const char *text;
        size_t most;
        const char *expected;
    } cases[] = {
        {"plain", 99, "\"plain\""},
        {"it's", 99, "\"it's\""},
        {"\"; system 'rm", 99, "\"\\042; system 'rm\""},
        {"`date` @m $x \\n %d", 99, "\"\\140date\\140 \\100m $x \\134n %d\""},
        {"a\nb\tc\x1b[0m\x7f", 99, "\"abc[0m\""},
        {"ρ and λ", 3, "\"ρ a…\""},
        {"ρ", 1, "\"ρ\""},
        {"", 9, "\"\""},
    };

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        jf_string script = {0};
        jf_gnuplot_quote(&script, cases[k].text, cases[k].most);
        assert_string_equal(script.text, cases[k].expected);
        jf_string_clear(&script);
    }
}

static void make(jf_figure *figure)
{
    *figure = (jf_figure){.name = "name", .width = 100.0, .height = 50.0};
    assert_int_equal(jf_figure_begin(figure, "first %d\nsystem 'date'", 1), 0);
    jf_string_add(&figure->data, "1 2\n");
    assert_int_equal(jf_figure_begin(figure, "second"), 1);
    jf_string_add(&figure->data, "3 4\n");
    jf_string_add(&figure->script, "plot 'name.dat'\n");
}

/* Data, script and figure; the script runs in the folder; no other file is left. */
static void a_figure_leaves_three_files(void **state)
{
    jf_figure figure;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(&figure);
    figure_stand_in(s.folder, "eval \"$2\"; pwd >\"$figure\"; echo \"$3\" >>\"$figure\"");
    assert_ok(jf_figure_draw(&figure, s.folder, JF_PLOT_SVG));
    assert_string_equal(read_in(&s, "name.dat"),
                        "# first 1?system 'date'\n1 2\n\n\n# second\n3 4\n");
    assert_non_null(strstr(read_in(&s, "name.svg"), "jepaflow-"));
    assert_non_null(strstr(read_in(&s, "name.svg"), "name.gp\n"));
    const char *script = read_in(&s, "name.gp");
    assert_non_null(strstr(script, "\nset terminal svg"));
    assert_non_null(strstr(script, "\n# set terminal pngcairo"));
    assert_non_null(strstr(script, "figure = 'name.svg'"));
    assert_non_null(strstr(script, "plot 'name.dat'\nunset output\n"));
    assert_false(is_there(&s, ".name.svg.new") || is_there(&s, ".name.dat.new"));
    jf_figure_clear(&figure);
    assert_null(figure.data.text);
    sweep_end(&s);
}

/* The message of a gnuplot that fails is passed on, and its half figure removed. */
static void a_failing_gnuplot_is_heard(void **state)
{
    jf_figure figure;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(&figure);
    figure_stand_in(s.folder,
                    "eval \"$2\"; echo half >\"$figure\"; echo 'no such font' >&2; exit 1");
    assert_refused(jf_figure_draw(&figure, s.folder, JF_PLOT_PNG), JF_ERR_EXTERNAL, "no such font");
    assert_false(is_there(&s, ".name.png.new") || is_there(&s, "name.png"));
    jf_figure_clear(&figure);
    sweep_end(&s);
}

static void a_missing_gnuplot_is_named_with_its_package(void **state)
{
    jf_figure figure;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    make(&figure);
    assert_int_equal(setenv("JEPAFLOW_GNUPLOT", "/nowhere/gnuplot", 1), 0);
    assert_refused(jf_figure_draw(&figure, s.folder, JF_PLOT_PNG), JF_ERR_EXTERNAL,
                   "/nowhere/gnuplot: cannot be run; install gnuplot (Debian: gnuplot-nox)");
    jf_figure_clear(&figure);
    sweep_end(&s);
}

static void a_folder_that_is_missing_is_named(void **state)
{
    jf_figure figure;

    (void)state;
    make(&figure);
    assert_refused(jf_figure_draw(&figure, "/nowhere", JF_PLOT_PNG), JF_ERR_FILE,
                   "/nowhere/name.dat: cannot create it");
    jf_figure_clear(&figure);
}

/* What the real program makes of a text is the text, to the letter: it runs nothing. */
static void gnuplot_itself_runs_no_text(void **state)
{
    static const char *const texts[] = {
        "`touch ran`",
        "'''.system('touch ran').'''",
        "\".system(\"touch ran\").\"",
        "@x $y %d 100%",
        "{/:Bold x_1^2}",
        "\\042 \\n \\\\",
        "'",
        "\"",
    };
    sweep s;

    (void)state;
    assert_int_equal(unsetenv("JEPAFLOW_GNUPLOT"), 0);
    if (system("command -v gnuplot >/dev/null") != 0) {
        skip();
    }
    sweep_begin(input, NULL, &s);
    for (size_t k = 0; k < COUNT(texts); k++) {
        jf_figure figure = {.name = "evil", .width = 300.0, .height = 200.0};
        char expected[128];
        jf_string_add(&figure.script, "set print 'said'\nprint ");
        jf_gnuplot_quote(&figure.script, texts[k], 99);
        jf_string_add(&figure.script, "\nset label 1 ");
        jf_gnuplot_quote(&figure.script, texts[k], 99);
        jf_string_add(&figure.script, " at screen 0.5, screen 0.5 center noenhanced\nplot x\n");
        assert_ok(jf_figure_draw(&figure, s.folder, JF_PLOT_SVG));
        assert_false(is_there(&s, "ran"));
        snprintf(expected, sizeof expected, "%s\n", texts[k]);
        assert_string_equal(read_in(&s, "said"), expected);
        jf_figure_clear(&figure);
    }
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quoted_text_is_data),
        cmocka_unit_test(a_figure_leaves_three_files),
        cmocka_unit_test(a_failing_gnuplot_is_heard),
        cmocka_unit_test(a_missing_gnuplot_is_named_with_its_package),
        cmocka_unit_test(a_folder_that_is_missing_is_named),
        cmocka_unit_test(gnuplot_itself_runs_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
