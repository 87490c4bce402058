/*
 * radius.h - the spectral radius of df/dy, by which stabilised integrators choose their stages, and
 * the length of a first step.
 *
 * The nonlinear power method: no derivative is asked for. Where ranks share the state all of them
 * call these. Knows no method of integration.
 */
#ifndef JEPAFLOW_ODE_RADIUS_H
#define JEPAFLOW_ODE_RADIUS_H

#include <stdint.h>

#include "jepaflow/ode/integrator.h"

/* An estimate and what the next one begins with. */
typedef struct {
    double value;      /* with a margin */
    double *direction; /* towards the dominant eigenvector; 0 before the first. Borrowed. */
    int due;           /* it is to be estimated before the next attempt at a step */
    int64_t steps;     /* taken with this estimate */
    int64_t known_at;  /* evaluations there had been when it was found */
} jf_radius;

/* Where an integrator is, and room to work in: ode->size numbers each. */
typedef struct {
    const jf_ode *ode;
    double time;
    const double *state, *rate; /* y, f(time, y) */
    double *work[2];
    int64_t *evaluations; /* of f, counted on */
} jf_radius_place;

/*
 * Estimate anew: the growth of a small perturbation of y tends to the magnitude of the largest
 * eigenvalue. Returns 0 where f is not finite, and leaves the estimate as it was.
 */
int jf_radius_estimate(jf_radius *radius, const jf_radius_place *place);

/*
 * After each step, with all evaluations so far: has the radius estimated after so many of either.
 */
void jf_radius_step(jf_radius *radius, int64_t evaluations);

/* After each failed attempt: where the estimate is old, that may have been the fault. */
void jf_radius_failure(jf_radius *radius);

/*
 * The length of a first step: such that the change of f along an Euler step of that length, a
 * measure of the second derivative, is a hundredth of the tolerance; at most to the end.
 */
double jf_radius_first_step(const jf_radius *radius, const jf_radius_place *place);

/* The Euclidean norm of a vector of the equation's size, over all ranks. */
double jf_radius_norm(const jf_ode *ode, const double *x);

#endif
