/*
 * matrices.h - matrices made and multiplied without any library, to hold those of the library
 * against.
 *
 * Bare arrays, column by column, d x d unless said otherwise. Numbers come from a small generator
 * of their own, so that they do not depend on what is tested.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_MATRICES_H
#define JEPAFLOW_TESTS_SUPPORT_MATRICES_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/model/problem.h"

/* Fill with numbers uniform in (-1, 1); the same seed gives the same numbers. */
void fill_uniform(uint64_t seed, size_t count, double *values);

/*
 * c <- op(a) op(b) by three loops; ta, tb != 0 transpose. op(a) m x k, op(b) k x n, in long double.
 */
void naive_multiply(int ta, int tb, size_t m, size_t n, size_t k, const double *a, const double *b,
                    double *c);

/* A random orthogonal matrix, by Gram and Schmidt, twice. */
void fill_orthogonal(uint64_t seed, size_t d, double *q);

/* A random symmetric matrix with eigenvalues from low to high, evenly spaced. */
void fill_symmetric(uint64_t seed, size_t d, double low, double high, double *s);

/* Largest |a - b| over count elements; NaN if one is. */
double largest_difference(size_t count, const double *a, const double *b);
double largest(size_t count, const double *a);

/* d x d matrices that one rank has whole; the test program's to its end. */
const jf_square *whole(size_t d);

/* Dense d x d arrays of a problem's covariances, from whichever form it holds them in. */
void expand_variance(const jf_problem *problem, double *sxx);
void expand_covariance(const jf_covariance *covariance, size_t d, double *dense);

/*
 * Covariances that do not commute: Sxx, Syx and Syy of random pairs (x, y = A x + noise), A not
 * symmetric where skew is not 0; and their problem. Fails the test that calls it if it cannot be
 * made.
 */
void make_general_covariances(uint64_t seed, size_t d, double skew, double *sxx, double *syx,
                              double *syy);
void make_general_problem(uint64_t seed, size_t d, double skew, jf_problem *out);

#endif
