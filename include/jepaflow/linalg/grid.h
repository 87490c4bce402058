/*
 * grid.h - a group of ranks as a grid, on which matrices are spread.
 *
 * One BLACS grid for each group, made once and kept for the whole run: a grid costs a communicator,
 * of which there are some thousands. Every call is for all ranks of the grid. Knows no matrices
 * (square.h), and of messages only sums.
 */
#ifndef JEPAFLOW_LINALG_GRID_H
#define JEPAFLOW_LINALG_GRID_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef struct jf_grid jf_grid;

/*
 * Make a grid of all ranks of a communicator, as near to a square as their number allows.
 *   communicator  MPI's, as a Fortran handle; it must outlive the grid
 *   out           release with jf_grid_destroy()
 * JF_ERR_MEMORY, JF_ERR_NETWORK.
 */
jf_status jf_grid_create(int communicator, jf_grid **out);

/* All ranks of the grid must call. Sets *grid to NULL, accepts NULL. */
void jf_grid_destroy(jf_grid **grid);

int jf_grid_ranks(const jf_grid *grid);

/* The grid's shape, this rank's place in it (from 0), and what BLACS calls it. */
typedef struct {
    int rows, columns;
    int row, column;
    int context;
} jf_grid_place;
jf_grid_place jf_grid_where(const jf_grid *grid);

/* The same numbers on all ranks: for each the sum, or the largest, of what the ranks bring. */
void jf_grid_sum(const jf_grid *grid, size_t count, double *values);
void jf_grid_largest(const jf_grid *grid, size_t count, double *values);

/* The file that serves ScaLAPACK to this process. */
const char *jf_grid_scalapack_file(void);

#endif
