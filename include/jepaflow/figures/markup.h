/*
 * markup.h - pieces of an HTML page: texts, bytes, tables.
 *
 * Texts come from inputs: none of them is ever markup. Knows no page and no dataset.
 */
#ifndef JEPAFLOW_FIGURES_MARKUP_H
#define JEPAFLOW_FIGURES_MARKUP_H

#include "jepaflow/base/text.h"
#include "jepaflow/report/table.h"

/* Most rows of a table. */
#define JF_MARKUP_ROWS 400

/* Add a text to a page: what HTML would obey as &#..;, what it cannot hold left out. */
void jf_markup_text(jf_string *page, const char *text);

/* Add bytes in base64 (RFC 4648). */
void jf_markup_base64(jf_string *page, const char *bytes, size_t size);

/*
 * Add a table with its heading and explanation, in a box that scrolls where it is wide: the rows
 * that people are shown, the first JF_MARKUP_ROWS of them, how many more there are, and its notes.
 * Of a table without rows what it says then, if anything.
 */
void jf_markup_table(jf_string *page, const jf_table *table);

#endif
