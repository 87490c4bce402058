/*
 * source.h - a file of data, as what a spectrum is made of.
 *
 * NetCDF, with one of
 *     x(sample, feature), y(sample, feature)   pairs; their means are taken off
 *     sigma_xx, sigma_yx, sigma_yy             their covariances, feature x feature;
 *                                              sigma_yx[i, j] = E[y_i x_j]
 *     lambda(feature), rho(feature)            features as they are
 * by the names of the variables, whatever those of the dimensions; or text, lambda and rho in each
 * line, separated by blanks or a comma, '#' beginning a comment. Knows no sweep and no flow.
 */
#ifndef JEPAFLOW_RESULTS_SOURCE_H
#define JEPAFLOW_RESULTS_SOURCE_H

#include "jepaflow/model/moments.h"

/* Most features of data with covariances, and of a list. */
enum { JF_SOURCE_MOST_WIDTH = 8192, JF_SOURCE_MOST_FEATURES = 16384 };

/* What a file holds: covariances, or else features. */
typedef struct {
    jf_moments moments; /* empty where there are features */
    size_t features;
    double *lambda, *rho; /* features each, owned */
} jf_source;

/*
 * Read a file. Pairs are read in blocks: twice, for their means and for their covariances.
 *   adder  who sums pairs (model/moments.h)
 *   out    release with jf_source_clear(); left empty on failure
 * JF_ERR_USAGE, with a message that names the file, what was found and what was expected: missing,
 * of neither kind, variables missing or of another shape, numbers that are not finite, or not
 * positive where they are lambda or rho, fewer pairs than features. JF_ERR_FILE where reading
 * fails; else as the adder fails.
 */
jf_status jf_source_read(const char *path, const jf_adder *adder, jf_source *out);

void jf_source_clear(jf_source *source);

#endif
