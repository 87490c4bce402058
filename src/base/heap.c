#include "jepaflow/base/heap.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

typedef struct {
    double key;
    size_t tie;
    size_t member;
} entry;

struct jf_heap {
    entry *entries; /* no entry comes before its parent, the one at (place - 1) / 2 */
    size_t count;
    size_t *place; /* by member; JF_NOBODY: not in */
    size_t members;
};

void jf_heap_destroy(jf_heap **address)
{
    jf_heap *h = *address;

    if (h != NULL) {
        free(h->entries);
        free(h->place);
        free(h);
        *address = NULL;
    }
}

jf_status jf_heap_create(size_t members, jf_heap **out)
{
    jf_heap *h = calloc(1, sizeof *h);

    *out = h;
    if (h != NULL) {
        h->entries = calloc(members + 1, sizeof *h->entries);
        h->place = calloc(members + 1, sizeof *h->place);
    }
    if (h == NULL || h->entries == NULL || h->place == NULL) {
        jf_heap_destroy(out);
        return jf_fail_memory("a heap");
    }
    h->members = members;
    for (size_t i = 0; i < members; i++) {
        h->place[i] = JF_NOBODY;
    }
    return JF_OK;
}

static int before(const entry *a, const entry *b)
{
    if (a->key != b->key) {
        return a->key < b->key;
    }
    return a->tie != b->tie ? a->tie < b->tie : a->member < b->member;
}

static void set(jf_heap *h, size_t place, entry e)
{
    h->entries[place] = e;
    h->place[e.member] = place;
}

/* Find the place of an entry, from a hole on: upwards, then downwards; one has nothing to do. */
static void settle(jf_heap *h, size_t hole, entry e)
{
    while (hole > 0 && before(&e, &h->entries[(hole - 1) / 2])) {
        set(h, hole, h->entries[(hole - 1) / 2]);
        hole = (hole - 1) / 2;
    }
    for (size_t child; (child = 2 * hole + 1) < h->count; hole = child) {
        child += child + 1 < h->count && before(&h->entries[child + 1], &h->entries[child]);
        if (!before(&h->entries[child], &e)) {
            break;
        }
        set(h, hole, h->entries[child]);
    }
    set(h, hole, e);
}

void jf_heap_put(jf_heap *h, size_t member, double key, size_t tie)
{
    assert(member < h->members);
    if (h->place[member] == JF_NOBODY) {
        h->place[member] = h->count++;
    }
    settle(h, h->place[member], (entry){key, tie, member});
}

void jf_heap_remove(jf_heap *h, size_t member)
{
    assert(member < h->members);
    const size_t hole = h->place[member];
    if (hole == JF_NOBODY) {
        return;
    }
    h->place[member] = JF_NOBODY;
    h->count--;
    if (hole < h->count) {
        settle(h, hole, h->entries[h->count]);
    }
}

size_t jf_heap_first(const jf_heap *h)
{
    return h->count > 0 ? h->entries[0].member : JF_NOBODY;
}

double jf_heap_key(const jf_heap *h, size_t member)
{
    assert(h->place[member] != JF_NOBODY);
    return h->entries[h->place[member]].key;
}
