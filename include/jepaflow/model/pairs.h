/*
 * pairs.h - the covariances that a finite number of pairs (x, y) happen to have.
 *
 * Pairs are drawn from the Gaussian distribution of given covariances:
 *
 *     x = Sxx^{1/2} g,   y = Syx Sxx^{-1} x + C^{1/2} h,   C = Syy - Syx Sxx^{-1} Syx^T,
 *
 * g and h of independent standard normal numbers, each a function of its address alone
 * (base/random.h): the first pairs of many are the pairs of few, whatever the covariances and
 * however matrices are spread. Knows no network.
 */
#ifndef JEPAFLOW_MODEL_PAIRS_H
#define JEPAFLOW_MODEL_PAIRS_H

#include <stdint.h>

#include "jepaflow/model/problem.h"

/*
 * The problem of drawn pairs; zero mean is known, so that moments are sums over N.
 *   population  the covariances that pairs are drawn from
 *   pairs       N, at least d: else their Sxx is singular
 *   seed, key   address of the draws
 *   out         release with jf_problem_clear(); left empty on failure. Its features are those of
 *               the drawn covariances; rho may come out as 0 or below.
 * JF_ERR_NUMERICS, with a message, where there are too few pairs or no such distribution; on all
 * ranks alike.
 */
jf_status jf_pairs_draw(const jf_problem *population, size_t pairs, uint64_t seed, uint64_t key,
                        jf_problem *out);

#endif
