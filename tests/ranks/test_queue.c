/*
 * test_queue.c - points come out in the order in which they went in, however they are mixed.
 */
#include "../support/check.h"

#include "jepaflow/base/random.h"
#include "jepaflow/ranks/queue.h"

/* Put numbers first, first + 1, ... in. */
static void put(jf_queue *queue, size_t first, size_t count)
{
    size_t *place = NULL;

    assert_ok(jf_queue_extend(queue, count, &place));
    for (size_t i = 0; i < count; i++) {
        place[i] = first + i;
    }
}

static void what_goes_in_first_comes_out_first(void **state)
{
    jf_queue queue = {0};
    size_t in = 0, out = 0;

    (void)state;
    for (size_t round = 0; round < 500; round++) {
        const size_t more = round * round % 23;
        put(&queue, in, more);
        in += more;
        assert_int_equal(queue.count, in - out);
        for (size_t taken = round * 7 % 25; taken > 0 && out < in; taken--) {
            assert_int_equal(jf_queue_take(&queue), out++);
        }
    }
    while (out < in) {
        assert_int_equal(jf_queue_take(&queue), out++);
    }
    assert_int_equal(queue.count, 0);
    jf_queue_clear(&queue);
    assert_null(queue.points);
}

static void a_batch_beyond_reason_is_refused(void **state)
{
    jf_queue queue = {0};
    size_t *place;

    (void)state;
    put(&queue, 7, 3);
    assert_refused(jf_queue_extend(&queue, SIZE_MAX / sizeof(size_t), &place), JF_ERR_MEMORY,
                   "out of memory");
    assert_int_equal(queue.count, 3);
    assert_int_equal(jf_queue_take(&queue), 7);
    jf_queue_clear(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_first_comes_out_first),
        cmocka_unit_test(a_batch_beyond_reason_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
