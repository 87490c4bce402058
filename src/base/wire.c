#include "jepaflow/base/wire.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

enum { FIRST_CAPACITY = 256 };

void jf_wire_clear(jf_wire *wire)
{
    free(wire->data);
    *wire = (jf_wire){0};
}

void jf_wire_rewind(jf_wire *wire)
{
    wire->size = 0;
    wire->failed = 0;
}

/* Room for `size` more bytes, or NULL: with `failed` set, or because none are needed. */
static unsigned char *extend(jf_wire *wire, size_t size)
{
    if (wire->failed || size == 0) {
        return NULL;
    }
    if (wire->capacity - wire->size < size) {
        size_t capacity = wire->capacity > 0 ? wire->capacity : FIRST_CAPACITY;
        while (capacity - wire->size < size) {
            capacity *= 2;
        }
        unsigned char *data = realloc(wire->data, capacity);
        if (data == NULL) {
            wire->failed = 1;
            return NULL;
        }
        wire->data = data;
        wire->capacity = capacity;
    }
    unsigned char *place = wire->data + wire->size;
    wire->size += size;
    return place;
}

static void put_u64(unsigned char *place, uint64_t bits)
{
    for (int i = 0; i < 8; i++) {
        place[i] = (unsigned char)(bits >> (8 * i));
    }
}

static uint64_t get_u64(const unsigned char *place)
{
    uint64_t bits = 0;

    for (int i = 0; i < 8; i++) {
        bits |= (uint64_t)place[i] << (8 * i);
    }
    return bits;
}

void jf_wire_put_i8(jf_wire *wire, int8_t value)
{
    unsigned char *place = extend(wire, 1);

    if (place != NULL) {
        place[0] = (unsigned char)value;
    }
}

void jf_wire_put_i64(jf_wire *wire, int64_t value)
{
    unsigned char *place = extend(wire, 8);

    if (place != NULL) {
        put_u64(place, (uint64_t)value);
    }
}

void jf_wire_put_f64s(jf_wire *wire, const double *values, size_t count)
{
    unsigned char *place = extend(wire, 8 * count);

    for (size_t i = 0; place != NULL && i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        put_u64(place + 8 * i, bits);
    }
}

void jf_wire_put_f64(jf_wire *wire, double value)
{
    jf_wire_put_f64s(wire, &value, 1);
}

void jf_wire_put_bytes(jf_wire *wire, const void *bytes, size_t size)
{
    jf_wire_put_i64(wire, (int64_t)size);
    unsigned char *place = extend(wire, size);
    if (place != NULL && size > 0) {
        memcpy(place, bytes, size);
    }
}

jf_status jf_wire_check(const jf_wire *wire)
{
    return wire->failed ? jf_fail_memory("a message") : JF_OK;
}

/* The next `size` bytes, or NULL with `failed` set. */
static const unsigned char *take(jf_wire_reader *reader, size_t size)
{
    if (reader->failed || reader->size - reader->at < size) {
        reader->failed = 1;
        return NULL;
    }
    const unsigned char *place = reader->data + reader->at;
    reader->at += size;
    return place;
}

int8_t jf_wire_get_i8(jf_wire_reader *reader)
{
    const unsigned char *place = take(reader, 1);

    return place != NULL ? (int8_t)place[0] : 0;
}

int64_t jf_wire_get_i64(jf_wire_reader *reader)
{
    const unsigned char *place = take(reader, 8);

    return place != NULL ? (int64_t)get_u64(place) : 0;
}

void jf_wire_get_f64s(jf_wire_reader *reader, double *values, size_t count)
{
    if (count == 0) {
        return;
    }
    const unsigned char *place = count <= reader->size / 8 ? take(reader, 8 * count) : NULL;
    if (place == NULL) {
        reader->failed = 1;
        memset(values, 0, count * sizeof *values);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = get_u64(place + 8 * i);
        memcpy(&values[i], &bits, sizeof bits);
    }
}

double jf_wire_get_f64(jf_wire_reader *reader)
{
    double value;

    jf_wire_get_f64s(reader, &value, 1);
    return value;
}

const unsigned char *jf_wire_get_bytes(jf_wire_reader *reader, size_t *size)
{
    const int64_t count = jf_wire_get_i64(reader);
    const unsigned char *place = count >= 0 ? take(reader, (size_t)count) : NULL;

    if (place == NULL) {
        reader->failed = 1;
    }
    *size = place != NULL ? (size_t)count : 0;
    return place;
}

jf_status jf_wire_finish(const jf_wire_reader *reader)
{
    if (reader->failed || reader->at != reader->size) {
        return jf_fail(JF_ERR_NETWORK, "a message of %zu bytes is not what was expected",
                       reader->size);
    }
    return JF_OK;
}
