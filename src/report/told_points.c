#include "jepaflow/report/told_points.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/report/prediction.h"

enum {
    POINT_SIZE = 1024,  /* a point by its labels */
    MOST_FAILURES = 20, /* failed points that people are shown */
    WORD_SIZE = 32      /* a reason, a model */
};

static const char *label_of(const jf_findings *f, jf_parameter_id axis, size_t k)
{
    return f->dataset->axis[axis].labels[k];
}

static int has_failed(const jf_findings *f, size_t point)
{
    const double status = f->survey.status[point];

    return status == JF_POINT_FAILED || status == JF_POINT_DIVERGED;
}

/* ---- points, axes, spectra ---- */

static const jf_column point_columns[] = {
    {"points", "1", "points of the sweep", JF_COLUMN_COUNT, 0, 0},
    {"done", "1", "points that are done", JF_COLUMN_COUNT, 0, 0},
    {"failed", "1", "points that were given up", JF_COLUMN_COUNT, 0, 0},
    {"diverged", "1", "points whose numbers were not finite", JF_COLUMN_COUNT, 0, 0},
    {"pending", "1", "points still to be solved", JF_COLUMN_COUNT, 0, 0},
};

static jf_status fill_points(const jf_findings *f, jf_table *table)
{
    const size_t *count = f->survey.count;

    jf_table_begin(table, 0);
    jf_table_count(table, f->dataset->points);
    jf_table_count(table, count[JF_POINT_DONE]);
    jf_table_count(table, count[JF_POINT_FAILED]);
    jf_table_count(table, count[JF_POINT_DIVERGED]);
    jf_table_count(table, count[JF_POINT_PENDING] + count[JF_POINT_STOPPED]);
    return JF_OK;
}

static const jf_column axis_columns[] = {
    {"axis", "", "parameter that is swept", JF_COLUMN_TEXT, 0, 0},
    {"count", "1", "its values", JF_COLUMN_COUNT, 0, 0},
    {"unit", "", "unit of the values", JF_COLUMN_TEXT, 0, 1},
    {"values", "", "the values, separated by commas", JF_COLUMN_TEXT, 0, 0},
};

static jf_status add_values(const jf_axis *axis, jf_table *table)
{
    jf_string values = {0};
    char value[JF_SURVEY_VALUE];

    for (size_t k = 0; k < axis->extent; k++) {
        jf_string_add(&values, "%s%s", k > 0 ? ", " : "", jf_survey_name_value(axis, k, 4, value));
    }
    const jf_status status = jf_string_check(&values);
    jf_table_text(table, values.text);
    jf_string_clear(&values);
    return status;
}

static jf_status fill_axes(const jf_findings *f, jf_table *table)
{
    for (size_t a = 0; a < f->dataset->axes; a++) {
        const jf_axis *axis = &f->dataset->axis[a];
        jf_table_begin(table, 0);
        jf_table_text(table, jf_parameter_get(axis->parameter)->name);
        jf_table_count(table, axis->extent);
        jf_table_text(table, jf_parameter_get(axis->parameter)->unit);
        JF_TRY(add_values(axis, table));
    }
    return JF_OK;
}

static const jf_column spectrum_columns[] = {
    {"spectrum", "", "name of the spectrum", JF_COLUMN_TEXT, 0, 0},
    {"features", "1", "number of its features", JF_COLUMN_COUNT, 0, 0},
    {"first_lambda", "1", "lambda of its first feature", JF_COLUMN_GENERAL, 4, 0},
    {"last_lambda", "1", "lambda of its last feature", JF_COLUMN_GENERAL, 4, 0},
    {"first_rho", "1", "rho of its first feature", JF_COLUMN_GENERAL, 4, 0},
    {"last_rho", "1", "rho of its last feature", JF_COLUMN_GENERAL, 4, 0},
};

static jf_status fill_spectra(const jf_findings *f, jf_table *table)
{
    const jf_dataset *d = f->dataset;

    for (size_t s = 0; s < d->axis[JF_P_SPECTRUM].extent; s++) {
        const size_t features = f->survey.traits[s].features;
        const size_t first = s * d->features, last = first + features - 1;
        jf_table_begin(table, 0);
        jf_table_text(table, label_of(f, JF_P_SPECTRUM, s));
        jf_table_count(table, features);
        jf_table_number(table, d->lambda[first]);
        jf_table_number(table, d->lambda[last]);
        jf_table_number(table, d->rho[first]);
        jf_table_number(table, d->rho[last]);
    }
    return JF_OK;
}

/* ---- critical times by what is known of them ---- */

/* In the order of jf_cell_status. */
static const jf_column cell_columns[] = {
    {"objective", "", "jepa or mae", JF_COLUMN_TEXT, 0, 0},
    {"reached", "1", "features with a critical time", JF_COLUMN_COUNT, 0, 0},
    {"not_reached", "1", "integration ended before", JF_COLUMN_COUNT, 0, 0},
    {"started_above", "1", "init_scale is beyond the threshold", JF_COLUMN_COUNT, 0, 0},
    {"no_reference", "1", "no time can be predicted", JF_COLUMN_COUNT, 0, 0},
    {"failed", "1", "the point failed before", JF_COLUMN_COUNT, 0, 0},
    {"not_run", "1", "pending, or closed form only", JF_COLUMN_COUNT, 0, 0},
};

/* Points between two spectra. */
static size_t points_after_spectrum(const jf_dataset *d)
{
    size_t after = 1;

    for (size_t a = JF_P_SPECTRUM + 1; a < d->axes; a++) {
        after *= d->axis[a].extent;
    }
    return after;
}

static void count_cells(const jf_findings *f, size_t objective, size_t count[JF_CELL_STATUSES])
{
    const jf_dataset *d = f->dataset;
    const size_t block = d->points / d->axis[JF_P_OBJECTIVE].extent;
    const size_t spectra = d->axis[JF_P_SPECTRUM].extent, after = points_after_spectrum(d);

    for (size_t p = objective * block; p < (objective + 1) * block; p++) {
        const double *cell = f->survey.cell + p * d->features;
        for (size_t i = 0; i < f->survey.traits[p / after % spectra].features; i++) {
            const size_t status = (size_t)cell[i];
            count[status < JF_CELL_STATUSES ? status : JF_NOT_RUN]++;
        }
    }
}

static jf_status fill_cells(const jf_findings *f, jf_table *table)
{
    for (size_t o = 0; o < f->dataset->axis[JF_P_OBJECTIVE].extent; o++) {
        size_t count[JF_CELL_STATUSES] = {0};
        count_cells(f, o, count);
        jf_table_begin(table, 0);
        jf_table_text(table, label_of(f, JF_P_OBJECTIVE, o));
        for (size_t c = 0; c < JF_CELL_STATUSES; c++) {
            jf_table_count(table, count[c]);
        }
    }
    return JF_OK;
}

/* ---- agreement ---- */

static const jf_column agreement_columns[] = {
    {"objective", "", "jepa or mae", JF_COLUMN_TEXT, 0, 0},
    {"model", "", "of the points", JF_COLUMN_TEXT, 0, 0},
    {"cells", "1", "cells with a measured and an exact time", JF_COLUMN_COUNT, 0, 0},
    {"lowest", "1", "smallest t/t_exact - 1", JF_COLUMN_GENERAL, 2, 0},
    {"q10", "1", "10 % of t/t_exact - 1 are at most so", JF_COLUMN_GENERAL, 2, 0},
    {"median", "1", "50 % are at most so", JF_COLUMN_GENERAL, 2, 0},
    {"q90", "1", "90 % are at most so", JF_COLUMN_GENERAL, 2, 0},
    {"highest", "1", "largest t/t_exact - 1", JF_COLUMN_GENERAL, 2, 0},
    {"typical", "1", "median of |t/t_exact - 1|", JF_COLUMN_GENERAL, 2, 1},
    {"largest", "1", "largest |t/t_exact - 1|", JF_COLUMN_GENERAL, 2, 1},
    {"missed", "1", "cells not reached, though the exact flow does", JF_COLUMN_COUNT, 0, 0},
    {"settled", "1", "features whose exact flow settles before the end", JF_COLUMN_COUNT, 0, 1},
    {"plateau", "1", "largest |final/plateau - 1| of these", JF_COLUMN_GENERAL, 2, 0},
    {"excess", "1", "largest deviation over the tolerance of its point, of plateaus beyond 1e-7",
     JF_COLUMN_GENERAL, 3, 1},
    {"at", "", "point of the largest deviation of a time", JF_COLUMN_TEXT, 0, 1},
};

static void add_agreement(const jf_findings *f, const jf_agreed *agreed, jf_table *table)
{
    const jf_agreement *a = &agreed->agreement;
    char at[POINT_SIZE], model[WORD_SIZE];

    jf_findings_point(f, a->worst, at, sizeof at);
    jf_field_flag("model", (int)agreed->model, model, sizeof model);
    jf_table_begin(table, 0);
    jf_table_text(table, label_of(f, JF_P_OBJECTIVE, agreed->objective));
    jf_table_text(table, model);
    jf_table_count(table, a->compared);
    for (size_t q = 0; q < JF_QUANTILES; q++) {
        jf_table_number(table, a->quantile[q]);
    }
    jf_table_number(table, a->median);
    jf_table_number(table, a->largest);
    jf_table_count(table, a->missed);
    jf_table_count(table, a->settled);
    jf_table_number(table, a->off_plateau);
    jf_table_number(table, a->excess);
    jf_table_text(table, a->compared > 0 ? at : NULL);
    if (a->largest > 0.0) {
        jf_table_note(table, "largest at %s (%s)", at, model);
    }
}

static jf_status fill_agreement(const jf_findings *f, jf_table *table)
{
    for (size_t k = 0; k < f->count; k++) {
        add_agreement(f, &f->agreed[k], table);
    }
    return JF_OK;
}

/* ---- agreement between tolerances ---- */

static const jf_column convergence_columns[] = {
    {"objective", "", "jepa or mae", JF_COLUMN_TEXT, 0, 0},
    {"tolerance", "1", "of the points", JF_COLUMN_GENERAL, 4, 0},
    {"points", "1", "that leave the assumption and hold a tolerance, done at it and the tightest",
     JF_COLUMN_COUNT, 0, 0},
    {"cells", "1", "cells with a time at both", JF_COLUMN_COUNT, 0, 0},
    {"median", "1", "of |t/t_tightest - 1|", JF_COLUMN_GENERAL, 2, 0},
    {"largest", "1", "|t/t_tightest - 1|", JF_COLUMN_GENERAL, 2, 0},
    {"beyond", "1", "cells where that is more than 10 times the tolerance", JF_COLUMN_COUNT, 0, 0},
    {"parted", "1", "cells that are reached at one of both alone", JF_COLUMN_COUNT, 0, 0},
    {"final", "1", "largest difference of a final projection, over the largest of its point",
     JF_COLUMN_GENERAL, 2, 0},
    {"at", "", "point of the largest; of cells that parted the first", JF_COLUMN_TEXT, 0, 1},
    {"final_at", "", "point of the largest difference", JF_COLUMN_TEXT, 0, 1},
};

static jf_status fill_convergence(const jf_findings *f, jf_table *table)
{
    char at[POINT_SIZE], final_at[POINT_SIZE];

    for (size_t k = 0; k < f->converged_count; k++) {
        const jf_converged *c = &f->converged[k];
        const jf_convergence *v = &c->convergence;
        const jf_axis *axis = &f->dataset->axis[jf_dataset_axis(f->dataset, JF_P_TOLERANCE)];
        jf_findings_point(f, v->at, at, sizeof at);
        jf_findings_point(f, v->final_at, final_at, sizeof final_at);
        jf_table_begin(table, 0);
        jf_table_text(table, label_of(f, JF_P_OBJECTIVE, c->objective));
        jf_table_number(table, axis->values[c->tolerance]);
        jf_table_count(table, v->points);
        jf_table_count(table, v->compared);
        jf_table_number(table, v->median);
        jf_table_number(table, v->largest);
        jf_table_count(table, v->beyond);
        jf_table_count(table, v->parted);
        jf_table_number(table, v->final);
        jf_table_text(table, v->compared + v->parted > 0 ? at : NULL);
        jf_table_text(table, final_at);
        if (v->beyond + v->parted > 0) {
            jf_table_note(table, "critical times move most at %s", at);
        }
        if (v->final > JF_SURVEY_ALLOWANCE * axis->values[c->tolerance]) {
            jf_table_note(table, "final projections differ most at %s", final_at);
        }
    }
    return JF_OK;
}

/* ---- predicted seconds ---- */

static const jf_column prediction_columns[] = {
    {"objective", "", "jepa, mae or all", JF_COLUMN_TEXT, 0, 0},
    {"depth", "1", "encoder layers L; missing of all", JF_COLUMN_COUNT, 0, 0},
    {"points", "1", "points that are done and predicted", JF_COLUMN_COUNT, 0, 0},
    {"q10", "1", "10 % of seconds over predicted are at most so", JF_COLUMN_FIXED, 2, 0},
    {"median", "1", "50 % are at most so", JF_COLUMN_FIXED, 2, 0},
    {"q90", "1", "90 % are at most so", JF_COLUMN_FIXED, 2, 0},
    {"worst", "1", "the ratio furthest from 1", JF_COLUMN_FIXED, 2, 0},
    {"seconds", "s", "sum of the seconds", JF_COLUMN_GENERAL, 3, 0},
    {"predicted", "s", "sum of the predicted seconds", JF_COLUMN_GENERAL, 3, 0},
    {"ratio", "1", "of the sums", JF_COLUMN_FIXED, 2, 0},
    {"at", "", "point of the worst", JF_COLUMN_TEXT, 0, 1},
};

/* What predictions are judged by. */
typedef struct {
    const jf_findings *f;
    double *seconds, *predicted;
    size_t *chosen; /* room for all points */
} stopwatch;

/* Judge the points first ... last-1 that are done, in a row of their own. */
static jf_status add_prediction(const stopwatch *w, size_t first, size_t last,
                                const char *objective, double depth, int aside, jf_table *table)
{
    size_t count = 0;
    jf_prediction p;
    char at[POINT_SIZE];

    for (size_t k = first; k < last; k++) {
        if (w->f->survey.status[k] == JF_POINT_DONE) {
            w->chosen[count++] = k;
        }
    }
    JF_TRY(jf_prediction_judge(w->seconds, w->predicted, w->chosen, count, &p));
    if (p.count == 0) {
        return JF_OK;
    }
    jf_findings_point(w->f, p.worst_point, at, sizeof at);
    jf_table_begin(table, aside);
    jf_table_text(table, objective);
    jf_table_number(table, depth);
    jf_table_count(table, p.count);
    const double numbers[] = {
        p.low, p.median, p.high, p.worst, p.seconds, p.predicted, p.seconds / p.predicted};
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        jf_table_number(table, numbers[k]);
    }
    jf_table_text(table, at);
    return JF_OK;
}

/* The points of one objective and depth follow one another: these are the first axes. */
static jf_status add_predictions(const stopwatch *w, jf_table *table)
{
    const jf_axis *axis = w->f->dataset->axis;
    const size_t points = w->f->dataset->points, depths = axis[JF_P_DEPTH].extent;
    const size_t objectives = axis[JF_P_OBJECTIVE].extent;
    const size_t block = points / (objectives * depths);

    for (size_t o = 0; o < objectives && objectives * depths > 1; o++) {
        for (size_t k = 0; k < depths; k++) {
            const size_t d = w->f->survey.depths[k], first = (o * depths + d) * block;
            JF_TRY(add_prediction(w, first, first + block, axis[JF_P_OBJECTIVE].labels[o],
                                  axis[JF_P_DEPTH].values[d], !jf_section_is_spread(k, depths),
                                  table));
        }
    }
    JF_TRY(add_prediction(w, 0, points, "all", NAN, 0, table));
    if (table->rows > 0) {
        jf_table_note(table, "worst at %s", jf_table_at(table, table->rows - 1, "at")->text);
    }
    return JF_OK;
}

static jf_status fill_predictions(const jf_findings *f, jf_table *table)
{
    stopwatch w = {.f = f, .chosen = malloc((f->dataset->points + 1) * sizeof *w.chosen)};
    jf_status status = w.chosen != NULL ? JF_OK : jf_fail_memory("the predictions");

    if (status == JF_OK) {
        status = jf_dataset_read(f->dataset, "seconds", &w.seconds);
    }
    if (status == JF_OK) {
        status = jf_dataset_read(f->dataset, "predicted_seconds", &w.predicted);
    }
    if (status == JF_OK) {
        status = add_predictions(&w, table);
    }
    free(w.seconds);
    free(w.predicted);
    free(w.chosen);
    return status;
}

/* ---- failures ---- */

static const jf_column reason_columns[] = {
    {"reason", "", "why points were given up, or learnt nothing", JF_COLUMN_TEXT, 0, 0},
    {"points", "1", "how many", JF_COLUMN_COUNT, 0, 0},
    {"first", "", "the first of them", JF_COLUMN_TEXT, 0, 0},
};

static const jf_column failure_columns[] = {
    {"point", "1", "number of the point", JF_COLUMN_COUNT, 0, 0},
    {"reason", "", "why it was given up", JF_COLUMN_TEXT, 0, 0},
    {"at", "", "which point it is", JF_COLUMN_TEXT, 0, 0},
};

/* Some points that are done have one, too. */
static int has_reason(const jf_findings *f, size_t point, const double *reasons, int reason)
{
    const int done = f->survey.status[point] == JF_POINT_DONE && reason != JF_REASON_NONE;

    return (done || has_failed(f, point)) && (int)reasons[point] == reason;
}

static void add_reason(const jf_findings *f, const double *reasons, int reason, jf_table *table)
{
    size_t count = 0, first = 0;
    char text[WORD_SIZE], at[POINT_SIZE];

    for (size_t p = f->dataset->points; p-- > 0;) {
        if (has_reason(f, p, reasons, reason)) {
            first = p;
            count++;
        }
    }
    if (count > 0) {
        jf_field_flag("reason", reason, text, sizeof text);
        jf_findings_point(f, first, at, sizeof at);
        jf_table_begin(table, 0);
        jf_table_text(table, text);
        jf_table_count(table, count);
        jf_table_text(table, at);
    }
}

static jf_status fill_reasons(const jf_findings *f, jf_table *table)
{
    double *reasons;

    JF_TRY(jf_dataset_read(f->dataset, "reason", &reasons));
    for (int reason = 0; reason < JF_REASONS; reason++) {
        add_reason(f, reasons, reason, table);
    }
    free(reasons);
    return JF_OK;
}

static jf_status fill_failures(const jf_findings *f, jf_table *table)
{
    double *reasons;
    char text[WORD_SIZE], at[POINT_SIZE];

    JF_TRY(jf_dataset_read(f->dataset, "reason", &reasons));
    for (size_t p = 0; p < f->dataset->points; p++) {
        if (has_failed(f, p)) {
            jf_field_flag("reason", (int)reasons[p], text, sizeof text);
            jf_findings_point(f, p, at, sizeof at);
            jf_table_begin(table, table->rows >= MOST_FAILURES);
            jf_table_count(table, p);
            jf_table_text(table, text);
            jf_table_text(table, at);
        }
    }
    free(reasons);
    return JF_OK;
}

/* ---- all of them ---- */

static const jf_section points_sections[] = {
    {.form = {.name = "points",
              .title = "Points",
              .explanation = "How far the sweep is.",
              .absent = "",
              JF_SECTION_COLUMNS(point_columns),
              .lead = 1},
     .fill = fill_points},
    {.form = {.name = "axes",
              .title = "Axes",
              .explanation =
                  "What is swept. Exponents, amplification, order and separation are told at the "
                  "first value of every axis but objective, depth, init_scale and spectrum; "
                  "--select chooses others. All times are flow times. Exact ones are those of the "
                  "assumption, also where a point leaves it.",
              .absent = "",
              JF_SECTION_COLUMNS(axis_columns),
              .lead = 1},
     .fill = fill_axes},
    {.form = {.name = "spectra",
              .title = "Spectra",
              .explanation = "Covariance lambda and regression coefficient rho of the features.",
              .absent = "",
              JF_SECTION_COLUMNS(spectrum_columns),
              .lead = 1},
     .fill = fill_spectra},
    {.form = {.name = "cells",
              .title = "Critical times",
              .explanation = "Features of points by what is known of their critical time. Started "
                             "above: init_scale is beyond the threshold. No reference: no time can "
                             "be predicted. Not run: pending, or closed form only.",
              .absent = "",
              JF_SECTION_COLUMNS(cell_columns),
              .lead = 1},
     .fill = fill_cells},
    {.form = {.name = "agreement",
              .title = "Agreement of measured and exact",
              .explanation = "How t/t_exact - 1 is spread over all cells with both, of points that "
                             "keep the assumption; largest |final/plateau - 1| over the features "
                             "whose exact flow has settled "
                             "when integration ends. Missed: not reached, though the exact flow "
                             "does.",
              .absent = "nothing measured that keeps the assumption",
              JF_SECTION_COLUMNS(agreement_columns),
              .lead = 2},
     .fill = fill_agreement},
    {.form = {.name = "convergence",
              .title = "Agreement between tolerances",
              .explanation = "Points that leave the assumption, beside the same ones at the "
                             "tightest tolerance of the sweep: median and largest of "
                             "|t/t_tightest - 1|; how many are beyond ten times the tolerance; "
                             "cells reached at one of both alone; largest difference of final "
                             "projections, over the largest of its point, plateaus included. What "
                             "moves by far more than its tolerance is of a flow that amplifies "
                             "errors.",
              .absent = NULL,
              JF_SECTION_COLUMNS(convergence_columns),
              .lead = 2},
     .fill = fill_convergence},
};

static const jf_section failures_sections[] = {
    {.form = {.name = "predictions",
              .title = "Predicted seconds",
              .explanation = "Seconds a point took over the seconds predicted for it: spread over "
                             "the points that are done, the one furthest from 1, and the sums.",
              .absent = "nothing predicted",
              JF_SECTION_COLUMNS(prediction_columns),
              .lead = 2},
     .fill = fill_predictions},
    {.form =
         {.name = "reasons",
          .title = "Failures",
          .explanation =
              "Why points were given up: out of steps (step_budget), no step within the "
              "tolerance (step_too_small), numbers that are not finite (not_finite), memory or a "
              "library (system), a rank that ended (rank_died), settings that do not go together "
              "(contradiction), covariances that nothing can be learnt from (data), steps of "
              "descent that ran away (step_too_long), embeddings that grow without end "
              "(unbounded). Those that collapsed are done, but learnt nothing.",
          .absent = "no point failed",
          JF_SECTION_COLUMNS(reason_columns),
          .lead = 1},
     .fill = fill_reasons},
    {.form = {.name = "failures",
              .title = "Failed points",
              .explanation = "The points that failed or diverged.",
              .absent = NULL,
              JF_SECTION_COLUMNS(failure_columns),
              .lead = 1},
     .fill = fill_failures},
};

const jf_section *jf_told_points(size_t *count)
{
    *count = sizeof points_sections / sizeof points_sections[0];
    return points_sections;
}

const jf_section *jf_told_failures(size_t *count)
{
    *count = sizeof failures_sections / sizeof failures_sections[0];
    return failures_sections;
}
