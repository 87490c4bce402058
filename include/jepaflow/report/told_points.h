/*
 * told_points.h - sections of the report on the sweep itself: its points and axes, what is known of
 * critical times, agreement of measured and exact, predicted seconds, failures.
 */
#ifndef JEPAFLOW_REPORT_TOLD_POINTS_H
#define JEPAFLOW_REPORT_TOLD_POINTS_H

#include "jepaflow/report/section.h"

/* The sections that stand first in a report, and those that stand last; *count of them. */
const jf_section *jf_told_points(size_t *count);
const jf_section *jf_told_failures(size_t *count);

#endif
