/*
 * study.h - an input with its plan and predicted costs: what run, plan and theory begin with.
 */
#ifndef JEPAFLOW_APP_STUDY_H
#define JEPAFLOW_APP_STUDY_H

#include "jepaflow/app/arguments.h"
#include "jepaflow/base/text.h"
#include "jepaflow/base/wire.h"
#include "jepaflow/sweep/shard.h"

typedef struct {
    char *source;        /* the input's name */
    char *text;          /* the input, as read */
    jf_string overrides; /* those of --set, each followed by a newline */
    jf_input input;
    jf_plan plan;
} jf_study;

/*
 * Read an input file with overrides, and the files of data that it names.
 *   adder  who sums their pairs (model/moments.h)
 *   out    release with jf_study_clear()
 * JF_ERR_USAGE with a message; else as the adder fails.
 */
jf_status jf_study_read(const char *path, const jf_texts *overrides, const jf_adder *adder,
                        jf_study *out);

/* To bytes, and the same study from them on another rank. */
void jf_study_pack(const jf_study *study, jf_wire *wire);
jf_status jf_study_unpack(jf_wire_reader *reader, jf_study *out);

void jf_study_clear(jf_study *study);

/* Print the sweep: title, axes, points, features. */
void jf_study_print(const jf_study *study, FILE *out);

/* Print how many of them are in the shard; of the whole sweep nothing. */
void jf_study_print_shard(const jf_study *study, jf_shard shard, FILE *out);

/* Help on every parameter of an input, from the one table. */
void jf_study_help(FILE *out);

#endif
