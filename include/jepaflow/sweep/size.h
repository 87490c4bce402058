/*
 * size.h - how large a sweep would be, asked before anything is made of it.
 *
 * A line of an input can ask for more than any disk holds. Knows the shape of a record; no values.
 */
#ifndef JEPAFLOW_SWEEP_SIZE_H
#define JEPAFLOW_SWEEP_SIZE_H

#include "jepaflow/sweep/document.h"

/* Most points of a sweep. */
#define JF_MOST_POINTS ((size_t)100000000)

/* Most bytes of a point's results: each rank holds some of them in memory, and sends them whole. */
#define JF_MOST_RECORD ((size_t)1000000000)

/* Bytes of a point's results in the dataset. */
double jf_size_of_record(size_t features, size_t samples);

/*
 * Refuse a sweep of more than JF_MOST_POINTS, or points of more than JF_MOST_RECORD.
 *   place              where the input says so
 *   points             product of what stands on the axes
 *   features, samples  most of a point
 * JF_ERR_USAGE, with a message of how large it would be and what is allowed.
 */
jf_status jf_size_check_points(const jf_node *place, double points, size_t features,
                               size_t samples);
jf_status jf_size_check_record(const jf_node *place, size_t features, size_t samples);

#endif
