/*
 * box.h - consecutive points of a sweep as hyperslabs.
 *
 * Points are numbered with the last axis fastest, so that a stretch of them is a few boxes: whole
 * inner axes, and a part of the one outside them. Knows no file.
 */
#ifndef JEPAFLOW_RESULTS_BOX_H
#define JEPAFLOW_RESULTS_BOX_H

#include <stddef.h>

/*
 * The largest box of at most `most` (at least 1) consecutive points from point `first` on.
 *   extent  points along each of the axes
 *   start   set to its first point's place along each axis
 *   count   set to its points along each axis
 * Returns the number of its points.
 */
size_t jf_box_find(size_t axes, const size_t *extent, size_t first, size_t most, size_t *start,
                   size_t *count);

#endif
