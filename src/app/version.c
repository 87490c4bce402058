#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#include "jepaflow/app/command.h"

#include <string.h>

#include "jepaflow/linalg/blas.h"
#include "jepaflow/linalg/grid.h"
#include "jepaflow/ode/sundials.h"
#include "jepaflow/ranks/comm.h"
#include "jepaflow/results/file.h"

static int words;
static char **word;

void jf_command_line_set(int argc, char **argv)
{
    words = argc;
    word = argv;
}

/* In single quotes where a shell would take it for more than a word; ' itself as '\\''. */
static void put_word(jf_string *line, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-+=./,:@%";

    if (*text != '\0' && strspn(text, plain) == strlen(text)) {
        jf_string_add(line, "%s", text);
        return;
    }
    jf_string_add(line, "'");
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            jf_string_add(line, "'\\''");
        } else {
            jf_string_add(line, "%c", *text);
        }
    }
    jf_string_add(line, "'");
}

void jf_command_line_put(jf_string *line, const char *but)
{
    for (int i = 0; i < words; i++) {
        if (but == NULL || strcmp(word[i], but) != 0) {
            jf_string_add(line, i > 0 ? " " : "");
            put_word(line, word[i]);
        }
    }
}

const char *jf_command_line(void)
{
    static jf_string line; /* until the program ends */

    if (line.size == 0) {
        jf_command_line_put(&line, NULL);
    }
    return jf_string_check(&line) == JF_OK && line.text != NULL ? line.text : "";
}

const char *jf_version_program(void)
{
    return PACKAGE_STRING;
}

const char *jf_version_text(void)
{
    return PACKAGE_VERSION;
}

const char *jf_version_libraries(void)
{
    static char text[1024];

    snprintf(text, sizeof text,
             "%s; BLIS %s (%s kernels, %d thread(s) a rank); SUNDIALS %s; NetCDF %s; %s",
             jf_comm_library(), jf_blas_version(), jf_blas_architecture(), jf_blas_threads(),
             jf_sundials_version(), jf_file_library(), JF_BUILD_COMPILER);
    return text;
}

void jf_version_print(FILE *out)
{
    fprintf(out, "%s\n", jf_version_program());
    fprintf(out, "  compiler   %s, %s\n", JF_BUILD_COMPILER, JF_BUILD_CFLAGS);
    fprintf(out, "  MPI        %s\n", jf_comm_library());
    fprintf(out, "  BLIS       %s, %s kernels, %d thread(s) a rank, dgemm from %s\n",
            jf_blas_version(), jf_blas_architecture(), jf_blas_threads(), jf_blas_file());
    fprintf(out, "  LAPACK     from %s\n", jf_blas_lapack_file());
    fprintf(out, "  ScaLAPACK  from %s\n", jf_grid_scalapack_file());
    fprintf(out, "  NetCDF     %s\n", jf_file_library());
    fprintf(out, "  SUNDIALS   %s\n", jf_sundials_version());
}
