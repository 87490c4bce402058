/*
 * vector.h - the state of an integrator as an N_Vector of SUNDIALS.
 *
 * An array with the operations that the integrators use, each one pass over memory that the
 * compiler turns into vector instructions, a linear combination of any number of vectors included:
 * for narrow networks these passes, not the products, are what a right-hand side costs. Knows no
 * equation.
 */
#ifndef JEPAFLOW_ODE_VECTOR_H
#define JEPAFLOW_ODE_VECTOR_H

#include <stddef.h>

/*
 * Wrap an array of `size` numbers, which must outlive the vector; its clones own theirs.
 *   context  a SUNContext
 * Returns an N_Vector (as void *, so that this header needs none of SUNDIALS), to be released with
 * N_VDestroy(); NULL where memory is out.
 */
void *jf_vector_wrap(size_t size, double *data, void *context);

#endif
