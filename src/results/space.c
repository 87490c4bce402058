#include "jepaflow/results/space.h"

#include <errno.h>
#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

double jf_space_left(const char *path)
{
    struct statvfs about;
    char *copy = strdup(path);
    double left = INFINITY;

    if (copy != NULL && statvfs(dirname(copy), &about) == 0 && about.f_blocks > 0) {
        left = (double)about.f_bavail * (double)about.f_frsize;
    }
    free(copy);
    return left;
}

jf_status jf_space_check(const char *path, double bytes)
{
    const double left = jf_space_left(path);
    char needed[JF_BYTES_TEXT], is_free[JF_BYTES_TEXT];

    return left >= bytes
               ? JF_OK
               : jf_fail(JF_ERR_FILE,
                         "%s: needs %s, %s are free there; make room, or name a file on "
                         "another disk with -o",
                         path, jf_text_bytes(bytes, needed), jf_text_bytes(left, is_free));
}
