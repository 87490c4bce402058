/*
 * test_status.c - the codes of failure: texts, exit codes, and how they are passed up.
 */
#include "../support/check.h"

#include <string.h>

/* The exit codes that DESIGN.md, section 4, promises to scripts. */
static void exit_codes_are_those_of_the_command_line(void **state)
{
    (void)state;
    assert_int_equal(jf_status_exit_code(JF_OK), 0);
    assert_int_equal(jf_status_exit_code(JF_POINTS_FAILED), 1);
    assert_int_equal(jf_status_exit_code(JF_ERR_USAGE), 2);
    assert_int_equal(jf_status_exit_code(JF_STOPPED), 75);
    for (int s = JF_ERR_MEMORY; s <= JF_ERR_EXTERNAL; s++) {
        assert_int_equal(jf_status_exit_code((jf_status)s), 3);
    }
}

/* No two codes share a text: a message tells which it was. */
static void each_status_has_a_text_of_its_own(void **state)
{
    (void)state;
    for (int a = JF_OK; a <= JF_STOPPED; a++) {
        assert_true(strlen(jf_status_text((jf_status)a)) > 0);
        for (int b = JF_OK; b < a; b++) {
            assert_string_not_equal(jf_status_text((jf_status)a), jf_status_text((jf_status)b));
        }
    }
}

/* Numbers outside of the list: a text and the code of an error, not a read beyond the table. */
static void a_number_that_is_no_status_is_an_error(void **state)
{
    (void)state;
    assert_string_equal(jf_status_text((jf_status)(JF_STOPPED + 1)), "unknown status");
    assert_int_equal(jf_status_exit_code((jf_status)1000), 3);
}

static int calls;

static jf_status answer(jf_status status)
{
    calls++;
    return status;
}

static jf_status try_and_reach(jf_status status, int *reached)
{
    JF_TRY(answer(status));
    *reached = 1;
    return JF_OK;
}

/* JF_TRY against its definition: evaluated once, goes on after success, returns what failed. */
static void trying_evaluates_once_and_passes_failures_up(void **state)
{
    int reached = 0;

    (void)state;
    calls = 0;
    assert_int_equal(try_and_reach(JF_ERR_FILE, &reached), JF_ERR_FILE);
    assert_int_equal(reached, 0);
    assert_int_equal(try_and_reach(JF_OK, &reached), JF_OK);
    assert_int_equal(reached, 1);
    assert_int_equal(calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_codes_are_those_of_the_command_line),
        cmocka_unit_test(each_status_has_a_text_of_its_own),
        cmocka_unit_test(a_number_that_is_no_status_is_an_error),
        cmocka_unit_test(trying_evaluates_once_and_passes_failures_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
