/*
 * writer.h - tables written as text, Markdown, JSON or CSV: one writer for each format.
 *
 * People get rounded numbers and the rows that matter; machines get every row, numbers with 17
 * digits, missing ones as null (JSON) or nothing (CSV). CSV has room for one table. Knows no
 * dataset.
 */
#ifndef JEPAFLOW_REPORT_WRITER_H
#define JEPAFLOW_REPORT_WRITER_H

#include <stdio.h>

#include "jepaflow/report/table.h"

/* What stands before and after the tables. */
typedef struct {
    const char *title;
    int valid;
    const char *verdict; /* a line */
} jf_cover;

typedef struct {
    const char *name;
    int one_table; /* has room for one only */
    void (*begin)(const jf_cover *cover, FILE *out);
    /* place: 0 for the first table; all: rows that people are spared too */
    void (*table)(const jf_table *table, size_t place, int all, FILE *out);
    void (*end)(const jf_cover *cover, FILE *out);
} jf_writer;

/* The writer of a format: JF_ERR_USAGE, with the names there are, where none has that name. */
jf_status jf_writer_find(const char *format, const jf_writer **out);

#endif
