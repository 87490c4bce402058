#include "jepaflow/results/report.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/prediction.h"
#include "jepaflow/results/rank_table.h"
#include "jepaflow/results/survey.h"

enum {
    MOST_COLUMNS = 4,   /* init_scales side by side in a table */
    MOST_FAILURES = 20, /* failed points listed */
    MOST_DEPTHS = 8,    /* lines of predictions for each objective */
    WIDEST_LABEL = 24   /* bytes of a column of labels */
};

static const char *const model_names[] = {"none", "theory", "balanced",
                                          "layers"}; /* jf_model_choice */
enum { MODELS = sizeof model_names / sizeof model_names[0] };

/* What is written, and what of it the last line judges. */
typedef struct {
    const jf_survey *survey;
    const jf_dataset *dataset;
    int ranks; /* the runs are told too */
    FILE *out;
    int spectrum_width; /* of the column of spectra */
    size_t compared, missed;
    double largest; /* deviation of a critical time or plateau; NaN of none */
    double excess;  /* the same over the tolerance */
} report;

/* ---- small things ---- */

static void heading(const report *r, const char *title, const char *explanation)
{
    fprintf(r->out, "\n%s\n", title);
    for (size_t i = 0; i < strlen(title); i++) {
        fputc('-', r->out);
    }
    fprintf(r->out, "\n%s\n\n", explanation);
}

/* A label in a column of `width` characters, which in UTF-8 may be more bytes. */
static void print_label(FILE *out, const char *label, int width)
{
    int length = 0;

    for (const char *c = label; *c != '\0' && length <= width; c++) {
        length += ((unsigned char)*c & 0xc0) != 0x80;
        if (length <= width) {
            fputc(*c, out);
        }
    }
    for (; length < width; length++) {
        fputc(' ', out);
    }
}

/* A number at the end of a column, "-" for NaN. */
static void print_number(FILE *out, int width, int digits, double value)
{
    if (isnan(value)) {
        fprintf(out, "%*s", width, "-");
    } else {
        fprintf(out, "%*.*f", width, digits, value);
    }
}

/* The same, by powers of ten: deviations. */
static void print_power(FILE *out, int width, double value)
{
    if (isnan(value)) {
        fprintf(out, "%*s", width, "-");
    } else {
        fprintf(out, "%*.1e", width, value);
    }
}

static const char *label_of(const report *r, jf_parameter_id axis, size_t k)
{
    return r->dataset->axis[axis].labels[k];
}

/* ---- what the sweep is ---- */

/* Values of an axis, as many as fit in a line. */
static void print_axis(const report *r, const jf_axis *axis)
{
    const jf_parameter *p = jf_parameter_get(axis->parameter);
    const int room = 70;
    int length = 0;

    fprintf(r->out, "  %-11s %5zu  ", p->name, axis->extent);
    for (size_t k = 0; k < axis->extent; k++) {
        if (length > room && k + 1 < axis->extent) {
            fputs(", ...", r->out);
            k = axis->extent - 1;
        }
        length += fprintf(r->out, "%s", k > 0 ? ", " : "");
        length += p->type == JF_TYPE_REAL ? fprintf(r->out, "%.4g", axis->values[k])
                                          : fprintf(r->out, "%s", axis->labels[k]);
    }
    fputc('\n', r->out);
}

static void print_spectra(const report *r)
{
    fputs("\n  ", r->out);
    print_label(r->out, "spectrum", r->spectrum_width);
    fputs("  features   lambda: first    last     rho: first    last\n", r->out);
    for (size_t k = 0; k < r->dataset->axis[JF_P_SPECTRUM].extent; k++) {
        const size_t features = r->survey->traits[k].features;
        const double *lambda = r->dataset->lambda + k * r->dataset->features;
        const double *rho = r->dataset->rho + k * r->dataset->features;
        fputs("  ", r->out);
        print_label(r->out, label_of(r, JF_P_SPECTRUM, k), r->spectrum_width);
        fprintf(r->out, "  %8zu  %14.4g  %6.4g  %13.4g  %6.4g\n", features, lambda[0],
                lambda[features - 1], rho[0], rho[features - 1]);
    }
}

static jf_status write_summary(report *r)
{
    const size_t *count = r->survey->count;

    fprintf(r->out, "%s\n", r->dataset->title);
    for (size_t i = 0; i < strlen(r->dataset->title) && i < 100; i++) {
        fputc('=', r->out);
    }
    fprintf(r->out, "\n%zu points: %zu done, %zu failed, %zu diverged, %zu pending\n\n",
            r->dataset->points, count[JF_POINT_DONE], count[JF_POINT_FAILED],
            count[JF_POINT_DIVERGED], count[JF_POINT_PENDING] + count[JF_POINT_STOPPED]);
    fputs("  axis       values\n", r->out);
    for (size_t a = 0; a < r->dataset->axes; a++) {
        print_axis(r, &r->dataset->axis[a]);
    }
    print_spectra(r);
    fputs(
        "\nThe tables of exponents, amplification and order hold the first value of every axis but "
        "objective,\ndepth, init_scale and spectrum. Times are flow times.\n",
        r->out);
    return JF_OK;
}

/* ---- cells ---- */

static jf_status write_cells(report *r)
{
    static const char *const columns[JF_CELL_STATUSES] = {
        "reached", "not reached", "started above", "no reference", "failed", "not run"};
    const size_t block = r->dataset->points / r->dataset->axis[JF_P_OBJECTIVE].extent;
    const size_t spectra = r->dataset->axis[JF_P_SPECTRUM].extent;
    size_t after = 1; /* points between two spectra */

    heading(
        r, "Critical times",
        "Features of points by what is known of their critical time. Started above: init_scale is "
        "beyond\nthe threshold. No reference: no time can be predicted. Not run: pending, or "
        "closed "
        "form only.");
    fputs("  objective ", r->out);
    for (size_t c = 0; c < JF_CELL_STATUSES; c++) {
        fprintf(r->out, "%14s", columns[c]);
    }
    fputc('\n', r->out);
    for (size_t a = JF_P_SPECTRUM + 1; a < r->dataset->axes; a++) {
        after *= r->dataset->axis[a].extent;
    }
    for (size_t o = 0; o < r->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        size_t count[JF_CELL_STATUSES] = {0};
        for (size_t p = o * block; p < (o + 1) * block; p++) {
            const double *cell = r->survey->cell + p * r->dataset->features;
            for (size_t i = 0; i < r->survey->traits[p / after % spectra].features; i++) {
                const size_t status = (size_t)cell[i];
                count[status < JF_CELL_STATUSES ? status : JF_NOT_RUN]++;
            }
        }
        fprintf(r->out, "  %-10s", label_of(r, JF_P_OBJECTIVE, o));
        for (size_t c = 0; c < JF_CELL_STATUSES; c++) {
            fprintf(r->out, "%14zu", count[c]);
        }
        fputc('\n', r->out);
    }
    return JF_OK;
}

/* ---- agreement ---- */

/* A point by the labels of the axes that have more than one value. */
static void print_point(const report *r, size_t point)
{
    size_t position[JF_PARAMETERS];
    const char *before = "";

    jf_dataset_position(r->dataset, point, position);
    for (size_t a = 0; a < r->dataset->axes; a++) {
        const jf_axis *axis = &r->dataset->axis[a];
        if (axis->extent > 1 || (a + 1 == r->dataset->axes && before[0] == '\0')) {
            fprintf(r->out, "%s%s=%s", before, jf_parameter_get(axis->parameter)->name,
                    axis->labels[position[a]]);
            before = " ";
        }
    }
    fputc('\n', r->out);
}

static void print_agreement(report *r, const char *objective, const char *model,
                            const jf_agreement *g)
{
    fprintf(r->out, "  %-9s  %-8s  %8zu", objective, model, g->compared);
    print_power(r->out, 10, g->largest);
    print_power(r->out, 10, g->median);
    fprintf(r->out, "  %8zu  %8zu", g->missed, g->settled);
    print_power(r->out, 10, g->off_plateau);
    fputc('\n', r->out);
    if (g->largest > 0.0 && r->dataset->points > 1) {
        fputs("             largest at ", r->out);
        print_point(r, g->worst);
    }
    r->compared += g->compared;
    r->missed += g->missed;
    r->largest = fmax(r->largest, fmax(g->largest, g->off_plateau));
    r->excess = fmax(r->excess, g->excess);
}

static jf_status write_agreement(report *r)
{
    heading(r, "Agreement of measured and exact",
            "|t/t_exact - 1| over all cells with both; |final/plateau - 1| over the features whose "
            "exact "
            "flow has\nsettled when integration ends. Missed: not reached, though the exact flow "
            "does.");
    if (!r->survey->measured) {
        fputs("  nothing measured\n", r->out);
        return JF_OK;
    }
    fputs("  objective  model        cells   largest    median    missed   settled  off plateau\n",
          r->out);
    for (size_t o = 0; o < r->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        for (size_t m = JF_MODEL_BALANCED; m < MODELS; m++) {
            jf_agreement agreement;
            JF_TRY(jf_survey_agreement(r->survey, o, (jf_model_choice)m, &agreement));
            if (agreement.compared + agreement.missed + agreement.settled > 0) {
                print_agreement(r, label_of(r, JF_P_OBJECTIVE, o), model_names[m], &agreement);
            }
        }
    }
    return JF_OK;
}

/* ---- exponents ---- */

static jf_status print_exponents(const report *r, const jf_place *place, int *any)
{
    const size_t last = r->survey->traits[place->spectrum].features - 1;
    jf_exponent of_first, of_last;

    JF_TRY(jf_survey_exponent(r->survey, place, 0, &of_first));
    JF_TRY(jf_survey_exponent(r->survey, place, last, &of_last));
    if (of_first.count < 3 && of_last.count < 3) {
        return JF_OK;
    }
    if (!*any) {
        fprintf(r->out, "  %*s %32s %25s\n  objective  ", r->spectrum_width + 19, "",
                "------ first feature ------", "------- last feature ------");
        print_label(r->out, "spectrum", r->spectrum_width);
        fputs("  depth    n  measured     exact     n  measured     exact   asymptotic\n", r->out);
    }
    *any = 1;
    fprintf(r->out, "  %-9s  ", label_of(r, JF_P_OBJECTIVE, place->objective));
    print_label(r->out, label_of(r, JF_P_SPECTRUM, place->spectrum), r->spectrum_width);
    fprintf(r->out, "  %5s", label_of(r, JF_P_DEPTH, place->depth));
    const jf_exponent *const both[] = {&of_first, &of_last};
    for (size_t e = 0; e < 2; e++) {
        const int known = both[e]->count >= 3;
        fprintf(r->out, e == 0 ? "%5zu" : "%6zu", both[e]->count);
        print_number(r->out, 10, 4, known ? both[e]->slope[JF_TIME_MEASURED] : NAN);
        print_number(r->out, 10, 4, known ? both[e]->slope[JF_TIME_EXACT] : NAN);
    }
    print_number(r->out, 13, 4, of_first.asymptotic);
    fputc('\n', r->out);
    return JF_OK;
}

static jf_status write_exponents(report *r)
{
    int any = 0;

    heading(r, "Exponents",
            "Slope of ln t* against ln init_scale over n init_scales: measured, exact over the "
            "same ones, "
            "and its\nlimit for small init_scale. First and last feature in the spectrum's list.");
    for (size_t o = 0; o < r->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        for (size_t s = 0; s < r->dataset->axis[JF_P_SPECTRUM].extent; s++) {
            for (size_t d = 0; d < r->dataset->axis[JF_P_DEPTH].extent; d++) {
                const jf_place place = {o, r->survey->depths[d], 0, s};
                JF_TRY(print_exponents(r, &place, &any));
            }
        }
    }
    if (!any) {
        fputs("  no feature has a time at three init_scales\n", r->out);
    }
    return JF_OK;
}

/* ---- tables of objective and depth against init_scale ---- */

/* What stands in a column of 20 characters below an init_scale. */
typedef struct {
    const char *title; /* of the column */
    void (*print)(const report *r, const jf_place *place);
} cell_kind;

static void print_amplification(const report *r, const jf_place *place)
{
    print_number(r->out, 10, 5, jf_survey_amplification(r->survey, JF_TIME_MEASURED, place));
    print_number(r->out, 10, 5, jf_survey_amplification(r->survey, JF_TIME_EXACT, place));
}

static void print_order(const report *r, const jf_place *place)
{
    const jf_time_kind kind = r->survey->measured ? JF_TIME_MEASURED : JF_TIME_EXACT;
    const jf_order order = jf_survey_order(r->survey, kind, place);

    print_number(r->out, 7, 2, order.tau_lambda);
    print_number(r->out, 6, 2, order.tau_rho);
    fprintf(r->out, " %-6s", order.word);
}

static const cell_kind amplification_cell = {"  measured     exact", print_amplification};
static const cell_kind order_cell = {" lambda   rho order ", print_order};

/* One table of a spectrum. */
static void print_table(const report *r, size_t spectrum, const cell_kind *kind)
{
    const jf_axis *scales = &r->dataset->axis[JF_P_INIT_SCALE];
    size_t chosen[MOST_COLUMNS];
    const size_t columns =
        jf_survey_choose(r->survey->init_scales, scales->extent, MOST_COLUMNS, chosen);

    fprintf(r->out, "  %s", label_of(r, JF_P_SPECTRUM, spectrum));
    if (columns < scales->extent) {
        fprintf(r->out, " (%zu of %zu init_scales)", columns, scales->extent);
    }
    fputs("\n  init_scale      ", r->out);
    for (size_t c = 0; c < columns; c++) {
        fprintf(r->out, "%20.4g", scales->values[chosen[c]]);
    }
    fputs("\n  objective  depth", r->out);
    for (size_t c = 0; c < columns; c++) {
        fputs(kind->title, r->out);
    }
    for (size_t o = 0; o < r->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        for (size_t d = 0; d < r->dataset->axis[JF_P_DEPTH].extent; d++) {
            jf_place place = {o, r->survey->depths[d], 0, spectrum};
            fprintf(r->out, "\n  %-9s  %5s", label_of(r, JF_P_OBJECTIVE, o),
                    label_of(r, JF_P_DEPTH, place.depth));
            for (size_t c = 0; c < columns; c++) {
                place.init_scale = chosen[c];
                kind->print(r, &place);
            }
        }
    }
    fputc('\n', r->out);
}

static jf_status write_amplification(report *r)
{
    int any = 0;

    heading(
        r, "Depth amplification",
        "t*(lowest rho) / t*(highest rho) in spectra of one lambda: above 1, higher rho is learnt "
        "first.");
    for (size_t s = 0; s < r->dataset->axis[JF_P_SPECTRUM].extent; s++) {
        if (r->survey->traits[s].rho_varies && !r->survey->traits[s].lambda_varies) {
            fputs(any ? "\n" : "", r->out);
            print_table(r, s, &amplification_cell);
            any = 1;
        }
    }
    if (!any) {
        fputs("  no spectrum in which rho varies and lambda does not\n", r->out);
    }
    return JF_OK;
}

static jf_status write_order(report *r)
{
    int any = 0;

    heading(
        r, "Order of features",
        r->survey->measured
            ? "Kendall's tau of being learnt earlier (measured) with higher lambda, with higher "
              "rho; "
              "whose order\nit is. Features without a time are left out."
            : "Kendall's tau of being learnt earlier (exact) with higher lambda, with higher rho; "
              "whose order\nit is. Features without a time are left out.");
    for (size_t s = 0; s < r->dataset->axis[JF_P_SPECTRUM].extent; s++) {
        if (r->survey->traits[s].rho_varies && r->survey->traits[s].lambda_varies) {
            fputs(any ? "\n" : "", r->out);
            print_table(r, s, &order_cell);
            any = 1;
        }
    }
    if (!any) {
        fputs("  no spectrum in which both lambda and rho vary\n", r->out);
    }
    return JF_OK;
}

/* ---- times and ranks ---- */

static const size_t every = SIZE_MAX; /* value of an axis */

/* The points of an objective and a depth that are done. */
static size_t choose_points(const report *r, size_t objective, size_t depth, size_t *chosen)
{
    size_t count = 0, position[JF_PARAMETERS];

    for (size_t p = 0; p < r->dataset->points; p++) {
        jf_dataset_position(r->dataset, p, position);
        if ((objective == every || position[JF_P_OBJECTIVE] == objective) &&
            (depth == every || position[JF_P_DEPTH] == depth) &&
            r->survey->status[p] == JF_POINT_DONE) {
            chosen[count++] = p;
        }
    }
    return count;
}

static void print_prediction(const report *r, const char *objective, const char *depth,
                             const jf_prediction *p)
{
    if (p->count == 0) {
        return;
    }
    fprintf(r->out, "  %-9s  %5s  %9zu  %7.2f %7.2f %7.2f  %7.2f  %11.3g %11.3g  %7.2f\n",
            objective, depth, p->count, p->low, p->median, p->high, p->worst, p->seconds,
            p->predicted, p->seconds / p->predicted);
}

/* Lines of the objectives and depths, then one of all. */
static jf_status print_predictions(const report *r, const double *seconds, const double *predicted,
                                   size_t *chosen)
{
    const jf_axis *objectives = &r->dataset->axis[JF_P_OBJECTIVE];
    size_t depths[MOST_DEPTHS];
    const size_t extent = r->dataset->axis[JF_P_DEPTH].extent;
    const size_t lines = jf_survey_choose(r->survey->depths, extent, MOST_DEPTHS, depths);
    jf_prediction prediction;

    size_t count = choose_points(r, every, every, chosen);
    JF_TRY(jf_prediction_judge(seconds, predicted, chosen, count, &prediction));
    if (prediction.count == 0) {
        fputs("  nothing predicted\n", r->out);
        return JF_OK;
    }
    fputs("  objective  depth     points     10 %  median    90 %    worst      seconds   predicted"
          "    ratio\n",
          r->out);
    const jf_prediction all = prediction;
    for (size_t o = 0; o < objectives->extent; o++) {
        for (size_t d = 0; d < lines && objectives->extent * extent > 1; d++) {
            count = choose_points(r, o, depths[d], chosen);
            JF_TRY(jf_prediction_judge(seconds, predicted, chosen, count, &prediction));
            print_prediction(r, objectives->labels[o], label_of(r, JF_P_DEPTH, depths[d]),
                             &prediction);
        }
    }
    print_prediction(r, "all", "", &all);
    fputs("             worst at ", r->out);
    print_point(r, all.worst_point);
    return JF_OK;
}

static jf_status write_predictions(report *r)
{
    double *seconds = NULL, *predicted = NULL;
    size_t *chosen = malloc((r->dataset->points + 1) * sizeof *chosen);

    heading(
        r, "Predicted seconds",
        "Seconds a point took over the seconds predicted for it: spread over the points that are "
        "done, the\none furthest from 1, and the sums.");
    jf_status status = chosen != NULL ? JF_OK : jf_fail_memory("the predictions");
    if (status == JF_OK) {
        status = jf_dataset_read(r->dataset, "seconds", &seconds);
    }
    if (status == JF_OK) {
        status = jf_dataset_read(r->dataset, "predicted_seconds", &predicted);
    }
    if (status == JF_OK) {
        status = print_predictions(r, seconds, predicted, chosen);
    }
    free(seconds);
    free(predicted);
    free(chosen);
    return status;
}

static jf_status write_ranks(report *r)
{
    if (!r->ranks) {
        return JF_OK;
    }
    heading(r, "Ranks",
            "Each run from its start to the end of its last point. Busy: share of the ranks' time "
            "spent on\npoints. Balance: mean over largest busy time of the ranks that compute. "
            "Waiting before the first\npoint, between points, after the last: shares of the ranks' "
            "time.");
    return jf_rank_table_write(r->dataset, r->out);
}

/* ---- failures and the judgement ---- */

static size_t failed_points(const jf_survey *s)
{
    return s->count[JF_POINT_FAILED] + s->count[JF_POINT_DIVERGED];
}

static jf_status write_failures(report *r)
{
    const size_t failed = failed_points(r->survey);
    size_t listed = 0;
    char reason[32];
    double code;

    if (failed == 0) {
        return JF_OK;
    }
    heading(r, "Failed points",
            "Why each was given up: out of steps (step_budget), no step within the tolerance "
            "(step_too_small),\nnumbers that are not finite (not_finite), memory or a library "
            "(system).");
    for (size_t p = 0; p < r->dataset->points && listed < MOST_FAILURES; p++) {
        const double status = r->survey->status[p];
        if (status == JF_POINT_FAILED || status == JF_POINT_DIVERGED) {
            JF_TRY(jf_dataset_read_point(r->dataset, "reason", p, &code));
            jf_field_flag("reason", (int)code, reason, sizeof reason);
            fprintf(r->out, "  %-14s  ", reason);
            print_point(r, p);
            listed++;
        }
    }
    if (failed > listed) {
        fprintf(r->out, "  and %zu more\n", failed - listed);
    }
    return JF_OK;
}

/* The last line: the first reason that holds. */
static jf_status judge(const report *r)
{
    const size_t points = r->dataset->points;
    const size_t failed = failed_points(r->survey);
    const size_t pending = points - failed - r->survey->count[JF_POINT_DONE];

    fputc('\n', r->out);
    if (pending > 0) {
        fprintf(r->out, "NOT VALID: %zu of %zu points pending, %zu failed\n", pending, points,
                failed);
        return JF_STOPPED;
    }
    if (failed > 0) {
        fprintf(r->out, "NOT VALID: %zu of %zu points failed\n", failed, points);
        return JF_POINTS_FAILED;
    }
    if (r->missed > 0) {
        fprintf(r->out, "NOT VALID: %zu cells not reached, though the exact flow reaches them\n",
                r->missed);
        return JF_POINTS_FAILED;
    }
    if (!r->survey->measured) {
        fprintf(r->out, "VALID: %zu of %zu points done, nothing measured\n", points, points);
        return JF_OK;
    }
    const int valid = r->excess <= JF_REPORT_ALLOWANCE;
    fprintf(r->out,
            "%s: %zu of %zu points done; largest deviation %.1e, %.1f times the tolerance (%.0f "
            "allowed)\n",
            valid ? "VALID" : "NOT VALID", points, points, isnan(r->largest) ? 0.0 : r->largest,
            r->excess, JF_REPORT_ALLOWANCE);
    return valid ? JF_OK : JF_POINTS_FAILED;
}

static int spectrum_width(const jf_dataset *dataset)
{
    size_t width = strlen("spectrum");

    for (size_t k = 0; k < dataset->axis[JF_P_SPECTRUM].extent; k++) {
        const size_t length = strlen(dataset->axis[JF_P_SPECTRUM].labels[k]);
        width = length > width ? length : width;
    }
    return (int)(width < WIDEST_LABEL ? width : WIDEST_LABEL);
}

static jf_status write_sections(report *r)
{
    static jf_status (*const sections[])(report *) = {
        write_summary, write_cells,       write_agreement, write_exponents, write_amplification,
        write_order,   write_predictions, write_ranks,     write_failures,
    };

    for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++) {
        JF_TRY(sections[s](r));
    }
    const jf_status judgement = judge(r);
    if (fflush(r->out) != 0 || ferror(r->out)) {
        return jf_fail(JF_ERR_FILE, "the report cannot be written: %s", strerror(errno));
    }
    return judgement;
}

jf_status jf_report_write(const jf_dataset *dataset, int ranks, FILE *out)
{
    jf_survey survey;

    JF_TRY(jf_survey_init(dataset, &survey));
    report r = {
        .survey = &survey,
        .dataset = dataset,
        .ranks = ranks,
        .out = out,
        .spectrum_width = spectrum_width(dataset),
        .largest = NAN,
    };
    const jf_status status = write_sections(&r);
    jf_survey_clear(&survey);
    return status;
}
