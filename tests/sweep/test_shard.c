/*
 * test_shard.c - parts of a sweep: each point in one, as many in each, the same everywhere, and no
 * axis that falls to one of them.
 */
#include "../support/check.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/sweep/shard.h"

static void what_is_a_shard(void **state)
{
    static const char *const wrong[] = {"",      "1",    "1/",         "/2",   "0/2",
                                        "3/2",   "1/0",  "1/2 ",       " 1/2", "+1/2",
                                        "1/2/3", "1 /2", "1/99999999", "a/b"};
    char text[JF_SHARD_TEXT];
    jf_shard shard;

    (void)state;
    assert_ok(jf_shard_read("--shard", "2/7", &shard));
    assert_true(shard.index == 2 && shard.count == 7);
    jf_shard_text(shard, text);
    assert_string_equal(text, "2/7");
    assert_ok(jf_shard_read("--shard", NULL, &shard));
    assert_int_equal(shard.count, 0);
    jf_shard_text(shard, text);
    assert_string_equal(text, "");
    for (size_t k = 0; k < COUNT(wrong); k++) {
        assert_refused(jf_shard_read("--shard", wrong[k], &shard), JF_ERR_USAGE, "expected I/N");
    }
}

/* Of every number of points and shards, more shards than points too: sizes differ by at most 1. */
static void each_point_is_in_one_shard(void **state)
{
    static const size_t points[] = {1, 2, 7, 12, 1000};
    static const int shards[] = {1, 2, 3, 7, 13, 1000, 5000};
    uint32_t number[1000];

    (void)state;
    for (size_t p = 0; p < COUNT(points); p++) {
        for (size_t s = 0; s < COUNT(shards); s++) {
            size_t count[5001] = {0}, sum = 0;
            assert_ok(jf_shard_deal(17, points[p], shards[s], number));
            for (size_t i = 0; i < points[p]; i++) {
                assert_true(number[i] >= 1 && number[i] <= (uint32_t)shards[s]);
                count[number[i]]++;
            }
            for (int k = 1; k <= shards[s]; k++) {
                assert_int_equal(count[k], jf_shard_points((jf_shard){k, shards[s]}, points[p]));
                assert_true(count[k] == points[p] / (size_t)shards[s] ||
                            count[k] == points[p] / (size_t)shards[s] + 1);
                sum += count[k];
            }
            assert_int_equal(sum, points[p]);
        }
    }
}

/* It depends on the plan, and on nothing else. */
static void the_plan_decides(void **state)
{
    uint32_t a[100], b[100], c[100];

    (void)state;
    assert_ok(jf_shard_deal(17, 100, 7, a));
    assert_ok(jf_shard_deal(17, 100, 7, b));
    assert_ok(jf_shard_deal(18, 100, 7, c));
    assert_memory_equal(a, b, sizeof a);
    assert_true(memcmp(a, c, sizeof a) != 0);
}

/*
 * Whatever the extents, a shard has its part of each value of each axis: 40 x 25 points in 5 shards
 * would by every 5th point be 8 columns to each. By chance a count of 200 at 1/5 has a deviation of
 * 5.7 at most: five of those.
 */
static void no_axis_falls_to_one_shard(void **state)
{
    enum { OUTER = 10, INNER = 200, SHARDS = 5 };
    uint32_t number[OUTER * INNER];
    size_t count[OUTER][SHARDS + 1] = {{0}}, column[20][SHARDS + 1] = {{0}};

    (void)state;
    assert_ok(jf_shard_deal(UINT64_C(0x0123456789abcdef), OUTER * INNER, SHARDS, number));
    for (size_t i = 0; i < OUTER * INNER; i++) {
        count[i / INNER][number[i]]++;
        column[i % 20][number[i]]++;
    }
    for (size_t k = 0; k < OUTER; k++) {
        for (int s = 1; s <= SHARDS; s++) {
            assert_within((double)count[k][s], INNER / SHARDS, 28.5);
        }
    }
    for (size_t k = 0; k < 20; k++) {
        for (int s = 1; s <= SHARDS; s++) {
            assert_within((double)column[k][s], 20, 20); /* of 100: none has it all */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_shard),
        cmocka_unit_test(each_point_is_in_one_shard),
        cmocka_unit_test(the_plan_decides),
        cmocka_unit_test(no_axis_falls_to_one_shard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
