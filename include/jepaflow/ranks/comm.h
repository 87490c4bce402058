/*
 * comm.h - messages between ranks.
 *
 * The only module that knows MPI, apart from linalg/grid. Sends never wait: bytes are copied and on
 * their way while the sender works on. Receiving is a look into the mailbox; who has nothing else
 * to do sleeps between looks, and so do ranks that wait for all others, so that an idle rank uses
 * no core. Knows nothing of what is said.
 */
#ifndef JEPAFLOW_RANKS_COMM_H
#define JEPAFLOW_RANKS_COMM_H

#include "jepaflow/base/status.h"
#include "jepaflow/base/wire.h"

/* All kinds of message there are; the number is the MPI tag. */
typedef enum {
    JF_MESSAGE_BATCH = 1, /* coordinator to worker or leader: points to solve, after those it has */
    JF_MESSAGE_RESULTS,   /* worker or leader to coordinator: records; also asks for more */
    JF_MESSAGE_ALONE,     /* coordinator to leader: from here on work alone, and so your members */
    JF_MESSAGE_JOIN,      /* leader to member: a point to solve together */
    JF_MESSAGE_DISSOLVE,  /* leader, or coordinator for a dead one, to member: you work alone */
    JF_MESSAGE_ASK_STOP, /* all to coordinator: this rank was asked, by a signal, to stop the run */
    JF_MESSAGE_STOP,     /* coordinator to all: drop what is left and say goodbye */
    JF_MESSAGE_GOODBYE   /* all to coordinator: records, the last message */
} jf_message;

typedef struct jf_comm jf_comm;

/*
 * Start MPI, on a communicator of our own; also where no mpirun started the program, as one rank.
 * Call once.
 *   out  finish with jf_comm_finish()
 */
jf_status jf_comm_start(int *argc, char ***argv, jf_comm **out);

/*
 * Wait until all that was sent has left and all ranks are here, and end MPI. All ranks must call.
 * Sets *comm to NULL.
 */
void jf_comm_finish(jf_comm **comm);

/* End all ranks at once, for when the network itself is broken. */
void jf_comm_abort(jf_comm *comm, int exit_code);

int jf_comm_rank(const jf_comm *comm);
int jf_comm_size(const jf_comm *comm);

/*
 * Has the process of a rank ended? Who dies sends no message, and MPI tells nobody. Known of ranks
 * on this machine only: 0 for all others.
 */
int jf_comm_is_gone(const jf_comm *comm, int rank);

/* Name and version of the MPI library. */
const char *jf_comm_library(void);

/* Messages that this rank has sent and received so far; broadcasts do not count. */
size_t jf_comm_messages(const jf_comm *comm);

/*
 * The bytes that rank 0 has in `wire`, to all. All ranks must call; they sleep until rank 0 does.
 * JF_ERR_NETWORK, also where a rank of this machine has ended; JF_ERR_MEMORY.
 */
jf_status jf_comm_broadcast(jf_comm *comm, jf_wire *wire);

/*
 * On rank 0: values[count] <- their sums over the ranks, in no order that is known. All ranks must
 * call, with the same count; what the others have is not changed. JF_ERR_NETWORK.
 */
jf_status jf_comm_sum(jf_comm *comm, size_t count, double *values);

/*
 * Split the ranks into those of equal colour. All ranks must call.
 *   colour        at least 0; below 0: of no part
 *   communicator  of this rank's part, in the order of ranks, as a Fortran handle: what libraries
 *                 take (linalg/grid.h); a failure on it ends the program. Undefined for no part.
 *                 Give back by jf_comm_rejoin(), which all of the part must call.
 * JF_ERR_NETWORK.
 */
jf_status jf_comm_split(jf_comm *comm, int colour, int *communicator);
void jf_comm_rejoin(int communicator);

/* Send a copy of size bytes to a rank. JF_ERR_NETWORK, JF_ERR_MEMORY. */
jf_status jf_comm_send(jf_comm *comm, int to, jf_message kind, const void *data, size_t size);

/* One message that has arrived. */
typedef struct {
    jf_message kind;
    int from;
    jf_wire_reader content; /* borrowed from the comm until the next look */
} jf_mail;

/* Take the next message, if there is one: *arrived says so. JF_ERR_NETWORK, JF_ERR_MEMORY. */
jf_status jf_comm_look(jf_comm *comm, jf_mail *mail, int *arrived);

/*
 * Is it time for another look? For who computes meanwhile: a look is a system call, and where ranks
 * share a core it may cost a turn of some milliseconds.
 */
int jf_comm_is_time(const jf_comm *comm);

/*
 * Sleep before the next look, when the last found nothing: from 20 microseconds, doubling up to 2
 * ms while nothing comes.
 */
void jf_comm_doze(jf_comm *comm);

#endif
