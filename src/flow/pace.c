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
struct jf_pace {
    const jf_plan *plan;
    double *product;   /* seconds of one product, by spectrum */
    double evaluation; /* seconds beside the products */
    double number;     /* seconds for each number of the state */
};

/* Widest product that is measured; wider ones go by the cube of their width. */
enum { WIDEST = 256 };

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
            const size_t d = spectra[id].features < WIDEST ? spectra[id].features : WIDEST;
            JF_TRY(measure_product(d, &product[id]));
            product[id] *= pow((double)spectra[id].features / (double)d, 3.0);
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
static jf_status measure_overhead(jf_pace *p)
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

jf_status jf_pace_measure(const jf_plan *plan, jf_pace **out)
{
    jf_pace *p = calloc(1, sizeof *p);

    *out = p;
    if (p != NULL) {
        p->plan = plan;
        p->product = calloc(plan->input->spectra_count, sizeof *p->product);
    }
    if (p == NULL || p->product == NULL) {
        jf_pace_destroy(out);
        return jf_fail_memory("a prediction");
    }
    jf_status status = JF_OK;
    if (plan->input->setting[JF_P_MODEL].at[0] != JF_MODEL_THEORY) {
        status = measure_products(plan, p->product);
        if (status == JF_OK) {
            status = measure_overhead(p);
        }
    }
    if (status != JF_OK) {
        jf_pace_destroy(out);
    }
    return status;
}

void jf_pace_destroy(jf_pace **pace)
{
    if (*pace != NULL) {
        free((*pace)->product);
        free(*pace);
        *pace = NULL;
    }
}

/* ---- several ranks ---- */

/*
 * Measured with pdgemm on two ranks of one node: 0.65 of twice dgemm's rate at n = 1024, 0.78 at
 * 2048, which is the volume at so many bytes a second; a message of some bytes there and back.
 */
static const double group_bandwidth = 0.95e9, group_latency = 5e-6;

/* Columns of a panel that pdgemm multiplies at a time. */
static const double panel_columns = 256.0;

/*
 * A product of d x d matrices: its arithmetic is shared; each rank sends and receives its part of
 * both operands, 2 d^2 / sqrt(ranks) numbers, panel by panel.
 */
static double shared_product(double alone, double d, int ranks)
{
    const double volume = 2.0 * d * d * sizeof(double) / sqrt(ranks);
    const double panels = ceil(d / panel_columns);

    return alone / ranks + volume / group_bandwidth + 2.0 * panels * group_latency * log2(ranks);
}

jf_status jf_pace_predict(const jf_pace *p, const jf_point *point, int ranks, double *seconds)
{
    const jf_model_kind *model = jf_flow_model_kind(jf_flow_model(point));
    const size_t depth = jf_point_count(point, JF_P_DEPTH);
    const double width = (double)point->spectrum->features;
    jf_outlook outlook;

    if (model == NULL) {
        *seconds = seconds_per_theory_feature * width;
        return JF_OK;
    }
    JF_TRY(jf_point_outlook(point, &outlook));
    double product = p->product[(size_t)point->value[JF_P_SPECTRUM]];
    double rest = p->evaluation + p->number * (double)model->matrices(depth) * width * width;
    if (ranks > 1) {
        product = shared_product(product, width, ranks);
        rest = rest / ranks + 2.0 * group_latency * log2(ranks);
    }
    *seconds =
        jf_flow_evaluations(point, &outlook) * ((double)model->products(depth) * product + rest);
    return JF_OK;
}

/* ---- memory ---- */

/*
 * Vectors of the state's size that an integrator holds: stages and copies; auto has those of erk
 * and rock; bdf a Krylov basis of up to 100.
 */
static const double vectors_of[] = {
    [JF_INTEGRATOR_AUTO] = 23, [JF_INTEGRATOR_ERK] = 14,  [JF_INTEGRATOR_RKC] = 6,
    [JF_INTEGRATOR_ROCK] = 9,  [JF_INTEGRATOR_BDF] = 116,
};

jf_status jf_pace_memory(const jf_point *point, int ranks, double *bytes)
{
    enum { OBSERVER_VECTORS = 5, OBSERVER_MATRICES = 12 };
    const jf_model_kind *model = jf_flow_model_kind(jf_flow_model(point));
    const size_t depth = jf_point_count(point, JF_P_DEPTH);
    const double width = (double)point->spectrum->features;
    jf_outlook outlook;

    *bytes = 0.0;
    if (model == NULL) {
        return JF_OK;
    }
    JF_TRY(jf_point_outlook(point, &outlook));
    const double vectors =
        (double)model->matrices(depth) *
        (vectors_of[jf_flow_integrator(point, &outlook)] + OBSERVER_VECTORS + 1.0);
    const double matrices = vectors + (double)model->work_matrices(depth) + OBSERVER_MATRICES;
    *bytes = sizeof(double) * matrices * width * width / ranks;
    return JF_OK;
}
