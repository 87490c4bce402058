#include "jepaflow/report/table.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

enum { LINE_SIZE = 2048 }; /* of a note */

void jf_table_init(const jf_form *form, jf_table *out)
{
    *out = (jf_table){.form = form};
}

void jf_table_clear(jf_table *table)
{
    for (size_t c = 0; c < table->rows * table->form->width; c++) {
        free(table->cells[c].text);
    }
    free(table->cells);
    free(table->aside);
    jf_string_clear(&table->notes);
    *table = (jf_table){.form = table->form};
}

static int grow(jf_table *t)
{
    const size_t room = t->room > 0 ? 2 * t->room : 16;
    jf_cell *cells = realloc(t->cells, room * t->form->width * sizeof *cells);

    t->cells = cells != NULL ? cells : t->cells;
    unsigned char *aside = realloc(t->aside, room);
    t->aside = aside != NULL ? aside : t->aside;
    if (cells == NULL || aside == NULL) {
        t->failed = 1;
        return 0;
    }
    t->room = room;
    return 1;
}

void jf_table_begin(jf_table *table, int aside)
{
    if (table->failed || (table->rows == table->room && !grow(table))) {
        return;
    }
    for (size_t c = 0; c < table->form->width; c++) {
        table->cells[table->rows * table->form->width + c] = (jf_cell){.number = NAN};
    }
    table->aside[table->rows++] = (unsigned char)aside;
    table->filled = 0;
}

static jf_cell *next_cell(jf_table *table)
{
    assert(table->failed || (table->rows > 0 && table->filled < table->form->width));
    return &table->cells[(table->rows - 1) * table->form->width + table->filled++];
}

void jf_table_text(jf_table *table, const char *text)
{
    if (table->failed) {
        return;
    }
    jf_cell *cell = next_cell(table);
    if (text != NULL) {
        cell->text = strdup(text);
        table->failed |= cell->text == NULL;
    }
}

void jf_table_number(jf_table *table, double number)
{
    if (!table->failed) {
        next_cell(table)->number = number;
    }
}

void jf_table_count(jf_table *table, size_t count)
{
    jf_table_number(table, (double)count);
}

void jf_table_note(jf_table *table, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    jf_string_add(&table->notes, "%s\n", line);
}

jf_status jf_table_check(const jf_table *table)
{
    return table->failed || table->notes.failed ? jf_fail_memory("a table") : JF_OK;
}

const jf_cell *jf_table_at(const jf_table *table, size_t row, const char *column)
{
    size_t c = 0;

    while (c + 1 < table->form->width && strcmp(table->form->columns[c].name, column) != 0) {
        c++;
    }
    assert(strcmp(table->form->columns[c].name, column) == 0 && row < table->rows);
    return &table->cells[row * table->form->width + c];
}

const char *jf_table_show(const jf_table *table, size_t row, size_t column,
                          char room[JF_TABLE_NUMBER])
{
    const jf_column *k = &table->form->columns[column];
    const jf_cell *cell = &table->cells[row * table->form->width + column];

    if (cell->text != NULL) {
        return cell->text;
    }
    if (isnan(cell->number)) {
        return "-";
    }
    snprintf(room, JF_TABLE_NUMBER, k->type == JF_COLUMN_FIXED ? "%.*f" : "%.*g",
             k->type == JF_COLUMN_COUNT ? 17 : k->digits, cell->number);
    return room;
}
