#include "jepaflow/linalg/grid.h"

#include <dlfcn.h>
#include <stdint.h>

/* Only its address is taken: the full prototype comes with the first call. */
extern void pdgemm_(void);

const char *jf_grid_scalapack_file(void)
{
    Dl_info about;

    return dladdr((void *)(uintptr_t)&pdgemm_, &about) != 0 ? about.dli_fname : "unknown";
}
