/*
 * test_report.c - the report on datasets made by hand: its judgement, its numbers, its width.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/report/report.h"

static const char input[] = "title: A title\n"
                            "sweep:\n"
                            "  objective: [jepa, mae]\n"
                            "  depth: [1, 2, 3]\n"
                            "  init_scale: {from: 1.0e-4, to: 1.0e-1, count: 7, spacing: log}\n"
                            "  spectrum: [rho_varies, opposed_features]\n"
                            "spectra:\n"
                            "  rho_varies: {lambda: 1, rho: {from: 0.5, to: 1.0, count: 3}}\n"
                            "  opposed_features: {lambda: [0.4, 1.0], rho: [1.0, 0.9]}\n"
                            "output: {samples: 0}\n";

enum { POINTS = 84 };

/* The report of what is at s->path, and what it returned; valid until the next one. */
static const char *report_as(const sweep *s, const jf_report_order *order, jf_status expected)
{
    static char *text = NULL;
    size_t size;
    jf_dataset dataset;

    free(text);
    FILE *out = open_memstream(&text, &size);
    assert_ok(jf_dataset_open(s->path, &dataset));
    hear();
    assert_int_equal(jf_report_write(&dataset, order, out), expected);
    assert_string_equal(heard(), "");
    jf_dataset_close(&dataset);
    fclose(out);
    return text;
}

static const char *report(const sweep *s, jf_status expected)
{
    return report_as(s, &(jf_report_order){0}, expected);
}

/* One section as text. */
static const char *section(const sweep *s, const char *name, jf_status expected)
{
    return report_as(s, &(jf_report_order){.sections = name}, expected);
}

static const char *last_line(const char *text)
{
    const char *line = text + strlen(text) - 1;

    assert_int_equal(*line, '\n');
    while (line > text && line[-1] != '\n') {
        line--;
    }
    return line;
}

static void assert_says(const char *text, const char *fragment)
{
    if (strstr(text, fragment) == NULL) {
        print_error("'%s' is not in:\n%s\n", fragment, text);
        fail();
    }
}

/* Columns, not bytes. */
static void assert_narrow(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xc0) != 0x80);
        assert_true(width <= 100);
    }
}

/* The records of all points, each changed after it was made. */
static void write_changed(const sweep *s, double factor,
                          void (*change)(size_t p, jf_record *record))
{
    jf_store *store;
    jf_record record;

    sweep_create(s, &store);
    for (size_t p = 0; p < POINTS; p++) {
        sweep_record(s, p, factor, &record);
        change(p, &record);
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
}

static void a_whole_sweep_is_valid(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    assert_int_equal(s.plan.points, POINTS);
    sweep_write(&s, 0, POINTS, 1.0 + 2e-6);
    const char *text = report(&s, JF_OK);
    assert_says(text, "A title\n=======\n\nPoints\n");
    assert_says(text,
                "\n  mae        layers    105   2e-06  2e-06   2e-06  2e-06    2e-06       0 ");
    assert_says(last_line(text), "VALID: 84 of 84 points done");
    assert_says(last_line(text), "largest deviation 2.0e-06, 2.0 times the tolerance");
    assert_narrow(text);
    sweep_end(&s);
}

/* The deviation allowed is 10 times the tolerance of 1e-6. */
static void a_large_deviation_is_not_valid(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, POINTS, 1.0 - 1.01e-5);
    const char *text = report(&s, JF_POINTS_FAILED);
    assert_says(last_line(text),
                "NOT VALID: 84 of 84 points done; largest deviation 1.0e-05, 10.1 times");
    sweep_end(&s);
}

/*
 * Exponents against the closed form at the two ends of each line, which a report prints to four
 * digits.
 */
static void exponents_are_in_the_table(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, POINTS, 1.0);
    const char *text = section(&s, "exponents", JF_OK);
    const char *line = strstr(text, "\n  opposed_features  mae            2        1      7");
    assert_non_null(line);
    double measured, error, exact, next, limit;
    assert_int_equal(sscanf(line, " opposed_features mae 2 1 7 %lf %lf %lf %lf %lf", &measured,
                            &error, &exact, &next, &limit),
                     5);
    assert_within(measured, exact, 0.0);
    assert_within(limit, -0.5, 0.0);
    assert_true(error > 0.0 && error < 0.02);
    assert_true(fabs(next - exact) < 0.4 * fabs(limit - exact));
    assert_true(exact < -0.5 && exact > -0.6); /* the slope grows towards large init_scale */
    sweep_end(&s);
}

static void amplification_and_order_are_of_their_spectra(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, POINTS, 1.0);
    const char *text = report(&s, JF_OK);
    assert_says(text, "\n  2 of 7 values of init_scale\n"
                      "  init_scale                                       0.0001       ");
    assert_null(strstr(section(&s, "amplification", JF_OK), "opposed_features"));
    assert_null(strstr(section(&s, "order", JF_OK), "rho_varies"));
    assert_says(section(&s, "order", JF_OK),
                "\n  opposed_features  mae            3    1.00  -1.00  lambda");
    assert_says(section(&s, "parting", JF_OK), "\n  opposed_features ");
    assert_says(section(&s, "separation", JF_OK), "\n  rho_varies        jepa ");
    sweep_end(&s);
}

static void pending_points_are_not_valid(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 50, 1.0);
    const char *text = report(&s, JF_STOPPED);
    assert_says(last_line(text), "NOT VALID: 34 of 84 points pending");
    assert_narrow(text);
    sweep_end(&s);
}

static void an_empty_dataset_has_a_report(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    const char *text = report(&s, JF_STOPPED);
    assert_says(text, "nothing measured");
    assert_says(text, "no feature has a time at three init_scales");
    assert_says(last_line(text), "NOT VALID: 84 of 84 points pending");
    sweep_end(&s);
}

static void let_some_fail(size_t p, jf_record *record)
{
    if (p % 3 == 0 && p < 69) {
        *record->status = p == 0 ? JF_POINT_DIVERGED : JF_POINT_FAILED;
        *record->reason = p == 0 ? JF_REASON_NOT_FINITE : JF_REASON_STEP_BUDGET;
    }
}

/* Failed points are listed with their labels, 20 of them. */
static void failed_points_are_listed(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    write_changed(&s, 1.0, let_some_fail);
    const char *text = report(&s, JF_POINTS_FAILED);
    assert_says(text,
                "\n  step_budget      22  objective=jepa depth=1 init_scale=0.000316228 spectrum="
                "opposed_features\n");
    assert_says(text, "\n      0  not_finite   objective=jepa depth=1 init_scale=0.0001 "
                      "spectrum=rho_varies\n");
    assert_says(text, "\n  20 of 23 rows; --all shows all\n");
    assert_says(last_line(text), "NOT VALID: 23 of 84 points failed\n");
    assert_narrow(text);
    sweep_end(&s);
}

static void time_points(size_t p, jf_record *record)
{
    *record->seconds = 1.0;
    *record->predicted_seconds = p < 42 ? 0.5 : 2.0;
    *record->started = (double)p;
    *record->run_started = 1.0;
    *record->rank = 0;
    *record->point_ranks = *record->run_ranks = 1;
    if (p == 7) {
        *record->status = JF_POINT_FAILED;
        *record->seconds = 1e6;
    }
}

/*
 * JEPA's points take twice as long as predicted, MAE's half; a failed one, far from its prediction,
 * takes no part. Ranks are told only where they are asked for.
 */
static void predictions_and_ranks_are_told(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    write_changed(&s, 1.0, time_points);
    const char *text = report_as(&s, &(jf_report_order){.ranks = 1}, JF_POINTS_FAILED);
    assert_says(text, "\n  jepa           1      13  2.00    2.00  2.00   2.00       13"
                      "        6.5   2.00\n");
    assert_says(text, "\n  mae            3      14  0.50    0.50  0.50   0.50       14"
                      "         28   0.50\n");
    assert_says(text, "\n  all            -      83  0.50    0.50  2.00   2.00       83"
                      "        104   0.79\n");
    assert_says(text, "  worst at objective=jepa depth=1 init_scale=0.0001 spectrum=rho_varies\n");
    assert_says(text, "\n    1  1970-01-01 00:00:01      1      84 ");
    assert_narrow(text);
    assert_null(strstr(report(&s, JF_POINTS_FAILED), "\nRanks\n"));
    sweep_end(&s);
}

static void without_predictions_it_says_so(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, POINTS, 1.0);
    const char *text = report_as(&s, &(jf_report_order){.ranks = 1}, JF_OK);
    assert_says(text, "  nothing predicted\n");
    assert_says(text, "  no point says when it was solved\n");
    sweep_end(&s);
}

static void let_one_miss(size_t p, jf_record *record)
{
    if (p == 44) {
        record->critical_time[0] = NAN;
        record->critical_time_status[0] = JF_NOT_REACHED;
    }
}

/* A cell that the exact flow reaches and the measured one does not. */
static void a_missed_cell_is_not_valid(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    write_changed(&s, 1.0, let_one_miss);
    assert_says(last_line(report(&s, JF_POINTS_FAILED)), "NOT VALID: 1 cells not reached");
    sweep_end(&s);
}

static void keep_closed_form(size_t p, jf_record *record)
{
    (void)p;
    *record->model = JF_MODEL_THEORY;
    for (size_t i = 0; i < 3; i++) {
        record->final_projection[i] = NAN;
    }
}

/* Closed form only: exact numbers, and no claim about measured ones. */
static void theory_alone_is_valid_and_says_so(void **state)
{
    sweep s;

    (void)state;
    sweep_begin(input, "model=theory", &s);
    write_changed(&s, NAN, keep_closed_form);
    const char *text = report(&s, JF_OK);
    assert_says(text, "\n  opposed_features  mae            3    1.00  -1.00  lambda");
    assert_string_equal(last_line(text), "VALID: 84 of 84 points done, nothing measured\n");
    sweep_end(&s);
}

static void one_point_has_a_report(void **state)
{
    static const char one[] = "sweep: {objective: jepa, depth: 1, init_scale: 0.1}\n"
                              "spectra: {s: {lambda: 1, rho: 1}}\n";
    sweep s;

    (void)state;
    sweep_begin(one, NULL, &s);
    sweep_write(&s, 0, 1, 1.0);
    const char *text = report(&s, JF_OK);
    assert_says(text, "no spectrum in which rho varies and lambda does not");
    assert_says(text, "no spectrum in which lambda or rho varies");
    assert_says(text, "no two objectives to compare");
    assert_says(last_line(text), "VALID: 1 of 1 points done");
    sweep_end(&s);
}

/* What is wrong is refused by name before anything is read. */
static void orders_are_checked(void **state)
{
    (void)state;
    assert_ok(jf_report_check(&(jf_report_order){0}));
    assert_ok(jf_report_check(&(jf_report_order){.sections = "order,ranks", .format = "json"}));
    assert_ok(jf_report_check(&(jf_report_order){.sections = "order", .format = "csv"}));
    assert_refused(jf_report_check(&(jf_report_order){.format = "xml"}), JF_ERR_USAGE,
                   "--format is 'xml', expected text, json, csv or markdown");
    assert_refused(jf_report_check(&(jf_report_order){.sections = "order,ordr"}), JF_ERR_USAGE,
                   "there is no 'ordr'; did you mean 'order'?");
    assert_refused(jf_report_check(&(jf_report_order){.sections = "order,"}), JF_ERR_USAGE,
                   "there is no '', expected some of points, axes, spectra, ");
    assert_refused(jf_report_check(&(jf_report_order){.format = "csv"}), JF_ERR_USAGE,
                   "--format csv holds one table");
    assert_refused(jf_report_check(&(jf_report_order){.format = "csv", .sections = "order,axes"}),
                   JF_ERR_USAGE, "--format csv holds one table");
}

/* Every section has a name of its own, a title, columns, and no text that is missing. */
static void sections_are_whole(void **state)
{
    const jf_section *one;
    size_t count = 0;

    (void)state;
    for (; (one = jf_report_section(count)) != NULL; count++) {
        const jf_form *form = &one->form;
        assert_true(form->width > 0 && form->lead > 0 && form->lead <= form->width);
        assert_true(strlen(form->title) > 0 && strlen(form->explanation) > 0);
        for (size_t c = 0; c < form->width; c++) {
            assert_int_equal(strspn(form->columns[c].name, "abcdefghijklmnopqrstuvwxyz_0123456789"),
                             strlen(form->columns[c].name));
            assert_true(strlen(form->columns[c].meaning) > 0 && form->columns[c].unit != NULL);
        }
        for (size_t k = 0; k < count; k++) {
            assert_string_not_equal(jf_report_section(k)->form.name, form->name);
        }
    }
    assert_int_equal(count, 19);
}

/* CSV: a line of names, then every row, whatever people are spared; missing numbers are empty. */
static void csv_holds_every_row(void **state)
{
    size_t lines = 0;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, POINTS, 1.0);
    const char *text =
        report_as(&s, &(jf_report_order){.format = "csv", .sections = "exponents"}, JF_OK);
    assert_int_equal(strncmp(text, "spectrum,objective,depth,feature,lambda,rho,count,", 50), 0);
    for (const char *c = text; *c != '\0'; c++) {
        lines += *c == '\n';
    }
    assert_int_equal(lines, 1 + 2 * 3 * (3 + 2));
    text = report_as(&s, &(jf_report_order){.format = "csv", .sections = "failures"}, JF_OK);
    assert_string_equal(text, "point,reason,at\n");
    sweep_end(&s);
}

static void a_report_that_cannot_be_written_is_an_error(void **state)
{
    jf_dataset dataset;
    sweep s;

    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        skip();
    }
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_dataset_open(s.path, &dataset));
    assert_refused(jf_report_write(&dataset, &(jf_report_order){0}, full), JF_ERR_FILE,
                   "cannot be written");
    fclose(full);
    jf_dataset_close(&dataset);
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_sweep_is_valid),
        cmocka_unit_test(a_large_deviation_is_not_valid),
        cmocka_unit_test(exponents_are_in_the_table),
        cmocka_unit_test(amplification_and_order_are_of_their_spectra),
        cmocka_unit_test(pending_points_are_not_valid),
        cmocka_unit_test(an_empty_dataset_has_a_report),
        cmocka_unit_test(failed_points_are_listed),
        cmocka_unit_test(predictions_and_ranks_are_told),
        cmocka_unit_test(without_predictions_it_says_so),
        cmocka_unit_test(a_missed_cell_is_not_valid),
        cmocka_unit_test(theory_alone_is_valid_and_says_so),
        cmocka_unit_test(one_point_has_a_report),
        cmocka_unit_test(orders_are_checked),
        cmocka_unit_test(sections_are_whole),
        cmocka_unit_test(csv_holds_every_row),
        cmocka_unit_test(a_report_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
