#include "jepaflow/results/report.h"

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"

static jf_status run(int argc, char **argv)
{
    const char *path;
    jf_dataset dataset;

    JF_TRY(jf_arguments_read(argc, argv, NULL, 0, "OUT.nc", &path));
    JF_TRY(jf_dataset_open(path, &dataset));
    const jf_status status = jf_report_write(&dataset, stdout);
    jf_dataset_close(&dataset);
    return status;
}

static void help(FILE *out)
{
    fprintf(
        out,
        "Prints what a dataset says: fitted against predicted exponents of the critical times,\n"
        "amplification against depth, order of features, agreement with the exact times, "
        "failures.\n"
        "Exit codes: 0 all points done; 1 some failed; 75 some pending.\n");
}

const jf_command jf_command_report = {
    .name = "report",
    .synopsis = "jepaflow report OUT.nc",
    .summary = "exponents, amplification, order of features, failures",
    .run = run,
    .help = help,
};
