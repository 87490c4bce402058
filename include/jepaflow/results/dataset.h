/*
 * dataset.h - a sweep's dataset, read back: axes with their labels, and any variable.
 *
 * What report and plot stand on. Reads while another process writes. Some values of its axes may be
 * all that is kept of it: then it looks like the dataset of the smaller sweep. Knows no flow.
 */
#ifndef JEPAFLOW_RESULTS_DATASET_H
#define JEPAFLOW_RESULTS_DATASET_H

#include "jepaflow/results/file.h"
#include "jepaflow/sweep/parameter.h"
#include "jepaflow/sweep/shard.h"

/* Version of the layout, in the attribute format_version; a newer one is refused. */
#define JF_DATASET_FORMAT 1

/* One axis of the sweep. */
typedef struct {
    jf_parameter_id parameter;
    size_t extent;
    size_t stored;  /* values in the file: extent, or more where not all are kept */
    size_t *place;  /* extent numbers: where a value stands in the file, ascending */
    double *values; /* extent numbers; of a text axis 0, 1, ... */
    char **labels;  /* extent texts: the values as text ("0.001"), or the labels of a text axis;
                       control characters are '?' in them, as in the title */
} jf_axis;

typedef struct {
    jf_file *file;
    char *title;
    char digest[17]; /* of its plan (jf_plan_digest) */
    jf_shard shard;  /* of the plan's points, that are solved in it; {0}: all */
    size_t axes;
    jf_axis axis[JF_PARAMETERS];
    size_t points; /* product of the extents; point numbers run with the last axis fastest */
    size_t features;
    size_t samples;
    double *lambda; /* spectra x features, by the spectrum axis; NaN where a spectrum has fewer */
    double *rho;    /* likewise */
} jf_dataset;

/*
 * Open a dataset; close with jf_dataset_close(). JF_ERR_FILE, with a message that says what it is,
 * where it is none of jepaflow's, cut off, damaged or of a newer format.
 */
jf_status jf_dataset_open(const char *path, jf_dataset *out);
void jf_dataset_close(jf_dataset *dataset);

/*
 * Keep only some values of the axes: points, labels, lambda, rho and all that is read later are of
 * those, numbered anew.
 *   chosen  by place in `axis`: extent flags of the values to keep, at least one of them set; NULL
 *           for all
 */
void jf_dataset_keep(jf_dataset *dataset, const unsigned char *const chosen[JF_PARAMETERS]);

/*
 * The place in `axis` of a parameter, or JF_PARAMETERS where it is no axis. The standard five
 * always are.
 */
size_t jf_dataset_axis(const jf_dataset *dataset, jf_parameter_id parameter);

/* The place of point `index` along each axis, position[axes], and back. */
void jf_dataset_position(const jf_dataset *dataset, size_t index, size_t *position);
size_t jf_dataset_index(const jf_dataset *dataset, const size_t *position);

/* Features that the spectrum at this place of its axis has; at most `features`. */
size_t jf_dataset_features(const jf_dataset *dataset, size_t spectrum);

/*
 * A numeric parameter of point `index`: its value on its axis, or the setting of the whole sweep.
 * JF_ERR_FILE where the dataset has neither.
 */
jf_status jf_dataset_setting(const jf_dataset *dataset, jf_parameter_id parameter, size_t index,
                             double *value);

/*
 * A text of the whole dataset, such as "input" or "history"; allocated, the caller frees.
 * JF_ERR_FILE where there is none.
 */
jf_status jf_dataset_text(const jf_dataset *dataset, const char *name, char **text);

/*
 * A whole variable with the sweep's axes (record.h), as doubles: points x its further dimensions.
 *   values  allocated; the caller frees
 */
jf_status jf_dataset_read(const jf_dataset *dataset, const char *name, double **values);

/*
 * The part of a variable that belongs to one point.
 *   values  numbers of that point: 1, features, samples or samples x features (features fastest)
 */
jf_status jf_dataset_read_point(const jf_dataset *dataset, const char *name, size_t index,
                                double *values);

#endif
