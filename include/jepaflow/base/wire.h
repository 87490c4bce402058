/*
 * wire.h - values as bytes.
 *
 * A growing buffer to which values are written field by field in a fixed byte order (little
 * endian), and a reader that takes them out again and refuses to read past the end. What is sent
 * between ranks goes through here, never as a raw struct. Knows nothing of messages or ranks.
 */
#ifndef JEPAFLOW_BASE_WIRE_H
#define JEPAFLOW_BASE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"

/*
 * The writer. Start from {0}; release with jf_wire_clear(). A failed allocation is remembered in
 * `failed`, later writes do nothing: check once, when all is written.
 */
typedef struct {
    unsigned char *data; /* `size` bytes written, owned */
    size_t size;
    size_t capacity;
    int failed;
} jf_wire;

void jf_wire_clear(jf_wire *wire);

/* Forget what was written, keep the memory. */
void jf_wire_rewind(jf_wire *wire);

void jf_wire_put_i8(jf_wire *wire, int8_t value);
void jf_wire_put_i64(jf_wire *wire, int64_t value);
void jf_wire_put_f64(jf_wire *wire, double value);
void jf_wire_put_f64s(jf_wire *wire, const double *values, size_t count);

/* `size` bytes, preceded by their number. */
void jf_wire_put_bytes(jf_wire *wire, const void *bytes, size_t size);

/* JF_ERR_MEMORY (with a message) if a write failed. */
jf_status jf_wire_check(const jf_wire *wire);

/*
 * The reader: borrowed bytes and a place in them. `failed` is set by a read past the end, which
 * gives 0.
 */
typedef struct {
    const unsigned char *data;
    size_t size;
    size_t at;
    int failed;
} jf_wire_reader;

int8_t jf_wire_get_i8(jf_wire_reader *reader);
int64_t jf_wire_get_i64(jf_wire_reader *reader);
double jf_wire_get_f64(jf_wire_reader *reader);
void jf_wire_get_f64s(jf_wire_reader *reader, double *values, size_t count);

/* The bytes of jf_wire_put_bytes(): a pointer into the reader's data, their number in `size`. */
const unsigned char *jf_wire_get_bytes(jf_wire_reader *reader, size_t *size);

/* JF_ERR_NETWORK (with a message) if a read went past the end or bytes are left over. */
jf_status jf_wire_finish(const jf_wire_reader *reader);

#endif
