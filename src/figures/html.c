#include "jepaflow/figures/html.h"

#include <stdlib.h>

#include "jepaflow/figures/markup.h"
#include "jepaflow/report/report.h"

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
    "h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; }\n"
    ".wide { overflow-x: auto; max-width: 100%; }\n"
    "table { border-collapse: collapse; font-size: 0.8125rem; line-height: 1.4;\n"
    "  overflow-wrap: normal; }\n"
    "th, td { padding: 0.15rem 0.6rem; text-align: right; white-space: nowrap;\n"
    "  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }\n"
    ".words { text-align: left; } td.words { white-space: normal; } th { color: var(--soft); }\n"
    "@media (max-width: 30rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; }\n"
    "  dd { margin-bottom: 0.5rem; } }\n"
    "@media print { :root { color-scheme: light; } body { max-width: none; padding: 0;\n"
    "  font-size: 9pt; } h2 { break-after: avoid; } figure { break-inside: avoid; }\n"
    "  .figures { grid-template-columns: 1fr 1fr; }\n"
    "  pre { white-space: pre-wrap; font-size: 6.5pt; } table { font-size: 6.5pt; }\n"
    "  th, td { padding: 0.1rem 0.3rem; } }\n";

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
        jf_markup_base64(page, text, size);
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
    jf_markup_text(page, n->text);
    jf_string_add(page, "\"></picture><figcaption><b>");
    jf_markup_text(page, n->name);
    jf_string_add(page, "</b> ");
    jf_markup_text(page, n->text);
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
            jf_markup_text(page, light->notice[k].name);
            jf_string_add(page, ": ");
            jf_markup_text(page, light->notice[k].text);
            jf_string_add(page, "</li>\n");
        }
    }
    jf_string_add(page, left_out > 0 ? "</ul>\n" : "");
    return JF_OK;
}

/* ---- report, input, provenance ---- */

static jf_status add_section(jf_string *page, const jf_findings *findings,
                             const jf_section *section)
{
    jf_table table;
    const jf_status status = jf_section_fill(section, findings, &table);

    if (status == JF_OK) {
        jf_markup_table(page, &table);
    }
    jf_table_clear(&table);
    return status;
}

static jf_status add_report(jf_string *page, const jf_findings *findings)
{
    const jf_section *section;

    jf_string_add(page, "<h2>Report</h2>\n");
    for (size_t k = 0; (section = jf_report_section(k)) != NULL; k++) {
        if (!section->on_demand) {
            JF_TRY(add_section(page, findings, section));
        }
    }
    return JF_OK;
}

static jf_status add_input(jf_string *page, const jf_dataset *dataset)
{
    char *text = NULL;

    JF_TRY(jf_dataset_text(dataset, "input", &text));
    jf_string_add(page, "<h2>Input</h2>\n<pre tabindex=\"0\">");
    jf_markup_text(page, text);
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
            jf_markup_text(page, text);
            jf_string_add(page, "</dd>\n");
        }
        free(text);
    }
    jf_string_add(page, "</dl>\n");
    return JF_OK;
}

/* ---- page ---- */

static void add_head(jf_string *page, const jf_findings *findings)
{
    const jf_verdict verdict = jf_findings_judge(findings);

    jf_string_add(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n<title>");
    jf_markup_text(page, findings->dataset->title);
    jf_string_add(page, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
    jf_markup_text(page, findings->dataset->title);
    jf_string_add(page, "</h1>\n<p>");
    jf_markup_text(page, verdict.text);
    jf_string_add(page, "</p>\n");
}

static jf_status fill_page(jf_string *page, const jf_findings *findings, const jf_atlas *light,
                           const jf_atlas *dark)
{
    add_head(page, findings);
    JF_TRY(add_figures(page, light, dark));
    JF_TRY(add_report(page, findings));
    JF_TRY(add_input(page, findings->dataset));
    JF_TRY(add_provenance(page, findings->dataset));
    jf_string_add(page, "</body>\n</html>\n");
    return jf_string_check(page);
}

static jf_status write_page(const jf_findings *findings, const jf_atlas *light,
                            const jf_atlas *dark, FILE *out)
{
    jf_string page = {0};
    jf_status status = fill_page(&page, findings, light, dark);

    if (status == JF_OK) {
        status = jf_figure_write(light->folder, "index", "html", page.text, page.size);
    }
    jf_string_clear(&page);
    if (status == JF_OK) {
        fprintf(out, "%s/index.html  all of it on one page\n", light->folder);
    }
    return status;
}

/* Both styles of all figures. */
static jf_status draw_both(jf_atlas *light, jf_atlas *dark, unsigned kinds)
{
    light->most_depths = dark->most_depths = TRAJECTORIES;
    JF_TRY(jf_plot_draw(light, kinds));
    return jf_plot_draw(dark, kinds);
}

static jf_status draw_and_write(const jf_findings *findings, const jf_plot_request *r,
                                const char *dark_folder, FILE *out)
{
    jf_atlas light = {0}, dark = {0};
    jf_plot_request in_dark = *r, in_light = *r;

    in_light.format = in_dark.format = JF_PLOT_SVG;
    in_light.style = JF_STYLE_SCREEN;
    in_dark.style = JF_STYLE_DARK;
    in_dark.folder = dark_folder;
    jf_status status = jf_plot_begin(&findings->survey, &in_light, out, &light);
    status = status == JF_OK ? jf_plot_begin(&findings->survey, &in_dark, NULL, &dark) : status;
    status = status == JF_OK ? draw_both(&light, &dark, r->kinds) : status;
    status = status == JF_OK ? write_page(findings, &light, &dark, out) : status;
    jf_atlas_clear(&light);
    jf_atlas_clear(&dark);
    return status;
}

jf_status jf_html_write(const jf_dataset *dataset, const jf_plot_request *request, FILE *out)
{
    jf_findings findings;
    jf_string folder = {0};

    JF_TRY(jf_findings_init(dataset, &findings));
    jf_string_add(&folder, "%s/dark", request->folder);
    jf_status status = jf_string_check(&folder);
    if (status == JF_OK) {
        status = draw_and_write(&findings, request, folder.text, out);
    }
    jf_string_clear(&folder);
    jf_findings_clear(&findings);
    return status;
}
