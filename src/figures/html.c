#include "jepaflow/figures/html.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/report.h"

enum { LARGEST_FIGURE = 64 << 20, TRAJECTORIES = 2 };

static const char style[] =
    ":root { color-scheme: light dark; --ground: #ffffff; --ink: #202020; --soft: #505050;\n"
    "  --line: #dcdcdc; --box: #f6f6f4; }\n"
    "@media screen and (prefers-color-scheme: dark) { :root { --ground: #16181d; --ink: #e8e8e8;\n"
    "  --soft: #b4b4b4; --line: #3a3d44; --box: #1e2127; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--ground);\n"
    "  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }\n"
    "h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }\n"
    "h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }\n"
    "p, li, dd, figcaption { color: var(--soft); }\n"
    ".figures { display: grid; gap: 1rem;\n"
    "  grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); }\n"
    "figure { margin: 0; border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem;\n"
    "  background: var(--ground); }\n"
    "figure img { display: block; width: 100%; height: auto; }\n"
    "figcaption { font-size: 0.875rem; margin-top: 0.25rem; }\n"
    "pre { overflow-x: auto; max-width: 100%; margin: 0; padding: 0.75rem;\n"
    "  background: var(--box); border: 1px solid var(--line); border-radius: 4px;\n"
    "  font: 0.8125rem/1.45 ui-monospace, monospace; overflow-wrap: normal; }\n"
    "dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem; }\n"
    "dt { font-weight: 600; } dd { margin: 0; }\n"
    "@media (max-width: 30rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; }\n"
    "  dd { margin-bottom: 0.5rem; } }\n"
    "@media print { :root { color-scheme: light; } body { max-width: none; padding: 0;\n"
    "  font-size: 9pt; } h2 { break-after: avoid; } figure { break-inside: avoid; }\n"
    "  .figures { grid-template-columns: 1fr 1fr; }\n"
    "  pre { white-space: pre-wrap; font-size: 6.5pt; } }\n";

/* ---- text ---- */

void jf_html_text(jf_string *page, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') {
            jf_string_add(page, "&#%u;", (unsigned)c);
        } else if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t') {
            jf_string_add(page, "%c", *text);
        }
    }
}

/* RFC 4648. */
static void add_base64(jf_string *page, const char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t k = 0; k < size; k += 3) {
        const size_t there = size - k < 3 ? size - k : 3;
        unsigned group = 0;
        char four[5] = "====";
        for (size_t j = 0; j < 3; j++) {
            group = group << 8 | (j < there ? (unsigned char)bytes[k + j] : 0u);
        }
        for (size_t j = 0; j <= there; j++) {
            four[j] = digits[group >> (18 - 6 * j) & 63u];
        }
        jf_string_add(page, "%s", four);
    }
}

/* ---- figures ---- */

static jf_status add_picture(jf_string *page, const char *folder, const char *name)
{
    jf_string path = {0};
    char *text = NULL;
    size_t size = 0;

    jf_string_add(&path, "%s/%s.svg", folder, name);
    jf_status status = jf_string_check(&path);
    if (status == JF_OK) {
        status = jf_text_read_file(path.text, LARGEST_FIGURE, &text, &size);
    }
    if (status == JF_OK) {
        jf_string_add(page, "data:image/svg+xml;base64,");
        add_base64(page, text, size);
    }
    free(text);
    jf_string_clear(&path);
    return status;
}

/* The dark one first: a browser takes the first source that fits. */
static jf_status add_figure(jf_string *page, const char *light, const char *dark,
                            const jf_notice *n)
{
    jf_string_add(page,
                  "<figure><picture><source media=\"screen and (prefers-color-scheme: dark)\" "
                  "srcset=\"");
    JF_TRY(add_picture(page, dark, n->name));
    jf_string_add(page, "\"><img src=\"");
    JF_TRY(add_picture(page, light, n->name));
    jf_string_add(page, "\" alt=\"");
    jf_html_text(page, n->text);
    jf_string_add(page, "\"></picture><figcaption><b>");
    jf_html_text(page, n->name);
    jf_string_add(page, "</b> ");
    jf_html_text(page, n->text);
    jf_string_add(page, "</figcaption></figure>\n");
    return JF_OK;
}

static jf_status add_figures(jf_string *page, const jf_atlas *light, const jf_atlas *dark)
{
    size_t left_out = 0;

    jf_string_add(page, "<h2>Figures</h2>\n<div class=\"figures\">\n");
    for (size_t k = 0; k < light->notices; k++) {
        if (light->notice[k].drawn) {
            JF_TRY(add_figure(page, light->folder, dark->folder, &light->notice[k]));
        }
    }
    jf_string_add(page, "</div>\n");
    for (size_t k = 0; k < light->notices; k++) {
        if (!light->notice[k].drawn) {
            jf_string_add(page, left_out++ == 0 ? "<p>Left out:</p>\n<ul>\n<li>" : "<li>");
            jf_html_text(page, light->notice[k].name);
            jf_string_add(page, ": ");
            jf_html_text(page, light->notice[k].text);
            jf_string_add(page, "</li>\n");
        }
    }
    jf_string_add(page, left_out > 0 ? "</ul>\n" : "");
    return JF_OK;
}

/* ---- report, input, provenance ---- */

/* Its judgement is no failure of the page. */
static int is_judgement(jf_status status)
{
    return status == JF_OK || status == JF_STOPPED || status == JF_POINTS_FAILED;
}

static jf_status add_report(jf_string *page, const jf_dataset *dataset)
{
    char *text = NULL;
    size_t size = 0;
    FILE *report = open_memstream(&text, &size);

    if (report == NULL) {
        return jf_fail_memory("the report");
    }
    jf_status status = jf_report_write(dataset, 1, report);
    if (fclose(report) != 0) {
        status = jf_fail_memory("the report");
    }
    if (is_judgement(status)) {
        jf_string_add(page, "<h2>Report</h2>\n<pre tabindex=\"0\">");
        jf_html_text(page, text);
        jf_string_add(page, "</pre>\n");
        status = JF_OK;
    }
    free(text);
    return status;
}

static jf_status add_input(jf_string *page, const jf_dataset *dataset)
{
    char *text = NULL;

    JF_TRY(jf_dataset_text(dataset, "input", &text));
    jf_string_add(page, "<h2>Input</h2>\n<pre tabindex=\"0\">");
    jf_html_text(page, text);
    jf_string_add(page, "</pre>\n");
    free(text);
    return JF_OK;
}

static jf_status add_provenance(jf_string *page, const jf_dataset *dataset)
{
    static const char *const names[] = {"history",   "overrides",   "source",    "version",
                                        "libraries", "plan_digest", "references"};

    jf_string_add(page, "<h2>Provenance</h2>\n<dl>\n");
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        char *text = NULL;
        JF_TRY(jf_dataset_text(dataset, names[k], &text));
        if (text[0] != '\0') {
            jf_string_add(page, "<dt>%s</dt><dd>", names[k]);
            jf_html_text(page, text);
            jf_string_add(page, "</dd>\n");
        }
        free(text);
    }
    jf_string_add(page, "</dl>\n");
    return JF_OK;
}

/* ---- page ---- */

static void add_head(jf_string *page, const jf_atlas *a)
{
    const size_t done = a->survey->count[JF_POINT_DONE];

    jf_string_add(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n<title>");
    jf_html_text(page, a->dataset->title);
    jf_string_add(page, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
    jf_html_text(page, a->dataset->title);
    jf_string_add(page, "</h1>\n<p>%zu of %zu points done</p>\n", done, a->dataset->points);
}

static jf_status fill_page(jf_string *page, const jf_atlas *light, const jf_atlas *dark)
{
    add_head(page, light);
    JF_TRY(add_figures(page, light, dark));
    JF_TRY(add_report(page, light->dataset));
    JF_TRY(add_input(page, light->dataset));
    JF_TRY(add_provenance(page, light->dataset));
    jf_string_add(page, "</body>\n</html>\n");
    return jf_string_check(page);
}

static jf_status write_page(const jf_atlas *light, const jf_atlas *dark, FILE *out)
{
    jf_string page = {0};
    jf_status status = fill_page(&page, light, dark);

    if (status == JF_OK) {
        status = jf_figure_write(light->folder, "index", "html", page.text, page.size);
    }
    jf_string_clear(&page);
    if (status == JF_OK) {
        fprintf(out, "%s/index.html  all of it on one page\n", light->folder);
    }
    return status;
}

static jf_status draw_and_write(const jf_survey *survey, const jf_plot_request *r,
                                const char *dark_folder, FILE *out)
{
    jf_atlas light = {0}, dark = {0};
    jf_plot_request in_dark = *r, in_light = *r;

    in_light.format = in_dark.format = JF_PLOT_SVG;
    in_light.style = JF_STYLE_SCREEN;
    in_dark.style = JF_STYLE_DARK;
    in_dark.folder = dark_folder;
    jf_status status = jf_plot_begin(survey, &in_light, out, &light);
    status = status == JF_OK ? jf_plot_begin(survey, &in_dark, NULL, &dark) : status;
    light.most_depths = dark.most_depths = TRAJECTORIES;
    status = status == JF_OK ? jf_plot_draw(&light, r->kinds) : status;
    status = status == JF_OK ? jf_plot_draw(&dark, r->kinds) : status;
    status = status == JF_OK ? write_page(&light, &dark, out) : status;
    jf_atlas_clear(&light);
    jf_atlas_clear(&dark);
    return status;
}

jf_status jf_html_write(const jf_dataset *dataset, const jf_plot_request *request, FILE *out)
{
    jf_survey survey;
    jf_string folder = {0};

    JF_TRY(jf_survey_init(dataset, &survey));
    jf_string_add(&folder, "%s/dark", request->folder);
    jf_status status = jf_string_check(&folder);
    if (status == JF_OK) {
        status = draw_and_write(&survey, request, folder.text, out);
    }
    jf_string_clear(&folder);
    jf_survey_clear(&survey);
    return status;
}
