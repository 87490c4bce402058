/*
 * test_points.c - records read back against those that were written, bit for bit.
 */
#include "../support/check.h"

#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/results/points.h"

static const char input[] = "sweep:\n"
                            "  depth: [1, 2, 3]\n"
                            "  init_scale: [0.01, 0.1]\n"
                            "  spectrum: [three, two]\n"
                            "spectra:\n"
                            "  three: {lambda: [1, 2, 3], rho: 1}\n"
                            "  two: {lambda: 1, rho: [1, 2]}\n"
                            "output: {samples: 4}\n";

static void assert_same(const jf_record *a, const jf_record *b)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    assert_int_equal(a->point, b->point);
    assert_int_equal(a->features, b->features);
    for (size_t f = 0; f < count; f++) {
        assert_memory_equal(jf_field_data(&field[f], a), jf_field_data(&field[f], b),
                            jf_field_bytes(&field[f], a->features, a->samples));
    }
}

/* With a number in each field that is this point's alone. */
static void make_record(const sweep *s, size_t p, jf_record *record)
{
    sweep_record(s, p, 1.0 + 0.01 * (double)p, record);
    *record->steps = INT64_C(9007199254740993) + (int64_t)p; /* no double holds it */
    *record->rhs_evaluations = (int64_t)p;
    *record->seconds = 0.1 * (double)p;
    *record->reason = (int8_t)(p % JF_REASONS);
    *record->status = (int8_t)(p % 4);
    *record->loss = 1.0 / (double)(p + 1);
    if (s->plan.input->setting[JF_P_PROBE].at[0] == JF_PROBE_YES) {
        record->probe[1] = 0.01 * (double)p;
    }
}

static void every_stretch_comes_back(void **state)
{
    static const char *const changes[] = {NULL, "samples=0", "probe=yes"};
    jf_record record;
    jf_store *store;
    jf_dataset d;
    jf_points points;
    sweep s;

    (void)state;
    for (size_t c = 0; c < COUNT(changes); c++) {
        sweep_begin(input, changes[c], &s);
        sweep_create(&s, &store);
        for (size_t p = 0; p < s.plan.points; p++) {
            make_record(&s, p, &record);
            sweep_put(store, &record);
            jf_record_clear(&record);
        }
        assert_ok(jf_store_close(&store));
        assert_ok(jf_dataset_open(s.path, &d));
        assert_ok(jf_points_init(&d, &points));
        assert_int_equal(points.room, s.plan.points);
        for (size_t first = 0; first < s.plan.points; first += 5) {
            for (size_t count = 1; first + count <= s.plan.points; count++) {
                assert_ok(jf_points_read(&points, &d, first, count));
                assert_int_equal(points.count, count);
                for (size_t i = 0; i < count; i++) {
                    make_record(&s, first + i, &record);
                    assert_same(&points.record[i], &record);
                    jf_record_clear(&record);
                }
            }
        }
        jf_points_clear(&points);
        jf_dataset_close(&d);
        sweep_end(&s);
    }
}

static void statuses_come_back(void **state)
{
    static const size_t zero[8] = {0}, one[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    static const int8_t nonsense = -3;
    unsigned char status[24];
    jf_file *file;
    jf_file_shape shape;
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 1, 3, 1.0);
    assert_ok(jf_file_open(s.path, 1, &file));
    assert_ok(jf_file_variable(file, "status", &shape));
    assert_ok(jf_file_put(file, shape.id, JF_FILE_BYTE, zero, one, &nonsense));
    assert_ok(jf_file_close(&file));
    assert_ok(jf_dataset_open(s.path, &d));
    assert_ok(jf_points_status(&d, status));
    for (size_t p = 0; p < d.points; p++) {
        assert_int_equal(status[p], p == 1 || p == 2 ? JF_POINT_DONE : JF_POINT_PENDING);
    }
    assert_true(jf_points_is_final(JF_POINT_FAILED) && jf_points_is_final(JF_POINT_DIVERGED));
    assert_true(!jf_points_is_final(JF_POINT_PENDING) && !jf_points_is_final(JF_POINT_STOPPED));
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* Another shape than the dataset's axes say: refused, not read into memory that is too small. */
static void another_shape_is_refused(void **state)
{
    jf_dataset d;
    jf_points points;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 1, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_ok(jf_points_init(&d, &points));
    d.samples = 3;
    assert_refused(jf_points_read(&points, &d, 0, 1), JF_ERR_FILE,
                   "has not the shape of the sweep");
    d.samples = 4;
    jf_points_clear(&points);
    jf_dataset_close(&d);
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stretch_comes_back),
        cmocka_unit_test(statuses_come_back),
        cmocka_unit_test(another_shape_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
