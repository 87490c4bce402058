#include "jepaflow/results/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/cdf.h"

struct jf_file {
    int id;
    char *path;
};

/* A full disk or a used-up quota: what may be done about it. */
static const char *remedy(int code)
{
    return code == ENOSPC || code == EDQUOT ? "; make room and run the same command again" : "";
}

static jf_status failed(const char *path, const char *what, int code)
{
    const char *why = code > 0 ? strerror(code) : nc_strerror(code);

    return jf_fail(JF_ERR_FILE, "%s: cannot %s: %s%s", path, what, why, remedy(code));
}

/* Pass a NetCDF code on as ours. */
#define CHECK(file, what, call)                                                                    \
    do {                                                                                           \
        const int code_ = (call);                                                                  \
        if (code_ != NC_NOERR) {                                                                   \
            return failed((file)->path, what, code_);                                              \
        }                                                                                          \
    } while (0)

/* The same for a call that concerns one dimension, variable or attribute. */
#define CHECK_NAMED(file, name, call)                                                              \
    do {                                                                                           \
        const int code_ = (call);                                                                  \
        if (code_ != NC_NOERR) {                                                                   \
            return jf_fail(JF_ERR_FILE, "%s: '%s': %s", (file)->path, name, nc_strerror(code_));   \
        }                                                                                          \
    } while (0)

/*
 * A path as NetCDF takes it for nothing else: of " a.nc" it would drop the blank, and what looks
 * like an address, "http://host/a.nc", it would look for there. NULL: no memory. The caller frees.
 */
static char *plain_path(const char *path)
{
    char *plain = malloc(strlen(path) + 3);

    if (plain != NULL) {
        strcpy(plain, path[0] == '/' ? "" : "./");
        strcat(plain, path);
    }
    return plain;
}

static jf_status file_init(const char *path, jf_file **out)
{
    jf_file *file = calloc(1, sizeof *file);

    if (file != NULL) {
        file->path = strdup(path);
    }
    if (file == NULL || file->path == NULL) {
        free(file);
        return jf_fail_memory("a file");
    }
    *out = file;
    return JF_OK;
}

static void file_free(jf_file **file)
{
    free((*file)->path);
    free(*file);
    *file = NULL;
}

jf_status jf_file_create(const char *path, jf_file **out)
{
    *out = NULL;
    JF_TRY(file_init(path, out));
    char *plain = plain_path(path);
    const int code =
        plain != NULL ? nc_create(plain, NC_NOCLOBBER | NC_64BIT_DATA, &(*out)->id) : NC_ENOMEM;
    free(plain);
    if (code != NC_NOERR) {
        file_free(out);
        return failed(path, "create it", code);
    }
    return JF_OK;
}

static jf_status open_at(const char *path, int writable, jf_file **out)
{
    JF_TRY(file_init(path, out));
    char *plain = plain_path(path);
    const int code =
        plain != NULL ? nc_open(plain, writable ? NC_WRITE : NC_NOWRITE, &(*out)->id) : NC_ENOMEM;
    free(plain);
    if (code != NC_NOERR) {
        file_free(out);
        return failed(path, "open it as a dataset", code);
    }
    return JF_OK;
}

jf_status jf_file_open(const char *path, int writable, jf_file **out)
{
    *out = NULL;
    JF_TRY(jf_cdf_check(path));
    return open_at(path, writable, out);
}

jf_status jf_file_open_foreign(const char *path, jf_file **out)
{
    *out = NULL;
    return open_at(path, 0, out);
}

jf_status jf_file_close(jf_file **file)
{
    jf_status status = JF_OK;

    if (*file != NULL) {
        const int code = nc_close((*file)->id);
        if (code != NC_NOERR) {
            status = failed((*file)->path, "close it", code);
        }
        file_free(file);
    }
    return status;
}

void jf_file_discard(jf_file **file)
{
    if (*file != NULL) {
        (void)nc_abort((*file)->id);
        file_free(file);
    }
}

const char *jf_file_path(const jf_file *file)
{
    return file->path;
}

const char *jf_file_library(void)
{
    static char version[32]; /* "4.9.0 of Aug  7 2022 ..." */

    snprintf(version, sizeof version, "%s", nc_inq_libvers());
    version[strcspn(version, " ")] = '\0';
    return version;
}

static nc_type type_code(jf_file_type type)
{
    switch (type) {
    case JF_FILE_TEXT:
        return NC_CHAR;
    case JF_FILE_BYTE:
        return NC_BYTE;
    case JF_FILE_LONG:
        return NC_INT64;
    default:
        return NC_DOUBLE;
    }
}

jf_status jf_file_add_dimension(jf_file *file, const char *name, size_t length, int *dimension)
{
    CHECK_NAMED(file, name, nc_def_dim(file->id, name, length, dimension));
    return JF_OK;
}

jf_status jf_file_add_variable(jf_file *file, const char *name, jf_file_type type, size_t rank,
                               const int *dimensions, const double *fill, int *variable)
{
    CHECK_NAMED(file, name,
                nc_def_var(file->id, name, type_code(type), (int)rank, dimensions, variable));
    if (fill != NULL) {
        CHECK_NAMED(file, name, nc_def_var_fill(file->id, *variable, NC_FILL, fill));
    } else if (type != JF_FILE_TEXT) { /* labels end with the zeros that text is filled with */
        CHECK_NAMED(file, name, nc_def_var_fill(file->id, *variable, NC_NOFILL, NULL));
    }
    return JF_OK;
}

static int owner(int variable)
{
    return variable < 0 ? NC_GLOBAL : variable;
}

jf_status jf_file_add_text(jf_file *file, int variable, const char *name, const char *text)
{
    CHECK_NAMED(file, name, nc_put_att_text(file->id, owner(variable), name, strlen(text), text));
    return JF_OK;
}

jf_status jf_file_add_bytes(jf_file *file, int variable, const char *name, const int8_t *values,
                            size_t count)
{
    CHECK_NAMED(file, name,
                nc_put_att_schar(file->id, owner(variable), name, NC_BYTE, count, values));
    return JF_OK;
}

jf_status jf_file_add_number(jf_file *file, int variable, const char *name, double value)
{
    CHECK_NAMED(file, name,
                nc_put_att_double(file->id, owner(variable), name, NC_DOUBLE, 1, &value));
    return JF_OK;
}

jf_status jf_file_add_integer(jf_file *file, int variable, const char *name, int64_t value)
{
    const long long number = value;

    CHECK_NAMED(file, name,
                nc_put_att_longlong(file->id, owner(variable), name, NC_INT64, 1, &number));
    return JF_OK;
}

jf_status jf_file_end_definitions(jf_file *file)
{
    CHECK(file, "lay it out", nc_enddef(file->id));
    return JF_OK;
}

jf_status jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                      const size_t *count, const void *data)
{
    int code;

    switch (type) {
    case JF_FILE_TEXT:
        code = nc_put_vara_text(file->id, variable, start, count, data);
        break;
    case JF_FILE_BYTE:
        code = nc_put_vara_schar(file->id, variable, start, count, data);
        break;
    case JF_FILE_LONG:
        code = nc_put_vara_longlong(file->id, variable, start, count, data);
        break;
    default:
        code = nc_put_vara_double(file->id, variable, start, count, data);
    }
    CHECK(file, "write to it", code);
    return JF_OK;
}

jf_status jf_file_get(jf_file *file, int variable, const size_t *start, const size_t *count,
                      double *data)
{
    CHECK(file, "read it", nc_get_vara_double(file->id, variable, start, count, data));
    return JF_OK;
}

jf_status jf_file_get_as(jf_file *file, int variable, jf_file_type type, const size_t *start,
                         const size_t *count, void *data)
{
    int code;

    switch (type) {
    case JF_FILE_TEXT:
        code = nc_get_vara_text(file->id, variable, start, count, data);
        break;
    case JF_FILE_BYTE:
        code = nc_get_vara_schar(file->id, variable, start, count, data);
        break;
    case JF_FILE_LONG:
        code = nc_get_vara_longlong(file->id, variable, start, count, data);
        break;
    default:
        code = nc_get_vara_double(file->id, variable, start, count, data);
    }
    CHECK(file, "read it", code);
    return JF_OK;
}

jf_status jf_file_sync(jf_file *file)
{
    CHECK(file, "write to it", nc_sync(file->id));
    return JF_OK;
}

static jf_status sync_descriptor(const char *path, int flags)
{
    const int file = open(path, flags | O_CLOEXEC);
    int code = file < 0 || fsync(file) != 0 ? errno : 0;

    if (file >= 0 && close(file) != 0 && code == 0) {
        code = errno;
    }
    return code == 0 || code == EINVAL ? JF_OK : failed(path, "hand it to the disk", code);
}

jf_status jf_file_to_disk(const char *path)
{
    char *copy = strdup(path);

    if (copy == NULL) {
        return jf_fail_memory("a path");
    }
    jf_status status = sync_descriptor(path, O_RDWR);
    if (status == JF_OK) {
        status = sync_descriptor(dirname(copy), O_RDONLY | O_DIRECTORY);
    }
    free(copy);
    return status;
}

int jf_file_has_dimension(const jf_file *file, const char *name)
{
    int id;

    return nc_inq_dimid(file->id, name, &id) == NC_NOERR;
}

int jf_file_has_variable(const jf_file *file, const char *name)
{
    int id;

    return nc_inq_varid(file->id, name, &id) == NC_NOERR;
}

jf_status jf_file_dimension(jf_file *file, const char *name, size_t *length)
{
    int id;

    CHECK_NAMED(file, name, nc_inq_dimid(file->id, name, &id));
    CHECK_NAMED(file, name, nc_inq_dimlen(file->id, id, length));
    return JF_OK;
}

jf_status jf_file_variable(jf_file *file, const char *name, jf_file_shape *shape)
{
    int dimensions[NC_MAX_VAR_DIMS];
    int rank;
    nc_type type;

    CHECK_NAMED(file, name, nc_inq_varid(file->id, name, &shape->id));
    CHECK_NAMED(file, name, nc_inq_var(file->id, shape->id, NULL, &type, &rank, dimensions, NULL));
    if (rank > JF_FILE_DIMENSIONS) {
        return jf_fail(JF_ERR_FILE, "%s: '%s' has %d dimensions, expected at most %d", file->path,
                       name, rank, JF_FILE_DIMENSIONS);
    }
    shape->rank = (size_t)rank;
    shape->type = type == NC_CHAR     ? JF_FILE_TEXT
                  : type == NC_BYTE   ? JF_FILE_BYTE
                  : type == NC_DOUBLE ? JF_FILE_DOUBLE
                                      : JF_FILE_LONG;
    for (int k = 0; k < rank; k++) {
        CHECK_NAMED(file, name,
                    nc_inq_dim(file->id, dimensions[k], shape->name[k], &shape->length[k]));
    }
    return JF_OK;
}

jf_status jf_file_text(jf_file *file, int variable, const char *name, char **text)
{
    size_t length;

    CHECK_NAMED(file, name, nc_inq_attlen(file->id, owner(variable), name, &length));
    *text = calloc(length + 1, 1);
    if (*text == NULL) {
        return jf_fail_memory("an attribute");
    }
    const int code = nc_get_att_text(file->id, owner(variable), name, *text);
    if (code != NC_NOERR) {
        free(*text);
        *text = NULL;
        return jf_fail(JF_ERR_FILE, "%s: '%s': %s", file->path, name, nc_strerror(code));
    }
    return JF_OK;
}

jf_file_kind jf_file_attribute(const jf_file *file, const char *name)
{
    nc_type type;

    if (nc_inq_atttype(file->id, NC_GLOBAL, name, &type) != NC_NOERR) {
        return JF_FILE_NOTHING;
    }
    return type == NC_CHAR ? JF_FILE_WORD : JF_FILE_NUMBER;
}

jf_status jf_file_number(jf_file *file, int variable, const char *name, double *value)
{
    size_t length;

    CHECK_NAMED(file, name, nc_inq_attlen(file->id, owner(variable), name, &length));
    if (length != 1) {
        return jf_fail(JF_ERR_FILE, "%s: attribute '%s' is not one number", file->path, name);
    }
    CHECK_NAMED(file, name, nc_get_att_double(file->id, owner(variable), name, value));
    return JF_OK;
}
