#include "jepaflow/app/deadline.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

/* Time to write what is there and to end all ranks, at most a tenth of the whole. */
static const double winding_up = 2.0;

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = 1;
    if (number == SIGINT) {
        signal(SIGINT, SIG_DFL);
    }
}

void jf_deadline_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
}

int jf_deadline_interrupted(void)
{
    return interrupted != 0;
}

jf_status jf_deadline_read(const char *option, const char *text, double *seconds)
{
    const char *at = text;
    double total = 0.0;

    *seconds = INFINITY;
    for (int part = 0; at != NULL && part < 3 && *at >= '0' && *at <= '9'; part++) {
        char *end;
        total = 60.0 * total + (double)strtoul(at, &end, 10);
        if (*end == '\0') {
            *seconds = total;
            return JF_OK;
        }
        at = *end == ':' ? end + 1 : NULL;
    }
    return text == NULL ? JF_OK
                        : jf_fail(JF_ERR_USAGE, "%s is '%s', expected HH:MM:SS", option, text);
}

double jf_deadline_find(double begin, double seconds)
{
    const char *job_end = getenv("SLURM_JOB_END_TIME"); /* seconds since 1970 */
    double deadline = begin + seconds;
    double end;

    if (job_end != NULL && jf_text_number(job_end, &end)) {
        deadline = fmin(deadline, jf_clock_now() + end - (double)time(NULL));
    }
    return isfinite(deadline) ? deadline - fmin(winding_up, 0.1 * (deadline - begin)) : deadline;
}
