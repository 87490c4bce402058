/*
 * deadline.h - when a run is to stop: a walltime, the scheduler's word, a signal.
 *
 * Once it is found a deadline is counted on the monotonic clock: dates that are set, by a user or
 * by NTP, move nothing; nor does time count in which the machine slept.
 */
#ifndef JEPAFLOW_APP_DEADLINE_H
#define JEPAFLOW_APP_DEADLINE_H

#include "jepaflow/base/status.h"

/*
 * A duration in seconds: D-HH:MM:SS as Slurm writes it, HH:MM:SS, MM:SS or seconds. Returns 1, or 0
 * where it is none.
 */
int jf_deadline_duration(const char *text, double *seconds);

/*
 * Read a duration that was given as an option.
 *   text  NULL for none: then *seconds is INFINITY
 * JF_ERR_USAGE with a message.
 */
jf_status jf_deadline_read(const char *option, const char *text, double *seconds);

typedef struct {
    double at;          /* clock (jf_clock_now) at which to stop; INFINITY: nothing limits it */
    double end;         /* clock at which time is up: `at`, and the time to wind up */
    const char *source; /* who says so; NULL: nobody */
} jf_deadline;

/*
 * What comes first: `begin` (clock) + `walltime` (seconds, INFINITY for none), or the end of the
 * batch job (scheduler.h). The time to wind up, in which what is there is written and all ranks
 * end, is at most a tenth of what is left: 2 s of a walltime, 30 s of a batch job, whose scheduler
 * counts from its own start and looks at limits now and then.
 */
jf_deadline jf_deadline_find(double begin, double walltime);

/* Tell the user how much time there is, or that nobody says so of a batch job. */
void jf_deadline_tell(const jf_deadline *deadline);

/*
 * From now on SIGTERM, SIGINT, SIGUSR1 and SIGUSR2 (Grid Engine's -notify) only make
 * jf_deadline_interrupted() true; a second SIGINT ends the program at once. Call before and after
 * MPI starts: it may set handlers of its own.
 */
void jf_deadline_catch_signals(void);

int jf_deadline_interrupted(void);

#endif
