/*
 * flow.h - one point of the sweep, solved: start, integrate, observe.
 *
 * Whatever happens, a record comes back with a status: nothing here ends the program. Knows no
 * coordinator and no dataset; between steps it looks at a watch, through which its caller may do
 * other things or stop it. Where a point is too large for one rank, all ranks of a grid call
 * together, each with a record of its own: all come to the same.
 */
#ifndef JEPAFLOW_FLOW_FLOW_H
#define JEPAFLOW_FLOW_FLOW_H

#include "jepaflow/model/activation.h"
#include "jepaflow/model/model.h"
#include "jepaflow/sweep/point.h"
#include "jepaflow/sweep/record.h"

/*
 * Who looks on between steps.
 *   look   on all ranks of a grid the same answer
 *   save   keep these bytes, from which the point goes on as if nothing had happened (bdf: within
 *          its tolerance); on a grid each rank has its own, and all ranks call or none. NULL:
 *          nobody keeps them.
 *   saved  bytes to go on from; NULL: from the start. Bytes that are of another point, of a grid of
 *          another shape, or on the ranks of a grid of different steps, are left aside.
 */
typedef struct {
    int (*look)(void *context); /* a jf_wish */
    void (*save)(void *context, const jf_wire *wire);
    jf_wire_reader *saved;
    void *context;
} jf_watch;

/* One flow and how to follow it; all borrowed. */
typedef struct {
    const jf_problem *problem;
    jf_network network;          /* the start; gives objective and depth too */
    const jf_training *training; /* NULL: plain */
    const jf_model_kind *model;
    jf_integrator_choice integrator;
    double tolerance; /* relative error of critical times that is asked for */
    double end;       /* flow time */
    double decay;     /* expected, see ode/integrator.h */
    double patience;  /* evaluations of the right-hand side after which bdf goes on; 0: never */
    double step;      /* of JF_INTEGRATOR_DESCENT: the learning rate; else not read */
    size_t pairs;     /* of each step's batch; 0: the covariances themselves */
    jf_activation activation;
    double probe_ridge;   /* of the probe at each sample (model/probe.h); 0: none */
    int64_t max_steps;    /* then it is given up */
    const double *target; /* d: amplitudes whose first crossing is timed; NaN for none */
} jf_flow;

/*
 * Follow a flow.
 *   watch   may be NULL
 *   record  of at least d features. Read: the times of its samples, ascending, at most `end`.
 *           Filled: all that is measured, its status: done, failed, diverged or stopped; and as
 *           seconds those spent before it was saved.
 */
void jf_flow_integrate(const jf_flow *flow, const jf_watch *watch, jf_record *record);

/*
 * Solve a point of the sweep: its covariances, what the closed form says of their features, then
 * the flow by the point's model and integrator.
 *   grid    whose ranks solve it together; NULL: this one alone
 *   watch   may be NULL
 *   record  of at least as many features as the point's spectrum, and its number of samples;
 *           overwritten
 */
void jf_flow_solve(const jf_point *point, const jf_grid *grid, const jf_watch *watch,
                   jf_record *record);

/*
 * The closed form of the spectrum alone: plateaus, exact and asymptotic critical times, and the
 * cells without one.
 */
void jf_flow_theory(const jf_point *point, jf_record *record);

/*
 * The model of a point: its own, or what `auto` stands for: balanced where all settings leave the
 * flow so. JF_MODEL_THEORY has no entry; JF_MODEL_LAYERS has one for each target of JEPA's.
 */
jf_model_choice jf_flow_model(const jf_point *point);
const jf_model_kind *jf_flow_model_kind(jf_model_choice choice);
const jf_model_kind *jf_flow_kind(const jf_point *point);

/*
 * Pairs that teach a point at each step, 0 where its covariances do. Where they do not, one rank
 * solves it.
 */
size_t jf_flow_pairs(const jf_point *point);

/*
 * The integrator of a point: that of descent for this method; else its own, or for `auto` bdf where
 * all others are predicted to cost far more, else JF_INTEGRATOR_AUTO: erk and rock by turns
 * (ode/automatic.h).
 */
jf_integrator_choice jf_flow_integrator(const jf_point *point, const jf_outlook *outlook);

/* May that integrator hand over to bdf on the way, where it comes out far dearer? */
int jf_flow_may_hand_over(const jf_point *point, const jf_outlook *outlook);

/* The family that is predicted to take most of its steps. */
jf_family jf_flow_family(const jf_point *point, const jf_outlook *outlook);

/* Flow time at which a point ends: that of the outlook; for descent after a whole step. */
double jf_flow_end(const jf_point *point, const jf_outlook *outlook);

/* Right-hand sides that the point is predicted to take with that integrator. */
double jf_flow_evaluations(const jf_point *point, const jf_outlook *outlook);

#endif
