/*
 * test_text.c - numbers, nearest names, growing strings, fingerprints, whole files.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jepaflow/base/text.h"

/* Decimal numbers as C's compiler reads the same characters. */
static void decimal_numbers_are_read(void **state)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0.0}, {"-0", -0.0},   {"1.0e-3", 1.0e-3}, {"+2.5", 2.5},   {".5", .5},
                {"5.", 5.}, {"1E10", 1E10}, {"0.07", .07},      {"1e-400", 0.0}, {"3e+2", 300.0}};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        double value = 99.0;
        assert_int_equal(jf_text_number(good[i].text, &value), 1);
        assert_true(value == good[i].value);
    }
}

/* What is no finite decimal number is none, and the value stays untouched. */
static void what_is_no_number_is_refused(void **state)
{
    static const char *const bad[] = {"",     " ",   "1 ",    " 1",   "nan",      "inf",   "-inf",
                                      "0x10", "1e",  "e5",    "1..2", "1e999",    "1,5",   "--1",
                                      "+",    ".",   "1e5.5", "NaN",  "infinity", "1_000", "0x1p3",
                                      "1d3",  "\t1", "007",   "010",  "-010",     "00.5"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        double value = 99.0;
        if (jf_text_number(bad[i], &value) != 0) {
            fail_msg("'%s' was read as a number", bad[i]);
        }
        assert_true(value == 99.0);
    }
}

/* Distances counted by hand: one edit for short words, a third of the length, at most three. */
static void the_nearest_name_is_found(void **state)
{
    static const char *const names[] = {"depth", "init_scale", "objective", "seed", "spectrum"};
    const size_t n = COUNT(names);

    (void)state;
    assert_string_equal(jf_text_nearest("depth", names, n), "depth");
    assert_string_equal(jf_text_nearest("detph", names, n), "depth"); /* a swap is one edit */
    assert_string_equal(jf_text_nearest("sed", names, n), "seed");    /* one missing */
    assert_string_equal(jf_text_nearest("initscale", names, n), "init_scale"); /* one missing */
    assert_string_equal(jf_text_nearest("objektives", names, n), "objective"); /* two */
}

/* Words too far away, by the same count. */
static void a_far_word_has_no_nearest_name(void **state)
{
    static const char *const names[] = {"depth", "init_scale", "objective", "seed"};
    char endless[1000];

    (void)state;
    memset(endless, 'd', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(jf_text_nearest("", names, 4));
    assert_null(jf_text_nearest("dpeht", names, 4));    /* two edits, one allowed */
    assert_null(jf_text_nearest("opjektiv", names, 4)); /* three, two allowed */
    assert_null(jf_text_nearest("se", names, 4));       /* two, one allowed */
    assert_null(jf_text_nearest("momentum", names, 4));
    assert_null(jf_text_nearest(endless, names, 4));
    assert_null(jf_text_nearest("depth", names, 0));
}

/* snprintf into a large buffer. */
static void a_string_grows_by_what_is_added(void **state)
{
    jf_string string = {0};
    char expected[20000] = "";
    size_t used = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        jf_string_add(&string, "%d:%s;", i, "word");
        used += (size_t)snprintf(expected + used, sizeof expected - used, "%d:%s;", i, "word");
    }
    assert_ok(jf_string_check(&string));
    assert_int_equal(string.size, used);
    assert_string_equal(string.text, expected);
    jf_string_clear(&string);
    assert_null(string.text);
    assert_int_equal(string.size, 0);
    string.failed = 1;
    jf_string_add(&string, "x");
    assert_int_equal(string.size, 0);
    assert_refused(jf_string_check(&string), JF_ERR_MEMORY, "out of memory");
}

/* The test vectors of FNV-1a's authors (Fowler, Noll, Vo; isthe.com). */
static void hashes_are_fnv_1a(void **state)
{
    (void)state;
    assert_true(jf_hash_bytes(JF_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(jf_hash_bytes(JF_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(jf_hash_bytes(JF_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(jf_hash_text(JF_HASH_START, "a") == jf_hash_bytes(JF_HASH_START, "a\0", 2));
}

/* A number hashes as its eight bytes, least significant first; both zeros are one number. */
static void numbers_hash_by_their_bits(void **state)
{
    (void)state;
    assert_true(jf_hash_number(JF_HASH_START, -0.0) == jf_hash_number(JF_HASH_START, 0.0));
    assert_true(jf_hash_number(JF_HASH_START, 1.0) ==
                jf_hash_bytes(JF_HASH_START, "\0\0\0\0\0\0\xf0\x3f", 8));
    assert_true(jf_hash_number(JF_HASH_START, 1.0) !=
                jf_hash_number(JF_HASH_START, nextafter(1.0, 2.0)));
}

/* Texts that would be the same if they were put end to end are not. */
static void hashed_texts_keep_their_borders(void **state)
{
    (void)state;
    assert_true(jf_hash_text(jf_hash_text(JF_HASH_START, "ab"), "c") !=
                jf_hash_text(jf_hash_text(JF_HASH_START, "a"), "bc"));
}

/* A file of 11 bytes with the given content, its name in `path`. */
static void write_file(char path[32])
{
    snprintf(path, 32, "/tmp/test_text.XXXXXX");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, "hello\0world", 11), 11);
    close(file);
}

/* What was written, byte for byte, up to a limit that just fits. */
static void a_file_is_read_whole(void **state)
{
    char path[32];
    char *text = NULL;
    size_t size = 0;

    (void)state;
    write_file(path);
    assert_ok(jf_text_read_file(path, 11, &text, &size));
    assert_int_equal(size, 11);
    assert_memory_equal(text, "hello\0world", 12);
    free(text);
    assert_refused(jf_text_read_file(path, 10, &text, &size), JF_ERR_USAGE, "at most 10 bytes");
    unlink(path);
}

/* Paths that cannot be read are wrong input, and the message names the path. */
static void what_is_no_readable_file_is_refused(void **state)
{
    char *text = NULL;
    size_t size = 0;

    (void)state;
    assert_refused(jf_text_read_file("/nowhere/at.all", 10, &text, &size), JF_ERR_USAGE,
                   "/nowhere/at.all: cannot open it: No such file");
    assert_refused(jf_text_read_file("/tmp", 10, &text, &size), JF_ERR_USAGE,
                   "/tmp: is a folder, expected a file");
    assert_null(text);
}

/* A named pipe that nobody has opened for writing is not waited for. */
static void a_pipe_without_a_writer_is_refused(void **state)
{
    char path[] = "/tmp/test_text_XXXXXX/pipe", expected[64];
    char *slash = strrchr(path, '/'), *text = NULL;
    size_t size = 0;

    (void)state;
    *slash = '\0';
    assert_non_null(mkdtemp(path));
    *slash = '/';
    assert_int_equal(mkfifo(path, 0600), 0);
    snprintf(expected, sizeof expected, "%s: is a pipe that nobody writes to", path);
    assert_refused(jf_text_read_file(path, 10, &text, &size), JF_ERR_USAGE, expected);
    assert_int_equal(unlink(path), 0);
    *slash = '\0';
    assert_int_equal(rmdir(path), 0);
}

/* What stands in the shell as <(command): it is read to its end, also where the writer is slow. */
static void a_pipe_is_read_as_long_as_somebody_writes(void **state)
{
    int ends[2];
    char path[32], *text = NULL;
    size_t size = 0;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    const pid_t writer = fork();
    if (writer == 0) {
        usleep(20000);
        const int first = write(ends[1], "hello", 5) == 5;
        usleep(20000);
        _exit(first && write(ends[1], " world", 6) == 6 ? 0 : 1);
    }
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_ok(jf_text_read_file(path, 11, &text, &size));
    assert_string_equal(text, "hello world");
    free(text);
    close(ends[0]);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
}

static void amounts_of_bytes_have_units(void **state)
{
    char text[JF_BYTES_TEXT];

    (void)state;
    assert_string_equal(jf_text_bytes(12.0, text), "12 B");
    assert_string_equal(jf_text_bytes(1500.0, text), "1.5 kB");
    assert_string_equal(jf_text_bytes(123456789.0, text), "123 MB");
    assert_string_equal(jf_text_bytes(1e21, text), "1e+03 EB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_numbers_are_read),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(the_nearest_name_is_found),
        cmocka_unit_test(a_far_word_has_no_nearest_name),
        cmocka_unit_test(a_string_grows_by_what_is_added),
        cmocka_unit_test(hashes_are_fnv_1a),
        cmocka_unit_test(numbers_hash_by_their_bits),
        cmocka_unit_test(hashed_texts_keep_their_borders),
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(what_is_no_readable_file_is_refused),
        cmocka_unit_test(a_pipe_without_a_writer_is_refused),
        cmocka_unit_test(a_pipe_is_read_as_long_as_somebody_writes),
        cmocka_unit_test(amounts_of_bytes_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
