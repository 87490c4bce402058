/*
 * test_inclusion.c - where the points of one plan stand in another: by what they are, not by their
 * numbers.
 */
#include "../support/check.h"

#include <string.h>

#include "jepaflow/sweep/inclusion.h"

static const char small[] = "sweep:\n"
                            "  objective: [mae]\n"
                            "  depth: [2, 1]\n"
                            "  init_scale: [0.1, 0.01]\n"
                            "  spectrum: [b, a]\n"
                            "spectra:\n"
                            "  a: {lambda: 1, rho: [1, 2]}\n"
                            "  b: {lambda: [3, 4], rho: 1}\n"
                            "flow: {threshold: 0.5}\n";

/* More of everything, in another order; the threshold is an axis. */
static const char large[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 3, 2]\n"
                            "  init_scale: [0.001, 0.01, 0.1]\n"
                            "  spectrum: [a, c, b]\n"
                            "  seed: [4, 1]\n"
                            "  threshold: [0.6, 0.5]\n"
                            "spectra:\n"
                            "  c: {lambda: [1, 2, 3], rho: 2}\n"
                            "  b: {lambda: [3, 4], rho: 1}\n"
                            "  a: {lambda: 1, rho: [1, 2]}\n"
                            "flow: {ranks_per_point: 2}\n";

typedef struct {
    jf_input input;
    jf_plan plan;
} made;

static void make(const char *text, const char *set, made *m)
{
    assert_ok(jf_input_read("in", text, strlen(text), &set, set != NULL ? 1 : 0, &m->input));
    assert_ok(jf_plan_init(&m->input, &m->plan));
}

static int same_point(const jf_point *a, const jf_point *b)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const int placed = jf_parameter_get((jf_parameter_id)i)->placement;
        if (i != JF_P_SPECTRUM && !placed && a->value[i] != b->value[i]) {
            return 0;
        }
    }
    return strcmp(a->spectrum->name, b->spectrum->name) == 0;
}

/* Each point of the small plan against the one that it is said to be in the large one. */
static void every_point_is_found(void **state)
{
    jf_inclusion in;
    made a, b;

    (void)state;
    make(small, NULL, &a);
    make(large, NULL, &b);
    assert_ok(jf_inclusion_find(&a.plan, &b.plan, &in));
    assert_true(jf_inclusion_is_whole(&in));
    for (size_t i = 0; i < a.plan.points; i++) {
        jf_point mine, theirs;
        jf_plan_point(&a.plan, i, &mine);
        jf_plan_point(&b.plan, jf_inclusion_point(&in, i), &theirs);
        assert_true(same_point(&mine, &theirs));
    }
    jf_inclusion_clear(&in);
    assert_ok(jf_inclusion_find(&b.plan, &a.plan, &in));
    assert_true(!jf_inclusion_is_whole(&in));
    assert_int_equal(in.missing[JF_P_DEPTH], 1);
    assert_int_equal(in.missing[JF_P_THRESHOLD], 1);
    assert_int_equal(in.place[JF_P_DEPTH][1], JF_NOWHERE);
    assert_int_equal(in.place[JF_P_DEPTH][2], 0);
    jf_inclusion_clear(&in);
    jf_input_clear(&a.input);
    jf_input_clear(&b.input);
}

/* An axis of one value may become a setting again. */
static void an_axis_of_one_value_is_a_setting(void **state)
{
    jf_inclusion in;
    made a, b;

    (void)state;
    make(small, "sweep.tolerance=1.0e-6", &a);
    make(small, NULL, &b);
    assert_int_equal(a.plan.axes, b.plan.axes + 1);
    assert_ok(jf_inclusion_find(&a.plan, &b.plan, &in));
    assert_true(jf_inclusion_is_whole(&in));
    for (size_t i = 0; i < a.plan.points; i++) {
        assert_int_equal(jf_inclusion_point(&in, i), i);
    }
    jf_inclusion_clear(&in);
    jf_input_clear(&a.input);
    jf_input_clear(&b.input);
}

static void what_is_missing_or_other_is_not_included(void **state)
{
    static const char *const changes[] = {"depth=[1, 3]",
                                          "threshold=[0.6, 0.7]",
                                          "samples=3",
                                          "spectra.b.rho=1.5",
                                          "seed=2",
                                          "spectra.a={lambda: 1, rho: [1, 2, 3]}",
                                          "spectrum=[a, c]",
                                          "objective=jepa",
                                          "init_scale=[0.1, 0.010000000000000002]",
                                          "integrator=rkc"};
    jf_inclusion in;
    made a, b;

    (void)state;
    make(small, NULL, &a);
    for (size_t k = 0; k < COUNT(changes); k++) {
        make(large, changes[k], &b);
        assert_ok(jf_inclusion_find(&a.plan, &b.plan, &in));
        assert_true(!jf_inclusion_is_whole(&in));
        jf_inclusion_clear(&in);
        jf_input_clear(&b.input);
    }
    jf_input_clear(&a.input);
}

/* Covariances and weights of files that were replaced are others under the same names. */
static void what_was_read_of_other_files_is_not_included(void **state)
{
    static const struct {
        uint64_t mine, theirs;
        int spectrum, weights; /* included? */
    } cases[] = {{5, 5, 1, 1}, {5, 6, 0, 0}, {0, 6, 0, 1}, {0, 0, 1, 1}};
    jf_inclusion in;
    made a, b;

    (void)state;
    make(small, NULL, &a);
    make(large, NULL, &b);
    for (size_t k = 0; k < COUNT(cases); k++) {
        uint64_t *const mine = &a.input.spectra[1].fingerprint; /* "b" */
        uint64_t *const theirs = &b.input.spectra[1].fingerprint;
        *mine = cases[k].mine;
        *theirs = cases[k].theirs;
        assert_ok(jf_inclusion_find(&a.plan, &b.plan, &in));
        assert_int_equal(jf_inclusion_is_whole(&in), cases[k].spectrum);
        jf_inclusion_clear(&in);
        *mine = *theirs = 0;
        a.input.weights_print = cases[k].mine;
        b.input.weights_print = cases[k].theirs;
        assert_ok(jf_inclusion_find(&a.plan, &b.plan, &in));
        assert_int_equal(jf_inclusion_is_whole(&in), cases[k].weights);
        jf_inclusion_clear(&in);
        a.input.weights_print = b.input.weights_print = 0;
    }
    jf_input_clear(&a.input);
    jf_input_clear(&b.input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_is_found),
        cmocka_unit_test(an_axis_of_one_value_is_a_setting),
        cmocka_unit_test(what_is_missing_or_other_is_not_included),
        cmocka_unit_test(what_was_read_of_other_files_is_not_included),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
