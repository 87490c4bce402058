/*
 * progress.h - how far a run is, for the one who waits: weighted by predicted cost, not by points.
 */
#ifndef JEPAFLOW_APP_PROGRESS_H
#define JEPAFLOW_APP_PROGRESS_H

#include "jepaflow/ranks/job.h"

typedef struct {
    int quiet;
    int terminal; /* stderr is one: a line that is written over; elsewhere sparse plain lines */
    double begin; /* clock at the start of the sweep */
    double told;  /* clock when last told */
    double share; /* of the work, when last told */
} jf_teller;

void jf_teller_begin(jf_teller *teller, int quiet);
void jf_teller_tell(jf_teller *teller, const jf_progress *progress);

/* Leave the line, so that messages begin on a new one. */
void jf_teller_end(jf_teller *teller);

#endif
