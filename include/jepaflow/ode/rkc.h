/*
 * rkc.h - Runge-Kutta-Chebyshev of order 2: explicit, with as many stages as stability asks for.
 *
 * Sommeijer, Shampine, Verwer, RKC: an explicit solver for parabolic PDEs, J. Comput. Appl. Math.
 * 88 (1998) 315-326. A step of s stages is stable for rates up to about 0.65 s^2 / step, so that
 * decay that nobody watches costs the square root of what it costs a classical method. For flows
 * whose features were learnt long before the last one.
 */
#ifndef JEPAFLOW_ODE_RKC_H
#define JEPAFLOW_ODE_RKC_H

#include "jepaflow/ode/integrator.h"

extern const jf_integrator_kind jf_rkc;

#endif
