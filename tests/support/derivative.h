/*
 * derivative.h - the derivative of a model's right-hand side, held to differences of that
 * right-hand side.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_DERIVATIVE_H
#define JEPAFLOW_TESTS_SUPPORT_DERIVATIVE_H

#include "jepaflow/model/model.h"

/*
 * Largest distance of derivative() from the central difference of order 4 of rate() along a
 * direction, in units of the largest number of that difference. A right-hand side is a polynomial:
 * at numbers of order 1 some 1e-10 of difference and rounding are left.
 */
double derivative_error(const jf_model *model, const double *state, const double *direction);

/*
 * Largest distance of derivative() of a sum 2 x - 3 y from that of its parts, likewise relative.
 * What is left is rounding.
 */
double linearity_error(const jf_model *model, const double *state, const double *x,
                       const double *y);

#endif
