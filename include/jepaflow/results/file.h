/*
 * file.h - NetCDF files in our words.
 *
 * The classic data model in the 64-bit data format (CDF-5): laid out at creation, written in place.
 * The only module that knows the NetCDF library; every failure names the file, what was tried and
 * why it failed. What is opened has been looked through before (cdf.h). Knows no sweep.
 */
#ifndef JEPAFLOW_RESULTS_FILE_H
#define JEPAFLOW_RESULTS_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

typedef struct jf_file jf_file;

typedef enum { JF_FILE_TEXT, JF_FILE_BYTE, JF_FILE_LONG, JF_FILE_DOUBLE } jf_file_type;

/* Largest number of dimensions of a variable. */
#define JF_FILE_DIMENSIONS 24

/*
 * Create a file, which must not exist, and begin to define it; or open one.
 *   writable  0: to read only
 * JF_ERR_FILE with a message. Close with jf_file_close().
 */
jf_status jf_file_create(const char *path, jf_file **out);
jf_status jf_file_open(const char *path, int writable, jf_file **out);

/* Open somebody else's file to read: of any of NetCDF's formats. JF_ERR_FILE with a message. */
jf_status jf_file_open_foreign(const char *path, jf_file **out);

/*
 * Close and set to NULL; NULL is accepted. What was buffered may fail to be written: JF_ERR_FILE.
 */
jf_status jf_file_close(jf_file **file);

/* The same where something has failed before, of which was told: what fails now is not. */
void jf_file_discard(jf_file **file);

const char *jf_file_path(const jf_file *file);

/* The version of the NetCDF library. */
const char *jf_file_library(void);

/* ---- defining; then jf_file_end_definitions() lays the file out ---- */

jf_status jf_file_add_dimension(jf_file *file, const char *name, size_t length, int *dimension);

/*
 *   fill  of a JF_FILE_DOUBLE, its _FillValue attribute and first content; NULL for none: then text
 *         is filled with zeros, and a variable of numbers is to be written whole
 */
jf_status jf_file_add_variable(jf_file *file, const char *name, jf_file_type type, size_t rank,
                               const int *dimensions, const double *fill, int *variable);

/* Attributes; variable -1 is the file itself. */
jf_status jf_file_add_text(jf_file *file, int variable, const char *name, const char *text);
jf_status jf_file_add_bytes(jf_file *file, int variable, const char *name, const int8_t *values,
                            size_t count);
jf_status jf_file_add_number(jf_file *file, int variable, const char *name, double value);
jf_status jf_file_add_integer(jf_file *file, int variable, const char *name, int64_t value);

jf_status jf_file_end_definitions(jf_file *file);

/* ---- writing and reading hyperslabs: `rank` starts and counts, last dimension fastest ---- */

jf_status jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                      const size_t *count, const void *data);

/* As doubles, whatever the type in the file. */
jf_status jf_file_get(jf_file *file, int variable, const size_t *start, const size_t *count,
                      double *data);

/* As they are in the file, which is of that type. */
jf_status jf_file_get_as(jf_file *file, int variable, jf_file_type type, const size_t *start,
                         const size_t *count, void *data);

/* Hand what was written to the system, so that a killed process loses nothing of it. */
jf_status jf_file_sync(jf_file *file);

/* Hand a closed file and its name to the disk, so that a power cut loses nothing of it. */
jf_status jf_file_to_disk(const char *path);

/* ---- asking ---- */

int jf_file_has_dimension(const jf_file *file, const char *name);
int jf_file_has_variable(const jf_file *file, const char *name);

/* Length of a dimension, or JF_ERR_FILE. */
jf_status jf_file_dimension(jf_file *file, const char *name, size_t *length);

/*
 * A variable's id, number of dimensions, their names (each of 256 bytes) and lengths, or
 * JF_ERR_FILE.
 */
typedef struct {
    int id;
    jf_file_type type;
    size_t rank;
    char name[JF_FILE_DIMENSIONS][256];
    size_t length[JF_FILE_DIMENSIONS];
} jf_file_shape;
jf_status jf_file_variable(jf_file *file, const char *name, jf_file_shape *shape);

/* A text attribute, allocated; the caller frees. JF_ERR_FILE where it is missing. */
jf_status jf_file_text(jf_file *file, int variable, const char *name, char **text);

/* What an attribute of the file itself is. */
typedef enum { JF_FILE_NOTHING, JF_FILE_WORD, JF_FILE_NUMBER } jf_file_kind;
jf_file_kind jf_file_attribute(const jf_file *file, const char *name);

/* An attribute that is one number. JF_ERR_FILE where it is missing, text or more than one. */
jf_status jf_file_number(jf_file *file, int variable, const char *name, double *value);

#endif
