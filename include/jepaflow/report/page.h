/*
 * page.h - tables for a terminal: at most JF_PAGE_WIDTH columns, numbers under one another.
 *
 * A table that is too wide loses values that stand side by side, evenly, then the ends of its
 * longest texts. Widths are counted in characters, which in UTF-8 may be more bytes. Knows no
 * dataset.
 */
#ifndef JEPAFLOW_REPORT_PAGE_H
#define JEPAFLOW_REPORT_PAGE_H

#include <stdio.h>

#include "jepaflow/report/writer.h"

#define JF_PAGE_WIDTH 100

/* The members of a jf_writer. */
void jf_page_begin(const jf_cover *cover, FILE *out);
void jf_page_table(const jf_table *table, size_t place, int all, FILE *out);
void jf_page_end(const jf_cover *cover, FILE *out);

#endif
