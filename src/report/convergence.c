#include "jepaflow/report/convergence.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"

size_t jf_convergence_tightest(const jf_survey *survey, size_t *extent)
{
    const jf_dataset *d = survey->dataset;
    const size_t place = jf_dataset_axis(d, JF_P_TOLERANCE);
    size_t tightest = 0;

    *extent = place != JF_PARAMETERS ? d->axis[place].extent : 1;
    for (size_t k = 1; k < *extent; k++) {
        if (d->axis[place].values[k] < d->axis[place].values[tightest]) {
            tightest = k;
        }
    }
    return tightest;
}

/* One pass over the points, with the room it needs. */
typedef struct {
    const jf_survey *survey;
    double tolerance; /* the looser of both */
    double *moves;    /* |t/t_tightest - 1| of all cells compared so far */
    jf_convergence result;
} pass;

static void compare_times(pass *p, size_t point, double time, double tight)
{
    jf_convergence *r = &p->result;

    if (isnan(time) != isnan(tight)) {
        r->at = r->parted++ == 0 ? point : r->at;
    } else if (!isnan(time)) {
        const double move = fabs(time / tight - 1.0);
        r->beyond += move > JF_SURVEY_ALLOWANCE * p->tolerance;
        p->moves[r->compared++] = move;
        if (!(move <= r->largest)) {
            r->largest = move;
            r->at = r->parted == 0 ? point : r->at;
        }
    }
}

/*
 * Of final projections, over the largest of these and of the plateaus: what is given up or has
 * collapsed ends at 0, and its rounding means nothing.
 */
static double difference_at_end(const jf_survey *s, size_t point, size_t tight)
{
    const size_t features = s->dataset->features;
    const double *final = s->final_projection;
    double largest = 0.0, difference = 0.0;

    for (size_t i = 0; i < features; i++) {
        const double x = final[point * features + i], y = final[tight * features + i];
        if (!isnan(x - y)) {
            largest = fmax(largest, fmax(y, s->plateau[tight * features + i]));
            difference = fmax(difference, fabs(x - y));
        }
    }
    return difference > 0.0 ? difference / largest : 0.0;
}

static void compare_points(pass *p, size_t point, size_t tight)
{
    const jf_survey *s = p->survey;
    const double *time = s->time[JF_TIME_MEASURED];
    const size_t features = s->dataset->features;
    const double final = difference_at_end(s, point, tight);

    for (size_t i = 0; i < features; i++) {
        compare_times(p, point, time[point * features + i], time[tight * features + i]);
    }
    p->result.points++;
    if (!(final <= p->result.final)) {
        p->result.final = final;
        p->result.final_at = point;
    }
}

/* One that departs, and whose integrator holds the tolerance. */
static int is_compared(const jf_survey *s, size_t point)
{
    return jf_survey_departs(s, point) && s->integrator[point] != JF_INTEGRATOR_AUTO &&
           s->integrator[point] != JF_INTEGRATOR_DESCENT;
}

static void compare_all(pass *p, size_t objective, size_t tolerance)
{
    const jf_dataset *d = p->survey->dataset;
    const size_t place = jf_dataset_axis(d, JF_P_TOLERANCE);
    const size_t block = d->points / d->axis[JF_P_OBJECTIVE].extent;
    size_t position[JF_PARAMETERS], extent;
    const size_t tightest = jf_convergence_tightest(p->survey, &extent);

    for (size_t k = objective * block; k < (objective + 1) * block; k++) {
        jf_dataset_position(d, k, position);
        if (position[place] != tolerance) {
            continue;
        }
        position[place] = tightest;
        const size_t tight = jf_dataset_index(d, position);
        if (is_compared(p->survey, k) && is_compared(p->survey, tight)) {
            compare_points(p, k, tight);
        }
    }
}

jf_status jf_convergence_find(const jf_survey *survey, size_t objective, size_t tolerance,
                              jf_convergence *out)
{
    const jf_dataset *d = survey->dataset;
    pass p = {.survey = survey,
              .tolerance = d->axis[jf_dataset_axis(d, JF_P_TOLERANCE)].values[tolerance],
              .moves = malloc(d->points * d->features * sizeof *p.moves),
              .result = {.median = NAN, .largest = NAN, .final = NAN}};

    if (p.moves == NULL) {
        return jf_fail_memory("the agreement between tolerances");
    }
    compare_all(&p, objective, tolerance);
    p.result.median = jf_statistics_median(p.result.compared, p.moves);
    free(p.moves);
    *out = p.result;
    return JF_OK;
}
