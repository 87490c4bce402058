/*
 * test_record.c - what is known of a point: its table, its empty state, and its way through a
 * message.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/sweep/record.h"
#include "jepaflow/theory/feature.h"

/* Bytes of one number. */
static size_t width(const jf_field *field)
{
    return field->type == JF_FIELD_BYTE ? 1 : 8;
}

/* Every number of a record different from every other, some of them NaN. */
static void fill(uint64_t seed, jf_record *record)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    double numbers[100];

    record->point = 1000 + seed;
    for (size_t f = 0; f < count; f++) {
        const size_t size = jf_field_count(&field[f], record->features, record->samples);
        assert_true(size <= COUNT(numbers));
        fill_uniform(seed + f, size, numbers);
        for (size_t i = 0; i < size; i++) {
            void *data = jf_field_data(&field[f], record);
            if (field[f].type == JF_FIELD_BYTE) {
                ((int8_t *)data)[i] = (int8_t)(127.0 * numbers[i]);
            } else if (field[f].type == JF_FIELD_LONG) {
                ((int64_t *)data)[i] = (int64_t)(9e18 * numbers[i]);
            } else {
                ((double *)data)[i] = i % 5 == 3 ? NAN : numbers[i];
            }
        }
    }
}

static void assert_same(const jf_record *a, const jf_record *b)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    assert_int_equal(a->point, b->point);
    for (size_t f = 0; f < count; f++) {
        const size_t size = jf_field_count(&field[f], a->features, a->samples);
        if (size > 0) {
            assert_memory_equal(jf_field_data(&field[f], a), jf_field_data(&field[f], b),
                                size * width(&field[f]));
        }
    }
}

/*
 * Names unique, words for the dataset, as many flags as the enum has values; status last, as it is
 * written last.
 */
static void each_field_is_described_whole(void **state)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    (void)state;
    for (size_t f = 0; f < count; f++) {
        assert_true(strlen(field[f].meaning) > 0);
        assert_true(strlen(field[f].unit) > 0);
        assert_true((field[f].type == JF_FIELD_BYTE) == (field[f].flags != NULL));
        for (size_t k = 0; k < f; k++) {
            assert_string_not_equal(field[f].name, field[k].name);
            assert_true(field[f].member != field[k].member);
        }
    }
    assert_string_equal(field[count - 1].name, "status");
}

static size_t words(const char *text)
{
    size_t count = 1;

    for (; *text != '\0'; text++) {
        count += *text == ' ';
    }
    return count;
}

/* flag_meanings in the order of the enums, one for each value. */
static void flags_name_each_value_of_their_enum(void **state)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    int seen = 0;

    (void)state;
    for (size_t f = 0; f < count; f++) {
        if (strcmp(field[f].name, "status") == 0) {
            assert_int_equal(words(field[f].flags), JF_POINT_STATUSES);
            assert_memory_equal(field[f].flags, "pending done failed diverged stopped", 36);
            seen++;
        }
        if (strcmp(field[f].name, "critical_time_status") == 0) {
            assert_int_equal(words(field[f].flags), JF_CELL_STATUSES);
            assert_string_equal(field[f].flags,
                                "reached not_reached started_above no_reference failed not_run");
            seen++;
        }
    }
    assert_int_equal(seen, 2);
}

/* Nothing known: NaN, zero, pending, not_run; and again after a reset. */
static void a_new_record_knows_nothing(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(3, 4, &r));
    for (int round = 0; round < 2; round++) {
        assert_int_equal(*r.status, JF_POINT_PENDING);
        assert_int_equal(*r.rank, -1);
        assert_true(*r.steps == 0 && *r.rhs_evaluations == 0);
        assert_true(isnan(*r.seconds));
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(r.critical_time_status[i], JF_NOT_RUN);
            assert_true(isnan(r.critical_time[i]) && isnan(r.plateau[i]));
        }
        for (size_t i = 0; i < 12; i++) {
            assert_true(isnan(r.projection[i]) && isnan(r.prediction[i]));
        }
        fill(1, &r);
        jf_record_reset(&r, 17, 3);
        assert_int_equal(r.point, 17);
    }
    jf_record_clear(&r);
    assert_null(r.memory);
}

/* Each array is as long as its shape says, and none overlaps another. */
static void fields_do_not_overlap(void **state)
{
    static const size_t expected[] = {[JF_SHAPE_POINT] = 1,
                                      [JF_SHAPE_FEATURE] = 3,
                                      [JF_SHAPE_SAMPLE] = 4,
                                      [JF_SHAPE_SAMPLE_FEATURE] = 12};
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(3, 4, &r));
    for (size_t f = 0; f < count; f++) {
        const size_t size = jf_field_count(&field[f], 3, 4);
        assert_int_equal(size, expected[field[f].shape]);
        for (size_t k = 0; k < count; k++) {
            const char *a = jf_field_data(&field[f], &r), *b = jf_field_data(&field[k], &r);
            const size_t b_size = jf_field_count(&field[k], 3, 4) * width(&field[k]);
            assert_true(f == k || a + size * width(&field[f]) <= b || b + b_size <= a);
        }
    }
    jf_record_clear(&r);
}

/* Bit for bit, NaN included, with samples and without. */
static void a_record_comes_back_from_a_message(void **state)
{
    (void)state;
    for (size_t samples = 0; samples <= 6; samples += 3) {
        jf_record sent, received;
        jf_wire wire = {0};
        assert_ok(jf_record_init(5, samples, &sent));
        assert_ok(jf_record_init(5, samples, &received));
        fill(samples, &sent);
        jf_record_pack(&sent, &wire);
        assert_ok(jf_wire_check(&wire));
        jf_wire_reader reader = {.data = wire.data, .size = wire.size};
        assert_ok(jf_record_unpack(&reader, &received));
        assert_ok(jf_wire_finish(&reader));
        assert_same(&sent, &received);
        jf_wire_clear(&wire);
        jf_record_clear(&sent);
        jf_record_clear(&received);
    }
}

/* What few records know costs a message nothing where it is not known, and comes back unknown. */
static void what_is_optional_is_sent_where_it_is_known(void **state)
{
    enum { FEATURES = 5, ROWS = 7 };
    size_t size[2];

    (void)state;
    for (int known = 0; known < 2; known++) {
        jf_record sent, received;
        jf_wire wire = {0};
        assert_ok(jf_record_init(FEATURES, ROWS, &sent));
        assert_ok(jf_record_init(FEATURES, ROWS, &received));
        sent.probe[FEATURES * ROWS - 1] = known ? 0.5 : NAN;
        received.probe[3] = 0.7;
        jf_record_pack(&sent, &wire);
        jf_wire_reader reader = {.data = wire.data, .size = wire.size};
        assert_ok(jf_record_unpack(&reader, &received));
        assert_ok(jf_wire_finish(&reader));
        assert_same(&sent, &received);
        size[known] = wire.size;
        jf_wire_clear(&wire);
        jf_record_clear(&sent);
        jf_record_clear(&received);
    }
    assert_int_equal(size[1] - size[0], 8 * FEATURES * ROWS);
}

/* Two records in one message are taken out one after the other. */
static void records_follow_each_other_in_a_message(void **state)
{
    jf_record a, b, received;
    jf_wire wire = {0};

    (void)state;
    assert_ok(jf_record_init(2, 3, &a));
    assert_ok(jf_record_init(2, 3, &b));
    assert_ok(jf_record_init(2, 3, &received));
    fill(1, &a);
    fill(2, &b);
    jf_record_pack(&a, &wire);
    jf_record_pack(&b, &wire);
    jf_wire_reader reader = {.data = wire.data, .size = wire.size};
    assert_ok(jf_record_unpack(&reader, &received));
    assert_same(&a, &received);
    assert_ok(jf_record_unpack(&reader, &received));
    assert_same(&b, &received);
    assert_ok(jf_wire_finish(&reader));
    jf_wire_clear(&wire);
    jf_record_clear(&a);
    jf_record_clear(&b);
    jf_record_clear(&received);
}

/* A record takes the width of its point, whatever it held before, and packs no more than that. */
static void a_record_is_as_wide_as_its_point(void **state)
{
    jf_record r, narrow;
    jf_wire wire = {0}, expected = {0};

    (void)state;
    assert_ok(jf_record_init(9, 2, &r));
    assert_ok(jf_record_init(3, 2, &narrow));
    fill(1, &r);
    jf_record_reset(&r, 5, 3);
    jf_record_reset(&narrow, 5, 3);
    assert_int_equal(r.features, 3);
    assert_same(&r, &narrow);
    jf_record_pack(&r, &wire);
    jf_record_pack(&narrow, &expected);
    assert_int_equal(wire.size, expected.size);
    assert_memory_equal(wire.data, expected.data, wire.size);
    jf_record_reset(&r, 6, 9); /* and wide again */
    fill(2, &r);
    jf_wire_clear(&wire);
    jf_wire_clear(&expected);
    jf_record_clear(&r);
    jf_record_clear(&narrow);
}

/* One record takes out records of any shape, smaller and larger than it was. */
static void an_arriving_record_brings_its_shape(void **state)
{
    static const size_t shape[][2] = {{3, 2}, {1, 0}, {7, 5}, {2, 5}, {7, 4}};
    jf_record sent, received = {0};
    jf_wire wire = {0};

    (void)state;
    for (size_t k = 0; k < COUNT(shape); k++) {
        assert_ok(jf_record_init(shape[k][0], shape[k][1], &sent));
        fill(k, &sent);
        jf_wire_rewind(&wire);
        jf_record_pack(&sent, &wire);
        jf_wire_reader reader = {.data = wire.data, .size = wire.size};
        assert_ok(jf_record_unpack(&reader, &received));
        assert_ok(jf_wire_finish(&reader));
        assert_int_equal(received.features, shape[k][0]);
        assert_int_equal(received.samples, shape[k][1]);
        assert_same(&sent, &received);
        jf_record_clear(&sent);
    }
    jf_wire_clear(&wire);
    jf_record_clear(&received);
}

/* A message of a record whose first four numbers are others. */
static void put_altered(const jf_wire *wire, const int64_t first[4], jf_wire *out)
{
    for (size_t i = 0; i < 4; i++) {
        jf_wire_put_i64(out, first[i]);
    }
    for (size_t i = 32; i < wire->size; i++) {
        jf_wire_put_i8(out, (int8_t)wire->data[i]);
    }
}

/*
 * Every truncation, sizes that no message holds, and fields that there are not or that are always
 * sent; the record stays as it was.
 */
static void a_message_without_a_whole_record_is_refused(void **state)
{
    static const int64_t wrong[][3] = {{-1, 3, 2},       {0, 0, 2},         {0, -3, 2},
                                       {0, 3, -2},       {0, INT64_MAX, 0}, {0, 3, INT64_MAX},
                                       {0, 1 << 20, 100}};
    static const int64_t toggled[] = {1, INT64_C(1) << 62, INT64_MIN};
    jf_record sent, same, before;
    jf_wire wire = {0};

    (void)state;
    assert_ok(jf_record_init(3, 2, &sent));
    assert_ok(jf_record_init(3, 2, &same));
    assert_ok(jf_record_init(3, 2, &before));
    fill(1, &sent);
    jf_record_pack(&sent, &wire);
    for (size_t size = 0; size < wire.size; size++) {
        jf_wire_reader reader = {.data = wire.data, .size = size};
        assert_refused(jf_record_unpack(&reader, &same), JF_ERR_NETWORK, "no whole record");
        assert_same(&same, &before);
    }
    jf_wire_reader true_one = {.data = wire.data, .size = wire.size};
    int64_t first[4];
    for (size_t i = 0; i < 4; i++) {
        first[i] = jf_wire_get_i64(&true_one);
    }
    for (size_t k = 0; k < COUNT(wrong) + COUNT(toggled); k++) {
        const int sizes = k < COUNT(wrong);
        const int64_t *at = sizes ? wrong[k] : first;
        const int64_t bits = sizes ? first[3] : first[3] ^ toggled[k - COUNT(wrong)];
        jf_wire other = {0};
        put_altered(&wire, (int64_t[]){at[0], at[1], at[2], bits}, &other);
        jf_wire_reader reader = {.data = other.data, .size = other.size};
        assert_refused(jf_record_unpack(&reader, &same), JF_ERR_NETWORK, "no whole record");
        assert_same(&same, &before);
        jf_wire_clear(&other);
    }
    jf_wire_clear(&wire);
    jf_record_clear(&sent);
    jf_record_clear(&same);
    jf_record_clear(&before);
}

/* The words of the flags, as the dataset has them. */
static void flags_have_their_words(void **state)
{
    static const struct {
        const char *name;
        int value;
        const char *word;
    } cases[] = {
        {"status", JF_POINT_PENDING, "pending"},
        {"status", JF_POINT_STOPPED, "stopped"},
        {"status", JF_POINT_STATUSES, "?"},
        {"status", -1, "?"},
        {"reason", JF_REASON_NONE, "none"},
        {"reason", JF_REASON_STEP_BUDGET, "step_budget"},
        {"reason", JF_REASON_STEP_TOO_SMALL, "step_too_small"},
        {"reason", JF_REASON_NOT_FINITE, "not_finite"},
        {"reason", JF_REASON_RANK_DIED, "rank_died"},
        {"reason", JF_REASON_SYSTEM, "system"},
        {"reason", JF_REASON_CONTRADICTION, "contradiction"},
        {"reason", JF_REASON_COLLAPSED, "collapsed"},
        {"reason", JF_REASON_DATA, "data"},
        {"reason", JF_REASON_STEP_TOO_LONG, "step_too_long"},
        {"reason", JF_REASON_UNBOUNDED, "unbounded"},
        {"reason", JF_REASONS, "?"},
        {"assumption", JF_ASSUMPTION_HOLDS, "holds"},
        {"assumption", JF_ASSUMPTION_DEPARTS, "departs"},
        {"seconds", 0, "?"},
        {"nothing", 0, "?"},
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char word[32];
        jf_field_flag(cases[k].name, cases[k].value, word, sizeof word);
        assert_string_equal(word, cases[k].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_have_their_words),
        cmocka_unit_test(each_field_is_described_whole),
        cmocka_unit_test(flags_name_each_value_of_their_enum),
        cmocka_unit_test(a_new_record_knows_nothing),
        cmocka_unit_test(fields_do_not_overlap),
        cmocka_unit_test(a_record_comes_back_from_a_message),
        cmocka_unit_test(what_is_optional_is_sent_where_it_is_known),
        cmocka_unit_test(records_follow_each_other_in_a_message),
        cmocka_unit_test(a_record_is_as_wide_as_its_point),
        cmocka_unit_test(an_arriving_record_brings_its_shape),
        cmocka_unit_test(a_message_without_a_whole_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
