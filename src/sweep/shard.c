#include "jepaflow/sweep/shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/random.h"

static int read_number(const char **text, char end, long *value)
{
    char *after;

    if (**text < '1' || **text > '9') {
        return 0;
    }
    *value = strtol(*text, &after, 10);
    if (*after != end || *value > JF_MOST_SHARDS) {
        return 0;
    }
    *text = after + (end != '\0');
    return 1;
}

jf_status jf_shard_read(const char *option, const char *text, jf_shard *out)
{
    const char *at = text;
    long index, count;

    *out = (jf_shard){0};
    if (text == NULL) {
        return JF_OK;
    }
    if (!read_number(&at, '/', &index) || !read_number(&at, '\0', &count) || index > count) {
        return jf_fail(JF_ERR_USAGE, "%s is '%s', expected I/N, shard I of 1 to N, N at most %d",
                       option, text, JF_MOST_SHARDS);
    }
    *out = (jf_shard){(int)index, (int)count};
    return JF_OK;
}

void jf_shard_text(jf_shard shard, char text[JF_SHARD_TEXT])
{
    text[0] = '\0';
    if (shard.count > 0) {
        snprintf(text, JF_SHARD_TEXT, "%d/%d", shard.index, shard.count);
    }
}

int jf_shard_same(jf_shard a, jf_shard b)
{
    return a.index == b.index && a.count == b.count;
}

size_t jf_shard_points(jf_shard shard, size_t points)
{
    if (shard.count == 0) {
        return points;
    }
    return points / (size_t)shard.count +
           ((size_t)shard.index <= points % (size_t)shard.count ? 1 : 0);
}

/*
 * Fisher, Yates: the k-th of the order is one of those that are left. Where it stands in `order`
 * says its shard; the order itself is not kept.
 */
jf_status jf_shard_deal(uint64_t key, size_t points, int count, uint32_t *number)
{
    static const uint64_t stream = UINT64_C(0x7368617264); /* "shard": no start draws from it */
    const jf_random address = {.seed = key, .point = points, .stream = stream};
    uint32_t *order = malloc(points * sizeof *order);

    if (order == NULL) {
        return jf_fail_memory("the points' shards");
    }
    for (size_t i = 0; i < points; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t k = 0; k < points; k++) {
        const size_t chosen = k + (size_t)jf_random_below(address, k, points - k);
        const uint32_t point = order[chosen];
        order[chosen] = order[k];
        number[point] = (uint32_t)(k % (size_t)count) + 1;
    }
    free(order);
    return JF_OK;
}

jf_status jf_shard_mark_others(jf_shard shard, const jf_plan *plan, unsigned char mark,
                               unsigned char *marks)
{
    if (shard.count == 0) {
        return JF_OK;
    }
    uint32_t *number = malloc(plan->points * sizeof *number);
    if (number == NULL) {
        return jf_fail_memory("the points' shards");
    }
    const jf_status status = jf_shard_deal(jf_plan_key(plan), plan->points, shard.count, number);
    for (size_t i = 0; i < plan->points && status == JF_OK; i++) {
        if (number[i] != (uint32_t)shard.index) {
            marks[i] = mark;
        }
    }
    free(number);
    return status;
}
