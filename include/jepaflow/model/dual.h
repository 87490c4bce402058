/*
 * dual.h - products of d x d matrices, or of their changes along a direction, by one formula.
 *
 * A right-hand side that is written in duals gives its own directional derivative: walked through
 * for the values first, which stay where they are, then for the changes, by the product rule. Knows
 * no model.
 */
#ifndef JEPAFLOW_MODEL_DUAL_H
#define JEPAFLOW_MODEL_DUAL_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/linalg/square.h"

/* Where a matrix and its change are; borrowed. */
typedef struct {
    double *value;
    double *change;
} jf_dual;

/* What a walk computes. */
typedef enum { JF_VALUE, JF_CHANGE } jf_dual_part;

/* A matrix that is only read. */
static inline jf_dual jf_dual_given(const double *value, const double *change)
{
    return (jf_dual){(double *)(uintptr_t)value, (double *)(uintptr_t)change};
}

/* A matrix that is asked for: its value or its change, whichever is computed. */
static inline jf_dual jf_dual_result(double *here)
{
    return (jf_dual){here, here};
}

static inline double *jf_dual_of(jf_dual_part part, jf_dual a)
{
    return part == JF_VALUE ? a.value : a.change;
}

/*
 * c <- op(a) op(b) + beta c for d x d matrices, op as said by ta and tb.
 *   JF_VALUE   one product
 *   JF_CHANGE  c' <- op(a') op(b) + op(a) op(b') + beta c', two products
 */
void jf_dual_multiply(jf_dual_part part, const jf_square *square, jf_transpose ta, jf_transpose tb,
                      jf_dual a, jf_dual b, double beta, jf_dual c);

#endif
