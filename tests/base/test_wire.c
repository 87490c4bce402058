/*
 * test_wire.c - values as bytes: the order of the bytes, the way back, and messages that are not
 * whole.
 */
#include "../support/check.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "jepaflow/base/wire.h"

static jf_wire_reader reader_of(const jf_wire *wire)
{
    return (jf_wire_reader){.data = wire->data, .size = wire->size};
}

/* The bytes written out by hand: least significant first, two's complement, IEEE 754. */
static void bytes_are_little_endian(void **state)
{
    static const unsigned char expected[] = {0xfe, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,
                                             0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0xbf};
    jf_wire wire = {0};

    (void)state;
    jf_wire_put_i8(&wire, -2);
    jf_wire_put_i64(&wire, INT64_C(0x0102030405060708));
    jf_wire_put_f64(&wire, -1.0);
    assert_ok(jf_wire_check(&wire));
    assert_int_equal(wire.size, sizeof expected);
    assert_memory_equal(wire.data, expected, sizeof expected);
    jf_wire_clear(&wire);
    assert_null(wire.data);
}

/* What was put in comes out, bit for bit, NaN's payload and signed zeros too. */
static void values_come_back_bit_for_bit(void **state)
{
    const double numbers[] = {0.0, -0.0, 1e-310, -INFINITY, nan("0x123"), 1.0 / 3.0};
    const int64_t integers[] = {0, -1, INT64_MAX, INT64_MIN, 42};
    double back[COUNT(numbers)];
    jf_wire wire = {0};
    size_t size;

    (void)state;
    for (size_t i = 0; i < COUNT(integers); i++) {
        jf_wire_put_i64(&wire, integers[i]);
    }
    jf_wire_put_i8(&wire, INT8_MIN);
    jf_wire_put_f64s(&wire, numbers, COUNT(numbers));
    jf_wire_put_bytes(&wire, "a\0b", 3);
    jf_wire_put_bytes(&wire, "", 0);

    jf_wire_reader reader = reader_of(&wire);
    for (size_t i = 0; i < COUNT(integers); i++) {
        assert_true(jf_wire_get_i64(&reader) == integers[i]);
    }
    assert_int_equal(jf_wire_get_i8(&reader), INT8_MIN);
    jf_wire_get_f64s(&reader, back, COUNT(back));
    assert_memory_equal(back, numbers, sizeof numbers);
    const unsigned char *bytes = jf_wire_get_bytes(&reader, &size);
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    jf_wire_get_bytes(&reader, &size);
    assert_int_equal(size, 0);
    assert_ok(jf_wire_finish(&reader));
    jf_wire_clear(&wire);
}

/* A message far beyond the first capacity, against the numbers that made it. */
static void a_wire_grows(void **state)
{
    jf_wire wire = {0};

    (void)state;
    for (int i = 0; i < 100000; i++) {
        jf_wire_put_f64(&wire, 0.5 * i);
    }
    assert_int_equal(wire.size, 800000);
    jf_wire_reader reader = reader_of(&wire);
    for (int i = 0; i < 100000; i++) {
        assert_true(jf_wire_get_f64(&reader) == 0.5 * i);
    }
    assert_ok(jf_wire_finish(&reader));
    jf_wire_clear(&wire);
}

/* A rewound wire gives the same bytes as a new one. */
static void a_rewound_wire_starts_over(void **state)
{
    jf_wire wire = {0};

    (void)state;
    jf_wire_put_i64(&wire, 1);
    jf_wire_rewind(&wire);
    jf_wire_put_i8(&wire, 7);
    assert_int_equal(wire.size, 1);
    assert_int_equal(wire.data[0], 7);
    jf_wire_clear(&wire);
}

/* Every length of a truncated message is refused, and what is read past its end is 0. */
static void a_truncated_message_is_refused(void **state)
{
    const double pair[] = {3.0, 4.0};
    jf_wire wire = {0};

    (void)state;
    jf_wire_put_i64(&wire, 5);
    jf_wire_put_f64s(&wire, pair, 2);
    jf_wire_put_i8(&wire, 1);
    for (size_t size = 0; size < wire.size; size++) {
        jf_wire_reader reader = {.data = wire.data, .size = size};
        double back[2] = {1.0, 1.0};
        const int64_t first = jf_wire_get_i64(&reader);
        jf_wire_get_f64s(&reader, back, 2);
        assert_int_equal(first, size < 8 ? 0 : 5);
        assert_true(back[0] == (size < 24 ? 0.0 : 3.0));
        assert_int_equal(jf_wire_get_i8(&reader), 0);
        assert_refused(jf_wire_finish(&reader), JF_ERR_NETWORK, "not what was expected");
    }
    jf_wire_clear(&wire);
}

/* One byte more than was read is as wrong as one less. */
static void bytes_that_are_left_over_are_refused(void **state)
{
    jf_wire wire = {0};

    (void)state;
    jf_wire_put_i64(&wire, 5);
    jf_wire_put_i8(&wire, 1);
    jf_wire_reader reader = reader_of(&wire);
    jf_wire_get_i64(&reader);
    assert_refused(jf_wire_finish(&reader), JF_ERR_NETWORK, "9 bytes");
    jf_wire_clear(&wire);
}

/* Lengths that a broken message may claim: negative, more than there is, more than any memory. */
static void a_wrong_length_of_bytes_is_refused(void **state)
{
    const int64_t lengths[] = {-1, 2, INT64_MAX, INT64_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        jf_wire wire = {0};
        size_t size = 99;
        jf_wire_put_i64(&wire, lengths[i]);
        jf_wire_put_i8(&wire, 'x');
        jf_wire_reader reader = reader_of(&wire);
        assert_null(jf_wire_get_bytes(&reader, &size));
        assert_int_equal(size, 0);
        assert_refused(jf_wire_finish(&reader), JF_ERR_NETWORK, "not what was expected");
        jf_wire_clear(&wire);
    }
}

/* Nothing put into an empty wire leaves it empty, and nothing can be taken out. */
static void nothing_is_a_message_too(void **state)
{
    jf_wire wire = {0};
    double none = 1.0;

    (void)state;
    jf_wire_put_f64s(&wire, &none, 0);
    assert_ok(jf_wire_check(&wire));
    assert_int_equal(wire.size, 0);
    jf_wire_reader reader = reader_of(&wire);
    jf_wire_get_f64s(&reader, &none, 0);
    assert_true(none == 1.0);
    assert_ok(jf_wire_finish(&reader));
    jf_wire_clear(&wire);
}

/*
 * A write that found no memory is remembered by the check at the end, and nothing is written after.
 */
static void a_failed_write_is_found_at_the_end(void **state)
{
    jf_wire wire = {.failed = 1};

    (void)state;
    jf_wire_put_i64(&wire, 1);
    jf_wire_put_bytes(&wire, "abc", 3);
    assert_int_equal(wire.size, 0);
    assert_refused(jf_wire_check(&wire), JF_ERR_MEMORY, "a message");
    jf_wire_clear(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_little_endian),
        cmocka_unit_test(values_come_back_bit_for_bit),
        cmocka_unit_test(a_wire_grows),
        cmocka_unit_test(a_rewound_wire_starts_over),
        cmocka_unit_test(a_truncated_message_is_refused),
        cmocka_unit_test(bytes_that_are_left_over_are_refused),
        cmocka_unit_test(a_wrong_length_of_bytes_is_refused),
        cmocka_unit_test(nothing_is_a_message_too),
        cmocka_unit_test(a_failed_write_is_found_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
