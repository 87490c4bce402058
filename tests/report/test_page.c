/*
 * test_page.c - tables on a page of 100 columns, character by character.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/report/page.h"

static const jf_column columns[] = {
    {"name", "", "a text", JF_COLUMN_TEXT, 0, 0},
    {"scale", "1", "what goes across", JF_COLUMN_GENERAL, 4, 0},
    {"x", "1", "a number", JF_COLUMN_FIXED, 2, 0},
    {"hidden", "1", "for machines", JF_COLUMN_FIXED, 2, 1},
    {"word", "", "a text", JF_COLUMN_TEXT, 0, 0},
};

static const jf_form plain = {.name = "t",
                              .title = "Title",
                              .explanation = "Explained.",
                              .absent = "nothing",
                              .columns = columns,
                              .width = 5,
                              .lead = 2};
static const jf_form across = {.name = "t",
                               .title = "Title",
                               .explanation = "Explained.",
                               .absent = "nothing",
                               .columns = columns,
                               .width = 5,
                               .lead = 2,
                               .across = 1};

static void add(jf_table *t, const char *name, double scale, double x, const char *word)
{
    jf_table_begin(t, 0);
    jf_table_text(t, name);
    jf_table_number(t, scale);
    jf_table_number(t, x);
    jf_table_number(t, 7.0);
    jf_table_text(t, word);
}

/* What is printed, without the heading where it is the usual one; clears the table. */
static const char *print(jf_table *t, int all)
{
    static const char heading[] = "\nTitle\n-----\nExplained.\n\n";
    static char *text = NULL;
    size_t size;

    free(text);
    FILE *out = open_memstream(&text, &size);
    jf_page_table(t, 0, all, out);
    assert_int_equal(fclose(out), 0);
    jf_table_clear(t);
    return strncmp(text, heading, strlen(heading)) == 0 ? text + strlen(heading) : text;
}

static void assert_narrow(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xc0) != 0x80);
        assert_true(width <= JF_PAGE_WIDTH);
        assert_true(text[0] != ' ' || (text[1] != '\n' && text[1] != '\0')); /* no blanks at ends */
    }
}

/* Texts to the left, numbers to the right, bytes are not characters. */
static void columns_are_aligned(void **state)
{
    jf_table t;

    (void)state;
    jf_table_init(&plain, &t);
    add(&t, "\xce\xb1\xce\xb2\xce\xb3\xce\xb4\xce\xb5", 0.001, 12.5, "one");
    add(&t, "b", 1.0, NAN, NULL);
    assert_string_equal(print(&t, 0),
                        "  name   scale      x  word\n"
                        "  \xce\xb1\xce\xb2\xce\xb3\xce\xb4\xce\xb5  0.001  12.50  one\n"
                        "  b          1      -  -\n");
}

static void values_stand_side_by_side(void **state)
{
    jf_table t;

    (void)state;
    jf_table_init(&across, &t);
    add(&t, "a", 0.001, 1.0, "one");
    add(&t, "a", 0.01, 2.0, "two");
    add(&t, "b", 0.001, 3.0, "three");
    add(&t, "b", 0.01, 4.0, NULL);
    assert_string_equal(print(&t, 0), "  scale        0.001         0.01\n"
                                      "  name      x  word      x  word\n"
                                      "  a      1.00  one    2.00  two\n"
                                      "  b      3.00  three  4.00  -\n");
}

/* Of 20 values as many as there is room for, both ends among them. */
static void too_many_values_are_thinned(void **state)
{
    jf_table t;

    (void)state;
    jf_table_init(&across, &t);
    for (int k = 0; k < 40; k++) {
        add(&t, k < 20 ? "a" : "b", 1e-4 * (k % 20 + 1), k, "word");
    }
    const char *text = print(&t, 0);
    assert_int_equal(strncmp(text, "  7 of 20 values of scale\n", 26), 0);
    assert_non_null(strstr(text, " 0.0001 "));
    assert_non_null(strstr(text, " 0.002\n"));
    assert_non_null(strstr(text, "\n  b      20.00  word "));
    assert_narrow(text);
}

static void long_texts_give_way(void **state)
{
    char name[201];
    jf_table t;

    (void)state;
    memset(name, 'x', 200);
    name[200] = '\0';
    jf_table_init(&plain, &t);
    add(&t, name, 1.0, 2.0, "kept");
    const char *text = print(&t, 0);
    assert_non_null(strstr(text, "xx..      1  2.00  kept\n"));
    assert_narrow(text);
    jf_table_init(&across, &t);
    add(&t, name, 1.0, 2.0, name);
    assert_narrow(print(&t, 0));
}

/* Rows that people are spared, unless they want all. */
static void rows_aside_are_counted(void **state)
{
    (void)state;
    for (int all = 0; all < 2; all++) {
        jf_table t;
        jf_table_init(&plain, &t);
        add(&t, "a", 1.0, 1.0, "shown");
        add(&t, "b", 2.0, 2.0, "spared");
        t.aside[1] = 1;
        const char *text = print(&t, all);
        assert_int_equal(strstr(text, "spared") != NULL, all);
        assert_int_equal(strstr(text, "  1 of 2 rows; --all shows all\n") != NULL, !all);
    }
}

static void no_rows_and_notes(void **state)
{
    static const jf_form silent = {.columns = columns, .width = 5, .lead = 1};
    jf_table t;

    (void)state;
    jf_table_init(&plain, &t);
    assert_string_equal(print(&t, 0), "  nothing\n");
    jf_table_init(&silent, &t);
    assert_string_equal(print(&t, 0), "");
    jf_table_init(&plain, &t);
    jf_table_note(&t, "a note");
    for (int k = 0; k < 30; k++) {
        jf_string_add(&t.notes, k < 29 ? "words " : "end\n");
    }
    const char *text = print(&t, 0);
    assert_ptr_equal(strstr(text, "  nothing\n  a note\n  words words "), text);
    assert_non_null(strstr(text, "words end\n"));
    assert_narrow(text);
}

static void a_page_has_a_cover(void **state)
{
    const jf_cover cover = {"T\xc3\xaftle", 0, "NOT VALID: so"};
    char *text = NULL;
    size_t size;

    (void)state;
    FILE *out = open_memstream(&text, &size);
    jf_page_begin(&cover, out);
    jf_page_end(&cover, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "T\xc3\xaftle\n=====\n\nNOT VALID: so\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned),         cmocka_unit_test(values_stand_side_by_side),
        cmocka_unit_test(too_many_values_are_thinned), cmocka_unit_test(long_texts_give_way),
        cmocka_unit_test(rows_aside_are_counted),      cmocka_unit_test(no_rows_and_notes),
        cmocka_unit_test(a_page_has_a_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
