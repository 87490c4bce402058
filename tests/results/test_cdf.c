/*
 * test_cdf.c - files that are cut off at any length, with any bit of the header turned, or of
 * another kind: named, or read as something that is within the file; never a crash (sanitizers).
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/sweep.h"
#include "jepaflow/results/cdf.h"
#include "jepaflow/results/points.h"
#include "jepaflow/results/recall.h"

static const char input[] = "sweep: {objective: mae, depth: [1, 2], init_scale: 0.1}\n"
                            "spectra: {s: {lambda: 1, rho: [1, 2]}}\n"
                            "output: {samples: 2}\n";

typedef struct {
    sweep s;
    unsigned char *data; /* of the whole file */
    size_t size, header;
} whole;

/* The variable `status` is the last of the header. */
static size_t find_header_end(const whole *w)
{
    size_t last = 0;

    for (size_t i = 0; i + 6 < w->size; i++) {
        last = memcmp(w->data + i, "status", 6) == 0 ? i : last;
    }
    return last;
}

static void open_whole(whole *w)
{
    struct stat about;

    sweep_begin(input, NULL, &w->s);
    sweep_write(&w->s, 0, 2, 1.0);
    assert_int_equal(stat(w->s.path, &about), 0);
    w->size = (size_t)about.st_size;
    w->data = malloc(w->size);
    assert_non_null(w->data);
    FILE *file = fopen(w->s.path, "rb");
    assert_int_equal(fread(w->data, 1, w->size, file), w->size);
    fclose(file);
    w->header = find_header_end(w);
    assert_true(w->header > 1000);
}

static void close_whole(whole *w)
{
    free(w->data);
    sweep_end(&w->s);
}

static void write_bytes(const whole *w, const void *data, size_t size)
{
    FILE *file = fopen(w->s.path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Byte i of the file, which stays as it is otherwise. */
static void write_byte(const whole *w, size_t i, int byte)
{
    FILE *file = fopen(w->s.path, "r+b");

    assert_non_null(file);
    assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
    assert_int_equal(fputc(byte, file), byte);
    assert_int_equal(fclose(file), 0);
}

static void a_whole_file_passes(void **state)
{
    whole w;

    (void)state;
    open_whole(&w);
    assert_ok(jf_cdf_check(w.s.path));
    close_whole(&w);
}

/* Where the data end: at the status of the last point, which is done. NetCDF adds some zeros. */
static size_t find_data_end(const whole *w)
{
    size_t end = w->size;

    while (end > 0 && w->data[end - 1] == 0) {
        end--;
    }
    return end;
}

static void every_cut_is_named(void **state)
{
    whole w;

    (void)state;
    open_whole(&w);
    for (size_t size = find_data_end(&w); size-- > 0;) {
        assert_int_equal(truncate(w.s.path, (off_t)size), 0);
        assert_refused(jf_cdf_check(w.s.path), JF_ERR_FILE,
                       size == 0  ? "out.nc: is empty"
                       : size < 4 ? "out.nc: is no NetCDF file"
                                  : "out.nc: is cut off: it");
    }
    write_bytes(&w, w.data, find_data_end(&w));
    assert_ok(jf_cdf_check(w.s.path));
    close_whole(&w);
}

/* The last variable, two bytes, in the place of what stands before it: read, it would be wrong. */
static void variables_in_one_place_are_named(void **state)
{
    unsigned char begin[8];
    size_t found = 0;
    whole w;

    (void)state;
    open_whole(&w);
    const size_t place = find_data_end(&w) - w.s.plan.points;
    for (size_t k = 0; k < 8; k++) {
        begin[k] = (unsigned char)(place >> (56 - 8 * k));
    }
    for (size_t i = 0; i + 8 < place; i++) {
        if (memcmp(w.data + i, begin, 8) == 0) {
            w.data[i + 6] = (unsigned char)(w.data[i + 6] - 1);
            found++;
        }
    }
    assert_int_equal(found, 1);
    write_bytes(&w, w.data, w.size);
    assert_refused(jf_cdf_check(w.s.path), JF_ERR_FILE, "where something else is");
    close_whole(&w);
}

/* Everything that readers and writers do, with what may come of it. */
static void read_all(const char *path)
{
    unsigned char *status;
    jf_dataset d;
    jf_recalled recalled;
    jf_points points;

    if (jf_dataset_open(path, &d) != JF_OK) {
        return;
    }
    status = malloc(d.points);
    assert_non_null(status);
    if (jf_points_status(&d, status) == JF_OK && jf_recall(&d, &recalled) == JF_OK) {
        assert_int_equal(jf_points_init(&d, &points), JF_OK);
        (void)jf_points_read(&points, &d, 0, points.room);
        jf_points_clear(&points);
        jf_recalled_clear(&recalled);
    }
    free(status);
    jf_dataset_close(&d);
}

/* A bit of each byte of the header: one line at most is said, nothing is read out of bounds. */
static void no_turned_bit_leads_astray(void **state)
{
    size_t passed = 0, named = 0;
    whole w;

    (void)state;
    open_whole(&w);
    for (size_t i = 0; i < w.header; i++) {
        const int bit = 1 << (i * 5 + i / 8) % 8;
        write_byte(&w, i, w.data[i] ^ bit);
        hear();
        read_all(w.s.path);
        const char *said = heard();
        const char *end = strchr(said, '\n');
        assert_true(said[0] == '\0' || (end != NULL && end[1] == '\0'));
        *(said[0] == '\0' ? &passed : &named) += 1;
        write_byte(&w, i, w.data[i]);
    }
    assert_true(named > w.header / 3); /* the others are in texts that mean nothing to it */
    assert_true(passed > 0);
    close_whole(&w);
}

static void other_kinds_are_named(void **state)
{
    static const struct {
        const char *bytes, *message;
        size_t size;
    } kinds[] = {
        {"", "is empty", 0},
        {"title: x\n", "is no NetCDF file", 9},
        {"\x89HDF\r\n\x1a\n and more", "is a NetCDF-4 (HDF5) file", 17},
        {"CDF\1\0\0\0\0", "of the classic format", 8},
        {"CDF\2\0\0\0\0", "of the classic format", 8},
        {"CDF\7\0\0\0\0", "of an unknown format", 8},
        {"CDF\5\0\0\0\0", "is cut off", 8},
    };
    whole w;

    (void)state;
    open_whole(&w);
    for (size_t k = 0; k < COUNT(kinds); k++) {
        write_bytes(&w, kinds[k].bytes, kinds[k].size);
        assert_refused(jf_cdf_check(w.s.path), JF_ERR_FILE, kinds[k].message);
    }
    assert_refused(jf_cdf_check(w.s.folder), JF_ERR_FILE, "is a folder");
    assert_int_equal(unlink(w.s.path), 0);
    assert_refused(jf_cdf_check(w.s.path), JF_ERR_FILE, "cannot open it as a dataset: No such");
    close_whole(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_passes),
        cmocka_unit_test(every_cut_is_named),
        cmocka_unit_test(variables_in_one_place_are_named),
        cmocka_unit_test(no_turned_bit_leads_astray),
        cmocka_unit_test(other_kinds_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
