/*
 * observer.h - what is seen of a flow between two steps: crossings and samples.
 *
 * Crossings are located inside a step by interpolation of ln wbar_i, whose slope comes from the
 * right-hand side: the cubic through both ends, and a quartic term from the slope at one place
 * between them. Samples are taken of the state interpolated by cubics. Both need the right-hand
 * side at the step's ends; where the integrator does not bring it, it is evaluated, in steps where
 * a feature crosses or a sample falls. Of an integrator whose steps are straight (descent) no rates
 * are asked for: a sample is of the state on the line between two, and a feature crosses where the
 * line through both ln wbar_i does, which is off by the step squared. Knows no integrator.
 */
#ifndef JEPAFLOW_FLOW_OBSERVER_H
#define JEPAFLOW_FLOW_OBSERVER_H

#include "jepaflow/model/model.h"
#include "jepaflow/model/probe.h"
#include "jepaflow/sweep/record.h"

/* All arrays are owned, except what is marked as borrowed. */
typedef struct {
    const jf_model *model; /* borrowed */
    const double *target;  /* d: amplitudes whose crossing is timed; NaN for none; borrowed */
    jf_record *record; /* filled; `time` is read: the ascending times of the samples; borrowed */
    int straight;      /* set after jf_observer_init(): states between steps are on a line */
    const jf_probe *probe; /* likewise: features are read at each sample; NULL: not; borrowed */
    size_t next_sample;
    int64_t evaluations; /* of the right-hand side, by the observer */

    double *memory;
    double time;                        /* of the last step */
    double *state, *rate;               /* at the last step */
    int rate_known;                     /* `rate` is that of `state` */
    double *next_rate;                  /* at the present step, where it is not brought */
    double *between, *rate_between;     /* within the step */
    double *amplitude, *next_amplitude; /* d: wbar_i */
    double *slope, *next_slope;         /* d: d ln wbar_i / dt */
    double *slope_within;               /* d: the same, within the step */
    double *norm2;                      /* d: wbar_i^2 */
    double *work[4];                    /* d x d */
} jf_observer;

/*
 * Begin at time 0.
 *   state   as the model starts
 *   out     release with jf_observer_clear()
 * Features that are at their target already get JF_STARTED_ABOVE, those without one
 * JF_NO_REFERENCE, the others JF_NOT_REACHED until they cross. JF_ERR_MEMORY.
 */
jf_status jf_observer_init(const jf_model *model, const double *target, const double *state,
                           jf_record *record, jf_observer *out);

/*
 * See the step that ended at `time` in `state`.
 *   rate  of that state, with the model placed there by finding it; NULL where nobody knows it
 */
void jf_observer_step(jf_observer *observer, double time, const double *state, const double *rate);

/* What it knows between two steps, but for the state and the record, to bytes and back. */
void jf_observer_save(const jf_observer *observer, jf_wire *wire);

/*
 * Into an observer begun anew at the start of the same flow, whose record is what it was.
 *   state  that belongs to the bytes
 */
void jf_observer_load(jf_observer *observer, const double *state, jf_wire_reader *reader);

/* Write the last amplitudes to the record. */
void jf_observer_finish(jf_observer *observer);

void jf_observer_clear(jf_observer *observer);

#endif
