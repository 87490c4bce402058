/*
 * test_html.c - the page: whole, without anything from outside, and texts that stay texts.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/html.h"

static const char input[] = "title: \"<script>alert('x')</script> & \\\"more\\\"\"\n"
                            "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 2]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "spectra:\n"
                            "  a: {lambda: [2, 3], rho: 1}\n"
                            "output: {samples: 0}\n";

static void draw(figure_case *c, unsigned kinds)
{
    const jf_plot_request request = {
        .kinds = kinds, .folder = c->s.folder, .map = {JF_P_INIT_SCALE, JF_P_DEPTH}};

    figure_begin(input, NULL, 0, 999, c);
    assert_ok(jf_html_write(&c->dataset, &request, c->atlas.out));
}

/* "drawn\n", which the stand-in leaves, is ZHJhd24K: twice for each of two figures. */
static void the_page_holds_all(void **state)
{
    unsigned kinds;
    figure_case c;

    (void)state;
    assert_ok(jf_plot_choose("trajectories,scaling,depth", &kinds));
    draw(&c, kinds);
    const char *page = figure_file(&c, "index.html");
    size_t figures = 0;
    for (const char *at = page; (at = strstr(at, "base64,ZHJhd24K\"")) != NULL; at++) {
        figures++;
    }
    assert_int_equal(figures, 4);
    assert_non_null(strstr(page, "<title>&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62; &#38; "
                                 "&#34;more&#34;</title>"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "src=\"http"));
    assert_null(strstr(page, "href="));
    assert_non_null(strstr(page, "name=\"viewport\""));
    assert_non_null(strstr(page, "trajectories: the dataset has no samples"));
    assert_non_null(strstr(page, "<th scope=\"col\"")); /* the report */
    assert_non_null(strstr(page, "<h2>Input</h2>\n<pre tabindex=\"0\">the input</pre>"));
    assert_non_null(strstr(page, "<dt>plan_digest</dt><dd>")); /* provenance */
    assert_non_null(strstr(page, "<p>VALID: 8 of 8 points done"));
    assert_non_null(strstr(page, "</html>"));
    assert_non_null(strstr(figure_said(&c), "/index.html"));
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_holds_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
