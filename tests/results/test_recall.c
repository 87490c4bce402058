/*
 * test_recall.c - the plan of a dataset against the one that it was made from: their fingerprints,
 * and every point.
 */
#include "../support/check.h"

#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/results/recall.h"

static const char input[] =
    "title: Recalled\n"
    "sweep:\n"
    "  objective: [mae, jepa]\n"
    "  depth: [4, 1]\n"
    "  init_scale: {from: 1.0e-4, to: 0.1, count: 7, spacing: log}\n"
    "  spectrum: [three, two]\n"
    "  seed: [7, 9007199254740991]\n"
    "  rotation: [random, none]\n"
    "spectra:\n"
    "  two: {lambda: 1, rho: [0.1, 0.3]}\n"
    "  unused: {lambda: 1, rho: 1}\n"
    "  three: {lambda: [1, 2, 3], rho: 0.5}\n"
    "flow: {threshold: 0.75, integrator: rock, max_steps: 9007199254740991}\n"
    "output: {samples: 3}\n";

static void the_plan_is_the_one_it_was_made_from(void **state)
{
    static const char *const changes[] = {NULL,
                                          "samples=0",
                                          "ranks_per_point=auto",
                                          "sweep.tolerance=[1.0e-5, 1.0e-6]",
                                          "model=theory",
                                          "ema_rate=[0.5, infinite]",
                                          "width=[2, full]",
                                          "start=gaussian"};
    char before[17], after[17];
    jf_dataset d;
    jf_recalled recalled;
    sweep s;

    (void)state;
    for (size_t k = 0; k < COUNT(changes); k++) {
        sweep_begin(input, changes[k], &s);
        sweep_write(&s, 0, 0, 1.0);
        assert_ok(jf_dataset_open(s.path, &d));
        assert_ok(jf_recall(&d, &recalled));
        jf_plan_digest(&s.plan, before);
        jf_plan_digest(&recalled.plan, after);
        assert_string_equal(before, after);
        assert_string_equal(recalled.input.title, "Recalled");
        assert_int_equal(recalled.plan.features, 3);
        for (size_t p = 0; p < s.plan.points; p++) {
            jf_point a, b;
            jf_plan_point(&s.plan, p, &a);
            jf_plan_point(&recalled.plan, p, &b);
            for (size_t i = 0; i < JF_PARAMETERS; i++) {
                assert_true(i == JF_P_SPECTRUM || a.value[i] == b.value[i]);
            }
            assert_string_equal(a.spectrum->name, b.spectrum->name);
            assert_memory_equal(a.spectrum->rho, b.spectrum->rho,
                                a.spectrum->features * sizeof(double));
        }
        jf_recalled_clear(&recalled);
        jf_dataset_close(&d);
        sweep_end(&s);
    }
}

/* One number that is another: the fingerprint tells. */
static void what_does_not_fit_its_fingerprint_is_refused(void **state)
{
    jf_dataset d;
    jf_recalled recalled;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &d));
    d.axis[JF_P_DEPTH].values[1] = 2.0;
    assert_refused(jf_recall(&d, &recalled), JF_ERR_FILE, "are not those of its fingerprint");
    d.axis[JF_P_DEPTH].values[1] = 1.0;
    d.rho[1] = 0.50000000000000011;
    assert_refused(jf_recall(&d, &recalled), JF_ERR_FILE, "are not those of its fingerprint");
    d.rho[1] = 0.5;
    memcpy(d.axis[JF_P_OBJECTIVE].labels[0], "mea", 4);
    assert_refused(jf_recall(&d, &recalled), JF_ERR_FILE, "objective is 'mea', which this version");
    jf_dataset_close(&d);
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_is_the_one_it_was_made_from),
        cmocka_unit_test(what_does_not_fit_its_fingerprint_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
