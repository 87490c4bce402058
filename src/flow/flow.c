#include "jepaflow/flow/flow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/flow/observer.h"
#include "jepaflow/model/balanced.h"
#include "jepaflow/model/layers.h"
#include "jepaflow/model/sampled.h"
#include "jepaflow/ode/automatic.h"
#include "jepaflow/ode/bdf.h"
#include "jepaflow/ode/descent.h"
#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rkc.h"
#include "jepaflow/ode/rock.h"
#include "jepaflow/sweep/rule.h"

/* ---- integrators ---- */

/*
 * `flow.tolerance` is the relative error of critical times that is asked for; a member holds the
 * error of one step. What it takes for the one to be the other: step = factor tolerance^power, at
 * most `most`. With these, the largest error of the critical times of a point comes out to between
 * a hundredth of the tolerance and some three times it (tests/flow/test_flow.c;
 * docs/performance.md).
 *
 * erk, rock: of order 5 and 4, with an estimate of one order less; the error of a time goes with
 * that of a step. rkc: of order 2, whose estimate is of order 3. bdf: of all orders, each of its
 * steps errs more. Above `most` the error of a learnt feature's weights, which rock lets grow to
 * that size, can lift a waiting one past half of a small plateau (JEPA, rotated starts, d = 16,
 * eps = 1e-3, L = 8: at 1e-3 in 2 of 8 seeds, at 3e-4 in none of 12).
 */
typedef struct {
    const jf_integrator_kind *kind;
    double factor, power, most;
} member;

static const member members[] = {
    [JF_INTEGRATOR_AUTO] = {&jf_automatic, 1.0, 1.0, 3e-4},
    [JF_INTEGRATOR_ERK] = {&jf_erk, 1.0, 1.0, 1e-2},
    [JF_INTEGRATOR_RKC] = {&jf_rkc, 0.5, 1.5, 1e-2},
    [JF_INTEGRATOR_ROCK] = {&jf_rock, 1.0, 1.0, 3e-4},
    [JF_INTEGRATOR_BDF] = {&jf_bdf, 0.02, 1.0, 1e-2},
    [JF_INTEGRATOR_DESCENT] = {&jf_descent, 1.0, 1.0, 1e-2}, /* it holds no tolerance */
};

static double step_tolerance(jf_integrator_choice choice, double tolerance)
{
    const member *m = &members[choice];

    return fmin(m->factor * pow(tolerance, m->power), m->most);
}

/* What the dataset says of who took an integrator's steps. */
static jf_integrator_choice stepped_by(jf_integrator_choice choice, const jf_integrator *integrator)
{
    const jf_integrator_kind *kind = members[choice].kind;

    if (kind->stepped_by == NULL) {
        return choice;
    }
    const jf_integrator_kind *who = kind->stepped_by(integrator);
    for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
        if (members[k].kind == who) {
            return (jf_integrator_choice)k;
        }
    }
    return JF_INTEGRATOR_MIXED;
}

/* ---- following a flow ---- */

static void evaluate(double t, const double *state, double *rate, void *context)
{
    const jf_model *model = context;

    (void)t;
    model->kind->rate(model, state, rate);
}

/* From pairs: those of the step that begins at time t. */
static void evaluate_drawn(double t, const double *state, double *rate, void *context)
{
    const jf_model *model = context;

    model->kind->draw(model, llround(t / model->sampling->step));
    model->kind->rate(model, state, rate);
}

static void differentiate(double t, const double *state, const double *direction, double *product,
                          void *context)
{
    const jf_model *model = context;

    (void)t;
    model->kind->derivative(model, state, direction, product);
}

/* Where the state is spread over ranks: what each has found, made one. */
static double reduce(jf_reduction how, double part, void *context)
{
    const jf_model *model = context;

    if (how == JF_SUM) {
        jf_square_sum(model->problem->square, 1, &part);
    } else {
        jf_square_largest(model->problem->square, 1, &part);
    }
    return part;
}

static void give_up(jf_record *record, jf_point_status status, jf_point_reason reason)
{
    *record->status = (int8_t)status;
    *record->reason = (int8_t)reason;
}

static const jf_training *training_of_flow(const jf_flow *flow)
{
    return flow->training != NULL ? flow->training : &jf_training_plain;
}

/* A flow under way. */
typedef struct {
    const jf_flow *flow;
    const jf_model *model;
    const jf_watch *watch; /* may be NULL */
    double *state;
    double time;                 /* of the state */
    int64_t steps;               /* taken */
    double begin;                /* clock */
    double before;               /* seconds that were spent until it was saved */
    jf_integrator_choice choice; /* who steps: the flow's, or bdf once it has taken over */
    jf_ode ode;
    jf_integrator *integrator;
    jf_ode_cost spent; /* by those before it */
    jf_observer observer;
    jf_probe probe; /* the observer's, where it has one */
    double start;   /* the largest amplitude of all features at the start */
    double bound;   /* an amplitude that nothing that learns comes near */
    jf_record *record;
} course;

static const jf_integrator_kind *kind_of(const course *c)
{
    return members[c->choice].kind;
}

/* ---- who steps ---- */

/* Make the integrator that goes on from here. */
static jf_status make_integrator(course *c, jf_integrator_choice choice)
{
    const jf_flow *flow = c->flow;
    const jf_model_kind *kind = c->model->kind;
    const double relative = step_tolerance(choice, flow->tolerance);

    c->choice = choice;
    c->ode = (jf_ode){
        .size = jf_model_size(c->model),
        .rate = kind->draw != NULL ? evaluate_drawn : evaluate,
        .derivative = differentiate,
        .reduce = flow->problem->square->grid != NULL ? reduce : NULL,
        .total = jf_model_total(c->model),
        .context = (void *)(uintptr_t)c->model,
        .relative = relative,
        .absolute = relative * kind->scale(&flow->network),
        .step = flow->step,
        .begin = c->time,
        .end = flow->end,
        .decay = flow->decay,
        .state = c->state,
    };
    return jf_square_agree(flow->problem->square, kind_of(c)->create(&c->ode, &c->integrator));
}

/* Of all that have stepped. */
static jf_ode_cost cost_of(const course *c)
{
    const jf_ode_cost now =
        c->integrator != NULL ? kind_of(c)->cost(c->integrator) : (jf_ode_cost){0};

    return (jf_ode_cost){.steps = c->spent.steps + now.steps,
                         .evaluations = c->spent.evaluations + now.evaluations,
                         .derivatives = c->spent.derivatives + now.derivatives};
}

static int has_handed_over(const course *c)
{
    return c->choice != c->flow->integrator;
}

static int is_out_of_patience(const course *c)
{
    return c->flow->patience > 0.0 && !has_handed_over(c) &&
           (double)cost_of(c).evaluations > c->flow->patience;
}

/* The implicit integrator goes on; what the one before it held is released first. */
static jf_status hand_over(course *c)
{
    c->spent = cost_of(c);
    kind_of(c)->destroy(&c->integrator);
    return make_integrator(c, JF_INTEGRATOR_BDF);
}

/* ---- saved, and gone on with ---- */

static void save(course *c)
{
    const size_t size = jf_model_size(c->model);
    jf_wire wire = {0};

    jf_wire_put_i64(&wire, (int64_t)size);
    jf_wire_put_i64(&wire, c->steps);
    jf_wire_put_f64s(&wire, c->state, size);
    jf_wire_put_f64(&wire, c->time);
    jf_wire_put_f64(&wire, c->before + jf_clock_now() - c->begin);
    jf_record_pack(c->record, &wire);
    jf_observer_save(&c->observer, &wire);
    jf_wire_put_i8(&wire, (int8_t)has_handed_over(c));
    jf_ode_cost_put(c->spent, &wire);
    kind_of(c)->save(c->integrator, &wire);
    /* else nobody keeps it, and the message says so */
    if (jf_square_agree(c->flow->problem->square, jf_wire_check(&wire)) == JF_OK) {
        c->watch->save(c->watch->context, &wire);
    }
    jf_wire_clear(&wire);
}

/*
 * Is what was saved of this flow, spread like this, and of the same step on all ranks? NULL: there
 * is nothing on this one. `reader` is left as it was.
 */
static int fits(const course *c, const jf_wire_reader *reader)
{
    jf_wire_reader copy = reader != NULL ? *reader : (jf_wire_reader){0};
    const int own = reader != NULL && jf_wire_get_i64(&copy) == (int64_t)jf_model_size(c->model);
    const double step = own ? (double)jf_wire_get_i64(&copy) : 0.0;
    double largest[] = {own ? 0.0 : 1.0, step, -step};

    jf_square_largest(c->flow->problem->square, 3, largest);
    return largest[0] == 0.0 && largest[1] == -largest[2];
}

static jf_status load(course *c, jf_wire_reader *reader)
{
    const size_t size = jf_model_size(c->model);

    (void)jf_wire_get_i64(reader); /* fits() has looked at it */
    c->steps = jf_wire_get_i64(reader);
    jf_wire_get_f64s(reader, c->state, size);
    c->time = jf_wire_get_f64(reader);
    c->before = jf_wire_get_f64(reader);
    const size_t point = c->record->point; /* a sweep that was extended has numbered it anew */
    JF_TRY(jf_record_unpack(reader, c->record));
    c->record->point = point;
    jf_observer_load(&c->observer, c->state, reader);
    if (jf_wire_get_i8(reader)) {
        JF_TRY(hand_over(c));
    }
    c->spent = jf_ode_cost_get(reader);
    JF_TRY(kind_of(c)->load(c->integrator, reader));
    return jf_wire_finish(reader);
}

/* ---- followed ---- */

/* So many times the largest plateau, no amplitude is of a feature that is being learnt. */
static const double far_beyond = 1e6;

/*
 * Plateaus are at most (rho / sqrt r)^L, where r is the rate of the predictor. One that is held
 * fixed, r = 0, may leave the encoder to grow without end, and steps to shrink with it.
 */
static double find_bound(const course *c)
{
    const double rate = training_of_flow(c->flow)->predictor_rate;
    double rho = 1.0;

    for (size_t i = 0; i < c->flow->problem->d; i++) {
        rho = fmax(rho, c->flow->problem->rho[i]);
    }
    const double layer = rate > 0.0 ? fmax(rho / sqrt(rate), rho) : rho;
    return far_beyond * fmax(c->start, pow(layer, (double)c->flow->network.depth));
}

static int is_unbounded(const course *c)
{
    for (size_t i = 0; i < c->flow->problem->d; i++) {
        if (c->observer.amplitude[i] > c->bound) {
            return 1;
        }
    }
    return 0;
}

/* Shall it stop? Saved before it does, and whenever that is wished. */
static int is_stopped(course *c)
{
    const int wish = c->watch != NULL ? c->watch->look(c->watch->context) : JF_GO_ON;

    if (wish != JF_GO_ON && c->watch->save != NULL) {
        save(c);
    }
    return wish == JF_STOP;
}

/* Step to the end; what became of the point goes to its record. */
static void advance(course *c)
{
    const double *rate = NULL;

    for (; c->time < c->flow->end; c->steps++) {
        if (c->steps == c->flow->max_steps) {
            give_up(c->record, JF_POINT_FAILED, JF_REASON_STEP_BUDGET);
            return;
        }
        if (is_stopped(c)) {
            give_up(c->record, JF_POINT_STOPPED, JF_REASON_NONE);
            return;
        }
        if (is_out_of_patience(c) && hand_over(c) != JF_OK) {
            give_up(c->record, JF_POINT_FAILED, JF_REASON_SYSTEM);
            return;
        }
        switch (kind_of(c)->step(c->integrator, &c->time, &rate)) {
        case JF_STEP_DIVERGED:
            give_up(c->record, JF_POINT_DIVERGED,
                    kind_of(c)->straight ? JF_REASON_STEP_TOO_LONG : JF_REASON_NOT_FINITE);
            return;
        case JF_STEP_STALLED:
            give_up(c->record, JF_POINT_FAILED, JF_REASON_STEP_TOO_SMALL);
            return;
        default:
            jf_observer_step(&c->observer, c->time, c->state, rate);
        }
        if (!kind_of(c)->straight && is_unbounded(c)) {
            give_up(c->record, JF_POINT_DIVERGED, JF_REASON_UNBOUNDED);
            return;
        }
    }
    *c->record->status = JF_POINT_DONE;
}

/*
 * Nothing is learnt, and no feature is any longer as large as the largest was at the start. One
 * that has no target, NaN, cannot be learnt.
 */
static int has_collapsed(const course *c)
{
    for (size_t i = 0; i < c->flow->problem->d; i++) {
        const double amplitude = c->record->final_projection[i];
        if (!(amplitude < c->start) || amplitude >= c->flow->target[i]) {
            return 0;
        }
    }
    return 1;
}

static void conclude(course *c)
{
    const jf_ode_cost cost = cost_of(c);

    jf_observer_finish(&c->observer);
    if (*c->record->status == JF_POINT_DONE && has_collapsed(c)) {
        *c->record->reason = JF_REASON_COLLAPSED;
    }
    *c->record->integrator =
        (int8_t)(has_handed_over(c) ? JF_INTEGRATOR_MIXED : stepped_by(c->choice, c->integrator));
    *c->record->steps = cost.steps;
    *c->record->rhs_evaluations = cost.evaluations + 2 * cost.derivatives + c->observer.evaluations;
    *c->record->seconds = c->before;
}

/* Start, observer and integrator; where something was saved, as it was then. */
static jf_status begin(course *c)
{
    jf_wire_reader *saved = c->watch != NULL ? c->watch->saved : NULL;
    const jf_square *square = c->flow->problem->square;

    JF_TRY(c->model->kind->start(c->model, &c->flow->network, c->state));
    JF_TRY(jf_observer_init(c->model, c->flow->target, c->state, c->record, &c->observer));
    c->observer.straight = members[c->flow->integrator].kind->straight;
    if (c->flow->probe_ridge > 0.0 && c->record->samples > 0) {
        JF_TRY(jf_probe_init(c->flow->problem, c->flow->probe_ridge, &c->probe));
        c->observer.probe = &c->probe;
    }
    for (size_t i = 0; i < c->flow->problem->d; i++) {
        c->start = fmax(c->start, c->observer.amplitude[i]);
    }
    c->bound = find_bound(c);
    JF_TRY(make_integrator(c, c->flow->integrator));
    return fits(c, saved) ? jf_square_agree(square, load(c, saved)) : JF_OK;
}

static void end(course *c)
{
    kind_of(c)->destroy(&c->integrator);
    jf_observer_clear(&c->observer);
    jf_probe_clear(&c->probe);
}

static jf_status follow(const jf_flow *flow, const jf_model *model, double *state,
                        const jf_watch *watch, jf_record *record)
{
    course c = {.flow = flow,
                .model = model,
                .watch = watch,
                .state = state,
                .begin = jf_clock_now(),
                .choice = flow->integrator,
                .record = record};

    const jf_status status = begin(&c);
    if (status == JF_OK) {
        advance(&c);
        conclude(&c);
    }
    end(&c);
    return status;
}

/* Cells that were still waiting when the point failed are not 'not_reached': nobody knows. */
static void mark_unknown_cells(jf_record *record)
{
    for (size_t i = 0; i < record->features; i++) {
        if (record->critical_time_status[i] == JF_NOT_REACHED) {
            record->critical_time_status[i] = JF_CELL_FAILED;
        }
    }
}

void jf_flow_integrate(const jf_flow *flow, const jf_watch *watch, jf_record *record)
{
    jf_model model = {0};
    jf_sampling sampling = {0};
    double *state = NULL;

    assert(record->features == flow->problem->d);
    jf_status status = jf_model_init_trained(flow->model, flow->problem, flow->network.objective,
                                             flow->network.depth, training_of_flow(flow), &model);
    if (status == JF_OK && flow->pairs > 0) {
        status = jf_sampling_init(flow->problem, flow->network.depth, flow->activation, flow->pairs,
                                  flow->network.seed, flow->network.key, &sampling);
        sampling.step = flow->step;
        model.sampling = &sampling;
    }
    if (status == JF_OK) {
        state = jf_memory_numbers(jf_model_size(&model));
        status = state != NULL ? JF_OK : jf_fail_memory("a network's weights");
    }
    status = jf_square_agree(flow->problem->square, status);
    if (status == JF_OK) {
        status = follow(flow, &model, state, watch, record);
    }
    if (status != JF_OK) {
        give_up(record, JF_POINT_FAILED, JF_REASON_SYSTEM);
    }
    if (*record->status != JF_POINT_DONE) {
        mark_unknown_cells(record);
    }
    free(state);
    jf_sampling_clear(&sampling);
    jf_model_clear(&model);
}

/* ---- solving a point ---- */

static void foretell(const jf_feature *feature, double threshold, size_t i, jf_record *record)
{
    const jf_cell_status cell =
        jf_feature_critical_time(feature, threshold, &record->critical_time_theory[i]);
    const double series = jf_feature_critical_time_series(feature);

    record->plateau[i] = jf_feature_plateau(feature);
    record->critical_time_status[i] = cell == JF_REACHED ? JF_NOT_RUN : (int8_t)cell;
    record->critical_time_series[i] = cell == JF_REACHED && isfinite(series) ? series : NAN;
}

static void say_assumption(const jf_point *point, jf_record *record)
{
    *record->assumption = jf_point_departs(point) ? JF_ASSUMPTION_DEPARTS : JF_ASSUMPTION_HOLDS;
}

/* A feature that predicts nothing, as pairs and data may have, has no closed form. */
static void foretell_all(const jf_point *point, const double *lambda, const double *rho,
                         jf_record *record)
{
    for (size_t i = 0; i < point->spectrum->features; i++) {
        const jf_feature feature = jf_point_feature_of(point, lambda[i], rho[i]);
        record->feature_lambda[i] = lambda[i];
        record->feature_rho[i] = rho[i];
        if (lambda[i] > 0.0 && rho[i] > 0.0) {
            foretell(&feature, point->value[JF_P_THRESHOLD], i, record);
        } else {
            record->critical_time_status[i] = JF_NO_REFERENCE;
        }
    }
}

void jf_flow_theory(const jf_point *point, jf_record *record)
{
    say_assumption(point, record);
    foretell_all(point, point->spectrum->lambda, point->spectrum->rho, record);
}

jf_model_choice jf_flow_model(const jf_point *point)
{
    const jf_model_choice choice = (jf_model_choice)point->value[JF_P_MODEL];

    if (choice != JF_MODEL_AUTO) {
        return choice;
    }
    return jf_point_is_balanced(point) ? JF_MODEL_BALANCED : JF_MODEL_LAYERS;
}

size_t jf_flow_pairs(const jf_point *point)
{
    const double batch = point->value[JF_P_BATCH];

    return jf_flow_model(point) == JF_MODEL_LAYERS && isfinite(batch) ? (size_t)batch : 0;
}

const jf_model_kind *jf_flow_model_kind(jf_model_choice choice)
{
    return choice == JF_MODEL_BALANCED ? &jf_balanced
           : choice == JF_MODEL_LAYERS ? &jf_layers
                                       : NULL;
}

const jf_model_kind *jf_flow_kind(const jf_point *point)
{
    const jf_model_choice choice = jf_flow_model(point);

    if (choice != JF_MODEL_LAYERS) {
        return jf_flow_model_kind(choice);
    }
    if (jf_flow_pairs(point) > 0) {
        return jf_sampling_model((jf_activation)point->value[JF_P_ACTIVATION]);
    }
    return jf_point_setting(point, JF_P_STOP_GRADIENT) == JF_STOP_GRADIENT_NO ? &jf_layers_free
           : isfinite(jf_point_setting(point, JF_P_EMA_RATE))                 ? &jf_layers_slow
                                                                              : &jf_layers;
}

/*
 * From rotated starts no feature comes to rest exactly (model/objective.c), so that great stiffness
 * costs a stabilised method most. Of points that depart from the assumption what decays may turn as
 * well, which such a method is not made for: it may then need as many steps as the pair does.
 * (JEPA, d = 4, L = 5, eps = 0.3, rho from 0.4: a target encoder of rate 1 or 100, a gaussian start
 * or an asymmetry of 0.5 cost `auto` 20 to 230 times what they cost bdf; angles, rotated starts and
 * random predictors as much as bdf. An evaluation of bdf's is some 5 times as dear there.)
 */
static const double price_of_implicit = 8.0;

static int is_for_implicit(const jf_point *point, const jf_outlook *outlook)
{
    const double tolerance = point->value[JF_P_TOLERANCE];

    if (outlook->rests) {
        return 0;
    }
    const double implicit = jf_outlook_evaluations(outlook, JF_IMPLICIT, tolerance);
    const double stabilised = jf_outlook_evaluations(outlook, JF_STABILISED_4, tolerance);
    const double pair = jf_outlook_evaluations(outlook, JF_PAIR, tolerance);
    return 4.0 * implicit < stabilised ||
           (jf_point_departs(point) && price_of_implicit * implicit < pair);
}

jf_integrator_choice jf_flow_integrator(const jf_point *point, const jf_outlook *outlook)
{
    const jf_integrator_choice choice = (jf_integrator_choice)point->value[JF_P_INTEGRATOR];

    if (point->value[JF_P_METHOD] == JF_METHOD_DESCENT) {
        return JF_INTEGRATOR_DESCENT;
    }
    if (choice != JF_INTEGRATOR_AUTO) {
        return choice;
    }
    return is_for_implicit(point, outlook) ? JF_INTEGRATOR_BDF : JF_INTEGRATOR_AUTO;
}

int jf_flow_may_hand_over(const jf_point *point, const jf_outlook *outlook)
{
    return jf_point_departs(point) && jf_flow_integrator(point, outlook) == JF_INTEGRATOR_AUTO;
}

jf_family jf_flow_family(const jf_point *point, const jf_outlook *outlook)
{
    const double tolerance = point->value[JF_P_TOLERANCE];

    switch (jf_flow_integrator(point, outlook)) {
    case JF_INTEGRATOR_ERK:
    case JF_INTEGRATOR_DESCENT: /* explicit as well: what goes with a rate costs as much */
        return JF_PAIR;
    case JF_INTEGRATOR_RKC:
        return JF_STABILISED_2;
    case JF_INTEGRATOR_ROCK:
        return JF_STABILISED_4;
    case JF_INTEGRATOR_BDF:
        return JF_IMPLICIT;
    default:
        return jf_outlook_evaluations(outlook, JF_PAIR, tolerance) <
                       jf_outlook_evaluations(outlook, JF_STABILISED_4, tolerance)
                   ? JF_PAIR
                   : JF_STABILISED_4;
    }
}

/* Steps of descent until the outlook's end. */
static double steps_of_descent(const jf_point *point, const jf_outlook *outlook)
{
    return fmax(ceil(outlook->end / point->value[JF_P_LEARNING_RATE] - 1e-9), 1.0);
}

double jf_flow_end(const jf_point *point, const jf_outlook *outlook)
{
    return point->value[JF_P_METHOD] == JF_METHOD_DESCENT
               ? steps_of_descent(point, outlook) * point->value[JF_P_LEARNING_RATE]
               : outlook->end;
}

double jf_flow_evaluations(const jf_point *point, const jf_outlook *outlook)
{
    if (point->value[JF_P_METHOD] == JF_METHOD_DESCENT) {
        return steps_of_descent(point, outlook);
    }
    const jf_family family = jf_flow_family(point, outlook);
    const double all = jf_outlook_evaluations(outlook, family, point->value[JF_P_TOLERANCE]);

    /* Steps of the implicit ones end without a rate: samples need some more. */
    return family == JF_IMPLICIT ? all + 0.38 * point->value[JF_P_SAMPLES] : all;
}

/*
 * Of points that depart the closed form foresees little: `auto` may come out as dear as that after
 * all. Once it has cost twice what bdf is worth, bdf goes on, and no more than that is lost.
 */
static double find_patience(const jf_point *point, const jf_outlook *outlook)
{
    return jf_flow_may_hand_over(point, outlook)
               ? 2.0 * price_of_implicit *
                     jf_outlook_evaluations(outlook, JF_IMPLICIT, point->value[JF_P_TOLERANCE])
               : 0.0;
}

/* What jf_flow_integrate() is to time: p times each plateau, where there is a critical time. */
static void set_targets(const jf_point *point, const jf_record *record, double *target)
{
    for (size_t i = 0; i < point->spectrum->features; i++) {
        const int timed = record->critical_time_status[i] != JF_NO_REFERENCE;
        target[i] = timed ? point->value[JF_P_THRESHOLD] * record->plateau[i] : NAN;
    }
}

static void set_sample_times(const jf_outlook *outlook, jf_record *record)
{
    for (size_t j = 0; j < record->samples; j++) {
        record->time[j] = jf_outlook_sample_time(outlook, j, record->samples);
    }
}

static jf_network network_of(const jf_point *point)
{
    const double width = jf_point_setting(point, JF_P_WIDTH);

    return (jf_network){
        .objective = (jf_objective)point->value[JF_P_OBJECTIVE],
        .depth = jf_point_count(point, JF_P_DEPTH),
        .init_scale = point->value[JF_P_INIT_SCALE],
        .start = (jf_start)point->value[JF_P_START],
        .rotated = point->value[JF_P_ROTATION] == JF_ROTATION_RANDOM,
        .drawn_predictor = point->value[JF_P_PREDICTOR] == JF_PREDICTOR_RANDOM,
        .imbalance = jf_point_setting(point, JF_P_IMBALANCE),
        .noise = point->value[JF_P_NOISE],
        .width = isfinite(width) ? (size_t)width : 0,
        .given = point->weights,
        .seed = (uint64_t)point->value[JF_P_SEED],
        .key = jf_point_key(point),
    };
}

static jf_training training_of(const jf_point *point)
{
    return (jf_training){
        .ema_rate = jf_point_setting(point, JF_P_EMA_RATE),
        .weight_decay = point->value[JF_P_WEIGHT_DECAY],
        .predictor_rate = point->value[JF_P_PREDICTOR_RATE],
    };
}

/* The flow of a point whose problem, outlook and targets are known. */
static void integrate(const jf_point *point, const jf_problem *problem, const jf_outlook *outlook,
                      const double *target, const jf_watch *watch, jf_record *record)
{
    const jf_training training = training_of(point);
    const jf_flow flow = {
        .problem = problem,
        .network = network_of(point),
        .training = &training,
        .model = jf_flow_kind(point),
        .integrator = jf_flow_integrator(point, outlook),
        .tolerance = point->value[JF_P_TOLERANCE],
        .end = jf_flow_end(point, outlook),
        .decay = outlook->work,
        .patience = find_patience(point, outlook),
        .step = point->value[JF_P_LEARNING_RATE],
        .pairs = jf_flow_pairs(point),
        .activation = (jf_activation)point->value[JF_P_ACTIVATION],
        .probe_ridge =
            point->value[JF_P_PROBE] == JF_PROBE_YES ? point->value[JF_P_PROBE_RIDGE] : 0.0,
        .max_steps = (int64_t)point->value[JF_P_MAX_STEPS],
        .target = target,
    };

    set_sample_times(outlook, record);
    *record->model = (int8_t)jf_flow_model(point);
    jf_flow_integrate(&flow, watch, record);
}

/* The flow of a point whose problem is known. */
static jf_status follow_point(const jf_point *point, const jf_problem *problem,
                              const jf_watch *watch, jf_record *record)
{
    double *target = malloc(problem->d * sizeof *target);
    jf_outlook outlook;

    jf_status status = target != NULL ? jf_point_outlook_of(point, problem->lambda, problem->rho,
                                                            problem->d, &outlook)
                                      : jf_fail_memory("a point's targets");
    status = jf_square_agree(problem->square, status);
    if (status == JF_OK) {
        set_targets(point, record, target);
        integrate(point, problem, &outlook, target, watch, record);
    }
    free(target);
    return status;
}

/* Else the record says why not. */
static int is_allowed(const jf_point *point, const jf_grid *grid, jf_record *record)
{
    char text[256] =
        "pairs are not spread over ranks, expected ranks_per_point 1 or batch infinite";

    if (!jf_rule_broken(point, text, sizeof text) && (grid == NULL || jf_flow_pairs(point) == 0)) {
        return 1;
    }
    jf_log(JF_LOG_ERROR, "point %zu: %s", point->index, text);
    give_up(record, JF_POINT_FAILED, JF_REASON_CONTRADICTION);
    return 0;
}

/* What theory says of a point's own features, and where it does not suffice the flow. */
static jf_status solve_problem(const jf_point *point, const jf_problem *problem,
                               const jf_watch *watch, jf_record *record)
{
    foretell_all(point, problem->lambda, problem->rho, record);
    if (jf_flow_model(point) == JF_MODEL_THEORY) {
        *record->model = JF_MODEL_THEORY;
        *record->status = JF_POINT_DONE;
        return JF_OK;
    }
    return is_allowed(point, problem->square->grid, record)
               ? follow_point(point, problem, watch, record)
               : JF_OK;
}

/* All ranks of the grid succeed here, or all fail: each step ends with their agreement. */
static jf_status solve_on(const jf_square *square, const jf_point *point, const jf_watch *watch,
                          jf_record *record)
{
    const jf_data data = jf_point_data(point);
    jf_problem problem;

    JF_TRY(jf_data_problem(&data, square, &problem));
    const jf_status status = solve_problem(point, &problem, watch, record);
    jf_problem_clear(&problem);
    return status;
}

/* The closed form needs no matrix, where the features are those of the spectrum. */
static jf_status solve(const jf_point *point, const jf_grid *grid, const jf_watch *watch,
                       jf_record *record)
{
    const jf_data data = jf_point_data(point);
    jf_square square;

    if (jf_flow_model(point) == JF_MODEL_THEORY && jf_data_is_shared(&data)) {
        jf_flow_theory(point, record);
        *record->model = JF_MODEL_THEORY;
        *record->status = JF_POINT_DONE;
        return JF_OK;
    }
    JF_TRY(jf_square_init(point->spectrum->features, grid, &square));
    const jf_status status = solve_on(&square, point, watch, record);
    jf_square_clear(&square);
    return status;
}

void jf_flow_solve(const jf_point *point, const jf_grid *grid, const jf_watch *watch,
                   jf_record *record)
{
    const double begin = jf_clock_now();

    jf_record_reset(record, point->index, point->spectrum->features);
    say_assumption(point, record);
    const jf_status status = solve(point, grid, watch, record);
    if (status != JF_OK) {
        give_up(record, JF_POINT_FAILED,
                status == JF_ERR_NUMERICS ? JF_REASON_DATA : JF_REASON_SYSTEM);
    }
    const double before = isfinite(*record->seconds) ? *record->seconds : 0.0;
    *record->seconds = before + jf_clock_now() - begin;
}
