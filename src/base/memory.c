#include "jepaflow/base/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

double *jf_memory_numbers(size_t count)
{
    if (count > PTRDIFF_MAX / sizeof(double) - JF_ALIGNED_NUMBERS) {
        return NULL;
    }
    const size_t lines = count / JF_ALIGNED_NUMBERS + 1; /* aligned_alloc() wants whole ones */
    double *numbers = aligned_alloc(JF_ALIGNMENT, lines * JF_ALIGNMENT);

    if (numbers != NULL) {
        memset(numbers, 0, count * sizeof *numbers);
    }
    return numbers;
}

double jf_memory_of_machine(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

    return pages > 0 && size > 0 ? (double)pages * (double)size : INFINITY;
}
