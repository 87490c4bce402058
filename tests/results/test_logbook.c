/*
 * test_logbook.c - the logbook comes back as it was written, or not at all; without a line it is no
 * file.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../support/folder.h"
#include "jepaflow/results/logbook.h"

typedef struct {
    char folder[FOLDER_SIZE], dataset[160], points[192], file[224];
} place;

static void open_place(place *p)
{
    folder_make(p->folder);
    snprintf(p->dataset, sizeof p->dataset, "%s/out.nc", p->folder);
    snprintf(p->points, sizeof p->points, "%s.points", p->dataset);
    snprintf(p->file, sizeof p->file, "%s/logbook", p->points);
}

static jf_logbook book_of(const place *p)
{
    return (jf_logbook){.dataset = p->dataset, .digest = "0123456789abcdef", .ranks = 4};
}

static void fill(jf_logbook *book)
{
    assert_ok(jf_logbook_add(book, &(jf_logbook_line){7, -1, 2, 1.7e9 + 0.125}));
    for (size_t i = 0; i < 40; i++) {
        assert_ok(jf_logbook_add(book, &(jf_logbook_line){100 + i, (int)i, 0, 0.0}));
    }
}

static void what_is_written_is_read(void **state)
{
    place p;

    (void)state;
    open_place(&p);
    jf_logbook written = book_of(&p), read = book_of(&p);
    assert_ok(jf_logbook_read(&read)); /* there is none */
    assert_int_equal(read.count, 0);
    fill(&written);
    assert_ok(jf_logbook_write(&written));
    read.ranks = 0;
    assert_ok(jf_logbook_read(&read));
    assert_int_equal(read.ranks, 4);
    assert_true(jf_logbook_same(&written, &read));
    assert_int_equal(jf_logbook_find(&read, 7)->deaths, 2);
    assert_null(jf_logbook_find(&read, 8));
    read.lines[40].rank = 3;
    assert_true(!jf_logbook_same(&written, &read));

    read.count = 0;
    assert_ok(jf_logbook_write(&read));
    assert_int_not_equal(access(p.points, F_OK), 0);
    assert_ok(jf_logbook_write(&read)); /* twice is as once */
    jf_logbook_clear(&read);
    jf_logbook_clear(&written);
    folder_remove_empty(p.folder);
}

/* Cut anywhere but behind its last letter, it is said to be damaged, and empty. */
static void half_a_logbook_is_none(void **state)
{
    place p;
    char message[320];

    (void)state;
    open_place(&p);
    jf_logbook written = book_of(&p), read = book_of(&p);
    fill(&written);
    snprintf(message, sizeof message, "%s: it is damaged or of another plan", p.file);
    for (int length = 0; length < 1500; length += 97) {
        assert_ok(jf_logbook_write(&written));
        assert_int_equal(truncate(p.file, length), 0);
        hear();
        assert_int_equal(jf_logbook_read(&read), JF_OK);
        assert_non_null(strstr(heard(), message));
        assert_int_equal(read.count, 0);
    }
    assert_ok(jf_logbook_write(&written));
    read.digest = "fedcba9876543210";
    hear();
    assert_int_equal(jf_logbook_read(&read), JF_OK);
    assert_non_null(strstr(heard(), message));
    assert_int_equal(read.count, 0);
    assert_ok(jf_logbook_write(&read));
    jf_logbook_clear(&written);
    jf_logbook_clear(&read);
    folder_remove_empty(p.folder);
}

static void what_cannot_be_written_is_said(void **state)
{
    place p;

    (void)state;
    open_place(&p);
    jf_logbook book = book_of(&p);
    fill(&book);
    FILE *in_the_way = fopen(p.points, "w"); /* a file where the folder would be */
    assert_non_null(in_the_way);
    fclose(in_the_way);
    assert_refused(jf_logbook_write(&book), JF_ERR_FILE, "logbook.new: cannot write it: ");
    assert_int_equal(unlink(p.points), 0);
    jf_logbook_clear(&book);
    folder_remove_empty(p.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(half_a_logbook_is_none),
        cmocka_unit_test(what_cannot_be_written_is_said),
    };

    return cmocka_run_group_tests_name("logbook", tests, NULL, NULL);
}
