/*
 * convergence.h - how far what was measured moves with the tolerance.
 *
 * Of points that leave the assumption no closed form tells whether their numbers stand. Where the
 * sweep has several tolerances, the same points at the tightest one do: a critical time that moves
 * by far more than its tolerance is of a flow that amplifies errors. Steps of descent and closed
 * forms hold no tolerance and are left out. Knows no layout of pages.
 */
#ifndef JEPAFLOW_REPORT_CONVERGENCE_H
#define JEPAFLOW_REPORT_CONVERGENCE_H

#include "jepaflow/report/survey.h"

/* Points of one objective and tolerance, each beside the same one at the tightest. */
typedef struct {
    size_t points;   /* that are done at both, leave the assumption and hold the tolerance */
    size_t compared; /* cells of these with a time at both */
    size_t beyond;   /* of them, |t/t_tightest - 1| above JF_SURVEY_ALLOWANCE times the tolerance */
    size_t parted;   /* cells that are reached at one of both, and not at the other */
    double median;   /* of |t/t_tightest - 1|; NaN of none */
    double largest;  /* likewise */
    size_t at;       /* the point of the largest; where cells parted, the first such point */
    double final;    /* largest difference of a final projection, over the largest final projection
                        or plateau of its point; NaN of no points */
    size_t final_at; /* the point of that */
} jf_convergence;

/* The value of the axis `tolerance` that is the tightest; its extent is 1 where it is no axis. */
size_t jf_convergence_tightest(const jf_survey *survey, size_t *extent);

/*
 * Compare the points of an objective at a tolerance with those at the tightest.
 *   objective, tolerance  values of their axes; `tolerance` is an axis
 * JF_ERR_MEMORY.
 */
jf_status jf_convergence_find(const jf_survey *survey, size_t objective, size_t tolerance,
                              jf_convergence *out);

#endif
