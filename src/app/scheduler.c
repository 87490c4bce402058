#include "jepaflow/app/scheduler.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "jepaflow/app/deadline.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/text.h"

extern char **environ;

const char *jf_scheduler_name(void)
{
    if (getenv("SLURM_JOB_ID") != NULL) {
        return "Slurm";
    }
    if (getenv("PBS_JOBID") != NULL) {
        return "PBS";
    }
    return getenv("JOB_ID") != NULL && getenv("SGE_ROOT") != NULL ? "Grid Engine" : NULL;
}

/* ---- the first line that a program says ---- */

/* Start a program with its output on a pipe, and no other word from it. Returns 0 on failure. */
static int start(char *const argv[], const int pipe_ends[2], pid_t *child)
{
    posix_spawn_file_actions_t actions;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return 0;
    }
    const int well = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
                     posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1) == 0 &&
                     posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
                     posix_spawnp(child, argv[0], &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return well;
}

/* What comes out of a pipe until it is closed, at most size - 1 bytes. 0 where time is up. */
static int listen(int from, double patience, char *text, size_t size)
{
    const double end = jf_clock_now() + patience;
    size_t got = 0;

    for (;;) {
        struct pollfd about = {.fd = from, .events = POLLIN};
        const double left = end - jf_clock_now();
        text[got] = '\0';
        if (left <= 0.0) {
            return 0;
        }
        if (poll(&about, 1, (int)ceil(1e3 * left)) <= 0) {
            continue; /* time is up, or a signal came */
        }
        const ssize_t count = read(from, text + got, size - 1 - got);
        if (count <= 0 || got + (size_t)count == size - 1) {
            return count >= 0;
        }
        got += (size_t)count;
    }
}

/* The first line that a program says, and that it ends well. Returns 0 where there is none. */
static int ask(char *const argv[], double patience, char *text, size_t size)
{
    int ends[2], ended;
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return 0;
    }
    const int started = start(argv, ends, &child);
    close(ends[1]);
    int well = started && listen(ends[0], patience, text, size);
    close(ends[0]);
    if (started) {
        if (!well) {
            kill(child, SIGKILL);
        }
        well = waitpid(child, &ended, 0) == child && well && ended == 0;
    }
    text[strcspn(text, "\n")] = '\0';
    return well;
}

/* ---- Slurm ---- */

/* One task of an array has the number of the whole array: by that squeue would speak of all. */
static void name_job(const char *job, char *id, size_t size)
{
    const char *array = getenv("SLURM_ARRAY_JOB_ID"), *task = getenv("SLURM_ARRAY_TASK_ID");

    if (array != NULL && task != NULL) {
        snprintf(id, size, "%s_%s", array, task);
    } else {
        snprintf(id, size, "%s", job);
    }
}

/* UNLIMITED, NOT_SET and INVALID (the limit is over) are no times: then nothing is known. */
static double ask_squeue(const char *job, double patience)
{
    char id[64], text[64] = "";
    char squeue[] = "squeue", no_heading[] = "-h", of_job[] = "-j", form[] = "-o", left[] = "%L";
    char *const argv[] = {squeue, no_heading, of_job, id, form, left, NULL};
    double seconds;

    name_job(job, id, sizeof id);
    return ask(argv, patience, text, sizeof text) && jf_deadline_duration(text, &seconds)
               ? seconds
               : INFINITY;
}

static double slurm_seconds_left(double patience, const char **source)
{
    const char *job = getenv("SLURM_JOB_ID");
    const char *end = getenv("SLURM_JOB_END_TIME"); /* seconds since 1970 */
    double date;

    if (end != NULL && jf_text_number(end, &date)) {
        *source = "SLURM_JOB_END_TIME";
        return date - jf_clock_date();
    }
    *source = "squeue";
    return job != NULL ? ask_squeue(job, patience) : INFINITY;
}

/* ---- PBS ---- */

/*
 * Seconds since the job began: PBS makes the job script the leader of a session, in which all it
 * starts here are too. 0 where the system does not say it.
 */
static double age_of_session(void)
{
    char path[64], line[1024];
    unsigned long long ticks = 0; /* since the machine was started: field 22 */
    struct timespec now;

    snprintf(path, sizeof path, "/proc/%ld/stat", (long)getsid(0));
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0.0;
    }
    const size_t got = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[got] = '\0';
    const char *after_name = strrchr(line, ')'); /* the end of field 2 */
    int known = after_name != NULL &&
                sscanf(after_name + 1,
                       " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
                       "%*d %llu",
                       &ticks) == 1;
    known = known && clock_gettime(CLOCK_BOOTTIME, &now) == 0;
    return known ? fmax((double)now.tv_sec - (double)ticks / (double)sysconf(_SC_CLK_TCK), 0.0)
                 : 0.0;
}

static double pbs_seconds_left(const char **source)
{
    const char *walltime = getenv("PBS_WALLTIME"); /* seconds */
    double seconds;

    *source = "PBS_WALLTIME";
    return walltime != NULL && jf_text_number(walltime, &seconds) ? seconds - age_of_session()
                                                                  : INFINITY;
}

double jf_scheduler_seconds_left(double patience, const char **source)
{
    double seconds = slurm_seconds_left(patience, source);

    if (isinf(seconds)) {
        seconds = pbs_seconds_left(source);
    }
    if (isinf(seconds)) {
        *source = NULL;
    }
    return fmax(seconds, 0.0);
}
