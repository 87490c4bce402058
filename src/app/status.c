#include <stdlib.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/command.h"
#include "jepaflow/base/log.h"
#include "jepaflow/results/points.h"

/* Of the points of its shard how many have each status. */
static jf_status count_points(const jf_dataset *d, size_t count[JF_POINT_STATUSES])
{
    unsigned char *status = malloc(d->points);
    uint32_t *number = malloc(d->points * sizeof *number);
    jf_status result =
        status != NULL && number != NULL ? JF_OK : jf_fail_memory("the points' status");

    if (result == JF_OK) {
        result = jf_points_status(d, status);
    }
    if (result == JF_OK && d->shard.count > 0) {
        const uint64_t key = strtoull(d->digest, NULL, 16);
        result = jf_shard_deal(key, d->points, d->shard.count, number);
    }
    for (size_t i = 0; i < d->points && result == JF_OK; i++) {
        count[status[i]] += d->shard.count == 0 || number[i] == (uint32_t)d->shard.index;
    }
    free(status);
    free(number);
    return result;
}

static void print_points(const jf_dataset *d)
{
    if (d->shard.count > 0) {
        printf("%s: shard %d/%d: %zu of %zu points", jf_file_path(d->file), d->shard.index,
               d->shard.count, jf_shard_points(d->shard, d->points), d->points);
    } else {
        printf("%s: %zu points", jf_file_path(d->file), d->points);
    }
}

static jf_status print_status(const jf_dataset *dataset)
{
    static const char *const names[JF_POINT_STATUSES] = {"pending", "done", "failed", "diverged",
                                                         "stopped"};
    size_t count[JF_POINT_STATUSES] = {0};

    JF_TRY(count_points(dataset, count));
    print_points(dataset);
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
    fprintf(out,
            "Says in one line how many points of a dataset, or of the shard that it holds, are "
            "done,\npending and failed; also while it is being written. Exit codes: 0 all done; 1 "
            "some failed; 75 some pending.\n");
}

const jf_command jf_command_status = {
    .name = "status",
    .synopsis = "jepaflow status OUT.nc",
    .summary = "how many points are done; also while a sweep runs",
    .run = run,
    .help = help,
};
