/*
 * test_parting.c - the depth at which JEPA and MAE part, from the closed form and from orders made
 * by hand.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/sweep.h"
#include "jepaflow/report/parting.h"

/* The eight opposed features of docs/theory.md, section 9; depths out of order. */
static const char opposed[] = "sweep:\n"
                              "  objective: [mae, jepa]\n"
                              "  depth: [5, 1, 3, 2, 4]\n"
                              "  init_scale: 1.0e-3\n"
                              "spectra:\n"
                              "  o: {lambda: {from: 0.8, to: 1.0, count: 8},\n"
                              "      rho: {from: 1.0, to: 0.4, count: 8}}\n"
                              "output: {samples: 0}\n";

typedef struct {
    sweep s;
    jf_dataset dataset;
    jf_survey survey;
} fixture;

static void begin(const char *set, fixture *f)
{
    sweep_begin(opposed, set, &f->s);
    sweep_write(&f->s, 0, f->s.plan.points, 1.0);
    assert_ok(jf_dataset_open(f->s.path, &f->dataset));
    assert_ok(jf_survey_init(&f->dataset, &f->survey));
}

static void end(fixture *f)
{
    jf_survey_clear(&f->survey);
    jf_dataset_close(&f->dataset);
    sweep_end(&f->s);
}

/* The table of section 9: of 28 pairs 0, 0, 13, 24, 28 in the order of rho, MAE none. */
static void the_theory_parts_at_three_and_opposes_at_five(void **state)
{
    static const size_t discordant[] = {28, 0, 13, 0, 24};
    fixture f;

    (void)state;
    begin(NULL, &f);
    for (size_t k = 0; k < 5; k++) {
        const jf_ranking r =
            jf_parting_likeness(&f.survey, JF_TIME_EXACT, &(jf_place){.objective = 1, .depth = k});
        assert_int_equal(r.discordant, discordant[k]);
        assert_near(r.tau, 1.0 - (double)discordant[k] / 14.0, 1e-14);
    }
    const jf_parting p = jf_parting_find(&f.survey, JF_TIME_EXACT, &(jf_place){0});
    assert_int_equal(p.depths, 5);
    assert_within(p.parted, 3.0, 0.0);
    assert_within(p.opposed, 5.0, 0.0);
    end(&f);
}

/* A depth at which only one feature is known under both compares nothing. */
static void what_is_not_known_takes_no_part(void **state)
{
    fixture f;

    (void)state;
    begin(NULL, &f);
    for (size_t k = 0; k < 5; k++) {
        double *time = f.survey.time[JF_TIME_MEASURED] +
                       jf_survey_point(&f.survey, &(jf_place){.objective = 1, .depth = k}) * 8;
        for (size_t i = 1; i < 8 && k != 4; i++) {
            time[i] = NAN;
        }
    }
    const jf_parting p = jf_parting_find(&f.survey, JF_TIME_MEASURED, &(jf_place){0});
    assert_int_equal(p.depths, 1);
    assert_within(p.parted, 4.0, 0.0);
    assert_true(isnan(p.opposed));
    end(&f);
}

static void one_objective_parts_from_nothing(void **state)
{
    fixture f;

    (void)state;
    begin("objective=jepa", &f);
    assert_true(isnan(jf_parting_likeness(&f.survey, JF_TIME_EXACT, &(jf_place){0}).tau));
    const jf_parting p = jf_parting_find(&f.survey, JF_TIME_EXACT, &(jf_place){0});
    assert_int_equal(p.depths, 0);
    assert_true(isnan(p.parted) && isnan(p.opposed));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_theory_parts_at_three_and_opposes_at_five),
        cmocka_unit_test(what_is_not_known_takes_no_part),
        cmocka_unit_test(one_objective_parts_from_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
