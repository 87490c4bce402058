/*
 * separation.h - greediness: are features learnt one at a time, or do their rises overlap?
 *
 * A feature's rise time is what its exact flow takes from 10 % to 90 % of its plateau (from t = 0
 * where it starts above 10 %). Of two features learnt one after the other
 *
 *     separation = (t*_later - t*_earlier) / mean of the two rise times
 *
 * as chromatography has it for neighbouring peaks: above 1 the earlier one is all but learnt before
 * the later one shows. Rise times grow with init_scale beside critical times, so that large
 * init_scales destroy greedy learning. Knows no layout of pages.
 */
#ifndef JEPAFLOW_REPORT_SEPARATION_H
#define JEPAFLOW_REPORT_SEPARATION_H

#include "jepaflow/report/survey.h"

/* From 10 % to 90 % of the plateau, flow time; NaN where it starts above 90 %. */
double jf_separation_rise(const jf_feature *feature);

/* A feature that is learnt: when, and in what time; flow time. */
typedef struct {
    double time, rise;
    size_t feature; /* its number */
} jf_rise;

/* Of all neighbours in the order of critical times. */
typedef struct {
    size_t pairs;         /* of features with a time and a rise */
    double least, median; /* separation; NaN of no pair */
    double most;
    size_t earlier, later; /* features of the least one; 0 of no pair */
} jf_separation;

/*
 * Of any features.
 *   rises  `count` of them, which are moved: sorted by time, those with a NaN left out
 * JF_ERR_MEMORY.
 */
jf_status jf_separation_of(jf_rise *rises, size_t count, jf_separation *out);

/* Of those of a place. JF_ERR_MEMORY. */
jf_status jf_separation_find(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                             jf_separation *out);

/* How the least separation falls with init_scale. */
typedef enum {
    JF_GREEDY_UNKNOWN, /* no init_scale has a pair */
    JF_GREEDY_ALWAYS,  /* above 1 at all init_scales */
    JF_GREEDY_NEVER,   /* at most 1 already at the smallest */
    JF_GREEDY_UNTIL    /* falls to 1 in between */
} jf_greed;

/*
 * Where greedy learning ends, from the smallest init_scale on; place->init_scale is not read.
 *   scale  of JF_GREEDY_UNTIL: where the least separation is 1, on a straight line against
 *          ln init_scale between the two init_scales around it; NaN elsewhere
 * JF_ERR_MEMORY.
 */
jf_status jf_separation_end(const jf_survey *survey, jf_time_kind kind, const jf_place *place,
                            jf_greed *greed, double *scale);

#endif
