/*
 * rank_table.h - what the ranks of each run did, in tables for a terminal.
 *
 * The numbers come from the timeline; here they are only laid out, in at most 100 columns: a line
 * for each rank where there are few, quantiles over the ranks where there are many.
 */
#ifndef JEPAFLOW_RESULTS_RANK_TABLE_H
#define JEPAFLOW_RESULTS_RANK_TABLE_H

#include <stdio.h>

#include "jepaflow/results/dataset.h"

/* Most ranks with a line each. */
#define JF_RANK_TABLE_LINES 32

/*
 * Write the tables of all runs.
 *   out  borrowed; whether writing failed is the caller's to ask
 * JF_ERR_FILE, JF_ERR_MEMORY.
 */
jf_status jf_rank_table_write(const jf_dataset *dataset, FILE *out);

#endif
