/*
 * gnuplot.h - a figure made by gnuplot, and the files that people can make it again from.
 *
 * Of each figure three files are left: NAME.dat (its numbers), NAME.gp (its script), NAME.png (pdf,
 * svg). The program is JF_GNUPLOT as configure found it, or what the environment's JEPAFLOW_GNUPLOT
 * says. It runs in the figures' folder, so that the script names files without a path, and runs by
 * itself there: `gnuplot NAME.gp`. Knows no sweep.
 */
#ifndef JEPAFLOW_FIGURES_GNUPLOT_H
#define JEPAFLOW_FIGURES_GNUPLOT_H

#include <stddef.h>

#include "jepaflow/base/status.h"
#include "jepaflow/base/text.h"
#include "jepaflow/figures/style.h"

/* PNG at twice the screen's resolution; PDF and SVG with text as text. */
typedef enum { JF_PLOT_PNG, JF_PLOT_PDF, JF_PLOT_SVG, JF_PLOT_FORMATS } jf_plot_format;

/* The formats' names, also the ends of their files' names: "png", "pdf", "svg". */
const char *const *jf_plot_format_names(void);

/* A figure being made. Start from {.name = ...}; release with jf_figure_clear(). */
typedef struct {
    char name[48];        /* stem of its files */
    double width, height; /* points of 1/72 inch, on paper */
    jf_style style;
    size_t blocks;    /* blocks of data so far */
    jf_string data;   /* blocks of numbers, as gnuplot's `index` counts them */
    jf_string script; /* all after terminal and output; it may use the inks ground, ink, soft,
                             faint, title_font, and mark, the size of a point */
} jf_figure;

void jf_figure_clear(jf_figure *figure);

/* Begin a block of data, under a line of comment that says what it is; returns its index. */
size_t jf_figure_begin(jf_figure *figure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Add `text` to a script as a string that is nothing but text: in double quotes, with what gnuplot
 * would obey there written as \ooo, control characters dropped, cut after `most` characters. What
 * shows it must say `noenhanced` besides.
 */
void jf_gnuplot_quote(jf_string *script, const char *text, size_t most);

/*
 * Write a file FOLDER/NAME.END, of up to 4 characters of `end`, as a whole or not at all.
 * JF_ERR_FILE, JF_ERR_MEMORY.
 */
jf_status jf_figure_write(const char *folder, const char *name, const char *end, const char *text,
                          size_t size);

/*
 * Write the figure's files into `folder`, which exists, and run gnuplot. Each file is made under
 * another name and renamed when it is whole. JF_ERR_FILE; JF_ERR_EXTERNAL where gnuplot is missing
 * or fails, with its words; JF_ERR_MEMORY.
 */
jf_status jf_figure_draw(const jf_figure *figure, const char *folder, jf_plot_format format);

#endif
