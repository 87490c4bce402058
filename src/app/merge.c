#include "jepaflow/results/merging.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/app/command.h"
#include "jepaflow/app/output.h"
#include "jepaflow/base/log.h"

typedef struct {
    const char *output;
    jf_texts inputs;
    int fresh;
} request;

/* What the first dataset says of itself, of all; allocated texts. */
typedef struct {
    char *input, *overrides, *program, *version, *libraries, *history;
} origin;

static void origin_clear(origin *o)
{
    free(o->input);
    free(o->overrides);
    free(o->program);
    free(o->version);
    free(o->libraries);
    free(o->history);
}

static jf_status read_origin(jf_file *file, origin *o)
{
    JF_TRY(jf_file_text(file, -1, "input", &o->input));
    JF_TRY(jf_file_text(file, -1, "overrides", &o->overrides));
    JF_TRY(jf_file_text(file, -1, "source", &o->program));
    JF_TRY(jf_file_text(file, -1, "version", &o->version));
    JF_TRY(jf_file_text(file, -1, "libraries", &o->libraries));
    return jf_file_text(file, -1, "history", &o->history);
}

static jf_status write_dataset(const request *r, const char *path, jf_merging *m)
{
    const jf_filling filling = {.fill = jf_merging_fill, .context = m};
    origin o = {0};

    jf_status status = read_origin(jf_merging_first(m)->file, &o);
    if (status == JF_OK) {
        const jf_provenance provenance = {
            .input = o.input,
            .overrides = o.overrides,
            .command = jf_command_line(),
            .program = o.program,
            .version = o.version,
            .libraries = o.libraries,
            .history = o.history,
        };
        status = jf_output_create(path, r->fresh, jf_merging_plan(m), &provenance, &filling);
    }
    origin_clear(&o);
    return status;
}

static jf_status conclude(const char *path, const jf_merging *m)
{
    const jf_merging_count count = jf_merging_counts(m);
    const size_t points = count.done + count.failed + count.pending;

    if (count.pending > 0) {
        JF_TRY(jf_merging_tell_missing(m));
        jf_log(JF_LOG_WARNING,
               "%zu of %zu points are pending; run the shards to their end and merge them again, "
               "or go on with 'jepaflow run INPUT.yaml -o %s'",
               count.pending, points, path);
    }
    jf_log(JF_LOG_NOTE, "%zu of %zu points done, %zu failed, %zu pending: %s", count.done, points,
           count.failed, count.pending, path);
    return count.failed + count.pending > 0 ? JF_POINTS_FAILED : JF_OK;
}

static jf_status merge(const request *r)
{
    jf_string path = {0};
    jf_merging *m = NULL;

    jf_status status = jf_output_dataset("", r->output, "", (jf_shard){0}, &path);
    if (status == JF_OK) {
        status = jf_merging_open(r->inputs.at, r->inputs.count, &m);
    }
    if (status == JF_OK) {
        status = write_dataset(r, path.text, m);
    }
    if (status == JF_OK) {
        status = conclude(path.text, m);
    }
    jf_merging_close(&m);
    jf_string_clear(&path);
    return status;
}

enum { OPTIONS = 2 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "output",
         .letter = 'o',
         .value = "OUT.nc",
         .text = &r->output,
         .help = "dataset to write; required"},
        {.name = "fresh",
         .flag = &r->fresh,
         .help = "replace OUT.nc where it exists; name it among the others to keep its points"},
    };

    memcpy(options, list, sizeof list);
}

static jf_status run(int argc, char **argv)
{
    request r = {0};
    jf_option options[OPTIONS];

    r.inputs.at = calloc((size_t)argc + 1, sizeof *r.inputs.at);
    if (r.inputs.at == NULL) {
        return jf_fail_memory("the options");
    }
    list_options(&r, options);
    jf_status status =
        jf_arguments_read_files(argc, argv, options, OPTIONS, "A.nc B.nc ...", &r.inputs);
    if (status == JF_OK && r.output == NULL) {
        status = jf_fail(JF_ERR_USAGE, "no output is named, expected -o OUT.nc");
    }
    if (status == JF_OK) {
        status = merge(&r);
    }
    free(r.inputs.at);
    return status;
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fprintf(
        out,
        "Joins datasets of one plan, such as those of 'jepaflow run --shard', into one: the\n"
        "points of all. A point that two have done must be the same in both, bit for bit. Says\n"
        "how many points are pending, and in which shards.\n"
        "Exit codes: 0 all points done; 1 some failed or pending; 2 datasets of several plans;\n"
        "3 file error, or points that disagree.\n\n");
    jf_arguments_help(options, OPTIONS, out);
}

const jf_command jf_command_merge = {
    .name = "merge",
    .synopsis = "jepaflow merge A.nc [B.nc]... -o OUT.nc [--fresh]",
    .summary = "join datasets of one plan, such as shards of a sweep",
    .run = run,
    .help = help,
};
