/*
 * rock.h - a stabilised explicit Runge-Kutta method of order 4 with as many stages as stability
 * asks for.
 *
 * Abdulle, Fourth order Chebyshev methods with recurrence relation, SIAM J. Sci. Comput. 23 (2002)
 * 2041-2054 (ROCK4). A step of s stages is stable for rates up to 0.35 s^2 / step. For stiff flows
 * that are to be followed more exactly than the method of order 2 of rkc.h can at the same cost.
 */
#ifndef JEPAFLOW_ODE_ROCK_H
#define JEPAFLOW_ODE_ROCK_H

#include "jepaflow/ode/integrator.h"

extern const jf_integrator_kind jf_rock;

#endif
