#include "jepaflow/results/report.h"

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"

static jf_option list_option(int *ranks)
{
    return (jf_option){
        .name = "ranks", .flag = ranks, .help = "also what the ranks of each run did, and waited"};
}

static jf_status run(int argc, char **argv)
{
    int ranks = 0;
    const jf_option option = list_option(&ranks);
    const char *path;
    jf_dataset dataset;

    JF_TRY(jf_arguments_read(argc, argv, &option, 1, "OUT.nc", &path));
    JF_TRY(jf_dataset_open(path, &dataset));
    const jf_status status = jf_report_write(&dataset, ranks, stdout);
    jf_dataset_close(&dataset);
    return status;
}

static void help(FILE *out)
{
    int ranks;
    const jf_option option = list_option(&ranks);

    fprintf(
        out,
        "Prints what a dataset says: fitted against predicted exponents of the critical times,\n"
        "amplification against depth, order of features, agreement with the exact times, how good\n"
        "the predicted seconds were, failures.\n"
        "Exit codes: 0 all points done; 1 some failed; 75 some pending.\n\n");
    jf_arguments_help(&option, 1, out);
}

const jf_command jf_command_report = {
    .name = "report",
    .synopsis = "jepaflow report OUT.nc [--ranks]",
    .summary = "exponents, amplification, order of features, predictions, failures",
    .run = run,
    .help = help,
};
