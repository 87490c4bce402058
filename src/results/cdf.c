#include "jepaflow/results/cdf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jepaflow/base/log.h"

enum { DIMENSION_TAG = 0x0A, VARIABLE_TAG = 0x0B, ATTRIBUTE_TAG = 0x0C };
enum { MOST_NAME = 255, MOST_DIMENSIONS = 1024, MOST_VARIABLES = 8192, MOST_RANK = 1024 };

/* A header on its way through. Once it is wrong all reads give 0. */
typedef struct {
    const char *path;
    FILE *file;
    uint64_t size; /* of the file */
    uint64_t at;
    uint64_t *length; /* of the dimensions */
    uint64_t dimensions;
    uint64_t first; /* byte of the first variable */
    uint64_t end;   /* of the data of the variables so far */
    int wrong;      /* it was said */
} walk;

static void damaged(walk *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void damaged(walk *w, const char *format, ...)
{
    char what[160];
    va_list arguments;

    if (!w->wrong) {
        va_start(arguments, format);
        vsnprintf(what, sizeof what, format, arguments);
        va_end(arguments);
        (void)jf_fail(JF_ERR_FILE, "%s: is damaged: %s (byte %" PRIu64 " of its header)", w->path,
                      what, w->at);
    }
    w->wrong = 1;
}

static void cut_off(walk *w)
{
    if (!w->wrong) {
        (void)jf_fail(JF_ERR_FILE, "%s: is cut off: its %" PRIu64 " bytes end within the header",
                      w->path, w->size);
    }
    w->wrong = 1;
}

/* ---- the grammar's words ---- */

static uint64_t get(walk *w, size_t bytes)
{
    unsigned char data[8];
    uint64_t value = 0;

    if (w->wrong) {
        return 0;
    }
    if (bytes > w->size - w->at || fread(data, 1, bytes, w->file) != bytes) {
        cut_off(w);
        return 0;
    }
    w->at += bytes;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | data[i];
    }
    return value;
}

static void skip(walk *w, uint64_t bytes)
{
    if (w->wrong) {
        return;
    }
    if (bytes > w->size - w->at || fseeko(w->file, (off_t)bytes, SEEK_CUR) != 0) {
        cut_off(w);
        return;
    }
    w->at += bytes;
}

static uint64_t padded(uint64_t bytes)
{
    return (bytes + 3) / 4 * 4;
}

/* Names are plain text: one that is not would reach a terminal in messages. */
static void skip_name(walk *w)
{
    const uint64_t length = get(w, 8);

    if (!w->wrong && (length == 0 || length > MOST_NAME)) {
        damaged(w, "a name of %" PRIu64 " bytes", length);
    }
    for (uint64_t i = 0; i < length && !w->wrong; i++) {
        const uint64_t letter = get(w, 1);
        if (!w->wrong && (letter < 0x20 || letter > 0x7e)) {
            damaged(w, "a name with byte %" PRIu64, letter);
        }
    }
    skip(w, padded(length) - length);
}

/* Bytes of a number of type 1 ... 11; 0, and a message, of any other. */
static uint64_t get_type(walk *w)
{
    static const unsigned char bytes[] = {0, 1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8};
    const uint64_t type = get(w, 4);

    if (!w->wrong && (type == 0 || type >= sizeof bytes)) {
        damaged(w, "type %" PRIu64, type);
    }
    return w->wrong ? 0 : bytes[type];
}

/* The number of a list's entries: 0 where it is absent. */
static uint64_t begin_list(walk *w, uint64_t tag, uint64_t most)
{
    const uint64_t found = get(w, 4), count = get(w, 8);

    if (!w->wrong && !(found == tag || (found == 0 && count == 0))) {
        damaged(w, "a list of kind %" PRIu64 " where one of kind %" PRIu64 " was expected", found,
                tag);
    } else if (!w->wrong && count > most) {
        damaged(w, "a list of %" PRIu64 " entries", count);
    }
    return w->wrong ? 0 : count;
}

/* ---- its sentences ---- */

static void walk_attributes(walk *w)
{
    const uint64_t count = begin_list(w, ATTRIBUTE_TAG, MOST_VARIABLES);

    for (uint64_t i = 0; i < count && !w->wrong; i++) {
        skip_name(w);
        const uint64_t bytes = get_type(w), numbers = get(w, 8);
        if (!w->wrong && numbers > w->size) {
            damaged(w, "an attribute of %" PRIu64 " numbers", numbers);
        }
        skip(w, padded(bytes * numbers));
    }
}

static void walk_dimensions(walk *w)
{
    w->dimensions = begin_list(w, DIMENSION_TAG, MOST_DIMENSIONS);
    for (uint64_t i = 0; i < w->dimensions && !w->wrong; i++) {
        skip_name(w);
        w->length[i] = get(w, 8);
        if (!w->wrong && w->length[i] == 0) {
            damaged(w, "a dimension without length, which no dataset of jepaflow has");
        } else if (w->length[i] > w->size) {
            damaged(w, "a dimension of length %" PRIu64, w->length[i]);
        }
    }
}

/* Product of a variable's lengths, none of them 0; more than the file's bytes: too much. */
static uint64_t count_numbers(walk *w)
{
    const uint64_t rank = get(w, 8);
    uint64_t numbers = 1;

    if (rank > MOST_RANK) {
        damaged(w, "a variable of %" PRIu64 " dimensions", rank);
    }
    for (uint64_t k = 0; k < rank && !w->wrong; k++) {
        const uint64_t id = get(w, 8);
        if (w->wrong) {
            break;
        }
        if (id >= w->dimensions) {
            damaged(w, "dimension %" PRIu64 " of %" PRIu64, id, w->dimensions);
        } else if (numbers > w->size / w->length[id]) {
            damaged(w, "a variable larger than the file");
        } else {
            numbers *= w->length[id];
        }
    }
    return numbers;
}

/* Variables stand behind the header, one behind the other, all within the file. */
static void check_place(walk *w, uint64_t begin, uint64_t bytes)
{
    if (w->wrong) {
        return;
    }
    if (begin < w->end || begin > UINT64_MAX / 2) {
        damaged(w, "a variable at byte %" PRIu64 ", where something else is", begin);
    } else if (bytes > w->size || begin > w->size - bytes) {
        (void)jf_fail(JF_ERR_FILE,
                      "%s: is cut off: it has %" PRIu64 " bytes, its header speaks of %" PRIu64,
                      w->path, w->size, begin + bytes);
        w->wrong = 1;
    }
    w->first = w->end == 0 ? begin : w->first;
    w->end = begin + bytes;
}

static void walk_variables(walk *w)
{
    const uint64_t count = begin_list(w, VARIABLE_TAG, MOST_VARIABLES);

    for (uint64_t i = 0; i < count && !w->wrong; i++) {
        skip_name(w);
        const uint64_t numbers = count_numbers(w);
        walk_attributes(w);
        const uint64_t bytes = get_type(w) * numbers, said = get(w, 8), begin = get(w, 8);
        if (!w->wrong && said != padded(bytes)) {
            damaged(w, "a variable of %" PRIu64 " bytes that says %" PRIu64, bytes, said);
        }
        check_place(w, begin, bytes);
    }
}

static void walk_header(walk *w)
{
    if (get(w, 8) != 0) {
        damaged(w, "records, which no dataset of jepaflow has");
    }
    walk_dimensions(w);
    walk_attributes(w);
    walk_variables(w);
    if (!w->wrong && w->first < w->at) {
        damaged(w, "a variable within the header");
    }
}

/* ---- what it is at all ---- */

/* Why the first bytes are not those of CDF-5; NULL: they are. */
static const char *find_fault(const unsigned char magic[8], size_t size)
{
    static const unsigned char hdf[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    if (size == 0) {
        return "is empty";
    }
    if (size == 8 && memcmp(magic, hdf, 8) == 0) {
        return "is a NetCDF-4 (HDF5) file";
    }
    if (size < 4) {
        return "is no NetCDF file";
    }
    if (memcmp(magic, "CDF", 3) != 0) {
        return "is no NetCDF file";
    }
    return magic[3] == 5                    ? NULL
           : magic[3] == 1 || magic[3] == 2 ? "is a NetCDF file of the classic format"
                                            : "is a NetCDF file of an unknown format";
}

static jf_status check_magic(const char *path, FILE *file)
{
    unsigned char magic[8];
    const size_t size = fread(magic, 1, sizeof magic, file);
    const char *fault = find_fault(magic, size);

    if (ferror(file)) {
        return jf_fail(JF_ERR_FILE, "%s: cannot read it: %s", path, strerror(errno));
    }
    rewind(file);
    return fault == NULL
               ? JF_OK
               : jf_fail(JF_ERR_FILE, "%s: %s, expected a dataset of jepaflow (NetCDF, CDF-5)",
                         path, fault);
}

static jf_status check_open(const char *path, FILE *file)
{
    static uint64_t length[MOST_DIMENSIONS];
    walk w = {.path = path, .file = file, .length = length};
    struct stat about;

    if (fstat(fileno(file), &about) != 0 || S_ISDIR(about.st_mode)) {
        return jf_fail(JF_ERR_FILE, "%s: is a folder, expected a dataset", path);
    }
    JF_TRY(check_magic(path, file));
    w.size = (uint64_t)about.st_size;
    skip(&w, 4);
    walk_header(&w);
    return w.wrong ? JF_ERR_FILE : JF_OK;
}

jf_status jf_cdf_check(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return jf_fail(JF_ERR_FILE, "%s: cannot open it as a dataset: %s", path, strerror(errno));
    }
    const jf_status status = check_open(path, file);
    fclose(file);
    return status;
}
