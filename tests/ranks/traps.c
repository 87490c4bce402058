/*
 * traps.c - a library to preload that switches floating-point traps on, as some do: when it is
 * loaded, when MPI starts, and at each broadcast. Without care a number that overflows is then the
 * end of the rank.
 */
#define _GNU_SOURCE
#include <fenv.h>
#include <mpi.h>

__attribute__((constructor)) static void set_traps(void)
{
    feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
}

int MPI_Init(int *argc, char ***argv)
{
    const int code = PMPI_Init(argc, argv);

    set_traps();
    return code;
}

int MPI_Ibcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm communicator,
               MPI_Request *request)
{
    set_traps();
    return PMPI_Ibcast(data, count, type, root, communicator, request);
}
