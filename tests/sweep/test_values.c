/*
 * test_values.c - values, lists and ranges of an input: the numbers they mean, and what is refused.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/sweep/values.h"

static const jf_parameter positive = {
    .name = "size", .type = JF_TYPE_REAL, .low = 0.0, .high = INFINITY, .open = 1};
static const jf_parameter whole = {
    .name = "depth", .type = JF_TYPE_INTEGER, .low = 1, .high = 1024};

/* Read `text` as the value of a parameter. */
static jf_status read(const char *text, const jf_parameter *p, jf_values *out)
{
    static const char *const defined[] = {"opposed", "rho_varies"};
    const jf_names names = {defined, COUNT(defined)};
    jf_node node;

    assert_int_equal(jf_document_parse("in", text, strlen(text), &node), JF_OK);
    jf_status status = jf_values_read(&node, p, &names, out);
    if (status == JF_OK) {
        status = jf_values_check_distinct(&node, p, out);
        if (status != JF_OK) {
            jf_values_clear(out);
        }
    }
    jf_node_clear(&node);
    return status;
}

static void expect(const char *text, const jf_parameter *p, size_t count, const double *numbers)
{
    jf_values v;

    assert_ok(read(text, p, &v));
    assert_int_equal(v.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(v.at[i] == numbers[i]);
    }
    jf_values_clear(&v);
    assert_null(v.at);
}

static void refuse(const char *text, const jf_parameter *p, const char *message)
{
    jf_values v = {.count = 9};

    assert_refused(read(text, p, &v), JF_ERR_USAGE, message);
    assert_null(v.at);
}

/* The numbers as C writes them. */
static void values_and_lists_are_read(void **state)
{
    (void)state;
    expect("0.25", &positive, 1, (double[]){0.25});
    expect("[1, 2.5, 1e-3]", &positive, 3, (double[]){1.0, 2.5, 1e-3});
    expect("[3]", &whole, 1, (double[]){3.0});
    expect("4.0", &whole, 1, (double[]){4.0});
    expect("1e3", &whole, 1, (double[]){1000.0});
}

/* 1e-4 ... 1e-1 holds 0.001 itself, not its neighbour. */
static void log_ranges_hold_the_numbers_a_person_would_write(void **state)
{
    (void)state;
    expect("{from: 1.0e-4, to: 1.0e-1, count: 4, spacing: log}", &positive, 4,
           (double[]){1e-4, 1e-3, 1e-2, 1e-1});
    expect("{from: 1.0e-6, to: 1, count: 7, spacing: log}", &positive, 7,
           (double[]){1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0});
    expect("{from: 1, to: 1024, count: 11, spacing: log}", &whole, 11,
           (double[]){1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024});
}

/* Every power of ten in ranges of many decades, down and up, as the compiler reads it. */
static void log_ranges_over_decades_hold_the_powers_of_ten(void **state)
{
    (void)state;
    for (int decades = 2; decades <= 24; decades++) {
        char text[100], number[16];
        jf_values v;
        snprintf(text, sizeof text, "{from: 1e-12, to: 1e%d, count: %d, spacing: log}",
                 decades - 12, decades + 1);
        assert_ok(read(text, &positive, &v));
        for (int i = 0; i <= decades; i++) {
            snprintf(number, sizeof number, "1e%d", i - 12);
            assert_true(v.at[i] == strtod(number, NULL));
        }
        jf_values_clear(&v);
    }
}

/* Steps counted by hand, downwards too; the ends exactly as given. */
static void linear_ranges_are_evenly_spaced(void **state)
{
    jf_values v;

    (void)state;
    expect("{from: 0.1, to: 0.5, count: 5}", &positive, 5, (double[]){0.1, 0.2, 0.3, 0.4, 0.5});
    expect("{from: 1.0, to: 0.4, count: 4, spacing: linear}", &positive, 4,
           (double[]){1.0, 0.8, 0.6, 0.4});
    expect("{from: 1, to: 9, count: 5}", &whole, 5, (double[]){1, 3, 5, 7, 9});
    expect("{from: 2, to: 2, count: 1}", &whole, 1, (double[]){2});
    assert_ok(
        read("{from: 0.123456789012345678, to: 0.9876543210987654321, count: 50}", &positive, &v));
    assert_true(v.at[0] == 0.123456789012345678);
    assert_true(v.at[49] == 0.9876543210987654321);
    jf_values_clear(&v);
}

/* Ratios constant up to the 15 digits kept. */
static void log_ranges_have_constant_ratios(void **state)
{
    jf_values v;

    (void)state;
    assert_ok(read("{from: 0.003, to: 17, count: 40, spacing: log}", &positive, &v));
    for (size_t i = 1; i < 40; i++) {
        assert_near(v.at[i] / v.at[i - 1], pow(17.0 / 0.003, 1.0 / 39.0), 1e-13);
    }
    jf_values_clear(&v);
}

/* Choices and names by their place. */
static void choices_and_names_are_their_index(void **state)
{
    const jf_parameter *spectrum = jf_parameter_get(JF_P_SPECTRUM);

    (void)state;
    expect("[mae, jepa]", jf_parameter_get(JF_P_OBJECTIVE), 2, (double[]){1.0, 0.0});
    expect("rho_varies", spectrum, 1, (double[]){1.0});
    refuse("jepq", jf_parameter_get(JF_P_OBJECTIVE),
           "in:1:1: objective is 'jepq', expected jepa or mae; did you mean 'jepa'?");
    refuse(
        "[opposed, oposed]", spectrum,
        "in:1:11: spectrum is 'oposed', expected the name of a spectrum; did you mean 'opposed'?");
    refuse("nowhere", spectrum, "expected the name of a spectrum defined under 'spectra'");
    refuse("{from: 1, to: 2, count: 2}", spectrum, "spectrum is a map, expected");
}

/* Numbers outside, and texts that are none. */
static void wrong_numbers_are_refused(void **state)
{
    (void)state;
    refuse("0", &positive, "in:1:1: size is 0, expected a number above 0");
    refuse("-1.5", &positive, "size is -1.5, expected");
    refuse(".nan", &positive, "size is .nan, expected");
    refuse("nan", &positive, "size is nan, expected");
    refuse(".inf", &positive, "size is .inf, expected");
    refuse("1e999", &positive, "size is 1e999, expected");
    refuse("'1.5'", &positive, "size is '1.5', expected a number");
    refuse("0x10", &positive, "size is 0x10, expected");
    refuse("1.5", &whole, "depth is 1.5, expected a whole number from 1 to 1024");
    refuse("0", &whole, "depth is 0, expected a whole number from 1 to 1024");
    refuse("1025", &whole, "depth is 1025, expected");
    refuse("[1, 2, x]", &whole, "in:1:8: depth is x, expected");
    refuse("[1, [2]]", &whole, "in:1:5: depth is a list, expected");
    refuse("[]", &whole, "depth is an empty list, expected at least one value");
}

/* Every way in which a range is not one. */
static void wrong_ranges_are_refused(void **state)
{
    const jf_parameter rate = {.name = "rate",
                               .type = JF_TYPE_REAL,
                               .low = 0,
                               .high = 9,
                               .word = "infinite",
                               .word_value = INFINITY};

    (void)state;
    refuse("{from: 1, to: infinite, count: 3}", &rate,
           "in:1:15: rate is infinite, expected a number from 0 to 9");
    refuse("{to: 2, count: 2}", &positive, "the range of size lacks 'from'");
    refuse("{from: 2, count: 2}", &positive, "lacks 'to'");
    refuse("{from: 1, to: 2}", &positive, "lacks 'count'");
    refuse("{from: 1, to: 2, cuont: 3}", &positive,
           "in:1:18: unknown key 'cuont' in a range; did you mean 'count'?");
    refuse("{from: 1, to: 2, wherefore: 3}", &positive,
           "unknown key 'wherefore' in a range, expected from, to, count or spacing");
    refuse("{from: 1, to: 2, count: 1}", &positive,
           "count is 1, expected at least 2 between different ends");
    refuse("{from: 1, to: 2, count: 0}", &positive,
           "count is 0, expected a whole number from 1 to 100000");
    refuse("{from: 1, to: 2, count: 1000000}", &positive, "count is 1000000, expected");
    refuse("{from: 1, to: 2, count: 3, spacing: cubic}", &positive,
           "spacing is 'cubic', expected linear or log");
    refuse("{from: 0, to: 2, count: 3}", &positive, "in:1:8: size is 0, expected");
    refuse("{from: 1, to: 2, count: 3}", &whole, "holds 1.5, which is not a whole number");
    refuse("{from: [1], to: 2, count: 3}", &positive, "size is a list, expected");
    const jf_parameter any = {.name = "x", .type = JF_TYPE_REAL, .low = -1.0, .high = 1.0};
    refuse("{from: -1, to: 1, count: 3, spacing: log}", &any,
           "log-spaced, expected 'from' and 'to' above 0");
}

/* The same label twice on an axis: the second place is named. */
static void repeated_values_are_refused(void **state)
{
    (void)state;
    refuse("[1, 2, 3, 2]", &whole, "in:1:11: depth has 2 twice, expected each value once");
    refuse("[0.001, 1.0e-3]", &positive, "in:1:9: size has 1.0e-3 twice");
    refuse("{from: 3, to: 3, count: 4}", &whole, "depth has 3 twice");
    refuse("[jepa, jepa]", jf_parameter_get(JF_P_OBJECTIVE), "in:1:8: objective has jepa twice");
}

/* More values than any axis may have. */
static void endless_lists_are_refused(void **state)
{
    const size_t count = JF_MOST_VALUES + 1;
    char *text = malloc(2 * count + 2);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = i == 0 ? '[' : ',';
        text[2 * i + 1] = '1';
    }
    strcpy(text + 2 * count, "]");
    refuse(text, &whole, "a list of 100001 values, expected at most 100000");
    free(text);
}

/* One value, where only one is meant. */
static void one_value_is_one(void **state)
{
    jf_node node;
    double value = 7.0;

    (void)state;
    assert_ok(jf_document_parse("in", "[1, 2]", 6, &node));
    assert_refused(jf_values_read_one(&node, &whole, NULL, &value), JF_ERR_USAGE,
                   "depth is a list, expected");
    assert_ok(jf_values_read_one(&node.items[1], &whole, NULL, &value));
    assert_true(value == 2.0);
    jf_node_clear(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_lists_are_read),
        cmocka_unit_test(log_ranges_hold_the_numbers_a_person_would_write),
        cmocka_unit_test(log_ranges_over_decades_hold_the_powers_of_ten),
        cmocka_unit_test(linear_ranges_are_evenly_spaced),
        cmocka_unit_test(log_ranges_have_constant_ratios),
        cmocka_unit_test(choices_and_names_are_their_index),
        cmocka_unit_test(wrong_numbers_are_refused),
        cmocka_unit_test(wrong_ranges_are_refused),
        cmocka_unit_test(repeated_values_are_refused),
        cmocka_unit_test(endless_lists_are_refused),
        cmocka_unit_test(one_value_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
