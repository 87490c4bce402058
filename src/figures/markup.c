#include "jepaflow/figures/markup.h"

#include <string.h>

void jf_markup_text(jf_string *page, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') {
            jf_string_add(page, "&#%u;", (unsigned)c);
        } else if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t') {
            jf_string_add(page, "%c", *text);
        }
    }
}

void jf_markup_base64(jf_string *page, const char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t k = 0; k < size; k += 3) {
        const size_t there = size - k < 3 ? size - k : 3;
        unsigned group = 0;
        char four[5] = "====";
        for (size_t j = 0; j < 3; j++) {
            group = group << 8 | (j < there ? (unsigned char)bytes[k + j] : 0u);
        }
        for (size_t j = 0; j <= there; j++) {
            four[j] = digits[group >> (18 - 6 * j) & 63u];
        }
        jf_string_add(page, "%s", four);
    }
}

/* ---- tables ---- */

static int is_shown(const jf_form *form, size_t column)
{
    return !form->columns[column].machine;
}

static void add_heads(jf_string *page, const jf_form *form)
{
    jf_string_add(page, "<thead><tr>");
    for (size_t c = 0; c < form->width; c++) {
        const jf_column *column = &form->columns[c];
        if (!is_shown(form, c)) {
            continue;
        }
        jf_string_add(page, "<th scope=\"col\"%s title=\"",
                      column->type == JF_COLUMN_TEXT ? " class=\"words\"" : "");
        jf_markup_text(page, column->meaning);
        jf_string_add(page, "\">");
        jf_markup_text(page, column->name);
        if (column->unit[0] != '\0' && strcmp(column->unit, "1") != 0) {
            jf_string_add(page, " (");
            jf_markup_text(page, column->unit);
            jf_string_add(page, ")");
        }
        jf_string_add(page, "</th>");
    }
    jf_string_add(page, "</tr></thead>\n");
}

static void add_row(jf_string *page, const jf_table *table, size_t row)
{
    char room[JF_TABLE_NUMBER];

    jf_string_add(page, "<tr>");
    for (size_t c = 0; c < table->form->width; c++) {
        if (is_shown(table->form, c)) {
            const int words = table->form->columns[c].type == JF_COLUMN_TEXT;
            jf_string_add(page, words ? "<td class=\"words\">" : "<td>");
            jf_markup_text(page, jf_table_show(table, row, c, room));
            jf_string_add(page, "</td>");
        }
    }
    jf_string_add(page, "</tr>\n");
}

static void add_rows(jf_string *page, const jf_table *table)
{
    size_t shown = 0, more = 0;

    jf_string_add(page, "<div class=\"wide\" tabindex=\"0\"><table>\n");
    add_heads(page, table->form);
    jf_string_add(page, "<tbody>\n");
    for (size_t row = 0; row < table->rows; row++) {
        if (table->aside[row] || shown == JF_MARKUP_ROWS) {
            more++;
        } else {
            add_row(page, table, row);
            shown++;
        }
    }
    jf_string_add(page, "</tbody></table></div>\n");
    if (more > 0) {
        jf_string_add(page, "<p>and %zu more rows: jepaflow report --section %s --format csv</p>\n",
                      more, table->form->name);
    }
}

static void add_notes(jf_string *page, const char *notes)
{
    while (notes != NULL && *notes != '\0') {
        const size_t length = strcspn(notes, "\n");
        jf_string line = {0};
        jf_string_add(&line, "%.*s", (int)length, notes);
        jf_string_add(page, "<p>");
        jf_markup_text(page, line.text != NULL ? line.text : "");
        jf_string_add(page, "</p>\n");
        page->failed |= line.failed;
        jf_string_clear(&line);
        notes += length + (notes[length] == '\n' ? 1 : 0);
    }
}

void jf_markup_table(jf_string *page, const jf_table *table)
{
    if (table->rows == 0 && table->form->absent == NULL) {
        return;
    }
    jf_string_add(page, "<h3>");
    jf_markup_text(page, table->form->title);
    jf_string_add(page, "</h3>\n<p>");
    jf_markup_text(page, table->rows > 0 ? table->form->explanation : table->form->absent);
    jf_string_add(page, "</p>\n");
    if (table->rows > 0) {
        add_rows(page, table);
    }
    add_notes(page, table->notes.text);
}
