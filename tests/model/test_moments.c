/*
 * test_moments.c - second moments: sums over blocks against three loops, and what is no moment.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/base/text.h"
#include "jepaflow/model/moments.h"

enum { D = 5, N = 23, SIZE = D * D };

static double x[D * N], y[D * N];

static void make_pairs(void)
{
    fill_uniform(1, D * N, x);
    fill_uniform(2, D * N, y);
}

static void of_blocks(size_t block, jf_moments *m)
{
    assert_ok(jf_moments_init(D, m));
    for (size_t first = 0; first < N; first += block) {
        const size_t count = N - first < block ? N - first : block;
        jf_moments_add(m, 0, 1, count, x + first * D, y + first * D);
    }
    jf_moments_average(m, N);
}

/* By three loops, in blocks of any size. */
static void blocks_sum_to_the_moments(void **state)
{
    double sxx[SIZE], syx[SIZE], syy[SIZE];
    jf_moments m;

    (void)state;
    make_pairs();
    naive_multiply(0, 1, D, D, N, x, x, sxx);
    naive_multiply(0, 1, D, D, N, y, x, syx);
    naive_multiply(0, 1, D, D, N, y, y, syy);
    for (size_t block = 1; block <= N; block += 11) {
        of_blocks(block, &m);
        assert_int_equal(jf_moments_count(&m), 3 * SIZE);
        for (size_t k = 0; k < SIZE; k++) {
            assert_within(m.sxx[k], sxx[k] / N, 1e-14);
            assert_within(m.syx[k], syx[k] / N, 1e-14);
            assert_within(m.syy[k], syy[k] / N, 1e-14);
            assert_true(m.sxx[k] == m.sxx[k / D + k % D * D]);
        }
        jf_moments_clear(&m);
        assert_null(m.sxx);
    }
}

/* Those of any number of adders together, in every bit; tiles are of many widths. */
static void parts_make_the_whole(void **state)
{
    enum { WIDE = 300, FEW = 7 };
    static double a[WIDE * FEW], b[WIDE * FEW];
    jf_moments alone, sum;

    (void)state;
    fill_uniform(3, WIDE * FEW, a);
    fill_uniform(4, WIDE * FEW, b);
    assert_ok(jf_moments_init(WIDE, &alone));
    assert_ok(jf_adder_alone.add(jf_adder_alone.context, &alone, FEW, a, b));
    assert_ok(jf_adder_alone.finish(jf_adder_alone.context, &alone));
    for (int parts = 2; parts <= 10; parts += 4) {
        assert_ok(jf_moments_init(WIDE, &sum));
        for (int part = 0; part < parts; part++) {
            jf_moments_add(&sum, part, parts, FEW, a, b);
        }
        assert_memory_equal(sum.sxx, alone.sxx, jf_moments_count(&sum) * sizeof *sum.sxx);
        jf_moments_clear(&sum);
    }
    jf_moments_average(&alone, 1.0);
    for (size_t i = 0; i < WIDE; i += 13) {
        for (size_t j = 0; j < WIDE; j += 11) {
            double syx = 0.0, syy = 0.0;
            for (size_t n = 0; n < FEW; n++) {
                syx += b[i + n * WIDE] * a[j + n * WIDE];
                syy += b[i + n * WIDE] * b[j + n * WIDE];
            }
            assert_within(alone.syx[i + j * WIDE], syx, 1e-14);
            assert_within(alone.syy[i + j * WIDE], syy, 1e-14);
        }
    }
    jf_moments_clear(&alone);
}

/* Rounding of an asymmetric sum is taken off; more than that, and what is not finite, is told. */
static void what_is_no_moment_is_told(void **state)
{
    jf_moments m;

    (void)state;
    make_pairs();
    of_blocks(N, &m);
    m.sxx[1] *= 1.0 + 1e-12;
    assert_null(jf_moments_check(&m));
    assert_true(m.sxx[1] == m.sxx[D]);
    m.syy[D] += 1e-3;
    assert_string_equal(jf_moments_check(&m), "is not symmetric in x or in y");
    m.syx[7] = NAN;
    assert_string_equal(jf_moments_check(&m), "holds a number that is not finite");
    jf_moments_clear(&m);
}

/* Every number counts; none, and the hash is as it was. */
static void the_hash_sees_every_number(void **state)
{
    const jf_moments none = {0};
    jf_moments m;

    (void)state;
    assert_true(jf_moments_hash(&none, JF_HASH_START) == JF_HASH_START);
    make_pairs();
    of_blocks(N, &m);
    const uint64_t before = jf_moments_hash(&m, JF_HASH_START);
    for (size_t k = 0; k < jf_moments_count(&m); k++) {
        const double kept = m.sxx[k];
        m.sxx[k] += 1.0;
        assert_true(jf_moments_hash(&m, JF_HASH_START) != before);
        m.sxx[k] = kept;
    }
    jf_moments_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_sum_to_the_moments),
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(what_is_no_moment_is_told),
        cmocka_unit_test(the_hash_sees_every_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
