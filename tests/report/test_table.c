/*
 * test_table.c - rows that are filled from the left, what is missing, how cells are shown.
 */
#include "../support/check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/report/table.h"

static const jf_column columns[] = {
    {"name", "", "a text", JF_COLUMN_TEXT, 0, 0},
    {"count", "1", "a whole number", JF_COLUMN_COUNT, 0, 0},
    {"fixed", "s", "two digits", JF_COLUMN_FIXED, 2, 0},
    {"general", "1", "three digits", JF_COLUMN_GENERAL, 3, 0},
};

static const jf_form form = {
    .name = "t", .title = "T", .explanation = "E.", .columns = columns, .width = 4, .lead = 1};

static void assert_shown(const jf_table *t, size_t row, size_t column, const char *expected)
{
    char room[JF_TABLE_NUMBER];

    assert_string_equal(jf_table_show(t, row, column, room), expected);
}

static void cells_are_filled_from_the_left(void **state)
{
    jf_table t;

    (void)state;
    jf_table_init(&form, &t);
    jf_table_begin(&t, 0);
    jf_table_text(&t, "one");
    jf_table_count(&t, 9007199254740993);
    jf_table_number(&t, -0.125);
    jf_table_number(&t, 1.23456e-7);
    jf_table_begin(&t, 1);
    jf_table_text(&t, NULL);
    jf_table_number(&t, NAN);
    assert_ok(jf_table_check(&t));
    assert_int_equal(t.rows, 2);
    assert_true(!t.aside[0] && t.aside[1]);
    assert_shown(&t, 0, 0, "one");
    assert_shown(&t, 0, 1, "9007199254740992");
    assert_shown(&t, 0, 2, "-0.12");
    assert_shown(&t, 0, 3, "1.23e-07");
    for (size_t c = 0; c < 4; c++) {
        assert_shown(&t, 1, c, "-");
    }
    assert_within(jf_table_at(&t, 0, "fixed")->number, -0.125, 0.0);
    assert_null(jf_table_at(&t, 1, "name")->text);
    jf_table_clear(&t);
    assert_int_equal(t.rows, 0);
}

/* Beyond the room that there is at first, what was filled stays. */
static void a_table_grows(void **state)
{
    char text[32];
    jf_table t;

    (void)state;
    jf_table_init(&form, &t);
    for (size_t row = 0; row < 1000; row++) {
        snprintf(text, sizeof text, "row %zu", row);
        jf_table_begin(&t, row % 2 == 1);
        jf_table_text(&t, text);
        jf_table_count(&t, row);
    }
    assert_ok(jf_table_check(&t));
    assert_int_equal(t.rows, 1000);
    for (size_t row = 0; row < 1000; row++) {
        snprintf(text, sizeof text, "row %zu", row);
        assert_shown(&t, row, 0, text);
        assert_within(jf_table_at(&t, row, "count")->number, (double)row, 0.0);
        assert_true(isnan(jf_table_at(&t, row, "general")->number));
        assert_int_equal(t.aside[row], row % 2 == 1);
    }
    jf_table_clear(&t);
}

/* However long; and the longest number there is. */
static void cells_are_shown_whole(void **state)
{
    char text[10001], room[JF_TABLE_NUMBER];
    jf_table t;

    (void)state;
    memset(text, 'x', 10000);
    text[10000] = '\0';
    jf_table_init(&form, &t);
    jf_table_begin(&t, 0);
    jf_table_text(&t, text);
    jf_table_count(&t, 1);
    jf_table_number(&t, -DBL_MAX);
    assert_shown(&t, 0, 0, text);
    assert_within(strtod(jf_table_show(&t, 0, 2, room), NULL), -DBL_MAX, 0.0);
    jf_table_clear(&t);
}

static void notes_are_lines(void **state)
{
    jf_table t;

    (void)state;
    jf_table_init(&form, &t);
    jf_table_note(&t, "%s %d%%", "a", 7);
    jf_table_note(&t, "b");
    assert_string_equal(t.notes.text, "a 7%\nb\n");
    jf_table_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_filled_from_the_left),
        cmocka_unit_test(a_table_grows),
        cmocka_unit_test(cells_are_shown_whole),
        cmocka_unit_test(notes_are_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
