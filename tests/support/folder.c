#include "folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

void folder_make(char path[FOLDER_SIZE])
{
    const char *temporary = getenv("TMPDIR");

    snprintf(path, FOLDER_SIZE, "%s/jepaflow-XXXXXX", temporary != NULL ? temporary : "/tmp");
    assert_non_null(mkdtemp(path));
}

void folder_remove_empty(const char *path)
{
    assert_int_equal(rmdir(path), 0);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void folder_remove(const char *path)
{
    (void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
