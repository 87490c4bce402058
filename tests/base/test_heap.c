/*
 * test_heap.c - the first member is the one that a search through all of them finds.
 */
#include "../support/check.h"

#include <math.h>

#include "jepaflow/base/heap.h"
#include "jepaflow/base/random.h"

enum { MEMBERS = 37, ROUNDS = 5000 };

/* The oracle: who is in, in no order. */
typedef struct {
    int in[MEMBERS];
    double key[MEMBERS];
    size_t tie[MEMBERS];
} crowd;

static size_t first_of(const crowd *c)
{
    size_t first = JF_NOBODY;

    for (size_t i = 0; i < MEMBERS; i++) {
        if (c->in[i] && (first == JF_NOBODY || c->key[i] < c->key[first] ||
                         (c->key[i] == c->key[first] && c->tie[i] < c->tie[first]))) {
            first = i;
        }
    }
    return first;
}

/* Members come, change and go; few different keys and ties, so that many are equal. */
static void the_first_is_the_smallest(void **state)
{
    double draw[4];
    crowd c = {{0}, {0.0}, {0}};
    jf_heap *heap;

    (void)state;
    assert_ok(jf_heap_create(MEMBERS, &heap));
    for (uint64_t k = 0; k < ROUNDS; k++) {
        jf_random_normal((jf_random){11, 7, k}, draw, 4);
        const size_t member = (size_t)(fabs(draw[0]) * 1e4) % MEMBERS;
        if (draw[1] > 0.3) {
            jf_heap_remove(heap, member);
            c.in[member] = 0;
        } else {
            c.in[member] = 1;
            c.key[member] = round(2.0 * draw[2]);
            c.tie[member] = (size_t)fabs(draw[3]);
            jf_heap_put(heap, member, c.key[member], c.tie[member]);
            assert_true(jf_heap_key(heap, member) == c.key[member]);
        }
        assert_true(jf_heap_first(heap) == first_of(&c));
    }
    jf_heap_destroy(&heap);
    assert_null(heap);
    jf_heap_destroy(&heap); /* nothing is accepted */
}

/* Taking out the first one again and again sorts. */
static void taking_the_first_sorts(void **state)
{
    double key[MEMBERS], last = -INFINITY;
    jf_heap *heap;

    (void)state;
    jf_random_normal((jf_random){1, 2, 3}, key, MEMBERS);
    assert_ok(jf_heap_create(MEMBERS, &heap));
    assert_true(jf_heap_first(heap) == JF_NOBODY);
    for (size_t i = 0; i < MEMBERS; i++) {
        jf_heap_put(heap, i, key[i], 0);
    }
    for (size_t left = MEMBERS; left > 0; left--) {
        const size_t first = jf_heap_first(heap);
        assert_true(key[first] >= last);
        last = key[first];
        jf_heap_remove(heap, first);
        jf_heap_remove(heap, first); /* who is not in stays out */
    }
    assert_true(jf_heap_first(heap) == JF_NOBODY);
    jf_heap_destroy(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_the_smallest),
        cmocka_unit_test(taking_the_first_sorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
