/*
 * merging.h - datasets of one plan as one: the finished points of all.
 *
 * A point that is done in several must be the same in all of them, bit for bit (who solved it, how
 * long it took and when aside). Done goes before failed, failed before pending; of equals the first
 * counts. Read and written in stretches: memory does not grow with the points but for some bytes
 * each.
 */
#ifndef JEPAFLOW_RESULTS_MERGING_H
#define JEPAFLOW_RESULTS_MERGING_H

#include "jepaflow/results/recall.h"
#include "jepaflow/results/store.h"

typedef struct jf_merging jf_merging;

/*
 * Open the datasets.
 *   paths  of `count` of them, at least one; borrowed
 *   out    close with jf_merging_close()
 * JF_ERR_USAGE, with the difference, where they are of several plans; JF_ERR_FILE.
 */
jf_status jf_merging_open(const char *const *paths, size_t count, jf_merging **out);
void jf_merging_close(jf_merging **merging);

/* Their plan, and the first of them. */
const jf_plan *jf_merging_plan(const jf_merging *merging);
const jf_dataset *jf_merging_first(const jf_merging *merging);

/*
 * Put the points of all into an empty dataset; a jf_filling's function, `context` is the merging.
 * JF_ERR_FILE, with point, variable and files, where two say different things of a point.
 */
jf_status jf_merging_fill(void *context, jf_store *store);

/* What came of it. */
typedef struct {
    size_t done, failed, pending;
} jf_merging_count;
jf_merging_count jf_merging_counts(const jf_merging *merging);

/*
 * Say which shards lack points, a line for each, where the datasets are shards.
 */
jf_status jf_merging_tell_missing(const jf_merging *merging);

#endif
