#include "jepaflow/figures/heatmap.h"

#include <math.h>

#include "jepaflow/figures/map.h"

static int of_features(const jf_atlas *a)
{
    return a->map[0] == a->dataset->axes || a->map[1] == a->dataset->axes;
}

/* A spectrum may have fewer features: its last is taken, but on an axis of features a hole. */
static double time_of(const jf_atlas *a, jf_time_kind kind, const size_t *position, size_t feature)
{
    const size_t point = jf_dataset_index(a->dataset, position);
    const size_t spectrum = position[JF_P_SPECTRUM];

    if (!of_features(a)) {
        feature = jf_atlas_feature(a, spectrum);
    }
    return feature < a->survey->traits[spectrum].features
               ? a->survey->time[kind][point * a->dataset->features + feature]
               : NAN;
}

jf_status jf_heatmap_draw(jf_atlas *a)
{
    jf_map map = {
        .name = "heatmap",
        .what = "critical times over two axes",
        .subtitle = of_features(a) ? "critical times" : "critical time of one feature",
        .label = "t* (flow time)",
        .x = a->map[0],
        .y = a->map[1],
        .logarithmic = 1,
        .range = {1.0, 0.0},
        .value = time_of,
        .heading = of_features(a) ? jf_atlas_spectrum : jf_atlas_one_feature,
    };

    map.rows = jf_atlas_rows(a, NULL);
    return jf_map_draw(a, &map);
}
