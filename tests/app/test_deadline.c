/*
 * test_deadline.c - durations as people and Slurm write them; what comes first ends a run, with
 * time to wind up; signals are remembered.
 */
#include "../support/check.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/deadline.h"
#include "jepaflow/base/clock.h"

static int forget(void **state)
{
    (void)state;
    unsetenv("SLURM_JOB_ID");
    unsetenv("SLURM_JOB_END_TIME");
    unsetenv("PBS_JOBID");
    unsetenv("PBS_WALLTIME");
    unsetenv("JOB_ID");
    return 0;
}

static void durations_are_read(void **state)
{
    static const struct {
        const char *text;
        double seconds;
    } right[] = {{"0", 0},
                 {"90", 90},
                 {"1:30", 90},
                 {"0:05", 5},
                 {"02:00:00", 7200},
                 {"100:00:01", 360001},
                 {"1-00:00:00", 86400},
                 {"2-03:04:05", 183845}};
    static const char *const wrong[] = {
        "",      "soon", "1:",  ":1",   "1:2:3:4", "-1",        "1-2", "1-2:3",
        "1-2-3", "1 2",  "1.5", "1:2:", "1:-2",    "UNLIMITED", "--1", "1-"};
    double seconds;

    (void)state;
    for (size_t i = 0; i < COUNT(right); i++) {
        assert_true(jf_deadline_duration(right[i].text, &seconds));
        assert_true(seconds == right[i].seconds);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        if (jf_deadline_duration(wrong[i], &seconds)) {
            fail_msg("'%s' was read as %g seconds", wrong[i], seconds);
        }
    }
    assert_ok(jf_deadline_read("--walltime", NULL, &seconds));
    assert_true(isinf(seconds));
    assert_refused(jf_deadline_read("--walltime", "soon", &seconds), JF_ERR_USAGE,
                   "--walltime is 'soon', expected HH:MM:SS");
}

/* A walltime counts from the start of the run, a tenth of it or 2 s are for winding up. */
static void a_walltime_leaves_time_to_wind_up(void **state)
{
    (void)state;
    const jf_deadline none = jf_deadline_find(5.0, INFINITY);
    assert_true(isinf(none.at) && none.source == NULL);
    assert_true(jf_deadline_find(5.0, 10.0).at == 14.0);
    const jf_deadline hour = jf_deadline_find(5.0, 3600.0);
    assert_true(hour.at == 3603.0 && hour.end == 3605.0);
    assert_string_equal(hour.source, "--walltime");
}

/* A job's end gives 30 s, or a tenth; it counts from now, whatever the run's begin. */
static void what_comes_first_counts(void **state)
{
    char date[32];
    const double now = jf_clock_now();

    (void)state;
    snprintf(date, sizeof date, "%.0f", jf_clock_date() + 1000.0);
    assert_int_equal(setenv("SLURM_JOB_END_TIME", date, 1), 0);
    const jf_deadline job = jf_deadline_find(now - 50.0, INFINITY);
    assert_within(job.at - now, 970.0, 3.0);
    assert_string_equal(job.source, "SLURM_JOB_END_TIME");
    assert_string_equal(jf_deadline_find(now, 980.0).source, "SLURM_JOB_END_TIME");
    assert_string_equal(jf_deadline_find(now, 900.0).source, "--walltime");
}

static void the_user_is_told(void **state)
{
    const double now = jf_clock_now();
    const jf_deadline nothing = {.at = INFINITY, .end = INFINITY};

    (void)state;
    hear();
    jf_deadline_tell(&nothing);
    assert_string_equal(heard(), "");
    hear();
    jf_deadline_tell(&(jf_deadline){now + 7322.5, now + 7324.5, "--walltime"});
    assert_string_equal(heard(), "time left: 02:02:04, by --walltime; stops 2 s before\n");
    hear();
    assert_int_equal(setenv("PBS_JOBID", "12.server", 1), 0);
    jf_deadline_tell(&nothing);
    assert_non_null(strstr(heard(), "this PBS job has no time limit, or nobody tells it"));
}

/* Each of them, and a second SIGINT would have ended this test. */
static void signals_are_remembered(void **state)
{
    static const int numbers[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGINT};
    struct sigaction action;

    (void)state;
    jf_deadline_catch_signals();
    assert_true(!jf_deadline_interrupted());
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_int_equal(raise(numbers[i]), 0);
        assert_true(jf_deadline_interrupted());
    }
    jf_deadline_catch_signals(); /* as after MPI has started */
    assert_int_equal(sigaction(SIGINT, NULL, &action), 0);
    assert_true(action.sa_handler == SIG_DFL);
    assert_int_equal(raise(SIGTERM), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(durations_are_read, forget),
        cmocka_unit_test_setup(a_walltime_leaves_time_to_wind_up, forget),
        cmocka_unit_test_setup(what_comes_first_counts, forget),
        cmocka_unit_test_setup(the_user_is_told, forget),
        cmocka_unit_test_setup(signals_are_remembered, forget),
    };

    return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
