#include "jepaflow/base/printable.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_SHOWN = 80 };

/* Bytes of the character that begins with this one, as UTF-8 has it; 0: no character does. */
static size_t length_from(unsigned char first)
{
    return first < 0x80    ? 1
           : first < 0xc2  ? 0 /* continues a character, or 0x00 to 0x7f in two bytes */
           : first < 0xe0  ? 2
           : first < 0xf0  ? 3
           : first <= 0xf4 ? 4
                           : 0;
}

/* The character at `text` and its bytes; 0 bytes where there is none (RFC 3629). */
static size_t decode(const char *text, uint32_t *code)
{
    static const uint32_t mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text;
    const size_t length = length_from(byte[0]);

    *code = byte[0] & mask[length];
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80) { /* also the end of the text */
            return 0;
        }
        *code = *code << 6 | (byte[i] & 0x3f);
    }
    const int surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code < least[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

/* Ranges of characters that are no text (Unicode 15: categories Cc, Zl, Zp; Bidi_Control; tags). */
static int is_obeyed(uint32_t code)
{
    static const uint32_t range[][2] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200e, 0x200f}, {0x2028, 0x202e},
        {0x2066, 0x2069}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };

    for (size_t i = 0; i < sizeof range / sizeof range[0]; i++) {
        if (code >= range[i][0] && code <= range[i][1]) {
            return 1;
        }
    }
    return (code & 0xfffe) == 0xfffe; /* U+FFFE and U+FFFF of each plane are no characters */
}

/* Bytes of the character at `text`; *shown: may it be printed? A byte that is no UTF-8 is one. */
static size_t step(const char *text, int *shown)
{
    uint32_t code;
    const size_t length = decode(text, &code);

    *shown = length > 0 && !is_obeyed(code);
    return length > 0 ? length : 1;
}

int jf_printable(const char *text)
{
    int shown = 1;

    while (*text != '\0' && shown) {
        text += step(text, &shown);
    }
    return shown;
}

void jf_printable_mask(char *text)
{
    char *to = text;

    while (*text != '\0') {
        int shown;
        const size_t length = step(text, &shown);
        if (shown) {
            memmove(to, text, length);
            to += length;
        } else {
            *to++ = '?';
        }
        text += length;
    }
    *to = '\0';
}

const char *jf_printable_shorten(const char *text, char room[JF_SHORT_TEXT])
{
    size_t length = strnlen(text, LONGEST_SHOWN + 1);
    const int cut = length > LONGEST_SHOWN;

    length = cut ? LONGEST_SHOWN : length;
    while (cut && length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--; /* not in the middle of a character */
    }
    snprintf(room, JF_SHORT_TEXT, "%.*s%s", (int)length, text, cut ? "..." : "");
    jf_printable_mask(room);
    return room;
}
