#include <stdlib.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"
#include "jepaflow/base/log.h"
#include "jepaflow/results/dataset.h"
#include "jepaflow/sweep/record.h"

static jf_status print_status(const jf_dataset *dataset)
{
    static const char *const names[JF_POINT_STATUSES] = {"pending", "done", "failed", "diverged",
                                                         "stopped"};
    size_t count[JF_POINT_STATUSES] = {0};
    double *status = NULL;

    JF_TRY(jf_dataset_read(dataset, "status", &status));
    for (size_t i = 0; i < dataset->points; i++) {
        const size_t code = (size_t)status[i];
        if (code < JF_POINT_STATUSES) {
            count[code]++;
        }
    }
    free(status);
    printf("%s: %zu points", jf_file_path(dataset->file), dataset->points);
    for (size_t k = 0; k < JF_POINT_STATUSES; k++) {
        if (count[k] > 0) {
            printf(", %zu %s", count[k], names[k]);
        }
    }
    printf("\n");
    if (count[JF_POINT_PENDING] + count[JF_POINT_STOPPED] > 0) {
        return JF_STOPPED;
    }
    return count[JF_POINT_FAILED] + count[JF_POINT_DIVERGED] > 0 ? JF_POINTS_FAILED : JF_OK;
}

static jf_status run(int argc, char **argv)
{
    const char *path;
    jf_dataset dataset;

    JF_TRY(jf_arguments_read(argc, argv, NULL, 0, "OUT.nc", &path));
    JF_TRY(jf_dataset_open(path, &dataset));
    const jf_status status = print_status(&dataset);
    jf_dataset_close(&dataset);
    return status;
}

static void help(FILE *out)
{
    fprintf(out, "Says in one line how many points of a dataset are done, pending and failed; also "
                 "while it is\n"
                 "being written. Exit codes: 0 all done; 1 some failed; 75 some pending.\n");
}

const jf_command jf_command_status = {
    .name = "status",
    .synopsis = "jepaflow status OUT.nc",
    .summary = "how many points are done; also while a sweep runs",
    .run = run,
    .help = help,
};
