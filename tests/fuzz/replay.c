/*
 * replay.c - a fuzz target over files and folders of them, once each: replay_input corpus/input
 *
 * Says how many it has read, so that an empty corpus is seen.
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

static int replayed;

static void replay(const char *path);

static void replay_folder(const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, NULL, alphasort);

    fuzz_require(count >= 0, path);
    for (int i = 0; i < count; i++) {
        char below[4096];
        snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            replay(below);
        }
        free(entries[i]);
    }
    free(entries);
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size + 1);

    fuzz_require(file != NULL && data != NULL && fread(data, 1, size, file) == size, path);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one, where it ends here */
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    replayed++;
}

static void replay(const char *path)
{
    struct stat about;

    fuzz_require(stat(path, &about) == 0, path);
    if (S_ISDIR(about.st_mode)) {
        replay_folder(path);
    } else {
        replay_file(path, (size_t)about.st_size);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    printf("%d replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
