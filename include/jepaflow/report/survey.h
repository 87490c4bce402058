/*
 * survey.h - what a sweep says: the numbers behind report and plot.
 *
 * Reads the variables of a dataset once and answers questions about them: a critical time, an
 * exponent, a depth amplification, an order of features, the agreement of measured and exact. A
 * half-finished dataset, failed points and closed forms alone are normal: what is not known is NaN.
 * Knows no layout of pages.
 */
#ifndef JEPAFLOW_REPORT_SURVEY_H
#define JEPAFLOW_REPORT_SURVEY_H

#include "jepaflow/results/dataset.h"
#include "jepaflow/sweep/record.h"
#include "jepaflow/theory/feature.h"

/* Where a critical time comes from. */
typedef enum { JF_TIME_MEASURED, JF_TIME_EXACT, JF_TIME_KINDS } jf_time_kind;

/*
 * A place in the sweep: a value's number on these axes, the first value on all others (seed ...).
 * Its features are its own where they are not the spectrum's (angle, asymmetry, pairs); of one
 * spectrum all places have the same.
 */
typedef struct {
    size_t objective, depth, init_scale, spectrum;
} jf_place;

/* What kind of spectrum it is; features by their number. */
typedef struct {
    size_t features; /* it has; the dataset may hold more, of longer spectra */
    double low_lambda, high_lambda, low_rho, high_rho;
    size_t at_low_rho, at_high_rho; /* the first feature of lowest, of highest rho */
    int lambda_varies, rho_varies;
} jf_traits;

typedef struct {
    const jf_dataset *dataset;       /* borrowed */
    double *time[JF_TIME_KINDS];     /* points x features, flow time; NaN where there is none */
    double *cell;                    /* points x features, jf_cell_status */
    double *plateau;                 /* points x features, predicted */
    double *final_projection;        /* points x features */
    double *status;                  /* points, jf_point_status */
    double *model;                   /* points, jf_model_choice */
    double *integrator;              /* points, jf_integrator_choice; AUTO: none */
    double *assumption;              /* points, jf_assumption */
    double *lambda, *rho;            /* spectra x features of places, NaN where it has fewer */
    size_t *depths;                  /* values of the axis depth by their number, ascending */
    size_t *init_scales;             /* likewise */
    jf_traits *traits;               /* spectra */
    size_t count[JF_POINT_STATUSES]; /* points of each status */
    size_t departs;                  /* points done for which the assumption does not hold */
    int measured;                    /* some critical time was measured */
    double threshold;                /* p of the critical times of places */
    double tolerance;                /* their relative error that was asked for */
} jf_survey;

/*
 * Read a dataset, which must stay open. JF_ERR_FILE, JF_ERR_MEMORY. Release with jf_survey_clear().
 */
jf_status jf_survey_init(const jf_dataset *dataset, jf_survey *out);
void jf_survey_clear(jf_survey *survey);

/* The point of a place. */
size_t jf_survey_point(const jf_survey *survey, const jf_place *place);

/*
 * Whether a point is done and keeps the assumption, so that exact numbers are its own; whether it
 * is done and departs from it.
 */
int jf_survey_keeps(const jf_survey *survey, size_t point);
int jf_survey_departs(const jf_survey *survey, size_t point);

/* Whether features differ in lambda or rho; whether they do in rho only. */
int jf_survey_varies(const jf_traits *traits);
int jf_survey_has_one_lambda(const jf_traits *traits);

/* The objective that is value k of its axis. */
jf_objective jf_survey_objective(const jf_survey *survey, size_t k);

/* A feature of a place, in closed form. */
jf_feature jf_survey_feature(const jf_survey *survey, const jf_place *place, size_t feature);

/*
 * The numbers of an axis' values, ascending; those of a text axis in their order. JF_ERR_MEMORY.
 *   sorted  axis->extent numbers; the caller frees them, in any case
 */
jf_status jf_survey_sort(const jf_axis *axis, size_t **sorted);

/*
 * Value k of an axis as people read it: of a number that is not whole `digits` digits, else its
 * label, which may be a word ("jepa", "infinite"). Returns the label, or `room`.
 */
#define JF_SURVEY_VALUE 32
const char *jf_survey_name_value(const jf_axis *axis, size_t k, int digits,
                                 char room[JF_SURVEY_VALUE]);

/*
 * Choose from `sorted` (extent numbers) at most `most` > 1, evenly spread, both ends among them.
 *   chosen  of `most` numbers; returns how many were filled in
 */
size_t jf_survey_choose(const size_t *sorted, size_t extent, size_t most, size_t *chosen);

/* A critical time, flow time, or NaN. */
double jf_survey_time(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                      size_t feature);

/*
 * Slope of ln t* against ln init_scale over the init_scales that have an exact time, and a measured
 * one if there are any.
 */
typedef struct {
    size_t count;
    double low, high;            /* the smallest and largest of these init_scales; NaN of none */
    double slope[JF_TIME_KINDS]; /* by least squares; NaN where there are fewer than two */
    double error[JF_TIME_KINDS]; /* standard error; NaN of fewer than three */
    double local;                /* the exact slope at the geometric mean of the init_scales */
    double next_order;           /* of ln(leading time) + next order, over the same init_scales */
    double asymptotic;           /* -(2L-1)/L for JEPA, -(L-1)/L for MAE */
} jf_exponent;

/* Of one feature; place->init_scale is not read. JF_ERR_MEMORY. */
jf_status jf_survey_exponent(const jf_survey *survey, const jf_place *place, size_t feature,
                             jf_exponent *out);

/* t*(lowest rho) / t*(highest rho), or NaN. Depth amplification where lambda does not vary. */
double jf_survey_amplification(const jf_survey *survey, jf_time_kind kind, const jf_place *place);

/*
 * Its limit for small init_scale, 1 + difference of the two features' next orders (docs/theory.md,
 * (8.4, 8.5)): for JEPA, L > 1, 1 + (2L-1)/(2L-2) eps^{1/L} (1/rho' - 1/rho), for MAE it tends to
 * 1.
 */
double jf_survey_leading_amplification(const jf_survey *survey, const jf_place *place);

/*
 * The order in which features are learnt: Kendall's tau-b, NaN where undefined. Times that differ
 * by no more than their tolerance allows are tied (jf_survey_slack()).
 */
typedef struct {
    double tau_lambda; /* of 'learnt earlier' with 'higher lambda' */
    double tau_rho;    /* of 'learnt earlier' with 'higher rho' */
    const char *word;  /* "lambda", "rho": no pair contradicts it; "both"; "reversed": no pair
                          follows either; "mixed"; "-" of none */
} jf_order;

/* Of the features that have a time. */
jf_order jf_survey_order(const jf_survey *survey, jf_time_kind kind, const jf_place *place);

/*
 * The relative difference of two critical times of one place below which they are not told apart:
 * the error of either may be JF_SURVEY_ALLOWANCE times the tolerance; exact ones are good to
 * rounding.
 */
#define JF_SURVEY_ALLOWANCE 10.0
double jf_survey_slack(const jf_survey *survey, jf_time_kind kind);

/*
 * How measured and exact agree over all points of one objective and model, seeds and further axes
 * too.
 */
enum { JF_QUANTILES = 5 };
extern const double jf_survey_parts[JF_QUANTILES]; /* 0, 0.1, 0.5, 0.9, 1 */
typedef struct {
    size_t compared;               /* cells with a measured and an exact time */
    double largest;                /* |t/t_exact - 1|; NaN of none */
    double median;                 /* likewise */
    double quantile[JF_QUANTILES]; /* of t/t_exact - 1, by jf_survey_parts; NaN of none */
    size_t worst;                  /* the point of the largest */
    size_t missed;  /* cells not reached, though the exact flow reaches them well before the end */
    size_t settled; /* features whose exact flow ends within JF_SETTLED of its plateau */
    double off_plateau; /* largest |final/plateau - 1| of these; NaN of none */
    double excess;      /* largest of all deviations over the tolerance of their point, those of
                           plateaus less JF_SETTLED; 0 of none */
} jf_agreement;

/*
 * Of the points that are done and for which the assumption holds: exact times are of it.
 *   objective  value of its axis
 * JF_ERR_FILE, JF_ERR_MEMORY.
 */
jf_status jf_survey_agreement(const jf_survey *survey, size_t objective, jf_model_choice model,
                              jf_agreement *out);

#endif
