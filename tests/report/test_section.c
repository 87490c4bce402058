/*
 * test_section.c - the walk through the places of a sweep: which, in what order, which aside.
 */
#include "../support/check.h"

#include "../support/findings.h"

static const char input[] = "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: [3, 1, 2]\n"
                            "  init_scale: [1.0e-2, 1.0e-3]\n"
                            "  spectrum: [one, two]\n"
                            "spectra:\n"
                            "  one: {lambda: 1, rho: 1}\n"
                            "  two: {lambda: 1, rho: [1, 0.5]}\n"
                            "output: {samples: 0}\n";

static const jf_column columns[] = {JF_SECTION_PLACE, JF_SECTION_SCALE};
static const jf_form form = {.columns = columns, .width = 4, .lead = 4};

static jf_status add(const jf_findings *f, const jf_place *place, int aside, jf_table *table)
{
    jf_section_begin(f, place, 1, aside, table);
    return JF_OK;
}

static jf_status stop(const jf_findings *f, const jf_place *place, int aside, jf_table *table)
{
    (void)add(f, place, aside, table);
    return table->rows == 3 ? JF_ERR_MEMORY : JF_OK;
}

static int varies(const jf_traits *traits)
{
    return traits->rho_varies;
}

static void assert_row(const jf_table *t, size_t row, const char *spectrum, const char *objective,
                       double depth, double scale)
{
    assert_string_equal(jf_table_at(t, row, "spectrum")->text, spectrum);
    assert_string_equal(jf_table_at(t, row, "objective")->text, objective);
    assert_within(jf_table_at(t, row, "depth")->number, depth, 0.0);
    assert_within(jf_table_at(t, row, "init_scale")->number, scale, 0.0);
}

/* Spectra and objectives as in the input, depths and init_scales ascending. */
static void places_come_in_order(void **state)
{
    jf_table t;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    jf_table_init(&form, &t);
    assert_ok(jf_section_walk(&f.findings, &(jf_walk){.scales = 1, .each = add}, &t));
    assert_int_equal(t.rows, 24);
    assert_row(&t, 0, "one", "mae", 1, 1e-3);
    assert_row(&t, 1, "one", "mae", 1, 1e-2);
    assert_row(&t, 2, "one", "mae", 2, 1e-3);
    assert_row(&t, 6, "one", "jepa", 1, 1e-3);
    assert_row(&t, 23, "two", "jepa", 3, 1e-2);
    jf_table_clear(&t);
    const jf_walk some = {.takes = varies, .each = add};
    assert_ok(jf_section_walk(&f.findings, &some, &t));
    assert_int_equal(t.rows, 6);
    assert_row(&t, 0, "two", "mae", 1, 1e-3);
    jf_table_clear(&t);
    found_end(&f);
}

static void a_failure_ends_the_walk(void **state)
{
    jf_table t;
    found f;

    (void)state;
    found_begin(input, NULL, 1.0, &f);
    jf_table_init(&form, &t);
    assert_int_equal(jf_section_walk(&f.findings, &(jf_walk){.each = stop}, &t), JF_ERR_MEMORY);
    assert_int_equal(t.rows, 3);
    jf_table_clear(&t);
    found_end(&f);
}

/* Of 30 depths 8 are shown, the first and the last among them. */
static void few_depths_are_shown(void **state)
{
    size_t shown = 0;

    (void)state;
    for (size_t k = 0; k < 30; k++) {
        shown += jf_section_is_spread(k, 30) ? 1 : 0;
    }
    assert_int_equal(shown, JF_SECTION_DEPTHS);
    assert_true(jf_section_is_spread(0, 30) && jf_section_is_spread(29, 30));
    for (size_t k = 0; k < JF_SECTION_DEPTHS; k++) {
        assert_true(jf_section_is_spread(k, JF_SECTION_DEPTHS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_come_in_order),
        cmocka_unit_test(a_failure_ends_the_walk),
        cmocka_unit_test(few_depths_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
