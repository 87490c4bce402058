/*
 * test_clock.c - time that passes: against each other, and against the system's own clock.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "jepaflow/base/clock.h"

/* A sleep lasts at least as long as it was asked to, by the clock, and little of it is CPU time. */
static void sleeping_takes_time_but_no_core(void **state)
{
    const double begin = jf_clock_now();
    const double cpu = jf_clock_cpu();

    (void)state;
    jf_clock_sleep(0.1);
    const double passed = jf_clock_now() - begin;
    assert_true(passed >= 0.099);
    assert_below(passed, 10.0);
    assert_below(jf_clock_cpu() - cpu, 0.05);
}

/* No time and less than none are no sleep. */
static void sleeping_for_nothing_returns_at_once(void **state)
{
    const double begin = jf_clock_now();

    (void)state;
    jf_clock_sleep(0.0);
    jf_clock_sleep(-1000.0);
    assert_below(jf_clock_now() - begin, 5.0);
}

/* The date is the system's, to less than its seconds. */
static void the_date_is_the_systems(void **state)
{
    const double before = (double)time(NULL);
    const double date = jf_clock_date();

    (void)state;
    assert_true(date >= before && date <= (double)time(NULL) + 1.0);
    assert_true(date != floor(date) || jf_clock_date() != date);
}

/* A thousand readings in a row never go back; work shows in the CPU clock. */
static void the_clocks_never_go_back(void **state)
{
    double last = jf_clock_now();
    const double cpu = jf_clock_cpu();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const double now = jf_clock_now();
        assert_true(now >= last);
        last = now;
    }
    while (jf_clock_cpu() == cpu) {
    }
    assert_true(jf_clock_cpu() > cpu);
}

/* The stamp read back by strptime is the system's time. */
static void the_stamp_is_the_time_in_utc(void **state)
{
    char text[21];
    struct tm parts = {0};

    (void)state;
    const time_t before = time(NULL);
    jf_clock_stamp(text, sizeof text);
    const time_t after = time(NULL);
    assert_int_equal(strlen(text), 20);
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    assert_non_null(end);
    assert_int_equal(*end, '\0');
    assert_in_range(timegm(&parts), before, after);
}

/* Too little room: an empty text, not half a date. */
static void a_stamp_without_room_is_empty(void **state)
{
    char text[20] = "unchanged";

    (void)state;
    jf_clock_stamp(text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sleeping_takes_time_but_no_core),
        cmocka_unit_test(sleeping_for_nothing_returns_at_once),
        cmocka_unit_test(the_date_is_the_systems),
        cmocka_unit_test(the_clocks_never_go_back),
        cmocka_unit_test(the_stamp_is_the_time_in_utc),
        cmocka_unit_test(a_stamp_without_room_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
