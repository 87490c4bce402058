/*
 * sundials.h - what the integrators by SUNDIALS share: its context, its silence, its version.
 *
 * SUNDIALS's own types pass as void *, so that this header needs none of its own.
 */
#ifndef JEPAFLOW_ODE_SUNDIALS_H
#define JEPAFLOW_ODE_SUNDIALS_H

#include "jepaflow/ode/integrator.h"

/* The version of SUNDIALS that serves, "6.4.1". */
const char *jf_sundials_version(void);

/*
 * A SUNContext that writes nothing: failures are returned. NULL where it cannot be made; to be
 * released with SUNContext_Free().
 */
void *jf_sundials_context(void);

/*
 * An error handler that does nothing. SUNDIALS 6 writes to stderr unless each integrator is given
 * one.
 */
void jf_sundials_ignore(int code, const char *module, const char *function, char *message,
                        void *data);

/*
 * Is there memory for so many vectors of this rank's part of the state? To be asked before SUNDIALS
 * makes them, which does not survive one that it cannot have. JF_ERR_MEMORY.
 */
jf_status jf_sundials_has_room(const jf_ode *ode, size_t vectors);

/*
 * The weights of the numbers' errors. SUNDIALS takes the mean over all numbers, in which the few
 * that are not 0 would count the less the wider the network is; with the root of their number, the
 * tolerances bound the sum, hence each of them.
 *   state, weights  N_Vectors
 */
void jf_sundials_weights(const jf_ode *ode, void *state, void *weights);

/*
 * f, as SUNDIALS asks for it.
 *   state, rate  this rank's numbers
 * Returns 0, or 1 where not all of the rate's numbers are finite on all ranks: the step was too
 * long.
 */
int jf_sundials_evaluate(const jf_ode *ode, double t, const double *state, double *rate);

#endif
