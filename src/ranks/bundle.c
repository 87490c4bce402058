#include "jepaflow/ranks/bundle.h"

#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"

void jf_bundle_init(double wait, jf_bundle *out)
{
    *out = (jf_bundle){.wait = wait, .emptied = jf_clock_now()};
}

void jf_bundle_clear(jf_bundle *b)
{
    jf_wire_clear(&b->wire);
}

void jf_bundle_add(jf_bundle *b, const jf_record *record)
{
    jf_record_pack(record, &b->wire);
}

int jf_bundle_is_due(const jf_bundle *b)
{
    return b->wire.size >= JF_FULL_BUNDLE ||
           (b->wire.size > 0 && jf_clock_now() - b->emptied > b->wait);
}

void jf_bundle_empty(jf_bundle *b)
{
    jf_wire_rewind(&b->wire);
    b->emptied = jf_clock_now();
}

void jf_records_clear(jf_records *r)
{
    for (size_t i = 0; i < r->made; i++) {
        jf_record_clear(r->at[i]);
        free(r->at[i]);
    }
    free(r->at);
    *r = (jf_records){0};
}

static jf_status make_room(jf_records *r)
{
    const size_t room = 2 * r->room + 1;
    jf_record **at = realloc(r->at, room * sizeof(jf_record *));

    if (at == NULL) {
        return jf_fail_memory("a message's records");
    }
    r->at = at;
    r->room = room;
    return JF_OK;
}

/* An empty one: it takes the shape of what arrives. */
static jf_status make_record(jf_records *r)
{
    jf_record *record = calloc(1, sizeof *record);

    if (record == NULL) {
        return jf_fail_memory("a record");
    }
    r->at[r->made++] = record;
    return JF_OK;
}

jf_status jf_records_read(jf_wire_reader *content, jf_records *r)
{
    for (r->count = 0; content->at < content->size; r->count++) {
        if (r->count == r->room) {
            JF_TRY(make_room(r));
        }
        if (r->count == r->made) {
            JF_TRY(make_record(r));
        }
        JF_TRY(jf_record_unpack(content, r->at[r->count]));
    }
    return JF_OK;
}
