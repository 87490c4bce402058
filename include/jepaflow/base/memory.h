/*
 * memory.h - room for numbers that vector instructions work on, and how much there is.
 *
 * Aligned to cache lines, so that no load of a vector register straddles two of them: malloc() and
 * calloc() leave large blocks 16 bytes off. Knows nothing of what the numbers are.
 */
#ifndef JEPAFLOW_BASE_MEMORY_H
#define JEPAFLOW_BASE_MEMORY_H

#include <stddef.h>

/* Alignment in bytes, and the numbers that it holds. */
enum { JF_ALIGNMENT = 64, JF_ALIGNED_NUMBERS = 8 };

/*
 * Room for `count` numbers, all 0, aligned to JF_ALIGNMENT; release with free(). NULL where memory
 * is out or the count does not fit.
 */
double *jf_memory_numbers(size_t count);

/* Bytes of memory that this machine has, used or not; INFINITY where it does not say. */
double jf_memory_of_machine(void);

#endif
