#include "jepaflow/figures/style.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const jf_look looks[JF_STYLES] = {
    [JF_STYLE_PAPER] = {.scale = 1.0,
                        .titled = 0,
                        .ground = "#ffffff",
                        .ink = "#000000",
                        .soft = "#404040",
                        .faint = "#dcdcdc"},
    [JF_STYLE_SCREEN] = {.scale = 1.6,
                         .titled = 1,
                         .ground = "#ffffff",
                         .ink = "#202020",
                         .soft = "#505050",
                         .faint = "#e2e2e2"},
    [JF_STYLE_DARK] = {.scale = 1.6,
                       .titled = 1,
                       .ground = "#16181d",
                       .ink = "#e8e8e8",
                       .soft = "#b4b4b4",
                       .faint = "#3a3d44"},
};

const jf_look *jf_style_look(jf_style style)
{
    return &looks[style];
}

const char *const *jf_style_names(void)
{
    static const char *const names[JF_STYLES + 1] = {"paper", "screen", "dark", NULL};

    return names;
}

/* viridis of matplotlib (S. van der Walt, N. Smith; CC0), every tenth part. */
static const int viridis[][3] = {
    {0x44, 0x01, 0x54}, {0x48, 0x24, 0x75}, {0x41, 0x44, 0x87}, {0x35, 0x5f, 0x8d},
    {0x2a, 0x78, 0x8e}, {0x21, 0x91, 0x8c}, {0x22, 0xa8, 0x84}, {0x44, 0xbf, 0x70},
    {0x7a, 0xd1, 0x51}, {0xbd, 0xdf, 0x26}, {0xfd, 0xe7, 0x25},
};

void jf_style_ordered(jf_style style, double x, char colour[8])
{
    enum { LAST = sizeof viridis / sizeof viridis[0] - 1 };
    /* The parts that show: darker than pale yellow on white, lighter than purple on black. */
    const double low = style == JF_STYLE_DARK ? 0.25 : 0.0;
    const double high = style == JF_STYLE_DARK ? 1.0 : 0.86;
    const double place = (low + fmin(fmax(x, 0.0), 1.0) * (high - low)) * LAST;
    const size_t k = place >= LAST ? LAST - 1 : (size_t)place;
    unsigned mixed[3];

    for (size_t c = 0; c < 3; c++) {
        const double step = viridis[k + 1][c] - viridis[k][c];
        mixed[c] = (unsigned)lround(viridis[k][c] + (place - (double)k) * step) & 0xffu;
    }
    snprintf(colour, 8, "#%02x%02x%02x", mixed[0], mixed[1], mixed[2]);
}

void jf_style_series(jf_style style, size_t k, size_t count, char colour[8])
{
    jf_style_ordered(style, count > 1 ? (double)k / (double)(count - 1) : 0.35, colour);
}

/* M. Okabe, K. Ito, Color Universal Design (2008), without yellow, and black as last. */
const char *jf_style_category(jf_style style, size_t k)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73",
                                          "#cc79a7", "#e69f00", "#56b4e9"};
    static const char *const on_dark[] = {"#56b4e9", "#e69f00", "#009e73",
                                          "#cc79a7", "#d55e00", "#f0e442"};
    enum { COLOURS = sizeof colours / sizeof colours[0] };

    return (style == JF_STYLE_DARK ? on_dark : colours)[k % COLOURS];
}

int jf_style_mark(size_t k)
{
    static const int marks[] = {7, 5, 9, 13, 11, 6, 4, 8};

    return marks[k % (sizeof marks / sizeof marks[0])];
}

const char *jf_style_dash(size_t k)
{
    static const char *const dashes[] = {"solid", "(8,3)", "(2,3)", "(10,3,2,3)"};

    return dashes[k % (sizeof dashes / sizeof dashes[0])];
}

/* ---- text ---- */

/* The next character of UTF-8: its code, and the bytes it takes (at least 1). */
static uint32_t decode(const char *text, size_t *bytes)
{
    const unsigned char first = (unsigned char)*text;
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    uint32_t code = length == 1 ? first : first & (0xffu >> (length + 1));
    size_t k = 1;

    for (; k < length && ((unsigned char)text[k] & 0xc0) == 0x80; k++) {
        code = code << 6 | ((unsigned char)text[k] & 0x3fu);
    }
    *bytes = k;
    return code;
}

/* Advance widths of DejaVu Sans, thousandths of the font's size: the space to "~". */
static const short ascii_widths[] = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838,
};

static double character_width(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f) {
        return 1e-3 * ascii_widths[code - 0x20];
    }
    if (code == 0xa0) { /* a blank at which lines do not break */
        return character_width(' ');
    }
    return code >= 0x2000 ? 1.0 : 0.75; /* ideographs and signs; letters with accents, Greek */
}

double jf_style_text_width(const char *text, double size)
{
    double width = 0.0;
    size_t bytes;

    for (; *text != '\0'; text += bytes) {
        width += size * character_width(decode(text, &bytes));
    }
    return width;
}

size_t jf_style_text_fit(const char *text, double size, double width)
{
    const char *const start = text;
    size_t bytes;

    for (; *text != '\0'; text += bytes) {
        width -= size * character_width(decode(text, &bytes));
        if (width < 0.0) {
            break;
        }
    }
    return (size_t)(text - start);
}
