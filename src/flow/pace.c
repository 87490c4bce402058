#include "jepaflow/flow/pace.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/random.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/model/layers.h"

/* Shortest measurement; long against the clock's grain, short against any sweep. */
static const double shortest_measurement = 1e-3;

/* A closed-form point: some microseconds a feature. */
static const double seconds_per_theory_feature = 5e-6;

/*
 * What an evaluation of the right-hand side costs on this machine: its products, and what the
 * integrator adds, a fixed part and a part for each number of the state.
 */
typedef struct {
    double *product;   /* seconds of one d x d product, by spectrum */
    double evaluation; /* seconds beside the products */
    double number;     /* seconds for each number of the state */
} pace;

/*
 * One product of d x d matrices; seconds. CPU time: what else runs on the machine now does not
 * count.
 */
static jf_status measure_product(size_t d, double *seconds)
{
    double *a = malloc(3 * d * d * sizeof *a);
    double elapsed = 0.0;
    int64_t count = 0;

    if (a == NULL) {
        return jf_fail_memory("a measurement");
    }
    jf_random_normal((jf_random){0, 0, d}, a, 3 * d * d);
    for (int64_t batch = 1; elapsed < shortest_measurement; batch *= 2) {
        const double begin = jf_clock_cpu();
        for (int64_t i = 0; i < batch; i++) {
            jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, d, d, 1.0, a, a + d * d, 0.0, a + 2 * d * d);
        }
        elapsed = jf_clock_cpu() - begin;
        count = batch;
    }
    free(a);
    *seconds = elapsed / (double)count;
    return JF_OK;
}

/* By spectrum; one width is measured once. */
static jf_status measure_products(const jf_plan *plan, double *product)
{
    const jf_values *swept = &plan->input->setting[JF_P_SPECTRUM];

    for (size_t k = 0; k < swept->count; k++) {
        const jf_spectrum *spectra = plan->input->spectra;
        const size_t id = (size_t)swept->at[k];
        for (size_t j = 0; j < plan->input->spectra_count; j++) {
            if (product[j] > 0.0 && spectra[j].features == spectra[id].features) {
                product[id] = product[j];
            }
        }
        if (product[id] == 0.0) {
            JF_TRY(measure_product(spectra[id].features, &product[id]));
        }
    }
    return JF_OK;
}

enum { TRIAL_DEPTH = 2, TRIAL_STEPS = 30, TRIALS = 3 };

/*
 * Follow a flow of d equal features for some steps; seconds of an evaluation without its products.
 */
static jf_status measure_rest(size_t d, double *seconds)
{
    double *ones = malloc(2 * d * sizeof *ones), *none = ones + d;
    jf_square square = {0};
    jf_problem problem = {0};
    jf_record record = {0};
    double product = 0.0;

    for (size_t i = 0; ones != NULL && i < d; i++) {
        ones[i] = 1.0;
        none[i] = NAN;
    }
    jf_status status =
        ones != NULL ? jf_square_init(d, NULL, &square) : jf_fail_memory("a measurement");
    if (status == JF_OK) {
        status = jf_problem_init_shared(&square, ones, ones, &problem);
    }
    if (status == JF_OK) {
        status = jf_record_init(d, 0, &record);
    }
    if (status == JF_OK) {
        status = measure_product(d, &product);
    }
    if (status == JF_OK) {
        const jf_flow flow = {
            .problem = &problem,
            .network = {.objective = JF_JEPA, .depth = TRIAL_DEPTH, .init_scale = 1e-2},
            .model = &jf_layers,
            .integrator = JF_INTEGRATOR_ERK,
            .tolerance = 1e-6,
            .end = 1e3,
            .max_steps = TRIAL_STEPS,
            .target = none,
        };
        *seconds = INFINITY;
        for (int trial = 0; trial < TRIALS; trial++) { /* the first also pays for cold memory */
            const double begin = jf_clock_cpu();
            jf_flow_integrate(&flow, NULL, &record);
            const double elapsed = jf_clock_cpu() - begin;
            *seconds = fmin(*seconds, elapsed / (double)*record.rhs_evaluations);
        }
        *seconds -= (double)jf_layers.products(TRIAL_DEPTH) * product;
    }
    jf_record_clear(&record);
    jf_problem_clear(&problem);
    jf_square_clear(&square);
    free(ones);
    return status;
}

/* From a narrow and a wide flow: what is fixed, and what grows with the state. */
static jf_status measure_overhead(pace *p)
{
    enum { NARROW = 2, WIDE = 32 };
    const double numbers =
        (double)jf_layers.matrices(TRIAL_DEPTH) * (WIDE * WIDE - NARROW * NARROW);
    double narrow = 0.0, wide = 0.0;

    JF_TRY(measure_rest(NARROW, &narrow));
    JF_TRY(measure_rest(WIDE, &wide));
    p->evaluation = fmax(narrow, 0.0);
    p->number = fmax(wide - narrow, 0.0) / numbers;
    return JF_OK;
}

static jf_status predict(const pace *p, const jf_point *point, double *seconds)
{
    const jf_model_kind *model = jf_flow_model_kind(jf_flow_model(point));
    const double product = p->product[(size_t)point->value[JF_P_SPECTRUM]];
    const size_t depth = jf_point_count(point, JF_P_DEPTH);
    const double width = (double)point->spectrum->features;
    jf_outlook outlook;

    if (model == NULL) {
        *seconds = seconds_per_theory_feature * width;
        return JF_OK;
    }
    JF_TRY(jf_point_outlook(point, &outlook));
    const double numbers = (double)model->matrices(depth) * width * width;
    *seconds = jf_flow_evaluations(point, &outlook) *
               ((double)model->products(depth) * product + p->evaluation + p->number * numbers);
    return JF_OK;
}

jf_status jf_pace_predict(const jf_plan *plan, double *seconds)
{
    pace p = {.product = calloc(plan->input->spectra_count, sizeof *p.product)};

    if (p.product == NULL) {
        return jf_fail_memory("a prediction");
    }
    jf_status status = JF_OK;
    if (plan->input->setting[JF_P_MODEL].at[0] != JF_MODEL_THEORY) {
        status = measure_products(plan, p.product);
        if (status == JF_OK) {
            status = measure_overhead(&p);
        }
    }
    for (size_t i = 0; i < plan->points && status == JF_OK; i++) {
        jf_point point;
        jf_plan_point(plan, i, &point);
        status = predict(&p, &point, &seconds[i]);
    }
    free(p.product);
    return status;
}
