/*
 * layout.h - what a dataset consists of (DESIGN, section 6): dimensions, variables, attributes.
 *
 * One dimension for each axis of the sweep, then feature and sample; one variable for each field of
 * a record; what the sweep is and where it comes from as attributes. Knows no points.
 */
#ifndef JEPAFLOW_RESULTS_LAYOUT_H
#define JEPAFLOW_RESULTS_LAYOUT_H

#include "jepaflow/results/file.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/record.h"
#include "jepaflow/sweep/shard.h"

/* Where a dataset comes from, as global attributes; all borrowed. */
typedef struct {
    const char *input;     /* the whole input text */
    const char *overrides; /* of --set, each followed by a newline; "" for none */
    const char *command;   /* the command line, for the history */
    const char *program;   /* "jepaflow 0.1.0" */
    const char *version;   /* "0.1.0" */
    const char *libraries; /* versions and kernels of the libraries */
    const char *history;   /* of the dataset that it takes the place of; NULL for none */
    jf_shard shard;        /* {0}: the whole sweep */
} jf_provenance;

/*
 * Lay out the dataset of a plan in a file that was just created, and write its axes and spectra;
 * the fields of records are there, and empty. JF_ERR_FILE with a message.
 */
jf_status jf_layout_write(jf_file *file, const jf_plan *plan, const jf_provenance *provenance);

/*
 * Has a dataset of this plan the field of a record? Not those with samples where there are none,
 * nor what is optional where nobody asked for it.
 */
int jf_layout_has(const jf_plan *plan, const jf_field *field);

/* How a field stands in the file. */
jf_file_type jf_layout_type(const jf_field *field);

#endif
