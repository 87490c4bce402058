/*
 * extension.h - a dataset's points in the dataset of a larger sweep.
 *
 * Points that are finished are copied to the places that they have there; those under way (files
 * beside the dataset, checkpoint.h) keep what was saved of them.
 */
#ifndef JEPAFLOW_RESULTS_EXTENSION_H
#define JEPAFLOW_RESULTS_EXTENSION_H

#include "jepaflow/results/store.h"

/*
 * Put a larger dataset in the place of the one at `path`, whose plan `plan` contains
 * (jf_store_check), and open it. At every instant one of both is there, whole.
 *   provenance  its `history` is set here: that of the smaller one goes before
 *   copied      set: points that were finished
 * JF_ERR_FILE, with the dataset as it was; JF_ERR_USAGE where the plan does not contain it.
 */
jf_status jf_extension_make(const char *path, const jf_plan *plan, const jf_provenance *provenance,
                            size_t *copied, jf_store **out);

#endif
