/*
 * request.h - what the user asks of `run`: its options, read and checked.
 */
#ifndef JEPAFLOW_APP_REQUEST_H
#define JEPAFLOW_APP_REQUEST_H

#include <stdio.h>

#include "jepaflow/app/arguments.h"
#include "jepaflow/app/output.h"
#include "jepaflow/ranks/forecast.h"

/* Texts are borrowed from argv; NULL where they are not given. */
typedef struct {
    const char *input;
    const char *output;
    const char *walltime;
    const char *coordinator;
    const char *save_every;
    const char *shard;
    jf_texts overrides; /* of --set */
    jf_opening how;
    int dry_run, quiet;
    double seconds;  /* of --walltime; INFINITY without */
    double interval; /* of --save-every */
    jf_coordinator_mode mode;
} jf_request;

/*
 * Nothing asked yet, with room for argc texts.
 *   out  release with jf_request_clear()
 * JF_ERR_MEMORY.
 */
jf_status jf_request_init(int argc, jf_request *out);
void jf_request_clear(jf_request *request);

/*
 * Read the command's arguments.
 *   ranks  that run it
 * JF_ERR_USAGE with a message, where they are wrong or go not together.
 */
jf_status jf_request_read(int argc, char **argv, int ranks, jf_request *request);

/* What `run --help` says below the synopsis. */
void jf_request_help(FILE *out);

#endif
