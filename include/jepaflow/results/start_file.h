/*
 * start_file.h - a file of weights, as a network to start from.
 *
 * NetCDF, with W(layer, row, column) and V(row, column), by the names of the variables, whatever
 * those of the dimensions; all square, in the eigenbasis of Sxx. Knows no sweep and no flow.
 */
#ifndef JEPAFLOW_RESULTS_START_FILE_H
#define JEPAFLOW_RESULTS_START_FILE_H

#include "jepaflow/model/weights.h"

/*
 * Read a file.
 *   out  release with jf_weights_clear(); left empty on failure
 * JF_ERR_USAGE, with a message that names the file, what was found and what was expected: variables
 * missing or of another shape, numbers that are not finite. JF_ERR_FILE where reading fails.
 */
jf_status jf_start_file_read(const char *path, jf_weights *out);

#endif
