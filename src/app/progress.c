#include "jepaflow/app/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"

void jf_teller_begin(jf_teller *teller, int quiet)
{
    const double now = jf_clock_now();

    *teller =
        (jf_teller){.quiet = quiet, .terminal = isatty(STDERR_FILENO), .begin = now, .told = now};
}

/*
 * On a terminal ten times a second; elsewhere after every fifth of the work, but not within 2 s, or
 * 60 s.
 */
static int is_time(const jf_teller *t, double now, double share)
{
    const double since = now - t->told;

    if (t->terminal) {
        return since > 0.1;
    }
    return (since > 2.0 && share - t->share >= 0.2) || since > 60.0;
}

void jf_teller_tell(jf_teller *t, const jf_progress *p)
{
    const double now = jf_clock_now();
    const double share = p->cost_total > 0.0 ? p->cost_done / p->cost_total : 1.0;
    const double left = share > 0.0 ? (now - t->begin) * (1.0 - share) / share : 0.0;

    if (t->quiet || !is_time(t, now, share)) {
        return;
    }
    if (t->terminal) {
        fprintf(stderr, "\r%3.0f %% of the work, %zu of %zu points, %.0f s left\033[K",
                100.0 * share, p->done, p->total, left);
    } else {
        jf_log(JF_LOG_NOTE, "%.0f %% of the work, %zu of %zu points, %.0f s left", 100.0 * share,
               p->done, p->total, left);
    }
    t->told = now;
    t->share = share;
}

void jf_teller_end(jf_teller *t)
{
    if (t->terminal && !t->quiet && t->share > 0.0) {
        fprintf(stderr, "\r\033[K");
    }
}
