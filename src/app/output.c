#include "jepaflow/app/output.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/app/command.h"
#include "jepaflow/base/log.h"
#include "jepaflow/results/checkpoint.h"
#include "jepaflow/results/dataset.h"
#include "jepaflow/results/extension.h"
#include "jepaflow/results/space.h"

/* ---- names ---- */

jf_status jf_output_name(const char *input, const char *chosen, const char *ending, jf_string *path)
{
    if (chosen != NULL) {
        jf_string_add(path, "%s", chosen);
        return jf_string_check(path);
    }
    const char *name = strrchr(input, '/') != NULL ? strrchr(input, '/') + 1 : input;
    const char *dot = strrchr(name, '.');
    const int length = (int)(dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
    jf_string_add(path, "%.*s%s", length, name, ending);
    return jf_string_check(path);
}

/* A link that leads nowhere yet stays as it is. */
static jf_status follow_link(jf_string *path)
{
    struct stat about;

    if (lstat(path->text, &about) != 0 || !S_ISLNK(about.st_mode)) {
        return JF_OK;
    }
    char *target = realpath(path->text, NULL);
    if (target != NULL) {
        jf_string_clear(path);
        jf_string_add(path, "%s", target);
        free(target);
    }
    return jf_string_check(path);
}

jf_status jf_output_dataset(const char *input, const char *chosen, const char *ending,
                            jf_shard shard, jf_string *path)
{
    char own[64];

    snprintf(own, sizeof own, "%s", ending);
    if (shard.count > 0) {
        snprintf(own, sizeof own, ".%d-of-%d%s", shard.index, shard.count, ending);
    }
    JF_TRY(jf_output_name(input, chosen, own, path));
    return follow_link(path);
}

/* ---- places ---- */

/* Refuse a place that cannot be written to, before anything is touched. */
static jf_status check_folder(const char *path, const char *folder)
{
    struct stat about;

    if (stat(folder, &about) != 0) {
        return jf_fail(JF_ERR_USAGE, "%s: cannot write there: %s: %s", path, folder,
                       strerror(errno));
    }
    if (!S_ISDIR(about.st_mode)) {
        return jf_fail(JF_ERR_USAGE, "%s: cannot write there: %s: is not a folder", path, folder);
    }
    if (access(folder, W_OK | X_OK) != 0) {
        return jf_fail(JF_ERR_FILE, "%s: cannot write there: %s: %s", path, folder,
                       strerror(errno));
    }
    return JF_OK;
}

static jf_status check_place(const char *path)
{
    struct stat about;

    if (path[0] == '\0') {
        return jf_fail(JF_ERR_USAGE, "the output has no name");
    }
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        return jf_fail(JF_ERR_USAGE, "%s: is not a file, expected a dataset or a new name", path);
    }
    char *copy = strdup(path);
    if (copy == NULL) {
        return jf_fail_memory("a path");
    }
    const jf_status status = check_folder(path, dirname(copy));
    free(copy);
    JF_TRY(status);
    if (access(path, F_OK) == 0 && access(path, R_OK | W_OK) != 0) {
        return jf_fail(JF_ERR_FILE, "%s: cannot write to it: %s", path, strerror(errno));
    }
    return JF_OK;
}

/* ---- opening ---- */

typedef enum { CREATE, RESUME, EXTEND } deed;

/* Only a dataset is replaced: a slip must not cost an input or a thesis. */
static jf_status check_replaceable(const char *path)
{
    jf_dataset dataset;

    JF_TRY(jf_dataset_open(path, &dataset));
    jf_dataset_close(&dataset);
    return JF_OK;
}

/* What is to be done. Touches nothing. */
static jf_status decide(const jf_study *study, const char *path, const jf_opening *how, deed *what)
{
    int same = 0;

    *what = CREATE;
    if (access(path, F_OK) == 0) {
        if (how->fresh) {
            JF_TRY(check_replaceable(path));
        } else {
            JF_TRY(jf_store_check(path, &study->plan, how->shard, how->extend, &same));
            *what = same ? RESUME : EXTEND;
        }
    }
    return *what == RESUME ? JF_OK : jf_space_check(path, jf_store_size(&study->plan));
}

static jf_status extend(const char *path, const jf_study *study, const jf_provenance *provenance,
                        jf_store **store)
{
    size_t copied;

    JF_TRY(jf_extension_make(path, &study->plan, provenance, &copied, store));
    jf_log(JF_LOG_NOTE, "%s: extended to %zu points, of which %zu were there", path,
           study->plan.points, copied);
    return JF_OK;
}

static jf_status act(deed what, const jf_study *study, const char *path, const jf_opening *how,
                     jf_store **store)
{
    const jf_provenance provenance = {
        .input = study->text,
        .overrides = study->overrides.text != NULL ? study->overrides.text : "",
        .command = jf_command_line(),
        .program = jf_version_program(),
        .version = jf_version_text(),
        .libraries = jf_version_libraries(),
        .shard = how->shard,
    };

    if (what == RESUME) {
        return jf_store_resume(path, &study->plan, how->shard, store);
    }
    if (what == EXTEND) {
        return extend(path, study, &provenance, store);
    }
    JF_TRY(jf_store_create(path, &study->plan, &provenance, NULL, store));
    if (how->fresh) {
        jf_checkpoint_remove_all(path); /* not before: where the old dataset stays, they do */
    }
    return JF_OK;
}

/* Decided twice: before the lock, so that a refusal touches nothing, and once nobody else may. */
jf_status jf_output_open(const jf_study *study, const char *path, const jf_opening *how,
                         jf_lock **lock, jf_store **store)
{
    deed what;

    *store = NULL;
    JF_TRY(check_place(path));
    JF_TRY(decide(study, path, how, &what));
    JF_TRY(jf_lock_take(path, jf_command_line(), lock));
    jf_status status = decide(study, path, how, &what);
    if (status == JF_OK) {
        status = act(what, study, path, how, store);
    }
    if (status != JF_OK) {
        jf_lock_release(lock);
    }
    return status;
}

/* ---- at one go ---- */

/* *same: there is a dataset, and it is of this plan. */
static jf_status check_new(const char *path, int fresh, const jf_plan *plan, int *same)
{
    jf_dataset dataset;
    char digest[17];

    *same = 0;
    if (access(path, F_OK) != 0) {
        return JF_OK;
    }
    JF_TRY(jf_dataset_open(path, &dataset));
    jf_plan_digest(plan, digest);
    *same = strcmp(dataset.digest, digest) == 0;
    jf_dataset_close(&dataset);
    return fresh ? JF_OK
                 : jf_fail(JF_ERR_USAGE,
                           "%s: is there already; name another file with -o, or replace it with "
                           "--fresh",
                           path);
}

/* What was saved of points that are done now, by another, is of no use any more. */
static jf_status forget_finished(const char *path, const jf_plan *plan, jf_store *store)
{
    if (!jf_checkpoint_has_folder(path)) {
        return JF_OK;
    }
    unsigned char *finished = calloc(plan->points, 1);
    jf_status status = finished != NULL ? jf_store_finished(store, finished)
                                        : jf_fail_memory("the points under way");
    for (size_t i = 0; i < plan->points && status == JF_OK; i++) {
        if (finished[i]) {
            jf_checkpoint_remove(&(jf_checkpoint){.dataset = path, .point = i});
        }
    }
    free(finished);
    return status;
}

/* Points of the dataset that was there are under way for the new one too, where its plan is. */
static jf_status create(const char *path, int fresh, const jf_plan *plan,
                        const jf_provenance *provenance, const jf_filling *filling,
                        jf_store **store)
{
    int same;

    JF_TRY(check_new(path, fresh, plan, &same));
    JF_TRY(jf_store_create(path, plan, provenance, filling, store));
    if (same) {
        return forget_finished(path, plan, *store);
    }
    jf_checkpoint_remove_all(path);
    return JF_OK;
}

jf_status jf_output_create(const char *path, int fresh, const jf_plan *plan,
                           const jf_provenance *provenance, const jf_filling *filling)
{
    jf_lock *lock = NULL;
    jf_store *store = NULL;
    int same;

    JF_TRY(check_place(path));
    JF_TRY(check_new(path, fresh, plan, &same));
    JF_TRY(jf_space_check(path, jf_store_size(plan)));
    JF_TRY(jf_lock_take(path, jf_command_line(), &lock));
    const jf_status status = create(path, fresh, plan, provenance, filling, &store);
    const jf_status closed = jf_store_close(&store);
    jf_lock_release(&lock);
    return status == JF_OK ? closed : status;
}
