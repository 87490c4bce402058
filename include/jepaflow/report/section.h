/*
 * section.h - a section of a report: a table's form, and how it is filled from the findings; and
 * what sections share.
 *
 * The modules that tell of one thing list their sections (told_points.h, told_learning.h,
 * told_ranks.h); the report goes through the lists. Knows no format.
 */
#ifndef JEPAFLOW_REPORT_SECTION_H
#define JEPAFLOW_REPORT_SECTION_H

#include "jepaflow/report/findings.h"
#include "jepaflow/report/table.h"

typedef struct {
    jf_form form;
    jf_status (*fill)(const jf_findings *findings, jf_table *table); /* an empty one */
    int on_demand; /* 1: told only where it is asked for */
} jf_section;

/*
 * Fill the table of a section. Fails as its fill(), or with JF_ERR_MEMORY.
 *   table  release with jf_table_clear(), in any case
 */
jf_status jf_section_fill(const jf_section *section, const jf_findings *findings, jf_table *table);

/* Most depths that people are shown. */
#define JF_SECTION_DEPTHS 8

/* Whether value k of `extent` is among JF_SECTION_DEPTHS that are evenly spread. */
int jf_section_is_spread(size_t k, size_t extent);

/*
 * Go through the chosen places: spectra, objectives, depths in ascending order and, inside, with
 * `scales`, init_scales in ascending order.
 *   takes  whether a spectrum is among them; NULL for all
 *   each   called with `aside` 1 at depths that people are spared (JF_SECTION_DEPTHS, evenly
 *          spread, are shown); its failure ends the walk
 */
typedef struct {
    int scales;
    int (*takes)(const jf_traits *traits);
    jf_status (*each)(const jf_findings *findings, const jf_place *place, int aside,
                      jf_table *table);
} jf_walk;
jf_status jf_section_walk(const jf_findings *findings, const jf_walk *walk, jf_table *table);

/* Begin the row of a place: spectrum, objective, depth and, with `scales`, init_scale. */
void jf_section_begin(const jf_findings *findings, const jf_place *place, int scales, int aside,
                      jf_table *table);

/* In a form: all columns of an array. */
#define JF_SECTION_COLUMNS(array) .columns = (array), .width = sizeof(array) / sizeof((array)[0])

/* The columns that jf_section_begin() fills. */
#define JF_SECTION_PLACE                                                                           \
    {"spectrum", "", "name of the spectrum", JF_COLUMN_TEXT, 0, 0},                                \
        {"objective", "", "jepa or mae", JF_COLUMN_TEXT, 0, 0},                                    \
    {                                                                                              \
        "depth", "1", "encoder layers L", JF_COLUMN_COUNT, 0, 0                                    \
    }
#define JF_SECTION_SCALE                                                                           \
    {                                                                                              \
        "init_scale", "1", "eps, the projections' scale at the start", JF_COLUMN_GENERAL, 4, 0     \
    }

#endif
