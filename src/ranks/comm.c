#include "jepaflow/ranks/comm.h"

#include <errno.h>
#include <fenv.h>
#include <limits.h>
#include <mpi.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

/* A message under way. */
typedef struct parcel {
    struct parcel *next;
    MPI_Request request;
    unsigned char data[];
} parcel;

struct jf_comm {
    MPI_Comm world;
    int rank;
    int size;
    pid_t *process; /* by rank: of those that this rank can see; 0 of all others */
    parcel *under_way;
    jf_wire mailbox; /* the last message received */
    double nap;      /* seconds of the next doze */
    double looked;   /* clock at the last look */
    size_t messages; /* sent and received */
};

static const double shortest_nap = 20e-6;
static const double longest_nap = 2e-3;
static const double looking_interval = 5e-3;
static const double looking_round_interval = 0.1; /* for ranks that are gone */

static jf_status check(int code, const char *what)
{
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;

    if (code == MPI_SUCCESS) {
        return JF_OK;
    }
    MPI_Error_string(code, text, &length);
    return jf_fail(JF_ERR_NETWORK, "MPI cannot %s: %s", what, text);
}

static jf_status open_world(jf_comm *comm)
{
    JF_TRY(check(MPI_Comm_dup(MPI_COMM_WORLD, &comm->world), "make a communicator"));
    JF_TRY(check(MPI_Comm_set_errhandler(comm->world, MPI_ERRORS_RETURN), "set its error handler"));
    JF_TRY(check(MPI_Comm_rank(comm->world, &comm->rank), "tell the rank"));
    return check(MPI_Comm_size(comm->world, &comm->size), "count the ranks");
}

/* What a rank tells the others of itself: equal numbers are one process where `place` is equal. */
typedef struct {
    uint64_t place;
    int64_t process;
} whereabouts;

/* The machine, and there the space of process numbers: containers have their own. */
static whereabouts where_am_i(void)
{
    char host[256] = "", space[64] = "";

    gethostname(host, sizeof host - 1);
    if (readlink("/proc/self/ns/pid", space, sizeof space - 1) < 0) {
        space[0] = '\0'; /* this system has one space */
    }
    return (whereabouts){.place = jf_hash_text(jf_hash_text(JF_HASH_START, host), space),
                         .process = getpid()};
}

/* Get to know the processes of the ranks on this machine. */
static jf_status meet(jf_comm *comm)
{
    const whereabouts here = where_am_i();
    whereabouts *all = calloc((size_t)comm->size, sizeof *all);

    comm->process = calloc((size_t)comm->size, sizeof *comm->process);
    if (all == NULL || comm->process == NULL) {
        free(all);
        return jf_fail_memory("the ranks");
    }
    const jf_status status =
        check(MPI_Allgather(&here, sizeof here, MPI_BYTE, all, sizeof here, MPI_BYTE, comm->world),
              "get to know the ranks");
    for (int rank = 0; rank < comm->size && status == JF_OK; rank++) {
        comm->process[rank] = all[rank].place == here.place ? (pid_t)all[rank].process : 0;
    }
    free(all);
    return status;
}

jf_status jf_comm_start(int *argc, char ***argv, jf_comm **out)
{
    jf_comm *comm = calloc(1, sizeof *comm);

    *out = NULL;
    if (comm == NULL) {
        return jf_fail_memory("the ranks");
    }
    comm->nap = shortest_nap;
    jf_status status = check(MPI_Init(argc, argv), "start");
    fesetenv(FE_DFL_ENV); /* whatever the libraries that MPI has loaded set */
    if (status == JF_OK) {
        status = open_world(comm);
    }
    if (status == JF_OK) {
        status = meet(comm);
    }
    if (status != JF_OK) {
        free(comm->process);
        free(comm);
        return status;
    }
    *out = comm;
    return JF_OK;
}

/* Free the parcels that have arrived. */
static void sweep_up(jf_comm *comm)
{
    for (parcel **link = &comm->under_way; *link != NULL;) {
        parcel *sent = *link;
        int left = 0;
        MPI_Test(&sent->request, &left, MPI_STATUS_IGNORE);
        if (left) {
            *link = sent->next;
            free(sent);
        } else {
            link = &sent->next;
        }
    }
}

int jf_comm_is_gone(const jf_comm *comm, int rank)
{
    return comm->process[rank] > 0 && kill(comm->process[rank], 0) != 0 && errno == ESRCH;
}

/*
 * What all ranks take part in never ends without one of them. The others look at rank 0 alone: it
 * may still have to write what they have found, and ends them itself.
 */
static jf_status check_all_there(const jf_comm *comm, const char *what)
{
    for (int rank = 0; rank < (comm->rank == 0 ? comm->size : 1); rank++) {
        if (jf_comm_is_gone(comm, rank)) {
            return jf_fail(JF_ERR_NETWORK, "rank %d has ended: the others cannot %s", rank, what);
        }
    }
    return JF_OK;
}

/* What to do between two looks at what others take part in. */
typedef enum {
    SLEEP,   /* nobody knows when the last rank comes: MPI's own waiting would burn a core */
    HURRY_UP /* all are there, and large messages move in small pieces, some with each look */
} pace;

/*
 * Give way, and from time to time look round.
 *   looked_round  clock: the last time
 */
static jf_status pause_and_look_round(jf_comm *comm, pace how, const char *what,
                                      double *looked_round)
{
    if (jf_clock_now() - *looked_round > looking_round_interval) {
        JF_TRY(check_all_there(comm, what));
        *looked_round = jf_clock_now();
    }
    if (how == SLEEP) {
        jf_comm_doze(comm);
    } else {
        sched_yield();
    }
    return JF_OK;
}

/* Wait until a request of all ranks is done. */
static jf_status await(jf_comm *comm, MPI_Request *request, pace how, const char *what)
{
    double looked_round = jf_clock_now();

    comm->nap = shortest_nap;
    for (;;) {
        int done = 0;
        JF_TRY(check(MPI_Test(request, &done, MPI_STATUS_IGNORE), what));
        if (done) {
            return JF_OK;
        }
        JF_TRY(pause_and_look_round(comm, how, what, &looked_round));
    }
}

/* Sleep until all that was sent has left: to a rank that has died it may never. */
static jf_status see_off(jf_comm *comm, const char *what)
{
    double looked_round = jf_clock_now();

    for (sweep_up(comm); comm->under_way != NULL; sweep_up(comm)) {
        JF_TRY(pause_and_look_round(comm, SLEEP, what, &looked_round));
    }
    return JF_OK;
}

/*
 * Who is done early would spin in MPI_Finalize until the last rank is there; without one that has
 * died, for ever.
 */
static void gather(jf_comm *comm)
{
    static const char what[] = "wait for all ranks";
    MPI_Request here;

    jf_status status = see_off(comm, what);
    if (status == JF_OK) {
        status = check(MPI_Ibarrier(comm->world, &here), what);
    }
    if (status == JF_OK) {
        status = await(comm, &here, SLEEP, what);
    }
    if (status != JF_OK) {
        jf_comm_abort(comm, jf_status_exit_code(status)); /* it was said; all is written */
    }
}

void jf_comm_finish(jf_comm **comm)
{
    if (*comm != NULL) {
        gather(*comm);
        MPI_Comm_free(&(*comm)->world);
        MPI_Finalize();
        jf_wire_clear(&(*comm)->mailbox);
        free((*comm)->process);
        free(*comm);
        *comm = NULL;
    }
}

void jf_comm_abort(jf_comm *comm, int exit_code)
{
    MPI_Abort(comm->world, exit_code);
}

int jf_comm_rank(const jf_comm *comm)
{
    return comm->rank;
}

int jf_comm_size(const jf_comm *comm)
{
    return comm->size;
}

size_t jf_comm_messages(const jf_comm *comm)
{
    return comm->messages;
}

const char *jf_comm_library(void)
{
    static char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;

    MPI_Get_library_version(text, &length);
    text[strcspn(text, ",\n")] = '\0';
    return text;
}

/* Room for size bytes in a wire, whose content is forgotten. */
static jf_status make_room(jf_wire *wire, size_t size)
{
    if (wire->capacity < size) {
        unsigned char *data = realloc(wire->data, size);
        if (data == NULL) {
            return jf_fail_memory("a message");
        }
        wire->data = data;
        wire->capacity = size;
    }
    wire->size = size;
    return JF_OK;
}

/* What a message of all ranks holds at most: MPI counts in int. */
enum { LARGEST_PIECE = 1 << 30 };

static int piece(size_t rest)
{
    return rest < LARGEST_PIECE ? (int)rest : LARGEST_PIECE;
}

/* `size` bytes of rank 0, to all. */
static jf_status spread(jf_comm *comm, unsigned char *data, size_t size, pace how)
{
    MPI_Request request;

    for (size_t at = 0; at < size; at += (size_t)piece(size - at)) {
        JF_TRY(check(MPI_Ibcast(data + at, piece(size - at), MPI_BYTE, 0, comm->world, &request),
                     "broadcast"));
        JF_TRY(await(comm, &request, how, "broadcast"));
    }
    return JF_OK;
}

jf_status jf_comm_broadcast(jf_comm *comm, jf_wire *wire)
{
    int64_t size = (int64_t)wire->size;

    JF_TRY(spread(comm, (unsigned char *)&size, sizeof size, SLEEP));
    if (comm->rank != 0) {
        JF_TRY(make_room(wire, (size_t)size));
    }
    return spread(comm, wire->data, (size_t)size, HURRY_UP);
}

jf_status jf_comm_sum(jf_comm *comm, size_t count, double *values)
{
    MPI_Request request;

    for (size_t at = 0; at < count; at += (size_t)piece(count - at)) {
        double *part = values + at;
        const void *brought = comm->rank == 0 ? MPI_IN_PLACE : part;
        JF_TRY(check(MPI_Ireduce(brought, part, piece(count - at), MPI_DOUBLE, MPI_SUM, 0,
                                 comm->world, &request),
                     "sum"));
        JF_TRY(await(comm, &request, HURRY_UP, "sum"));
    }
    return JF_OK;
}

jf_status jf_comm_split(jf_comm *comm, int colour, int *communicator)
{
    const int part_of = colour >= 0 ? colour : MPI_UNDEFINED;
    MPI_Comm part;

    JF_TRY(check(MPI_Comm_split(comm->world, part_of, comm->rank, &part), "split the ranks"));
    if (part != MPI_COMM_NULL) {
        JF_TRY(check(MPI_Comm_set_errhandler(part, MPI_ERRORS_ARE_FATAL), "set an error handler"));
        *communicator = (int)MPI_Comm_c2f(part);
    }
    return JF_OK;
}

void jf_comm_rejoin(int communicator)
{
    MPI_Comm part = MPI_Comm_f2c((MPI_Fint)communicator);

    MPI_Comm_free(&part);
}

jf_status jf_comm_send(jf_comm *comm, int to, jf_message kind, const void *data, size_t size)
{
    if (size > INT_MAX) {
        return jf_fail(JF_ERR_NETWORK, "a message of %zu bytes is too long", size);
    }
    sweep_up(comm);
    parcel *sent = malloc(sizeof *sent + size);
    if (sent == NULL) {
        return jf_fail_memory("a message");
    }
    if (size > 0) {
        memcpy(sent->data, data, size);
    }
    const int code =
        MPI_Isend(sent->data, (int)size, MPI_BYTE, to, (int)kind, comm->world, &sent->request);
    if (code != MPI_SUCCESS) {
        free(sent);
        return check(code, "send");
    }
    sent->next = comm->under_way;
    comm->under_way = sent;
    comm->messages++;
    return JF_OK;
}

jf_status jf_comm_look(jf_comm *comm, jf_mail *mail, int *arrived)
{
    MPI_Message message;
    MPI_Status about;
    int count = 0;

    *arrived = 0;
    comm->looked = jf_clock_now();
    if (comm->size == 1) {
        return JF_OK;
    }
    JF_TRY(check(MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, comm->world, arrived, &message, &about),
                 "look for messages"));
    if (!*arrived) {
        return JF_OK;
    }
    comm->nap = shortest_nap;
    comm->messages++;
    JF_TRY(check(MPI_Get_count(&about, MPI_BYTE, &count), "measure a message"));
    JF_TRY(make_room(&comm->mailbox, (size_t)count));
    JF_TRY(check(MPI_Mrecv(comm->mailbox.data, count, MPI_BYTE, &message, MPI_STATUS_IGNORE),
                 "receive"));
    *mail = (jf_mail){.kind = (jf_message)about.MPI_TAG,
                      .from = about.MPI_SOURCE,
                      .content = {.data = comm->mailbox.data, .size = (size_t)count}};
    return JF_OK;
}

int jf_comm_is_time(const jf_comm *comm)
{
    return jf_clock_now() - comm->looked > looking_interval;
}

void jf_comm_doze(jf_comm *comm)
{
    sweep_up(comm);
    jf_clock_sleep(comm->nap);
    comm->nap = comm->nap < longest_nap ? 2.0 * comm->nap : longest_nap;
}
