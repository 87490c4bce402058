/*
 * log.h - messages for people.
 *
 * Errors, warnings and notes go to stderr, one line each, with the program's name in front; results
 * never pass through here. A sink may be set that receives the lines instead, which is how tests
 * read messages. Knows nothing of ranks: only the process that finds a fault writes of it.
 */
#ifndef JEPAFLOW_BASE_LOG_H
#define JEPAFLOW_BASE_LOG_H

#include "jepaflow/base/status.h"

typedef enum {
    JF_LOG_ERROR,   /* the command cannot go on */
    JF_LOG_WARNING, /* it goes on, but the user should know */
    JF_LOG_NOTE     /* progress and notes; silenced by jf_log_set_quiet() */
} jf_log_level;

typedef void (*jf_log_sink)(void *context, jf_log_level level, const char *line);

/* Send all lines to `sink` instead of stderr; NULL restores stderr. `context` is handed back. */
void jf_log_set_sink(jf_log_sink sink, void *context);

/* With quiet != 0, notes are dropped; errors and warnings never are. */
void jf_log_set_quiet(int quiet);

/*
 * What all lines are about until it is NULL again, in front of them: a file, while what it holds is
 * looked at by modules that know no files. Borrowed.
 */
void jf_log_set_subject(const char *subject);

/*
 * Write one line, printf style, without a newline at its end. Control characters are shown as '?'.
 */
void jf_log(jf_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write an error line and return `status`: `return jf_fail(JF_ERR_FILE, "%s: %s", path, why);` */
jf_status jf_fail(jf_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Out of memory while making `what`; returns JF_ERR_MEMORY. */
jf_status jf_fail_memory(const char *what);

#endif
