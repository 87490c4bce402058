/*
 * test_bundle.c - records come out of a bundle as they went in; when a bundle is due.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/ranks/bundle.h"

enum { FEATURES = 3, SAMPLES = 2 };

static jf_wire_reader reader_of(const jf_bundle *bundle)
{
    return (jf_wire_reader){.data = bundle->wire.data, .size = bundle->wire.size};
}

/* As many as the point's spectrum has. */
static size_t features_of(size_t point)
{
    return 1 + point % FEATURES;
}

/* Records of points first, first + 1, ..., whose numbers tell them apart. */
static void add(jf_bundle *bundle, size_t first, size_t count)
{
    jf_record record;

    assert_ok(jf_record_init(FEATURES, SAMPLES, &record));
    for (size_t i = 0; i < count; i++) {
        const size_t last = features_of(first + i) - 1;
        jf_record_reset(&record, first + i, last + 1);
        record.projection[(SAMPLES - 1) * (last + 1) + last] = 1.0 / (double)(first + i + 1);
        *record.steps = (int64_t)(3 * (first + i));
        jf_bundle_add(bundle, &record);
    }
    jf_record_clear(&record);
}

static void check(const jf_records *records, size_t first, size_t count)
{
    assert_int_equal(records->count, count);
    for (size_t i = 0; i < count; i++) {
        const jf_record *record = records->at[i];
        assert_int_equal(record->point, first + i);
        const size_t last = features_of(first + i) - 1;
        assert_int_equal(record->features, last + 1);
        assert_true(record->projection[(SAMPLES - 1) * (last + 1) + last] ==
                    1.0 / (double)(first + i + 1));
        assert_true(isnan(record->critical_time[0]));
        assert_int_equal(*record->steps, 3 * (first + i));
    }
}

/* Larger, smaller and empty bundles, one after the other, through the same memory. */
static void records_come_back(void **state)
{
    static const size_t counts[] = {5, 1, 0, 40, 7};
    jf_bundle bundle;
    jf_records records = {0};

    (void)state;
    jf_bundle_init(1.0, &bundle);
    for (size_t k = 0; k < COUNT(counts); k++) {
        add(&bundle, 100 * k, counts[k]);
        jf_wire_reader reader = reader_of(&bundle);
        assert_ok(jf_records_read(&reader, &records));
        check(&records, 100 * k, counts[k]);
        jf_bundle_empty(&bundle);
    }
    jf_bundle_clear(&bundle);
    jf_records_clear(&records);
}

static void a_bundle_cut_short_is_refused(void **state)
{
    jf_bundle bundle;
    jf_records records = {0};

    (void)state;
    jf_bundle_init(1.0, &bundle);
    add(&bundle, 0, 3);
    jf_wire_reader reader = reader_of(&bundle);
    reader.size--;
    assert_refused(jf_records_read(&reader, &records), JF_ERR_NETWORK, "holds no whole record");
    jf_bundle_clear(&bundle);
    jf_records_clear(&records);
}

static void a_bundle_is_due_after_its_wait(void **state)
{
    jf_bundle bundle;

    (void)state;
    jf_bundle_init(0.01, &bundle);
    jf_clock_sleep(0.02);
    assert_true(!jf_bundle_is_due(&bundle)); /* nothing is in it */
    add(&bundle, 0, 1);
    assert_true(jf_bundle_is_due(&bundle));
    jf_bundle_empty(&bundle);
    bundle.wait = 1e6;
    add(&bundle, 0, 1);
    assert_true(!jf_bundle_is_due(&bundle));
    jf_bundle_clear(&bundle);
}

/* However long the wait: no message grows without limit. */
static void a_full_bundle_is_due(void **state)
{
    jf_bundle bundle;
    size_t count = 0;

    (void)state;
    jf_bundle_init(INFINITY, &bundle);
    while (!jf_bundle_is_due(&bundle)) {
        add(&bundle, count, 1);
        count++;
    }
    assert_true(count > 1000);
    assert_true(bundle.wire.size >= JF_FULL_BUNDLE);
    assert_true(bundle.wire.size < JF_FULL_BUNDLE + JF_FULL_BUNDLE / 1000);
    jf_bundle_clear(&bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(a_bundle_cut_short_is_refused),
        cmocka_unit_test(a_bundle_is_due_after_its_wait),
        cmocka_unit_test(a_full_bundle_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
