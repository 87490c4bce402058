/*
 * pace.h - how many seconds a point will take on this machine.
 *
 * The closed form says how many right-hand sides a point needs (theory/outlook.h); a short
 * measurement says what one costs here, for each width, depth and model once. Knows no ranks.
 */
#ifndef JEPAFLOW_FLOW_PACE_H
#define JEPAFLOW_FLOW_PACE_H

#include "jepaflow/sweep/plan.h"

/*
 * Predict the seconds of every point of a plan.
 *   seconds  plan->points numbers
 * Measures for some milliseconds for each combination of width, depth and model. JF_ERR_MEMORY.
 */
jf_status jf_pace_predict(const jf_plan *plan, double *seconds);

#endif
