/*
 * deadline.h - when a run is to stop: a walltime, the scheduler's word, a signal.
 */
#ifndef JEPAFLOW_APP_DEADLINE_H
#define JEPAFLOW_APP_DEADLINE_H

#include "jepaflow/base/status.h"

/*
 * Read a duration, HH:MM:SS, MM:SS or seconds.
 *   text  NULL for none: then *seconds is INFINITY
 * JF_ERR_USAGE with a message.
 */
jf_status jf_deadline_read(const char *option, const char *text, double *seconds);

/*
 * The clock (jf_clock_now) at which to stop: the earlier of begin + seconds and the end of the
 * batch job (SLURM_JOB_END_TIME), less the time to wind up.
 */
double jf_deadline_find(double begin, double seconds);

/*
 * From now on SIGTERM, SIGINT and SIGUSR1 only make jf_deadline_interrupted() true; a second SIGINT
 * ends the program at once. Call after MPI has started, which sets handlers of its own.
 */
void jf_deadline_catch_signals(void);

int jf_deadline_interrupted(void);

#endif
