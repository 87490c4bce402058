#include "jepaflow/report/section.h"

#include "jepaflow/report/statistics.h"

jf_status jf_section_fill(const jf_section *section, const jf_findings *findings, jf_table *table)
{
    jf_table_init(&section->form, table);
    JF_TRY(section->fill(findings, table));
    return jf_table_check(table);
}

int jf_section_is_spread(size_t k, size_t extent)
{
    if (extent <= JF_SECTION_DEPTHS) {
        return 1;
    }
    for (size_t i = 0; i < JF_SECTION_DEPTHS; i++) {
        if (k == jf_statistics_spread(i, JF_SECTION_DEPTHS, extent)) {
            return 1;
        }
    }
    return 0;
}

static jf_status walk_scales(const jf_findings *f, const jf_walk *walk, jf_place place, int aside,
                             jf_table *table)
{
    const size_t extent = f->dataset->axis[JF_P_INIT_SCALE].extent;

    for (size_t k = 0; k < (walk->scales ? extent : 1); k++) {
        place.init_scale = f->survey.init_scales[k];
        JF_TRY(walk->each(f, &place, aside, table));
    }
    return JF_OK;
}

static jf_status walk_spectrum(const jf_findings *f, const jf_walk *walk, size_t spectrum,
                               jf_table *table)
{
    const size_t objectives = f->dataset->axis[JF_P_OBJECTIVE].extent;
    const size_t depths = f->dataset->axis[JF_P_DEPTH].extent;

    for (size_t o = 0; o < objectives; o++) {
        for (size_t d = 0; d < depths; d++) {
            const jf_place place = {o, f->survey.depths[d], 0, spectrum};
            JF_TRY(walk_scales(f, walk, place, !jf_section_is_spread(d, depths), table));
        }
    }
    return JF_OK;
}

jf_status jf_section_walk(const jf_findings *findings, const jf_walk *walk, jf_table *table)
{
    for (size_t s = 0; s < findings->dataset->axis[JF_P_SPECTRUM].extent; s++) {
        if (walk->takes == NULL || walk->takes(&findings->survey.traits[s])) {
            JF_TRY(walk_spectrum(findings, walk, s, table));
        }
    }
    return JF_OK;
}

void jf_section_begin(const jf_findings *findings, const jf_place *place, int scales, int aside,
                      jf_table *table)
{
    const jf_axis *axis = findings->dataset->axis;

    jf_table_begin(table, aside);
    jf_table_text(table, axis[JF_P_SPECTRUM].labels[place->spectrum]);
    jf_table_text(table, axis[JF_P_OBJECTIVE].labels[place->objective]);
    jf_table_number(table, axis[JF_P_DEPTH].values[place->depth]);
    if (scales) {
        jf_table_number(table, axis[JF_P_INIT_SCALE].values[place->init_scale]);
    }
}
