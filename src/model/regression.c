#include "jepaflow/model/regression.h"

#include <math.h>
#include <string.h>

#include "jepaflow/base/log.h"

/* Of a variance of y, less than -this part is no rounding. */
static const double rounding = 1e-9;

jf_status jf_regression_check(double least, double whole)
{
    return least >= -rounding * whole
               ? JF_OK
               : jf_fail(JF_ERR_NUMERICS,
                         "no pairs have these covariances: y would have a variance of %g beyond "
                         "what x explains, of %g in all; expected Syy - Syx Sxx^-1 Sxy positive "
                         "semi-definite",
                         least, whole);
}

jf_status jf_regression_find(const jf_problem *p, double *a, double *e, double *values,
                             double *work)
{
    const jf_square *s = p->square;
    double whole = 0.0;

    jf_covariance_expand(&p->syx, s, e);
    memcpy(a, e, s->count * sizeof *a);
    jf_problem_scale(p, 0.0, -1.0, a);
    jf_square_multiply(s, JF_PLAIN, JF_TRANSPOSED, a, e, 0.0, work);
    jf_covariance_expand(&p->syy, s, e);
    for (size_t k = 0; k < s->diagonals; k++) {
        whole = fmax(whole, e[s->place[k]]);
    }
    jf_square_largest(s, 1, &whole);
    for (size_t i = 0; i < s->count; i++) {
        e[i] -= work[i];
    }
    JF_TRY(jf_square_symmetric_eigen(s, e, values));
    JF_TRY(jf_regression_check(values[0], whole));
    for (size_t i = 0; i < s->side; i++) {
        values[i] = fmax(values[i], 0.0);
    }
    return JF_OK;
}
