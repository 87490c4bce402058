#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/command.h"
#include "jepaflow/app/output.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/flow/flow.h"

typedef struct {
    const char *input;
    const char *output;
    jf_texts overrides;
    int fresh;
} request;

/* Points solved and written together; the time of writing goes to the points, not to the syncs. */
enum { BLOCK = 1024 };

typedef struct {
    jf_record record[BLOCK];
    const jf_record *all[BLOCK];
    double began; /* jf_clock_now() at the start of the run */
    double date;  /* the same as a date */
} block;

static void solve(const jf_plan *plan, size_t index, const block *b, jf_record *record)
{
    const double started = jf_clock_now() - b->began;
    jf_point point;

    jf_plan_point(plan, index, &point);
    jf_flow_solve(&point, NULL, NULL, record);
    *record->rank = 0;
    *record->point_ranks = 1;
    *record->started = started;
    *record->run_started = b->date;
    *record->run_ranks = 1;
}

static jf_status solve_blocks(const jf_plan *plan, jf_store *store, block *b)
{
    for (size_t first = 0; first < plan->points; first += BLOCK) {
        const size_t rest = plan->points - first;
        const size_t count = rest < BLOCK ? rest : BLOCK;
        for (size_t i = 0; i < count; i++) {
            solve(plan, first + i, b, &b->record[i]);
        }
        JF_TRY(jf_store_put_all(store, b->all, count));
    }
    return JF_OK;
}

static jf_status solve_all(const jf_plan *plan, jf_store *store)
{
    block *b = calloc(1, sizeof *b);
    jf_status status = b != NULL ? JF_OK : jf_fail_memory("a block of points");

    for (size_t i = 0; i < BLOCK && status == JF_OK; i++) {
        status = jf_record_init(plan->features, plan->samples, &b->record[i]);
        b->all[i] = &b->record[i];
    }
    if (status == JF_OK) {
        b->began = jf_clock_now();
        b->date = jf_clock_date();
        status = solve_blocks(plan, store, b);
    }
    for (size_t i = 0; i < BLOCK && b != NULL; i++) {
        jf_record_clear(&b->record[i]);
    }
    free(b);
    return status;
}

static jf_status write_dataset(const request *r, const jf_study *study)
{
    const jf_opening how = {.fresh = r->fresh};
    jf_string path = {0};
    jf_lock *lock = NULL;
    jf_store *store = NULL;

    jf_status status = jf_output_dataset(r->input, r->output, "-theory.nc", how.shard, &path);
    if (status == JF_OK) {
        status = jf_output_open(study, path.text, &how, &lock, &store);
    }
    if (status == JF_OK) {
        status = solve_all(&study->plan, store);
    }
    const jf_status closed = jf_store_close(&store);
    jf_lock_release(&lock);
    status = status == JF_OK ? closed : status;
    if (status == JF_OK) {
        jf_log(JF_LOG_NOTE, "%zu points in closed form: %s", study->plan.points, path.text);
    }
    jf_string_clear(&path);
    return status;
}

enum { OPTIONS = 3 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "output",
         .letter = 'o',
         .value = "OUT.nc",
         .text = &r->output,
         .help = "dataset to write (default: INPUT-theory.nc)"},
        {.name = "set",
         .value = "KEY=VALUE",
         .texts = &r->overrides,
         .help = "change the input: a parameter, or a path such as flow.threshold"},
        {.name = "fresh", .flag = &r->fresh, .help = "start over where the dataset exists"},
    };

    memcpy(options, list, sizeof list);
}

/* The input as it is, with the closed form as its model and no trajectories. */
static jf_status run(int argc, char **argv)
{
    request r = {0};
    jf_option options[OPTIONS];
    jf_study study = {0};

    r.overrides.at = calloc((size_t)argc + 3, sizeof *r.overrides.at);
    if (r.overrides.at == NULL) {
        return jf_fail_memory("the options");
    }
    list_options(&r, options);
    jf_status status = jf_arguments_read(argc, argv, options, OPTIONS, "INPUT.yaml", &r.input);
    r.overrides.at[r.overrides.count++] = "flow.model=theory";
    r.overrides.at[r.overrides.count++] = "output.samples=0";
    if (status == JF_OK) {
        status = jf_study_read(r.input, &r.overrides, &jf_adder_alone, &study);
    }
    if (status == JF_OK) {
        status = write_dataset(&r, &study);
    }
    jf_study_clear(&study);
    free(r.overrides.at);
    return status;
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fprintf(out, "Writes the dataset of INPUT.yaml with what the closed form says alone: plateaus, "
                 "exact and\n"
                 "asymptotic critical times, and which features have none.\n\n");
    jf_arguments_help(options, OPTIONS, out);
}

const jf_command jf_command_theory = {
    .name = "theory",
    .synopsis = "jepaflow theory INPUT.yaml [-o OUT.nc] [--set KEY=VALUE]...",
    .summary = "plateaus and exact critical times in closed form, without integration",
    .run = run,
    .help = help,
};
