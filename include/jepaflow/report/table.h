/*
 * table.h - a table of a report: what its columns are, and rows of texts and numbers.
 *
 * Filled cell by cell, row by row, then written by a writer (writer.h) or asked for its cells.
 * Knows neither datasets nor formats.
 */
#ifndef JEPAFLOW_REPORT_TABLE_H
#define JEPAFLOW_REPORT_TABLE_H

#include <stddef.h>

#include "jepaflow/base/text.h"

typedef enum {
    JF_COLUMN_TEXT,
    JF_COLUMN_COUNT,  /* a whole number */
    JF_COLUMN_FIXED,  /* `digits` after the point */
    JF_COLUMN_GENERAL /* `digits` in all; by powers of ten where it is very small or large */
} jf_column_type;

typedef struct {
    const char *name;    /* a word: the key in json and csv, the heading in text */
    const char *unit;    /* UDUNITS; "1" where it has none, "" of texts */
    const char *meaning; /* a phrase */
    jf_column_type type;
    int digits;  /* shown to people; machines get all */
    int machine; /* 1: for machines only */
} jf_column;

/* What a table is, before it has rows; all constant. */
typedef struct {
    const char *name; /* a word: its key */
    const char *title;
    const char *explanation; /* sentences */
    const char *absent;      /* said to people where there is no row; NULL: they are spared it */
    const jf_column *columns;
    size_t width; /* number of columns */
    size_t lead;  /* the first columns, which say what a row is of; the others are found */
    int across;   /* 1: in text the values of the last leading column stand side by side: rows that
                     differ in it only are neighbours */
} jf_form;

typedef struct {
    double number; /* of a text NaN; NaN where it is missing */
    char *text;    /* owned; NULL of a number, and where it is missing */
} jf_cell;

typedef struct {
    const jf_form *form;  /* borrowed */
    jf_cell *cells;       /* rows x width */
    unsigned char *aside; /* rows: 1 where people are spared the row unless they want all */
    size_t rows, room;
    size_t filled;   /* cells of the last row */
    jf_string notes; /* lines for people, below the rows; machines have them in columns */
    int failed;      /* memory was out: the table is not whole */
} jf_table;

/* An empty table of a form, which must outlive it. Release with jf_table_clear(). */
void jf_table_init(const jf_form *form, jf_table *out);
void jf_table_clear(jf_table *table);

/* Begin a row, all of its cells missing, then fill them from the left. NULL and NaN are missing. */
void jf_table_begin(jf_table *table, int aside);
void jf_table_text(jf_table *table, const char *text);
void jf_table_number(jf_table *table, double number);
void jf_table_count(jf_table *table, size_t count);

/* Add a line below the rows, printf style. */
void jf_table_note(jf_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* JF_ERR_MEMORY, with a message, if the table is not whole. */
jf_status jf_table_check(const jf_table *table);

/* The cell of a row in the column of that name, which there must be. */
const jf_cell *jf_table_at(const jf_table *table, size_t row, const char *column);

/*
 * A cell as people read it, "-" where it is missing. Returns the cell's own text, however long, or
 * a number's in `room`.
 */
#define JF_TABLE_NUMBER 512 /* bytes that any number shown takes at most */
const char *jf_table_show(const jf_table *table, size_t row, size_t column,
                          char room[JF_TABLE_NUMBER]);

#endif
