/*
 * messages.c - what a message costs rank 0: it takes one in, deals a batch of one point and sends
 * it, as fast as it can, while the other ranks see to it that there is always one more.
 *
 *     mpirun -n 2 messages FOLDER    messages.tsv, from rank 0's clock
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/wire.h"
#include "jepaflow/ranks/comm.h"
#include "jepaflow/ranks/ledger.h"

/* Messages under way at a time, as from so many ranks that have finished at once. */
enum { WINDOW = 32 };

/* Of the records. */
static const size_t features[] = {8, 64, 1024};

static size_t how_many(void)
{
    return bench_quick() ? 2000 : 100000;
}

static void receive(jf_comm *comm, jf_mail *mail)
{
    int arrived = 0;

    while (!arrived) {
        bench_check(jf_comm_look(comm, mail, &arrived));
    }
}

/* Rank 1: a record at a time, one more for each answer. */
static void ask(jf_comm *comm, size_t width)
{
    jf_record record;
    jf_wire wire = {0};
    jf_mail mail;

    bench_check(jf_record_init(width, 0, &record));
    jf_record_pack(&record, &wire);
    for (size_t i = 0; i < how_many() + WINDOW; i++) {
        if (i >= WINDOW) {
            receive(comm, &mail);
        }
        if (i < how_many()) {
            bench_check(jf_comm_send(comm, 0, JF_MESSAGE_RESULTS, wire.data, wire.size));
        }
    }
    jf_wire_clear(&wire);
    jf_record_clear(&record);
}

static void answer_one(jf_comm *comm, jf_ledger *ledger, jf_record *record, jf_wire *wire)
{
    const size_t *batch;
    jf_mail mail;

    receive(comm, &mail);
    bench_check(jf_record_unpack(&mail.content, record));
    const size_t count = jf_ledger_deal(ledger, 0, INFINITY, &batch);
    jf_wire_rewind(wire);
    jf_wire_put_i64(wire, (int64_t)count);
    jf_wire_put_i64(wire, (int64_t)batch[0]);
    jf_ledger_done(ledger, 0, batch[0], NAN);
    bench_check(jf_comm_send(comm, mail.from, JF_MESSAGE_BATCH, wire->data, wire->size));
}

/* Rank 0; seconds of a message and its answer. */
static double answer(jf_comm *comm, size_t width)
{
    double *cost = bench_memory(how_many(), sizeof *cost);
    const jf_workload load = {.points = how_many(), .cost = cost, .group = 1};
    jf_ledger *ledger;
    jf_record record;
    jf_wire wire = {0};

    for (size_t i = 0; i < how_many(); i++) {
        cost[i] = 1e4; /* more than a batch may take: one point each */
    }
    bench_check(jf_ledger_open(&load, NULL, 1, &ledger));
    bench_check(jf_record_init(width, 0, &record));
    const double begin = jf_clock_now();
    for (size_t i = 0; i < how_many(); i++) {
        answer_one(comm, ledger, &record, &wire);
    }
    const double seconds = (jf_clock_now() - begin) / (double)how_many();
    jf_ledger_close(&ledger);
    jf_record_clear(&record);
    jf_wire_clear(&wire);
    free(cost);
    return seconds;
}

static void measure(jf_comm *comm, const char *folder)
{
    FILE *table = bench_table_open(folder, "messages", "features\tmicroseconds a message",
                                   "Rank 0: a message with a record, and a batch of one point for "
                                   "answer, with mail always waiting.");

    for (size_t k = 0; k < sizeof features / sizeof features[0]; k++) {
        fprintf(table, "%zu\t%.2f\n", features[k], 1e6 * answer(comm, features[k]));
    }
    bench_table_close(table);
}

int main(int argc, char **argv)
{
    jf_comm *comm;

    bench_check(jf_comm_start(&argc, &argv, &comm));
    if (argc != 2 || jf_comm_size(comm) != 2) {
        fprintf(stderr, "usage: mpirun -n 2 messages FOLDER\n");
        jf_comm_abort(comm, 2);
    }
    if (jf_comm_rank(comm) == 0) {
        measure(comm, argv[1]);
    } else {
        for (size_t k = 0; k < sizeof features / sizeof features[0]; k++) {
            ask(comm, features[k]);
        }
    }
    jf_comm_finish(&comm);
    return 0;
}
