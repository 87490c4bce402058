/*
 * clock.h - time that passes, and waiting without burning a core.
 *
 * Seconds of a monotonic clock, so that a change of the wall clock moves nothing. Dates are for the
 * dataset alone, which tells when something was done.
 */
#ifndef JEPAFLOW_BASE_CLOCK_H
#define JEPAFLOW_BASE_CLOCK_H

#include <stddef.h>

/* Seconds since some fixed instant; never goes back. */
double jf_clock_now(void);

/* CPU seconds of this process so far. */
double jf_clock_cpu(void);

/* Seconds since 1970-01-01 00:00:00 UTC, by the wall clock, which may be set back. */
double jf_clock_date(void);

/* Sleep for about `seconds`; may return early on a signal. */
void jf_clock_sleep(double seconds);

/* The date and time in UTC, ISO 8601, into text[size]; size at least 21. */
void jf_clock_stamp(char *text, size_t size);

#endif
