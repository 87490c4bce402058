#include "jepaflow/flow/gauge.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/ode/bdf.h"
#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rkc.h"
#include "jepaflow/ode/rock.h"

/* None is measured at more: beyond it products go by the cube of their width. */
enum { WIDEST = 256 };

/* ---- products ---- */

/* Seconds of one right-hand side, over so many that they are long against the clock's grain. */
static double time_batch(const jf_model *model, const double *state, double *rate)
{
    static const double least = 3e-4;
    double elapsed = 0.0;
    int64_t count = 0;

    while (elapsed < least) {
        count = 2 * count + 1;
        const double begin = jf_clock_cpu();
        for (int64_t i = 0; i < count; i++) {
            model->kind->rate(model, state, rate);
        }
        elapsed = jf_clock_cpu() - begin;
    }
    return elapsed / (double)count;
}

/* The least of some batches; the first of all touches its memory and is not counted. */
static jf_status time_rate(const jf_model *model, double *seconds)
{
    enum { TRIALS = 5 };
    static const double most = 5e-3;
    const jf_network network = {.objective = JF_JEPA, .depth = model->depth, .init_scale = 1e-2};
    const size_t size = jf_model_size(model);
    double *state = jf_memory_numbers(2 * size);

    jf_status status = state != NULL ? model->kind->start(model, &network, state)
                                     : jf_fail_memory("a measurement");
    *seconds = INFINITY;
    if (status == JF_OK) {
        const double begin = jf_clock_cpu();
        model->kind->rate(model, state, state + size);
        for (int trial = 0; trial < TRIALS; trial++) {
            *seconds = fmin(*seconds, time_batch(model, state, state + size));
            trial = jf_clock_cpu() - begin > most ? TRIALS : trial;
        }
    }
    free(state);
    return status;
}

/* Of a model of d features, all alike. */
static jf_status time_model(const jf_model_kind *kind, size_t d, size_t depth, double *seconds)
{
    double *ones = malloc(d * sizeof *ones);
    jf_square square = {0};
    jf_problem problem = {0};
    jf_model model = {0};

    for (size_t i = 0; ones != NULL && i < d; i++) {
        ones[i] = 1.0;
    }
    jf_status status =
        ones != NULL ? jf_square_init(d, NULL, &square) : jf_fail_memory("a measurement");
    if (status == JF_OK) {
        status = jf_problem_init_shared(&square, ones, ones, &problem);
    }
    if (status == JF_OK) {
        status = jf_model_init(kind, &problem, JF_JEPA, depth, &model);
    }
    if (status == JF_OK) {
        status = time_rate(&model, seconds);
    }
    jf_model_clear(&model);
    jf_problem_clear(&problem);
    jf_square_clear(&square);
    free(ones);
    return status;
}

/*
 * Products within a right-hand side, with what goes with each: of some depth where they are cheap.
 */
static jf_status measure_product(const jf_model_kind *model, size_t d, double *seconds)
{
    enum { NARROW = 32, DEPTH = 4 };
    const size_t depth = d <= NARROW ? DEPTH : 1;

    JF_TRY(time_model(model, d, depth, seconds));
    *seconds /= (double)model->products(depth);
    return JF_OK;
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

/* ---- integrators ---- */

/* dy/dt = -y^2, number by number: it costs next to nothing. */
static void decay(double t, const double *y, double *rate, void *context)
{
    const size_t *size = context;

    (void)t;
    for (size_t i = 0; i < *size; i++) {
        rate[i] = -y[i] * y[i];
    }
}

static void decay_derivative(double t, const double *y, const double *direction, double *product,
                             void *context)
{
    const size_t *size = context;

    (void)t;
    for (size_t i = 0; i < *size; i++) {
        product[i] = -2.0 * y[i] * direction[i];
    }
}

/* A product with the derivative counts twice, as in flow.c. */
static double evaluations(const jf_integrator_kind *kind, const jf_integrator *integrator)
{
    const jf_ode_cost cost = kind->cost(integrator);

    return (double)(cost.evaluations + 2 * cost.derivatives);
}

/* Seconds for each evaluation, over some steps that follow the first few. */
static double time_steps(const jf_integrator_kind *kind, jf_integrator *integrator)
{
    enum { FIRST = 4, STEPS = 20 };
    const double *rate;
    double time, before = 0.0, begin = 0.0;

    for (int step = 0; step < FIRST + STEPS; step++) {
        if (step == FIRST) {
            before = evaluations(kind, integrator);
            begin = jf_clock_cpu();
        }
        kind->step(integrator, &time, &rate);
    }
    return (jf_clock_cpu() - begin) / (evaluations(kind, integrator) - before);
}

/* The least of some trials, with a state of `size` numbers. */
static jf_status time_integrator(const jf_integrator_kind *kind, size_t size, double *seconds)
{
    enum { TRIALS = 5 };
    double *state = jf_memory_numbers(size);
    const jf_ode ode = {.size = size,
                        .rate = decay,
                        .derivative = decay_derivative,
                        .context = &size,
                        .relative = 1e-6,
                        .absolute = 1e-8,
                        .end = 1e3,
                        .state = state};
    jf_status status = state != NULL ? JF_OK : jf_fail_memory("a measurement");

    *seconds = INFINITY;
    for (int trial = 0; trial < TRIALS && status == JF_OK; trial++) {
        jf_integrator *integrator;
        for (size_t i = 0; i < size; i++) {
            state[i] = 1.0 + (double)(i % 7) / 7.0;
        }
        status = kind->create(&ode, &integrator);
        if (status == JF_OK) {
            *seconds = fmin(*seconds, time_steps(kind, integrator));
        }
        kind->destroy(&integrator);
    }
    free(state);
    return status;
}

/*
 * What the observer does after each step, and the watch: measured, with narrow flows and wide ones,
 * for a state of no numbers and for each number of it (its copy, its rate's, amplitudes).
 */
static const double seconds_of_look = 1.5e-7, seconds_of_copy = 1e-9;

static const struct {
    const jf_integrator_kind *kind;
    jf_integrator_choice choice;
    double evaluations; /* in a step, at least */
} member[JF_FAMILIES] = {
    [JF_PAIR] = {&jf_erk, JF_INTEGRATOR_ERK, 6.0},
    [JF_STABILISED_4] = {&jf_rock, JF_INTEGRATOR_ROCK, 6.0},
    [JF_STABILISED_2] = {&jf_rkc, JF_INTEGRATOR_RKC, 2.3},
    [JF_IMPLICIT] = {&jf_bdf, JF_INTEGRATOR_BDF, 4.0},
};

/* From a narrow state and a wide one: what is fixed, and what grows with the state. */
static jf_status measure_overhead(jf_family family, jf_overhead *out)
{
    enum { NARROW = 12, WIDE = 3072 };
    double narrow, wide;

    JF_TRY(time_integrator(member[family].kind, NARROW, &narrow));
    JF_TRY(time_integrator(member[family].kind, WIDE, &wide));
    out->number = fmax(wide - narrow, 0.0) / (WIDE - NARROW);
    out->evaluation = fmax(narrow - NARROW * out->number, 0.0);
    out->number += seconds_of_copy / member[family].evaluations;
    out->evaluation += seconds_of_look / member[family].evaluations;
    return JF_OK;
}

/* Has the sweep a value of this parameter other than this one? */
static int has_another(const jf_plan *plan, jf_parameter_id id, double value)
{
    const jf_values *values = &plan->input->setting[id];

    for (size_t k = 0; k < values->count; k++) {
        if (values->at[k] != value) {
            return 1;
        }
    }
    return 0;
}

/* Are there points whose learnt features may not come to rest? */
static int has_restless(const jf_plan *plan)
{
    int found = has_another(plan, JF_P_ROTATION, JF_ROTATION_NONE);

    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        found |= p->departs && has_another(plan, (jf_parameter_id)i, p->neutral);
    }
    return found;
}

/* `auto` takes the pair and rock; bdf where features may not come to rest. */
static int may_be_used(const jf_plan *plan, jf_integrator_choice integrator)
{
    const int choice = (int)plan->input->setting[JF_P_INTEGRATOR].at[0];

    return choice == (int)integrator ||
           (choice == JF_INTEGRATOR_AUTO &&
            (integrator == JF_INTEGRATOR_ERK || integrator == JF_INTEGRATOR_ROCK ||
             (integrator == JF_INTEGRATOR_BDF && has_restless(plan))));
}

jf_status jf_gauge_measure(const jf_plan *plan, jf_gauge *out)
{
    jf_point point;

    *out = (jf_gauge){0};
    /* All points have the same `model`; where `auto` stands for several, products are alike. */
    jf_plan_point(plan, 0, &point);
    const jf_model_kind *model = jf_flow_kind(&point);
    if (model == NULL) {
        return JF_OK;
    }
    if (model->draw != NULL) { /* products with a batch: a part of those of layers each */
        model = jf_flow_model_kind(JF_MODEL_LAYERS);
    }
    JF_TRY(measure_products(plan, model, out));
    for (int k = 0; k < JF_FAMILIES; k++) {
        if (may_be_used(plan, member[k].choice)) {
            JF_TRY(measure_overhead((jf_family)k, &out->family[k]));
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
