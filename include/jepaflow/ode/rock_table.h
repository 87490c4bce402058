/*
 * rock_table.h - the coefficients of the methods of rock.h, one for each number of stages.
 *
 * A step of length h from y, in sums over earlier values of f only:
 *
 *     g_0 = y,  g_1 = y + mu_1 h f(y),
 *     g_j = mu_j h f(g_{j-1}) + nu_j g_{j-1} + (1 - nu_j) g_{j-2}        j = 2 .. s - 4
 *     U_i = g + h sum_{k<i} a_ik f(U_k)                                  g = g_{s-4}, i = 1 .. 4
 *     y_new = g + h sum_i b_i f(U_i),  error = e_0 (g - y) + h sum_i e_i f(U_i)
 *
 * of order 4, the error's leading term being of order h^4. Written by src/ode/rock_table.py, which
 * derives them. Knows no equation.
 */
#ifndef JEPAFLOW_ODE_ROCK_TABLE_H
#define JEPAFLOW_ODE_ROCK_TABLE_H

#include <stddef.h>

typedef struct {
    int stages;                    /* s */
    double reach;                  /* stable for h times the spectral radius up to this */
    double gain;                   /* of rounding of g in y_new, at the end of that interval */
    const double (*recurrence)[2]; /* {mu_j, nu_j}, j = 1 .. s - 4 */
    double inner[6];               /* a_21, a_31, a_32, a_41, a_42, a_43 */
    double outer[4];               /* b_i */
    double error[5];               /* e_0 .. e_4 */
} jf_rock_method;

/* All there are, with more stages each; *count is their number. */
const jf_rock_method *jf_rock_table(size_t *count);

#endif
