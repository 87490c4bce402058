/*
 * integrator.h - stepping dy/dt = f(t, y) forward.
 *
 * Members stand behind one table; each takes a callback and a context and advances the caller's
 * state by one step of its own choosing. Knows no flow, no physics, no files.
 */
#ifndef JEPAFLOW_ODE_INTEGRATOR_H
#define JEPAFLOW_ODE_INTEGRATOR_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"
#include "jepaflow/base/wire.h"

/*
 * rate <- f(t, state), both of the size of the equation. No allocation, no failure: NaN shows
 * divergence.
 */
typedef void (*jf_ode_rate)(double t, const double *state, double *rate, void *context);

/*
 * product <- (df/dy) direction, at the time and state where f was last evaluated, which are passed
 * once more: what f found on its way serves here again.
 */
typedef void (*jf_ode_derivative)(double t, const double *state, const double *direction,
                                  double *product, void *context);

/* The sum or the largest of `part` over the ranks that share the state; all of them call it. */
typedef enum { JF_SUM, JF_LARGEST } jf_reduction;
typedef double (*jf_ode_reduce)(jf_reduction how, double part, void *context);

/*
 * An equation and how exactly to follow it. The state may be spread over ranks, each with some of
 * its numbers: whatever a member decides, it decides from reductions over all of them.
 */
typedef struct {
    size_t size;                  /* numbers in the state, on this rank */
    jf_ode_rate rate;             /* f */
    jf_ode_derivative derivative; /* of f, for implicit members; NULL: unknown */
    jf_ode_reduce reduce;         /* over the ranks; NULL: this one has the whole state */
    size_t total;    /* numbers in the state, on all ranks; not read where one has it */
    void *context;   /* handed to them */
    double relative; /* tolerance of the local error, relative to each number ... */
    double absolute; /* ... and the size below which errors are absolute */
    double step;     /* for members whose steps are of one length: that length; else not read */
    double begin;    /* time of the state at the start */
    double end;      /* time at which to stop */
    double decay;  /* expected integral of the fastest decay rate up to the end; 0: nobody knows */
    double *state; /* in: at time `begin`; after a step: at the time reached. Borrowed. */
} jf_ode;

typedef enum {
    JF_STEP_TAKEN,    /* the state is at the new time */
    JF_STEP_DIVERGED, /* f gave numbers that are not finite, however short the step */
    JF_STEP_STALLED   /* the tolerance cannot be met with any step that moves the time */
} jf_step_outcome;

/* A number for each rank that shares the state, made one. */
static inline double jf_ode_reduced(const jf_ode *ode, jf_reduction how, double part)
{
    return ode->reduce != NULL ? ode->reduce(how, part, ode->context) : part;
}

/* What it has cost so far. */
typedef struct {
    int64_t steps;       /* taken */
    int64_t evaluations; /* of f */
    int64_t derivatives; /* products with df/dy */
} jf_ode_cost;

static inline void jf_ode_cost_put(jf_ode_cost cost, jf_wire *wire)
{
    jf_wire_put_i64(wire, cost.steps);
    jf_wire_put_i64(wire, cost.evaluations);
    jf_wire_put_i64(wire, cost.derivatives);
}

static inline jf_ode_cost jf_ode_cost_get(jf_wire_reader *reader)
{
    jf_ode_cost cost;

    cost.steps = jf_wire_get_i64(reader);
    cost.evaluations = jf_wire_get_i64(reader);
    cost.derivatives = jf_wire_get_i64(reader);
    return cost;
}

typedef struct jf_integrator jf_integrator;

/* One member. */
typedef struct jf_integrator_kind {
    const char *name; /* as in input and dataset */

    /*
     * Between two steps the state is on the straight line through both; else rates at the ends bend
     * it.
     */
    int straight;

    /*
     * Prepare to integrate `ode`, which must outlive the integrator. JF_ERR_MEMORY or
     * JF_ERR_EXTERNAL.
     */
    jf_status (*create)(const jf_ode *ode, jf_integrator **out);

    /*
     * One step, never past ode->end, which is hit exactly.
     *   time  the time reached
     *   rate  f there, where the method evaluated it last of all: borrowed until the next step;
     *         else NULL
     */
    jf_step_outcome (*step)(jf_integrator *integrator, double *time, const double **rate);

    /*
     * The state has been changed, to that at `time`: go on from there, with a step of about
     * `length`. Nothing is evaluated before the next step.
     */
    void (*restart)(jf_integrator *integrator, double time, double length);

    /*
     * What the member knows between two steps, to bytes and back; the state itself is its owner's
     * to keep. load() is for a member created anew, before its first step, of the same equation
     * with the state that belongs to the bytes: it goes on as if nothing had happened, bit for bit
     * (bdf: within its tolerance) and with all that it cost before. JF_ERR_NETWORK where the bytes
     * are not of this member.
     */
    void (*save)(const jf_integrator *integrator, jf_wire *wire);
    jf_status (*load)(jf_integrator *integrator, jf_wire_reader *reader);

    /*
     * Who took the steps: NULL here for a member that does so itself, else the one, or NULL:
     * several.
     */
    const struct jf_integrator_kind *(*stepped_by)(const jf_integrator *integrator);

    jf_ode_cost (*cost)(const jf_integrator *integrator);

    void (*destroy)(jf_integrator **integrator);
} jf_integrator_kind;

#endif
