/*
 * queue.h - points that wait to be solved, first come, first served.
 *
 * Grows as it must: a batch may have any number of points. Knows nothing of who sent them.
 */
#ifndef JEPAFLOW_RANKS_QUEUE_H
#define JEPAFLOW_RANKS_QUEUE_H

#include <stddef.h>

#include "jepaflow/base/status.h"

/* Start from {0}; release with jf_queue_clear(). */
typedef struct {
    size_t *points; /* those that wait stand at first .. first + count - 1 */
    size_t first, count;
    size_t room;
} jf_queue;

/*
 * A place for `count` more points behind those that wait, to be filled at once; NULL for none.
 * JF_ERR_MEMORY.
 */
jf_status jf_queue_extend(jf_queue *queue, size_t count, size_t **place);

/* Take the first; there must be one. */
size_t jf_queue_take(jf_queue *queue);

void jf_queue_clear(jf_queue *queue);

#endif
