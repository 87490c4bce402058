#include "jepaflow/results/checkpoint.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

static const char opening[] = "jepaflow checkpoint";

/* OUT.nc.points.old: the folder while its points are moved. */
static const char aside[] = ".old";

/* ---- names ---- */

void jf_checkpoint_folder(const char *dataset, jf_string *path)
{
    jf_string_add(path, "%s.points", dataset);
}

int jf_checkpoint_has_folder(const char *dataset)
{
    jf_string folder = {0};

    jf_checkpoint_folder(dataset, &folder);
    const int has = jf_string_check(&folder) == JF_OK && access(folder.text, F_OK) == 0;
    jf_string_clear(&folder);
    return has;
}

static void add_file(jf_string *path, const jf_checkpoint *c, int part)
{
    jf_checkpoint_folder(c->dataset, path);
    jf_string_add(path, "/%zu", c->point);
    if (part > 0) {
        jf_string_add(path, ".%d", part);
    }
}

/* ---- writing ---- */

/* What a file begins with; the same for the same thing. */
static void put_heading(const jf_checkpoint *c, jf_wire *wire)
{
    jf_wire_put_bytes(wire, opening, strlen(opening));
    jf_wire_put_bytes(wire, c->version, strlen(c->version));
    jf_wire_put_bytes(wire, c->digest, strlen(c->digest));
    jf_wire_put_i64(wire, (int64_t)c->point);
    jf_wire_put_i64(wire, c->part);
    jf_wire_put_i64(wire, c->parts);
}

static jf_status cannot(const char *what, const char *path)
{
    return jf_fail(JF_ERR_FILE, "%s: cannot %s: %s", path, what, strerror(errno));
}

/* A point that is not saved goes on: a warning, and where it is said once, not again. */
static jf_status cannot_save(const jf_checkpoint *c, const char *what, const char *path)
{
    if (!c->silent) {
        jf_log(JF_LOG_WARNING, "%s: cannot %s: %s; points go on, but are not saved on their way",
               path, what, strerror(errno));
    }
    return JF_ERR_FILE;
}

static int write_all(int file, const unsigned char *data, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(file, data, size);
        if (written < 0 && errno != EINTR) {
            return 0;
        }
        data += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return 1;
}

static jf_status write_file(const jf_checkpoint *c, const char *path, const jf_wire *content)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (file < 0) {
        return cannot_save(c, "create it", path);
    }
    int well = write_all(file, content->data, content->size) && fsync(file) == 0;
    const int reason = errno;
    well = close(file) == 0 && well;
    if (!well) {
        errno = reason;
        const jf_status status = cannot_save(c, "write it", path);
        unlink(path);
        return status;
    }
    return JF_OK;
}

/* Where a file is made, and where it goes. */
static jf_status add_files(const jf_checkpoint *c, jf_string *temporary, jf_string *path)
{
    add_file(path, c, c->part);
    add_file(temporary, c, c->part);
    jf_string_add(temporary, ".new");
    JF_TRY(jf_string_check(path));
    return jf_string_check(temporary);
}

static jf_status write_content(const jf_checkpoint *c, const jf_wire *content)
{
    jf_string folder = {0}, path = {0}, temporary = {0};

    jf_checkpoint_folder(c->dataset, &folder);
    jf_status status = jf_string_check(&folder);
    if (status == JF_OK) {
        status = add_files(c, &temporary, &path);
    }
    if (status == JF_OK && mkdir(folder.text, 0777) != 0 && errno != EEXIST) {
        status = cannot_save(c, "make this folder", folder.text);
    }
    if (status == JF_OK) {
        status = write_file(c, temporary.text, content);
    }
    jf_string_clear(&folder);
    jf_string_clear(&path);
    jf_string_clear(&temporary);
    return status;
}

jf_status jf_checkpoint_write(const jf_checkpoint *c, const jf_wire *bytes)
{
    jf_wire content = {0};

    put_heading(c, &content);
    jf_wire_put_bytes(&content, bytes->data, bytes->size);
    jf_wire_put_i64(&content, (int64_t)jf_hash_bytes(JF_HASH_START, content.data, content.size));
    jf_status status = jf_wire_check(&content);
    if (status == JF_OK) {
        status = write_content(c, &content);
    }
    jf_wire_clear(&content);
    return status;
}

jf_status jf_checkpoint_commit(const jf_checkpoint *c)
{
    jf_string path = {0}, temporary = {0};

    jf_status status = add_files(c, &temporary, &path);
    if (status == JF_OK && rename(temporary.text, path.text) != 0) {
        status = cannot_save(c, "rename it", temporary.text);
    }
    jf_string_clear(&path);
    jf_string_clear(&temporary);
    return status;
}

/* ---- reading ---- */

static jf_status read_content(int file, const char *path, unsigned char **data, size_t *size)
{
    struct stat about;
    size_t at = 0;

    if (fstat(file, &about) != 0) {
        return cannot("read it", path);
    }
    *size = (size_t)about.st_size;
    *data = malloc(*size + 1);
    if (*data == NULL) {
        return jf_fail_memory("a point that was under way");
    }
    while (at < *size) {
        const ssize_t got = read(file, *data + at, *size - at);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return cannot("read it", path);
        }
        at += got > 0 ? (size_t)got : 0;
    }
    return JF_OK;
}

/* Why the content cannot be used; NULL: it can, and `bytes` are in it. */
static const char *find_bytes(const jf_checkpoint *c, const unsigned char *data, size_t size,
                              const unsigned char **bytes, size_t *count)
{
    jf_wire heading = {0};
    jf_wire_reader reader = {.data = data};

    put_heading(c, &heading);
    const int same = !heading.failed && size >= heading.size + sizeof(int64_t) &&
                     memcmp(heading.data, data, heading.size) == 0;
    reader.at = heading.size;
    jf_wire_clear(&heading);
    if (size < sizeof(int64_t) + sizeof opening ||
        memcmp(data + sizeof(int64_t), opening, strlen(opening)) != 0) {
        return "it is no checkpoint of jepaflow";
    }
    jf_wire_reader end = {.data = data, .size = size, .at = size - sizeof(int64_t)};
    if ((uint64_t)jf_wire_get_i64(&end) != jf_hash_bytes(JF_HASH_START, data, size - 8)) {
        return "it is damaged";
    }
    if (!same) {
        return "it is of another plan, version or number of ranks";
    }
    reader.size = size - sizeof(int64_t); /* the checksum is none of the bytes, and follows them */
    *bytes = jf_wire_get_bytes(&reader, count);
    return *bytes == NULL || reader.at != reader.size ? "it is damaged" : NULL;
}

jf_status jf_checkpoint_read(const jf_checkpoint *c, jf_wire *bytes)
{
    jf_string path = {0};
    unsigned char *data = NULL;
    const unsigned char *found;
    size_t size = 0, count;

    *bytes = (jf_wire){0};
    add_file(&path, c, c->part);
    JF_TRY(jf_string_check(&path));
    const int file = open(path.text, O_RDONLY);
    jf_status status = JF_OK;
    if (file >= 0) {
        status = read_content(file, path.text, &data, &size);
        close(file);
        const char *why = status == JF_OK ? find_bytes(c, data, size, &found, &count) : NULL;
        if (why != NULL) {
            jf_log(JF_LOG_WARNING, "%s: %s: point %zu starts anew", path.text, why, c->point);
        } else if (status == JF_OK) {
            memmove(data, found, count);
            *bytes = (jf_wire){.data = data, .size = count, .capacity = size};
            data = NULL;
        }
    } else if (errno != ENOENT && errno != ENOTDIR) { /* it is there, as it seems */
        jf_log(JF_LOG_WARNING, "%s: cannot open it: %s: point %zu starts anew", path.text,
               strerror(errno), c->point);
    }
    free(data);
    jf_string_clear(&path);
    return status == JF_ERR_FILE ? JF_OK : status; /* the message is enough: it starts anew */
}

double jf_checkpoint_date(const jf_checkpoint *c)
{
    jf_string path = {0};
    struct stat about;
    double date = 0.0;

    add_file(&path, c, c->part);
    if (jf_string_check(&path) == JF_OK && stat(path.text, &about) == 0) {
        date = (double)about.st_mtim.tv_sec + 1e-9 * (double)about.st_mtim.tv_nsec;
    }
    jf_string_clear(&path);
    return date;
}

/* A part, and what a writer of it that was killed has left. Returns 0 where there was neither. */
static int remove_part(const jf_checkpoint *c, int part)
{
    jf_string path = {0};
    int found = 0;

    add_file(&path, c, part);
    if (jf_string_check(&path) == JF_OK) {
        found = unlink(path.text) == 0;
        jf_string_add(&path, ".new");
    }
    if (jf_string_check(&path) == JF_OK) {
        found = unlink(path.text) == 0 || found;
    }
    jf_string_clear(&path);
    return found;
}

void jf_checkpoint_remove(const jf_checkpoint *c)
{
    jf_string folder = {0};

    for (int part = 0; remove_part(c, part); part++) {
    }
    jf_checkpoint_folder(c->dataset, &folder);
    if (jf_string_check(&folder) == JF_OK) {
        (void)rmdir(folder.text); /* fails while there are others */
    }
    jf_string_clear(&folder);
}

static void remove_folder(const char *dataset, const char *ending)
{
    jf_string folder = {0};

    jf_checkpoint_folder(dataset, &folder);
    jf_string_add(&folder, "%s", ending);
    DIR *entries = jf_string_check(&folder) == JF_OK ? opendir(folder.text) : NULL;
    if (entries != NULL) {
        for (const struct dirent *e; (e = readdir(entries)) != NULL;) {
            (void)unlinkat(dirfd(entries), e->d_name, 0); /* what cannot be removed stays */
        }
        closedir(entries);
        (void)rmdir(folder.text);
    }
    jf_string_clear(&folder);
}

void jf_checkpoint_remove_all(const char *dataset)
{
    remove_folder(dataset, "");
    remove_folder(dataset, aside);
}

/* ---- moving ---- */

/* What a file says that it is of, and where its bytes are. Returns 0 where it is damaged. */
typedef struct {
    unsigned char *data; /* owned */
    char version[64], digest[32];
    jf_checkpoint of;
    jf_wire bytes; /* a part of `data` */
} content;

static int get_text(jf_wire_reader *reader, char *text, size_t room)
{
    size_t size;
    const unsigned char *bytes = jf_wire_get_bytes(reader, &size);

    if (bytes == NULL || size >= room) {
        return 0;
    }
    memcpy(text, bytes, size);
    text[size] = '\0';
    return 1;
}

static int understand(content *c, size_t size)
{
    char word[sizeof opening];
    jf_wire_reader reader = {.data = c->data, .size = size};
    jf_wire_reader end = {.data = c->data, .size = size, .at = size - sizeof(int64_t)};

    if (size < sizeof(int64_t) ||
        (uint64_t)jf_wire_get_i64(&end) != jf_hash_bytes(JF_HASH_START, c->data, size - 8)) {
        return 0;
    }
    if (!get_text(&reader, word, sizeof word) || strcmp(word, opening) != 0 ||
        !get_text(&reader, c->version, sizeof c->version) ||
        !get_text(&reader, c->digest, sizeof c->digest)) {
        return 0;
    }
    c->of = (jf_checkpoint){
        .version = c->version, .digest = c->digest, .point = (size_t)jf_wire_get_i64(&reader)};
    c->of.part = (int)jf_wire_get_i64(&reader);
    c->of.parts = (int)jf_wire_get_i64(&reader);
    const unsigned char *bytes = jf_wire_get_bytes(&reader, &c->bytes.size);
    const size_t at = bytes != NULL ? (size_t)(bytes - c->data) : 0;
    c->bytes.data = c->data + at;
    return bytes != NULL && !reader.failed;
}

static int read_any(int folder, const char *name, content *c)
{
    size_t size = 0;
    const int file = openat(folder, name, O_RDONLY);

    *c = (content){0};
    if (file < 0) {
        return 0;
    }
    const jf_status status = read_content(file, name, &c->data, &size);
    close(file);
    return status == JF_OK && understand(c, size);
}

/* Write it as the same point of another plan. Returns 0 where it is of none, or cannot be. */
static int move_one(const char *dataset, int folder, const char *name, const jf_checkpoint_move *m)
{
    content c;
    int moved = 0;

    if (read_any(folder, name, &c) && strcmp(c.digest, m->from) == 0) {
        jf_checkpoint to = c.of;
        to.dataset = dataset;
        to.digest = m->to;
        to.point = m->place(m->context, c.of.point);
        moved = to.point != (size_t)-1 && jf_checkpoint_write(&to, &c.bytes) == JF_OK &&
                jf_checkpoint_commit(&to) == JF_OK;
    }
    free(c.data);
    return moved;
}

/* The folder is set aside first: numbers of points before and after must not meet in one. */
void jf_checkpoint_move_all(const char *dataset, const jf_checkpoint_move *m, size_t *moved,
                            size_t *dropped)
{
    jf_string folder = {0}, old = {0};

    *moved = *dropped = 0;
    jf_checkpoint_folder(dataset, &folder);
    jf_checkpoint_folder(dataset, &old);
    jf_string_add(&old, "%s", aside);
    remove_folder(dataset, aside); /* of a run that was killed just here */
    const int ready = jf_string_check(&folder) == JF_OK && jf_string_check(&old) == JF_OK &&
                      rename(folder.text, old.text) == 0;
    DIR *entries = ready ? opendir(old.text) : NULL;
    if (entries != NULL) {
        for (const struct dirent *e; (e = readdir(entries)) != NULL;) {
            if (isdigit((unsigned char)e->d_name[0]) && strstr(e->d_name, ".new") == NULL) {
                ++*(move_one(dataset, dirfd(entries), e->d_name, m) ? moved : dropped);
            }
        }
        closedir(entries);
        remove_folder(dataset, aside);
    }
    jf_string_clear(&folder);
    jf_string_clear(&old);
}
