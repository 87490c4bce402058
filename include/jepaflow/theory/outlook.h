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

#include "jepaflow/theory/feature.h"

/* How close to its plateau, relative, a feature has settled. */
#define JF_SETTLED 1e-7

typedef struct {
    double first; /* earliest critical time, flow time; 0 where no feature has one */
    double last;  /* latest critical time; 0 where no feature has one */
    double end;   /* flow time at which integration ends */
    double work;  /* integral of the flow's largest decay rate over time, up to the end */
    int rests;    /* learnt features come to rest in every digit; 0 unless the caller knows */
} jf_outlook;

/*
 * Look ahead at features[count], which share objective, depth and init_scale.
 *   threshold  p of the critical times
 *   horizon    the end is where all have settled (JF_SETTLED), but at most horizon times `last`
 */
jf_outlook jf_outlook_of(const jf_feature *features, size_t count, double threshold,
                         double horizon);

/*
 * Right-hand sides that a point takes for that outlook, mostly within a factor 1.5 (see the
 * source): by the explicit 5(4) pair of ode/erk.h; by the stabilised methods of ode/rkc.h and
 * ode/rock.h, of order 2 and 4, whose cost grows with the root of the stiffness; by the implicit
 * ones of ode/bdf.h.
 *   tolerance  relative error of critical times that is asked for
 */
double jf_outlook_explicit_evaluations(const jf_outlook *outlook, double tolerance);
double jf_outlook_stabilised_evaluations(const jf_outlook *outlook, int order, double tolerance);
double jf_outlook_implicit_evaluations(const jf_outlook *outlook, double tolerance);

/* Time of sample j of `count`, log-spaced from a tenth of the first critical time to the end. */
double jf_outlook_sample_time(const jf_outlook *outlook, size_t j, size_t count);

#endif
