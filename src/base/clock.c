#include "jepaflow/base/clock.h"

#include <time.h>

static double read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double jf_clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double jf_clock_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

double jf_clock_date(void)
{
    return read_clock(CLOCK_REALTIME);
}

void jf_clock_sleep(double seconds)
{
    if (seconds > 0.0) {
        const time_t whole = (time_t)seconds;
        const long rest = (long)(1e9 * (seconds - (double)whole));
        nanosleep(&(struct timespec){.tv_sec = whole, .tv_nsec = rest}, NULL);
    }
}

void jf_clock_stamp(char *text, size_t size)
{
    const time_t now = time(NULL);
    struct tm parts;

    gmtime_r(&now, &parts);
    if (strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0 && size > 0) {
        text[0] = '\0';
    }
}
