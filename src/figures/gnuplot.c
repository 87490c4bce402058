#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "jepaflow/figures/gnuplot.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jepaflow/base/log.h"

#ifndef JF_GNUPLOT
#define JF_GNUPLOT "gnuplot"
#endif

/*
 * How a format is asked of gnuplot. A pixel of PNG is 1/192 inch, twice the screen's 96 an inch; a
 * unit of SVG 1/96 inch.
 */
typedef struct {
    const char *terminal, *options;
    double unit; /* of the terminal's size, in a point of 1/72 inch */
    double font; /* size of a font, in a point */
    double line; /* width of a line of width 1, terminal's units */
    double mark; /* size of a point of size 1 */
} terminal_kind;

static const terminal_kind terminals[JF_PLOT_FORMATS] = {
    /* The sizes of fonts of the cairo terminals are those of a screen: 4/3 of what they say. */
    [JF_PLOT_PNG] = {"pngcairo", "enhanced color", 192.0 / 72.0, 144.0 / 72.0, 1.9, 1.9},
    [JF_PLOT_PDF] = {"pdfcairo", "enhanced color", 1.0 / 72.0, 0.75, 0.95, 0.75},
    [JF_PLOT_SVG] = {"svg", "enhanced dynamic", 96.0 / 72.0, 96.0 / 72.0, 0.95, 0.65},
};

static const char *const format_names[] = {
    [JF_PLOT_PNG] = "png", [JF_PLOT_PDF] = "pdf", [JF_PLOT_SVG] = "svg", [JF_PLOT_FORMATS] = NULL};

const char *const *jf_plot_format_names(void)
{
    return format_names;
}

/* ---- a figure's text ---- */

void jf_figure_clear(jf_figure *figure)
{
    jf_string_clear(&figure->data);
    jf_string_clear(&figure->script);
    *figure = (jf_figure){0};
}

size_t jf_figure_begin(jf_figure *figure, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?'; /* a newline would end the comment */
        }
    }
    jf_string_add(&figure->data, "%s# %s\n", figure->blocks > 0 ? "\n\n" : "", line);
    return figure->blocks++;
}

/*
 * In single quotes gnuplot 5.4 takes a quote that comes first, or after another, for the end of the
 * string.
 */
void jf_gnuplot_quote(jf_string *script, const char *text, size_t most)
{
    size_t length = 0;

    jf_string_add(script, "\"");
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        length +=
            (c & 0xc0) != 0x80; /* the bytes that continue a character of UTF-8 do not count */
        if (length > most) {
            jf_string_add(script, "…");
            break;
        }
        if (c == '"' || c == '\\' || c == '`' || c == '@') {
            jf_string_add(script, "\\%03o", (unsigned)c);
        } else if (c >= 0x20 && c != 0x7f) {
            jf_string_add(script, "%c", *text);
        }
    }
    jf_string_add(script, "\"");
}

/* ---- files ---- */

/* FOLDER/NAME.END, and the name under which it is made; `end` of up to 3 characters. */
typedef struct {
    jf_string path, temporary;
} target;

static void target_clear(target *t)
{
    jf_string_clear(&t->path);
    jf_string_clear(&t->temporary);
}

static jf_status target_init(const char *folder, const char *name, const char *end, target *out)
{
    *out = (target){0};
    jf_string_add(&out->path, "%s/%s.%s", folder, name, end);
    jf_string_add(&out->temporary, "%s/.%s.%s.new", folder, name, end);
    if (jf_string_check(&out->path) != JF_OK || jf_string_check(&out->temporary) != JF_OK) {
        target_clear(out);
        return JF_ERR_MEMORY;
    }
    return JF_OK;
}

static jf_status put_in_place(const target *t)
{
    if (rename(t->temporary.text, t->path.text) != 0) {
        return jf_fail(JF_ERR_FILE, "%s: cannot create it: %s", t->path.text, strerror(errno));
    }
    return JF_OK;
}

static jf_status write_text(const target *t, const char *text, size_t size)
{
    FILE *file = fopen(t->temporary.text, "w");

    if (file == NULL) {
        return jf_fail(JF_ERR_FILE, "%s: cannot create it: %s", t->path.text, strerror(errno));
    }
    const int whole = size == 0 || fwrite(text, 1, size, file) == size;
    if (fclose(file) != 0 || !whole) {
        unlink(t->temporary.text);
        return jf_fail(JF_ERR_FILE, "%s: cannot write to it: %s", t->path.text, strerror(errno));
    }
    return put_in_place(t);
}

jf_status jf_figure_write(const char *folder, const char *name, const char *end, const char *text,
                          size_t size)
{
    target t;

    JF_TRY(target_init(folder, name, end, &t));
    const jf_status status = write_text(&t, text, size);
    target_clear(&t);
    return status;
}

/* A terminal, commented out unless it is the one in use, and the sizes that go with it. */
static void add_terminal(jf_string *text, const jf_figure *figure, const terminal_kind *t, int used)
{
    const jf_look *look = jf_style_look(figure->style);

    jf_string_add(text,
                  "%sset terminal %s size %.4f,%.4f %s font 'DejaVu Sans,%.4g'%s linewidth %.3g "
                  "background '%s'; title_font = ',%.4g'; mark = %.3g\n",
                  used ? "" : "# ", t->terminal, figure->width * t->unit * look->scale,
                  figure->height * t->unit * look->scale, t->options,
                  JF_STYLE_TEXT * t->font * look->scale,
                  t == &terminals[JF_PLOT_SVG] ? "" : " fontscale 1", t->line * look->scale,
                  look->ground, JF_STYLE_TITLE * t->font * look->scale, t->mark * look->scale);
}

/* The inks, the terminals, the output, and the figure itself. */
static jf_status write_script(const jf_figure *figure, const char *folder, jf_plot_format format)
{
    const jf_look *look = jf_style_look(figure->style);
    jf_string text = {0};

    jf_string_add(&text,
                  "# Made by jepaflow. To make it again: gnuplot %s.gp\n"
                  "set encoding utf8\n"
                  "ground = '%s'; ink = '%s'; soft = '%s'; faint = '%s'\n",
                  figure->name, look->ground, look->ink, look->soft, look->faint);
    for (size_t k = 0; k < JF_PLOT_FORMATS; k++) {
        add_terminal(&text, figure, &terminals[k], k == format);
    }
    jf_string_add(&text, "if (!exists('figure')) figure = '%s.%s'\nset output figure\n",
                  figure->name, format_names[format]);
    jf_string_add(&text, "%sunset output\n", figure->script.text);
    jf_status status = jf_string_check(&text);
    if (status == JF_OK) {
        status = jf_figure_write(folder, figure->name, "gp", text.text, text.size);
    }
    jf_string_clear(&text);
    return status;
}

/* ---- running gnuplot ---- */

enum { NOT_FOUND = 127, NO_FOLDER = 126 }; /* what the child ends with where it cannot begin */

/* In the child: never returns. Only functions that are safe after fork(). */
static void become_gnuplot(const char *program, const char *folder, const char *option,
                           const char *script, int words)
{
    if (dup2(words, STDOUT_FILENO) < 0 || dup2(words, STDERR_FILENO) < 0 || chdir(folder) != 0) {
        _exit(NO_FOLDER);
    }
    execlp(program, program, "-e", option, script, (char *)NULL);
    _exit(NOT_FOUND);
}

/* All that comes through, the first `size` - 1 bytes of it kept. */
static void listen_to(int words, char *text, size_t size)
{
    size_t length = 0;
    char chunk[512];
    ssize_t got;

    while ((got = read(words, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR)) {
        for (ssize_t k = 0; k < got && length + 1 < size; k++) {
            text[length++] = chunk[k] == '\n' ? ' ' : chunk[k];
        }
    }
    text[length] = '\0';
}

static jf_status explain(const char *program, int state, const char *script, const char *words)
{
    if (WIFEXITED(state) && WEXITSTATUS(state) == 0) {
        return JF_OK;
    }
    if (WIFEXITED(state) && WEXITSTATUS(state) == NOT_FOUND) {
        return jf_fail(JF_ERR_EXTERNAL,
                       "%s: cannot be run; install gnuplot (Debian: gnuplot-nox) or set "
                       "JEPAFLOW_GNUPLOT to its path",
                       program);
    }
    return jf_fail(JF_ERR_EXTERNAL, "%s failed on %s: %s", program, script,
                   words[0] != '\0' ? words : "without a word");
}

static jf_status run(const char *program, const char *folder, const char *option,
                     const char *script)
{
    int ends[2], state = 0;
    char words[1024];

    if (pipe(ends) != 0) {
        return jf_fail(JF_ERR_EXTERNAL, "%s: cannot be run: %s", program, strerror(errno));
    }
    const pid_t child = fork();
    if (child == 0) {
        become_gnuplot(program, folder, option, script, ends[1]);
    }
    close(ends[1]);
    if (child > 0) {
        listen_to(ends[0], words, sizeof words);
    }
    close(ends[0]);
    if (child < 0) {
        return jf_fail(JF_ERR_EXTERNAL, "%s: cannot be run: %s", program, strerror(errno));
    }
    while (waitpid(child, &state, 0) < 0) {
        if (errno != EINTR) {
            return jf_fail(JF_ERR_EXTERNAL, "%s: was lost: %s", program, strerror(errno));
        }
    }
    return explain(program, state, script, words);
}

/* A path is looked up from where we are, not from the figures' folder, in which gnuplot runs. */
static jf_status find_program(char **program)
{
    const char *name = getenv("JEPAFLOW_GNUPLOT");

    if (name == NULL || name[0] == '\0') {
        name = JF_GNUPLOT;
    }
    *program = strchr(name, '/') != NULL ? realpath(name, NULL) : NULL;
    if (*program == NULL) {
        *program = strdup(name);
    }
    return *program != NULL ? JF_OK : jf_fail_memory("a figure");
}

/* Where the script is and which file it is to make, both as seen from the folder. */
static jf_status run_script(const jf_figure *figure, const char *folder, const char *end)
{
    char option[128], script[64];
    char *program;

    JF_TRY(find_program(&program));
    snprintf(option, sizeof option, "figure='.%s.%s.new'", figure->name, end);
    snprintf(script, sizeof script, "%s.gp", figure->name);
    const jf_status status = run(program, folder, option, script);
    free(program);
    return status;
}

jf_status jf_figure_draw(const jf_figure *figure, const char *folder, jf_plot_format format)
{
    target t;

    JF_TRY(jf_string_check(&figure->data));
    JF_TRY(jf_string_check(&figure->script));
    JF_TRY(jf_figure_write(folder, figure->name, "dat", figure->data.text, figure->data.size));
    JF_TRY(write_script(figure, folder, format));
    JF_TRY(target_init(folder, figure->name, format_names[format], &t));
    jf_status status = run_script(figure, folder, format_names[format]);
    if (status == JF_OK) {
        status = put_in_place(&t);
    } else {
        unlink(t.temporary.text);
    }
    target_clear(&t);
    return status;
}
