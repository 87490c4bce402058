/*
 * test_statistics.c - fits and rankings against hand-made data with known answers.
 */
#include "../support/check.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/report/statistics.h"

/* A line has its slope, whatever its offset; pairs that lack a number do not count. */
static void a_line_gives_its_slope_back(void **state)
{
    const double x[] = {-3.0, NAN, 1.0, 2.5, 7.0};
    double y[COUNT(x)];

    (void)state;
    for (size_t i = 0; i < COUNT(x); i++) {
        y[i] = 1e3 - 1.75 * x[i];
    }
    assert_int_equal(jf_statistics_line(COUNT(x), x, y).count, 4);
    assert_near(jf_statistics_line(COUNT(x), x, y).slope, -1.75, 1e-13);
    y[4] = NAN;
    assert_int_equal(jf_statistics_line(COUNT(x), x, y).count, 3);
    assert_near(jf_statistics_line(COUNT(x), x, y).slope, -1.75, 1e-13);
}

/* The residuals of least squares are orthogonal to x: sum (y - a - b x)(x - mean x) = 0. */
static void residuals_are_orthogonal_to_x(void **state)
{
    const double x[] = {0.0, 1.0, 2.0, 4.0}, y[] = {1.0, 3.0, 2.0, 9.0};
    double sum = 0.0;

    (void)state;
    const double slope = jf_statistics_line(4, x, y).slope;
    for (size_t i = 0; i < 4; i++) {
        sum += (y[i] - 3.75 - slope * (x[i] - 1.75)) * (x[i] - 1.75);
    }
    assert_within(sum, 0.0, 1e-14);
}

static void no_slope_without_two_places(void **state)
{
    const double x[] = {2.0, 2.0, NAN}, y[] = {1.0, 5.0, 7.0};

    (void)state;
    assert_true(isnan(jf_statistics_line(3, x, y).slope));
    assert_true(isnan(jf_statistics_line(1, x, y).slope));
    assert_int_equal(jf_statistics_line(0, x, y).count, 0);
}

/*
 * y = 2 - 0.5 x + (1, -2, 0, 2, -1)/10 at x = 0 ... 4: the noise has mean 0 and is orthogonal to
 * x but for sum x noise = -0.2 + 0.6 - 0.4 = 0, so that the slope stays -1/2 and the error is
 * sqrt(0.10 / 3 / 10).
 */
static void the_error_of_a_slope_is_that_of_its_noise(void **state)
{
    const double x[] = {0, 1, 2, 3, 4}, y[] = {2.1, 1.3, 1.0, 0.7, -0.1};

    (void)state;
    const jf_line line = jf_statistics_line(5, x, y);
    assert_within(line.slope, -0.5, 1e-15);
    assert_near(line.error, sqrt(0.1 / 30.0), 1e-13);
    assert_true(isnan(jf_statistics_line(2, x, y).error));
}

/* Far from the origin, a straight line to 1 in 1e9: the error is found beside the large sums. */
static void a_small_error_is_not_lost(void **state)
{
    double x[5], y[5];

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        static const double noise[] = {1, -2, 0, 2, -1};
        x[i] = (double)i;
        y[i] = 1e3 + 7.0 * x[i] + 1e-9 * noise[i];
    }
    assert_near(jf_statistics_line(5, x, y).error, 1e-9 * sqrt(10.0 / 30.0), 1e-3);
}

/* The textbook's: 12345 against 12345, 54321, and 21354 with two pairs of ten turned. */
static void tau_of_permutations(void **state)
{
    const double x[] = {1, 2, 3, 4, 5}, back[] = {5, 4, 3, 2, 1}, turned[] = {2, 1, 3, 5, 4};

    (void)state;
    assert_within(jf_statistics_ranking(5, x, x, 0.0).tau, 1.0, 1e-15);
    assert_within(jf_statistics_ranking(5, x, back, 0.0).tau, -1.0, 1e-15);
    const jf_ranking r = jf_statistics_ranking(5, x, turned, 0.0);
    assert_int_equal(r.concordant, 8);
    assert_int_equal(r.discordant, 2);
    assert_within(r.tau, 0.6, 1e-15);
}

/* x = 1 1 2 3, y = 1 2 2 3: C = 4, D = 0, one pair tied in x only, one in y only: tau-b = 4/5. */
static void ties_are_neither(void **state)
{
    const double x[] = {1, 1, 2, 3}, y[] = {1, 2, 2, 3}, same[] = {4, 4, 4, 4};

    (void)state;
    const jf_ranking r = jf_statistics_ranking(4, x, y, 0.0);
    assert_int_equal(r.concordant, 4);
    assert_int_equal(r.discordant, 0);
    assert_within(r.tau, 0.8, 1e-15);
    assert_true(isnan(jf_statistics_ranking(4, x, same, 0.0).tau));
}

/* 1 and 1.0001 are one within 1e-3, 1 and 1.01 are not. */
static void what_differs_by_its_error_is_tied(void **state)
{
    const double x[] = {1, 2, 3}, y[] = {1.0001, 1.0, 1.01};

    (void)state;
    assert_int_equal(jf_statistics_ranking(3, x, y, 0.0).discordant, 1);
    const jf_ranking r = jf_statistics_ranking(3, x, y, 1e-3);
    assert_int_equal(r.discordant, 0);
    assert_int_equal(r.concordant, 2);
    assert_within(r.tau, 2.0 / sqrt(6.0), 1e-15);
}

static void items_without_a_number_are_not_ranked(void **state)
{
    const double x[] = {1, 2, NAN, 4}, y[] = {3, 2, 9, NAN};

    (void)state;
    const jf_ranking r = jf_statistics_ranking(4, x, y, 0.0);
    assert_int_equal(r.concordant, 0);
    assert_int_equal(r.discordant, 1);
    assert_within(r.tau, -1.0, 1e-15);
    assert_true(isnan(jf_statistics_ranking(0, x, y, 0.0).tau));
}

static void median_of_odd_even_and_none(void **state)
{
    double odd[] = {5.0, -1.0, 3.0}, even[] = {4.0, 1.0, 10.0, 2.0};

    (void)state;
    assert_within(jf_statistics_median(3, odd), 3.0, 0.0);
    assert_within(jf_statistics_median(4, even), 3.0, 0.0);
    assert_true(isnan(jf_statistics_median(0, odd)));
}

/* Every tenth of 0 ... 10, and between two values on the line from one to the other. */
static void quantiles_lie_on_lines(void **state)
{
    double tens[] = {3, 1, 4, 10, 5, 9, 2, 6, 8, 7, 0}, two[] = {5.0, 1.0}, one[] = {7.0};

    (void)state;
    for (int k = 0; k <= 10; k++) {
        assert_within(jf_statistics_quantile(11, tens, 0.1 * k), k, 1e-12);
        assert_within(jf_statistics_quantile(2, two, 0.1 * k), 1.0 + 0.4 * k, 1e-12);
        assert_within(jf_statistics_quantile(1, one, 0.1 * k), 7.0, 0.0);
    }
    assert_true(isnan(jf_statistics_quantile(0, one, 0.5)));
    const double parts[] = {1.0, 0.0, 0.25};
    double found[3];
    jf_statistics_quantiles(11, tens, 3, parts, found);
    assert_true(found[0] == 10.0 && found[1] == 0.0 && found[2] == 2.5);
    jf_statistics_quantiles(0, tens, 3, parts, found);
    assert_true(isnan(found[0]) && isnan(found[2]));
}

/* Of 1 to 20 numbers, any number of them: ascending, different, with both ends. */
static void spread_numbers_have_both_ends(void **state)
{
    (void)state;
    for (size_t extent = 1; extent <= 20; extent++) {
        assert_int_equal(jf_statistics_spread(0, 1, extent), 0);
        for (size_t count = 2; count <= extent; count++) {
            assert_int_equal(jf_statistics_spread(0, count, extent), 0);
            assert_int_equal(jf_statistics_spread(count - 1, count, extent), extent - 1);
            for (size_t k = 1; k < count; k++) {
                assert_true(jf_statistics_spread(k, count, extent) >
                            jf_statistics_spread(k - 1, count, extent));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_gives_its_slope_back),
        cmocka_unit_test(residuals_are_orthogonal_to_x),
        cmocka_unit_test(no_slope_without_two_places),
        cmocka_unit_test(the_error_of_a_slope_is_that_of_its_noise),
        cmocka_unit_test(a_small_error_is_not_lost),
        cmocka_unit_test(tau_of_permutations),
        cmocka_unit_test(ties_are_neither),
        cmocka_unit_test(what_differs_by_its_error_is_tied),
        cmocka_unit_test(items_without_a_number_are_not_ranked),
        cmocka_unit_test(median_of_odd_even_and_none),
        cmocka_unit_test(quantiles_lie_on_lines),
        cmocka_unit_test(spread_numbers_have_both_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
