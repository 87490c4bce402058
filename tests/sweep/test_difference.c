/*
 * test_difference.c - in what two plans differ, word by word; and the fingerprint against it: it is
 * another exactly where there is a difference.
 */
#include "../support/check.h"

#include <string.h>

#include "jepaflow/sweep/difference.h"

static const char text[] = "sweep:\n"
                           "  depth: [1, 2]\n"
                           "  init_scale: [0.1]\n"
                           "spectra:\n"
                           "  a: {lambda: 1, rho: [1, 2]}\n"
                           "  b: {lambda: [3, 4], rho: 1}\n";

static const struct {
    const char *set, *expected;
    int contained;
} changes[] = {
    {NULL, "", 1},
    {"title=Another", "", 1},
    {"ranks_per_point=4", "", 1},
    {"group_width=12", "", 1},
    {"spectra.c={lambda: 1, rho: 1}", "spectrum: c only in B", 1},
    {"depth=[1, 2, 3, 4, 5, 6, 7]", "depth: 3, 4, 5 and 2 more only in B", 1},
    {"depth=[2, 1]", "depth: the same values in another order", 1},
    {"sweep.tolerance=1.0e-6", "tolerance: an axis in B only", 1},
    {"tolerance=1.0e-7", "tolerance: 1e-06 in A, 1e-07 in B", 0},
    {"init_scale=0.10000000000000002", "init_scale: 0.1 only in A, 0.10000000000000002 only in B",
     0},
    {"depth=[3, 1]", "depth: 2 only in A, 3 only in B", 0},
    {"objective=mae", "objective: jepa only in A", 0},
    {"integrator=rkc", "integrator: auto in A, rkc in B", 0},
    {"samples=7", "samples: 200 in A, 7 in B", 0},
    {"spectra.b.rho=2", "spectrum 'b': other numbers in A than in B", 0},
    {"seed=[3, 4]", "seed: 1 only in A, 3 and 4 only in B", 0},
    {"sweep.threshold=[0.6, 0.7]",
     "threshold: 0.5 only in A, 0.6 and 0.7 only in B; threshold: an axis in B only", 0},
};

static void read_plan(const char *set, jf_input *input, jf_plan *plan)
{
    assert_ok(jf_input_read("in", text, strlen(text), &set, set != NULL ? 1 : 0, input));
    assert_ok(jf_plan_init(input, plan));
}

static void the_difference_is_told(void **state)
{
    jf_input a_input, b_input;
    jf_plan a, b;
    char before[17], after[17];

    (void)state;
    read_plan(NULL, &a_input, &a);
    jf_plan_digest(&a, before);
    for (size_t k = 0; k < COUNT(changes); k++) {
        jf_string told = {0};
        int contained;
        read_plan(changes[k].set, &b_input, &b);
        assert_ok(jf_difference_tell(&a, "A", &b, "B", &told, &contained));
        assert_string_equal(told.text != NULL ? told.text : "", changes[k].expected);
        assert_int_equal(contained, changes[k].contained);
        jf_plan_digest(&b, after);
        assert_int_equal(strcmp(before, after) == 0, changes[k].expected[0] == '\0');
        jf_string_clear(&told);
        jf_input_clear(&b_input);
    }
    jf_input_clear(&a_input);
}

/* Files that were replaced: their fingerprints are all that differs. */
static void other_data_and_weights_are_told(void **state)
{
    jf_input a_input, b_input;
    jf_string told = {0};
    jf_plan a, b;
    int contained;

    (void)state;
    read_plan(NULL, &a_input, &a);
    read_plan(NULL, &b_input, &b);
    a_input.spectra[1].fingerprint = a_input.weights_print = 5;
    b_input.spectra[1].fingerprint = b_input.weights_print = 6;
    assert_ok(jf_difference_tell(&a, "A", &b, "B", &told, &contained));
    assert_string_equal(told.text, "spectrum 'b': other numbers in A than in B; "
                                   "weights: other numbers in A than in B");
    assert_int_equal(contained, 0);
    jf_string_clear(&told);
    jf_input_clear(&a_input);
    jf_input_clear(&b_input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_difference_is_told),
        cmocka_unit_test(other_data_and_weights_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
