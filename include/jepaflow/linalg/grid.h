/*
 * grid.h - matrices spread over a grid of ranks, by ScaLAPACK.
 *
 * For now only which ScaLAPACK is linked; groups of ranks are made here when a point is larger than
 * one rank. Knows no physics.
 */
#ifndef JEPAFLOW_LINALG_GRID_H
#define JEPAFLOW_LINALG_GRID_H

/* The file from which ScaLAPACK's pdgemm is served. */
const char *jf_grid_scalapack_file(void);

#endif
