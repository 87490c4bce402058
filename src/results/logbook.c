#include "jepaflow/results/logbook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/results/checkpoint.h"

void jf_logbook_clear(jf_logbook *book)
{
    free(book->lines);
    book->lines = NULL;
    book->count = book->room = 0;
}

jf_logbook_line *jf_logbook_find(const jf_logbook *book, size_t point)
{
    for (size_t i = 0; i < book->count; i++) {
        if (book->lines[i].point == point) {
            return &book->lines[i];
        }
    }
    return NULL;
}

jf_status jf_logbook_add(jf_logbook *book, const jf_logbook_line *line)
{
    if (book->count == book->room) {
        const size_t room = 2 * book->room + 16;
        jf_logbook_line *lines = realloc(book->lines, room * sizeof *lines);
        if (lines == NULL) {
            return jf_fail_memory("the logbook");
        }
        book->lines = lines;
        book->room = room;
    }
    book->lines[book->count++] = *line;
    return JF_OK;
}

int jf_logbook_same(const jf_logbook *a, const jf_logbook *b)
{
    int same = a->count == b->count;

    for (size_t i = 0; i < a->count && same; i++) {
        const jf_logbook_line *x = &a->lines[i], *y = &b->lines[i];
        same = x->point == y->point && x->rank == y->rank && x->deaths == y->deaths &&
               x->saved == y->saved;
    }
    return same;
}

/* ---- the file ---- */

static jf_status name_file(const jf_logbook *book, const char *suffix, jf_string *path)
{
    jf_checkpoint_folder(book->dataset, path);
    jf_string_add(path, "/logbook%s", suffix);
    return jf_string_check(path);
}

/* The heading says of what it is; the last line, that it is whole. */
static int read_lines(jf_logbook *book, FILE *file)
{
    jf_logbook_line line;
    char digest[17];
    size_t count, lines = 0;

    if (fscanf(file, "jepaflow logbook of plan %16s, %d ranks", digest, &book->ranks) != 2 ||
        strcmp(digest, book->digest) != 0) {
        return 0;
    }
    while (fscanf(file, " point %zu rank %d deaths %d saved %lf", &line.point, &line.rank,
                  &line.deaths, &line.saved) == 4) {
        lines++;
        if (jf_logbook_add(book, &line) != JF_OK) {
            return 0;
        }
    }
    return fscanf(file, " end of %zu", &count) == 1 && count == lines;
}

jf_status jf_logbook_read(jf_logbook *book)
{
    jf_string path = {0};

    jf_logbook_clear(book);
    jf_status status = name_file(book, "", &path);
    FILE *file = status == JF_OK ? fopen(path.text, "r") : NULL;
    if (file != NULL) {
        if (!read_lines(book, file)) {
            jf_log(JF_LOG_WARNING, "%s: it is damaged or of another plan, and not used", path.text);
            jf_logbook_clear(book);
        }
        fclose(file);
    }
    jf_string_clear(&path);
    return status;
}

static int write_lines(const jf_logbook *book, FILE *file)
{
    fprintf(file, "jepaflow logbook of plan %s, %d ranks\n", book->digest, book->ranks);
    for (size_t i = 0; i < book->count; i++) {
        const jf_logbook_line *line = &book->lines[i];
        fprintf(file, "point %zu rank %d deaths %d saved %.9f\n", line->point, line->rank,
                line->deaths, line->saved);
    }
    fprintf(file, "end of %zu\n", book->count);
    const int well = !ferror(file);
    return fclose(file) == 0 && well;
}

static jf_status cannot(const char *path)
{
    jf_log(JF_LOG_WARNING,
           "%s: cannot write it: %s; the run goes on, but the next will not know what it died of",
           path, strerror(errno));
    return JF_ERR_FILE;
}

/*
 * It is not handed to the disk: it outlives processes, and what the machine takes down with it has
 * not died of a point.
 */
static jf_status replace(const char *path, const char *temporary, const jf_logbook *book)
{
    FILE *file = fopen(temporary, "w");

    if (file == NULL || !write_lines(book, file) || rename(temporary, path) != 0) {
        const jf_status status = cannot(temporary);
        unlink(temporary);
        return status;
    }
    return JF_OK;
}

static jf_status write_file(const jf_logbook *book, const char *folder, const char *path)
{
    jf_string temporary = {0};

    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return cannot(path);
    }
    jf_status status = name_file(book, ".new", &temporary);
    if (status == JF_OK) {
        status = replace(path, temporary.text, book);
    }
    jf_string_clear(&temporary);
    return status;
}

jf_status jf_logbook_write(const jf_logbook *book)
{
    jf_string folder = {0}, path = {0};

    jf_checkpoint_folder(book->dataset, &folder);
    jf_status status = jf_string_check(&folder);
    if (status == JF_OK) {
        status = name_file(book, "", &path);
    }
    if (status == JF_OK && book->count > 0) {
        status = write_file(book, folder.text, path.text);
    } else if (status == JF_OK) {
        (void)unlink(path.text);  /* it may never have been there */
        (void)rmdir(folder.text); /* fails while points are saved in it */
    }
    jf_string_clear(&folder);
    jf_string_clear(&path);
    return status;
}
