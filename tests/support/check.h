/*
 * check.h - what cmocka lacks: numbers that are near each other, and refusals with their message.
 *
 * Includes cmocka with the headers that it wants before it. A failed check says both numbers.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_CHECK_H
#define JEPAFLOW_TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jepaflow/base/status.h"

/* |actual - expected| <= relative |expected|; never true of NaN. */
#define assert_near(actual, expected, relative)                                                    \
    check_near(actual, expected, relative, 0.0, #actual, __FILE__, __LINE__)

/* |actual - expected| <= absolute; never true of NaN. */
#define assert_within(actual, expected, absolute)                                                  \
    check_near(actual, expected, 0.0, absolute, #actual, __FILE__, __LINE__)

/* actual < limit; never true of NaN. */
#define assert_below(actual, limit) check_below(actual, limit, #actual, __FILE__, __LINE__)

void check_near(double actual, double expected, double relative, double absolute, const char *what,
                const char *file, int line);
void check_below(double actual, double limit, const char *what, const char *file, int line);

/* A call of type jf_status that succeeds and writes nothing. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        hear();                                                                                    \
        const jf_status check_status_ = (call);                                                    \
        check_message(check_status_, JF_OK, "", __FILE__, __LINE__);                               \
    } while (0)

/* A call that fails with `status` and writes one line, which contains `fragment`. */
#define assert_refused(call, status, fragment)                                                     \
    do {                                                                                           \
        hear();                                                                                    \
        const jf_status check_status_ = (call);                                                    \
        check_message(check_status_, status, fragment, __FILE__, __LINE__);                        \
    } while (0)

/* Collect messages from now on instead of writing them; those of before are forgotten. */
void hear(void);

/* What was collected, a line each, and back to stderr. Valid until the next hear(). */
const char *heard(void);

void check_message(jf_status actual, jf_status expected, const char *fragment, const char *file,
                   int line);

/* The number of a one-dimensional array's elements. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
