#include "jepaflow/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/log.h"

enum { LONGEST_NAME = 64 };

int jf_text_number(const char *text, double *value)
{
    char *end;

    if (text[0] == '\0' || strspn(text, "+-.0123456789eE") != strlen(text)) {
        return 0;
    }
    const char *digit = text + strspn(text, "+-");
    if (digit[0] == '0' && digit[1] >= '0' && digit[1] <= '9') {
        return 0;
    }
    const double number = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(number)) {
        return 0;
    }
    *value = number;
    return 1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements, swaps of neighbours. */
static size_t distance(const char *a, const char *b)
{
    const size_t n = strlen(a);
    const size_t m = strlen(b);
    size_t row[3][LONGEST_NAME + 1];

    if (n > LONGEST_NAME || m > LONGEST_NAME) {
        return LONGEST_NAME;
    }
    for (size_t j = 0; j <= m; j++) {
        row[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3];
        const size_t *last = row[(i + 2) % 3];
        const size_t *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = least(now[j], before[j - 2] + 1);
            }
        }
    }
    return row[n % 3][m];
}

const char *jf_text_nearest(const char *word, const char *const *names, size_t count)
{
    const size_t third = strlen(word) / 3;
    size_t best = 1 + (third < 1 ? 1 : least(third, 3));
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        const size_t d = distance(word, names[i]);
        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

const char *jf_text_bytes(double bytes, char text[JF_BYTES_TEXT])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t k = 0;

    while (bytes >= 1000.0 && k + 1 < sizeof unit / sizeof unit[0]) {
        bytes /= 1000.0;
        k++;
    }
    snprintf(text, JF_BYTES_TEXT, "%.3g %s", bytes, unit[k]);
    return text;
}

void jf_string_clear(jf_string *string)
{
    free(string->text);
    *string = (jf_string){0};
}

static int reserve(jf_string *string, size_t more)
{
    const size_t needed = string->size + more + 1;

    if (needed > string->capacity) {
        char *text = realloc(string->text, 2 * needed);
        if (text == NULL) {
            string->failed = 1;
            return 0;
        }
        string->text = text;
        string->capacity = 2 * needed;
    }
    return 1;
}

void jf_string_add(jf_string *string, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (string->failed || length < 0 || !reserve(string, (size_t)length)) {
        string->failed = 1;
        return;
    }
    va_start(arguments, format);
    vsnprintf(string->text + string->size, (size_t)length + 1, format, arguments);
    va_end(arguments);
    string->size += (size_t)length;
}

jf_status jf_string_check(const jf_string *string)
{
    return string->failed ? jf_fail_memory("a text") : JF_OK;
}

uint64_t jf_hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

uint64_t jf_hash_text(uint64_t hash, const char *text)
{
    return jf_hash_bytes(hash, text, strlen(text) + 1);
}

uint64_t jf_hash_number(uint64_t hash, double value)
{
    uint64_t bits = 0;
    unsigned char bytes[8];

    if (value != 0.0) {
        memcpy(&bits, &value, sizeof bits);
    }
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(bits >> (8 * i));
    }
    return jf_hash_bytes(hash, bytes, sizeof bytes);
}

/*
 * Read on to the end of `file`, at most `room` bytes; their number, or -1. A pipe is read as long
 * as somebody has its other end; who has not come by now is not waited for.
 */
static ssize_t read_to_end(int file, char *bytes, size_t room)
{
    struct pollfd more = {.fd = file, .events = POLLIN};
    size_t count = 0;

    while (count < room) {
        const ssize_t got = read(file, bytes + count, room - count);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno == EAGAIN) {
            (void)poll(&more, 1, -1);
        } else if (got < 0 && errno != EINTR) {
            return -1;
        }
        count += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)count;
}

/* What was read, or why it is not an input. */
static jf_status check_read(int file, const char *path, ssize_t count, size_t limit)
{
    struct stat about;

    if (count < 0) {
        return jf_fail(JF_ERR_USAGE, "%s: cannot read it: %s", path, strerror(errno));
    }
    if ((size_t)count > limit) {
        return jf_fail(JF_ERR_USAGE, "%s: too large, expected at most %zu bytes", path, limit);
    }
    if (count == 0 && fstat(file, &about) == 0 && S_ISFIFO(about.st_mode)) {
        return jf_fail(JF_ERR_USAGE, "%s: is a pipe that nobody writes to, expected a file", path);
    }
    return JF_OK;
}

static jf_status read_all(int file, const char *path, size_t limit, char **text, size_t *size)
{
    char *bytes = malloc(limit + 2);

    if (bytes == NULL) {
        return jf_fail_memory(path);
    }
    const ssize_t count = read_to_end(file, bytes, limit + 1);
    const jf_status status = check_read(file, path, count, limit);
    if (status != JF_OK) {
        free(bytes);
        return status;
    }
    bytes[count] = '\0';
    *text = bytes;
    *size = (size_t)count;
    return JF_OK;
}

jf_status jf_text_read_file(const char *path, size_t limit, char **text, size_t *size)
{
    struct stat about;
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (file < 0) {
        return jf_fail(JF_ERR_USAGE, "%s: cannot open it: %s", path, strerror(errno));
    }
    jf_status status = JF_OK;
    if (fstat(file, &about) == 0 && S_ISDIR(about.st_mode)) {
        status = jf_fail(JF_ERR_USAGE, "%s: is a folder, expected a file", path);
    } else {
        status = read_all(file, path, limit, text, size);
    }
    close(file);
    return status;
}
