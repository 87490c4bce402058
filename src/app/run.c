#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/command.h"
#include "jepaflow/app/deadline.h"
#include "jepaflow/app/estimate.h"
#include "jepaflow/app/keeper.h"
#include "jepaflow/app/output.h"
#include "jepaflow/app/progress.h"
#include "jepaflow/app/request.h"
#include "jepaflow/app/scheduler.h"
#include "jepaflow/app/study.h"
#include "jepaflow/app/witness.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/ranks/adders.h"
#include "jepaflow/ranks/coordinator.h"
#include "jepaflow/ranks/worker.h"
#include "jepaflow/results/checkpoint.h"
#include "jepaflow/results/points.h"

/* A sweep that is running, on this rank. */
typedef struct {
    jf_comm *comm;
    const jf_request *request;
    jf_study study;
    jf_crew crew;
    jf_string path; /* of the dataset */
    jf_keeper keeper;
    jf_witness witness; /* rank 0 */
    double save_interval;
    jf_lock *lock;           /* rank 0 */
    jf_store *store;         /* rank 0 */
    jf_estimate estimate;    /* rank 0 */
    jf_share share;          /* rank 0: how the points are dealt */
    unsigned char *finished; /* rank 0: jf_point_status by point, of earlier runs; or not ours */
    size_t points;           /* rank 0: of this run's shard */
    double begin;            /* clock */
    jf_deadline deadline;    /* rank 0 */
    int lost_ranks;          /* rank 0: that have ended before their time */
    double date;             /* of the start, on rank 0, on all ranks */
    size_t done, failed, earlier;
    double compute;   /* sum of the points' seconds, on all ranks that solved them */
    double deviation; /* largest of measured from exact critical times; < 0: none measured */
    jf_teller teller;
} sweep;

/* ---- points ---- */

static double seconds_left(void *context)
{
    const sweep *s = context;

    return jf_deadline_interrupted() ? 0.0 : s->deadline.at - jf_clock_now();
}

static void solve(void *context, size_t index, jf_grid *grid, int (*look)(void *),
                  void *look_context, jf_record *record)
{
    sweep *s = context;
    const double started = jf_clock_date() - s->date;
    jf_point point;

    jf_plan_point(&s->study.plan, index, &point);
    jf_keeper_solve(&s->keeper, &point, grid, look, look_context, record);
    *record->started = fmax(started, 0.0); /* clocks of nodes may differ a little */
    *record->point_ranks = grid != NULL ? jf_grid_ranks(grid) : 1;
}

/* The exact ones are those of the assumption. */
static void judge(sweep *s, const jf_record *record)
{
    const int holds = *record->assumption == JF_ASSUMPTION_HOLDS;

    for (size_t i = 0; i < record->features && holds; i++) {
        const double error = fabs(record->critical_time[i] / record->critical_time_theory[i] - 1.0);
        s->deviation = error > s->deviation ? error : s->deviation; /* never where one is NaN */
    }
}

/* What rank 0 knows of a point that is solved, and what the run's last line will say of it. */
static void note(sweep *s, jf_record *record)
{
    *record->predicted_seconds = s->share.load.cost[record->point];
    *record->run_started = s->date;
    *record->run_ranks = jf_comm_size(s->comm);
    /* not the seconds that a point took in earlier runs, before it was saved */
    const double in_this_run = jf_clock_now() - s->begin - *record->started;
    s->compute += fmin(*record->seconds, in_this_run) * (double)*record->point_ranks;
    s->done++;
    s->failed += *record->status != JF_POINT_DONE;
    judge(s, record);
}

static jf_status keep(void *context, jf_record *const *records, size_t count)
{
    sweep *s = context;

    for (size_t i = 0; i < count; i++) {
        note(s, records[i]);
    }
    JF_TRY(jf_store_put_all(s->store, (const jf_record *const *)records, count));
    jf_keeper_forget(&s->keeper, records, count);
    return JF_OK;
}

static void tell(void *context, const jf_progress *progress)
{
    sweep *s = context;

    jf_teller_tell(&s->teller, progress);
}

static void under_way(void *context, const jf_errand *errands, size_t count)
{
    sweep *s = context;

    jf_witness_under_way(&s->witness, errands, count);
}

static void lost(void *context, int rank, const jf_errand *errands, size_t count, size_t all)
{
    sweep *s = context;

    s->lost_ranks++;
    if (rank == 0) {
        jf_witness_lost_rank_0(s->path.text, s->keeper.digest, &s->study.plan);
    } else {
        jf_witness_lost(&s->witness, rank, errands, count, all);
    }
}

/* ---- the sweep ---- */

/*
 * Is there anything to do for the other ranks? Rank 0 says so to all, after each step that only it
 * takes, so that none waits for it in vain.
 */
static jf_status agree(const sweep *s, int go_on, int *agreed)
{
    jf_wire wire = {0};

    jf_wire_put_i8(&wire, (int8_t)go_on);
    jf_status status = jf_wire_check(&wire);
    if (status == JF_OK) {
        status = jf_comm_broadcast(s->comm, &wire);
    }
    *agreed = status == JF_OK && wire.data[0] != 0;
    jf_wire_clear(&wire);
    return status;
}

/* How they share it, and where points under way are kept: what rank 0 has found out. */
static void pack_orders(const sweep *s, jf_wire *wire)
{
    jf_wire_put_i64(wire, s->crew.first);
    jf_wire_put_i64(wire, s->crew.group);
    jf_wire_put_f64(wire, s->save_interval);
    jf_wire_put_i8(wire, (int8_t)s->keeper.has_saved);
    jf_wire_put_bytes(wire, s->path.text, s->path.size);
}

static jf_status unpack_orders(sweep *s, jf_wire_reader *reader)
{
    size_t size;

    s->crew.first = (int)jf_wire_get_i64(reader);
    s->crew.group = (int)jf_wire_get_i64(reader);
    s->save_interval = jf_wire_get_f64(reader);
    const int has_saved = jf_wire_get_i8(reader);
    const unsigned char *path = jf_wire_get_bytes(reader, &size);
    JF_TRY(jf_wire_finish(reader));
    jf_string_add(&s->path, "%.*s", (int)size, (const char *)path);
    JF_TRY(jf_string_check(&s->path));
    s->keeper = jf_keeper_of(s->path.text, &s->study.plan);
    s->keeper.has_saved = has_saved;
    return JF_OK;
}

static jf_status share_orders(sweep *s)
{
    const int first = jf_comm_rank(s->comm) == 0;
    jf_wire wire = {0};

    if (first) {
        pack_orders(s, &wire);
    }
    jf_status status = jf_wire_check(&wire);
    if (status == JF_OK) {
        status = jf_comm_broadcast(s->comm, &wire);
    }
    if (status == JF_OK && !first) {
        jf_wire_reader reader = {.data = wire.data, .size = wire.size};
        status = unpack_orders(s, &reader);
    }
    jf_wire_clear(&wire);
    return status;
}

/* Every rank makes the plan from the text that rank 0 has read, and counts from the same date. */
static jf_status share_study(sweep *s)
{
    const int first = jf_comm_rank(s->comm) == 0;
    jf_wire wire = {0};

    if (first) {
        jf_wire_put_f64s(&wire, &s->date, 1);
        jf_study_pack(&s->study, &wire);
    }
    jf_status status = jf_wire_check(&wire);
    if (status == JF_OK) {
        status = jf_comm_broadcast(s->comm, &wire);
    }
    if (status == JF_OK && !first) {
        jf_wire_reader reader = {.data = wire.data, .size = wire.size};
        jf_wire_get_f64s(&reader, &s->date, 1);
        status = jf_study_unpack(&reader, &s->study);
    }
    jf_wire_clear(&wire);
    return status;
}

/* Who works with whom, so that what is left to do is done soonest. */
static jf_status choose_crew(sweep *s)
{
    const int ranks = jf_comm_size(s->comm);

    JF_TRY(jf_estimate_share(&s->estimate, s->finished, ranks, s->request->mode, &s->share));
    s->crew.first = s->share.forecast.mode == JF_COORDINATOR_DEDICATED;
    s->crew.group = s->share.load.group;
    if (s->share.too_few) {
        jf_log(JF_LOG_NOTE, "of the ranks of flow.ranks_per_point only %d are there to compute",
               s->crew.group);
    }
    return JF_OK;
}

/* In sweep.finished: a point of another shard. */
enum { NOT_OURS = JF_POINT_STATUSES };

/* A point that ends every rank that tries it becomes a row that says so, and is tried no more. */
static jf_status give_up_deadly(sweep *s, size_t index)
{
    char name[256];
    jf_point point;
    jf_record record;

    jf_plan_name(&s->study.plan, index, name, sizeof name);
    jf_log(JF_LOG_ERROR, "%s has ended %d ranks: it is given up", name,
           jf_witness_deaths(&s->witness, index));
    jf_plan_point(&s->study.plan, index, &point);
    JF_TRY(jf_record_init(s->study.plan.features, s->study.plan.samples, &record));
    jf_keeper_give_up(&point, JF_REASON_RANK_DIED, &record);
    const jf_record *const one = &record;
    const jf_status status = jf_store_put_all(s->store, &one, 1);
    jf_record_clear(&record);
    s->finished[index] = JF_POINT_FAILED;
    return status;
}

/* What runs that died have left: told, and points that it would be vain to try again. */
static jf_status heed_last_run(sweep *s)
{
    JF_TRY(jf_witness_begin(s->path.text, s->keeper.digest, &s->study.plan, s->finished,
                            jf_comm_size(s->comm), &s->witness));
    for (size_t i = 0; i < s->witness.book.count; i++) {
        const jf_logbook_line *line = &s->witness.book.lines[i];
        if (line->deaths >= JF_MOST_DEATHS) {
            JF_TRY(give_up_deadly(s, line->point));
        }
    }
    return JF_OK;
}

/* On rank 0: read, check, predict, open the dataset. */
static jf_status prepare(sweep *s)
{
    const jf_opening *how = &s->request->how;

    JF_TRY(jf_output_dataset(s->request->input, s->request->output, ".nc", how->shard, &s->path));
    s->finished = calloc(s->study.plan.points, 1);
    if (s->finished == NULL) {
        return jf_fail_memory("the plan");
    }
    JF_TRY(jf_estimate_init(&s->study.plan, &s->estimate));
    JF_TRY(jf_output_open(&s->study, s->path.text, how, &s->lock, &s->store));
    s->keeper = jf_keeper_of(s->path.text, &s->study.plan);
    s->save_interval = s->request->interval;
    JF_TRY(jf_store_finished(s->store, s->finished));
    JF_TRY(jf_shard_mark_others(how->shard, &s->study.plan, NOT_OURS, s->finished));
    s->points = jf_shard_points(how->shard, s->study.plan.points);
    JF_TRY(heed_last_run(s));
    for (size_t i = 0; i < s->study.plan.points; i++) {
        const int final = jf_points_is_final(s->finished[i]);
        s->earlier += (size_t) final;
        s->failed += final && s->finished[i] != JF_POINT_DONE;
    }
    if (s->earlier > 0) {
        jf_log(JF_LOG_NOTE, "%s: %zu of %zu points are there already", s->path.text, s->earlier,
               s->points);
    }
    return choose_crew(s);
}

/* How to go on: exactly, where it is known how the program was started. */
static jf_status tell_stopped(const sweep *s, size_t complete)
{
    const int ranks = jf_comm_size(s->comm);
    jf_string again = {0};

    if (jf_scheduler_name() != NULL) {
        jf_string_add(&again, "submit the same job script again");
    } else {
        if (ranks > 1) {
            jf_string_add(&again, "mpirun -n %d ", ranks);
        }
        jf_command_line_put(&again, "--fresh");
    }
    const jf_status status = jf_string_check(&again);
    if (status == JF_OK) {
        jf_log(JF_LOG_WARNING, "stopped with %zu of %zu points in %s; to go on: %s", complete,
               s->points, s->path.text, again.text);
    }
    jf_string_clear(&again);
    return status == JF_OK ? JF_STOPPED : status;
}

/* The run's last line: what is complete, what failed, whether measured and exact agree. */
static jf_status conclude(const sweep *s, jf_status status)
{
    const size_t points = s->points;
    const size_t complete = s->earlier + s->done;
    const double wall = jf_clock_now() - s->begin;
    const int ranks = jf_comm_size(s->comm);

    if (status == JF_STOPPED) {
        return tell_stopped(s, complete);
    }
    JF_TRY(status);
    jf_checkpoint_remove_all(s->path.text); /* of earlier runs: nothing is under way any more */
    char agreement[64] = "";
    if (s->deviation >= 0.0) {
        snprintf(agreement, sizeof agreement, ", critical times within %.1e of the exact ones",
                 s->deviation);
    }
    jf_log(JF_LOG_NOTE,
           "%zu of %zu points solved, %zu failed%s; %.3g s on %d rank%s, %.0f %% busy, %zu "
           "messages: %s",
           complete, points, s->failed, agreement, wall, ranks, ranks == 1 ? "" : "s",
           100.0 * s->compute / (ranks * wall), jf_comm_messages(s->comm), s->path.text);
    return s->failed > 0 ? JF_POINTS_FAILED : JF_OK;
}

static jf_status coordinate(sweep *s, const jf_job *job)
{
    jf_teller_begin(&s->teller, s->request->quiet);
    jf_status status = jf_coordinator_run(s->comm, job, &s->crew, &s->share.load, s->finished);
    jf_teller_end(&s->teller);
    jf_witness_end(&s->witness);
    const jf_status closed = jf_store_close(&s->store);
    if (closed != JF_OK && (status == JF_OK || status == JF_STOPPED)) {
        status = closed;
    }
    status = conclude(s, status);
    jf_lock_release(&s->lock); /* last: what was under way belongs to who holds it */
    return status;
}

/* Rank 0 tells the outcome; the others only whether the network held. */
static jf_status run_sweep(sweep *s)
{
    jf_job job = {
        .features = s->study.plan.features,
        .samples = s->study.plan.samples,
        .solve = solve,
        .keep = keep,
        .seconds_left = seconds_left,
        .progress = tell,
        .under_way = under_way,
        .lost = lost,
        .context = s,
    };
    const int first = jf_comm_rank(s->comm) == 0;
    int go_on;

    const jf_status status = first ? prepare(s) : JF_OK;
    JF_TRY(agree(s, status == JF_OK, &go_on));
    if (!go_on) {
        return status;
    }
    JF_TRY(share_orders(s));
    job.save_interval = s->save_interval;
    return first ? coordinate(s, &job) : jf_worker_run(s->comm, &job, &s->crew);
}

static jf_status read_input(int argc, char **argv, sweep *s, jf_request *r)
{
    JF_TRY(jf_request_read(argc, argv, jf_comm_size(s->comm), r));
    s->deadline = jf_deadline_find(s->begin, r->seconds);
    jf_deadline_tell(&s->deadline);
    const jf_adder adders = jf_adders(s->comm);
    JF_TRY(jf_study_read(r->input, &r->overrides, &adders, &s->study));
    if (r->dry_run) {
        jf_study_print(&s->study, stdout);
        jf_study_print_shard(&s->study, r->how.shard, stdout);
    }
    return JF_OK;
}

/* On rank 0, while the others serve: they are dismissed whether it goes well or not. */
static jf_status read_together(int argc, char **argv, sweep *s, jf_request *r)
{
    const jf_status status = read_input(argc, argv, s, r);
    const jf_status dismissed = jf_adders_dismiss(s->comm);

    return status != JF_OK ? status : dismissed;
}

static jf_status run_on_ranks(int argc, char **argv, sweep *s, jf_request *r)
{
    const int first = jf_comm_rank(s->comm) == 0;
    int go_on;

    jf_log_set_quiet(!first);
    JF_TRY(first ? JF_OK : jf_adders_serve(s->comm));
    const jf_status status = first ? read_together(argc, argv, s, r) : JF_OK;
    JF_TRY(agree(s, status == JF_OK && !r->dry_run, &go_on));
    if (!go_on) {
        return status;
    }
    JF_TRY(share_study(s));
    return run_sweep(s);
}

static void sweep_clear(sweep *s)
{
    (void)jf_store_close(&s->store); /* closed already where the sweep ran */
    jf_lock_release(&s->lock);
    jf_study_clear(&s->study);
    jf_string_clear(&s->path);
    jf_estimate_clear(&s->estimate);
    jf_logbook_clear(&s->witness.book);
    free(s->finished);
}

/*
 * Failures on which the ranks have not agreed, and the loss of a rank: without an end to all, some
 * would wait for ever.
 */
static int others_may_wait(const sweep *s, jf_status status)
{
    return status == JF_ERR_NETWORK || status == JF_ERR_MEMORY || s->lost_ranks > 0 ||
           (status != JF_OK && jf_comm_rank(s->comm) != 0);
}

static jf_status run(int argc, char **argv)
{
    jf_request r;
    sweep s = {.request = &r,
               .begin = jf_clock_now(),
               .date = jf_clock_date(),
               .deadline = {.at = INFINITY},
               .deviation = -1.0};

    JF_TRY(jf_request_init(argc, &r));
    jf_deadline_catch_signals();
    jf_status status = jf_comm_start(&argc, &argv, &s.comm);
    if (status == JF_OK) {
        jf_deadline_catch_signals();
        jf_blas_start();
        status = run_on_ranks(argc, argv, &s, &r);
        if (others_may_wait(&s, status)) {
            jf_comm_abort(s.comm, jf_status_exit_code(status));
        }
    }
    sweep_clear(&s);
    jf_comm_finish(&s.comm);
    jf_request_clear(&r);
    return status;
}

/* ---- the command ---- */

const jf_command jf_command_run = {
    .name = "run",
    .synopsis = "[mpirun -n N] jepaflow run INPUT.yaml [OPTIONS]",
    .summary = "run a sweep and write its dataset; goes on where it stopped",
    .run = run,
    .help = jf_request_help,
};
