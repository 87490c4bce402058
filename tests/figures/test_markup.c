/*
 * test_markup.c - pieces of a page: texts that stay texts, base64, tables of the rows people see.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/figures/markup.h"

static void texts_are_texts(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain λ\n", "plain λ\n"},
        {"<script>", "&#60;script&#62;"},
        {"a & b", "a &#38; b"},
        {"\" onload='x'", "&#34; onload=&#39;x&#39;"},
        {"a\x01\x1b[0m\x7f"
         "b",
         "a[0mb"},
    };

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        jf_string page = {0};
        jf_markup_text(&page, cases[k].text);
        assert_string_equal(page.text, cases[k].expected);
        jf_string_clear(&page);
    }
}

/* RFC 4648, section 10. */
static void base64_is_as_in_the_standard(void **state)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xff\xfe\xfd", "//79"}};

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        jf_string page = {0};
        jf_string_add(&page, "%s", "");
        jf_markup_base64(&page, cases[k][0], strlen(cases[k][0]));
        assert_string_equal(page.text, cases[k][1]);
        jf_string_clear(&page);
    }
}

static const jf_column columns[] = {
    {"name", "", "what <it> is", JF_COLUMN_TEXT, 0, 0},
    {"length", "m", "how long", JF_COLUMN_FIXED, 2, 0},
    {"exact", "m", "to the last digit", JF_COLUMN_FIXED, 9, 1},
};
static const jf_form form = {.name = "things",
                             .title = "Things & more",
                             .explanation = "They are long.",
                             .absent = "no things",
                             .columns = columns,
                             .width = 3,
                             .lead = 1};

static void fill(jf_table *table, size_t rows)
{
    jf_table_init(&form, table);
    for (size_t k = 0; k < rows; k++) {
        jf_table_begin(table, k == 1);
        jf_table_text(table, k == 0 ? "<b>" : "other");
        jf_table_number(table, 0.125 * (double)k);
        jf_table_number(table, 1.0);
    }
    assert_ok(jf_table_check(table));
}

/* Three rows of which one is set aside; a column is for machines. */
static void tables_show_what_people_see(void **state)
{
    jf_table table;
    jf_string page = {0};

    (void)state;
    fill(&table, 3);
    jf_markup_table(&page, &table);
    assert_non_null(strstr(page.text, "<h3>Things &#38; more</h3>\n<p>They are long.</p>"));
    assert_non_null(strstr(page.text, "title=\"what &#60;it&#62; is\">name</th>"));
    assert_non_null(strstr(page.text, ">length (m)</th>"));
    assert_null(strstr(page.text, "exact"));
    assert_non_null(
        strstr(page.text, "<tr><td class=\"words\">&#60;b&#62;</td><td>0.00</td></tr>"));
    assert_non_null(strstr(page.text, "<td>0.25</td>"));
    assert_null(strstr(page.text, "<td>0.12</td>"));
    assert_null(strstr(page.text, "<td>0.13</td>"));
    assert_non_null(strstr(page.text, "and 1 more rows: jepaflow report --section things"));
    jf_table_clear(&table);
    jf_string_clear(&page);
}

/* Such as the values of a long axis. */
static void long_texts_are_whole(void **state)
{
    char text[1001];
    jf_table table;
    jf_string page = {0};

    (void)state;
    memset(text, 'x', 1000);
    text[1000] = '\0';
    jf_table_init(&form, &table);
    jf_table_begin(&table, 0);
    jf_table_text(&table, text);
    jf_markup_table(&page, &table);
    assert_non_null(strstr(page.text, text));
    jf_table_clear(&table);
    jf_string_clear(&page);
}

static void long_tables_are_cut_and_empty_ones_said(void **state)
{
    jf_table table;
    jf_string page = {0};
    size_t rows = 0;

    (void)state;
    fill(&table, JF_MARKUP_ROWS + 11);
    jf_markup_table(&page, &table);
    for (const char *at = page.text; (at = strstr(at, "<tr><td")) != NULL; at++) {
        rows++;
    }
    assert_int_equal(rows, JF_MARKUP_ROWS);
    assert_non_null(strstr(page.text, "and 11 more rows"));
    jf_table_clear(&table);
    jf_string_clear(&page);

    fill(&table, 0);
    jf_markup_table(&page, &table);
    assert_non_null(strstr(page.text, "<p>no things</p>"));
    assert_null(strstr(page.text, "<table"));
    jf_table_clear(&table);
    jf_string_clear(&page);
}

/* Nothing of an empty table that says nothing then; notes stand below the rows, as texts. */
static void silence_and_notes(void **state)
{
    jf_form silent = form;
    jf_table table;
    jf_string page = {0};

    (void)state;
    silent.absent = NULL;
    jf_table_init(&silent, &table);
    jf_markup_table(&page, &table);
    assert_null(page.text);
    jf_table_clear(&table);

    fill(&table, 1);
    jf_table_note(&table, "worst at %s", "a < b");
    jf_table_note(&table, "second");
    jf_markup_table(&page, &table);
    assert_non_null(strstr(page.text, "</div>\n<p>worst at a &#60; b</p>\n<p>second</p>\n"));
    jf_table_clear(&table);
    jf_string_clear(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_texts),
        cmocka_unit_test(base64_is_as_in_the_standard),
        cmocka_unit_test(tables_show_what_people_see),
        cmocka_unit_test(silence_and_notes),
        cmocka_unit_test(long_texts_are_whole),
        cmocka_unit_test(long_tables_are_cut_and_empty_ones_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
