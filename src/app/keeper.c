#include "jepaflow/app/keeper.h"

#include "jepaflow/app/command.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/text.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/flow/pace.h"
#include "jepaflow/results/checkpoint.h"

/* A point alone that has run for less than this many seconds is done anew sooner than saved. */
static const double worth_saving = 0.5;

/* A point that is being solved. */
typedef struct {
    jf_keeper *keeper;
    jf_checkpoint checkpoint;
    const jf_grid *grid; /* that shares it, or NULL */
    double begin;        /* clock */
    int (*look)(void *);
    void *look_context;
} solving;

static jf_checkpoint checkpoint_of(const jf_keeper *k, size_t point)
{
    return (jf_checkpoint){.dataset = k->dataset,
                           .digest = k->digest,
                           .version = jf_version_text(),
                           .point = point,
                           .parts = 1,
                           .silent = k->silent};
}

jf_keeper jf_keeper_of(const char *dataset, const jf_plan *plan)
{
    jf_keeper k = {.dataset = dataset};

    jf_plan_digest(plan, k.digest);
    k.has_saved = jf_checkpoint_has_folder(dataset);
    return k;
}

static int look(void *context)
{
    const solving *s = context;

    return s->look(s->look_context);
}

/*
 * What cannot be written is said, and the point goes on. The parts of a grid take the place of
 * those before only when all are there: a kill in between leaves the older ones whole.
 */
static void save(void *context, const jf_wire *bytes)
{
    solving *s = context;

    if (s->grid == NULL && jf_clock_now() - s->begin < worth_saving) {
        return;
    }
    double failed = jf_checkpoint_write(&s->checkpoint, bytes) != JF_OK;
    s->keeper->silent |= failed != 0.0;
    s->checkpoint.silent = s->keeper->silent;
    if (s->grid != NULL) {
        jf_grid_largest(s->grid, 1, &failed);
    }
    if (failed == 0.0) {
        (void)jf_checkpoint_commit(&s->checkpoint);
    }
}

/* The place of this rank in the grid, from 0. */
static int part_of(const jf_grid *grid)
{
    const jf_grid_place place = jf_grid_where(grid);

    return place.row * place.columns + place.column;
}

/*
 * Would a rank need more memory than the machine has? The system hands out memory that is not
 * there, and ends the rank, not the point, when it is used. Of a grid the smallest machine counts,
 * and one rank says so.
 */
static int is_too_large(const jf_point *point, const jf_grid *grid)
{
    double need[2] = {0.0, -jf_memory_of_machine()}; /* what is not known is tried */

    (void)jf_pace_memory(point, grid != NULL ? jf_grid_ranks(grid) : 1, &need[0]);
    if (grid != NULL) {
        jf_grid_largest(grid, 2, need);
    }
    const int too_large = need[0] > -need[1];
    if (too_large && (grid == NULL || part_of(grid) == 0)) {
        char needed[JF_BYTES_TEXT], there[JF_BYTES_TEXT];
        jf_log(
            JF_LOG_ERROR,
            "point %zu of %zu features and %zu layers needs %s on a rank, the machine has %s: it "
            "fails; it may fit on more ranks (flow.ranks_per_point)",
            point->index, point->spectrum->features, jf_point_count(point, JF_P_DEPTH),
            jf_text_bytes(need[0], needed), jf_text_bytes(-need[1], there));
    }
    return too_large;
}

void jf_keeper_give_up(const jf_point *point, jf_point_reason reason, jf_record *record)
{
    jf_record_reset(record, point->index, point->spectrum->features);
    jf_flow_theory(point, record);
    *record->seconds = 0.0;
    *record->reason = (int8_t)reason;
    *record->status = JF_POINT_FAILED;
}

void jf_keeper_solve(jf_keeper *k, const jf_point *point, const jf_grid *grid,
                     int (*look_on)(void *), void *look_context, jf_record *record)
{
    solving s = {.keeper = k,
                 .checkpoint = checkpoint_of(k, point->index),
                 .grid = grid,
                 .begin = jf_clock_now(),
                 .look = look_on,
                 .look_context = look_context};
    jf_wire bytes = {0};

    if (is_too_large(point, grid)) {
        jf_keeper_give_up(point, JF_REASON_SYSTEM, record);
        return;
    }
    if (grid != NULL) {
        s.checkpoint.part = part_of(grid);
        s.checkpoint.parts = jf_grid_ranks(grid);
    }
    if (k->has_saved) {
        (void)jf_checkpoint_read(&s.checkpoint, &bytes); /* what cannot be read is not there */
    }
    jf_wire_reader reader = {.data = bytes.data, .size = bytes.size};
    const jf_watch watch = {
        .look = look, .save = save, .saved = bytes.size > 0 ? &reader : NULL, .context = &s};
    jf_flow_solve(point, grid, &watch, record);
    jf_wire_clear(&bytes);
}

void jf_keeper_forget(const jf_keeper *k, jf_record *const *records, size_t count)
{
    if (jf_checkpoint_has_folder(k->dataset)) {
        for (size_t i = 0; i < count; i++) {
            const jf_checkpoint checkpoint = checkpoint_of(k, records[i]->point);
            jf_checkpoint_remove(&checkpoint);
        }
    }
}
