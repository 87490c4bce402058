/*
 * data.h - the covariances of a point, from what its data are said to be.
 *
 * Under the assumption of the theory (angle and asymmetry 0) Sxx = diag(lambda/rho) and
 * Syx = diag(lambda) share eigenvectors. Departures from it:
 *
 *     Syx = Q (diag(lambda) + asymmetry J) Q^T,
 *     Q = G_1 G_2 ... G_{d-1},  G_i turns the plane (i, i+1) by `angle`: c = cos, s = sin,
 *         Q_ij = c_{i-1} (-s)^{j-i} c_j for i <= j,  Q_{i+1,i} = s,  else 0
 *         (c_0 = c_d = 1, all others c),
 *     J_{i,i+1} = sqrt(lambda_i lambda_{i+1}) = -J_{i+1,i}, else 0,
 *     Syy = Syx Sxx^{-1} Syx^T + C,  C the noise of y under the assumption,
 *
 * that is y = Syx Sxx^{-1} x and the same noise, so that a joint distribution always exists; at
 * angle and asymmetry 0 it is that of jf_problem_init_shared(). Or the covariances are those of
 * data. Of either, a finite number of pairs may be drawn (pairs.h). Knows no sweep.
 */
#ifndef JEPAFLOW_MODEL_DATA_H
#define JEPAFLOW_MODEL_DATA_H

#include <stdint.h>

#include "jepaflow/model/moments.h"
#include "jepaflow/model/problem.h"

/* All borrowed. */
typedef struct {
    const double *lambda, *rho; /* d each, positive; not read where there are moments */
    const jf_moments *moments;  /* of data; NULL: covariances are made of lambda and rho */
    double angle;               /* radians */
    double asymmetry;
    double pairs;       /* drawn; INFINITY: the population's covariances */
    uint64_t seed, key; /* address of the draws */
} jf_data;

/* Is it the population, and do its Sxx and Syx share the eigenvectors that features stand in? */
int jf_data_is_shared(const jf_data *data);

/*
 * The problem of such data.
 *   square  of d x d matrices; must outlive the problem
 *   out     release with jf_problem_clear(); left empty on failure
 * JF_ERR_NUMERICS, with a message, where Sxx is not positive definite or pairs cannot be drawn;
 * JF_ERR_MEMORY. On all ranks alike.
 */
jf_status jf_data_problem(const jf_data *data, const jf_square *square, jf_problem *out);

#endif
