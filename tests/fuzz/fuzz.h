/*
 * fuzz.h - what the fuzz targets share. Each is one source with one LLVMFuzzerTestOneInput(),
 * linked with libFuzzer where clang has it (make fuzz), and with replay.c everywhere (make check).
 */
#ifndef JEPAFLOW_TESTS_FUZZ_H
#define JEPAFLOW_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entry that libFuzzer calls, and replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the process, which the fuzzer takes for a finding, unless `holds`. */
static inline void fuzz_require(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

/* A copy with a zero behind it; the caller frees. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    fuzz_require(text != NULL, "no memory");
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}

#endif
