#include "jepaflow/app/deadline.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/scheduler.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"

/* Seconds to write what is there and to end all ranks; see deadline.h. */
static const double winding_up = 2.0;
static const double winding_up_job = 30.0;
static const double largest_share = 0.1;

/* Seconds that squeue may take to answer. */
static const double patience = 10.0;

static volatile sig_atomic_t interrupted;

/* ---- signals ---- */

static void on_signal(int number)
{
    if (number == SIGINT) {
        signal(SIGINT, SIG_DFL);
    }
    interrupted = 1;
}

/* Writes to the dataset that a signal meets go on: SA_RESTART. */
void jf_deadline_catch_signals(void)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!(numbers[i] == SIGINT && interrupted)) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

int jf_deadline_interrupted(void)
{
    return interrupted != 0;
}

/* ---- durations ---- */

/* A whole number at *at, which is moved behind it. */
static int take_number(const char **at, double *number)
{
    char *end;

    if (**at < '0' || **at > '9') {
        return 0;
    }
    *number = (double)strtoul(*at, &end, 10);
    *at = end;
    return 1;
}

int jf_deadline_duration(const char *text, double *seconds)
{
    const int has_days = strchr(text, '-') != NULL;
    double days = 0.0, number;
    int parts = 0;

    if (has_days && (!take_number(&text, &days) || *text++ != '-')) {
        return 0;
    }
    for (*seconds = 0.0; take_number(&text, &number); text++) {
        *seconds = 60.0 * *seconds + number;
        parts++;
        if (*text == '\0') {
            *seconds += 86400.0 * days;
            return has_days ? parts == 3 : parts <= 3;
        }
        if (*text != ':') {
            return 0;
        }
    }
    return 0;
}

jf_status jf_deadline_read(const char *option, const char *text, double *seconds)
{
    if (text == NULL) {
        *seconds = INFINITY;
        return JF_OK;
    }
    return jf_deadline_duration(text, seconds)
               ? JF_OK
               : jf_fail(JF_ERR_USAGE, "%s is '%s', expected HH:MM:SS", option, text);
}

/* ---- the deadline ---- */

static jf_deadline make(double now, double end, double margin, const char *source)
{
    const double left = end - now;

    return (jf_deadline){.at = isfinite(left) ? end - fmin(margin, largest_share * fmax(left, 0.0))
                                              : INFINITY,
                         .end = end,
                         .source = source};
}

jf_deadline jf_deadline_find(double begin, double walltime)
{
    const char *source;
    const double left = jf_scheduler_seconds_left(patience, &source);
    const double now = jf_clock_now();
    const jf_deadline own =
        make(begin, begin + walltime, winding_up, isfinite(walltime) ? "--walltime" : NULL);
    const jf_deadline job = make(now, now + left, winding_up_job, source);

    return own.at <= job.at ? own : job;
}

void jf_deadline_tell(const jf_deadline *d)
{
    const char *scheduler = jf_scheduler_name();

    if (d->source != NULL) {
        const double left = fmax(d->end - jf_clock_now(), 0.0);
        const double minutes = floor(left / 60.0), hours = floor(minutes / 60.0);
        jf_log(JF_LOG_NOTE, "time left: %02.0f:%02.0f:%02.0f, by %s; stops %.2g s before", hours,
               minutes - 60.0 * hours, floor(left - 60.0 * minutes), d->source, d->end - d->at);
    } else if (scheduler != NULL) {
        jf_log(JF_LOG_WARNING,
               "this %s job has no time limit, or nobody tells it: where it has one, give it as "
               "--walltime, so that the run stops in order",
               scheduler);
    }
}
