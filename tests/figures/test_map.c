/*
 * test_map.c - cells over two axes: where they lie, what they hold, holes, any axes.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/figure.h"
#include "jepaflow/figures/map.h"

static const char input[] = "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [2, 1]\n"
                            "  init_scale: [1.0e-3, 1.0e-1, 1.0e-2]\n"
                            "spectra:\n"
                            "  a: {lambda: 2, rho: [1, 0.9]}\n"
                            "  b: {lambda: 3, rho: [1]}\n"
                            "output: {samples: 0}\n";

/* objective x 1000 + spectrum x 100 + depth x 10 + feature, but for one hole. */
static double known(const jf_atlas *a, jf_time_kind kind, const size_t *position, size_t feature)
{
    if (kind == JF_TIME_MEASURED && position[JF_P_INIT_SCALE] == 1) {
        return NAN;
    }
    return 1000.0 * (double)position[JF_P_OBJECTIVE] + 100.0 * (double)position[JF_P_SPECTRUM] +
           10.0 * a->dataset->axis[JF_P_DEPTH].values[position[JF_P_DEPTH]] + (double)feature;
}

static void name_nothing(const jf_atlas *a, size_t spectrum, char text[128])
{
    (void)a;
    (void)spectrum;
    text[0] = '\0';
}

static jf_map make(const jf_atlas *a, size_t x, size_t y)
{
    jf_map map = {.name = "known",
                  .what = "a known number",
                  .subtitle = "known",
                  .label = "z",
                  .x = x,
                  .y = y,
                  .range = {1.0, 0.0},
                  .value = known,
                  .heading = name_nothing};

    map.rows = jf_atlas_rows(a, NULL);
    return map;
}

/* A block for each spectrum and objective; axes ascend; the hole is a hole in each, and said. */
static void cells_are_where_they_belong(void **state)
{
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    const jf_map map = make(&c.atlas, JF_P_INIT_SCALE, JF_P_DEPTH);
    assert_ok(jf_map_draw(&c.atlas, &map));
    for (size_t block = 0; block < 4; block++) {
        assert_int_equal(figure_cells(&c, "known.dat", block, cell), 6);
        for (size_t k = 0; k < 6; k++) {
            const double base = 1000.0 * (double)(block % 2) + 100.0 * (double)(block / 2);
            assert_within(cell[k][0], (double)(k % 3), 0.0);
            assert_within(cell[k][1], (double)(k / 3), 0.0);
            assert_within(cell[k][3], base + 10.0 * (double)(k / 3 + 1), 1e-9);
            assert_near(cell[k][4], pow(10.0, (double)(k % 3) - 3.0), 1e-9);
            assert_within(cell[k][5], (double)(k / 3 + 1), 0.0);
            assert_within(cell[k][6], k % 3 == 2 ? 1.0 : 0.0, 0.0); /* 0.1 is value 1 */
            assert_true(k % 3 == 2 ? isnan(cell[k][2]) : cell[k][2] == cell[k][3]);
        }
    }
    assert_non_null(strstr(figure_file(&c, "known.gp"), "×: none (8 of 24)"));
    figure_end(&c);
}

/*
 * Over objective and feature: one panel for each spectrum, no columns of objectives; on the axes
 * that are not shown the first value, depth 2 here, which is said.
 */
static void any_axes_will_do(void **state)
{
    double cell[64][7];
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    const jf_map map = make(&c.atlas, c.dataset.axes, JF_P_OBJECTIVE);
    assert_ok(jf_map_draw(&c.atlas, &map));
    assert_int_equal(figure_cells(&c, "known.dat", 1, cell), 4);
    for (size_t k = 0; k < 4; k++) {
        assert_within(cell[k][2], 1000.0 * (double)(k / 2) + 100.0 + 20.0 + (double)(k % 2), 1e-9);
    }
    const char *script = figure_file(&c, "known.gp");
    assert_non_null(strstr(script, "'feature'"));
    assert_non_null(strstr(script, "known; measured; depth 2, init_scale 0.001"));
    assert_null(strstr(script, "index 2"));
    assert_null(strstr(script, "{/:Bold"));
    figure_end(&c);
}

static void a_single_cell_is_left_out(void **state)
{
    figure_case c;

    (void)state;
    figure_begin(input, NULL, 0, 999, &c);
    const jf_map map = make(&c.atlas, JF_P_SEED, JF_P_SEED);
    assert_ok(jf_map_draw(&c.atlas, &map));
    assert_non_null(strstr(figure_said(&c), "known: left out, there is one value only"));
    figure_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_where_they_belong),
        cmocka_unit_test(any_axes_will_do),
        cmocka_unit_test(a_single_cell_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
