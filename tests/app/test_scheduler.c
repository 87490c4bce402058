/*
 * test_scheduler.c - what each batch system says of a job's time; squeue is a script of the test's.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/folder.h"
#include "jepaflow/app/scheduler.h"
#include "jepaflow/base/clock.h"

static char folder[FOLDER_SIZE], script[192];

static int begin(void **state)
{
    char path[1024];

    (void)state;
    folder_make(folder);
    snprintf(script, sizeof script, "%s/squeue", folder);
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", folder);
    return setenv("PATH", path, 1);
}

static int end(void **state)
{
    (void)state;
    unlink(script);
    return rmdir(folder);
}

/* As outside of any batch system. */
static int forget(void **state)
{
    static const char *const names[] = {"SLURM_JOB_ID",
                                        "SLURM_JOB_END_TIME",
                                        "SLURM_ARRAY_JOB_ID",
                                        "SLURM_ARRAY_TASK_ID",
                                        "PBS_JOBID",
                                        "PBS_WALLTIME",
                                        "JOB_ID",
                                        "SGE_ROOT"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        unsetenv(names[i]);
    }
    return 0;
}

static void write_squeue(const char *commands)
{
    FILE *file = fopen(script, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", commands);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(script, 0755), 0);
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static void batch_systems_are_known_by_their_variables(void **state)
{
    const char *source = "";

    (void)state;
    assert_null(jf_scheduler_name());
    assert_true(isinf(jf_scheduler_seconds_left(5.0, &source)));
    assert_null(source);
    set("JOB_ID", "12");
    assert_null(jf_scheduler_name()); /* the name is anybody's */
    set("SGE_ROOT", "/opt/sge");
    assert_string_equal(jf_scheduler_name(), "Grid Engine");
    set("PBS_JOBID", "12.server");
    assert_string_equal(jf_scheduler_name(), "PBS");
    set("SLURM_JOB_ID", "12");
    assert_string_equal(jf_scheduler_name(), "Slurm");
}

static void slurm_gives_a_date(void **state)
{
    char date[32];
    const char *source = NULL;

    (void)state;
    snprintf(date, sizeof date, "%.0f", jf_clock_date() + 1000.0);
    set("SLURM_JOB_ID", "12");
    set("SLURM_JOB_END_TIME", date);
    assert_within(jf_scheduler_seconds_left(5.0, &source), 1000.0, 2.0);
    assert_string_equal(source, "SLURM_JOB_END_TIME");
    set("SLURM_JOB_END_TIME", "1000"); /* over long ago */
    assert_true(jf_scheduler_seconds_left(5.0, &source) == 0.0);
}

static void squeue_is_asked_of_this_job(void **state)
{
    const char *source = NULL;

    (void)state;
    write_squeue("[ \"$*\" = '-h -j 12 -o %L' ] && echo noise >&2 && echo 1-02:03:04");
    set("SLURM_JOB_ID", "12");
    assert_true(jf_scheduler_seconds_left(5.0, &source) == 93784.0);
    assert_string_equal(source, "squeue");
    set("SLURM_JOB_ID", "12; touch here"); /* no shell reads it */
    assert_true(isinf(jf_scheduler_seconds_left(5.0, &source)));
    assert_null(source);
}

/* The task that has the number of the array itself is not taken for the others. */
static void squeue_is_asked_of_one_task_of_an_array(void **state)
{
    const char *source = NULL;

    (void)state;
    write_squeue("case $3 in 12_3) echo 0:50 ;; 12) printf '4:00:00\\n0:50\\n' ;; esac");
    set("SLURM_JOB_ID", "12");
    set("SLURM_ARRAY_JOB_ID", "12");
    set("SLURM_ARRAY_TASK_ID", "3");
    assert_true(jf_scheduler_seconds_left(5.0, &source) == 50.0);
}

static void squeue_may_know_no_time(void **state)
{
    static const char *const answers[] = {"echo UNLIMITED",      "echo INVALID", "echo NOT_SET",
                                          "echo 1:2:3:4",        "true",         "echo 10; false",
                                          "echo 10; kill -9 $$", "echo 1-2",     "yes 10",
                                          "echo '10 20'",        "echo -5",      "echo"};
    const char *source;

    (void)state;
    set("SLURM_JOB_ID", "12");
    for (size_t i = 0; i < COUNT(answers); i++) {
        write_squeue(answers[i]);
        if (isfinite(jf_scheduler_seconds_left(5.0, &source))) {
            fail_msg("a time was found in: %s", answers[i]);
        }
    }
    unlink(script); /* nor be there */
    set("PATH", folder);
    assert_true(isinf(jf_scheduler_seconds_left(5.0, &source)));
    begin(NULL);
}

/* It is not waited for beyond the time it has; nor is what it has started, and still holds on. */
static void squeue_may_hang(void **state)
{
    static const char *const ways[] = {"exec sleep 60", "sleep 60 & wait"};
    const char *source;

    (void)state;
    set("SLURM_JOB_ID", "12");
    for (size_t i = 0; i < COUNT(ways); i++) {
        write_squeue(ways[i]);
        const double before = jf_clock_now();
        assert_true(isinf(jf_scheduler_seconds_left(0.2, &source)));
        assert_within(jf_clock_now() - before, 0.2, 2.0);
    }
}

/* From the start of the job, which is that of the session; the test's own may be of any age. */
static void pbs_gives_seconds_from_the_start_of_the_job(void **state)
{
    const char *source = NULL;

    (void)state;
    set("PBS_JOBID", "12.server");
    set("PBS_WALLTIME", "1e9");
    const double left = jf_scheduler_seconds_left(5.0, &source);
    assert_string_equal(source, "PBS_WALLTIME");
    assert_true(left <= 1e9 && left > 0.9e9);
    set("PBS_WALLTIME", "soon");
    assert_true(isinf(jf_scheduler_seconds_left(5.0, &source)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(batch_systems_are_known_by_their_variables, forget),
        cmocka_unit_test_setup(slurm_gives_a_date, forget),
        cmocka_unit_test_setup(squeue_is_asked_of_this_job, forget),
        cmocka_unit_test_setup(squeue_is_asked_of_one_task_of_an_array, forget),
        cmocka_unit_test_setup(squeue_may_know_no_time, forget),
        cmocka_unit_test_setup(squeue_may_hang, forget),
        cmocka_unit_test_setup(pbs_gives_seconds_from_the_start_of_the_job, forget),
    };

    return cmocka_run_group_tests_name("scheduler", tests, begin, end);
}
