#include "jepaflow/results/extension.h"

#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/checkpoint.h"
#include "jepaflow/results/points.h"
#include "jepaflow/results/recall.h"
#include "jepaflow/sweep/inclusion.h"

typedef struct {
    const char *path;
    jf_dataset small;
    jf_recalled recalled; /* its plan */
    jf_inclusion inclusion;
    jf_points points;
    unsigned char *status;    /* of its points */
    const jf_record **chosen; /* of a stretch: those that are finished */
    size_t copied;
} extension;

/* A stretch of points, to the places that they have in the larger sweep. */
static jf_status copy_stretch(extension *e, size_t first, size_t count, jf_store *to)
{
    size_t chosen = 0;

    JF_TRY(jf_points_read(&e->points, &e->small, first, count));
    for (size_t i = 0; i < count; i++) {
        jf_record *record = &e->points.record[i];
        if (jf_points_is_final(e->status[first + i])) {
            record->point = jf_inclusion_point(&e->inclusion, first + i);
            e->chosen[chosen++] = record;
        }
    }
    e->copied += chosen;
    return chosen > 0 ? jf_store_put_all(to, e->chosen, chosen) : JF_OK;
}

static jf_status copy(void *context, jf_store *to)
{
    extension *e = context;
    const size_t points = e->small.points;

    for (size_t first = 0; first < points; first += e->points.room) {
        const size_t rest = points - first;
        JF_TRY(copy_stretch(e, first, rest < e->points.room ? rest : e->points.room, to));
    }
    return JF_OK;
}

static void extension_clear(extension *e)
{
    jf_dataset_close(&e->small);
    jf_recalled_clear(&e->recalled);
    jf_inclusion_clear(&e->inclusion);
    jf_points_clear(&e->points);
    free(e->status);
    free(e->chosen);
}

static jf_status extension_init(extension *e, const jf_plan *plan)
{
    JF_TRY(jf_dataset_open(e->path, &e->small));
    JF_TRY(jf_recall(&e->small, &e->recalled));
    JF_TRY(jf_inclusion_find(&e->recalled.plan, plan, &e->inclusion));
    if (!jf_inclusion_is_whole(&e->inclusion)) {
        return jf_fail(JF_ERR_USAGE, "%s: is of a sweep that the input does not contain", e->path);
    }
    JF_TRY(jf_points_init(&e->small, &e->points));
    e->status = malloc(e->small.points);
    e->chosen = malloc(e->points.room * sizeof *e->chosen);
    if (e->status == NULL || e->chosen == NULL) {
        return jf_fail_memory("the points to copy");
    }
    return jf_points_status(&e->small, e->status);
}

/* ---- points under way ---- */

static size_t place_of(void *context, size_t point)
{
    const extension *e = context;

    if (point >= e->small.points || jf_points_is_final(e->status[point])) {
        return JF_NOWHERE;
    }
    return jf_inclusion_point(&e->inclusion, point);
}

/* The dataset is there already: what cannot be moved is lost, and said. */
static void move_under_way(extension *e, const char *digest)
{
    const jf_checkpoint_move move = {
        .from = e->small.digest, .to = digest, .place = place_of, .context = e};
    size_t moved, dropped;

    jf_checkpoint_move_all(e->path, &move, &moved, &dropped);
    if (dropped > 0) {
        jf_log(JF_LOG_WARNING,
               "%s: what was saved of %zu point%s under way cannot be used: they "
               "start anew",
               e->path, dropped, dropped == 1 ? "" : "s");
    }
}

static jf_status make(extension *e, const jf_plan *plan, const jf_provenance *provenance,
                      jf_store **out)
{
    const jf_filling filling = {.fill = copy, .context = e};
    jf_provenance from = *provenance;
    char *history = NULL, digest[17];

    JF_TRY(extension_init(e, plan));
    JF_TRY(jf_file_text(e->small.file, -1, "history", &history));
    from.history = history;
    jf_status status = jf_store_create(e->path, plan, &from, &filling, out);
    free(history);
    JF_TRY(status);
    jf_plan_digest(plan, digest);
    move_under_way(e, digest);
    return JF_OK;
}

jf_status jf_extension_make(const char *path, const jf_plan *plan, const jf_provenance *provenance,
                            size_t *copied, jf_store **out)
{
    extension e = {.path = path};

    *out = NULL;
    const jf_status status = make(&e, plan, provenance, out);
    *copied = e.copied;
    extension_clear(&e);
    return status;
}
