/*
 * logbook.h - what is left of a run that dies: which points were under way, and which have ended
 * their ranks before.
 *
 *     OUT.nc.points/logbook  one line of text for each such point
 *
 * A few lines, written by one process anew each time under another name and renamed. Only dear
 * points are in it (job.h), so that it stays short and is seldom written. Knows neither ranks nor
 * flow.
 */
#ifndef JEPAFLOW_RESULTS_LOGBOOK_H
#define JEPAFLOW_RESULTS_LOGBOOK_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef struct {
    size_t point;
    int rank;     /* that solves it, below 0: none does */
    int deaths;   /* ranks that ended while they solved it, without having saved it in between */
    double saved; /* when it had been saved last at the last of these: jf_checkpoint_date() */
} jf_logbook_line;

/* Start from {.dataset, .digest, .ranks}; release with jf_logbook_clear(). */
typedef struct {
    const char *dataset; /* its path; borrowed */
    const char *digest;  /* of its plan; borrowed */
    int ranks;           /* of the run that wrote it */
    jf_logbook_line *lines;
    size_t count, room;
} jf_logbook;

/*
 * Read the logbook of a dataset: its lines, and in `ranks` those of the run that wrote it. Empty
 * where there is none; and, with a message, where it is damaged or of another plan. JF_ERR_MEMORY.
 */
jf_status jf_logbook_read(jf_logbook *book);

/* Write it; remove it where it has no line. JF_ERR_FILE with a warning. */
jf_status jf_logbook_write(const jf_logbook *book);

/* The line of a point, NULL for none. */
jf_logbook_line *jf_logbook_find(const jf_logbook *book, size_t point);

/* Add a line of a point that has none. JF_ERR_MEMORY. */
jf_status jf_logbook_add(jf_logbook *book, const jf_logbook_line *line);

/* Do both have the same lines, in the same order? */
int jf_logbook_same(const jf_logbook *a, const jf_logbook *b);

void jf_logbook_clear(jf_logbook *book);

#endif
