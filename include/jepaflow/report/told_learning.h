/*
 * told_learning.h - sections of the report on what is learnt when: exponents, amplification, order,
 * parting, separation.
 *
 * All of them stand at the first value of every axis but objective, depth, init_scale and spectrum.
 * The numbers come from survey, parting and separation; here they are put into tables.
 */
#ifndef JEPAFLOW_REPORT_TOLD_LEARNING_H
#define JEPAFLOW_REPORT_TOLD_LEARNING_H

#include "jepaflow/report/section.h"

/* The sections, in the order of a report; *count of them. */
const jf_section *jf_told_learning(size_t *count);

#endif
