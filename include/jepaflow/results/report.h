/*
 * report.h - a sweep in words and tables: progress, agreement, exponents, amplification, order,
 * predicted times, ranks, failures.
 *
 * Text for a terminal, at most 100 columns, whatever part of the sweep is done. The numbers come
 * from the survey; here they are only laid out and judged. Knows no file format.
 */
#ifndef JEPAFLOW_RESULTS_REPORT_H
#define JEPAFLOW_RESULTS_REPORT_H

#include <stdio.h>

#include "jepaflow/results/dataset.h"

/*
 * Measured and exact agree where no deviation is larger than this many times the tolerance of its
 * point, which is the relative error of critical times that was asked for (flow.c); plateaus, and
 * hard cases, have some room.
 */
#define JF_REPORT_ALLOWANCE 10.0

/*
 * Write the report of a dataset. Its last line begins with "VALID:" or "NOT VALID:".
 *   ranks  what the ranks of each run did is told too
 *   out    borrowed
 * Returns JF_OK where the sweep is valid; JF_STOPPED where points are pending; JF_POINTS_FAILED
 * where points failed or diverged, or measured and exact disagree; JF_ERR_FILE, JF_ERR_MEMORY.
 */
jf_status jf_report_write(const jf_dataset *dataset, int ranks, FILE *out);

#endif
