#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/base/log.h"

static struct {
    char text[8192];
    size_t lines;
} ear;

void check_near(double actual, double expected, double relative, double absolute, const char *what,
                const char *file, int line)
{
    const double error = fabs(actual - expected);

    if (!(error <= relative * fabs(expected) + absolute)) {
        print_error("%s is %.17g, expected %.17g: %.3g off (%.3g relative)\n", what, actual,
                    expected, error, error / fabs(expected));
        _fail(file, line);
    }
}

void check_below(double actual, double limit, const char *what, const char *file, int line)
{
    if (!(actual < limit)) {
        print_error("%s is %.17g, expected less than %.17g\n", what, actual, limit);
        _fail(file, line);
    }
}

static void collect(void *context, jf_log_level level, const char *line)
{
    const size_t used = strlen(ear.text);

    (void)context;
    (void)level;
    snprintf(ear.text + used, sizeof ear.text - used, "%s\n", line);
    ear.lines++;
}

void hear(void)
{
    ear.text[0] = '\0';
    ear.lines = 0;
    jf_log_set_sink(collect, NULL);
}

const char *heard(void)
{
    jf_log_set_sink(NULL, NULL);
    return ear.text;
}

void check_message(jf_status actual, jf_status expected, const char *fragment, const char *file,
                   int line)
{
    const char *message = heard();
    const size_t lines = expected == JF_OK ? 0 : 1;

    if (actual != expected || ear.lines != lines || strstr(message, fragment) == NULL) {
        print_error("status %d (%s), expected %d (%s)\nmessage \"%s\", expected %zu line(s) with "
                    "\"%s\"\n",
                    (int)actual, jf_status_text(actual), (int)expected, jf_status_text(expected),
                    message, lines, fragment);
        _fail(file, line);
    }
}
