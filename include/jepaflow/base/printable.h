/*
 * printable.h - text that a terminal shows and does not obey.
 *
 * Titles and labels come from inputs and datasets that others have written. What is not printable:
 * bytes that are no UTF-8; control characters, those of a terminal's 8-bit commands (U+0080 to
 * U+009F) among them; marks that turn the direction of writing, with which a line can show other
 * than it says; ends of lines and paragraphs; what is no character. Knows no file.
 */
#ifndef JEPAFLOW_BASE_PRINTABLE_H
#define JEPAFLOW_BASE_PRINTABLE_H

/* Is all of it printable? The empty text is. */
int jf_printable(const char *text);

/* Put '?' in the place of what is not printable, in place; the text may become shorter. */
void jf_printable_mask(char *text);

/* Room for a text that jf_printable_shorten() makes. */
#define JF_SHORT_TEXT 96

/*
 * What of a text goes into a message, so that the message's end is seen as well: the text, masked,
 * and where it has more than 80 bytes its beginning with "..." behind. Returns `room`.
 */
const char *jf_printable_shorten(const char *text, char room[JF_SHORT_TEXT]);

#endif
