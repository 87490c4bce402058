#include "jepaflow/ranks/queue.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

jf_status jf_queue_extend(jf_queue *q, size_t count, size_t **place)
{
    *place = NULL;
    if (count == 0) {
        return JF_OK;
    }
    if (q->first > 0) {
        memmove(q->points, q->points + q->first, q->count * sizeof *q->points);
        q->first = 0;
    }
    if (count > q->room - q->count) {
        const size_t room = count <= SIZE_MAX / sizeof *q->points - q->count ? q->count + count : 0;
        size_t *points = room > 0 ? realloc(q->points, room * sizeof *points) : NULL;
        if (points == NULL) {
            return jf_fail_memory("a batch of points");
        }
        q->points = points;
        q->room = room;
    }
    *place = q->points + q->count;
    q->count += count;
    return JF_OK;
}

size_t jf_queue_take(jf_queue *q)
{
    assert(q->count > 0);
    q->count--;
    return q->points[q->first++];
}

void jf_queue_clear(jf_queue *q)
{
    free(q->points);
    *q = (jf_queue){0};
}
