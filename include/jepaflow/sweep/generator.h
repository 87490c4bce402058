/*
 * generator.h - spectra as models of how data come about: a few numbers, from which lambda_i and
 * rho_i follow.
 *
 *     {lambda: , rho: }       as they are
 *     power_law: {lambda: , rho: , lambda_exponent: a, rho_exponent: b, count: }
 *         lambda_i = lambda i^-a, rho_i = rho i^-b, i = 1, 2, ...
 *     static: {signal: s, noise: n}
 *         x = z + n, y = z + n': one latent seen twice, each time with noise of its own.
 *         lambda = s, rho = s / (s + n)
 *     temporal: {variance: s, autocorrelation: g, noise: n}
 *         x = z_t + n_t, y = z_{t+1} + n_{t+1}, z an AR(1) process of that variance.
 *         lambda = g s, rho = g s / (s + n)
 *
 * Each number may be a list or a range, with one value for each feature; static and temporal are
 * those of arXiv 2407.03475, section 5. One table: another model is one more line.
 */
#ifndef JEPAFLOW_SWEEP_GENERATOR_H
#define JEPAFLOW_SWEEP_GENERATOR_H

#include "jepaflow/sweep/values.h"

/* Most numbers of a generator. */
enum { JF_GENERATOR_KEYS = 4 };

typedef struct {
    const char *name; /* its key in a spectrum; NULL: its numbers stand there themselves */
    const char *form; /* what is expected, for messages */
    size_t keys;
    jf_parameter key[JF_GENERATOR_KEYS]; /* its numbers; `standard` NULL: required */

    /* Feature i = 1, 2, ... from a value of each key. */
    void (*feature)(const double *value, size_t i, double *lambda, double *rho);
} jf_generator;

/* The table, of *count lines; the first is the one without a name. */
const jf_generator *jf_generators(size_t *count);

/* How many features its map promises, without reading them; see jf_values_count(). */
size_t jf_generator_count(const jf_generator *generator, const jf_node *node);

/*
 * Read the map of a generator.
 *   name         of the spectrum, for messages
 *   features     set to their number: that of the longest list or range, or `count`
 *   lambda, rho  allocated, features numbers each; the caller frees. Set on success only.
 * JF_ERR_USAGE with a message, also where lambda or rho come out as 0 or beyond all numbers.
 */
jf_status jf_generator_read(const jf_generator *generator, const char *name, const jf_node *node,
                            size_t *features, double **lambda, double **rho);

#endif
