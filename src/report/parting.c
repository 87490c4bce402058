#include "jepaflow/report/parting.h"

#include <math.h>

/* The value of the axis that is an objective; the axis' extent where none is. */
static size_t find_objective(const jf_survey *survey, jf_objective objective)
{
    const size_t extent = survey->dataset->axis[JF_P_OBJECTIVE].extent;

    for (size_t k = 0; k < extent; k++) {
        if (jf_survey_objective(survey, k) == objective) {
            return k;
        }
    }
    return extent;
}

jf_ranking jf_parting_likeness(const jf_survey *survey, jf_time_kind kind, const jf_place *place)
{
    const size_t features = survey->dataset->features;
    const size_t extent = survey->dataset->axis[JF_P_OBJECTIVE].extent;
    jf_place jepa = *place, mae = *place;

    jepa.objective = find_objective(survey, JF_JEPA);
    mae.objective = find_objective(survey, JF_MAE);
    if (jepa.objective == extent || mae.objective == extent) {
        return (jf_ranking){.tau = NAN};
    }
    return jf_statistics_ranking(survey->traits[place->spectrum].features,
                                 survey->time[kind] + jf_survey_point(survey, &jepa) * features,
                                 survey->time[kind] + jf_survey_point(survey, &mae) * features,
                                 jf_survey_slack(survey, kind));
}

jf_parting jf_parting_find(const jf_survey *survey, jf_time_kind kind, const jf_place *place)
{
    const jf_axis *axis = &survey->dataset->axis[JF_P_DEPTH];
    jf_parting parting = {.parted = NAN, .opposed = NAN};
    jf_place at = *place;

    for (size_t k = 0; k < axis->extent; k++) {
        at.depth = survey->depths[k];
        const jf_ranking r = jf_parting_likeness(survey, kind, &at);
        parting.depths += r.concordant + r.discordant > 0;
        if (r.discordant > 0 && isnan(parting.parted)) {
            parting.parted = axis->values[at.depth];
        }
        if (r.discordant > 0 && r.concordant == 0 && isnan(parting.opposed)) {
            parting.opposed = axis->values[at.depth];
        }
    }
    return parting;
}
