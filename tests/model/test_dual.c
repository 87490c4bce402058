/*
 * test_dual.c - values and changes of products, with and without transposition, against three
 * loops.
 */
#include "../support/check.h"

#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/dual.h"

enum { D = 4, SIZE = D * D };

typedef struct {
    double value[SIZE], change[SIZE];
} matrix;

static jf_dual dual(matrix *m)
{
    return (jf_dual){m->value, m->change};
}

static void fill(uint64_t seed, matrix *m)
{
    fill_uniform(seed, SIZE, m->value);
    fill_uniform(seed + 1, SIZE, m->change);
}

/* c' = a' b + a b' + beta c', c = a b + beta c; neither walk touches the other part. */
static void products_and_their_changes_are_those_of_the_product_rule(void **state)
{
    (void)state;
    for (int n = 0; n < 8; n++) {
        const int ta = n & 1, tb = n >> 1 & 1;
        const double beta = n >> 2 & 1 ? 0.5 : 0.0;
        double value[SIZE], first[SIZE], second[SIZE];
        matrix a, b, c, before;
        fill(10, &a);
        fill(20, &b);
        fill(30, &c);
        before = c;
        naive_multiply(ta, tb, D, D, D, a.value, b.value, value);
        naive_multiply(ta, tb, D, D, D, a.change, b.value, first);
        naive_multiply(ta, tb, D, D, D, a.value, b.change, second);
        for (size_t i = 0; i < SIZE; i++) {
            value[i] += beta * before.value[i];
            first[i] += second[i] + beta * before.change[i];
        }
        jf_dual_multiply(JF_VALUE, whole(D), (jf_transpose)ta, (jf_transpose)tb, dual(&a), dual(&b),
                         beta, dual(&c));
        assert_below(largest_difference(SIZE, c.value, value), 1e-14);
        assert_memory_equal(c.change, before.change, sizeof c.change);
        memcpy(c.value, before.value, sizeof c.value);
        jf_dual_multiply(JF_CHANGE, whole(D), (jf_transpose)ta, (jf_transpose)tb, dual(&a),
                         dual(&b), beta, dual(&c));
        assert_below(largest_difference(SIZE, c.change, first), 1e-14);
        assert_memory_equal(c.value, before.value, sizeof c.value);
    }
}

/* A square shares its operand: (a a)' = a' a + a a'. */
static void operands_may_be_the_same(void **state)
{
    double first[SIZE], second[SIZE];
    matrix a, c;

    (void)state;
    fill(1, &a);
    naive_multiply(0, 0, D, D, D, a.change, a.value, first);
    naive_multiply(0, 0, D, D, D, a.value, a.change, second);
    for (size_t i = 0; i < SIZE; i++) {
        first[i] += second[i];
    }
    jf_dual_multiply(JF_CHANGE, whole(D), JF_PLAIN, JF_PLAIN, dual(&a), dual(&a), 0.0, dual(&c));
    assert_below(largest_difference(SIZE, c.change, first), 1e-14);
}

/* Which array is which. */
static void a_dual_is_found_where_it_was_put(void **state)
{
    double x, y;

    (void)state;
    const jf_dual given = jf_dual_given(&x, &y);
    assert_ptr_equal(given.value, &x);
    assert_ptr_equal(given.change, &y);
    assert_ptr_equal(jf_dual_of(JF_VALUE, given), &x);
    assert_ptr_equal(jf_dual_of(JF_CHANGE, given), &y);
    assert_ptr_equal(jf_dual_result(&x).value, &x);
    assert_ptr_equal(jf_dual_result(&x).change, &x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_their_changes_are_those_of_the_product_rule),
        cmocka_unit_test(operands_may_be_the_same),
        cmocka_unit_test(a_dual_is_found_where_it_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
