/*
 * scheduler.h - what the batch system says of the job that this program runs in.
 *
 *   Slurm        SLURM_JOB_END_TIME, where it is set (from 23.02 on); else what squeue says
 *   PBS, Torque  PBS_WALLTIME, from the start of the job
 *   Grid Engine  tells a job nothing of its limits: the job script has to (--walltime)
 *
 * All times are counted from the call on, so that a clock that is set meanwhile moves nothing.
 * Knows no MPI.
 */
#ifndef JEPAFLOW_APP_SCHEDULER_H
#define JEPAFLOW_APP_SCHEDULER_H

/* "Slurm", "PBS" or "Grid Engine"; NULL: this is no batch job. */
const char *jf_scheduler_name(void);

/*
 * Seconds that the job has left from now on; INFINITY where nothing limits it or nobody says. Asks
 * squeue, by posix_spawn(), which copies no memory that a network may have pinned, as fork() in a
 * program of MPI would. On one rank only: ten thousand would be too many for Slurm.
 *   patience  seconds that squeue may take; then it is killed, and has said nothing
 *   source    who says so, for people; NULL where the result is INFINITY
 */
double jf_scheduler_seconds_left(double patience, const char **source);

#endif
