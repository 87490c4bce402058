#include "jepaflow/report/writer.h"

#include <math.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/page.h"

static int is_shown(const jf_table *table, size_t row, int all)
{
    return all || !table->aside[row];
}

static const jf_cell *cell_at(const jf_table *table, size_t row, size_t column)
{
    return &table->cells[row * table->form->width + column];
}

/* ---- JSON (RFC 8259) ---- */

static void put_json_text(const char *text, FILE *out)
{
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*c);
        } else {
            fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        }
    }
    fputc('"', out);
}

/* JSON has no word for what is no finite number. */
static void put_json_cell(const jf_cell *cell, FILE *out)
{
    if (cell->text != NULL) {
        put_json_text(cell->text, out);
    } else if (isfinite(cell->number)) {
        fprintf(out, "%.17g", cell->number);
    } else {
        fputs("null", out);
    }
}

static void put_json_member(const char *name, const char *text, const char *after, FILE *out)
{
    fprintf(out, "\"%s\": ", name);
    put_json_text(text, out);
    fputs(after, out);
}

static void begin_json(const jf_cover *cover, FILE *out)
{
    fputs("{\n  ", out);
    put_json_member("title", cover->title, ",\n  \"sections\": {", out);
}

static void put_json_columns(const jf_form *form, FILE *out)
{
    fputs("      \"columns\": [", out);
    for (size_t c = 0; c < form->width; c++) {
        const jf_column *k = &form->columns[c];
        fputs(c > 0 ? ",\n        {" : "\n        {", out);
        put_json_member("name", k->name, ", ", out);
        put_json_member("unit", k->unit, ", ", out);
        put_json_member("meaning", k->meaning, "}", out);
    }
    fputs("\n      ],\n", out);
}

static void put_json_row(const jf_table *table, size_t row, FILE *out)
{
    fputs(row > 0 ? ",\n        {" : "\n        {", out);
    for (size_t c = 0; c < table->form->width; c++) {
        fprintf(out, "%s\"%s\": ", c > 0 ? ", " : "", table->form->columns[c].name);
        put_json_cell(cell_at(table, row, c), out);
    }
    fputc('}', out);
}

static void put_json_table(const jf_table *table, size_t place, int all, FILE *out)
{
    (void)all;
    fprintf(out, "%s\n    \"%s\": {\n      ", place > 0 ? "," : "", table->form->name);
    put_json_member("title", table->form->title, ",\n      ", out);
    put_json_member("explanation", table->form->explanation, ",\n", out);
    put_json_columns(table->form, out);
    fputs("      \"rows\": [", out);
    for (size_t row = 0; row < table->rows; row++) {
        put_json_row(table, row, out);
    }
    fputs(table->rows > 0 ? "\n      ]\n    }" : "]\n    }", out);
}

static void end_json(const jf_cover *cover, FILE *out)
{
    fprintf(out, "\n  },\n  \"valid\": %s,\n  ", cover->valid ? "true" : "false");
    put_json_member("verdict", cover->verdict, "\n}\n", out);
}

/* ---- CSV (RFC 4180, lines ending in \n) ---- */

static void put_csv_text(const char *text, FILE *out)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        fputs(*c == '"' ? "\"" : "", out);
        fputc(*c, out);
    }
    fputc('"', out);
}

static void no_cover(const jf_cover *cover, FILE *out)
{
    (void)cover;
    (void)out;
}

static void put_csv_table(const jf_table *table, size_t place, int all, FILE *out)
{
    const jf_form *form = table->form;

    (void)place;
    (void)all;
    for (size_t c = 0; c < form->width; c++) {
        fprintf(out, "%s%s", c > 0 ? "," : "", form->columns[c].name);
    }
    fputc('\n', out);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t c = 0; c < form->width; c++) {
            const jf_cell *cell = cell_at(table, row, c);
            fputs(c > 0 ? "," : "", out);
            if (cell->text != NULL) {
                put_csv_text(cell->text, out);
            } else if (!isnan(cell->number)) {
                fprintf(out, "%.17g", cell->number);
            }
        }
        fputc('\n', out);
    }
}

/* ---- Markdown (tables of GitHub's) ---- */

/* What Markdown or HTML would take for more than text is escaped. */
static void put_markdown_text(const char *text, FILE *out)
{
    for (const char *c = text; *c != '\0'; c++) {
        fputs(strchr("\\`*_{}[]<>#|~$&", *c) != NULL ? "\\" : "", out);
        fputc(*c, out);
    }
}

static void begin_markdown(const jf_cover *cover, FILE *out)
{
    fputs("# ", out);
    put_markdown_text(cover->title, out);
    fputc('\n', out);
}

static void put_markdown_head(const jf_form *form, FILE *out)
{
    for (size_t c = 0; c < form->width; c++) {
        fputs(c > 0 ? " | " : "| ", out);
        put_markdown_text(form->columns[c].name, out);
    }
    fputs(" |\n", out);
    for (size_t c = 0; c < form->width; c++) {
        fputs(form->columns[c].type == JF_COLUMN_TEXT ? "| --- " : "| ---: ", out);
    }
    fputs("|\n", out);
}

static void put_markdown_rows(const jf_table *table, int all, FILE *out)
{
    char room[JF_TABLE_NUMBER];

    for (size_t row = 0; row < table->rows; row++) {
        for (size_t c = 0; c < table->form->width && is_shown(table, row, all); c++) {
            fputs(c > 0 ? " | " : "| ", out);
            put_markdown_text(jf_table_show(table, row, c, room), out);
            fputs(c + 1 == table->form->width ? " |\n" : "", out);
        }
    }
}

/* Every column is there, so that there is nothing that notes could add. */
static void put_markdown_table(const jf_table *table, size_t place, int all, FILE *out)
{
    (void)place;
    if (table->rows == 0 && table->form->absent == NULL) {
        return;
    }
    fputs("\n## ", out);
    put_markdown_text(table->form->title, out);
    fputs("\n\n", out);
    put_markdown_text(table->form->explanation, out);
    fputs("\n\n", out);
    if (table->rows == 0) {
        fprintf(out, "*%s*\n", table->form->absent);
        return;
    }
    put_markdown_head(table->form, out);
    put_markdown_rows(table, all, out);
}

static void end_markdown(const jf_cover *cover, FILE *out)
{
    fputs("\n**", out);
    put_markdown_text(cover->verdict, out);
    fputs("**\n", out);
}

/* ---- all of them ---- */

static const jf_writer writers[] = {
    {.name = "text", .begin = jf_page_begin, .table = jf_page_table, .end = jf_page_end},
    {.name = "json", .begin = begin_json, .table = put_json_table, .end = end_json},
    {.name = "csv", .one_table = 1, .begin = no_cover, .table = put_csv_table, .end = no_cover},
    {.name = "markdown", .begin = begin_markdown, .table = put_markdown_table, .end = end_markdown},
};

jf_status jf_writer_find(const char *format, const jf_writer **out)
{
    for (size_t w = 0; w < sizeof writers / sizeof writers[0]; w++) {
        if (strcmp(format, writers[w].name) == 0) {
            *out = &writers[w];
            return JF_OK;
        }
    }
    return jf_fail(JF_ERR_USAGE, "--format is '%s', expected text, json, csv or markdown", format);
}
