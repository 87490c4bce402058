/*
 * test_vector.c - the operations on vectors, each against its definition, number by number.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sundials/sundials_nvector.h>
#include <sundials/sundials_version.h>

#include "jepaflow/base/random.h"
#include "jepaflow/ode/vector.h"

/* Around the blocks and unrolled loops of the source. */
static const size_t sizes[] = {1, 3, 4, 5, 511, 512, 513, 1300};
enum { SIZES = sizeof sizes / sizeof sizes[0], OPERANDS = 5, LARGEST = 1300 };

typedef struct {
    SUNContext context;
    jf_ode ode[OPERANDS];
    double number[OPERANDS][LARGEST]; /* what the vectors hold */
    double data[OPERANDS][LARGEST];
    N_Vector x[OPERANDS];
} fixture;

static fixture fixtures; /* too large for the stack */

static void begin(fixture *f, size_t size)
{
#if SUNDIALS_VERSION_MAJOR >= 7
    assert_int_equal(SUNContext_Create(SUN_COMM_NULL, &f->context), 0);
#else
    assert_int_equal(SUNContext_Create(NULL, &f->context), 0);
#endif
    for (size_t k = 0; k < OPERANDS; k++) {
        jf_random_normal((jf_random){1, size, k}, f->number[k], size);
        for (size_t i = 0; i < size; i++) {
            f->data[k][i] = f->number[k][i];
        }
        f->ode[k] = (jf_ode){.size = size, .state = f->data[k]};
        f->x[k] = jf_vector_wrap(&f->ode[k], f->context);
        assert_non_null(f->x[k]);
    }
}

static void end(fixture *f)
{
    for (size_t k = 0; k < OPERANDS; k++) {
        N_VDestroy(f->x[k]);
    }
    SUNContext_Free(&f->context);
}

static void assert_close(double value, double expected)
{
    assert_true(fabs(value - expected) <= 1e-14 * (1.0 + fabs(expected)));
}

/* Element by element, into a third vector and in place. */
static void elementwise_operations_are_what_they_say(void **state)
{
    fixture *f = &fixtures;

    (void)state;
    for (size_t s = 0; s < SIZES; s++) {
        begin(f, sizes[s]);
        const double *a = f->number[0], *b = f->number[1], *z = f->data[2];
        for (size_t i = 0; i < sizes[s]; i++) {
            N_VLinearSum(2.0, f->x[0], -3.0, f->x[1], f->x[2]);
            assert_close(z[i], 2.0 * a[i] - 3.0 * b[i]);
            N_VProd(f->x[0], f->x[1], f->x[2]);
            assert_close(z[i], a[i] * b[i]);
            N_VDiv(f->x[0], f->x[1], f->x[2]);
            assert_close(z[i] * b[i], a[i]);
            N_VScale(-1.5, f->x[0], f->x[2]);
            assert_close(z[i], -1.5 * a[i]);
            N_VAbs(f->x[0], f->x[2]);
            assert_close(z[i], fabs(a[i]));
            N_VInv(f->x[0], f->x[2]);
            assert_close(z[i] * a[i], 1.0);
            N_VAddConst(f->x[0], 0.25, f->x[2]);
            assert_close(z[i], a[i] + 0.25);
            N_VConst(7.0, f->x[2]);
            assert_close(z[i], 7.0);
            i += sizes[s] / 7; /* a few places of each size are enough */
        }
        N_VLinearSum(1.0, f->x[3], 2.0, f->x[4], f->x[3]);
        for (size_t i = 0; i < sizes[s]; i++) {
            assert_close(f->data[3][i], f->number[3][i] + 2.0 * f->number[4][i]);
        }
        end(f);
    }
}

/* Any number of terms, into another vector and over the first term; the terms stay as they are. */
static void a_linear_combination_is_the_sum_of_its_terms(void **state)
{
    static const double c[OPERANDS] = {0.5, -2.0, 3.0, 0.0, 1.25};
    fixture *f = &fixtures;

    (void)state;
    for (size_t s = 0; s < SIZES; s++) {
        for (int count = 1; count <= OPERANDS; count++) {
            begin(f, sizes[s]);
            N_Vector z = N_VClone(f->x[0]);
            double factors[OPERANDS];
            for (int k = 0; k < OPERANDS; k++) {
                factors[k] = c[k];
            }
            assert_int_equal(N_VLinearCombination(count, factors, f->x, z), 0);
            assert_int_equal(N_VLinearCombination(count, factors, f->x, f->x[0]), 0);
            for (size_t i = 0; i < sizes[s]; i++) {
                double sum = 0.0;
                for (int k = 0; k < count; k++) {
                    sum += c[k] * f->number[k][i];
                    assert_true(k == 0 || f->data[k][i] == f->number[k][i]);
                }
                assert_close(N_VGetArrayPointer(z)[i], sum);
                assert_close(f->data[0][i], sum);
            }
            N_VDestroy(z);
            end(f);
        }
    }
}

/* Reductions against plain sums, each number counted once. */
static void reductions_count_every_number_once(void **state)
{
    fixture *f = &fixtures;

    (void)state;
    for (size_t s = 0; s < SIZES; s++) {
        const size_t n = sizes[s];
        double dot = 0.0, squares = 0.0, largest = 0.0, least = INFINITY;
        begin(f, n);
        for (size_t i = 0; i < n; i++) {
            const double a = f->number[0][i], b = f->number[1][i];
            dot += a * b;
            squares += a * b * a * b;
            largest = fmax(largest, fabs(a));
            least = fmin(least, a);
        }
        assert_true(fabs(N_VDotProd(f->x[0], f->x[1]) - dot) <= 1e-12 * (double)n);
        assert_close(N_VWrmsNorm(f->x[0], f->x[1]), sqrt(squares / (double)n));
        assert_true(N_VMaxNorm(f->x[0]) == largest);
        assert_true(N_VMin(f->x[0]) == least);
        assert_int_equal(N_VGetLength(f->x[0]), n);
        end(f);
    }
}

/* A clone has the same size and memory of its own; a wrapped array is the caller's. */
static void a_clone_owns_its_numbers(void **state)
{
    fixture *f = &fixtures;

    (void)state;
    begin(f, 5);
    N_Vector clone = N_VClone(f->x[0]);
    assert_non_null(clone);
    assert_int_equal(N_VGetLength(clone), 5);
    assert_ptr_equal(N_VGetArrayPointer(f->x[0]), f->data[0]);
    assert_ptr_not_equal(N_VGetArrayPointer(clone), f->data[0]);
    N_VConst(1.0, clone);
    assert_true(f->data[0][0] == f->number[0][0]);
    N_VDestroy(clone);
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elementwise_operations_are_what_they_say),
        cmocka_unit_test(a_linear_combination_is_the_sum_of_its_terms),
        cmocka_unit_test(reductions_count_every_number_once),
        cmocka_unit_test(a_clone_owns_its_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
