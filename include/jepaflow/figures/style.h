/*
 * style.h - how figures look: sizes, inks, colours, marks, and the width of a text.
 *
 * Every figure is laid out once, for a column of a paper (8.5 cm), in points of 1/72 inch; a style
 * enlarges that as a whole and says its inks. Things with an order (depth, init_scale, rho) are
 * coloured by viridis, whose lightness has the same order, so that it shows in grey; things without
 * one (objectives) by the palette of Okabe and Ito, told apart in grey by their marks and dashes.
 * Knows no dataset and no gnuplot.
 */
#ifndef JEPAFLOW_FIGURES_STYLE_H
#define JEPAFLOW_FIGURES_STYLE_H

#include <stddef.h>

#include "jepaflow/base/status.h"

/* For print, in a column's width and without a title; for a screen; for a dark screen. */
typedef enum { JF_STYLE_PAPER, JF_STYLE_SCREEN, JF_STYLE_DARK, JF_STYLES } jf_style;

/* The width of every figure, and the sizes of its text: points. */
#define JF_STYLE_WIDTH 241.0
#define JF_STYLE_TEXT 7.5
#define JF_STYLE_TITLE 8.5

typedef struct {
    double scale; /* of everything */
    int titled;   /* the sweep's title is drawn: on paper the caption says it */
    const char *ground, *ink, *soft, *faint; /* "#rrggbb": page, text, lesser text, grid */
} jf_look;

/* The look of a style. */
const jf_look *jf_style_look(jf_style style);

/* The styles' names, ended by NULL. */
const char *const *jf_style_names(void);

/*
 * A colour for a thing with an order, "#rrggbb": viridis without the end that does not show on the
 * style's ground.
 *   x  from 0 to 1
 */
void jf_style_ordered(jf_style style, double x, char colour[8]);

/* Colour k of `count` things with an order: evenly spread. */
void jf_style_series(jf_style style, size_t k, size_t count, char colour[8]);

/* Colour k of things without an order, "#rrggbb"; repeats after 6. */
const char *jf_style_category(jf_style style, size_t k);

/* gnuplot's number of mark k, filled shapes first, repeats after 8; of dash pattern k, after 4. */
int jf_style_mark(size_t k);
const char *jf_style_dash(size_t k);

/*
 * The width of a text in DejaVu Sans, points: exact for ASCII, on the wide side elsewhere.
 *   size  of the font, points
 */
double jf_style_text_width(const char *text, double size);

/* The bytes of `text` that fit into `width`, ending between two characters. */
size_t jf_style_text_fit(const char *text, double size, double width);

#endif
