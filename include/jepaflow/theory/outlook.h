/*
 * outlook.h - what the closed form says of a point before it is run: how long, how stiff, how dear.
 *
 * From the features' exact critical times come the flow time at which integration ends, the times
 * of the samples, and the number of right-hand sides that the integrators need. Knows no
 * machine: seconds are made of this elsewhere.
 */
#ifndef JEPAFLOW_THEORY_OUTLOOK_H
#define JEPAFLOW_THEORY_OUTLOOK_H

#include <stddef.h>

#include "jepaflow/base/status.h"
#include "jepaflow/theory/feature.h"

/* How close to its plateau, relative, a feature has settled. */
#define JF_SETTLED 1e-7

/* How a point is followed, as far as its outlook depends on it. */
typedef struct {
    double threshold; /* p of the critical times */
    double horizon;   /* the end is where all have settled, but at most horizon times `last` */
    int open_end;     /* nobody knows when all settle: the end is at the horizon */
    int rests;        /* learnt features come to rest in every digit: the start is not rotated */
    int end_to_end;   /* unknowns are the products of all layers; else the layers themselves */
} jf_course;

/* The families of integrators, by what makes them dear. */
typedef enum {
    JF_PAIR,         /* the explicit pair 5(4) of ode/erk.h */
    JF_STABILISED_4, /* of order 4, ode/rock.h */
    JF_STABILISED_2, /* of order 2, ode/rkc.h */
    JF_IMPLICIT,     /* ode/bdf.h */
    JF_FAMILIES
} jf_family;

typedef struct {
    double first; /* earliest critical time, flow time; 0 where no feature has one */
    double last;  /* latest critical time; 0 where no feature has one */
    double end;   /* flow time at which integration ends */
    double work;  /* the longest wait of a learnt feature for the end, in its own decay times */
    int rests;    /* of the course */

    /* What integrators meet on the way (docs/theory.md, section 16); all dimensionless. */
    double decay;                /* integral of the largest decay rate in the flow over time */
    double effort[JF_FAMILIES];  /* of growth and decay: steps at unit precision */
    double stretch[JF_FAMILIES]; /* of the stages that keep such steps stable */
} jf_outlook;

/*
 * Look ahead at features[count], which share objective, depth and init_scale. JF_ERR_MEMORY.
 */
jf_status jf_outlook_find(const jf_feature *features, size_t count, const jf_course *course,
                          jf_outlook *out);

/*
 * Right-hand sides that a point takes for that outlook by one family of integrators: within a
 * factor 1.5 for nine points of ten (rkc: eight), 2 for 97 of 100 (see the source).
 *   tolerance  relative error of critical times that is asked for
 */
double jf_outlook_evaluations(const jf_outlook *outlook, jf_family family, double tolerance);

/* Time of sample j of `count`, log-spaced from a tenth of the first critical time to the end. */
double jf_outlook_sample_time(const jf_outlook *outlook, size_t j, size_t count);

#endif
