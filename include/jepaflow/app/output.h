/*
 * output.h - the dataset that a command writes: its name, its place, its lock.
 *
 * What can be refused is refused before anything is touched: a place that cannot be written to,
 * what is no dataset, another plan, a full disk, another writer.
 */
#ifndef JEPAFLOW_APP_OUTPUT_H
#define JEPAFLOW_APP_OUTPUT_H

#include "jepaflow/app/study.h"
#include "jepaflow/results/lock.h"
#include "jepaflow/results/store.h"

/*
 * Where results go: `chosen` (of -o) where it is not NULL, else the input's name with `ending`.
 */
jf_status jf_output_name(const char *input, const char *chosen, const char *ending,
                         jf_string *path);

/*
 * The same of a dataset: a shard's has its number in it (INPUT.2-of-7.nc), and a link stands for
 * the file that it leads to, so that locks and points under way are beside that.
 */
jf_status jf_output_dataset(const char *input, const char *chosen, const char *ending,
                            jf_shard shard, jf_string *path);

/* What is to be done with a dataset that is there. */
typedef struct {
    int fresh;      /* replace it */
    int extend;     /* keep its points in a larger sweep */
    jf_shard shard; /* {0}: the whole sweep */
} jf_opening;

/*
 * Open the dataset for writing: the existing one, to go on, or a new one.
 *   lock  held until jf_lock_release(), after the store is closed
 * JF_ERR_USAGE where the name or the plan is wrong, JF_ERR_FILE where it cannot be written.
 */
jf_status jf_output_open(const jf_study *study, const char *path, const jf_opening *how,
                         jf_lock **lock, jf_store **store);

/*
 * Create a dataset that is filled by one call; nothing stays open.
 *   fresh  replace a dataset that is there; else that is refused. Where that is of this plan, what
 *          was saved of points that are still to be done stays.
 */
jf_status jf_output_create(const char *path, int fresh, const jf_plan *plan,
                           const jf_provenance *provenance, const jf_filling *filling);

#endif
