#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#include "jepaflow/app/command.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/linalg/grid.h"
#include "jepaflow/ode/sundials.h"
#include "jepaflow/ranks/comm.h"
#include "jepaflow/results/file.h"

static char line[1024];

void jf_command_line_set(int argc, char **argv)
{
    size_t used = 0;

    for (int i = 0; i < argc && used < sizeof line; i++) {
        const int length =
            snprintf(line + used, sizeof line - used, "%s%s", i > 0 ? " " : "", argv[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

const char *jf_command_line(void)
{
    return line;
}

const char *jf_version_program(void)
{
    return PACKAGE_STRING;
}

const char *jf_version_text(void)
{
    return PACKAGE_VERSION;
}

const char *jf_version_libraries(void)
{
    static char text[1024];

    snprintf(text, sizeof text,
             "%s; BLIS %s (%s kernels, %d thread(s) a rank); SUNDIALS %s; NetCDF %s; %s",
             jf_comm_library(), jf_blas_version(), jf_blas_architecture(), jf_blas_threads(),
             jf_sundials_version(), jf_file_library(), JF_BUILD_COMPILER);
    return text;
}

void jf_version_print(FILE *out)
{
    fprintf(out, "%s\n", jf_version_program());
    fprintf(out, "  compiler   %s, %s\n", JF_BUILD_COMPILER, JF_BUILD_CFLAGS);
    fprintf(out, "  MPI        %s\n", jf_comm_library());
    fprintf(out, "  BLIS       %s, %s kernels, %d thread(s) a rank, dgemm from %s\n",
            jf_blas_version(), jf_blas_architecture(), jf_blas_threads(), jf_blas_file());
    fprintf(out, "  LAPACK     from %s\n", jf_blas_lapack_file());
    fprintf(out, "  ScaLAPACK  from %s\n", jf_grid_scalapack_file());
    fprintf(out, "  NetCDF     %s\n", jf_file_library());
    fprintf(out, "  SUNDIALS   %s\n", jf_sundials_version());
}
