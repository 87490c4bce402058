/*
 * lock.h - one writer of a dataset at a time.
 *
 *     OUT.nc.lock        while OUT.nc is being written; says by whom
 *
 * flock() on a file of its own: it survives that the dataset is replaced by another (--fresh,
 * --extend), and what NetCDF opens and closes does not drop it, as it would a lock of fcntl(). The
 * kernel drops it with the process that holds it, however that ends: a file that a killed one has
 * left is no lock. On NFS Linux makes it a lock of the server, which holds between machines.
 * Readers are not hindered. Knows no dataset.
 */
#ifndef JEPAFLOW_RESULTS_LOCK_H
#define JEPAFLOW_RESULTS_LOCK_H

#include "jepaflow/base/status.h"

typedef struct jf_lock jf_lock;

/*
 * Become the one who writes a dataset.
 *   path    of the dataset, which need not exist
 *   holder  what is written beside the process's number and machine: the command
 * JF_ERR_FILE, with a message that names who holds it, where it is another; JF_ERR_MEMORY. Where
 * the file system knows no locks a warning says so, and the writer goes on unguarded.
 */
jf_status jf_lock_take(const char *path, const char *holder, jf_lock **out);

/* Let go, and remove the file; sets *lock to NULL, accepts NULL. */
void jf_lock_release(jf_lock **lock);

#endif
