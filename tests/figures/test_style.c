/*
 * test_style.c - colours whose order shows in grey and that show on their ground; widths of texts.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/figures/style.h"

/* Relative luminance of "#rrggbb", as a grey print shows it. */
static double luminance(const char *colour)
{
    unsigned r, g, b;

    assert_int_equal(sscanf(colour, "#%2x%2x%2x", &r, &g, &b), 3);
    return 0.2126 * pow(r / 255.0, 2.2) + 0.7152 * pow(g / 255.0, 2.2) +
           0.0722 * pow(b / 255.0, 2.2);
}

/* Of two colours (WCAG 2): 1 is none, 3 is enough for lines, 4.5 for text. */
static double contrast(const char *a, const char *b)
{
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

    return fmax(x, y) / fmin(x, y);
}

/* The whole way it gets lighter, and all of it shows. */
static void colours_are_ordered_in_grey(void **state)
{
    char colour[8];

    (void)state;
    for (int style = 0; style < JF_STYLES; style++) {
        double before = -1.0;
        for (int k = 0; k <= 100; k++) {
            jf_style_ordered((jf_style)style, k / 100.0, colour);
            assert_int_equal(strlen(colour), 7);
            assert_true(luminance(colour) > before - 1e-3);
            assert_true(contrast(colour, jf_style_look((jf_style)style)->ground) > 1.6);
            before = luminance(colour);
        }
    }
}

static void text_and_categories_show_on_their_ground(void **state)
{
    (void)state;
    for (int style = 0; style < JF_STYLES; style++) {
        const jf_look *look = jf_style_look((jf_style)style);
        assert_true(contrast(look->ink, look->ground) > 7.0);
        assert_true(contrast(look->soft, look->ground) > 4.5);
        for (size_t k = 0; k < 4; k++) {
            assert_true(contrast(jf_style_category((jf_style)style, k), look->ground) > 2.5);
        }
    }
}

/* Each of the first series has a mark of its own. */
static void marks_differ(void **state)
{
    (void)state;
    for (size_t a = 0; a < 8; a++) {
        for (size_t b = 0; b < a; b++) {
            assert_int_not_equal(jf_style_mark(a), jf_style_mark(b));
        }
    }
    assert_string_not_equal(jf_style_dash(0), jf_style_dash(1));
}

/* Against the font's own advance widths, and cut between characters. */
static void texts_have_a_width(void **state)
{
    (void)state;
    assert_within(jf_style_text_width("", 10.0), 0.0, 0.0);
    assert_within(jf_style_text_width("iW1 ", 10.0), 2.78 + 9.89 + 6.36 + 3.18, 1e-9);
    assert_true(jf_style_text_width("λρ", 10.0) >= 5.92 + 6.35);
    assert_int_equal(jf_style_text_fit("1111", 10.0, 6.36 * 2.5), 2);
    assert_int_equal(jf_style_text_fit("1λ1", 10.0, 7.0), 1);
    assert_int_equal(jf_style_text_fit("1λ1", 10.0, 14.0), 3);
    assert_int_equal(jf_style_text_fit("11", 10.0, 99.0), 2);
    assert_int_equal(jf_style_text_fit("\xce", 10.0, 99.0), 1); /* half a character */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_ordered_in_grey),
        cmocka_unit_test(text_and_categories_show_on_their_ground),
        cmocka_unit_test(marks_differ),
        cmocka_unit_test(texts_have_a_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
