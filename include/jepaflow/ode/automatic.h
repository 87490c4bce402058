/*
 * automatic.h - the explicit pair or the stabilised method, whichever gets further for its
 * evaluations of f.
 *
 * Which of them that is changes on the way: a flow starts without stiffness, and gets stiff once
 * features are learnt, unless these rest so exactly that nothing is left to decay. Where it is
 * known that much is to decay (jf_ode), the stabilised one steps alone. Else it is measured: from
 * time to time the one that waits takes some steps, and stays where they lead further than those of
 * the other did just before. Work is counted in evaluations, never in seconds: the same equation
 * takes the same steps on every machine.
 */
#ifndef JEPAFLOW_ODE_AUTOMATIC_H
#define JEPAFLOW_ODE_AUTOMATIC_H

#include "jepaflow/ode/integrator.h"

extern const jf_integrator_kind jf_automatic;

#endif
