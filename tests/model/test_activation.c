/*
 * test_activation.c - each activation by its formula, and its slope by differences.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/model/activation.h"

static const double points[] = {-3.0, -0.7, -1e-9, 0.2, 1.1, 4.0};

static double linear(double z)
{
    return z;
}

static double relu(double z)
{
    return fmax(z, 0.0);
}

/* The table's phi of one number. */
static double applied(const jf_activation_kind *kind, double z)
{
    if (kind->apply != NULL) {
        kind->apply(1, &z);
    }
    return z;
}

static void each_is_its_formula(void **state)
{
    static double (*const formula[])(double) = {linear, tanh, relu};
    static const char *const names[] = {"linear", "tanh", "relu"};

    (void)state;
    for (size_t k = 0; k < JF_ACTIVATIONS; k++) {
        const jf_activation_kind *kind = jf_activation_find((jf_activation)k);
        assert_string_equal(kind->name, names[k]);
        for (size_t i = 0; i < COUNT(points); i++) {
            assert_within(applied(kind, points[i]), formula[k](points[i]), 1e-15);
        }
    }
}

/* Central differences, at points that are no corners. */
static void slopes_are_differences(void **state)
{
    const double h = 1e-6;

    (void)state;
    for (size_t k = 0; k < JF_ACTIVATIONS; k++) {
        const jf_activation_kind *kind = jf_activation_find((jf_activation)k);
        for (size_t i = 0; i < COUNT(points); i++) {
            const double z = points[i] < 0.0 && points[i] > -1e-3 ? -0.1 : points[i];
            const double value = applied(kind, z);
            double g = 3.0;
            if (kind->chain != NULL) {
                kind->chain(1, &value, &g);
            }
            const double slope = (applied(kind, z + h) - applied(kind, z - h)) / (2.0 * h);
            assert_within(g, 3.0 * slope, 1e-8);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_its_formula),
        cmocka_unit_test(slopes_are_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
