/*
 * descent.h - steps of one length, y <- y + step f(t, y): explicit Euler, or gradient descent.
 *
 * Where f is minus a gradient, this is training as it is done, with the step as learning rate and
 * time = step x number of steps; f may be random, drawn anew for the time at which it is asked for.
 * Nothing is held to a tolerance: a step that is too long shows by divergence. Between two steps
 * the state is on the straight line through both, and no rate is known there.
 */
#ifndef JEPAFLOW_ODE_DESCENT_H
#define JEPAFLOW_ODE_DESCENT_H

#include "jepaflow/ode/integrator.h"

/* Reads `step` of its jf_ode, which must be above 0. */
extern const jf_integrator_kind jf_descent;

#endif
