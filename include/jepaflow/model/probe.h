/*
 * probe.h - how well a linear probe reads each feature from the embedding.
 *
 * The embedding h = Wbar x is read through noise of variance sigma^2 in each of its d numbers, and
 * feature i's coordinate z_i of x = sum_i z_i e_i is predicted linearly:
 *
 *     R^2_i = c_i^T (C + sigma^2 I)^{-1} c_i / E[z_i^2],   C = E[h h^T],   c_i = E[h z_i]
 *     sigma^2 = ridge tr(C) / d
 *
 * Without noise (ridge 0) any encoder of full rank reads every feature, R^2 = 1, however small its
 * amplitude: linear probes tell encoders apart only as far as what they read is limited. Noise in
 * proportion to the embedding's own mean variance is that limit in its simplest form, and the same
 * as a ridge in the probe's regression (Bishop, Neural Comput. 7 (1995) 108-116). R^2 depends
 * neither on the scale of Wbar nor on rotations of the embedding; with shared eigenvectors and Wbar
 * diagonal, of amplitudes w_i, it is s_i w_i^2 / (s_i w_i^2 + sigma^2). Knows no time and no
 * record.
 */
#ifndef JEPAFLOW_MODEL_PROBE_H
#define JEPAFLOW_MODEL_PROBE_H

#include "jepaflow/model/problem.h"

typedef struct {
    const jf_problem *problem; /* borrowed */
    double ridge;
    double *dual;    /* d x d: column i is f_i, z_i = f_i^T x; owned */
    double *power;   /* d: E[z_i^2], on every rank; owned */
    double *work[3]; /* d x d each; the first owns all */
    double *noisy;   /* d: eigenvalues of C, then of C + sigma^2 I; owned */
} jf_probe;

/*
 * Prepare to probe encoders of a problem.
 *   problem  must outlive the probe
 *   ridge    above 0
 *   out      release with jf_probe_clear(); left empty on failure
 * All ranks of the problem's grid call. JF_ERR_MEMORY.
 */
jf_status jf_probe_init(const jf_problem *problem, double ridge, jf_probe *out);

void jf_probe_clear(jf_probe *probe);

/*
 * Read all features from the embedding.
 *   wbar        d x d; of an encoder that is not linear, its regression on x (nonlinear.h)
 *   covariance  of the embedding, d x d: C; NULL: Wbar Sxx Wbar^T
 *   r2          d: R^2 of each, from 0 to 1, on every rank
 * Three products and the eigenvectors of C. JF_ERR_NUMERICS where those are not found, or Wbar is
 * 0; JF_ERR_MEMORY.
 */
jf_status jf_probe_read(const jf_probe *probe, const double *wbar, const double *covariance,
                        double *r2);

#endif
