#include "jepaflow/app/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/deadline.h"
#include "jepaflow/base/log.h"

/* Seconds between two times that a point under way is saved. */
static const double default_interval = 60.0;

enum { OPTIONS = 10 };

static void list_options(jf_request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "output",
         .letter = 'o',
         .value = "OUT.nc",
         .text = &r->output,
         .help = "dataset to write, or to go on with (default: INPUT.nc)"},
        {.name = "set",
         .value = "KEY=VALUE",
         .texts = &r->overrides,
         .help = "change the input: a parameter, or a path such as flow.tolerance"},
        {.name = "walltime",
         .value = "HH:MM:SS",
         .text = &r->walltime,
         .help = "stop in order before this time is over (exit code 75)"},
        {.name = "save-every",
         .value = "HH:MM:SS",
         .text = &r->save_every,
         .help = "save points under way so often (default: 00:01:00), to go on from there"},
        {.name = "coordinator",
         .value = "MODE",
         .text = &r->coordinator,
         .help = "rank 0 computes too: working; only deals: dedicated; auto: what is predicted to "
                 "be faster"},
        {.name = "fresh", .flag = &r->how.fresh, .help = "start over where the dataset exists"},
        {.name = "extend",
         .flag = &r->how.extend,
         .help = "the dataset may be of a smaller sweep, whose points are kept"},
        {.name = "shard",
         .value = "I/N",
         .text = &r->shard,
         .help = "do the I-th of N parts of the points (default output: INPUT.I-of-N.nc); merge "
                 "joins them"},
        {.name = "dry-run",
         .flag = &r->dry_run,
         .help = "check the input, show the sweep, touch nothing"},
        {.name = "quiet", .letter = 'q', .flag = &r->quiet, .help = "no progress, no notes"},
    };

    memcpy(options, list, sizeof list);
}

/* --coordinator. */
static jf_status read_mode(jf_request *r, int ranks)
{
    static const char *const words[] = {[JF_COORDINATOR_AUTO] = "auto",
                                        [JF_COORDINATOR_WORKING] = "working",
                                        [JF_COORDINATOR_DEDICATED] = "dedicated"};

    if (r->coordinator == NULL) {
        return JF_OK; /* auto */
    }
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (strcmp(r->coordinator, words[k]) == 0) {
            r->mode = (jf_coordinator_mode)k;
            return r->mode == JF_COORDINATOR_DEDICATED && ranks == 1
                       ? jf_fail(JF_ERR_USAGE, "--coordinator dedicated needs at least 2 ranks: "
                                               "the only one would not compute")
                       : JF_OK;
        }
    }
    return jf_fail(JF_ERR_USAGE, "--coordinator is '%s', expected auto, working or dedicated",
                   r->coordinator);
}

static jf_status check_opening(const jf_opening *how)
{
    if (how->fresh && how->extend) {
        return jf_fail(JF_ERR_USAGE, "--fresh forgets what --extend is to keep, expected one of "
                                     "them");
    }
    if (how->extend && how->shard.count > 0) {
        return jf_fail(JF_ERR_USAGE, "--extend of a shard would be of other points, expected a "
                                     "whole sweep: merge the shards, then extend that");
    }
    return JF_OK;
}

jf_status jf_request_init(int argc, jf_request *out)
{
    *out = (jf_request){.seconds = INFINITY};
    out->overrides.at = calloc((size_t)argc + 1, sizeof *out->overrides.at);
    return out->overrides.at != NULL ? JF_OK : jf_fail_memory("the options");
}

void jf_request_clear(jf_request *request)
{
    free(request->overrides.at);
    *request = (jf_request){0};
}

jf_status jf_request_read(int argc, char **argv, int ranks, jf_request *r)
{
    jf_option options[OPTIONS];

    list_options(r, options);
    JF_TRY(jf_arguments_read(argc, argv, options, OPTIONS, "INPUT.yaml", &r->input));
    jf_log_set_quiet(r->quiet);
    JF_TRY(jf_deadline_read("--walltime", r->walltime, &r->seconds));
    JF_TRY(jf_deadline_read("--save-every", r->save_every, &r->interval));
    JF_TRY(jf_shard_read("--shard", r->shard, &r->how.shard));
    JF_TRY(check_opening(&r->how));
    r->interval = r->save_every != NULL ? r->interval : default_interval;
    return read_mode(r, ranks);
}

void jf_request_help(FILE *out)
{
    jf_option options[OPTIONS];
    jf_request r = {0};

    list_options(&r, options);
    fprintf(
        out,
        "Runs the sweep of INPUT.yaml on all ranks and writes one dataset. An existing dataset of\n"
        "the same sweep is gone on with: only the points that are missing are solved. SIGTERM,\n"
        "SIGINT, SIGUSR1 and SIGUSR2, to any rank, stop it in order; so does, some seconds "
        "before,\n"
        "the end of a batch job, where SLURM_JOB_END_TIME, squeue or PBS_WALLTIME tell it.\n\n");
    jf_arguments_help(options, OPTIONS, out);
    jf_study_help(out);
    fprintf(
        out,
        "\nExit codes: 0 all points done; 1 finished, some points failed; 2 wrong usage or input;\n"
        "3 file or system error; 75 stopped early, run the same command again.\n");
}
