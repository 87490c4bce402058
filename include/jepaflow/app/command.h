/*
 * command.h - the commands of the program, and what they share.
 *
 * One file per command in src/app; main finds it in the table by name. A command parses its
 * arguments, calls the library and returns a status, from which main makes the exit code.
 */
#ifndef JEPAFLOW_APP_COMMAND_H
#define JEPAFLOW_APP_COMMAND_H

#include <stdio.h>

#include "jepaflow/base/status.h"
#include "jepaflow/base/text.h"

typedef struct {
    const char *name;
    const char *synopsis;                    /* after the program's name */
    const char *summary;                     /* one line */
    jf_status (*run)(int argc, char **argv); /* argv[0] is the command's name */
    void (*help)(FILE *out);                 /* its options and what it does; after the synopsis */
} jf_command;

extern const jf_command jf_command_run;
extern const jf_command jf_command_plan;
extern const jf_command jf_command_theory;
extern const jf_command jf_command_merge;
extern const jf_command jf_command_status;
extern const jf_command jf_command_report;
extern const jf_command jf_command_plot;

/* Print version and build: compiler, MPI, BLIS and its kernels, ScaLAPACK, NetCDF, SUNDIALS. */
void jf_version_print(FILE *out);

/* "jepaflow 0.1.0", "0.1.0", and one line with the libraries' versions, for the dataset. */
const char *jf_version_program(void);
const char *jf_version_text(void);
const char *jf_version_libraries(void);

/*
 * The program's command line as a shell would take it, for the dataset's history and for messages.
 * main sets it, and keeps argv as it is. jf_command_line_put() adds it to a text without the words
 * equal to `but` (NULL: whole); jf_command_line() is the whole of it, "" where memory lacks.
 */
void jf_command_line_set(int argc, char **argv);
const char *jf_command_line(void);
void jf_command_line_put(jf_string *line, const char *but);

#endif
