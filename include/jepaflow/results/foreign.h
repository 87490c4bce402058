/*
 * foreign.h - variables of numbers in other people's files.
 *
 * What such a file lacks is its user's to mend: JF_ERR_USAGE, with what was found and what was
 * expected. Knows neither data nor weights.
 */
#ifndef JEPAFLOW_RESULTS_FOREIGN_H
#define JEPAFLOW_RESULTS_FOREIGN_H

#include "jepaflow/results/file.h"

/*
 * Find a variable of numbers with `rank` dimensions.
 *   expected  which variables there are to be, for the message where it is missing
 * JF_ERR_USAGE where it is missing, text or of another rank.
 */
jf_status jf_foreign_find(jf_file *file, const char *name, size_t rank, const char *expected,
                          jf_file_shape *shape);

/*
 * Read a hyperslab of a variable, the last dimension fastest.
 *   name, shape   of the variable
 *   start, count  shape->rank numbers each
 * JF_ERR_USAGE where a number is not finite, or is what NetCDF puts where nothing was written: with
 * its place, from 0 on. JF_ERR_FILE where reading fails.
 */
jf_status jf_foreign_read(jf_file *file, const char *name, const jf_file_shape *shape,
                          const size_t *start, const size_t *count, double *values);

/* From row after row, as in a file, to column after column, as a d x d matrix stands in memory. */
void jf_foreign_transpose(size_t d, double *matrix);

#endif
