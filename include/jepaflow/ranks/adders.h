/*
 * adders.h - the pairs of data that rank 0 reads, summed by all ranks.
 *
 * Rank 0 sends each block of pairs to all; each adds it to its part of the moments
 * (model/moments.h), and in the end they are collected on rank 0: the same numbers, in every bit,
 * as it would find alone. All ranks take part, the others by jf_adders_serve(), from which rank 0
 * dismisses them. Knows no file.
 */
#ifndef JEPAFLOW_RANKS_ADDERS_H
#define JEPAFLOW_RANKS_ADDERS_H

#include "jepaflow/model/moments.h"
#include "jepaflow/ranks/comm.h"

/*
 * Rank 0: who sums with the help of all others. Its functions fail with JF_ERR_NETWORK or
 * JF_ERR_MEMORY. The moments of one file are finished before those of the next begin.
 */
jf_adder jf_adders(jf_comm *comm);

/* Rank 0: no more pairs, also where some were added that will not be finished. */
jf_status jf_adders_dismiss(jf_comm *comm);

/*
 * All others: add what rank 0 sends until it dismisses them. JF_ERR_NETWORK; JF_ERR_MEMORY, and
 * then rank 0 waits in vain: end the program.
 */
jf_status jf_adders_serve(jf_comm *comm);

#endif
