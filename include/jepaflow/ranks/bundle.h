/*
 * bundle.h - records that travel and are kept together.
 *
 * Many cheap points go in one message and one write; dear ones do not wait for company: after a
 * while, or at some megabytes, a bundle is due as it is. Knows no MPI and no dataset.
 */
#ifndef JEPAFLOW_RANKS_BUNDLE_H
#define JEPAFLOW_RANKS_BUNDLE_H

#include "jepaflow/base/wire.h"
#include "jepaflow/sweep/record.h"

/* Bytes from which on a bundle is due: some hundred records of a usual sweep. */
enum { JF_FULL_BUNDLE = 4 << 20 };

/* Records as bytes, one behind the other. */
typedef struct {
    jf_wire wire;
    double wait;    /* seconds that records wait for company */
    double emptied; /* clock */
} jf_bundle;

/* An empty bundle; release with jf_bundle_clear(). */
void jf_bundle_init(double wait, jf_bundle *out);
void jf_bundle_clear(jf_bundle *bundle);

void jf_bundle_add(jf_bundle *bundle, const jf_record *record);

/* Has it records, and is it full or was last emptied more than `wait` seconds ago? */
int jf_bundle_is_due(const jf_bundle *bundle);

/* Take all out; its memory stays for the next records. */
void jf_bundle_empty(jf_bundle *bundle);

/* Records that were read from a bundle. Start from {0}; release with jf_records_clear(). */
typedef struct {
    jf_record **at; /* `count` of them; `made` are there to be used again */
    size_t count, made, room;
} jf_records;

void jf_records_clear(jf_records *records);

/* All that are in these bytes, instead of those that were there. JF_ERR_NETWORK, JF_ERR_MEMORY. */
jf_status jf_records_read(jf_wire_reader *content, jf_records *records);

#endif
