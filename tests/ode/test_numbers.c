/*
 * test_numbers.c - the fused passes, each against its definition in the widest arithmetic there is,
 * at lengths around blocks and lanes.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/base/random.h"
#include "jepaflow/ode/numbers.h"

enum { MOST = 1300, VECTORS = 7 };

static const size_t lengths[] = {0, 1, 3, 7, 8, 9, 255, 256, 257, 511, 513, MOST};
static double x[VECTORS][MOST], out[MOST];
static const double *const all[VECTORS] = {x[0], x[1], x[2], x[3], x[4], x[5], x[6]};
static const double factor[VECTORS] = {0.5, -2.0, 3.0, 0.0, 1.25, -0.75, 7.0};

static int draw(void **state)
{
    (void)state;
    for (size_t k = 0; k < VECTORS; k++) {
        jf_random_normal((jf_random){5, 0, k}, x[k], MOST);
    }
    return 0;
}

static long double combined(size_t count, size_t i)
{
    long double sum = 0.0L;

    for (size_t k = 0; k < count; k++) {
        sum += (long double)factor[k] * x[k][i];
    }
    return sum;
}

/* One to seven terms; what lies behind the end is left alone; a term may be overwritten. */
static void combinations_are_sums_of_their_terms(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof lengths / sizeof lengths[0]; s++) {
        for (size_t count = 1; count <= VECTORS; count++) {
            const size_t n = lengths[s];
            for (size_t i = 0; i < MOST; i++) {
                out[i] = 42.0;
            }
            jf_numbers_combine(n, count, factor, all, out);
            for (size_t i = 0; i < MOST; i++) {
                assert_within(out[i], i < n ? (double)combined(count, i) : 42.0, 1e-14 * 20.0);
            }
        }
    }
    for (size_t i = 0; i < MOST; i++) {
        out[i] = x[1][i];
    }
    jf_numbers_combine(MOST, 3, factor, (const double *const[]){x[0], out, x[2]}, out);
    for (size_t i = 0; i < MOST; i++) {
        assert_within(out[i], (double)combined(3, i), 1e-14 * 20.0);
    }
}

static void sums_count_every_number_once(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof lengths / sizeof lengths[0]; s++) {
        const size_t n = lengths[s];
        long double sum = 0.0L, dot = 0.0L, squares = 0.0L;
        for (size_t i = 0; i < n; i++) {
            const long double part = (long double)x[0][i] * x[1][i];
            sum += x[0][i];
            dot += part;
            squares += part * part;
        }
        assert_within(jf_numbers_sum(n, x[0]), (double)sum, 1e-12);
        assert_within(jf_numbers_dot(n, x[0], x[1]), (double)dot, 1e-12);
        assert_within(jf_numbers_weighted_squares(n, x[0], x[1]), (double)squares, 1e-11);
    }
}

static void errors_are_weighed_by_the_larger_state(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof lengths / sizeof lengths[0]; s++) {
        const size_t n = lengths[s];
        long double sum = 0.0L;
        for (size_t i = 0; i < n; i++) {
            const double size = fmax(fabs(x[5][i]), fabs(x[6][i]));
            const long double part = combined(4, i) / (0.5L * size + 2.0L);
            sum += part * part;
        }
        assert_near(jf_numbers_error(n, 4, factor, all, 0.5, 2.0, x[5], x[6]), (double)sum, 1e-13);
        jf_numbers_weights(n, 0.5, 2.0, x[5], out);
        for (size_t i = 0; i < n; i++) {
            assert_near(out[i], 1.0 / (0.5 * fabs(x[5][i]) + 2.0), 1e-15);
        }
    }
}

/* No number hides: one that is not finite shows in the sum, wherever it stands. */
static void what_is_not_finite_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < MOST; i++) {
        const double kept = x[0][i];
        x[0][i] = i % 2 == 0 ? NAN : INFINITY;
        assert_true(!isfinite(jf_numbers_sum(MOST, x[0])));
        x[0][i] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combinations_are_sums_of_their_terms),
        cmocka_unit_test(sums_count_every_number_once),
        cmocka_unit_test(errors_are_weighed_by_the_larger_state),
        cmocka_unit_test(what_is_not_finite_shows),
    };

    return cmocka_run_group_tests(tests, draw, NULL);
}
