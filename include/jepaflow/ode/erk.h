/*
 * erk.h - explicit Runge-Kutta of order 5 with an embedded 4 (Dormand, Prince, J. Comput. Appl.
 * Math. 6 (1980)), by SUNDIALS ARKODE's ERKStep. For flows that are not stiff, or not for long.
 */
#ifndef JEPAFLOW_ODE_ERK_H
#define JEPAFLOW_ODE_ERK_H

#include "jepaflow/ode/integrator.h"

extern const jf_integrator_kind jf_erk;

#endif
