#include "jepaflow/figures/greedy.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/figures/curves.h"
#include "jepaflow/report/separation.h"
#include "jepaflow/report/statistics.h"

/* A feature's critical time and rise, flow time. */
typedef struct {
    double time, rise;
} event;

static int by_time(const void *a, const void *b)
{
    const double x = ((const event *)a)->time, y = ((const event *)b)->time;

    return (x > y) - (x < y);
}

/* As jf_separation_find() has it of a place, here of any depth and init_scale. */
static jf_status median_separation(event *events, size_t count, double *separation)
{
    double *separations = malloc((count + 1) * sizeof *separations);

    if (separations == NULL) {
        return jf_fail_memory("the separation of features");
    }
    qsort(events, count, sizeof *events, by_time);
    for (size_t k = 0; k + 1 < count; k++) {
        const event *e = &events[k];
        separations[k] = 2.0 * (e[1].time - e[0].time) / (e[1].rise + e[0].rise);
    }
    *separation = jf_statistics_median(count > 0 ? count - 1 : 0, separations);
    free(separations);
    return JF_OK;
}

static jf_status exact_separation(const jf_atlas *a, const jf_place *place, size_t depth,
                                  double init_scale, double *separation)
{
    const size_t features = a->survey->traits[place->spectrum].features;
    event *events = malloc(features * sizeof *events);
    size_t count = 0;

    if (events == NULL) {
        return jf_fail_memory("the separation of features");
    }
    for (size_t i = 0; i < features; i++) {
        jf_feature feature = jf_survey_feature(a->survey, place, i);
        feature.depth = depth;
        feature.init_scale = init_scale;
        const event e = {jf_atlas_exact_time(a, &feature), jf_separation_rise(&feature)};
        if (!isnan(e.time) && !isnan(e.rise)) {
            events[count++] = e;
        }
    }
    const jf_status status = median_separation(events, count, separation);
    free(events);
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
