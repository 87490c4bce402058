/*
 * sums.c - a sweep without a flow, for the tests of ranks: points are sums over the ranks that
 * solve them, which are known beforehand.
 *
 *   mpirun -n N tests/ranks/sums POINTS WIDE [STOP [fail]]
 *
 * POINTS points, every WIDE'th of them for groups (0: none), for groups of 1, 2 and 3, with a
 * rank 0 that works and one that only coordinates; stopped after each STOP records, and gone on
 * with until all is done. With `fail' nothing can be kept any more from then on, and the sweep ends
 * there. One line for each of these sweeps; exit code 1 where a point is wrong, missing or done
 * twice.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/random.h"
#include "jepaflow/base/wire.h"
#include "jepaflow/ranks/coordinator.h"
#include "jepaflow/ranks/worker.h"

typedef struct {
    jf_comm *comm;
    jf_crew crew;
    size_t points, wide_each, stop_after;
    unsigned char *finished, *wide;
    double *cost;
    int *solved_by; /* by rank: points */
    size_t kept, kept_now, wrong;
    int fails;
} sweep;

enum { STEPS = 3 };

static int is_wide(const sweep *s, size_t point)
{
    return s->wide_each > 0 && point % s->wide_each == 0;
}

/* The place of this rank in its group, from 1. */
static int place(const sweep *s)
{
    return (jf_comm_rank(s->comm) - s->crew.first) % s->crew.group + 1;
}

/* Some hundred microseconds, others on each rank: so that no two ranks keep step by chance. */
static void dawdle(const sweep *s, size_t point)
{
    double uniform;

    jf_random_normal((jf_random){1, (uint64_t)jf_comm_rank(s->comm), point}, &uniform, 1);
    jf_clock_sleep(s->points <= 1000 ? 1e-4 * fabs(uniform) : 0.0);
}

/* In each step: the sum over the ranks of a group of their places, and so of 1 for one alone. */
static void solve(void *context, size_t point, jf_grid *grid, int (*look)(void *),
                  void *look_context, jf_record *record)
{
    const sweep *s = context;
    double sum = 0.0;

    jf_record_reset(record, point, 1);
    for (int step = 0; step < STEPS; step++) {
        double number = grid != NULL ? place(s) : 1.0;
        if (look(look_context) == JF_STOP) {
            *record->status = JF_POINT_STOPPED;
            return;
        }
        dawdle(s, point);
        if (grid != NULL) {
            jf_grid_sum(grid, 1, &number);
        }
        sum += number;
    }
    record->critical_time[0] = sum * (double)(point + 1);
    *record->point_ranks = grid != NULL ? jf_grid_ranks(grid) : 1;
    *record->seconds = 1e-4;
    *record->status = JF_POINT_DONE;
}

/* Ranks that are to solve a point: of a wide one a group, where there is a whole one. */
static int ranks_of(const sweep *s, size_t point)
{
    const int whole = jf_crew_workers(&s->crew, jf_comm_size(s->comm)) >= s->crew.group;

    return is_wide(s, point) && whole ? s->crew.group : 1;
}

static int is_right(const sweep *s, const jf_record *record)
{
    const int g = ranks_of(s, record->point);
    const double sum = STEPS * (double)(record->point + 1) * g * (g + 1) / 2.0;
    const int led = g == 1 || (*record->rank - s->crew.first) % s->crew.group == 0;

    return *record->point_ranks == g && record->critical_time[0] == sum && led &&
           *record->rank >= s->crew.first && !s->finished[record->point];
}

static jf_status keep(void *context, jf_record *const *records, size_t count)
{
    sweep *s = context;

    if (s->fails && s->kept_now >= s->stop_after) {
        return jf_fail(JF_ERR_FILE, "the disk is full");
    }
    for (size_t i = 0; i < count; i++) {
        s->wrong += !is_right(s, records[i]);
        s->finished[records[i]->point] = 1;
        s->solved_by[*records[i]->rank]++;
    }
    s->kept += count;
    s->kept_now += count;
    return JF_OK;
}

static double seconds_left(void *context)
{
    const sweep *s = context;

    return s->stop_after > 0 && s->kept_now >= s->stop_after ? 0.0 : INFINITY;
}

static void tell(void *context, const jf_progress *progress)
{
    (void)context;
    (void)progress;
}

/* Rank 0's word to all: go on or not. */
static int go_on(const sweep *s, int it_goes_on)
{
    jf_wire wire = {0};

    jf_wire_put_i8(&wire, (int8_t)it_goes_on);
    const int all = jf_comm_broadcast(s->comm, &wire) == JF_OK && wire.data[0] != 0;
    jf_wire_clear(&wire);
    return all;
}

static jf_status run_once(sweep *s)
{
    const jf_job job = {.features = 1,
                        .save_interval = INFINITY,
                        .solve = solve,
                        .keep = keep,
                        .seconds_left = seconds_left,
                        .progress = tell,
                        .context = s};
    const jf_workload load = {
        .points = s->points, .cost = s->cost, .wide = s->wide, .group = s->crew.group};

    s->kept_now = 0;
    return jf_comm_rank(s->comm) == 0
               ? jf_coordinator_run(s->comm, &job, &s->crew, &load, s->finished)
               : jf_worker_run(s->comm, &job, &s->crew);
}

static void report(const sweep *s, jf_status status, int runs, size_t messages)
{
    int ranks = 0;

    for (int rank = 0; rank < jf_comm_size(s->comm); rank++) {
        ranks += s->solved_by[rank] > 0;
    }
    printf(
        "first %d, groups of %d: status %d after %d runs, %zu points, %zu wrong; %d ranks solved "
        "points; %zu messages\n",
        s->crew.first, s->crew.group, (int)status, runs, s->kept, s->wrong, ranks, messages);
}

/* Run a sweep to its end. Returns whether all was right; on other ranks than 0 always. */
static int run(sweep *s)
{
    const size_t before = jf_comm_messages(s->comm);
    jf_status status = JF_STOPPED;
    int runs = 0;

    s->kept = s->wrong = 0;
    for (size_t i = 0; i < s->points; i++) {
        s->finished[i] = 0;
        s->wide[i] = (unsigned char)is_wide(s, i);
        s->cost[i] = 1e-4 * (double)(1 + i % 7);
    }
    for (int rank = 0; rank < jf_comm_size(s->comm); rank++) {
        s->solved_by[rank] = 0;
    }
    while (go_on(s, status == JF_STOPPED && !(s->fails && runs > 0))) {
        status = run_once(s);
        runs++;
    }
    if (jf_comm_rank(s->comm) != 0) {
        return 1;
    }
    report(s, status, runs, jf_comm_messages(s->comm) - before);
    return s->wrong == 0 && (s->fails || (status == JF_OK && s->kept == s->points));
}

static int run_all(sweep *s)
{
    int right = 1;

    for (int first = 0; first <= 1; first++) {
        for (int group = 1; group <= 3; group++) {
            s->crew = (jf_crew){.first = first, .group = group};
            if (jf_comm_size(s->comm) > first) {
                right = run(s) && right;
            }
        }
    }
    return right;
}

int main(int argc, char **argv)
{
    sweep s = {.points = argc > 1 ? strtoul(argv[1], NULL, 10) : 0,
               .wide_each = argc > 2 ? strtoul(argv[2], NULL, 10) : 0,
               .stop_after = argc > 3 ? strtoul(argv[3], NULL, 10) : 0,
               .fails = argc > 4};

    if (jf_comm_start(&argc, &argv, &s.comm) != JF_OK) {
        return 1;
    }
    s.finished = calloc(s.points + 1, 1);
    s.wide = calloc(s.points + 1, 1);
    s.cost = calloc(s.points + 1, sizeof *s.cost);
    s.solved_by = calloc((size_t)jf_comm_size(s.comm), sizeof *s.solved_by);
    const int made = s.finished != NULL && s.wide != NULL && s.cost != NULL && s.solved_by != NULL;
    if (!made) {
        jf_comm_abort(s.comm, 3);
    }
    const int right = run_all(&s);
    free(s.finished);
    free(s.wide);
    free(s.cost);
    free(s.solved_by);
    jf_comm_finish(&s.comm);
    return right ? 0 : 1;
}
