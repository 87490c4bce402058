/*
 * text.h - small things done with text: numbers, amounts, the nearest name, growing strings,
 * fingerprints.
 *
 * Knows nothing of what the text means.
 */
#ifndef JEPAFLOW_BASE_TEXT_H
#define JEPAFLOW_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

/*
 * The whole of `text` as a finite decimal number. Returns 1 and the value, or 0 (also for nan, inf,
 * hex, and for 010, which is 8 to some and 10 to others).
 */
int jf_text_number(const char *text, double *value);

/*
 * The name nearest to `word` among names[count] (Damerau-Levenshtein distance, at most a third of
 * the word's length, at least 1 and at most 3), or NULL where none is near.
 */
const char *jf_text_nearest(const char *word, const char *const *names, size_t count);

/* An amount of bytes to three digits, "512 B", "1.5 MB"; returns `text`. */
#define JF_BYTES_TEXT 24
const char *jf_text_bytes(double bytes, char text[JF_BYTES_TEXT]);

/* A string that grows. Start from {0}; release with jf_string_clear(). */
typedef struct {
    char *text; /* ends with '\0'; NULL while nothing was added */
    size_t size;
    size_t capacity;
    int failed; /* an allocation failed: the text is not whole */
} jf_string;

void jf_string_clear(jf_string *string);
void jf_string_add(jf_string *string, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* JF_ERR_MEMORY, with a message, if the string is not whole. */
jf_status jf_string_check(const jf_string *string);

/* FNV-1a, 64 bits: start from JF_HASH_START, add bytes. */
#define JF_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t jf_hash_bytes(uint64_t hash, const void *bytes, size_t size);
uint64_t jf_hash_text(uint64_t hash, const char *text); /* with the final '\0' */
uint64_t jf_hash_number(uint64_t hash, double value);   /* its bits; -0 as 0 */

/*
 * Read a whole file of at most `limit` bytes.
 *   text    allocated, ends with '\0' (not counted in size); the caller frees
 * Fails with JF_ERR_USAGE where the file is missing, a folder, a pipe without a writer, unreadable
 * or too large: an input was named that cannot be read.
 */
jf_status jf_text_read_file(const char *path, size_t limit, char **text, size_t *size);

#endif
