#include "jepaflow/ode/automatic.h"

#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/ode/erk.h"
#include "jepaflow/ode/rock.h"

/*
 * How often the other member is tried: after this many evaluations, then after this part of all so
 * far, so that a change is noticed soon, and the trials cost little: each takes that part of the
 * stretch before it, three steps at least.
 */
enum { SHORTEST_STRETCH = 400, LEAST_TRIAL_STEPS = 3 };
static const double stretch_part = 0.25, trial_part = 0.1;

/* A member has to get so much further to be changed to. */
static const double advantage = 1.1;

/*
 * The stabilised method alone steps where that much decay is expected; where the tolerance of a
 * step is loose less is enough, as there a method of order 4 with five stages and more needs no
 * more evaluations than one of order 5 with six even before anything is stiff. Else the pair
 * begins. (JEPA and MAE, d = 16, L = 1..8, eps = 1e-1..1e-4, tolerances 1e-4, 1e-6, 1e-7.)
 */
static const double stiff = 200.0, very_stiff = 1e4, loose = 5e-5;

enum { PAIR, STABILISED, MEMBERS };
static const jf_integrator_kind *const members[MEMBERS] = {&jf_erk, &jf_rock};

/* Where somebody was: the time, and the evaluations so far. */
typedef struct {
    double time, work;
} mark;

struct jf_integrator {
    const jf_ode *ode;
    jf_integrator *member[MEMBERS]; /* NULL where it will not be needed */
    int64_t steps[MEMBERS];         /* taken by each */
    size_t now;                     /* who steps */
    int settled;                    /* and will to the end: nothing is tried */
    double time, length;            /* of the state; of the last step */
    int on_trial;                   /* `now` is */
    int trial_steps;
    mark begin;  /* of the stretch, or of the trial after its first step */
    mark late;   /* where the last part of the stretch began */
    double pace; /* time for an evaluation, of the one who waits for the trial's end */
};

/* ---- what it has cost ---- */

static jf_ode_cost cost(const jf_integrator *a)
{
    jf_ode_cost sum = {0};

    for (size_t k = 0; k < MEMBERS; k++) {
        if (a->member[k] != NULL) {
            const jf_ode_cost part = members[k]->cost(a->member[k]);
            sum.steps += part.steps;
            sum.evaluations += part.evaluations;
            sum.derivatives += part.derivatives;
        }
    }
    return sum;
}

static mark here(const jf_integrator *a)
{
    return (mark){a->time, (double)cost(a).evaluations};
}

static double pace_since(const jf_integrator *a, mark then)
{
    const mark now = here(a);

    return (now.time - then.time) / (now.work - then.work);
}

/* ---- who steps ---- */

/* The member that is not `now` goes on from here. */
static void change(jf_integrator *a)
{
    a->now = a->now == PAIR ? STABILISED : PAIR;
    members[a->now]->restart(a->member[a->now], a->time, a->length);
}

static double stretch_length(const jf_integrator *a)
{
    const double part = stretch_part * a->begin.work;

    return part > SHORTEST_STRETCH ? part : SHORTEST_STRETCH;
}

/* In a stretch: note where its last part begins; at its end the other one is put on trial. */
static void look_at_stretch(jf_integrator *a)
{
    const double length = stretch_length(a), done = here(a).work - a->begin.work;

    if (done < (1.0 - trial_part) * length) {
        a->late = here(a);
    }
    if (done < length) {
        return;
    }
    a->pace = pace_since(a, a->late);
    a->on_trial = 1;
    a->trial_steps = 0;
    change(a);
}

/* On trial, not counting its first step, in which it finds its feet. */
static void look_at_trial(jf_integrator *a)
{
    const double length = trial_part * stretch_length(a);

    if (a->trial_steps == 1) {
        a->begin = here(a);
    }
    if (a->trial_steps <= LEAST_TRIAL_STEPS || here(a).work - a->begin.work < length) {
        return;
    }
    const int better = pace_since(a, a->begin) > advantage * a->pace;
    a->on_trial = 0;
    a->begin = a->late = here(a);
    if (!better) {
        change(a);
    }
}

static jf_step_outcome step(jf_integrator *a, double *time, const double **rate)
{
    if (!a->settled) {
        (a->on_trial ? look_at_trial : look_at_stretch)(a);
    }
    const jf_step_outcome outcome = members[a->now]->step(a->member[a->now], time, rate);
    if (outcome == JF_STEP_TAKEN) {
        a->length = *time - a->time;
        a->time = *time;
        a->steps[a->now]++;
        a->trial_steps += a->on_trial;
    }
    return outcome;
}

/* Whoever steps now goes on; what was measured of before says nothing more. */
static void restart(jf_integrator *a, double time, double length)
{
    a->time = time;
    a->length = length;
    a->on_trial = 0;
    a->begin = a->late = here(a);
    members[a->now]->restart(a->member[a->now], time, length);
}

static void put_mark(mark m, jf_wire *wire)
{
    jf_wire_put_f64(wire, m.time);
    jf_wire_put_f64(wire, m.work);
}

static mark get_mark(jf_wire_reader *reader)
{
    const double time = jf_wire_get_f64(reader);

    return (mark){time, jf_wire_get_f64(reader)};
}

static void save(const jf_integrator *a, jf_wire *wire)
{
    jf_wire_put_i8(wire, (int8_t)a->now);
    jf_wire_put_i8(wire, (int8_t)a->on_trial);
    jf_wire_put_i64(wire, a->trial_steps);
    jf_wire_put_f64(wire, a->time);
    jf_wire_put_f64(wire, a->length);
    put_mark(a->begin, wire);
    put_mark(a->late, wire);
    jf_wire_put_f64(wire, a->pace);
    for (size_t k = 0; k < MEMBERS; k++) {
        jf_wire_put_i64(wire, a->steps[k]);
        if (a->member[k] != NULL) {
            members[k]->save(a->member[k], wire);
        }
    }
}

/* Who settles is a matter of the equation, hence the same. */
static jf_status load(jf_integrator *a, jf_wire_reader *reader)
{
    const int now = jf_wire_get_i8(reader);

    if (now != PAIR && now != STABILISED) {
        return JF_ERR_NETWORK;
    }
    a->now = (size_t)now;
    a->on_trial = jf_wire_get_i8(reader);
    a->trial_steps = (int)jf_wire_get_i64(reader);
    a->time = jf_wire_get_f64(reader);
    a->length = jf_wire_get_f64(reader);
    a->begin = get_mark(reader);
    a->late = get_mark(reader);
    a->pace = jf_wire_get_f64(reader);
    for (size_t k = 0; k < MEMBERS; k++) {
        a->steps[k] = jf_wire_get_i64(reader);
        if (a->member[k] != NULL) {
            JF_TRY(members[k]->load(a->member[k], reader));
        }
    }
    return reader->failed ? JF_ERR_NETWORK : JF_OK;
}

static const jf_integrator_kind *stepped_by(const jf_integrator *a)
{
    return a->steps[STABILISED] == 0 ? members[PAIR]
           : a->steps[PAIR] == 0     ? members[STABILISED]
                                     : NULL;
}

/* ---- making and releasing ---- */

static void destroy(jf_integrator **integrator)
{
    if (*integrator != NULL) {
        for (size_t k = 0; k < MEMBERS; k++) {
            members[k]->destroy(&(*integrator)->member[k]);
        }
        free(*integrator);
        *integrator = NULL;
    }
}

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    jf_integrator *a = calloc(1, sizeof *a);

    *out = a;
    if (a == NULL) {
        return jf_fail_memory("an integrator");
    }
    a->ode = ode;
    a->time = ode->begin;
    a->begin = a->late = (mark){a->time, 0.0};
    a->settled = ode->decay > (ode->relative > loose ? stiff : very_stiff);
    a->now = a->settled ? STABILISED : PAIR;
    jf_status status = JF_OK;
    for (size_t k = 0; k < MEMBERS && status == JF_OK; k++) {
        if (!a->settled || k == a->now) {
            status = members[k]->create(ode, &a->member[k]);
        }
    }
    if (status != JF_OK) {
        destroy(out);
    }
    return status;
}

const jf_integrator_kind jf_automatic = {
    .name = "auto",
    .create = create,
    .step = step,
    .restart = restart,
    .save = save,
    .load = load,
    .stepped_by = stepped_by,
    .cost = cost,
    .destroy = destroy,
};
