/*
 * report.h - a sweep in tables, written by one writer for each format, and the verdict on it.
 *
 * Goes through the sections that the told_ modules list; each fills a table from the findings.
 * Whatever part of the sweep is done, there is a report, and it says what is missing. Knows no
 * file format.
 */
#ifndef JEPAFLOW_REPORT_REPORT_H
#define JEPAFLOW_REPORT_REPORT_H

#include <stdio.h>

#include "jepaflow/report/section.h"

/* What is wanted of a report; {0} is the usual text. Texts are borrowed. */
typedef struct {
    const char *format;   /* of writer.h; NULL for "text" */
    const char *sections; /* names of sections, parted by commas; NULL for the usual ones */
    int ranks;            /* what the ranks of each run did is told too */
    int all;              /* people get every row as well */
} jf_report_order;

/*
 * JF_ERR_USAGE, with the names there are, where a format or a section is not known, or a format for
 * one table is to have several.
 */
jf_status jf_report_check(const jf_report_order *order);

/*
 * Write the report of a dataset. As text its last line begins with "VALID:" or "NOT VALID:".
 *   order  checked
 *   out    borrowed
 * Returns JF_OK where the sweep is valid; JF_STOPPED where points are pending; JF_POINTS_FAILED
 * where points failed or diverged, or measured and exact disagree; JF_ERR_FILE, JF_ERR_MEMORY.
 */
jf_status jf_report_write(const jf_dataset *dataset, const jf_report_order *order, FILE *out);

/* Section k of all there are, in the order of a report; NULL beyond the last. */
const jf_section *jf_report_section(size_t k);

#endif
