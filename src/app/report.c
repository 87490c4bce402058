#include "jepaflow/report/report.h"

#include <errno.h>
#include <string.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"
#include "jepaflow/base/log.h"
#include "jepaflow/results/selection.h"

typedef struct {
    jf_report_order order;
    const char *select;
    const char *output;
} request;

enum { OPTIONS = 6 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "format",
         .value = "FORMAT",
         .text = &r->order.format,
         .help = "text, json, csv or markdown (default: text)"},
        {.name = "section",
         .value = "NAME[,NAME...]",
         .text = &r->order.sections,
         .help = "these sections only; csv takes one"},
        {.name = "select",
         .value = "AXIS=VALUES,...",
         .text = &r->select,
         .help = "of these points only: objective=jepa,depth=1:4,seed=3"},
        {.name = "output",
         .letter = 'o',
         .value = "FILE",
         .text = &r->output,
         .help = "not stdout"},
        {.name = "all", .flag = &r->order.all, .help = "every row, also in text and markdown"},
        {.name = "ranks",
         .flag = &r->order.ranks,
         .help = "also what the ranks of each run did, and waited"},
    };

    memcpy(options, list, sizeof list);
}

/* Ranks do not wait while they solve points that were not selected. */
static jf_status check(const request *r)
{
    if (r->order.ranks && r->select != NULL) {
        return jf_fail(JF_ERR_USAGE, "--ranks tells of whole runs, expected no --select with it");
    }
    return jf_report_check(&r->order);
}

/* What cannot be written is found by the report itself, but for what is written when it closes. */
static jf_status write_file(const jf_dataset *dataset, const request *r)
{
    FILE *out = fopen(r->output, "w");

    if (out == NULL) {
        return jf_fail(JF_ERR_FILE, "%s: cannot write the report: %s", r->output, strerror(errno));
    }
    const jf_status status = jf_report_write(dataset, &r->order, out);
    if (fclose(out) != 0 && jf_status_exit_code(status) != 3) {
        return jf_fail(JF_ERR_FILE, "%s: cannot write the report: %s", r->output, strerror(errno));
    }
    return status;
}

static jf_status write(const char *path, const request *r)
{
    jf_dataset dataset;

    JF_TRY(jf_dataset_open(path, &dataset));
    jf_status status = jf_selection_apply(r->select, &dataset);
    if (status == JF_OK) {
        status = r->output != NULL ? write_file(&dataset, r)
                                   : jf_report_write(&dataset, &r->order, stdout);
    }
    jf_dataset_close(&dataset);
    return status;
}

static jf_status run(int argc, char **argv)
{
    jf_option options[OPTIONS];
    request r = {0};
    const char *path;

    list_options(&r, options);
    JF_TRY(jf_arguments_read(argc, argv, options, OPTIONS, "OUT.nc", &path));
    JF_TRY(check(&r));
    return write(path, &r);
}

static void print_sections(FILE *out)
{
    fputs("Sections:\n", out);
    for (size_t k = 0; jf_report_section(k) != NULL; k++) {
        const jf_section *section = jf_report_section(k);
        fprintf(out, "  %-14s %s%s\n", section->form.name, section->form.title,
                section->on_demand ? " (with --ranks)" : "");
    }
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fprintf(
        out,
        "Prints what a dataset says: fitted against predicted exponents of the critical times,\n"
        "amplification against depth, order of features and where the objectives part, how well\n"
        "features are separated, agreement with the exact times, how good the predicted seconds\n"
        "were, failures.\n"
        "Exit codes: 0 all points done; 1 some failed; 75 some pending.\n\n");
    jf_arguments_help(options, OPTIONS, out);
    fputc('\n', out);
    print_sections(out);
}

const jf_command jf_command_report = {
    .name = "report",
    .synopsis = "jepaflow report OUT.nc [--format FORMAT] [--section NAME[,NAME...]] "
                "[--select AXIS=VALUES,...]\n                       [-o FILE] [--all] [--ranks]",
    .summary = "exponents, amplification, order of features, separation, agreement, failures",
    .run = run,
    .help = help,
};
