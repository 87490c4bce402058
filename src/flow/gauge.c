#include "jepaflow/flow/gauge.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/flow/flow.h"

/* None is measured at more: beyond it products go by the cube of their width. */
enum { WIDEST = 256 };

/* A flow of d equal features, to be measured. */
typedef struct {
    jf_square square;
    jf_problem problem;
    jf_record record;
    double *ones; /* d, then d NaN: nothing is timed */
    jf_flow flow;
} trial;

static void trial_clear(trial *t)
{
    jf_record_clear(&t->record);
    jf_problem_clear(&t->problem);
    jf_square_clear(&t->square);
    free(t->ones);
}

/* Release with trial_clear(), also on failure. */
static jf_status trial_init(const jf_model_kind *model, size_t d, size_t depth, trial *t)
{
    *t = (trial){.ones = malloc(2 * d * sizeof *t->ones)};
    if (t->ones == NULL) {
        return jf_fail_memory("a measurement");
    }
    for (size_t i = 0; i < d; i++) {
        t->ones[i] = 1.0;
        t->ones[d + i] = NAN;
    }
    JF_TRY(jf_square_init(d, NULL, &t->square));
    JF_TRY(jf_problem_init_shared(&t->square, t->ones, t->ones, &t->problem));
    JF_TRY(jf_record_init(d, 0, &t->record));
    t->flow = (jf_flow){
        .problem = &t->problem,
        .network = {.objective = JF_JEPA, .depth = depth, .init_scale = 1e-2},
        .model = model,
        .tolerance = 1e-6,
        .end = 1e3,
        .target = t->ones + d,
    };
    return JF_OK;
}

/*
 * Seconds of one right-hand side of a trial's flow. CPU time: what else runs on the machine now
 * does not count. The first one is not counted: it touches its memory for the first time.
 */
static jf_status time_rate(const trial *t, double least, double *seconds)
{
    jf_model model;
    double elapsed = 0.0;
    int64_t count = 0;

    JF_TRY(jf_model_init(t->flow.model, &t->problem, JF_JEPA, t->flow.network.depth, &model));
    const size_t size = jf_model_size(&model);
    double *state = jf_memory_numbers(2 * size);
    jf_status status = state != NULL ? model.kind->start(&model, &t->flow.network, state)
                                     : jf_fail_memory("a measurement");
    if (status == JF_OK) {
        model.kind->rate(&model, state, state + size);
    }
    for (int64_t batch = 1; status == JF_OK && elapsed < least; batch *= 2) {
        const double begin = jf_clock_cpu();
        for (int64_t i = 0; i < batch; i++) {
            model.kind->rate(&model, state, state + size);
        }
        elapsed = jf_clock_cpu() - begin;
        count = batch;
    }
    free(state);
    jf_model_clear(&model);
    *seconds = elapsed / (double)count;
    return status;
}

/*
 * Products within a right-hand side, with what goes with each: of some depth where they are cheap.
 */
static jf_status measure_product(const jf_model_kind *model, size_t d, double *seconds)
{
    static const double least = 4e-4;
    enum { NARROW = 32, DEPTH = 4 };
    const size_t depth = d <= NARROW ? DEPTH : 1;
    trial t;

    jf_status status = trial_init(model, d, depth, &t);
    if (status == JF_OK) {
        status = time_rate(&t, least, seconds);
    }
    *seconds /= (double)model->products(depth);
    trial_clear(&t);
    return status;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The widths that are swept, ascending, each once and none above WIDEST; returns their number. */
static size_t list_widths(const jf_plan *plan, double *all)
{
    const jf_values *swept = &plan->input->setting[JF_P_SPECTRUM];
    size_t count = 0;

    for (size_t k = 0; k < swept->count; k++) {
        all[k] = fmin((double)plan->input->spectra[(size_t)swept->at[k]].features, WIDEST);
    }
    qsort(all, swept->count, sizeof *all, by_size);
    for (size_t k = 0; k < swept->count; k++) {
        if (count == 0 || all[k] > all[count - 1]) {
            all[count++] = all[k];
        }
    }
    return count;
}

/* At all widths, or at some from the least to the largest. */
static jf_status measure_products(const jf_plan *plan, const jf_model_kind *model, jf_gauge *g)
{
    double *all = malloc(plan->input->setting[JF_P_SPECTRUM].count * sizeof *all);

    if (all == NULL) {
        return jf_fail_memory("a measurement");
    }
    const size_t count = list_widths(plan, all);
    jf_status status = JF_OK;
    g->widths = count < JF_MOST_WIDTHS ? count : JF_MOST_WIDTHS;
    for (size_t k = 0; k < g->widths && status == JF_OK; k++) {
        const size_t at = g->widths > 1 ? k * (count - 1) / (g->widths - 1) : 0;
        g->width[k] = all[at];
        status = measure_product(model, (size_t)all[at], &g->product[k]);
    }
    free(all);
    return status;
}

/*
 * What an integrator adds to a right-hand side: from two runs of a flow, of some steps and of more,
 * so that what a run begins with does not count; the least of some trials, without what the
 * right-hand sides take by themselves.
 */
static jf_status time_overhead(const jf_model_kind *model, jf_integrator_choice integrator,
                               size_t d, double *seconds)
{
    enum { DEPTH = 2, TRIALS = 3 };
    static const int64_t steps[2] = {4, 24};
    double rate = 0.0, least[2] = {INFINITY, INFINITY}, evaluations[2];
    trial t;

    jf_status status = trial_init(model, d, DEPTH, &t);
    if (status == JF_OK) {
        status = time_rate(&t, 1e-4, &rate);
    }
    for (int k = 0; k < 2 * TRIALS && status == JF_OK; k++) {
        t.flow.integrator = integrator;
        t.flow.max_steps = steps[k % 2];
        const double begin = jf_clock_cpu();
        jf_flow_integrate(&t.flow, NULL, &t.record);
        least[k % 2] = fmin(least[k % 2], jf_clock_cpu() - begin);
        evaluations[k % 2] = (double)*t.record.rhs_evaluations;
    }
    if (status == JF_OK) {
        *seconds = (least[1] - least[0]) / (evaluations[1] - evaluations[0]) - rate;
    }
    trial_clear(&t);
    return status;
}

/* From a narrow and a wider flow: what is fixed, and what grows with the state. */
static jf_status measure_overhead(const jf_model_kind *model, jf_integrator_choice integrator,
                                  jf_overhead *out)
{
    enum { NARROW = 3, WIDER = 24, DEPTH = 2 };
    const double numbers = (double)(model->matrices(DEPTH) * (WIDER * WIDER - NARROW * NARROW));
    double narrow, wider;

    JF_TRY(time_overhead(model, integrator, NARROW, &narrow));
    JF_TRY(time_overhead(model, integrator, WIDER, &wider));
    out->evaluation = fmax(narrow, 0.0);
    out->number = fmax(wider - out->evaluation, 0.0) / numbers;
    return JF_OK;
}

static const jf_integrator_choice integrator_of[JF_FAMILIES] = {
    [JF_PAIR] = JF_INTEGRATOR_ERK,
    [JF_STABILISED_4] = JF_INTEGRATOR_ROCK,
    [JF_STABILISED_2] = JF_INTEGRATOR_RKC,
    [JF_IMPLICIT] = JF_INTEGRATOR_BDF,
};

/* `auto` takes the pair and rock; bdf where starts are rotated. */
static int may_be_used(const jf_plan *plan, jf_integrator_choice integrator)
{
    const jf_values *rotations = &plan->input->setting[JF_P_ROTATION];
    const int choice = (int)plan->input->setting[JF_P_INTEGRATOR].at[0];
    int rotated = 0;

    for (size_t k = 0; k < rotations->count; k++) {
        rotated |= rotations->at[k] == JF_ROTATION_RANDOM;
    }
    return choice == (int)integrator ||
           (choice == JF_INTEGRATOR_AUTO &&
            (integrator == JF_INTEGRATOR_ERK || integrator == JF_INTEGRATOR_ROCK ||
             (integrator == JF_INTEGRATOR_BDF && rotated)));
}

jf_status jf_gauge_measure(const jf_plan *plan, jf_gauge *out)
{
    jf_point point;

    *out = (jf_gauge){0};
    jf_plan_point(plan, 0, &point); /* all points have the same model */
    const jf_model_kind *model = jf_flow_model_kind(jf_flow_model(&point));
    if (model == NULL) {
        return JF_OK;
    }
    JF_TRY(measure_products(plan, model, out));
    for (int k = 0; k < JF_FAMILIES; k++) {
        if (may_be_used(plan, integrator_of[k])) {
            JF_TRY(measure_overhead(model, integrator_of[k], &out->family[k]));
        }
    }
    return JF_OK;
}

double jf_gauge_product(const jf_gauge *gauge, double width)
{
    const double *w = gauge->width, *seconds = gauge->product;
    const size_t last = gauge->widths - 1;
    size_t k = 0;

    if (width >= w[last]) {
        return seconds[last] * pow(width / w[last], 3.0);
    }
    while (k + 1 < last && width >= w[k + 1]) {
        k++;
    }
    const double part = log(width / w[k]) / log(w[k + 1] / w[k]);
    return seconds[k] * pow(seconds[k + 1] / seconds[k], part);
}
