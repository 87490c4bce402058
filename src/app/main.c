#include <fenv.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/command.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/linalg/blas.h"

static const jf_command *const commands[] = {
    &jf_command_run,    &jf_command_plan,   &jf_command_theory, &jf_command_merge,
    &jf_command_status, &jf_command_report, &jf_command_plot,
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fprintf(out, "jepaflow: which features deep linear JEPA and MAE networks learn first, when, "
                 "and how depth\n"
                 "changes that.\n\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(out, "  jepaflow %-8s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(
        out,
        "\n  jepaflow --version           version and build\n"
        "  jepaflow COMMAND --help      options of a command\n\n"
        "A first run: jepaflow run inputs/quickstart.yaml, then report and plot on its dataset.\n");
}

static jf_status unknown_command(const char *word)
{
    const char *names[COMMANDS];

    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i]->name;
    }
    const char *nearest = jf_text_nearest(word, names, COMMANDS);
    if (nearest != NULL) {
        return jf_fail(JF_ERR_USAGE, "unknown command '%s'; did you mean '%s'?", word, nearest);
    }
    return jf_fail(JF_ERR_USAGE, "unknown command '%s'; 'jepaflow --help' lists them", word);
}

static int asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return 1;
        }
    }
    return 0;
}

static jf_status run_command(int argc, char **argv)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[0], commands[i]->name) == 0) {
            if (asks_for_help(argc, argv)) {
                printf("usage: %s\n\n", commands[i]->synopsis);
                commands[i]->help(stdout);
                return JF_OK;
            }
            return commands[i]->run(argc, argv);
        }
    }
    return unknown_command(argv[0]);
}

static jf_status run_program(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return JF_ERR_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return JF_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        jf_blas_start();
        jf_version_print(stdout);
        return JF_OK;
    }
    return run_command(argc - 1, argv + 1);
}

/* Has nothing been said of a failure yet? */
static int went_well(jf_status status)
{
    return status == JF_OK || status == JF_POINTS_FAILED || status == JF_STOPPED;
}

int main(int argc, char **argv)
{
    fesetenv(FE_DFL_ENV); /* a library may have switched traps on: here, not finite is a finding */
    jf_command_line_set(argc, argv);
    jf_status status = run_program(argc, argv);

    /* A table cut short by a full disk or a closed pipe says nothing of the points. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && went_well(status)) {
        status = jf_fail(JF_ERR_FILE, "standard output cannot be written");
    }
    return jf_status_exit_code(status);
}
