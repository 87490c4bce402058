/*
 * pace.h - how many seconds a point will take on this machine, and how many bytes.
 *
 * The closed form says how many right-hand sides a point needs (theory/outlook.h); a short
 * measurement says what one costs here. Where several ranks solve a point together, what their
 * products and sums cost is computed from that. Knows no ranks: only their number.
 */
#ifndef JEPAFLOW_FLOW_PACE_H
#define JEPAFLOW_FLOW_PACE_H

#include "jepaflow/sweep/plan.h"

typedef struct jf_pace jf_pace;

/*
 * Measure what the right-hand sides of a plan's points cost: some 50 ms of CPU time, however wide
 * the points are. Nothing is measured where all points are closed form.
 *   plan  must outlive the pace
 *   out   release with jf_pace_destroy()
 * JF_ERR_MEMORY.
 */
jf_status jf_pace_measure(const jf_plan *plan, jf_pace **out);

/*
 * The seconds that a point of the plan will take.
 *   ranks    that solve it together, at least 1
 *   seconds  of wall clock, all ranks being there from the start; above 0, finite
 * Not for two threads at once: outlooks are kept for the points that share one. JF_ERR_MEMORY.
 */
jf_status jf_pace_predict(const jf_pace *pace, const jf_point *point, int ranks, double *seconds);

/*
 * The bytes that each of the ranks needs to solve a point: state, the integrator's vectors,
 * observer, workspace. JF_ERR_MEMORY.
 */
jf_status jf_pace_memory(const jf_point *point, int ranks, double *bytes);

/* Sets *pace to NULL, accepts NULL. */
void jf_pace_destroy(jf_pace **pace);

#endif
