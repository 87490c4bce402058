/*
 * parting.h - the depth at which JEPA and MAE part: from there on they learn features in different
 * orders.
 *
 * Their orders are compared at one depth, init_scale and spectrum by the critical times of the
 * features that have one under both. The objectives part at the smallest depth of the sweep at
 * which some pair of features is learnt in opposite orders, and are opposed at the smallest at
 * which every pair is. Knows no layout of pages.
 */
#ifndef JEPAFLOW_REPORT_PARTING_H
#define JEPAFLOW_REPORT_PARTING_H

#include "jepaflow/report/statistics.h"
#include "jepaflow/report/survey.h"

/*
 * JEPA's times against MAE's: tau 1 where both learn in one order, -1 where in opposite ones; NaN,
 * and no pairs, where the sweep lacks an objective. place->objective is not read.
 */
jf_ranking jf_parting_likeness(const jf_survey *survey, jf_time_kind kind, const jf_place *place);

typedef struct {
    size_t depths;  /* at which two features or more can be compared */
    double parted;  /* the smallest depth with a discordant pair; NaN where there is none */
    double opposed; /* the smallest with discordant pairs only; NaN where there is none */
} jf_parting;

/* Over all depths of the sweep; neither objective nor depth of the place is read. */
jf_parting jf_parting_find(const jf_survey *survey, jf_time_kind kind, const jf_place *place);

#endif
