#include "jepaflow/report/survey.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"
#include "jepaflow/theory/outlook.h"

/* What differs by less is equal but for rounding. */
static const double rounding = 1e-11;

/* ---- reading ---- */

void jf_survey_clear(jf_survey *survey)
{
    for (size_t k = 0; k < JF_TIME_KINDS; k++) {
        free(survey->time[k]);
    }
    free(survey->cell);
    free(survey->plateau);
    free(survey->final_projection);
    free(survey->status);
    free(survey->model);
    free(survey->integrator);
    free(survey->assumption);
    free(survey->lambda);
    free(survey->rho);
    free(survey->depths);
    free(survey->init_scales);
    free(survey->traits);
    *survey = (jf_survey){0};
}

typedef struct {
    double value;
    size_t number;
} entry;

static int ascending(const void *a, const void *b)
{
    const double x = ((const entry *)a)->value, y = ((const entry *)b)->value;

    return (x > y) - (x < y);
}

jf_status jf_survey_sort(const jf_axis *axis, size_t **sorted)
{
    entry *entries = malloc(axis->extent * sizeof *entries);

    *sorted = malloc(axis->extent * sizeof **sorted);
    if (entries == NULL || *sorted == NULL) {
        free(entries);
        return jf_fail_memory("an axis");
    }
    for (size_t k = 0; k < axis->extent; k++) {
        entries[k] = (entry){axis->values[k], k};
    }
    qsort(entries, axis->extent, sizeof *entries, ascending);
    for (size_t k = 0; k < axis->extent; k++) {
        (*sorted)[k] = entries[k].number;
    }
    free(entries);
    return JF_OK;
}

static jf_traits find_traits(size_t most, const double *lambda, const double *rho)
{
    jf_traits t = {.low_lambda = NAN, .high_lambda = NAN, .low_rho = NAN, .high_rho = NAN};

    for (size_t i = 0; i < most && !isnan(lambda[i]); i++) {
        t.features++;
        t.low_lambda = fmin(t.low_lambda, lambda[i]);
        t.high_lambda = fmax(t.high_lambda, lambda[i]);
        if (i == 0 || rho[i] < t.low_rho) {
            t.low_rho = rho[i];
            t.at_low_rho = i;
        }
        if (i == 0 || rho[i] > t.high_rho) {
            t.high_rho = rho[i];
            t.at_high_rho = i;
        }
    }
    t.lambda_varies = t.low_lambda < t.high_lambda;
    t.rho_varies = t.low_rho < t.high_rho;
    return t;
}

int jf_survey_varies(const jf_traits *traits)
{
    return traits->lambda_varies || traits->rho_varies;
}

int jf_survey_has_one_lambda(const jf_traits *traits)
{
    return traits->rho_varies && !traits->lambda_varies;
}

static jf_status find_all_traits(jf_survey *s)
{
    const jf_dataset *d = s->dataset;
    const size_t spectra = d->axis[JF_P_SPECTRUM].extent;

    s->traits = malloc(spectra * sizeof *s->traits);
    if (s->traits == NULL) {
        return jf_fail_memory("the spectra");
    }
    for (size_t k = 0; k < spectra; k++) {
        s->traits[k] =
            find_traits(d->features, s->lambda + k * d->features, s->rho + k * d->features);
        if (s->traits[k].features == 0) {
            return jf_fail(JF_ERR_FILE, "%s: is damaged: spectrum '%s' has no feature",
                           jf_file_path(d->file), d->axis[JF_P_SPECTRUM].labels[k]);
        }
    }
    return JF_OK;
}

/*
 * The features of a spectrum's places: those of any of them that has said its own.
 *   lambda, rho  own ones of all points, points x features
 */
static void find_features(jf_survey *s, size_t spectrum, const double *lambda, const double *rho)
{
    const jf_dataset *d = s->dataset;
    const size_t depths = d->axis[JF_P_DEPTH].extent, scales = d->axis[JF_P_INIT_SCALE].extent;
    const size_t places = d->axis[JF_P_OBJECTIVE].extent * depths * scales;
    const size_t at = spectrum * d->features, bytes = d->features * sizeof *s->lambda;

    memcpy(s->lambda + at, d->lambda + at, bytes);
    memcpy(s->rho + at, d->rho + at, bytes);
    for (size_t k = 0; k < places; k++) {
        const jf_place place = {k / scales / depths, k / scales % depths, k % scales, spectrum};
        const size_t point = jf_survey_point(s, &place);
        if (s->status[point] != JF_POINT_PENDING && !isnan(lambda[point * d->features])) {
            memcpy(s->lambda + at, lambda + point * d->features, bytes);
            memcpy(s->rho + at, rho + point * d->features, bytes);
            return;
        }
    }
}

static jf_status find_all_features(jf_survey *s)
{
    const size_t spectra = s->dataset->axis[JF_P_SPECTRUM].extent;
    double *lambda = NULL, *rho = NULL;

    s->lambda = calloc(spectra * s->dataset->features, sizeof *s->lambda);
    s->rho = calloc(spectra * s->dataset->features, sizeof *s->rho);
    jf_status status = s->lambda != NULL && s->rho != NULL ? JF_OK : jf_fail_memory("the spectra");
    status = status == JF_OK ? jf_dataset_read(s->dataset, "feature_lambda", &lambda) : status;
    status = status == JF_OK ? jf_dataset_read(s->dataset, "feature_rho", &rho) : status;
    for (size_t k = 0; k < spectra && status == JF_OK; k++) {
        find_features(s, k, lambda, rho);
    }
    free(lambda);
    free(rho);
    return status;
}

/* What stands beside a status that says 'pending' may be half written: it is not known. */
static void take_stock(jf_survey *s)
{
    const size_t features = s->dataset->features;

    for (size_t p = 0; p < s->dataset->points; p++) {
        const size_t status = (size_t)s->status[p];
        s->count[status < JF_POINT_STATUSES ? status : JF_POINT_PENDING]++;
        s->departs += jf_survey_departs(s, p) ? 1 : 0;
        for (size_t c = p * features; c < (p + 1) * features; c++) {
            if (status == JF_POINT_PENDING) {
                s->time[JF_TIME_MEASURED][c] = NAN;
                s->cell[c] = JF_NOT_RUN;
            }
            s->measured |= !isnan(s->time[JF_TIME_MEASURED][c]);
        }
    }
}

/* The status first: what is read after it is at least as new. */
static jf_status read_variables(jf_survey *s)
{
    const struct {
        const char *name;
        double **values;
    } variables[] = {
        {"status", &s->status},
        {"model", &s->model},
        {"integrator", &s->integrator},
        {"assumption", &s->assumption},
        {"critical_time", &s->time[JF_TIME_MEASURED]},
        {"critical_time_theory", &s->time[JF_TIME_EXACT]},
        {"critical_time_status", &s->cell},
        {"plateau", &s->plateau},
        {"final_projection", &s->final_projection},
    };

    for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
        JF_TRY(jf_dataset_read(s->dataset, variables[v].name, variables[v].values));
    }
    return JF_OK;
}

/* Point 0 has the first value of every axis. */
static jf_status read_settings(jf_survey *s)
{
    JF_TRY(jf_dataset_setting(s->dataset, JF_P_THRESHOLD, 0, &s->threshold));
    return jf_dataset_setting(s->dataset, JF_P_TOLERANCE, 0, &s->tolerance);
}

static jf_status init(jf_survey *s)
{
    JF_TRY(read_settings(s));
    JF_TRY(jf_survey_sort(&s->dataset->axis[JF_P_DEPTH], &s->depths));
    JF_TRY(jf_survey_sort(&s->dataset->axis[JF_P_INIT_SCALE], &s->init_scales));
    JF_TRY(read_variables(s));
    JF_TRY(find_all_features(s));
    JF_TRY(find_all_traits(s));
    take_stock(s);
    return JF_OK;
}

jf_status jf_survey_init(const jf_dataset *dataset, jf_survey *out)
{
    *out = (jf_survey){.dataset = dataset};
    const jf_status status = init(out);
    if (status != JF_OK) {
        jf_survey_clear(out);
    }
    return status;
}

/* ---- places ---- */

size_t jf_survey_point(const jf_survey *survey, const jf_place *place)
{
    size_t position[JF_PARAMETERS] = {0};

    position[JF_P_OBJECTIVE] = place->objective;
    position[JF_P_DEPTH] = place->depth;
    position[JF_P_INIT_SCALE] = place->init_scale;
    position[JF_P_SPECTRUM] = place->spectrum;
    return jf_dataset_index(survey->dataset, position);
}

int jf_survey_keeps(const jf_survey *survey, size_t point)
{
    return survey->status[point] == JF_POINT_DONE &&
           survey->assumption[point] == JF_ASSUMPTION_HOLDS;
}

int jf_survey_departs(const jf_survey *survey, size_t point)
{
    return survey->status[point] == JF_POINT_DONE &&
           survey->assumption[point] != JF_ASSUMPTION_HOLDS;
}

jf_objective jf_survey_objective(const jf_survey *survey, size_t k)
{
    const char *const *choices = jf_parameter_get(JF_P_OBJECTIVE)->choices;
    size_t objective = 0;

    while (objective + 1 < JF_OBJECTIVES &&
           strcmp(choices[objective], survey->dataset->axis[JF_P_OBJECTIVE].labels[k]) != 0) {
        objective++;
    }
    return (jf_objective)objective;
}

static jf_feature feature_at(const jf_survey *survey, const jf_place *place, double lambda,
                             double rho)
{
    const jf_dataset *d = survey->dataset;

    return (jf_feature){
        .objective = jf_survey_objective(survey, place->objective),
        .depth = (size_t)d->axis[JF_P_DEPTH].values[place->depth],
        .init_scale = d->axis[JF_P_INIT_SCALE].values[place->init_scale],
        .lambda = lambda,
        .rho = rho,
    };
}

jf_feature jf_survey_feature(const jf_survey *survey, const jf_place *place, size_t feature)
{
    const size_t at = place->spectrum * survey->dataset->features + feature;

    return feature_at(survey, place, survey->lambda[at], survey->rho[at]);
}

const char *jf_survey_name_value(const jf_axis *axis, size_t k, int digits,
                                 char room[JF_SURVEY_VALUE])
{
    const jf_parameter *parameter = jf_parameter_get(axis->parameter);
    const double value = axis->values[k];
    const int whole = fabs(value) < 1e6 && value == floor(value);

    if (parameter->type != JF_TYPE_REAL || whole || jf_parameter_word(parameter, value) != NULL) {
        return axis->labels[k];
    }
    snprintf(room, JF_SURVEY_VALUE, "%.*g", digits, value);
    return room;
}

size_t jf_survey_choose(const size_t *sorted, size_t extent, size_t most, size_t *chosen)
{
    const size_t count = extent < most ? extent : most;

    for (size_t i = 0; i < count; i++) {
        chosen[i] = sorted[jf_statistics_spread(i, count, extent)];
    }
    return count;
}

double jf_survey_time(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                      size_t feature)
{
    return survey->time[kind][jf_survey_point(survey, place) * survey->dataset->features + feature];
}

/* ---- exponents, amplification, order ---- */

static double asymptotic_exponent(const jf_feature *f)
{
    const double depth = (double)f->depth;

    return f->objective == JF_JEPA ? -(2.0 * depth - 1.0) / depth : (1.0 - depth) / depth;
}

/* What exponents are fitted to, one number for each init_scale; NaN where it takes no part. */
typedef struct {
    size_t extent;
    double *scale;               /* ln init_scale */
    double *time[JF_TIME_KINDS]; /* ln t* */
    double *next;                /* ln of the leading term + the next order */
    double *memory;
} fit;

static jf_status fit_init(size_t extent, fit *f)
{
    f->extent = extent;
    f->memory = malloc(4 * extent * sizeof *f->memory);
    if (f->memory == NULL) {
        return jf_fail_memory("an exponent");
    }
    f->scale = f->memory;
    f->time[JF_TIME_MEASURED] = f->memory + extent;
    f->time[JF_TIME_EXACT] = f->memory + 2 * extent;
    f->next = f->memory + 3 * extent;
    return JF_OK;
}

static void fit_read(const jf_survey *survey, const jf_place *place, size_t feature, fit *f)
{
    jf_place at = *place;

    for (size_t k = 0; k < f->extent; k++) {
        at.init_scale = k;
        const jf_feature one = jf_survey_feature(survey, &at, feature);
        f->scale[k] = log(one.init_scale);
        for (size_t kind = 0; kind < JF_TIME_KINDS; kind++) {
            f->time[kind][k] = log(jf_survey_time(survey, (jf_time_kind)kind, &at, feature));
        }
        f->next[k] =
            log(jf_feature_leading_time(&one)) + jf_feature_next_order(&one, survey->threshold);
    }
}

/*
 * All over the same init_scales: slopes depend on the range. Without any measured time those of the
 * exact ones count.
 */
static void fit_align(fit *f)
{
    size_t count[JF_TIME_KINDS] = {0};

    for (size_t k = 0; k < f->extent; k++) {
        for (size_t kind = 0; kind < JF_TIME_KINDS; kind++) {
            count[kind] += isnan(f->time[kind][k]) ? 0 : 1;
        }
    }
    const double *const decides =
        f->time[count[JF_TIME_MEASURED] > 0 ? JF_TIME_MEASURED : JF_TIME_EXACT];
    for (size_t k = 0; k < f->extent; k++) {
        if (isnan(decides[k] + f->time[JF_TIME_EXACT][k])) {
            f->scale[k] = NAN;
        }
    }
}

/* The range of the init_scales that take part, and the exact slope at its geometric mean. */
static void fit_range(const fit *f, const double *init_scale, jf_feature feature, double threshold,
                      jf_exponent *out)
{
    double sum = 0.0;

    for (size_t k = 0; k < f->extent; k++) {
        if (!isnan(f->scale[k])) {
            out->low = fmin(out->low, init_scale[k]);
            out->high = fmax(out->high, init_scale[k]);
            sum += f->scale[k];
        }
    }
    if (out->count > 0) {
        feature.init_scale = exp(sum / (double)out->count);
        out->local = jf_feature_critical_time_slope(&feature, threshold);
    }
}

jf_status jf_survey_exponent(const jf_survey *survey, const jf_place *place, size_t feature,
                             jf_exponent *out)
{
    fit f = {0};
    jf_place first = *place;

    first.init_scale = 0;
    const jf_feature one = jf_survey_feature(survey, &first, feature);
    JF_TRY(fit_init(survey->dataset->axis[JF_P_INIT_SCALE].extent, &f));
    fit_read(survey, place, feature, &f);
    fit_align(&f);
    const jf_line measured = jf_statistics_line(f.extent, f.scale, f.time[JF_TIME_MEASURED]);
    const jf_line exact = jf_statistics_line(f.extent, f.scale, f.time[JF_TIME_EXACT]);
    *out = (jf_exponent){
        .count = exact.count,
        .low = NAN,
        .high = NAN,
        .slope = {measured.slope, exact.slope},
        .error = {measured.error, exact.error},
        .local = NAN,
        .next_order = jf_statistics_line(f.extent, f.scale, f.next).slope,
        .asymptotic = asymptotic_exponent(&one),
    };
    fit_range(&f, survey->dataset->axis[JF_P_INIT_SCALE].values, one, survey->threshold, out);
    free(f.memory);
    return JF_OK;
}

double jf_survey_amplification(const jf_survey *survey, jf_time_kind kind, const jf_place *place)
{
    const jf_traits *t = &survey->traits[place->spectrum];

    return jf_survey_time(survey, kind, place, t->at_low_rho) /
           jf_survey_time(survey, kind, place, t->at_high_rho);
}

double jf_survey_leading_amplification(const jf_survey *survey, const jf_place *place)
{
    const jf_traits *t = &survey->traits[place->spectrum];
    const jf_feature low = jf_survey_feature(survey, place, t->at_low_rho);
    const jf_feature high = jf_survey_feature(survey, place, t->at_high_rho);

    return 1.0 + jf_feature_next_order(&low, survey->threshold) -
           jf_feature_next_order(&high, survey->threshold);
}

double jf_survey_slack(const jf_survey *survey, jf_time_kind kind)
{
    return kind == JF_TIME_MEASURED ? JF_SURVEY_ALLOWANCE * survey->tolerance : rounding;
}

/* Pairs that are discordant with their times are learnt higher first. */
static const char *order_word(const jf_ranking *by_lambda, const jf_ranking *by_rho)
{
    const size_t higher = by_lambda->discordant + by_rho->discordant;
    const size_t lower = by_lambda->concordant + by_rho->concordant;
    const int lambda = by_lambda->discordant > 0 && by_lambda->concordant == 0;
    const int rho = by_rho->discordant > 0 && by_rho->concordant == 0;

    if (isnan(by_lambda->tau) && isnan(by_rho->tau)) {
        return "-";
    }
    if (higher == 0 && lower > 0) {
        return "reversed";
    }
    return lambda && rho ? "both" : lambda ? "lambda" : rho ? "rho" : "mixed";
}

jf_order jf_survey_order(const jf_survey *survey, jf_time_kind kind, const jf_place *place)
{
    const jf_dataset *d = survey->dataset;
    const size_t count = survey->traits[place->spectrum].features;
    const double *time = survey->time[kind] + jf_survey_point(survey, place) * d->features;
    const double *lambda = survey->lambda + place->spectrum * d->features;
    const double *rho = survey->rho + place->spectrum * d->features;

    const double slack = jf_survey_slack(survey, kind);
    /* Earlier goes with higher where time and lambda (rho) are discordant. */
    const jf_ranking by_lambda = jf_statistics_ranking(count, lambda, time, slack);
    const jf_ranking by_rho = jf_statistics_ranking(count, rho, time, slack);
    return (jf_order){
        .tau_lambda = 0.0 - by_lambda.tau,
        .tau_rho = 0.0 - by_rho.tau,
        .word = order_word(&by_lambda, &by_rho),
    };
}

/* ---- agreement ---- */

const double jf_survey_parts[JF_QUANTILES] = {0.0, 0.1, 0.5, 0.9, 1.0};

/*
 * What the exact flow of a point does that keeps the assumption, so that its features are the
 * spectrum's: the same for all seeds and most further axes.
 */
typedef struct {
    jf_place place;
    double threshold, horizon;
    size_t count;           /* features; 0 before the first */
    jf_feature *features;   /* of the place */
    unsigned char *settles; /* by feature: it comes within JF_SETTLED of its plateau in time */
    double end;             /* flow time */
} prospect;

static int is_same_prospect(const prospect *p, const jf_place *place, double threshold,
                            double horizon)
{
    return p->count > 0 && p->place.objective == place->objective &&
           p->place.depth == place->depth && p->place.init_scale == place->init_scale &&
           p->place.spectrum == place->spectrum && p->threshold == threshold &&
           p->horizon == horizon;
}

static jf_status find_prospect(const jf_survey *survey, const jf_place *place, double threshold,
                               double horizon, prospect *p)
{
    const jf_course course = {.threshold = threshold, .horizon = horizon};
    jf_outlook outlook;
    double settling;

    p->place = *place;
    p->threshold = threshold;
    p->horizon = horizon;
    p->count = survey->traits[place->spectrum].features;
    for (size_t i = 0; i < p->count; i++) {
        const size_t at = place->spectrum * survey->dataset->features + i;
        p->features[i] =
            feature_at(survey, place, survey->dataset->lambda[at], survey->dataset->rho[at]);
    }
    JF_TRY(jf_outlook_find(p->features, p->count, &course, &outlook));
    p->end = outlook.end;
    for (size_t i = 0; i < p->count; i++) {
        p->settles[i] =
            jf_feature_critical_time(&p->features[i], 1.0 - JF_SETTLED, &settling) == JF_REACHED &&
            settling <= p->end * (1.0 + 1e-12);
    }
    return JF_OK;
}

/* One pass over the points, with the room it needs. */
typedef struct {
    const jf_survey *survey;
    prospect prospect;  /* of the present point */
    double tolerance;   /* of the present point */
    double *deviations; /* t/t_exact - 1 of all cells compared so far */
    jf_agreement result;
} audit;

static jf_status look_at_point(audit *a, size_t point)
{
    const jf_dataset *d = a->survey->dataset;
    size_t position[JF_PARAMETERS];
    double threshold, horizon;

    JF_TRY(jf_dataset_setting(d, JF_P_TOLERANCE, point, &a->tolerance));
    JF_TRY(jf_dataset_setting(d, JF_P_THRESHOLD, point, &threshold));
    JF_TRY(jf_dataset_setting(d, JF_P_HORIZON, point, &horizon));
    jf_dataset_position(d, point, position);
    const jf_place place = {position[JF_P_OBJECTIVE], position[JF_P_DEPTH],
                            position[JF_P_INIT_SCALE], position[JF_P_SPECTRUM]};
    return is_same_prospect(&a->prospect, &place, threshold, horizon)
               ? JF_OK
               : find_prospect(a->survey, &place, threshold, horizon, &a->prospect);
}

static void compare_times(audit *a, size_t point, size_t cell)
{
    const double measured = a->survey->time[JF_TIME_MEASURED][cell];
    const double exact = a->survey->time[JF_TIME_EXACT][cell];
    jf_agreement *r = &a->result;

    if (!isnan(measured) && !isnan(exact)) {
        const double deviation = fabs(measured / exact - 1.0);
        a->deviations[r->compared++] = measured / exact - 1.0;
        if (!(deviation <= r->largest)) {
            r->largest = deviation;
            r->worst = point;
        }
        r->excess = fmax(r->excess, deviation / a->tolerance);
    } else if (a->survey->cell[cell] == JF_NOT_REACHED && exact < 0.999 * a->prospect.end) {
        r->missed++; /* closer to the end than that it may fall beyond by a rounding */
    }
}

/* The exact flow itself is off by as much as JF_SETTLED. */
static void compare_plateaus(audit *a, size_t cell)
{
    const double off = fabs(a->survey->final_projection[cell] / a->survey->plateau[cell] - 1.0);

    if (!isnan(off)) {
        a->result.settled++;
        a->result.off_plateau = fmax(a->result.off_plateau, off);
        a->result.excess = fmax(a->result.excess, (off - JF_SETTLED) / a->tolerance);
    }
}

static void sum_up(audit *a)
{
    jf_agreement *r = &a->result;

    jf_statistics_quantiles(r->compared, a->deviations, JF_QUANTILES, jf_survey_parts, r->quantile);
    for (size_t i = 0; i < r->compared; i++) {
        a->deviations[i] = fabs(a->deviations[i]);
    }
    r->median = jf_statistics_median(r->compared, a->deviations);
}

static jf_status audit_points(audit *a, size_t objective, jf_model_choice model)
{
    const jf_survey *s = a->survey;
    const size_t block = s->dataset->points / s->dataset->axis[JF_P_OBJECTIVE].extent;

    for (size_t p = objective * block; p < (objective + 1) * block; p++) {
        if (!jf_survey_keeps(s, p) || (jf_model_choice)s->model[p] != model) {
            continue;
        }
        JF_TRY(look_at_point(a, p));
        for (size_t i = 0; i < a->prospect.count; i++) {
            compare_times(a, p, p * s->dataset->features + i);
            if (a->prospect.settles[i]) {
                compare_plateaus(a, p * s->dataset->features + i);
            }
        }
    }
    sum_up(a);
    return JF_OK;
}

jf_status jf_survey_agreement(const jf_survey *survey, size_t objective, jf_model_choice model,
                              jf_agreement *out)
{
    const jf_dataset *d = survey->dataset;
    audit a = {.survey = survey, .result = {.largest = NAN, .median = NAN, .off_plateau = NAN}};
    jf_status status = JF_OK;

    a.prospect.features = malloc(d->features * sizeof *a.prospect.features);
    a.prospect.settles = malloc(d->features);
    a.deviations = malloc(d->points * d->features * sizeof *a.deviations);
    if (a.prospect.features == NULL || a.prospect.settles == NULL || a.deviations == NULL) {
        status = jf_fail_memory("the agreement of measured and exact");
    } else {
        status = audit_points(&a, objective, model);
    }
    *out = a.result;
    free(a.prospect.features);
    free(a.prospect.settles);
    free(a.deviations);
    return status;
}
