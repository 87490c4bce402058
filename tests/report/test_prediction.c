/*
 * test_prediction.c - how good predictions were, of numbers made by hand.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/report/prediction.h"

/* Ratios 0.5, 1, 1.5 ... 5 and a worst one of 1/16, which is further from 1 than 5 is. */
static void ratios_are_summed_up(void **state)
{
    double seconds[11], predicted[11];
    size_t chosen[11];
    jf_prediction p;

    (void)state;
    for (size_t k = 0; k < 10; k++) {
        chosen[k] = 10 - k; /* in any order */
        predicted[k] = 2.0;
        seconds[k] = (double)(k + 1);
    }
    chosen[10] = 0;
    predicted[10] = 16.0;
    seconds[10] = 1.0;
    assert_ok(jf_prediction_judge(seconds, predicted, chosen, 11, &p));
    assert_int_equal(p.count, 11);
    assert_within(p.low, 0.5, 1e-12); /* sorted: 1/16, 0.5, 1 ... 5, of which this is number 1 */
    assert_within(p.median, 2.5, 1e-12);
    assert_within(p.high, 4.5, 1e-12);
    assert_within(p.worst, 1.0 / 16.0, 1e-12);
    assert_int_equal(p.worst_point, 10);
    assert_within(p.seconds, 56.0, 1e-12);
    assert_within(p.predicted, 36.0, 1e-12);
}

/* Points that are not chosen, and pairs that are not known, take part in nothing. */
static void what_is_not_known_is_left_out(void **state)
{
    const double seconds[] = {3.0, NAN, 1.0, 0.0, 900.0, 5.0};
    const double predicted[] = {1.0, 1.0, NAN, 1.0, 1.0, 0.0};
    static const size_t chosen[] = {0, 1, 2, 3, 5};
    jf_prediction p;

    (void)state;
    assert_ok(jf_prediction_judge(seconds, predicted, chosen, 5, &p));
    assert_int_equal(p.count, 1);
    assert_within(p.median, 3.0, 0.0);
    assert_within(p.worst, 3.0, 0.0);
    assert_within(p.seconds, 3.0, 0.0);
    assert_ok(jf_prediction_judge(seconds, predicted, chosen, 0, &p));
    assert_int_equal(p.count, 0);
    assert_true(isnan(p.low) && isnan(p.median) && isnan(p.high) && isnan(p.worst));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_summed_up),
        cmocka_unit_test(what_is_not_known_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
