#include "jepaflow/report/separation.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"

double jf_separation_rise(const jf_feature *feature)
{
    double begin, end;

    if (jf_feature_critical_time(feature, 0.9, &end) != JF_REACHED) {
        return NAN;
    }
    return jf_feature_critical_time(feature, 0.1, &begin) == JF_REACHED ? end - begin : end;
}

static int by_time(const void *a, const void *b)
{
    const jf_rise *x = a, *y = b;

    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->feature > y->feature) - (x->feature < y->feature);
}

/* Those with a time and a rise, first and by time; returns how many there are. */
static size_t sort_out(jf_rise *rises, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!isnan(rises[i].time) && !isnan(rises[i].rise)) {
            rises[kept++] = rises[i];
        }
    }
    qsort(rises, kept, sizeof *rises, by_time);
    return kept;
}

/* The separations of neighbours, of which there are count - 1 > 0. */
static void compare(const jf_rise *rises, size_t count, double *separations, jf_separation *out)
{
    out->pairs = count - 1;
    for (size_t k = 0; k + 1 < count; k++) {
        const jf_rise *r = &rises[k];
        separations[k] = 2.0 * (r[1].time - r[0].time) / (r[1].rise + r[0].rise);
        if (!(separations[k] >= out->least)) {
            out->least = separations[k];
            out->earlier = r[0].feature;
            out->later = r[1].feature;
        }
    }
    out->median = jf_statistics_median(out->pairs, separations);
    out->most = separations[out->pairs - 1]; /* they are sorted now */
}

jf_status jf_separation_of(jf_rise *rises, size_t count, jf_separation *out)
{
    *out = (jf_separation){.least = NAN, .median = NAN, .most = NAN};
    count = sort_out(rises, count);
    if (count < 2) {
        return JF_OK;
    }
    double *separations = malloc((count - 1) * sizeof *separations);
    if (separations == NULL) {
        return jf_fail_memory("the separation of features");
    }
    compare(rises, count, separations, out);
    free(separations);
    return JF_OK;
}

jf_status jf_separation_find(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                             jf_separation *out)
{
    const size_t features = survey->traits[place->spectrum].features;
    jf_rise *rises = malloc(features * sizeof *rises);

    if (rises == NULL) {
        return jf_fail_memory("the separation of features");
    }
    for (size_t i = 0; i < features; i++) {
        const jf_feature feature = jf_survey_feature(survey, place, i);
        rises[i] =
            (jf_rise){jf_survey_time(survey, kind, place, i), jf_separation_rise(&feature), i};
    }
    const jf_status status = jf_separation_of(rises, features, out);
    free(rises);
    return status;
}

/* Where a line from (ln x0, y0) to (ln x1, y1) is 1. */
static double find_one(double x0, double y0, double x1, double y1)
{
    return x0 * pow(x1 / x0, (y0 - 1.0) / (y0 - y1));
}

jf_status jf_separation_end(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                            jf_greed *greed, double *scale)
{
    const jf_axis *axis = &survey->dataset->axis[JF_P_INIT_SCALE];
    jf_place at = *place;
    jf_separation s;
    double before = NAN, before_scale = NAN;

    *greed = JF_GREEDY_UNKNOWN;
    *scale = NAN;
    for (size_t k = 0; k < axis->extent; k++) {
        at.init_scale = survey->init_scales[k];
        JF_TRY(jf_separation_find(survey, kind, &at, &s));
        if (s.pairs == 0) {
            continue;
        }
        if (!(s.least > 1.0)) {
            *greed = isnan(before) ? JF_GREEDY_NEVER : JF_GREEDY_UNTIL;
            *scale = find_one(before_scale, before, axis->values[at.init_scale], s.least);
            return JF_OK;
        }
        *greed = JF_GREEDY_ALWAYS;
        before = s.least;
        before_scale = axis->values[at.init_scale];
    }
    return JF_OK;
}
