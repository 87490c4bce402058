/*
 * folder.h - a folder of a test's own, in TMPDIR or /tmp.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_FOLDER_H
#define JEPAFLOW_TESTS_SUPPORT_FOLDER_H

enum { FOLDER_SIZE = 128 };

/* Make it; its path is the caller's. */
void folder_make(char path[FOLDER_SIZE]);

/* Remove it; it must be empty: what was tested has left nothing behind. */
void folder_remove_empty(const char *path);

/* Remove it with all that is in it. */
void folder_remove(const char *path);

#endif
