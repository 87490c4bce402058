/*
 * prediction.h - how good the predicted seconds of points were.
 *
 * Of points the ratio seconds / predicted_seconds: 1 is right, 2 took twice as long. Plain
 * arithmetic; knows no dataset.
 */
#ifndef JEPAFLOW_REPORT_PREDICTION_H
#define JEPAFLOW_REPORT_PREDICTION_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef struct {
    size_t count;             /* points with both numbers */
    double low, median, high; /* ratio: 10 %, 50 %, 90 % of the points are at most so; or NaN */
    double worst;             /* the ratio furthest from 1, up or down by the same factor; or NaN */
    size_t worst_point;       /* where it is */
    double seconds, predicted; /* sums over these points */
} jf_prediction;

/*
 * Judge the points among `chosen`.
 *   seconds, predicted  by point; a pair in which one is NaN or not positive is left out
 *   chosen              `count` points
 */
jf_status jf_prediction_judge(const double *seconds, const double *predicted, const size_t *chosen,
                              size_t count, jf_prediction *out);

#endif
