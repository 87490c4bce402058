/*
 * gauge.h - what right-hand sides cost on this machine: some 50 ms of measuring.
 *
 * Products of matrices, at the widths of a plan's points, within the right-hand sides of its model;
 * and what its integrators add, each run for some steps on an equation that costs nothing. CPU
 * time: what else runs on the machine does not count. Knows no closed form: how many right-hand
 * sides there are is not its affair.
 */
#ifndef JEPAFLOW_FLOW_GAUGE_H
#define JEPAFLOW_FLOW_GAUGE_H

#include "jepaflow/sweep/plan.h"

/* Most widths that are measured; between them, and beyond, it is interpolated. */
#define JF_MOST_WIDTHS 8

/* What an integrator and the observer add to each right-hand side; seconds. */
typedef struct {
    double evaluation; /* whatever the state */
    double number;     /* for each number of the state */
} jf_overhead;

typedef struct {
    size_t widths;                   /* measured; 0 where all points are closed form */
    double width[JF_MOST_WIDTHS];    /* d, ascending */
    double product[JF_MOST_WIDTHS];  /* seconds of one product of d x d matrices, all told */
    jf_overhead family[JF_FAMILIES]; /* 0 where the plan has no use for it */
} jf_gauge;

/* Measure what the points of a plan need. JF_ERR_MEMORY. */
jf_status jf_gauge_measure(const jf_plan *plan, jf_gauge *out);

/* Seconds of one product at any width of the plan; not for plans of closed form. */
double jf_gauge_product(const jf_gauge *gauge, double width);

#endif
