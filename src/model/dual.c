#include "jepaflow/model/dual.h"

void jf_dual_multiply(jf_dual_part part, const jf_square *square, jf_transpose ta, jf_transpose tb,
                      jf_dual a, jf_dual b, double beta, jf_dual c)
{
    if (part == JF_VALUE) {
        jf_square_multiply(square, ta, tb, a.value, b.value, beta, c.value);
    } else {
        jf_square_multiply(square, ta, tb, a.change, b.value, beta, c.change);
        jf_square_multiply(square, ta, tb, a.value, b.change, 1.0, c.change);
    }
}
