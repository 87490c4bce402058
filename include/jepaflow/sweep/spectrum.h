/*
 * spectrum.h - named sets of features: covariances lambda_i and regression coefficients rho_i.
 *
 *     opposed: {lambda: {from: 0.8, to: 1.0, count: 8}, rho: {from: 1.0, to: 0.4, count: 8}}
 *     slow:    {temporal: {variance: 1, autocorrelation: [0.5, 0.9], noise: [0.1, 2]}}
 *     patches: {file: patches.nc}
 *
 * Given as they are, by a model of how the data come about (generator.h), or by the name of a file,
 * which somebody else reads: until then such a spectrum has no features. Knows no objective, no
 * flow and no file format.
 */
#ifndef JEPAFLOW_SWEEP_SPECTRUM_H
#define JEPAFLOW_SWEEP_SPECTRUM_H

#include "jepaflow/model/moments.h"
#include "jepaflow/sweep/values.h"

/* Most features of a spectrum. */
#define JF_MOST_FEATURES 16384

/* Most features of all spectra together. */
#define JF_MOST_FEATURES_TOGETHER (1 << 18)

typedef struct {
    char *name;
    size_t features;
    double *lambda;       /* features positive numbers; of data any, some of them positive */
    double *rho;          /* likewise */
    char *file;           /* as in the input; NULL: of no file */
    jf_moments moments;   /* the covariances of the data in the file; empty: it has none */
    uint64_t fingerprint; /* of them; 0 of none */
} jf_spectrum;

/* How many features a spectrum promises, without reading them; see jf_values_count(). */
size_t jf_spectrum_count(const jf_node *node);

/*
 * Read the map under `name`.
 *   out  release with jf_spectrum_clear(); left empty on failure
 */
jf_status jf_spectrum_read(const char *name, const jf_node *node, jf_spectrum *out);

/* Give a spectrum the features that its file says, `count` of either; copied. JF_ERR_MEMORY. */
jf_status jf_spectrum_set_features(jf_spectrum *spectrum, const double *lambda, const double *rho,
                                   size_t count);

/* Give it the covariances of data, which are emptied. */
void jf_spectrum_take_moments(jf_spectrum *spectrum, jf_moments *moments);

/*
 * The same of the data in its file, and their features: the generalised eigenvectors
 * (model/problem.h), by descending rho. JF_ERR_USAGE, with a message that names the file, where
 * there are none, or none with a positive rho, or no pairs have such covariances.
 */
jf_status jf_spectrum_set_moments(jf_spectrum *spectrum, jf_moments *moments);

void jf_spectrum_clear(jf_spectrum *spectrum);

#endif
