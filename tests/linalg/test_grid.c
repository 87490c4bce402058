/*
 * test_grid.c - which ScaLAPACK is linked.
 */
#include "../support/check.h"

#include <unistd.h>

#include "jepaflow/linalg/grid.h"

/* The file is there: the dynamic linker read it. */
static void scalapack_is_served_from_a_file(void **state)
{
    (void)state;
    assert_int_equal(access(jf_grid_scalapack_file(), R_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalapack_is_served_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
