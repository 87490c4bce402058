/*
 * told_ranks.h - sections of the report on what the ranks of each run did, and when they waited.
 *
 * The numbers come from the timeline. Of few ranks people are shown each, of many quantiles.
 */
#ifndef JEPAFLOW_REPORT_TOLD_RANKS_H
#define JEPAFLOW_REPORT_TOLD_RANKS_H

#include "jepaflow/report/section.h"

/* Most ranks of a run of which people are shown each. */
#define JF_TOLD_RANKS 32

/* The sections, all told on demand; *count of them. */
const jf_section *jf_told_ranks(size_t *count);

#endif
