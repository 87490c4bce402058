/*
 * selection.h - some values of a dataset's axes, chosen by a text.
 *
 *     objective=jepa,depth=1:4,init_scale=1e-3,1e-2,spectrum=opposed
 *
 * Entries are parted by commas: AXIS=VALUE, where a VALUE alone belongs to the axis before it. A
 * value of a text axis is one of its labels; of the others a number, or LOW:HIGH, both ends
 * included and either left out. A number that is not whole need be given to four digits only, as
 * tables show it. An axis that is not named is kept whole.
 */
#ifndef JEPAFLOW_RESULTS_SELECTION_H
#define JEPAFLOW_RESULTS_SELECTION_H

#include "jepaflow/results/dataset.h"

/* By place in dataset->axis: a flag for each of its values, or NULL where all are chosen. */
typedef struct {
    unsigned char *chosen[JF_PARAMETERS];
} jf_selection;

/*
 * Read a selection. JF_ERR_USAGE, with the nearest name or the values there are, where an axis or a
 * value is not known or an entry chooses nothing; JF_ERR_MEMORY. Release with jf_selection_clear().
 */
jf_status jf_selection_parse(const char *text, const jf_dataset *dataset, jf_selection *out);
void jf_selection_clear(jf_selection *selection);

/*
 * Keep what a text selects, and nothing else, of a dataset (jf_dataset_keep()).
 *   text  NULL for all
 * Fails as jf_selection_parse(), and then leaves the dataset as it was.
 */
jf_status jf_selection_apply(const char *text, jf_dataset *dataset);

#endif
