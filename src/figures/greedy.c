#include "jepaflow/figures/greedy.h"

#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/curves.h"
#include "jepaflow/report/separation.h"

/* At any depth and init_scale. */
static jf_status exact_separation(const jf_atlas *a, const jf_place *place, size_t depth,
                                  double init_scale, double *separation)
{
    const size_t features = a->survey->traits[place->spectrum].features;
    jf_rise *rises = malloc(features * sizeof *rises);
    jf_separation s;

    if (rises == NULL) {
        return jf_fail_memory("the separation of features");
    }
    for (size_t i = 0; i < features; i++) {
        jf_feature feature = jf_survey_feature(a->survey, place, i);
        feature.depth = depth;
        feature.init_scale = init_scale;
        rises[i] = (jf_rise){jf_atlas_exact_time(a, &feature), jf_separation_rise(&feature), i};
    }
    const jf_status status = jf_separation_of(rises, features, &s);
    *separation = s.median;
    free(rises);
    return status;
}

static jf_status measured_separation(const jf_atlas *a, const jf_place *place, double *separation)
{
    jf_separation s;

    JF_TRY(jf_separation_find(a->survey, JF_TIME_MEASURED, place, &s));
    *separation = s.median;
    return JF_OK;
}

static int has_two_features(const jf_traits *t)
{
    return t->features > 1;
}

jf_status jf_greedy_draw(jf_atlas *a)
{
    jf_curves c = {
        .name = "greedy",
        .what = "separation of features learnt one after the other",
        .subtitle = "gap of successive critical times over their rise times (10 to 90 %), median "
                    "of all pairs",
        .label = "separation",
        .x = a->axis[JF_P_INIT_SCALE].count > 1 ? JF_P_INIT_SCALE : JF_P_DEPTH,
        .kind = JF_AXIS_RATIO,
        .lowest = 1e-3,
        .reference = 1.0,
        .most_series = JF_ATLAS_SERIES,
        .exact = exact_separation,
        .measured = measured_separation,
        .heading = jf_atlas_spectrum,
    };

    c.rows = jf_atlas_rows(a, has_two_features);
    if (c.rows.count == 0) {
        return jf_atlas_leave_out(a, c.name, "there is no spectrum of two features");
    }
    if (a->axis[c.x].count < 2) {
        return jf_atlas_leave_out(a, c.name, "there is one depth and one init_scale only");
    }
    return jf_curves_draw(a, &c);
}
