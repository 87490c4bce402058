/*
 * test_matrix.c - making, copying and releasing matrices, and shapes that are refused.
 */
#include "../support/check.h"

#include "jepaflow/linalg/matrix.h"

/* Every element, against the definition. */
static void a_new_matrix_holds_zeros(void **state)
{
    jf_matrix a = {0};

    (void)state;
    assert_ok(jf_matrix_init(3, 5, &a));
    assert_int_equal(a.rows, 3);
    assert_int_equal(a.cols, 5);
    for (size_t i = 0; i < 15; i++) {
        assert_true(a.data[i] == 0.0);
    }
    jf_matrix_clear(&a);
    assert_null(a.data);
    assert_int_equal(a.rows, 0);
    jf_matrix_clear(&a); /* an empty one is left as it is */
}

/* delta_ij times the scale. */
static void a_scaled_identity_is_diagonal(void **state)
{
    jf_matrix a = {0};

    (void)state;
    assert_ok(jf_matrix_init_scaled_identity(4, 0.3, &a));
    for (size_t j = 0; j < 4; j++) {
        for (size_t i = 0; i < 4; i++) {
            assert_true(a.data[i + j * 4] == (i == j ? 0.3 : 0.0));
        }
    }
    jf_matrix_clear(&a);
}

/* Changing the copy leaves the original as it was. */
static void a_copy_is_a_matrix_of_its_own(void **state)
{
    jf_matrix a = {0}, b = {0};

    (void)state;
    assert_ok(jf_matrix_init(2, 3, &a));
    for (size_t i = 0; i < 6; i++) {
        a.data[i] = (double)i;
    }
    assert_ok(jf_matrix_init_copy(&a, &b));
    assert_int_equal(b.rows, 2);
    assert_int_equal(b.cols, 3);
    assert_memory_equal(a.data, b.data, 6 * sizeof(double));
    b.data[0] = 7.0;
    assert_true(a.data[0] == 0.0);
    jf_matrix_clear(&a);
    jf_matrix_clear(&b);
}

/* Sides of 0, and products that no memory holds; what is left is empty. */
static void impossible_shapes_are_refused(void **state)
{
    jf_matrix a = {.rows = 9};

    (void)state;
    assert_refused(jf_matrix_init(0, 3, &a), JF_ERR_SHAPE, "0 x 3");
    assert_int_equal(a.rows, 0);
    assert_refused(jf_matrix_init(3, 0, &a), JF_ERR_SHAPE, "3 x 0");
    assert_refused(jf_matrix_init(SIZE_MAX / 4, 2, &a), JF_ERR_MEMORY, "does not fit");
    assert_refused(jf_matrix_init(SIZE_MAX / 2 + 2, 2, &a), JF_ERR_MEMORY, "does not fit");
    assert_refused(jf_matrix_init_scaled_identity(0, 1.0, &a), JF_ERR_SHAPE, "no elements");
    assert_null(a.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_matrix_holds_zeros),
        cmocka_unit_test(a_scaled_identity_is_diagonal),
        cmocka_unit_test(a_copy_is_a_matrix_of_its_own),
        cmocka_unit_test(impossible_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
