/*
 * bdf.h - backward differentiation formulas of order 1 to 5, by SUNDIALS CVODE: implicit.
 *
 * Each step solves its equation by Newton's method, whose linear systems GMRES solves with the
 * exact derivative of f and no matrix. No decay, however fast, limits the step: for flows whose
 * stiffness is beyond any explicit method, and for tight tolerances.
 */
#ifndef JEPAFLOW_ODE_BDF_H
#define JEPAFLOW_ODE_BDF_H

#include "jepaflow/ode/integrator.h"

/* Where the equation brings no derivative, differences of f stand for it. */
extern const jf_integrator_kind jf_bdf;

/*
 * Vectors of the state's size that it holds at most, its Krylov basis among them, where the state
 * has `total` numbers on all ranks.
 */
size_t jf_bdf_vectors(double total);

#endif
