#include "jepaflow/results/space.h"

#include <errno.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "jepaflow/base/log.h"

const char *jf_space_text(double bytes, char text[JF_SPACE_TEXT])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t k = 0;

    while (bytes >= 1000.0 && k + 1 < sizeof unit / sizeof unit[0]) {
        bytes /= 1000.0;
        k++;
    }
    snprintf(text, JF_SPACE_TEXT, "%.3g %s", bytes, unit[k]);
    return text;
}

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
    char needed[JF_SPACE_TEXT], is_free[JF_SPACE_TEXT];

    return left >= bytes
               ? JF_OK
               : jf_fail(JF_ERR_FILE,
                         "%s: needs %s, %s are free there; make room, or name a file on "
                         "another disk with -o",
                         path, jf_space_text(bytes, needed), jf_space_text(left, is_free));
}
