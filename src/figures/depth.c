#include "jepaflow/figures/depth.h"

#include "jepaflow/figures/scaling.h"

jf_status jf_depth_draw(jf_atlas *a)
{
    jf_curves c = jf_scaling_curves(a, JF_P_DEPTH);

    c.name = "depth";
    c.what = "critical times against depth";
    return jf_curves_draw(a, &c);
}
