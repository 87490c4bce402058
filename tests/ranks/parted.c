/*
 * parted.c - a leader dies when the last point of its group is done, and before it has told its
 * member: that works alone all the same, and does what is left.
 *
 *   mpirun --enable-recovery -n 3 tests/ranks/parted
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/ranks/coordinator.h"
#include "jepaflow/ranks/worker.h"

/* Rank 0 coordinates, 1 leads 2; the first point is theirs, the others are for one. */
enum { POINTS = 20, LEADER = 1 };

static jf_comm *comm;
static int has_led, kept;

static void solve(void *context, size_t point, jf_grid *grid, int (*look)(void *),
                  void *look_context, jf_record *record)
{
    (void)context;
    jf_record_reset(record, point, 1);
    *record->status = look(look_context) == JF_STOP ? JF_POINT_STOPPED : JF_POINT_DONE;
    *record->seconds = 1e-3;
    has_led = grid != NULL && jf_comm_rank(comm) == LEADER;
}

static jf_status keep(void *context, jf_record *const *records, size_t count)
{
    (void)context;
    (void)records;
    kept += (int)count;
    return JF_OK;
}

/* A worker asks before it looks at its mail. */
static double seconds_left(void *context)
{
    (void)context;
    if (has_led) {
        jf_clock_sleep(0.1); /* its record has arrived */
        kill(getpid(), SIGKILL);
    }
    return INFINITY;
}

static void tell(void *context, const jf_progress *progress)
{
    (void)context;
    (void)progress;
}

int main(int argc, char **argv)
{
    static const unsigned char wide[POINTS] = {1};
    static const jf_crew crew = {.first = 1, .group = 2};
    static const jf_job job = {.features = 1,
                               .save_interval = INFINITY,
                               .solve = solve,
                               .keep = keep,
                               .seconds_left = seconds_left,
                               .progress = tell};
    double cost[POINTS];

    for (size_t i = 0; i < POINTS; i++) {
        cost[i] = 1e-3;
    }
    const jf_workload load = {.points = POINTS, .cost = cost, .wide = wide, .group = crew.group};
    if (jf_comm_start(&argc, &argv, &comm) != JF_OK) {
        return 3;
    }
    if (jf_comm_rank(comm) == 0) {
        const jf_status status = jf_coordinator_run(comm, &job, &crew, &load, NULL);
        printf("status %d, %d points\n", (int)status, kept);
        fflush(stdout);
        jf_comm_abort(comm, jf_status_exit_code(status)); /* or the end waits for the leader */
    }
    const jf_status status = jf_worker_run(comm, &job, &crew);
    jf_comm_finish(&comm);
    return jf_status_exit_code(status);
}
