#include "jepaflow/base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "jepaflow/base/printable.h"

enum { LINE_SIZE = 2048 };

static struct {
    jf_log_sink sink;
    void *context;
    int quiet;
    const char *subject;
} logger;

void jf_log_set_sink(jf_log_sink sink, void *context)
{
    logger.sink = sink;
    logger.context = context;
}

void jf_log_set_quiet(int quiet)
{
    logger.quiet = quiet;
}

void jf_log_set_subject(const char *subject)
{
    logger.subject = subject;
}

static void write_line(jf_log_level level, const char *format, va_list arguments)
{
    static const char *const prefix[] = {
        [JF_LOG_ERROR] = "", [JF_LOG_WARNING] = "warning: ", [JF_LOG_NOTE] = ""};
    char line[LINE_SIZE];
    int at = 0;

    if (level == JF_LOG_NOTE && logger.quiet) {
        return;
    }
    if (logger.subject != NULL) {
        at = snprintf(line, sizeof line / 2, "%s: ", logger.subject);
        at = at < LINE_SIZE / 2 ? at : LINE_SIZE / 2 - 1;
    }
    vsnprintf(line + at, sizeof line - (size_t)at, format, arguments);
    jf_printable_mask(line); /* texts of inputs and file names are in it */
    if (logger.sink != NULL) {
        logger.sink(logger.context, level, line);
    } else {
        fprintf(stderr, "jepaflow: %s%s\n", prefix[level], line);
    }
}

void jf_log(jf_log_level level, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    write_line(level, format, arguments);
    va_end(arguments);
}

jf_status jf_fail(jf_status status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    write_line(JF_LOG_ERROR, format, arguments);
    va_end(arguments);
    return status;
}

jf_status jf_fail_memory(const char *what)
{
    return jf_fail(JF_ERR_MEMORY, "out of memory for %s", what);
}
