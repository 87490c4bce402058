/*
 * shard.h - one of N parts of a sweep's points, for runs that know nothing of each other.
 *
 * The points are put in an order that only chance and the plan decide, and every N-th is of shard
 * I: shares of equal size, none with all the dear points, the same on every machine. Knows no file.
 */
#ifndef JEPAFLOW_SWEEP_SHARD_H
#define JEPAFLOW_SWEEP_SHARD_H

#include "jepaflow/sweep/plan.h"

/* Most shards of a sweep. */
#define JF_MOST_SHARDS 1000000

/* Shard `index` of 1 ... count; {0}: the whole sweep. */
typedef struct {
    int index, count;
} jf_shard;

/* Room for "1000000/1000000". */
#define JF_SHARD_TEXT 24

/* Read "I/N". JF_ERR_USAGE with a message; NULL is the whole sweep. */
jf_status jf_shard_read(const char *option, const char *text, jf_shard *out);

/* As it is read; "" for the whole sweep. */
void jf_shard_text(jf_shard shard, char text[JF_SHARD_TEXT]);

int jf_shard_same(jf_shard a, jf_shard b);

/* How many points are in it. */
size_t jf_shard_points(jf_shard shard, size_t points);

/*
 * Which points are in it.
 *   key     of the plan (jf_plan_key)
 *   points  of the plan
 *   count   of the shards
 *   number  by point: its shard, from 1 on
 * JF_ERR_MEMORY.
 */
jf_status jf_shard_deal(uint64_t key, size_t points, int count, uint32_t *number);

/*
 * Mark points with `mark`: all that are not in the shard; of the whole sweep none.
 *   marks  by point; others are left as they are
 */
jf_status jf_shard_mark_others(jf_shard shard, const jf_plan *plan, unsigned char mark,
                               unsigned char *marks);

#endif
