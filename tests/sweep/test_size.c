/*
 * test_size.c - how large a sweep would be: against the records themselves, and against its limits.
 */
#include "../support/check.h"

#include <stdio.h>

#include "jepaflow/base/wire.h"
#include "jepaflow/sweep/record.h"
#include "jepaflow/sweep/size.h"

static const jf_node place = {.source = "in.yaml", .line = 4, .column = 12};

/* A packed record is its fields and four numbers of 8 bytes in front. */
static void a_record_takes_what_its_fields_take(void **state)
{
    static const size_t shapes[][2] = {{1, 0}, {3, 0}, {1, 7}, {8, 200}};

    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        jf_record record;
        jf_wire wire = {0};
        assert_ok(jf_record_init(shapes[i][0], shapes[i][1], &record));
        jf_record_pack(&record, &wire);
        assert_true(jf_size_of_record(shapes[i][0], shapes[i][1]) == (double)wire.size - 32.0);
        jf_wire_clear(&wire);
        jf_record_clear(&record);
    }
}

/* 1e15 points of one feature: its bytes, times a thousand million million. */
static void a_sweep_beyond_measure_is_refused_with_its_size(void **state)
{
    char expected[128];
    const double bytes = 1e15 * jf_size_of_record(1, 0);

    (void)state;
    snprintf(expected, sizeof expected,
             "in.yaml:4:12: the sweep has 1e+15 points, a dataset of %.3g PB; expected at most "
             "100000000 points",
             bytes / 1e15);
    assert_refused(jf_size_check_points(&place, 1e15, 1, 0), JF_ERR_USAGE, expected);
    assert_refused(jf_size_check_points(&place, 1e80, 16384, 100000), JF_ERR_USAGE,
                   "the sweep has 1e+80 points");
    assert_ok(jf_size_check_points(&place, (double)JF_MOST_POINTS, 16384, 100000));
    assert_refused(jf_size_check_points(&place, (double)JF_MOST_POINTS + 1.0, 1, 0), JF_ERR_USAGE,
                   "expected at most 100000000 points");
}

/* Projection, prediction and off_diagonal of each sample and feature are most of a large record. */
static void a_point_beyond_measure_is_refused_with_its_size(void **state)
{
    (void)state;
    assert_refused(jf_size_check_record(&place, 16384, 100000), JF_ERR_USAGE,
                   "in.yaml:4:12: 100000 samples of 16384 features are 39.3 GB for each point, "
                   "expected at most 1 GB: fewer samples");
    assert_ok(jf_size_check_record(&place, 16384, 2530));
    assert_refused(jf_size_check_record(&place, 16384, 2550), JF_ERR_USAGE, "1 GB for each point");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_takes_what_its_fields_take),
        cmocka_unit_test(a_sweep_beyond_measure_is_refused_with_its_size),
        cmocka_unit_test(a_point_beyond_measure_is_refused_with_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
