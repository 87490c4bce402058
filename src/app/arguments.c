#include "jepaflow/app/arguments.h"

#include <stdint.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

enum { MOST_OPTIONS = 16, NAME_SIZE = 64 };

/* Is `word` --name, --name=value or -n? *value is what follows '=', or NULL. */
static int matches(const jf_option *option, const char *word, const char **value)
{
    const size_t length = strlen(option->name);

    *value = NULL;
    if (word[1] != '-') {
        return option->letter != 0 && word[1] == option->letter && word[2] == '\0';
    }
    if (strncmp(word + 2, option->name, length) != 0) {
        return 0;
    }
    if (word[2 + length] == '=') {
        *value = word + 3 + length;
    }
    return word[2 + length] == '\0' || word[2 + length] == '=';
}

static jf_status unknown_option(const char *word, const jf_option *options, size_t count)
{
    const char *names[MOST_OPTIONS];
    char name[NAME_SIZE];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; i < count && i < MOST_OPTIONS; i++) {
        names[i] = options[i].name;
    }
    const char *bare = name + strspn(name, "-");
    const char *nearest = jf_text_nearest(bare, names, count < MOST_OPTIONS ? count : MOST_OPTIONS);
    if (nearest != NULL) {
        return jf_fail(JF_ERR_USAGE, "unknown option '%s'; did you mean '--%s'?", name, nearest);
    }
    return jf_fail(JF_ERR_USAGE, "unknown option '%s'; --help lists them", name);
}

/* Set an option; *used counts the following argument where its value was taken from there. */
static jf_status set_option(const jf_option *option, const char *value, const char *next, int *used)
{
    if (option->value == NULL) {
        if (value != NULL) {
            return jf_fail(JF_ERR_USAGE, "option '--%s' takes no value", option->name);
        }
        *option->flag = 1;
        return JF_OK;
    }
    if (value == NULL) {
        if (next == NULL) {
            return jf_fail(JF_ERR_USAGE, "option '--%s' needs a value: %s", option->name,
                           option->value);
        }
        value = next;
        *used = 1;
    }
    if (option->texts != NULL) {
        option->texts->at[option->texts->count++] = value;
        return JF_OK;
    }
    if (*option->text != NULL) {
        return jf_fail(JF_ERR_USAGE, "option '--%s' is given twice", option->name);
    }
    *option->text = value;
    return JF_OK;
}

static jf_status read_option(const char *word, const char *next, const jf_option *options,
                             size_t count, int *used)
{
    for (size_t i = 0; i < count; i++) {
        const char *value;
        if (matches(&options[i], word, &value)) {
            return set_option(&options[i], value, next, used);
        }
    }
    return unknown_option(word, options, count);
}

/* Read all; files beyond `most` are refused. */
static jf_status read_all(int argc, char **argv, const jf_option *options, size_t count,
                          const char *wanted, size_t most, jf_texts *files)
{
    int options_ended = 0;

    files->count = 0;
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        int used = 0;
        if (!options_ended && strcmp(argv[i], "--") == 0) {
            options_ended = 1;
        } else if (!options_ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            JF_TRY(read_option(argv[i], next, options, count, &used));
        } else if (files->count == most) {
            return jf_fail(JF_ERR_USAGE, "'%s' after '%s', expected one %s", argv[i],
                           files->at[most - 1], wanted);
        } else {
            files->at[files->count++] = argv[i];
        }
        i += used;
    }
    return files->count > 0 ? JF_OK
                            : jf_fail(JF_ERR_USAGE, "no file is named, expected %s", wanted);
}

jf_status jf_arguments_read(int argc, char **argv, const jf_option *options, size_t count,
                            const char *wanted, const char **file)
{
    jf_texts one = {.at = file};

    *file = NULL;
    return read_all(argc, argv, options, count, wanted, 1, &one);
}

jf_status jf_arguments_read_files(int argc, char **argv, const jf_option *options, size_t count,
                                  const char *wanted, jf_texts *files)
{
    return read_all(argc, argv, options, count, wanted, SIZE_MAX, files);
}

void jf_arguments_help(const jf_option *options, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        const jf_option *o = &options[i];
        char left[NAME_SIZE];
        char letter[8] = "    ";
        if (o->letter != 0) {
            snprintf(letter, sizeof letter, "-%c, ", o->letter);
        }
        snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->value != NULL ? " " : "",
                 o->value != NULL ? o->value : "");
        fprintf(out, "  %-28s %s\n", left, o->help);
    }
}
