/*
 * regression.h - y given x, as the covariances of a problem have it.
 *
 *     y = A x + n,   A = Syx Sxx^{-1},   n of covariance C = Syy - A Sxy, independent of x
 *
 * in the problem's basis. Pairs (x, y) with these covariances exist where C has no eigenvalue below
 * 0. Knows no drawing.
 */
#ifndef JEPAFLOW_MODEL_REGRESSION_H
#define JEPAFLOW_MODEL_REGRESSION_H

#include "jepaflow/model/problem.h"

/*
 * Refuse covariances that no pairs have: y would vary less than x explains of it.
 *   least  eigenvalue of C
 *   whole  the variance of y beside which it may be below 0 by rounding
 * JF_ERR_NUMERICS with a message.
 */
jf_status jf_regression_check(double least, double whole);

/*
 * Find A, and C = E diag(values) E^T.
 *   a, e, work  d x d, work overwritten
 *   values      d, ascending; those below 0 by rounding are 0
 * JF_ERR_NUMERICS as above, or where LAPACK fails; on all ranks alike.
 */
jf_status jf_regression_find(const jf_problem *problem, double *a, double *e, double *values,
                             double *work);

#endif
