/*
 * vector.h - the state of an integrator as an N_Vector of SUNDIALS.
 *
 * This rank's part of the state, with the operations that the integrators use, each one pass over
 * memory that the compiler turns into vector instructions, a linear combination of any number of
 * vectors included: for narrow networks these passes, not the products, are what a right-hand side
 * costs. Norms and products are those of the whole state, on however many ranks.
 */
#ifndef JEPAFLOW_ODE_VECTOR_H
#define JEPAFLOW_ODE_VECTOR_H

#include "jepaflow/ode/integrator.h"

/*
 * Wrap the state of an equation, which must outlive the vector; its clones own their arrays.
 *   ode      size and state of this rank's part, and the sum over the ranks that share it
 *   context  a SUNContext
 * Returns an N_Vector (as void *, so that this header needs none of SUNDIALS), to be released with
 * N_VDestroy(); NULL where memory is out.
 */
void *jf_vector_wrap(const jf_ode *ode, void *context);

#endif
