#include "jepaflow/base/log.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 2048 };

static struct {
    jf_log_sink sink;
    void *context;
    int quiet;
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

/*
 * Text of the input reaches messages: it must not be able to move the cursor or clear the screen.
 */
static void mask_control_characters(char *line)
{
    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
}

static void write_line(jf_log_level level, const char *format, va_list arguments)
{
    static const char *const prefix[] = {
        [JF_LOG_ERROR] = "", [JF_LOG_WARNING] = "warning: ", [JF_LOG_NOTE] = ""};
    char line[LINE_SIZE];

    if (level == JF_LOG_NOTE && logger.quiet) {
        return;
    }
    vsnprintf(line, sizeof line, format, arguments);
    mask_control_characters(line);
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
