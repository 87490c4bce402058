/*
 * arguments.h - a command's options, from one table that also makes its help.
 *
 * Long options as --name VALUE or --name=VALUE, short ones as -n VALUE; options and files in any
 * order; -- ends the options. Knows no command.
 */
#ifndef JEPAFLOW_APP_ARGUMENTS_H
#define JEPAFLOW_APP_ARGUMENTS_H

#include <stddef.h>
#include <stdio.h>

#include "jepaflow/base/status.h"

/* Texts that an option may be given several times with; borrowed from argv. */
typedef struct {
    const char **at;
    size_t count;
} jf_texts;

/* One option. Exactly one of flag, text, texts is where it goes. */
typedef struct {
    const char *name;  /* without dashes */
    char letter;       /* 0 for none */
    const char *value; /* what its value is called in the help; NULL where it has none */
    const char *help;
    int *flag;         /* set to 1 */
    const char **text; /* set to its value; given twice is an error */
    jf_texts *texts;   /* its values are added; `at` has room for argc */
} jf_option;

/*
 * Read the arguments of a command.
 *   options, count  its table
 *   file            set to the one file that it works on
 *   wanted          what that file is, for messages: "INPUT.yaml"
 * JF_ERR_USAGE with a message, and the nearest known option, where they are wrong.
 */
jf_status jf_arguments_read(int argc, char **argv, const jf_option *options, size_t count,
                            const char *wanted, const char **file);

/*
 * The same of a command that works on several.
 *   files  set to them; `at` has room for argc
 */
jf_status jf_arguments_read_files(int argc, char **argv, const jf_option *options, size_t count,
                                  const char *wanted, jf_texts *files);

/* Print the table, one line an option. */
void jf_arguments_help(const jf_option *options, size_t count, FILE *out);

#endif
