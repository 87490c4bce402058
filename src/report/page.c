#include "jepaflow/report/page.h"

#include <string.h>

#include "jepaflow/report/statistics.h"

enum {
    MOST_COLUMNS = 32, /* of a table */
    MOST_BESIDE = 12,  /* values side by side */
    LEAST_WIDTH = 8,   /* to which texts are cut */
    TITLE_RULE = 100   /* longest line under a title */
};

/* ---- characters ---- */

static int is_begin(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

static int length_of(const char *text)
{
    int length = 0;

    for (; *text != '\0'; text++) {
        length += is_begin(*text);
    }
    return length;
}

/* A text's first `width` characters; what is cut off is told by two dots. */
static void print_cut(const char *text, int width, FILE *out)
{
    const int length = length_of(text), keep = length > width ? width - 2 : width;

    for (int seen = 0; *text != '\0'; text++) {
        seen += is_begin(*text);
        if (seen > keep) {
            break;
        }
        fputc(*text, out);
    }
    fputs(length > width ? ".." : "", out);
}

static void print_rule(char mark, int length, FILE *out)
{
    for (int i = 0; i < length && i < TITLE_RULE; i++) {
        fputc(mark, out);
    }
    fputc('\n', out);
}

/* Words of a line on lines of at most JF_PAGE_WIDTH characters; returns what is behind it. */
static const char *print_wrapped(const char *text, const char *indent, FILE *out)
{
    const int start = length_of(indent);
    int column = start;

    fputs(indent, out);
    while (*text != '\0' && *text != '\n') {
        const size_t bytes = strcspn(text, " \n");
        int length = 0;
        for (size_t i = 0; i < bytes; i++) {
            length += is_begin(text[i]);
        }
        if (column > start) {
            const int fits = column + 1 + length <= JF_PAGE_WIDTH;
            fprintf(out, fits ? " " : "\n%s", indent);
            column = fits ? column + 1 : start;
        }
        fprintf(out, "%.*s", (int)bytes, text);
        column += length;
        text += bytes + strspn(text + bytes, " ");
    }
    fputc('\n', out);
    return *text == '\n' ? text + 1 : text;
}

/* ---- a table laid out ---- */

typedef struct {
    const jf_table *table;
    int all;
    size_t run;                 /* rows of a line: those that stand side by side */
    size_t beside[MOST_BESIDE]; /* of these the ones that have room */
    size_t sides;
    int width[MOST_COLUMNS];
} sheet;

static int is_once(const sheet *s, size_t column)
{
    return column < s->table->form->lead - (s->table->form->across ? 1 : 0);
}

static int is_across(const sheet *s, size_t column)
{
    return s->table->form->across && column + 1 == s->table->form->lead;
}

static int is_seen(const sheet *s, size_t column)
{
    return !s->table->form->columns[column].machine && !is_across(s, column);
}

static int is_text(const sheet *s, size_t column)
{
    return s->table->form->columns[column].type == JF_COLUMN_TEXT;
}

static int same_line(const jf_table *table, size_t a, size_t b)
{
    char x[JF_TABLE_NUMBER], y[JF_TABLE_NUMBER];

    for (size_t c = 0; c + 1 < table->form->lead; c++) {
        if (strcmp(jf_table_show(table, a, c, x), jf_table_show(table, b, c, y)) != 0) {
            return 0;
        }
    }
    return 1;
}

/* All lines have as many rows as the first. */
static size_t find_run(const jf_table *table)
{
    size_t run = 1;

    while (table->form->across && run < table->rows && same_line(table, 0, run)) {
        run++;
    }
    return run;
}

/* Columns from `first` on, before `end`, are together at least so wide: the first of them grows. */
static void widen(sheet *s, size_t first, size_t end, int least)
{
    size_t grows = end;
    int together = -2;

    for (size_t c = end; c-- > first;) {
        if (is_seen(s, c)) {
            together += s->width[c] + 2;
            grows = c;
        }
    }
    if (grows < end && together < least) {
        s->width[grows] += least - together;
    }
}

/* Room for the name of what goes across, and for each of its values. */
static void make_room(sheet *s)
{
    const jf_form *form = s->table->form;

    if (form->across) {
        widen(s, 0, form->lead - 1, length_of(form->columns[form->lead - 1].name));
        widen(s, form->lead, form->width, s->width[form->lead - 1]);
    }
}

static void find_widths(sheet *s)
{
    const jf_table *t = s->table;
    char room[JF_TABLE_NUMBER];

    for (size_t c = 0; c < t->form->width; c++) {
        s->width[c] = length_of(t->form->columns[c].name);
        for (size_t row = 0; row < t->rows; row++) {
            if (s->all || !t->aside[row]) {
                const int length = length_of(jf_table_show(t, row, c, room));
                s->width[c] = length > s->width[c] ? length : s->width[c];
            }
        }
    }
}

/* Widths with the two blanks before: of what stands once in a line, of what stands side by side. */
static void add_widths(const sheet *s, int *once, int *beside)
{
    *once = *beside = 0;
    for (size_t c = 0; c < s->table->form->width; c++) {
        if (is_seen(s, c)) {
            *(is_once(s, c) ? once : beside) += s->width[c] + 2;
        }
    }
}

/* The widest text gives way. Returns 0 where none can. */
static int cut_widest(sheet *s)
{
    size_t widest = MOST_COLUMNS;

    for (size_t c = 0; c < s->table->form->width; c++) {
        if (is_seen(s, c) && is_text(s, c) && s->width[c] > LEAST_WIDTH &&
            (widest == MOST_COLUMNS || s->width[c] > s->width[widest])) {
            widest = c;
        }
    }
    if (widest < MOST_COLUMNS) {
        s->width[widest]--;
    }
    return widest < MOST_COLUMNS;
}

/* As many values side by side as there is room for, evenly spread, both ends among them. */
static void fit(sheet *s)
{
    int once, beside;

    add_widths(s, &once, &beside);
    while (once + beside > JF_PAGE_WIDTH && cut_widest(s)) {
        add_widths(s, &once, &beside);
    }
    s->sides = 1;
    while (s->sides < s->run && s->sides < MOST_BESIDE &&
           once + (int)(s->sides + 1) * beside <= JF_PAGE_WIDTH) {
        s->sides++;
    }
    for (size_t k = 0; k < s->sides; k++) {
        s->beside[k] = jf_statistics_spread(k, s->sides, s->run);
    }
}

/* ---- printing ---- */

/* Where the line is: blanks are written before what follows them, never at its end. */
typedef struct {
    FILE *out;
    int blanks;
} pen;

static void put(pen *p, const char *text, int width, int left)
{
    const int length = length_of(text) < width ? length_of(text) : width;

    fprintf(p->out, "%*s", p->blanks + (left ? 0 : width - length), "");
    print_cut(text, width, p->out);
    p->blanks = 2 + (left ? width - length : 0);
}

static void end_line(pen *p)
{
    fputc('\n', p->out);
    p->blanks = 2;
}

/* The values that stand side by side, each above the end of its columns. */
static void print_across(const sheet *s, pen *p)
{
    const size_t column = s->table->form->lead - 1;
    const char *const name = s->table->form->columns[column].name;
    char room[JF_TABLE_NUMBER];
    int once, beside;

    add_widths(s, &once, &beside);
    if (s->sides < s->run) {
        fprintf(p->out, "  %zu of %zu values of %s\n", s->sides, s->run, name);
    }
    put(p, name, once - 2, 1);
    for (size_t k = 0; k < s->sides; k++) {
        put(p, jf_table_show(s->table, s->beside[k], column, room), beside - 2, 0);
    }
    end_line(p);
}

static void print_names(const sheet *s, pen *p)
{
    const jf_form *form = s->table->form;

    for (size_t k = 0; k < s->sides; k++) {
        for (size_t c = 0; c < form->width; c++) {
            if (is_seen(s, c) && (k == 0 || !is_once(s, c))) {
                put(p, form->columns[c].name, s->width[c], is_text(s, c));
            }
        }
    }
    end_line(p);
}

static void print_line(const sheet *s, size_t first, pen *p)
{
    char room[JF_TABLE_NUMBER];

    for (size_t k = 0; k < s->sides; k++) {
        for (size_t c = 0; c < s->table->form->width; c++) {
            if (is_seen(s, c) && (k == 0 || !is_once(s, c))) {
                put(p, jf_table_show(s->table, first + s->beside[k], c, room), s->width[c],
                    is_text(s, c));
            }
        }
    }
    end_line(p);
}

static void print_lines(const jf_table *table, int all, FILE *out)
{
    sheet s = {.table = table, .all = all, .run = find_run(table)};
    pen p = {out, 2};

    find_widths(&s);
    make_room(&s);
    fit(&s);
    if (table->form->across) {
        print_across(&s, &p);
    }
    print_names(&s, &p);
    for (size_t row = 0; row < table->rows; row += s.run) {
        if (all || !table->aside[row]) {
            print_line(&s, row, &p);
        }
    }
}

static size_t count_shown(const jf_table *table, int all)
{
    size_t count = 0;

    for (size_t row = 0; row < table->rows; row++) {
        count += all || !table->aside[row];
    }
    return count;
}

void jf_page_begin(const jf_cover *cover, FILE *out)
{
    fprintf(out, "%s\n", cover->title);
    print_rule('=', length_of(cover->title), out);
}

static void print_rows(const jf_table *table, int all, FILE *out)
{
    const size_t shown = count_shown(table, all);

    if (table->rows == 0) {
        fprintf(out, "  %s\n", table->form->absent);
    } else if (shown > 0) {
        print_lines(table, all, out);
    }
    if (shown < table->rows) {
        fprintf(out, "  %zu of %zu rows; --all shows all\n", shown, table->rows);
    }
    for (const char *note = table->notes.text; note != NULL && *note != '\0';) {
        note = print_wrapped(note, "  ", out);
    }
}

void jf_page_table(const jf_table *table, size_t place, int all, FILE *out)
{
    (void)place;
    if (table->rows == 0 && table->form->absent == NULL) {
        return;
    }
    fprintf(out, "\n%s\n", table->form->title);
    print_rule('-', length_of(table->form->title), out);
    (void)print_wrapped(table->form->explanation, "", out);
    fputc('\n', out);
    print_rows(table, all, out);
}

void jf_page_end(const jf_cover *cover, FILE *out)
{
    fprintf(out, "\n%s\n", cover->verdict);
}
