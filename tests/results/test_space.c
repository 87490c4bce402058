/*
 * test_space.c - room on the disk, against what statvfs says of it.
 */
#include "../support/check.h"

#include <math.h>
#include <sys/statvfs.h>

#include "jepaflow/results/space.h"

static void what_is_free_is_known(void **state)
{
    struct statvfs about;

    (void)state;
    assert_int_equal(statvfs("/dev", &about), 0);
    assert_near(jf_space_left("/dev/out.nc"), (double)about.f_bavail * (double)about.f_frsize,
                0.01);
    assert_true(isinf(jf_space_left("/nowhere/out.nc")));
}

static void too_much_is_refused_with_both_numbers(void **state)
{
    (void)state;
    assert_ok(jf_space_check("/dev/out.nc", 1.0));
    assert_refused(jf_space_check("/dev/out.nc", 1e18), JF_ERR_FILE, "/dev/out.nc: needs 1 EB, ");
    assert_refused(jf_space_check("/dev/out.nc", 1e18), JF_ERR_FILE, " are free there; make room");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_free_is_known),
        cmocka_unit_test(too_much_is_refused_with_both_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
