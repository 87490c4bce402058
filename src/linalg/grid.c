#include "jepaflow/linalg/grid.h"

#include <dlfcn.h>
#include <mpi.h>
#include <stdint.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

/* Only its address is taken: the full prototype comes with the first call. */
extern void pdgemm_(void);

/* BLACS. */
int Csys2blacs_handle(MPI_Comm communicator);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
void Cblacs_gridinfo(int context, int *rows, int *columns, int *row, int *column);
void Cblacs_gridexit(int context);

struct jf_grid {
    MPI_Comm communicator;
    int ranks;
    int handle; /* of the communicator, in BLACS */
    jf_grid_place place;
};

/* The divisor of `ranks` next to its root, from below: there are at least as many columns. */
static int rows_of(int ranks)
{
    int rows = 1;

    for (int k = 2; k * k <= ranks; k++) {
        rows = ranks % k == 0 ? k : rows;
    }
    return rows;
}

jf_status jf_grid_create(int communicator, jf_grid **out)
{
    jf_grid *grid = calloc(1, sizeof *grid);

    *out = grid;
    if (grid == NULL) {
        return jf_fail_memory("a grid of ranks");
    }
    grid->communicator = MPI_Comm_f2c((MPI_Fint)communicator);
    if (MPI_Comm_size(grid->communicator, &grid->ranks) != MPI_SUCCESS) {
        free(grid);
        *out = NULL;
        return jf_fail(JF_ERR_NETWORK, "MPI cannot count the ranks of a grid");
    }
    const int rows = rows_of(grid->ranks);
    jf_grid_place *p = &grid->place;
    grid->handle = Csys2blacs_handle(grid->communicator);
    p->context = grid->handle;
    Cblacs_gridinit(&p->context, "Row-major", rows, grid->ranks / rows);
    Cblacs_gridinfo(p->context, &p->rows, &p->columns, &p->row, &p->column);
    return JF_OK;
}

void jf_grid_destroy(jf_grid **grid)
{
    if (*grid != NULL) {
        Cblacs_gridexit((*grid)->place.context);
        Cfree_blacs_system_handle((*grid)->handle);
        free(*grid);
        *grid = NULL;
    }
}

int jf_grid_ranks(const jf_grid *grid)
{
    return grid->ranks;
}

jf_grid_place jf_grid_where(const jf_grid *grid)
{
    return grid->place;
}

/* MPI ends the program itself where these fail: a group without its network has no way on. */
static void reduce(const jf_grid *grid, MPI_Op how, size_t count, double *values)
{
    MPI_Allreduce(MPI_IN_PLACE, values, (int)count, MPI_DOUBLE, how, grid->communicator);
}

void jf_grid_sum(const jf_grid *grid, size_t count, double *values)
{
    reduce(grid, MPI_SUM, count, values);
}

void jf_grid_largest(const jf_grid *grid, size_t count, double *values)
{
    reduce(grid, MPI_MAX, count, values);
}

const char *jf_grid_scalapack_file(void)
{
    Dl_info about;

    return dladdr((void *)(uintptr_t)&pdgemm_, &about) != 0 ? about.dli_fname : "unknown";
}
