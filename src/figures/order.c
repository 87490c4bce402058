#include "jepaflow/figures/order.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/figures/map.h"

static double tau(const jf_atlas *a, jf_time_kind kind, const size_t *position, size_t feature)
{
    const jf_place place = {position[JF_P_OBJECTIVE], position[JF_P_DEPTH],
                            position[JF_P_INIT_SCALE], position[JF_P_SPECTRUM]};
    const jf_order order = jf_survey_order(a->survey, kind, &place);

    (void)feature;
    return a->survey->traits[place.spectrum].rho_varies ? order.tau_rho : order.tau_lambda;
}

static void name_order(const jf_atlas *a, size_t spectrum, char text[128])
{
    jf_atlas_spectrum(a, spectrum, text);
    snprintf(text + strlen(text), 128 - strlen(text), ": by %s",
             a->survey->traits[spectrum].rho_varies ? "ρ" : "λ");
}

jf_status jf_order_draw(jf_atlas *a)
{
    jf_map map = {
        .name = "order",
        .what = "order of features, Kendall tau, over depth and init_scale",
        .subtitle = "order in which features are learnt: 1 is higher first, −1 lower first",
        .label = "Kendall tau",
        .x = JF_P_INIT_SCALE,
        .y = JF_P_DEPTH,
        .range = {-1.0, 1.0},
        .value = tau,
        .heading = name_order,
    };

    map.rows = jf_atlas_rows(a, jf_survey_varies);
    if (map.rows.count == 0) {
        return jf_atlas_leave_out(a, map.name, "there is no spectrum whose features differ");
    }
    return jf_map_draw(a, &map);
}
