/*
 * test_told_learning.c - tables of what is learnt when, each number against the module that it
 * comes from; holes are missing cells.
 */
#include "../support/check.h"

#include <math.h>

#include "../support/findings.h"
#include "jepaflow/report/parting.h"
#include "jepaflow/report/separation.h"
#include "jepaflow/report/told_learning.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [5, 1]\n"
                            "  init_scale: [1.0e-4, 1.0e-2, 1.0e-3]\n"
                            "  spectrum: [opposed, rho_varies, one]\n"
                            "spectra:\n"
                            "  opposed: {lambda: {from: 0.8, to: 1.0, count: 3},\n"
                            "            rho: {from: 1.0, to: 0.4, count: 3}}\n"
                            "  rho_varies: {lambda: 1, rho: [1, 0.4]}\n"
                            "  one: {lambda: 1, rho: 1}\n"
                            "output: {samples: 0}\n";

static double number(const jf_table *t, size_t row, const char *column)
{
    return jf_table_at(t, row, column)->number;
}

/* Rows by spectrum, objective, depth, feature; the middle one of three is aside. */
static void exponents_are_those_of_the_survey(void **state)
{
    jf_exponent e;
    jf_table t;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0 + 1e-7, &f);
    found_fill(&f, jf_told_learning, "exponents", &t);
    assert_int_equal(t.rows, 2 * 2 * (3 + 2 + 1) - 2); /* rho 0.4, depth 5: two init_scales only */
    assert_ok(jf_survey_exponent(&f.findings.survey, &(jf_place){0, 1, 0, 0}, 1, &e));
    assert_within(number(&t, 1, "depth"), 1.0, 0.0);
    assert_within(number(&t, 1, "feature"), 1.0, 0.0);
    assert_within(number(&t, 1, "rho"), 0.7, 1e-15);
    assert_within(number(&t, 1, "measured"), e.slope[JF_TIME_MEASURED], 0.0);
    assert_within(number(&t, 1, "error"), e.error[JF_TIME_MEASURED], 0.0);
    assert_within(number(&t, 1, "exact"), e.slope[JF_TIME_EXACT], 0.0);
    assert_within(number(&t, 1, "local"), e.local, 0.0);
    assert_within(number(&t, 1, "next_order"), e.next_order, 0.0);
    assert_within(number(&t, 1, "limit"), -1.0, 0.0);
    assert_within(number(&t, 1, "low"), 1e-4, 0.0);
    assert_within(number(&t, 1, "high"), 1e-2, 0.0);
    assert_true(!t.aside[0] && t.aside[1] && !t.aside[2]);
    jf_table_clear(&t);
    found_end(&f);
}

static void amplification_and_order(void **state)
{
    const jf_place place = {.objective = 0, .depth = 0, .init_scale = 2, .spectrum = 1};
    jf_table t;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    found_fill(&f, jf_told_learning, "amplification", &t);
    assert_int_equal(t.rows, 2 * 2 * 3);
    assert_within(number(&t, 4, "depth"), 5.0, 0.0);
    assert_within(number(&t, 4, "init_scale"), 1e-3, 0.0);
    const jf_survey *s = &f.findings.survey;
    assert_within(number(&t, 4, "exact"), jf_survey_amplification(s, JF_TIME_EXACT, &place), 0.0);
    assert_within(number(&t, 4, "leading"), jf_survey_leading_amplification(s, &place), 0.0);
    assert_true(isnan(number(&t, 5, "measured"))); /* eps = 1e-2: the lowest rho starts above */
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "order", &t);
    assert_int_equal(t.rows, 2 * 2 * 2 * 3); /* not of the spectrum of one feature */
    assert_within(number(&t, 0, "lambda"), 1.0, 0.0);
    assert_within(number(&t, 0, "first"), 2.0, 0.0);
    assert_within(number(&t, 0, "first_rho"), 0.4, 1e-15);
    assert_string_equal(jf_table_at(&t, 0, "order")->text, "lambda");
    assert_true(!t.aside[0] && t.aside[12]);
    jf_table_clear(&t);
    found_end(&f);
}

/* JEPA follows lambda at depth 1 and rho at 5, eps = 1e-3; MAE lambda. */
static void the_objectives_part(void **state)
{
    jf_table t;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    const jf_place place = {.depth = 0, .init_scale = 2};
    const jf_parting p = jf_parting_find(&f.findings.survey, JF_TIME_MEASURED, &place);
    found_fill(&f, jf_told_learning, "parting", &t);
    assert_int_equal(t.rows, 2 * 3);
    assert_within(number(&t, 1, "init_scale"), 1e-3, 0.0);
    assert_within(number(&t, 1, "parted"), 5.0, 0.0);
    assert_within(number(&t, 1, "parted"), p.parted, 0.0);
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "likeness", &t);
    assert_int_equal(t.rows, 2 * 2 * 3);
    assert_within(number(&t, 1, "tau"), 1.0, 0.0);
    assert_within(number(&t, 4, "tau"),
                  jf_parting_likeness(&f.findings.survey, JF_TIME_MEASURED, &place).tau, 0.0);
    jf_table_clear(&t);
    found_end(&f);
    found_begin(input, "objective=mae", 1.0, &f);
    found_fill(&f, jf_told_learning, "parting", &t);
    assert_int_equal(t.rows, 0);
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "likeness", &t);
    assert_int_equal(t.rows, 0);
    jf_table_clear(&t);
    found_end(&f);
}

static void separation_and_its_end(void **state)
{
    jf_separation s;
    jf_greed greed;
    jf_table t;
    double until;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    const jf_place place = {.objective = 0, .depth = 0, .init_scale = 0, .spectrum = 1};
    assert_ok(jf_separation_find(&f.findings.survey, JF_TIME_MEASURED, &place, &s));
    assert_ok(jf_separation_end(&f.findings.survey, JF_TIME_MEASURED, &place, &greed, &until));
    found_fill(&f, jf_told_learning, "separation", &t);
    assert_within(number(&t, 12 + 3, "least"), s.least, 0.0);
    assert_within(number(&t, 12 + 3, "pairs"), 1.0, 0.0);
    assert_within(number(&t, 12 + 5, "pairs"), 0.0, 0.0);
    assert_true(isnan(number(&t, 12 + 5, "least")));
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "greed", &t);
    assert_int_equal(t.rows, 2 * 2 * 2);
    assert_string_equal(jf_table_at(&t, 5, "greedy")->text,
                        greed == JF_GREEDY_UNTIL ? "until" : "always");
    assert_string_equal(jf_table_at(&t, 7, "greedy")->text, "never"); /* MAE, one lambda */
    assert_true(t.aside[7] && !t.aside[5]);
    jf_table_clear(&t);
    found_end(&f);
}

/* Of a dataset in which nothing is done there is nothing measured, and theory throughout. */
static void what_is_not_done_is_missing(void **state)
{
    jf_table t;
    found f;

    (void)state;
    sweep_begin(input, NULL, &f.s);
    sweep_write(&f.s, 0, 0, 1.0);
    found_open(&f);
    found_fill(&f, jf_told_learning, "amplification", &t);
    assert_int_equal(t.rows, 12);
    assert_true(isnan(number(&t, 0, "measured")));
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "separation", &t);
    assert_true(isnan(number(&t, 0, "least")));
    jf_table_clear(&t);
    found_fill(&f, jf_told_learning, "exponents", &t);
    assert_int_equal(t.rows, 0);
    jf_table_clear(&t);
    found_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponents_are_those_of_the_survey),
        cmocka_unit_test(amplification_and_order),
        cmocka_unit_test(the_objectives_part),
        cmocka_unit_test(separation_and_its_end),
        cmocka_unit_test(what_is_not_done_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
