/*
 * problem.h - the data that a network learns from: its covariances, and the features in them.
 *
 *     Sxx = E[x x^T],  Syx = E[y x^T],  Syy = E[y y^T],  d x d
 *
 * Everything is held in the eigenbasis of Sxx, where Sxx = diag(variance) scales columns and, for
 * shared eigenvectors, so does Syx. Matrices may be spread over a grid of ranks (linalg/square.h):
 * then d x d means this rank's part, and all ranks call. Knows no network and no objective.
 */
#ifndef JEPAFLOW_MODEL_PROBLEM_H
#define JEPAFLOW_MODEL_PROBLEM_H

#include <stddef.h>

#include "jepaflow/base/status.h"
#include "jepaflow/linalg/square.h"

/* A covariance; owned. One of the two is NULL. */
typedef struct {
    double *diagonal; /* d, on every rank */
    double *dense;    /* d x d */
} jf_covariance;

typedef struct {
    const jf_square *square; /* how d x d matrices lie; borrowed */
    size_t d;                /* its side */
    double *variance;        /* d: eigenvalues s_i of Sxx, positive */
    jf_covariance syx;       /* E[y x^T] */
    jf_covariance syy;       /* E[y y^T] */
    int shared;              /* Sxx and Syx share eigenvectors: the features are the basis */
    double *features;        /* d x d: unit feature vectors e_i as columns */
    double *lambda;          /* d: e_i^T Syx e_i */
    double *rho;             /* d: regression coefficients */
} jf_problem;

/*
 * Shared eigenvectors: Syx = diag(lambda), Sxx = diag(lambda/rho), features in the order given.
 * Syy is that of views with the same marginal, Syy = Sxx, where rho_i <= 1; where rho_i > 1 it is
 * lambda_i rho_i, the least variance that a joint distribution allows.
 *   square       must outlive the problem
 *   lambda, rho  d positive numbers each, copied
 *   out          release with jf_problem_clear(); left empty on failure
 * Fails on all ranks alike.
 */
jf_status jf_problem_init_shared(const jf_square *square, const double *lambda, const double *rho,
                                 jf_problem *out);

/*
 * Any covariances: rotates them into the eigenbasis of Sxx; features are the unit generalised
 * eigenvectors of (sym Syx, Sxx), by descending rho.
 *   sxx, syx, syy  d x d; Sxx positive definite (else JF_ERR_NUMERICS), Syy positive semi-definite
 * Fails on all ranks alike.
 */
jf_status jf_problem_init_general(const jf_square *square, const double *sxx, const double *syx,
                                  const double *syy, jf_problem *out);

/* The same where Sxx = diag(variance): d positive numbers, the basis in which it all stands. */
jf_status jf_problem_init_scaled(const jf_square *square, const double *variance, const double *syx,
                                 const double *syy, jf_problem *out);

void jf_problem_clear(jf_problem *problem);

void jf_covariance_clear(jf_covariance *s);

/* out <- S, d x d. */
void jf_covariance_expand(const jf_covariance *s, const jf_square *square, double *out);

/* out <- a S for a d x d matrix a; out must not overlap a. One product where S is dense. */
void jf_covariance_apply(const jf_covariance *s, const jf_square *square, const double *a,
                         double *out);

/* a_ij <- a_ij s_i^{of_rows} s_j^{of_columns}, d x d: Sxx^{of_rows} a Sxx^{of_columns}. */
void jf_problem_scale(const jf_problem *problem, double of_rows, double of_columns, double *a);

/*
 * What a d x d matrix makes of the features.
 *   work    d x d, overwritten where the features are not the basis
 * Returns a E, whose column i is a e_i: `a` itself where the features are the basis, else `work`.
 */
const double *jf_problem_on_features(const jf_problem *problem, const double *a, double *work);

#endif
