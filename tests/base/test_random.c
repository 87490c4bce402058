/*
 * test_random.c - normal numbers by their address: which numbers, how distributed, dependent on
 * nothing else.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/base/random.h"

__extension__ typedef unsigned __int128 wide;

/* Philox 4x64-10 written from the paper (Salmon, Moraes, Dror, Shaw, SC'11, section 3.3). */
static void philox(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4])
{
    uint64_t x[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint64_t k[2] = {key[0], key[1]};

    for (int round = 0; round < 10; round++) {
        const wide a = (wide)UINT64_C(0xd2e7470ee14c6c93) * x[0];
        const wide b = (wide)UINT64_C(0xca5a826395121157) * x[2];
        const uint64_t y[4] = {(uint64_t)(b >> 64) ^ x[1] ^ k[0], (uint64_t)b,
                               (uint64_t)(a >> 64) ^ x[3] ^ k[1], (uint64_t)a};
        for (int i = 0; i < 4; i++) {
            x[i] = y[i];
        }
        k[0] += UINT64_C(0x9e3779b97f4a7c15);
        k[1] += UINT64_C(0xbb67ae8584caa73b);
    }
    for (int i = 0; i < 4; i++) {
        out[i] = x[i];
    }
}

/* Four normal numbers of four words, by Box and Muller in long double. */
static void box_muller(const uint64_t bits[4], double out[4])
{
    long double u[4];

    for (int i = 0; i < 4; i++) {
        u[i] = ((long double)(bits[i] >> 11) + 0.5L) / 9007199254740992.0L;
    }
    for (int i = 0; i < 4; i += 2) {
        const long double radius = sqrtl(-2.0L * logl(u[i]));
        const long double angle = 2.0L * acosl(-1.0L) * u[i + 1];
        out[i] = (double)(radius * cosl(angle));
        out[i + 1] = (double)(radius * sinl(angle));
    }
}

/* Random123's own known answer (kat_vectors): philox4x64 10, counter 0, key 0. */
static void address_zero_gives_the_known_answer(void **state)
{
    const uint64_t known[4] = {UINT64_C(0x16554d9eca36314c), UINT64_C(0xdb20fe9d672d0fdc),
                               UINT64_C(0xd7e772cee186176b), UINT64_C(0x7e68b68aec7ba23b)};
    double expected[4], values[4];

    (void)state;
    box_muller(known, expected);
    jf_random_normal((jf_random){0, 0, 0}, values, 4);
    for (int i = 0; i < 4; i++) {
        assert_within(values[i], expected[i], 1e-14);
    }
}

/* The generator written again from its paper, at scattered addresses and far along a stream. */
static void every_address_is_a_philox_block(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 20; n++) {
        const uint64_t key[2] = {n * UINT64_C(0x9e3779b97f4a7c15), n};
        double values[40], expected[4];
        jf_random_normal((jf_random){key[0], key[1], 3 * n}, values, 40);
        for (uint64_t block = 0; block < 10; block++) {
            const uint64_t counter[4] = {block, 3 * n, 0, 0};
            uint64_t bits[4];
            philox(counter, key, bits);
            box_muller(bits, expected);
            for (int i = 0; i < 4; i++) {
                assert_within(values[4 * block + (uint64_t)i], expected[i], 1e-14);
            }
        }
    }
}

/* The same address again, and the beginning of a longer draw: equal, and nothing written beyond. */
static void numbers_depend_on_their_address_alone(void **state)
{
    double many[50], few[50];

    (void)state;
    jf_random_normal((jf_random){7, 8, 9}, many, 50);
    for (size_t count = 0; count < 50; count++) {
        for (size_t i = 0; i < 50; i++) {
            few[i] = -100.0;
        }
        jf_random_normal((jf_random){7, 8, 9}, few, count);
        for (size_t i = 0; i < 50; i++) {
            assert_true(few[i] == (i < count ? many[i] : -100.0));
        }
    }
}

/* Addresses that differ in one word share no number. */
static void other_addresses_give_other_numbers(void **state)
{
    const jf_random address[] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {1, 1, 2}, {0, 0, 0}};
    double values[COUNT(address)][16];

    (void)state;
    for (size_t a = 0; a < COUNT(address); a++) {
        jf_random_normal(address[a], values[a], 16);
        for (size_t b = 0; b < a; b++) {
            for (size_t i = 0; i < 16; i++) {
                assert_true(values[a][i] != values[b][i]);
            }
        }
    }
}

/*
 * Moments 0, 1, 0, 3 of the normal distribution and correlations of neighbours, within five
 * deviations.
 */
static void numbers_are_standard_normal_and_independent(void **state)
{
    enum { N = 200000 };
    static double x[N], y[N];
    double moment[5] = {0}, neighbour = 0.0, streams = 0.0;
    const double deviation[5] = {0.0, 1.0, sqrt(2.0), sqrt(15.0), sqrt(96.0)};
    const double expected[5] = {1.0, 0.0, 1.0, 0.0, 3.0};

    (void)state;
    jf_random_normal((jf_random){42, 1, 1}, x, N);
    jf_random_normal((jf_random){42, 1, 2}, y, N);
    for (size_t i = 0; i < N; i++) {
        for (int k = 1; k <= 4; k++) {
            moment[k] += pow(x[i], k) / N;
        }
        neighbour += x[i] * x[(i + 1) % N] / N;
        streams += x[i] * y[i] / N;
    }
    for (int k = 1; k <= 4; k++) {
        assert_within(moment[k], expected[k], 5.0 * deviation[k] / sqrt(N));
    }
    assert_within(neighbour, 0.0, 5.0 / sqrt(N));
    assert_within(streams, 0.0, 5.0 / sqrt(N));
}

/* Against the known answer's words, and each of ten values as often as the others. */
static void whole_numbers_are_even(void **state)
{
    enum { N = 100000, BELOW = 10 };
    const uint64_t known[4] = {UINT64_C(0x16554d9eca36314c), UINT64_C(0xdb20fe9d672d0fdc),
                               UINT64_C(0xd7e772cee186176b), UINT64_C(0x7e68b68aec7ba23b)};
    size_t count[BELOW] = {0};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(jf_random_below((jf_random){0, 0, 0}, i, 1000003), known[i] % 1000003);
    }
    for (size_t i = 0; i < N; i++) {
        const uint64_t value = jf_random_below((jf_random){7, 8, 9}, i, BELOW);
        assert_true(value < BELOW);
        count[value]++;
    }
    for (size_t k = 0; k < BELOW; k++) {
        assert_within((double)count[k], N / BELOW, 5.0 * sqrt(N * 0.1 * 0.9));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_zero_gives_the_known_answer),
        cmocka_unit_test(every_address_is_a_philox_block),
        cmocka_unit_test(numbers_depend_on_their_address_alone),
        cmocka_unit_test(other_addresses_give_other_numbers),
        cmocka_unit_test(numbers_are_standard_normal_and_independent),
        cmocka_unit_test(whole_numbers_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
