/*
 * space.h - is there room on the disk? Told before anything is written.
 */
#ifndef JEPAFLOW_RESULTS_SPACE_H
#define JEPAFLOW_RESULTS_SPACE_H

#include "jepaflow/base/status.h"

/* Bytes that may still be written where `path` stands or will stand; INFINITY: not known. */
double jf_space_left(const char *path);

/* JF_ERR_FILE, with a message that names the file, the space needed and what is free. */
jf_status jf_space_check(const char *path, double bytes);

#endif
