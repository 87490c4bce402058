#include "jepaflow/figures/amplification.h"

#include "jepaflow/figures/curves.h"

/*
 * The axis goes no lower than this. Ratios below it are no amplification: the feature of low rho
 * starts just under its threshold, as its plateau is hardly above init_scale.
 */
static const double lowest_ratio = 0.6;

static jf_status exact_ratio(const jf_atlas *a, const jf_place *place, size_t depth,
                             double init_scale, double *ratio)
{
    const jf_traits *t = &a->survey->traits[place->spectrum];
    jf_feature low = jf_survey_feature(a->survey, place, t->at_low_rho);
    jf_feature high = jf_survey_feature(a->survey, place, t->at_high_rho);

    low.depth = high.depth = depth;
    low.init_scale = high.init_scale = init_scale;
    *ratio = jf_atlas_exact_time(a, &low) / jf_atlas_exact_time(a, &high);
    return JF_OK;
}

static jf_status measured_ratio(const jf_atlas *a, const jf_place *place, double *ratio)
{
    *ratio = jf_survey_amplification(a->survey, JF_TIME_MEASURED, place);
    return JF_OK;
}

static void name_ratio(const jf_atlas *a, size_t spectrum, char text[128])
{
    const jf_traits *t = &a->survey->traits[spectrum];

    snprintf(text, 128, ": λ = %.3g, ρ = %.3g over ρ = %.3g", t->low_lambda, t->low_rho,
             t->high_rho);
}

jf_status jf_amplification_draw(jf_atlas *a)
{
    jf_curves c = {
        .name = "amplification",
        .what = "depth amplification, t*(lowest rho) / t*(highest rho), against depth",
        .subtitle = "critical time of the lowest over that of the highest ρ",
        .label = "t*(ρ_{min}) / t*(ρ_{max})",
        .x = JF_P_DEPTH,
        .kind = JF_AXIS_RATIO,
        .lowest = lowest_ratio,
        .reference = 1.0,
        .most_series = 6,
        .exact = exact_ratio,
        .measured = measured_ratio,
        .heading = name_ratio,
    };

    c.rows = jf_atlas_rows(a, jf_survey_has_one_lambda);
    if (c.rows.count == 0) {
        return jf_atlas_leave_out(a, c.name,
                                  "there is no spectrum of one lambda in which rho varies");
    }
    return jf_curves_draw(a, &c);
}
