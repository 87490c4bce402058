#include "jepaflow/figures/plot.h"

#include <string.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"
#include "jepaflow/app/output.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/figures/html.h"
#include "jepaflow/results/selection.h"

typedef struct {
    const char *folder;
    const char *format;
    const char *kinds;
    const char *select;
    const char *axes;
    const char *feature;
    const char *style;
    const char *html;
} request;

enum { OPTIONS = 8 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "output",
         .letter = 'o',
         .value = "DIR",
         .text = &r->folder,
         .help = "folder for the figures, made if missing (default: OUT-figures)"},
        {.name = "format",
         .value = "FORMAT",
         .text = &r->format,
         .help = "png, pdf or svg (default: png)"},
        {.name = "kind",
         .value = "KIND[,KIND...]",
         .text = &r->kinds,
         .help = "which figures, of those above (default: all but ranks)"},
        {.name = "select",
         .value = "AXIS=VALUES",
         .text = &r->select,
         .help = "part of the sweep, such as objective=jepa,depth=1:4"},
        {.name = "axes",
         .value = "X,Y",
         .text = &r->axes,
         .help = "axes of the heatmap, or 'feature' (default: init_scale,depth)"},
        {.name = "feature",
         .value = "N",
         .text = &r->feature,
         .help = "the feature of scaling, depth and heatmap, from 0 (default: 0)"},
        {.name = "style",
         .value = "STYLE",
         .text = &r->style,
         .help = "paper, screen or dark (default: paper for pdf, else screen)"},
        {.name = "html",
         .value = "DIR",
         .text = &r->html,
         .help = "one page of figures, report, input and provenance: DIR/index.html"},
    };

    memcpy(options, list, sizeof list);
}

/* ---- options ---- */

/* The place of a name in a list ended by NULL. */
static jf_status find_name(const char *option, const char *name, const char *const *names,
                           size_t *place)
{
    size_t count = 0;

    for (; names[count] != NULL; count++) {
        if (strcmp(name, names[count]) == 0) {
            *place = count;
            return JF_OK;
        }
    }
    const char *nearest = jf_text_nearest(name, names, count);
    return jf_fail(JF_ERR_USAGE, "--%s is '%s', expected %s, %s or %s%s%s%s", option, name,
                   names[0], names[1], names[2], nearest != NULL ? "; did you mean '" : "",
                   nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

static jf_status read_look(const request *r, jf_plot_request *p)
{
    size_t place = JF_PLOT_PNG;

    if (r->format != NULL) {
        JF_TRY(find_name("format", r->format, jf_plot_format_names(), &place));
    }
    p->format = (jf_plot_format)place;
    place = p->format == JF_PLOT_PDF ? JF_STYLE_PAPER : JF_STYLE_SCREEN;
    if (r->style != NULL) {
        JF_TRY(find_name("style", r->style, jf_style_names(), &place));
    }
    p->style = (jf_style)place;
    return JF_OK;
}

static jf_status check_together(const request *r)
{
    const struct {
        const char *name, *value;
    } others[] = {{"output", r->folder}, {"format", r->format}, {"style", r->style}};

    for (size_t k = 0; k < sizeof others / sizeof others[0] && r->html != NULL; k++) {
        if (others[k].value != NULL) {
            return jf_fail(JF_ERR_USAGE,
                           "--%s does not go with --html, whose page has a folder, a format and "
                           "both styles of its own",
                           others[k].name);
        }
    }
    return JF_OK;
}

static jf_status read_axes(const char *text, const jf_dataset *dataset, size_t map[2])
{
    const size_t length = strcspn(text, ",");
    char x[32];

    if (text[length] == '\0') {
        return jf_fail(JF_ERR_USAGE, "--axes is '%s', expected two axes X,Y", text);
    }
    snprintf(x, sizeof x, "%.*s", (int)length, text);
    JF_TRY(jf_plot_axis(dataset, x, &map[0]));
    JF_TRY(jf_plot_axis(dataset, text + length + 1, &map[1]));
    return map[0] != map[1]
               ? JF_OK
               : jf_fail(JF_ERR_USAGE, "--axes is '%s', expected two different axes", text);
}

static jf_status read_feature(const char *text, const jf_dataset *dataset, size_t *feature)
{
    double number;

    if (!jf_text_number(text, &number) || number < 0.0 || number >= (double)dataset->features ||
        number != (double)(size_t)number) {
        return jf_fail(JF_ERR_USAGE, "--feature is '%s', expected a whole number from 0 to %zu",
                       text, dataset->features - 1);
    }
    *feature = (size_t)number;
    return JF_OK;
}

/* What depends on the dataset. */
static jf_status read_places(const request *r, jf_dataset *dataset, jf_plot_request *p)
{
    p->map[0] = JF_P_INIT_SCALE;
    p->map[1] = JF_P_DEPTH;
    if (r->axes != NULL) {
        JF_TRY(read_axes(r->axes, dataset, p->map));
    }
    if (r->feature != NULL) {
        JF_TRY(read_feature(r->feature, dataset, &p->feature));
    }
    return jf_selection_apply(r->select, dataset);
}

/* ---- the command ---- */

static jf_status draw(const request *r, const char *path, jf_dataset *dataset, jf_plot_request *p)
{
    jf_string folder = {0};

    JF_TRY(read_places(r, dataset, p));
    jf_status status =
        jf_output_name(path, r->html != NULL ? r->html : r->folder, "-figures", &folder);
    if (status == JF_OK) {
        p->folder = folder.text;
        status =
            r->html != NULL ? jf_html_write(dataset, p, stdout) : jf_plot_all(dataset, p, stdout);
    }
    jf_string_clear(&folder);
    return status;
}

static jf_status run(int argc, char **argv)
{
    request r = {0};
    jf_plot_request p = {0};
    jf_option options[OPTIONS];
    jf_dataset dataset;
    const char *path;

    list_options(&r, options);
    JF_TRY(jf_arguments_read(argc, argv, options, OPTIONS, "OUT.nc", &path));
    JF_TRY(check_together(&r));
    JF_TRY(read_look(&r, &p));
    JF_TRY(jf_plot_choose(r.kinds, &p.kinds));
    JF_TRY(jf_dataset_open(path, &dataset));
    const jf_status status = draw(&r, path, &dataset, &p);
    jf_dataset_close(&dataset);
    return status;
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fputs(
        "Draws figures with gnuplot, theory as lines, measurements as points. Each leaves its data "
        "(.dat) and\nits script (.gp, which runs by itself) beside it; one that the dataset cannot "
        "feed is left out, and\nwhy is said.\n\n"
        "  trajectories   projections against time, over their plateaus and as they are\n"
        "  scaling        critical times against init_scale\n"
        "  depth          critical times against depth\n"
        "  amplification  t*(lowest rho) / t*(highest rho) against depth, at equal lambda\n"
        "  order          order of features over depth and init_scale\n"
        "  greedy         gaps of critical times over rise times, against init_scale\n"
        "  agreement      distribution of measured / exact - 1\n"
        "  heatmap        critical times over any two axes\n"
        "  ranks          what each rank did when\n\n",
        out);
    jf_arguments_help(options, OPTIONS, out);
}

const jf_command jf_command_plot = {
    .name = "plot",
    .synopsis = "jepaflow plot OUT.nc [-o DIR] [--format png|pdf|svg] [--kind KIND[,KIND...]]\n"
                "                     [--select AXIS=VALUES] [--axes X,Y] [--feature N]\n"
                "                     [--style paper|screen|dark] [--html DIR]",
    .summary = "figures of the dataset, or one page of them",
    .run = run,
    .help = help,
};
