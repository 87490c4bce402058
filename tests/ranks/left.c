/*
 * left.c - rank 0 dies before it takes what the others have sent: they end, and do not wait for
 * ever for their messages to leave.
 *
 *   mpirun --enable-recovery -n 2 tests/ranks/left
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/ranks/comm.h"

/* Too much to be handed over before it is asked for. */
enum { BYTES = 1 << 24 };

int main(int argc, char **argv)
{
    jf_comm *comm;
    char *bytes = calloc(BYTES, 1);

    if (bytes == NULL || jf_comm_start(&argc, &argv, &comm) != JF_OK) {
        return 3;
    }
    if (jf_comm_rank(comm) == 0) {
        jf_clock_sleep(0.2);
        kill(getpid(), SIGKILL);
    }
    const jf_status sent = jf_comm_send(comm, 0, JF_MESSAGE_GOODBYE, bytes, BYTES);
    free(bytes);
    if (sent == JF_OK) {
        puts("sent");
        fflush(stdout);
    }
    jf_comm_finish(&comm);
    return sent == JF_OK ? 0 : 3;
}
