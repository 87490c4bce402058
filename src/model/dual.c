#include "jepaflow/model/dual.h"

void jf_dual_multiply(jf_dual_part part, size_t d, jf_transpose ta, jf_transpose tb, jf_dual a,
                      jf_dual b, double beta, jf_dual c)
{
    if (part == JF_VALUE) {
        jf_blas_multiply(ta, tb, d, d, d, 1.0, a.value, b.value, beta, c.value);
    } else {
        jf_blas_multiply(ta, tb, d, d, d, 1.0, a.change, b.value, beta, c.change);
        jf_blas_multiply(ta, tb, d, d, d, 1.0, a.value, b.change, 1.0, c.change);
    }
}
