#include "jepaflow/figures/scaling.h"

#include <math.h>

static jf_status exact_time(const jf_atlas *a, const jf_place *place, size_t depth,
                            double init_scale, double *time)
{
    jf_feature feature = jf_survey_feature(a->survey, place, jf_atlas_feature(a, place->spectrum));

    feature.depth = depth;
    feature.init_scale = init_scale;
    *time = jf_atlas_exact_time(a, &feature);
    return JF_OK;
}

static jf_status measured_time(const jf_atlas *a, const jf_place *place, double *time)
{
    *time =
        jf_survey_time(a->survey, JF_TIME_MEASURED, place, jf_atlas_feature(a, place->spectrum));
    return JF_OK;
}

jf_curves jf_scaling_curves(const jf_atlas *a, jf_parameter_id x)
{
    jf_curves c = {
        .subtitle = "critical time of one feature, flow time",
        .label = "critical time t*",
        .x = x,
        .kind = JF_AXIS_LOG,
        .lowest = -INFINITY,
        .reference = NAN,
        .most_series = JF_ATLAS_SERIES,
        .exact = exact_time,
        .measured = measured_time,
        .heading = jf_atlas_one_feature,
    };

    c.rows = jf_atlas_rows(a, NULL);
    return c;
}

jf_status jf_scaling_draw(jf_atlas *a)
{
    jf_curves c = jf_scaling_curves(a, JF_P_INIT_SCALE);

    c.name = "scaling";
    c.what = "critical times against init_scale";
    return jf_curves_draw(a, &c);
}
