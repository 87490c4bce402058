/*
 * test_memory.c - rooms for numbers: aligned, empty, apart, and refused where they cannot be.
 */
#include "../support/check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "jepaflow/base/memory.h"

/* Of any size, after memory that was written before. */
static void rooms_are_aligned_and_empty(void **state)
{
    static const size_t counts[] = {0, 1, 7, 8, 9, 4096, 100001};

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
            double *room = jf_memory_numbers(counts[k]);
            assert_non_null(room);
            assert_int_equal((uintptr_t)room % JF_ALIGNMENT, 0);
            for (size_t i = 0; i < counts[k]; i++) {
                assert_true(room[i] == 0.0);
                room[i] = 1.0;
            }
            free(room);
        }
    }
}

/* What no machine has: in bytes just below and far beyond what a size can say. */
static void rooms_beyond_reason_are_refused(void **state)
{
    (void)state;
    assert_null(jf_memory_numbers(SIZE_MAX));
    assert_null(jf_memory_numbers(SIZE_MAX / sizeof(double)));
    assert_null(jf_memory_numbers(SIZE_MAX / sizeof(double) - 8));
}

/* As the system's own file has it, in kB. */
static void the_machine_says_how_much_it_has(void **state)
{
    FILE *file = fopen("/proc/meminfo", "r");
    double total = 0.0;

    (void)state;
    assert_non_null(file);
    assert_int_equal(fscanf(file, "MemTotal: %lf", &total), 1);
    fclose(file);
    assert_near(jf_memory_of_machine(), 1024.0 * total, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_aligned_and_empty),
        cmocka_unit_test(rooms_beyond_reason_are_refused),
        cmocka_unit_test(the_machine_says_how_much_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
