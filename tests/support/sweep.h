/*
 * sweep.h - datasets made by hand: any input, with records that say what a test wants them to say.
 *
 * Nothing is integrated: the closed form stands where a measurement would, times a factor.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_SWEEP_H
#define JEPAFLOW_TESTS_SUPPORT_SWEEP_H

#include "folder.h"
#include "jepaflow/results/dataset.h"
#include "jepaflow/results/store.h"

/* An input, its plan, and a folder of its own with room for its dataset. */
typedef struct {
    char folder[FOLDER_SIZE];
    char path[192]; /* folder/out.nc */
    jf_input input;
    jf_plan plan;
} sweep;

/*
 * Read `text`; `set` is one key=value or NULL. Release with sweep_end(), which removes the folder.
 */
void sweep_begin(const char *text, const char *set, sweep *s);
void sweep_end(sweep *s);

/* Create the dataset. */
void sweep_create(const sweep *s, jf_store **store);

/*
 * The record of a point as if measured: critical times are `factor` times the exact ones, final
 * projections the plateaus, samples a logistic rise at the critical time. Release with
 * jf_record_clear().
 */
void sweep_record(const sweep *s, size_t index, double factor, jf_record *record);

/* Write one record. */
void sweep_put(jf_store *store, const jf_record *record);

/* Create the dataset and write such records for the points first ... last-1. */
void sweep_write(const sweep *s, size_t first, size_t last, double factor);

/* A file's content, at most 256 KiB, until the next call; "" where there is none. */
const char *sweep_read_file(const char *path);

#endif
