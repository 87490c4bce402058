/*
 * test_printable.c - what a terminal would obey is masked, all other text stays as it is.
 */
#include "../support/check.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "jepaflow/base/printable.h"

static void expect(const char *text, const char *masked)
{
    char room[64];

    snprintf(room, sizeof room, "%s", text);
    jf_printable_mask(room);
    assert_string_equal(room, masked);
    assert_int_equal(jf_printable(text), strcmp(text, masked) == 0);
    assert_true(jf_printable(masked));
}

/* Scripts of one to four bytes a character; right to left; signs that are joined. */
static void text_stays_as_it_is(void **state)
{
    static const char *const texts[] = {
        "",
        "Depth amplifies: 50 % of rho^L, \"quoted\" \\ `x`",
        "caf\xc3\xa9 \xce\xbb \xcf\x81 \xe2\x82\xac",
        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
        "\xe6\xb7\xb1\xe5\xba\xa6 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac",
        "\xc2\xa0\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbd",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        expect(texts[i], texts[i]);
    }
}

/* Escapes in 7 and 8 bits, marks that reverse a line, ends of lines, what is no character. */
static void what_a_terminal_would_obey_is_masked(void **state)
{
    (void)state;
    expect("a\033[2J\a\b\tb\x7f\n", "a?[2J???b??");
    expect("\xc2\x9b"
           "31m\xc2\x80\xc2\x9f",
           "?31m??");
    expect("x\xe2\x80\xae"
           "cba\xe2\x81\xa6y\xd8\x9c\xe2\x80\x8f",
           "x?cba?y??");
    expect("one\xe2\x80\xa8two\xe2\x80\xa9three\xc2\x85", "one?two?three?");
    expect("\xef\xbb\xbf"
           "a\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90\xf0\x9f\xbf\xbf\xef\xbf\xb9\xf3\xa0\x81\x81",
           "?a??????");
}

/* Each byte of what is no UTF-8 (RFC 3629, section 3). */
static void what_is_no_utf_8_is_masked(void **state)
{
    (void)state;
    expect("caf\xe9", "caf?");
    expect("\x9b[2J\xff\xfe", "?[2J??");
    expect("\xc0\x80\xc1\xbf", "????");      /* longer than need be */
    expect("\xe0\x80\xaf\xe2\x82", "?????"); /* the same, and one that is cut off */
    expect("\xed\xa0\x80", "???");           /* half of a pair of UTF-16 */
    expect("\xf4\x90\x80\x80\xf8\x88", "??????");
    expect("\xf0\x9f\x91z", "???z");
}

/* The C library's own decoder knows the same well-formed texts: each pair and triple of bytes. */
static void the_c_library_decodes_the_same(void **state)
{
    static const unsigned char bytes[] = {0x21, 0x7e, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                          0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                          0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
    wchar_t wide[8];

    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    for (size_t i = 0; i < COUNT(bytes) * COUNT(bytes) * COUNT(bytes); i++) {
        const char text[] = {(char)bytes[i % COUNT(bytes)],
                             (char)bytes[i / COUNT(bytes) % COUNT(bytes)],
                             (char)bytes[i / COUNT(bytes) / COUNT(bytes)], '\0'};
        if (jf_printable(text)) {
            assert_true(mbstowcs(wide, text, 8) != (size_t)-1);
        }
        char masked[4];
        strcpy(masked, text);
        jf_printable_mask(masked);
        assert_true(mbstowcs(wide, masked, 8) != (size_t)-1);
    }
    setlocale(LC_CTYPE, "C");
}

/* 80 bytes are shown whole, of 81 the beginning, of a character all bytes or none. */
static void long_texts_are_cut(void **state)
{
    char text[200], room[JF_SHORT_TEXT];

    (void)state;
    memset(text, 'a', sizeof text);
    text[80] = '\0';
    assert_string_equal(jf_printable_shorten(text, room), text);
    strcpy(text + 78, "\xce\xbb"
                      "\xce\xbb");
    assert_int_equal(strlen(jf_printable_shorten(text, room)), 83);
    assert_string_equal(room + 78, "\xce\xbb...");
    strcpy(text + 79, "\xce\xbb\n");
    assert_string_equal(jf_printable_shorten(text, room) + 79, "...");
    assert_string_equal(jf_printable_shorten("a\nb", room), "a?b");
    assert_string_equal(jf_printable_shorten("", room), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_as_it_is),
        cmocka_unit_test(what_a_terminal_would_obey_is_masked),
        cmocka_unit_test(what_is_no_utf_8_is_masked),
        cmocka_unit_test(the_c_library_decodes_the_same),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
