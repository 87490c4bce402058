/*
 * test_arguments.c - options in all their forms, and what is refused.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/arguments.h"

enum { OPTIONS = 4, MOST = 16 };

/* A table with one option of each kind, and where they go. */
typedef struct {
    const char *output;
    const char *ranks;
    const char *set[MOST];
    jf_texts texts;
    int fresh;
    const char *file;
    jf_option option[OPTIONS];
} fixture;

static void prepare(fixture *f)
{
    *f = (fixture){0};
    f->texts.at = f->set;
    f->option[0] = (jf_option){
        .name = "output", .letter = 'o', .value = "OUT.nc", .text = &f->output, .help = "where to"};
    f->option[1] =
        (jf_option){.name = "ranks", .value = "N", .text = &f->ranks, .help = "how many"};
    f->option[2] =
        (jf_option){.name = "set", .value = "KEY=VALUE", .texts = &f->texts, .help = "change"};
    f->option[3] =
        (jf_option){.name = "fresh", .letter = 'f', .flag = &f->fresh, .help = "start over"};
}

/* argv[0] is the command's name; `line` is split at its blanks. */
static jf_status parse(fixture *f, const char *line)
{
    static char copy[256];
    char *argv[MOST] = {(char[]){"run"}};
    int argc = 1;

    prepare(f);
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        argv[argc++] = word;
    }
    return jf_arguments_read(argc, argv, f->option, OPTIONS, "INPUT.yaml", &f->file);
}

static void several_files_are_kept_in_order(void **state)
{
    char *argv[] = {(char[]){"merge"}, (char[]){"a"},  (char[]){"-o"}, (char[]){"out"},
                    (char[]){"b"},     (char[]){"--"}, (char[]){"-c"}};
    const char *at[COUNT(argv)];
    jf_texts files = {.at = at};
    fixture f;

    (void)state;
    prepare(&f);
    assert_ok(jf_arguments_read_files(7, argv, f.option, OPTIONS, "A.nc", &files));
    assert_int_equal(files.count, 3);
    assert_string_equal(files.at[0], "a");
    assert_string_equal(files.at[1], "b");
    assert_string_equal(files.at[2], "-c");
    assert_string_equal(f.output, "out");
    prepare(&f);
    assert_refused(jf_arguments_read_files(1, argv, f.option, OPTIONS, "A.nc", &files),
                   JF_ERR_USAGE, "no file is named, expected A.nc");
}

static void an_option_takes_its_value_in_every_form(void **state)
{
    static const char *const lines[] = {"in --output out", "in --output=out", "in -o out",
                                        "--output out in", "--output=out in", "-o out -- in"};
    fixture f;

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_ok(parse(&f, lines[i]));
        assert_string_equal(f.file, "in");
        assert_string_equal(f.output, "out");
        assert_null(f.ranks);
        assert_int_equal(f.fresh, 0);
    }
}

static void what_is_left_out_stays_as_it_was(void **state)
{
    fixture f;

    (void)state;
    assert_ok(parse(&f, "in"));
    assert_null(f.output);
    assert_null(f.ranks);
    assert_int_equal(f.texts.count, 0);
    assert_int_equal(f.fresh, 0);
}

static void flags_are_set(void **state)
{
    fixture f;

    (void)state;
    assert_ok(parse(&f, "--fresh in"));
    assert_int_equal(f.fresh, 1);
    assert_ok(parse(&f, "in -f"));
    assert_int_equal(f.fresh, 1);
    assert_string_equal(f.file, "in");
}

static void repeated_values_are_kept_in_order(void **state)
{
    fixture f;

    (void)state;
    assert_ok(parse(&f, "--set a=1 in --set=b=2 --set a=3"));
    assert_int_equal(f.texts.count, 3);
    assert_string_equal(f.set[0], "a=1");
    assert_string_equal(f.set[1], "b=2");
    assert_string_equal(f.set[2], "a=3");
}

/* A value may begin with a dash, be empty, or hold more '='. */
static void a_value_is_taken_as_it_is(void **state)
{
    fixture f;

    (void)state;
    assert_ok(parse(&f, "in -o --fresh"));
    assert_string_equal(f.output, "--fresh");
    assert_int_equal(f.fresh, 0);
    assert_ok(parse(&f, "in --output="));
    assert_string_equal(f.output, "");
    assert_ok(parse(&f, "in --output=a=b"));
    assert_string_equal(f.output, "a=b");
    assert_ok(parse(&f, "in --ranks -1"));
    assert_string_equal(f.ranks, "-1");
}

static void two_dashes_end_the_options(void **state)
{
    fixture f;

    (void)state;
    assert_ok(parse(&f, "-f -- --output"));
    assert_string_equal(f.file, "--output");
    assert_int_equal(f.fresh, 1);
    assert_null(f.output);
    assert_ok(parse(&f, "-")); /* a single dash is a name */
    assert_string_equal(f.file, "-");
}

static void wrong_arguments_are_refused(void **state)
{
    static const struct {
        const char *line, *message;
    } wrong[] = {
        {"", "no file is named, expected INPUT.yaml"},
        {"--fresh", "no file is named, expected INPUT.yaml"},
        {"--", "no file is named, expected INPUT.yaml"},
        {"in other", "'other' after 'in', expected one INPUT.yaml"},
        {"in -- -f", "'-f' after 'in', expected one INPUT.yaml"},
        {"in --output", "option '--output' needs a value: OUT.nc"},
        {"in -o", "option '--output' needs a value: OUT.nc"},
        {"in -o a -o b", "option '--output' is given twice"},
        {"in --output=a -o b", "option '--output' is given twice"},
        {"in --fresh=1", "option '--fresh' takes no value"},
        {"in --rank 4", "unknown option '--rank'; did you mean '--ranks'?"},
        {"in --outptu=a", "unknown option '--outptu'; did you mean '--output'?"},
        {"in --outputs a", "unknown option '--outputs'; did you mean '--output'?"},
        {"in --xyzzy", "unknown option '--xyzzy'; --help lists them"},
        {"in -x", "unknown option '-x'; --help lists them"},
        {"in -of", "unknown option '-of'"}, /* letters are not run together */
        {"in -oout", "unknown option '-oout'"},
    };
    fixture f;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_refused(parse(&f, wrong[i].line), JF_ERR_USAGE, wrong[i].message);
    }
}

static void a_command_without_options_takes_a_file(void **state)
{
    char name[] = "status", out[] = "out.nc", option[] = "--fresh";
    char *argv[] = {name, out, option};
    const char *file;

    (void)state;
    assert_ok(jf_arguments_read(2, argv, NULL, 0, "OUT.nc", &file));
    assert_string_equal(file, "out.nc");
    assert_refused(jf_arguments_read(3, argv, NULL, 0, "OUT.nc", &file), JF_ERR_USAGE,
                   "unknown option '--fresh'; --help lists them");
}

/* One line for each: letter, name, value, meaning. */
static void help_shows_the_table(void **state)
{
    fixture f;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    prepare(&f);
    jf_arguments_help(f.option, OPTIONS, out);
    fclose(out);
    size_t lines = 0;
    for (const char *c = text; *c != '\0'; c++) {
        lines += *c == '\n';
    }
    assert_int_equal(lines, OPTIONS);
    assert_non_null(strstr(text, "-o, --output OUT.nc "));
    assert_non_null(strstr(text, "    --ranks N "));
    assert_non_null(strstr(text, "--set KEY=VALUE "));
    assert_non_null(strstr(text, "-f, --fresh "));
    assert_non_null(strstr(text, "start over\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_files_are_kept_in_order),
        cmocka_unit_test(an_option_takes_its_value_in_every_form),
        cmocka_unit_test(what_is_left_out_stays_as_it_was),
        cmocka_unit_test(flags_are_set),
        cmocka_unit_test(repeated_values_are_kept_in_order),
        cmocka_unit_test(a_value_is_taken_as_it_is),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(a_command_without_options_takes_a_file),
        cmocka_unit_test(help_shows_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
