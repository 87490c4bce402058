#include "jepaflow/ranks/adders.h"

#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

/* What rank 0 says: here is a block of pairs, send what you have, no more pairs. */
typedef enum { ADD, FINISH, DISMISS } word;

/* ---- rank 0 ---- */

/* A word, and the pairs that go with it: x and y, d x count each. */
static jf_status say(jf_comm *comm, word what, size_t d, size_t count, const double *x,
                     const double *y)
{
    jf_wire wire = {0};

    jf_wire_put_i8(&wire, (int8_t)what);
    jf_wire_put_i64(&wire, (int64_t)d);
    jf_wire_put_i64(&wire, (int64_t)count);
    jf_wire_put_f64s(&wire, x, d * count);
    jf_wire_put_f64s(&wire, y, d * count);
    jf_status status = jf_wire_check(&wire);
    if (status == JF_OK) {
        status = jf_comm_broadcast(comm, &wire);
    }
    jf_wire_clear(&wire);
    return status;
}

static jf_status add(void *context, jf_moments *moments, size_t count, const double *x,
                     const double *y)
{
    jf_comm *comm = context;

    JF_TRY(say(comm, ADD, moments->d, count, x, y));
    jf_moments_add(moments, 0, jf_comm_size(comm), count, x, y);
    return JF_OK;
}

static jf_status finish(void *context, jf_moments *moments)
{
    jf_comm *comm = context;

    JF_TRY(say(comm, FINISH, moments->d, 0, NULL, NULL));
    return jf_comm_sum(comm, jf_moments_count(moments), moments->sxx);
}

jf_adder jf_adders(jf_comm *comm)
{
    return jf_comm_size(comm) > 1 ? (jf_adder){add, finish, comm} : jf_adder_alone;
}

jf_status jf_adders_dismiss(jf_comm *comm)
{
    return say(comm, DISMISS, 0, 0, NULL, NULL);
}

/* ---- the others ---- */

typedef struct {
    jf_comm *comm;
    jf_moments moments; /* of a file: this rank's part, else 0 */
    double *pairs;      /* of a block */
    size_t room;        /* numbers that pairs may hold */
} helper;

static jf_status make_room(helper *h, size_t numbers)
{
    if (numbers > h->room) {
        free(h->pairs);
        h->pairs = jf_memory_numbers(numbers);
        h->room = h->pairs != NULL ? numbers : 0;
    }
    return h->room >= numbers ? JF_OK : jf_fail_memory("pairs of data");
}

static jf_status help_to_add(helper *h, size_t d, size_t count, jf_wire_reader *pairs)
{
    JF_TRY(make_room(h, 2 * d * count));
    jf_wire_get_f64s(pairs, h->pairs, 2 * d * count);
    jf_moments_add(&h->moments, jf_comm_rank(h->comm), jf_comm_size(h->comm), count, h->pairs,
                   h->pairs + d * count);
    return JF_OK;
}

static jf_status help_to_finish(helper *h)
{
    const jf_status status = jf_comm_sum(h->comm, jf_moments_count(&h->moments), h->moments.sxx);

    jf_moments_clear(&h->moments);
    return status;
}

/* Obey one word; *dismissed where it was the last. */
static jf_status obey(helper *h, jf_wire_reader *said, int *dismissed)
{
    const word what = (word)jf_wire_get_i8(said);
    const size_t d = (size_t)jf_wire_get_i64(said), count = (size_t)jf_wire_get_i64(said);

    *dismissed = what == DISMISS;
    if (what == ADD && h->moments.d == 0) {
        JF_TRY(jf_moments_init(d, &h->moments));
    }
    JF_TRY(what == ADD      ? help_to_add(h, d, count, said)
           : what == FINISH ? help_to_finish(h)
                            : JF_OK);
    return jf_wire_finish(said);
}

jf_status jf_adders_serve(jf_comm *comm)
{
    helper h = {.comm = comm};
    jf_wire wire = {0};
    jf_status status = JF_OK;
    int dismissed = 0;

    while (status == JF_OK && !dismissed) {
        status = jf_comm_broadcast(comm, &wire);
        if (status == JF_OK) {
            jf_wire_reader said = {.data = wire.data, .size = wire.size};
            status = obey(&h, &said, &dismissed);
        }
    }
    jf_moments_clear(&h.moments);
    free(h.pairs);
    jf_wire_clear(&wire);
    return status;
}
