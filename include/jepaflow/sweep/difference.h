/*
 * difference.h - in what two plans differ, in words.
 *
 *     depth: 3 and 4 only in the input; tolerance: 1e-06 in the dataset, 1e-07 in the input
 *
 * Found by comparing axes, settings, spectra and weights (inclusion.h), never texts. Knows no file.
 */
#ifndef JEPAFLOW_SWEEP_DIFFERENCE_H
#define JEPAFLOW_SWEEP_DIFFERENCE_H

#include "jepaflow/base/text.h"
#include "jepaflow/sweep/plan.h"

/*
 * Compare two plans.
 *   there, here  what they are called: "the dataset", "the input"
 *   text         the difference is added to it; nothing where there is none
 *   contained    set: every point of `old` is one of `new`, with the same numbers
 * JF_ERR_MEMORY.
 */
jf_status jf_difference_tell(const jf_plan *old, const char *there, const jf_plan *new,
                             const char *here, jf_string *text, int *contained);

#endif
