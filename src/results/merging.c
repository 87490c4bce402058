#include "jepaflow/results/merging.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/points.h"
#include "jepaflow/sweep/difference.h"

/* Points are read singly where they lie farther apart than this: few of many shards. */
enum { GAP = 16 };

enum { NOBODY = UINT16_MAX, MOST_DATASETS = UINT16_MAX - 1 };

struct jf_merging {
    const char *const *path; /* borrowed */
    size_t count;
    jf_dataset *dataset;
    jf_recalled recalled;  /* the plan of the first */
    unsigned char *status; /* by point: the best of all */
    uint16_t *owner;       /* by point: the dataset that it is from; NOBODY */
    unsigned char *each;   /* by point: the status in one dataset */
    jf_points mine, theirs;
    const jf_record **chosen; /* records of a stretch */
};

/* ---- opening ---- */

static jf_status check_same_plan(const jf_merging *m, size_t k)
{
    jf_string text = {0};
    jf_recalled other;
    int contained;

    if (strcmp(m->dataset[k].digest, m->dataset[0].digest) == 0) {
        return jf_recall_check(&m->dataset[k], &m->recalled.plan);
    }
    JF_TRY(jf_recall(&m->dataset[k], &other));
    jf_status status = jf_difference_tell(&m->recalled.plan, m->path[0], &other.plan, m->path[k],
                                          &text, &contained);
    if (status == JF_OK) {
        status = jf_fail(JF_ERR_USAGE, "%s: is of another plan than %s (%s)", m->path[k],
                         m->path[0], text.text != NULL ? text.text : "");
    }
    jf_string_clear(&text);
    jf_recalled_clear(&other);
    return status;
}

static jf_status open_all(jf_merging *m)
{
    for (size_t k = 0; k < m->count; k++) {
        JF_TRY(jf_dataset_open(m->path[k], &m->dataset[k]));
        if (k == 0) {
            JF_TRY(jf_recall(&m->dataset[0], &m->recalled));
        }
        JF_TRY(check_same_plan(m, k));
    }
    const size_t points = m->dataset[0].points;
    m->status = calloc(points, 1);
    m->each = calloc(points, 1);
    m->owner = malloc(points * sizeof *m->owner);
    JF_TRY(jf_points_init(&m->dataset[0], &m->mine));
    JF_TRY(jf_points_init(&m->dataset[0], &m->theirs));
    m->chosen = malloc(m->mine.room * sizeof *m->chosen);
    if (m->status == NULL || m->each == NULL || m->owner == NULL || m->chosen == NULL) {
        return jf_fail_memory("the points to merge");
    }
    for (size_t i = 0; i < points; i++) {
        m->owner[i] = NOBODY;
    }
    return JF_OK;
}

jf_status jf_merging_open(const char *const *paths, size_t count, jf_merging **out)
{
    *out = NULL;
    if (count > MOST_DATASETS) {
        return jf_fail(JF_ERR_USAGE, "%zu datasets to merge, expected at most %d: merge some first",
                       count, MOST_DATASETS);
    }
    jf_merging *m = calloc(1, sizeof *m);
    if (m != NULL) {
        m->dataset = calloc(count, sizeof *m->dataset);
    }
    if (m == NULL || m->dataset == NULL) {
        free(m);
        return jf_fail_memory("the datasets to merge");
    }
    m->path = paths;
    m->count = count;
    const jf_status status = open_all(m);
    if (status == JF_OK) {
        *out = m;
    } else {
        jf_merging_close(&m);
    }
    return status;
}

void jf_merging_close(jf_merging **merging)
{
    jf_merging *m = *merging;

    if (m != NULL) {
        for (size_t k = 0; k < m->count; k++) {
            jf_dataset_close(&m->dataset[k]);
        }
        free(m->dataset);
        jf_recalled_clear(&m->recalled);
        jf_points_clear(&m->mine);
        jf_points_clear(&m->theirs);
        free(m->status);
        free(m->owner);
        free(m->each);
        free(m->chosen);
        free(m);
        *merging = NULL;
    }
}

const jf_plan *jf_merging_plan(const jf_merging *merging)
{
    return &merging->recalled.plan;
}

const jf_dataset *jf_merging_first(const jf_merging *merging)
{
    return &merging->dataset[0];
}

/* ---- who has a point ---- */

/* Pending, failed, done. */
static int worth(unsigned char status)
{
    return status == JF_POINT_DONE ? 2 : jf_points_is_final(status) ? 1 : 0;
}

/* The end of a stretch of wanted points from `first` on, with no gap in it that is worth a read. */
static size_t end_of_stretch(const unsigned char *wanted, size_t first, size_t room, size_t points)
{
    size_t end = first + 1;

    for (size_t i = end; i < points && i < first + room && i <= end + GAP; i++) {
        if (wanted[i]) {
            end = i + 1;
        }
    }
    return end;
}

static jf_status disagree(const jf_merging *m, size_t point, const char *variable, size_t k)
{
    char name[256];

    jf_plan_name(&m->recalled.plan, point, name, sizeof name);
    return jf_fail(JF_ERR_FILE, "%s and %s: both have %s done, with another %s",
                   m->path[m->owner[point]], m->path[k], name, variable);
}

/* The first variable in which two records of a point differ, or NULL. */
static const char *find_difference(const jf_record *a, const jf_record *b)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    for (size_t f = 0; f < count; f++) {
        const size_t bytes = jf_field_bytes(&field[f], a->features, a->samples);
        if (!field[f].of_run &&
            memcmp(jf_field_data(&field[f], a), jf_field_data(&field[f], b), bytes) != 0) {
            return field[f].name;
        }
    }
    return NULL;
}

/* The points of a stretch that dataset k and their owners have done: the same in both? */
static jf_status compare_stretch(jf_merging *m, size_t k, size_t first, size_t end)
{
    JF_TRY(jf_points_read(&m->theirs, &m->dataset[k], first, end - first));
    for (size_t i = first; i < end; i++) {
        if (m->each[i] == 0) {
            continue;
        }
        if (i == first || m->owner[i] != m->owner[i - 1] || m->each[i - 1] == 0) {
            size_t last = i + 1; /* as many as have the same owner */
            while (last < end && m->each[last] != 0 && m->owner[last] == m->owner[i]) {
                last++;
            }
            JF_TRY(jf_points_read(&m->mine, &m->dataset[m->owner[i]], i, last - i));
        }
        const char *variable =
            find_difference(&m->mine.record[i - m->mine.first], &m->theirs.record[i - first]);
        if (variable != NULL) {
            return disagree(m, i, variable, k);
        }
    }
    return JF_OK;
}

/* m->each: flags of points that are done in dataset k and were in one before. */
static jf_status compare_doubles(jf_merging *m, size_t k)
{
    const size_t points = m->dataset[0].points;

    for (size_t i = 0; i < points;) {
        if (m->each[i] == 0) {
            i++;
            continue;
        }
        const size_t end = end_of_stretch(m->each, i, m->theirs.room, points);
        JF_TRY(compare_stretch(m, k, i, end));
        i = end;
    }
    return JF_OK;
}

static jf_status choose_owners(jf_merging *m)
{
    const size_t points = m->dataset[0].points;

    for (size_t k = 0; k < m->count; k++) {
        JF_TRY(jf_points_status(&m->dataset[k], m->each));
        for (size_t i = 0; i < points; i++) {
            const int both_done = worth(m->each[i]) == 2 && worth(m->status[i]) == 2;
            if (worth(m->each[i]) > worth(m->status[i])) {
                m->status[i] = m->each[i];
                m->owner[i] = (uint16_t)k;
            }
            m->each[i] = (unsigned char)both_done;
        }
        JF_TRY(compare_doubles(m, k));
    }
    return JF_OK;
}

/* ---- what they have ---- */

static jf_status copy_stretch(jf_merging *m, size_t k, size_t first, size_t end, jf_store *store)
{
    size_t chosen = 0;

    JF_TRY(jf_points_read(&m->theirs, &m->dataset[k], first, end - first));
    for (size_t i = first; i < end; i++) {
        if (m->each[i] != 0) {
            m->chosen[chosen++] = &m->theirs.record[i - first];
        }
    }
    return jf_store_put_all(store, m->chosen, chosen);
}

static jf_status copy_points(jf_merging *m, size_t k, jf_store *store)
{
    const size_t points = m->dataset[0].points;

    for (size_t i = 0; i < points; i++) {
        m->each[i] = m->owner[i] == k;
    }
    for (size_t i = 0; i < points;) {
        if (m->each[i] == 0) {
            i++;
            continue;
        }
        const size_t end = end_of_stretch(m->each, i, m->theirs.room, points);
        JF_TRY(copy_stretch(m, k, i, end, store));
        i = end;
    }
    return JF_OK;
}

jf_status jf_merging_fill(void *context, jf_store *store)
{
    jf_merging *m = context;

    JF_TRY(choose_owners(m));
    for (size_t k = 0; k < m->count; k++) {
        JF_TRY(copy_points(m, k, store));
    }
    return JF_OK;
}

/* ---- what came of it ---- */

jf_merging_count jf_merging_counts(const jf_merging *m)
{
    jf_merging_count count = {0};

    for (size_t i = 0; i < m->dataset[0].points; i++) {
        const int w = worth(m->status[i]);
        count.done += w == 2;
        count.failed += w == 1;
        count.pending += w == 0;
    }
    return count;
}

/* "a.nc", of the dataset that is this shard; "none of the files is of it". */
static const char *file_of(const jf_merging *m, jf_shard shard)
{
    for (size_t k = 0; k < m->count; k++) {
        if (jf_shard_same(m->dataset[k].shard, shard)) {
            return m->path[k];
        }
    }
    return "none of the files is of it";
}

static void tell_shards(const jf_merging *m, int shards, const size_t *pending)
{
    enum { SHOWN = 10 };
    int told = 0, more = 0;

    for (int s = 1; s <= shards; s++) {
        if (pending[s] > 0 && told < SHOWN) {
            jf_log(JF_LOG_WARNING, "shard %d/%d: %zu points are pending: %s", s, shards, pending[s],
                   file_of(m, (jf_shard){s, shards}));
            told++;
        } else {
            more += pending[s] > 0;
        }
    }
    if (more > 0) {
        jf_log(JF_LOG_WARNING, "and %d more shards with pending points", more);
    }
}

jf_status jf_merging_tell_missing(const jf_merging *m)
{
    const size_t points = m->dataset[0].points;
    int shards = 0;

    for (size_t k = 0; k < m->count && shards == 0; k++) {
        shards = m->dataset[k].shard.count;
    }
    if (shards == 0) {
        return JF_OK;
    }
    uint32_t *number = malloc(points * sizeof *number);
    size_t *pending = calloc((size_t)shards + 1, sizeof *pending);
    jf_status status = number != NULL && pending != NULL ? JF_OK : jf_fail_memory("the shards");
    if (status == JF_OK) {
        status = jf_shard_deal(jf_plan_key(&m->recalled.plan), points, shards, number);
    }
    for (size_t i = 0; i < points && status == JF_OK; i++) {
        pending[number[i]] += worth(m->status[i]) == 0;
    }
    if (status == JF_OK) {
        tell_shards(m, shards, pending);
    }
    free(number);
    free(pending);
    return status;
}
