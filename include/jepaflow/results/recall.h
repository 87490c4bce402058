/*
 * recall.h - the plan of a dataset, from what stands in it: axes, settings, spectra.
 *
 * Not from the text of the input that stands in it too, whose defaults another version might read
 * otherwise. That the plan has the fingerprint that the dataset says is checked.
 */
#ifndef JEPAFLOW_RESULTS_RECALL_H
#define JEPAFLOW_RESULTS_RECALL_H

#include "jepaflow/results/dataset.h"
#include "jepaflow/sweep/plan.h"

/* The plan borrows from the input beside it: not to be moved. */
typedef struct {
    jf_input input;
    jf_plan plan;
} jf_recalled;

/*
 * Recall. JF_ERR_FILE where something is missing or does not fit together: the file is damaged, or
 * of a version with other parameters. Release with jf_recalled_clear().
 */
jf_status jf_recall(const jf_dataset *dataset, jf_recalled *out);
void jf_recalled_clear(jf_recalled *recalled);

/*
 * Has a dataset the fingerprint of this plan, and its shape? What other programs have cut out of a
 * dataset keeps the fingerprint of the whole. JF_ERR_FILE with a message.
 */
jf_status jf_recall_check(const jf_dataset *dataset, const jf_plan *plan);

#endif
