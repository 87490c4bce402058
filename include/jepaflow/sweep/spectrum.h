/*
 * spectrum.h - named sets of features: covariances lambda_i and regression coefficients rho_i.
 *
 *     opposed: {lambda: {from: 0.8, to: 1.0, count: 8}, rho: {from: 1.0, to: 0.4, count: 8}}
 *
 * A single number goes with each of the other's. Knows no objective and no flow.
 */
#ifndef JEPAFLOW_SWEEP_SPECTRUM_H
#define JEPAFLOW_SWEEP_SPECTRUM_H

#include "jepaflow/sweep/values.h"

/* Most features of a spectrum. */
#define JF_MOST_FEATURES 16384

/* Most features of all spectra together. */
#define JF_MOST_FEATURES_TOGETHER (1 << 18)

typedef struct {
    char *name;
    size_t features;
    double *lambda; /* features positive numbers */
    double *rho;    /* features positive numbers */
} jf_spectrum;

/* How many features a spectrum promises, without reading them; see jf_values_count(). */
size_t jf_spectrum_count(const jf_node *node);

/*
 * Read the map {lambda: , rho: } under `name`.
 *   out  release with jf_spectrum_clear(); left empty on failure
 */
jf_status jf_spectrum_read(const char *name, const jf_node *node, jf_spectrum *out);

void jf_spectrum_clear(jf_spectrum *spectrum);

#endif
