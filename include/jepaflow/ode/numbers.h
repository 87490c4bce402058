/*
 * numbers.h - the passes over memory that integrators make, each fused into one.
 *
 * For narrow networks these, not the products, are what a right-hand side costs. On processors with
 * wider vector registers than the compiler was told of, the loops run in a second version made for
 * them, with the same results in every bit: nothing is contracted or reordered. Knows no equation,
 * no ranks.
 */
#ifndef JEPAFLOW_ODE_NUMBERS_H
#define JEPAFLOW_ODE_NUMBERS_H

#include <stddef.h>

/*
 * out <- sum_k c[k] x[k], each x[k] and out of n numbers; out may be one of the x[k].
 *   count  at least 1; terms whose c is 0 are not read
 */
void jf_numbers_combine(size_t n, size_t count, const double *c, const double *const *x,
                        double *out);

/* out <- 1 / (relative |y| + absolute): the weights of an error. */
void jf_numbers_weights(size_t n, double relative, double absolute, const double *y, double *out);

/* Sums over n numbers: of x, x y, (x w)^2. */
double jf_numbers_sum(size_t n, const double *x);
double jf_numbers_dot(size_t n, const double *x, const double *y);
double jf_numbers_weighted_squares(size_t n, const double *x, const double *w);

/*
 * The square of the weighted size of an error e = sum_k c[k] x[k] against the states y and z at the
 * ends of a step: the sum of (e / (relative max(|y|, |z|) + absolute))^2.
 */
double jf_numbers_error(size_t n, size_t count, const double *c, const double *const *x,
                        double relative, double absolute, const double *y, const double *z);

#endif
