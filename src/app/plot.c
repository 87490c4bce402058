#include "jepaflow/figures/plot.h"

#include <string.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"
#include "jepaflow/app/output.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

typedef struct {
    const char *folder;
    const char *format;
    const char *kinds;
} request;

enum { OPTIONS = 3 };

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
         .help = "trajectories, scaling, amplification, ranks (default: all but ranks)"},
    };

    memcpy(options, list, sizeof list);
}

static jf_status read_format(const char *name, jf_plot_format *format)
{
    static const char *const names[] = {"png", "pdf", "svg"};
    static const jf_plot_format formats[] = {JF_PLOT_PNG, JF_PLOT_PDF, JF_PLOT_SVG};

    *format = JF_PLOT_PNG;
    if (name == NULL) {
        return JF_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = formats[i];
            return JF_OK;
        }
    }
    return jf_fail(JF_ERR_USAGE, "--format is '%s', expected png, pdf or svg", name);
}

static jf_status run(int argc, char **argv)
{
    request r = {0};
    jf_option options[OPTIONS];
    jf_string folder = {0};
    jf_plot_format format;
    jf_dataset dataset;
    const char *path;
    unsigned choice;

    list_options(&r, options);
    JF_TRY(jf_arguments_read(argc, argv, options, OPTIONS, "OUT.nc", &path));
    JF_TRY(read_format(r.format, &format));
    JF_TRY(jf_plot_choose(r.kinds, &choice));
    JF_TRY(jf_dataset_open(path, &dataset));
    jf_status status = jf_output_name(path, r.folder, "-figures", &folder);
    if (status == JF_OK) {
        status = jf_plot_all(&dataset, choice, folder.text, format, stdout);
    }
    jf_string_clear(&folder);
    jf_dataset_close(&dataset);
    return status;
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fprintf(out,
            "Draws figures with gnuplot: trajectories, critical times against init_scale, "
            "amplification\n"
            "against depth; with --kind ranks what each rank did when. Each leaves its data and "
            "its script\nbeside it.\n\n");
    jf_arguments_help(options, OPTIONS, out);
}

const jf_command jf_command_plot = {
    .name = "plot",
    .synopsis = "jepaflow plot OUT.nc [-o DIR] [--format png|pdf|svg] [--kind KIND[,KIND...]]",
    .summary = "figures: trajectories, scaling, amplification, ranks",
    .run = run,
    .help = help,
};
