/*
 * random.h - random numbers that depend on nothing but their address.
 *
 * Counter-based (Random123's Philox 4x64-10: Salmon, Moraes, Dror, Shaw, SC'11): the number at an
 * address is a pure function of it, so it is the same on every rank, in every order. Knows no
 * physics.
 */
#ifndef JEPAFLOW_BASE_RANDOM_H
#define JEPAFLOW_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The address of a stream of numbers. */
typedef struct {
    uint64_t seed;   /* of the user */
    uint64_t point;  /* which point of the sweep (jf_point_key) */
    uint64_t stream; /* which use within the point: one number for each matrix drawn */
} jf_random;

/* Fill values[count] with independent standard normal numbers, the first `count` of the stream. */
void jf_random_normal(jf_random address, double *values, size_t count);

/* The same, from number `first` (of 0, 1, ...) of the stream on. */
void jf_random_normal_from(jf_random address, size_t first, double *values, size_t count);

/* Number `index` of the stream, of those from 0 to below-1, each as likely; below < 2^32. */
uint64_t jf_random_below(jf_random address, size_t index, uint64_t below);

#endif
