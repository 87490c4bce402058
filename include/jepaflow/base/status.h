/*
 * status.h - what a function that can fail returns.
 *
 * One list gives each code its number, its exit code for the shell and its text. Whoever finds a
 * fault writes the message (log.h) and returns a code; the callers pass the code up with JF_TRY.
 * Knows nothing of where the fault was.
 */
#ifndef JEPAFLOW_BASE_STATUS_H
#define JEPAFLOW_BASE_STATUS_H

/* name, exit code of the program, text */
#define JF_STATUS_LIST(X)                                                                          \
    X(JF_OK, 0, "success")                                                                         \
    X(JF_ERR_USAGE, 2, "wrong usage or input")                                                     \
    X(JF_ERR_MEMORY, 3, "out of memory")                                                           \
    X(JF_ERR_FILE, 3, "file error")                                                                \
    X(JF_ERR_NETWORK, 3, "message passing failed")                                                 \
    X(JF_ERR_NUMERICS, 3, "numerical failure")                                                     \
    X(JF_ERR_EXTERNAL, 3, "an external program or library failed")                                 \
    X(JF_POINTS_FAILED, 1, "finished, some points failed")                                         \
    X(JF_STOPPED, 75, "stopped early, run the same command again")

typedef enum {
#define JF_STATUS_ENUM(name, exit_code, text) name,
    JF_STATUS_LIST(JF_STATUS_ENUM)
#undef JF_STATUS_ENUM
} jf_status;

/* The text of a code; never NULL. */
const char *jf_status_text(jf_status status);

/* The program's exit code for a status (DESIGN, section 4: 0, 1, 2, 3, 75). */
int jf_status_exit_code(jf_status status);

/* Evaluate an expression of type jf_status once; on failure return its value from this function. */
#define JF_TRY(expression)                                                                         \
    do {                                                                                           \
        const jf_status jf_try_status_ = (expression);                                             \
        if (jf_try_status_ != JF_OK) {                                                             \
            return jf_try_status_;                                                                 \
        }                                                                                          \
    } while (0)

#endif
