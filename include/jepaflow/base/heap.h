/*
 * heap.h - who is first: numbered members, each with a key that may change at any time.
 *
 * An indexed binary heap. Putting, moving and removing a member take O(log members), asking for
 * the first one takes no time. Knows nothing of what members and keys are.
 */
#ifndef JEPAFLOW_BASE_HEAP_H
#define JEPAFLOW_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

/* No member. */
#define JF_NOBODY SIZE_MAX

typedef struct jf_heap jf_heap;

/*
 * An empty heap.
 *   members  they are numbered 0 ... members - 1
 *   out      release with jf_heap_destroy()
 * JF_ERR_MEMORY.
 */
jf_status jf_heap_create(size_t members, jf_heap **out);

/* Sets *heap to NULL, accepts NULL. */
void jf_heap_destroy(jf_heap **heap);

/*
 * Put a member in, or move it to where its new key belongs. The smallest key is first, of equal
 * keys that with the smallest `tie`, of equal ties that with the smallest number.
 */
void jf_heap_put(jf_heap *heap, size_t member, double key, size_t tie);

/* Take a member out; nothing happens where it is not in. */
void jf_heap_remove(jf_heap *heap, size_t member);

/* The first member, JF_NOBODY where the heap is empty. */
size_t jf_heap_first(const jf_heap *heap);

/* The key of a member that is in. */
double jf_heap_key(const jf_heap *heap, size_t member);

#endif
