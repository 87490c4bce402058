/*
 * test_log.c - messages for people: where they go, what is dropped, what is masked.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/base/log.h"

typedef struct {
    char line[4096];
    jf_log_level level;
    int count;
} catcher;

static void catch_line(void *context, jf_log_level level, const char *line)
{
    catcher *c = context;

    snprintf(c->line, sizeof c->line, "%s", line);
    c->level = level;
    c->count++;
}

static int restore(void **state)
{
    (void)state;
    jf_log_set_sink(NULL, NULL);
    jf_log_set_quiet(0);
    return 0;
}

/* printf's own rules. */
static void a_sink_receives_the_line_and_its_level(void **state)
{
    catcher c = {.count = 0};

    (void)state;
    jf_log_set_sink(catch_line, &c);
    jf_log(JF_LOG_WARNING, "%s has %d of %.2f", "x", 3, 0.5);
    assert_string_equal(c.line, "x has 3 of 0.50");
    assert_int_equal(c.level, JF_LOG_WARNING);
    assert_int_equal(c.count, 1);
}

/* Quiet drops notes and nothing else, as the header promises. */
static void quiet_drops_notes_but_neither_warnings_nor_errors(void **state)
{
    catcher c = {.count = 0};

    (void)state;
    jf_log_set_sink(catch_line, &c);
    jf_log_set_quiet(1);
    jf_log(JF_LOG_NOTE, "note");
    assert_int_equal(c.count, 0);
    jf_log(JF_LOG_WARNING, "warning");
    jf_log(JF_LOG_ERROR, "error");
    assert_int_equal(c.count, 2);
    jf_log_set_quiet(0);
    jf_log(JF_LOG_NOTE, "note");
    assert_int_equal(c.count, 3);
}

/*
 * A text of an input cannot move the cursor: escape, newline, tab, delete; letters beyond ASCII
 * stay.
 */
static void control_characters_are_masked(void **state)
{
    catcher c = {.count = 0};

    (void)state;
    jf_log_set_sink(catch_line, &c);
    jf_log(JF_LOG_ERROR, "%s", "a\033[2Jb\nc\td\177e\xc3\xa9\x01");
    assert_string_equal(c.line, "a?[2Jb?c?d?e\xc3\xa9?");
}

/* A line longer than any buffer arrives cut, not beyond it. */
static void a_subject_stands_in_front_until_it_is_taken_back(void **state)
{
    char subject[4096];
    catcher c = {.count = 0};

    (void)state;
    jf_log_set_sink(catch_line, &c);
    jf_log_set_subject("data.nc");
    jf_log(JF_LOG_ERROR, "x is %d", 7);
    assert_string_equal(c.line, "data.nc: x is 7");
    memset(subject, 'a', sizeof subject - 1);
    subject[sizeof subject - 1] = '\0';
    jf_log_set_subject(subject); /* leaves room for what is said of it */
    jf_log(JF_LOG_ERROR, "x is %d", 7);
    assert_non_null(strstr(c.line, "ax is 7"));
    jf_log_set_subject(NULL);
    jf_log(JF_LOG_ERROR, "x is %d", 7);
    assert_string_equal(c.line, "x is 7");
}

static void a_very_long_line_is_cut(void **state)
{
    catcher c = {.count = 0};
    char text[10000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    jf_log_set_sink(catch_line, &c);
    jf_log(JF_LOG_ERROR, "%s", text);
    assert_true(strlen(c.line) >= 1000);
    assert_int_equal(strspn(c.line, "x"), strlen(c.line));
}

/* Whoever finds a fault returns its code with one call. */
static void failing_writes_an_error_and_returns_the_status(void **state)
{
    catcher c = {.count = 0};

    (void)state;
    jf_log_set_sink(catch_line, &c);
    assert_int_equal(jf_fail(JF_ERR_FILE, "%s: gone", "f.nc"), JF_ERR_FILE);
    assert_string_equal(c.line, "f.nc: gone");
    assert_int_equal(c.level, JF_LOG_ERROR);
    assert_int_equal(jf_fail_memory("a thing"), JF_ERR_MEMORY);
    assert_non_null(strstr(c.line, "out of memory"));
    assert_non_null(strstr(c.line, "a thing"));
}

/* What a terminal would show, read back from a file put in the place of stderr. */
static void without_a_sink_lines_go_to_stderr_with_the_name_in_front(void **state)
{
    char text[256];
    FILE *file = tmpfile();
    const int saved = dup(STDERR_FILENO);

    (void)state;
    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    jf_log(JF_LOG_ERROR, "one");
    jf_log(JF_LOG_WARNING, "two");
    jf_log(JF_LOG_NOTE, "three");
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    const size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    assert_string_equal(text, "jepaflow: one\njepaflow: warning: two\njepaflow: three\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_sink_receives_the_line_and_its_level, restore),
        cmocka_unit_test_teardown(quiet_drops_notes_but_neither_warnings_nor_errors, restore),
        cmocka_unit_test_teardown(control_characters_are_masked, restore),
        cmocka_unit_test_teardown(a_subject_stands_in_front_until_it_is_taken_back, restore),
        cmocka_unit_test_teardown(a_very_long_line_is_cut, restore),
        cmocka_unit_test_teardown(failing_writes_an_error_and_returns_the_status, restore),
        cmocka_unit_test_teardown(without_a_sink_lines_go_to_stderr_with_the_name_in_front,
                                  restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
