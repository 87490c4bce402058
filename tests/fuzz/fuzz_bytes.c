/*
 * fuzz_bytes.c - whatever bytes arrive from another rank as records, or are found as a checkpoint.
 *
 * The first byte says which. Records that are taken must come out as the bytes that went in. A
 * checkpoint is a true one, overwritten from some byte on, with a checksum that is right.
 */
#include "fuzz.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/ranks/bundle.h"
#include "jepaflow/results/checkpoint.h"

enum { SUM = 8 }; /* bytes of a checkpoint's checksum, its last */

static int messages;

static void listen(void *context, jf_log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
    messages++;
}

static void take_records(const uint8_t *data, size_t size)
{
    jf_wire_reader reader = {.data = data, .size = size};
    jf_records records = {0};
    jf_wire wire = {0};

    const jf_status status = jf_records_read(&reader, &records);
    fuzz_require(status == JF_OK || status == JF_ERR_NETWORK, "records refused for another reason");
    fuzz_require(messages == (status != JF_OK), "not one message of what was refused");
    for (size_t i = 0; i < records.count; i++) {
        jf_record_pack(records.at[i], &wire);
    }
    fuzz_require(wire.size <= size && (wire.size == 0 || memcmp(wire.data, data, wire.size) == 0),
                 "records are others than those that arrived");
    fuzz_require(status != JF_OK || wire.size == size, "bytes got lost");
    jf_wire_clear(&wire);
    jf_records_clear(&records);
}

/* ---- a checkpoint ---- */

static char folder[] = "/tmp/jepaflow-fuzz-XXXXXX", dataset[48], path[64];
static uint8_t whole[256]; /* a true one */
static size_t length;

static const jf_checkpoint kept = {
    .dataset = dataset, .digest = "0123456789abcdef", .version = "1", .point = 7, .parts = 1};

static void put_file(const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    fuzz_require(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0, path);
}

static void leave(void)
{
    jf_checkpoint_remove_all(dataset);
    (void)rmdir(folder);
}

static void make_true_one(void)
{
    jf_wire bytes = {0};

    fuzz_require(mkdtemp(folder) != NULL && atexit(leave) == 0, folder);
    snprintf(dataset, sizeof dataset, "%s/a", folder);
    snprintf(path, sizeof path, "%s.points/7", dataset);
    jf_wire_put_f64(&bytes, 0.5);
    fuzz_require(jf_checkpoint_write(&kept, &bytes) == JF_OK, "no checkpoint");
    fuzz_require(jf_checkpoint_commit(&kept) == JF_OK, "a checkpoint that stays aside");
    jf_wire_clear(&bytes);
    FILE *file = fopen(path, "rb");
    fuzz_require(file != NULL, path);
    length = fread(whole, 1, sizeof whole, file);
    fclose(file);
    fuzz_require(length > SUM && length < sizeof whole, "a checkpoint of another length");
}

/* `place` bytes of the true one, then the data, then the sum of both. */
static void take_checkpoint(size_t place, const uint8_t *data, size_t size)
{
    jf_wire sum = {0}, found;

    if (length == 0) {
        make_true_one();
    }
    place = place < length - SUM ? place : length - SUM;
    const size_t total = place + size;
    uint8_t *content = malloc(total + SUM);
    fuzz_require(content != NULL, "no memory");
    memcpy(content, whole, place);
    if (size > 0) {
        memcpy(content + place, data, size);
    }
    jf_wire_put_i64(&sum, (int64_t)jf_hash_bytes(JF_HASH_START, content, total));
    memcpy(content + total, sum.data, SUM);
    put_file(content, total + SUM);
    fuzz_require(jf_checkpoint_read(&kept, &found) == JF_OK, "a checkpoint ended the run");
    fuzz_require(found.size == 0 || memmem(content, total, found.data, found.size) != NULL,
                 "bytes that the checkpoint has not");
    jf_wire_clear(&found);
    jf_wire_clear(&sum);
    free(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    messages = 0;
    jf_log_set_sink(listen, NULL);
    if (size > 1 && (data[0] & 1) != 0) {
        take_checkpoint(data[1], data + 2, size - 2);
    } else if (size > 0) {
        take_records(data + 1, size - 1);
    }
    return 0;
}
