/*
 * test_checkpoint.c - what was kept comes back whole, or not at all: damaged at any byte, cut at
 * any length, of another point, plan, version or number of ranks.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/folder.h"
#include "jepaflow/results/checkpoint.h"

typedef struct {
    char folder[FOLDER_SIZE], dataset[160], points[192], file[224];
    jf_checkpoint c;
} place;

static void open_place(place *p)
{
    folder_make(p->folder);
    snprintf(p->dataset, sizeof p->dataset, "%s/out.nc", p->folder);
    snprintf(p->points, sizeof p->points, "%s.points", p->dataset);
    snprintf(p->file, sizeof p->file, "%s/7", p->points);
    p->c = (jf_checkpoint){.dataset = p->dataset,
                           .digest = "0123456789abcdef",
                           .version = "test",
                           .point = 7,
                           .part = 0,
                           .parts = 1};
}

static void close_place(place *p)
{
    jf_checkpoint_remove(&p->c);
    folder_remove_empty(p->folder);
}

static jf_wire make_bytes(const char *text)
{
    jf_wire wire = {0};

    jf_wire_put_bytes(&wire, text, strlen(text));
    assert_ok(jf_wire_check(&wire));
    return wire;
}

static void keep(const place *p, const char *text)
{
    jf_wire wire = make_bytes(text);

    assert_ok(jf_checkpoint_write(&p->c, &wire));
    assert_ok(jf_checkpoint_commit(&p->c));
    jf_wire_clear(&wire);
}

/* What is kept, as text; "" for nothing. */
static const char *kept(const jf_checkpoint *c)
{
    static char text[64];
    jf_wire bytes;

    assert_int_equal(jf_checkpoint_read(c, &bytes), JF_OK);
    size_t size = 0;
    jf_wire_reader reader = {.data = bytes.data, .size = bytes.size};
    const unsigned char *found = bytes.size > 0 ? jf_wire_get_bytes(&reader, &size) : NULL;
    snprintf(text, sizeof text, "%.*s", (int)size, found != NULL ? (const char *)found : "");
    jf_wire_clear(&bytes);
    return text;
}

static void the_last_that_was_kept_comes_back(void **state)
{
    place p;

    (void)state;
    open_place(&p);
    hear();
    assert_string_equal(kept(&p.c), "");
    keep(&p, "first");
    assert_string_equal(kept(&p.c), "first");
    keep(&p, "the second, which is longer");
    assert_string_equal(kept(&p.c), "the second, which is longer");
    assert_string_equal(heard(), ""); /* without a word */
    jf_checkpoint_remove(&p.c);
    assert_string_equal(kept(&p.c), "");
    assert_int_equal(access(p.points, F_OK), -1); /* the folder is gone with the last point */
    close_place(&p);
}

/* What is only written, not committed, leaves the one before in its place. */
static void what_is_not_committed_does_not_count(void **state)
{
    jf_wire wire = make_bytes("the next one");
    place p;

    (void)state;
    open_place(&p);
    keep(&p, "whole");
    assert_ok(jf_checkpoint_write(&p.c, &wire));
    assert_string_equal(kept(&p.c), "whole");
    assert_ok(jf_checkpoint_commit(&p.c));
    assert_string_equal(kept(&p.c), "the next one");
    jf_wire_clear(&wire);
    jf_checkpoint_remove(&p.c);
    close_place(&p);
}

/* A link that leads to itself: to be read by nobody, not even root. */
static void what_cannot_be_opened_is_said(void **state)
{
    place p;

    (void)state;
    open_place(&p);
    keep(&p, "whole");
    assert_int_equal(unlink(p.file), 0);
    assert_int_equal(symlink(p.file, p.file), 0);
    hear();
    assert_string_equal(kept(&p.c), "");
    assert_non_null(strstr(heard(), "out.nc.points/7: cannot open it: "));
    assert_non_null(strstr(heard(), ": point 7 starts anew"));
    close_place(&p);
}

/* A point's parts are apart, and forgotten together; other points stay. */
static void parts_and_points_are_apart(void **state)
{
    place p, other;

    (void)state;
    open_place(&p);
    other = p;
    other.c.point = 70;
    keep(&other, "other point");
    p.c.parts = 2;
    keep(&p, "part 0");
    p.c.part = 1;
    keep(&p, "part 1");
    assert_string_equal(kept(&p.c), "part 1");
    p.c.part = 0;
    assert_string_equal(kept(&p.c), "part 0");
    jf_checkpoint_remove(&p.c);
    assert_string_equal(kept(&p.c), "");
    p.c.part = 1;
    assert_string_equal(kept(&p.c), "");
    assert_string_equal(kept(&other.c), "other point");
    jf_checkpoint_remove(&other.c);
    close_place(&p);
}

/* Whatever it is of is in it. */
static void what_is_of_something_else_is_left_aside(void **state)
{
    place p;

    (void)state;
    open_place(&p);
    keep(&p, "mine");
    jf_checkpoint others[] = {p.c, p.c, p.c};
    others[0].digest = "0123456789abcdee";
    others[1].version = "tesu";
    others[2].parts = 2;
    for (size_t k = 0; k < COUNT(others); k++) {
        hear();
        assert_string_equal(kept(&others[k]), "");
        assert_non_null(strstr(heard(), "of another plan, version or number of ranks"));
    }
    assert_string_equal(kept(&p.c), "mine");
    close_place(&p);
}

static size_t read_file(const char *path, unsigned char *data, size_t most)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    const size_t size = fread(data, 1, most, file);
    fclose(file);
    return size;
}

static void write_file(const char *path, const unsigned char *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

/* Each byte, each length; and the message says which file and that the point starts anew. */
static void damage_is_noticed(void **state)
{
    unsigned char data[512];
    place p;

    (void)state;
    open_place(&p);
    keep(&p, "precious");
    const size_t size = read_file(p.file, data, sizeof data);
    assert_in_range(size, 20, sizeof data - 1);
    for (size_t k = 0; k < size; k++) {
        data[k] ^= 0x10;
        write_file(p.file, data, size);
        data[k] ^= 0x10;
        hear();
        assert_string_equal(kept(&p.c), "");
        assert_non_null(strstr(heard(), "point 7 starts anew"));
        write_file(p.file, data, k);
        hear();
        assert_string_equal(kept(&p.c), "");
        assert_non_null(strstr(heard(), p.file));
    }
    write_file(p.file, data, size);
    assert_string_equal(kept(&p.c), "precious");
    close_place(&p);
}

/* A place where nothing can be kept: an error that names it, and what is there is left alone. */
static void a_place_that_cannot_be_written_to_is_named(void **state)
{
    jf_wire wire = make_bytes("x");
    place p;

    (void)state;
    open_place(&p);
    write_file(p.points, (const unsigned char *)"a file", 6);
    assert_refused(jf_checkpoint_write(&p.c, &wire), JF_ERR_FILE, "out.nc.points/7.new: cannot");
    assert_int_equal(unlink(p.points), 0);
    jf_wire_clear(&wire);
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_that_was_kept_comes_back),
        cmocka_unit_test(what_is_not_committed_does_not_count),
        cmocka_unit_test(what_cannot_be_opened_is_said),
        cmocka_unit_test(parts_and_points_are_apart),
        cmocka_unit_test(what_is_of_something_else_is_left_aside),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(a_place_that_cannot_be_written_to_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
