/*
 * test_writer.c - formats letter by letter: what is escaped, what is missing, what is rounded. That
 * Python reads them is seen in tests/dataset/report.bats.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/report/writer.h"

static const jf_column columns[] = {
    {"name", "", "a text", JF_COLUMN_TEXT, 0, 0},
    {"value", "s", "a number", JF_COLUMN_FIXED, 2, 0},
};

static const jf_form form = {.name = "t",
                             .title = "A | B",
                             .explanation = "E.",
                             .absent = "nothing",
                             .columns = columns,
                             .width = 2,
                             .lead = 1};
static const jf_form silent = {
    .name = "u", .title = "U", .explanation = "E.", .columns = columns, .width = 2, .lead = 1};
static const jf_cover cover = {"say \"hi\"", 1, "VALID: all"};

static void add(jf_table *t, const char *name, double value, int aside)
{
    jf_table_begin(t, aside);
    jf_table_text(t, name);
    jf_table_number(t, value);
}

/* What a writer makes of a table of `rows` rows; the caller frees. */
static char *write(const char *format, const jf_form *f, int rows, int all)
{
    const jf_writer *writer;
    char *text = NULL;
    size_t size;
    jf_table t;

    assert_ok(jf_writer_find(format, &writer));
    jf_table_init(f, &t);
    if (rows) {
        add(&t, "a,\"b\"\\|", 1.0 / 3.0, 0);
        add(&t, "plain", NAN, 1);
        add(&t, NULL, INFINITY, 0);
    }
    FILE *out = open_memstream(&text, &size);
    writer->begin(&cover, out);
    writer->table(&t, 0, all, out);
    writer->end(&cover, out);
    assert_int_equal(fclose(out), 0);
    jf_table_clear(&t);
    return text;
}

static void assert_written(const char *format, const jf_form *f, int rows, int all,
                           const char *expected)
{
    char *text = write(format, f, rows, all);

    assert_string_equal(text, expected);
    free(text);
}

static void json_has_every_row_and_no_infinity(void **state)
{
    (void)state;
    assert_written(
        "json", &form, 1, 0,
        "{\n  \"title\": \"say \\\"hi\\\"\",\n  \"sections\": {\n    \"t\": {\n"
        "      \"title\": \"A | B\",\n      \"explanation\": \"E.\",\n      \"columns\": [\n"
        "        {\"name\": \"name\", \"unit\": \"\", \"meaning\": \"a text\"},\n"
        "        {\"name\": \"value\", \"unit\": \"s\", \"meaning\": \"a number\"}\n      ],\n"
        "      \"rows\": [\n"
        "        {\"name\": \"a,\\\"b\\\"\\\\|\", \"value\": 0.33333333333333331},\n"
        "        {\"name\": \"plain\", \"value\": null},\n"
        "        {\"name\": null, \"value\": null}\n      ]\n    }\n  },\n"
        "  \"valid\": true,\n  \"verdict\": \"VALID: all\"\n}\n");
    char *empty = write("json", &silent, 0, 0);
    assert_non_null(strstr(empty, "\"rows\": []\n    }\n  },\n"));
    free(empty);
}

static void csv_is_one_table(void **state)
{
    const jf_writer *writer;

    (void)state;
    assert_written("csv", &form, 1, 0,
                   "name,value\n\"a,\"\"b\"\"\\|\",0.33333333333333331\nplain,\n,inf\n");
    assert_written("csv", &silent, 0, 0, "name,value\n");
    assert_ok(jf_writer_find("csv", &writer));
    assert_int_equal(writer->one_table, 1);
}

static void markdown_is_for_people(void **state)
{
    static const char head[] = "# say \"hi\"\n\n## A \\| B\n\nE.\n\n"
                               "| name | value |\n| --- | ---: |\n| a,\"b\"\\\\\\| | 0.33 |\n";
    char expected[512];

    (void)state;
    snprintf(expected, sizeof expected, "%s| - | inf |\n\n**VALID: all**\n", head);
    assert_written("markdown", &form, 1, 0, expected);
    snprintf(expected, sizeof expected, "%s| plain | - |\n| - | inf |\n\n**VALID: all**\n", head);
    assert_written("markdown", &form, 1, 1, expected);
    assert_written("markdown", &form, 0, 0,
                   "# say \"hi\"\n\n## A \\| B\n\nE.\n\n*nothing*\n\n**VALID: all**\n");
    assert_written("markdown", &silent, 0, 0, "# say \"hi\"\n\n**VALID: all**\n");
}

static void other_formats_are_refused(void **state)
{
    const jf_writer *writer;

    (void)state;
    assert_refused(jf_writer_find("latex", &writer), JF_ERR_USAGE,
                   "--format is 'latex', expected text, json, csv or markdown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_row_and_no_infinity),
        cmocka_unit_test(csv_is_one_table),
        cmocka_unit_test(markdown_is_for_people),
        cmocka_unit_test(other_formats_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
