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

/*
 * rate <- f(t, state), both of the size of the equation. No allocation, no failure: NaN shows
 * divergence.
 */
typedef void (*jf_ode_rate)(double t, const double *state, double *rate, void *context);

/* An equation and how exactly to follow it. */
typedef struct {
    size_t size;      /* numbers in the state */
    jf_ode_rate rate; /* f */
    void *context;    /* handed to f */
    double relative;  /* tolerance of the local error, relative to each number ... */
    double absolute;  /* ... and the size below which errors are absolute */
    double end;       /* time at which to stop; the start is 0 */
    double *state;    /* in: at time 0; after a step: at the time reached. Borrowed. */
} jf_ode;

typedef enum {
    JF_STEP_TAKEN,    /* the state is at the new time */
    JF_STEP_DIVERGED, /* f gave numbers that are not finite, however short the step */
    JF_STEP_STALLED   /* the tolerance cannot be met with any step that moves the time */
} jf_step_outcome;

/* What it has cost so far. */
typedef struct {
    int64_t steps;       /* taken */
    int64_t evaluations; /* of f */
} jf_ode_cost;

typedef struct jf_integrator jf_integrator;

/* One member. */
typedef struct {
    const char *name; /* as in input and dataset */

    /*
     * Prepare to integrate `ode`, which must outlive the integrator. JF_ERR_MEMORY or
     * JF_ERR_EXTERNAL.
     */
    jf_status (*create)(const jf_ode *ode, jf_integrator **out);

    /* One step, never past ode->end, which is hit exactly; *time is the time reached. */
    jf_step_outcome (*step)(jf_integrator *integrator, double *time);

    jf_ode_cost (*cost)(const jf_integrator *integrator);

    void (*destroy)(jf_integrator **integrator);
} jf_integrator_kind;

#endif
