#include "jepaflow/results/store.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/results/box.h"
#include "jepaflow/results/dataset.h"
#include "jepaflow/results/points.h"
#include "jepaflow/results/recall.h"
#include "jepaflow/results/space.h"
#include "jepaflow/sweep/difference.h"

enum {
    MOST_FIELDS = 32,
    GATHERED_BYTES = 1 << 20 /* of one variable at a time; more is no faster */
};

struct jf_store {
    jf_file *file;
    const jf_plan *plan;    /* borrowed */
    const jf_field *fields; /* jf_record_fields() */
    size_t field_count;
    int variable[MOST_FIELDS]; /* by the lines of fields */
    char *gathered;            /* GATHERED_BYTES: one variable of several points */
    struct stat identity;      /* of the file, when it was opened */
};

/* ---- points in their places ---- */

/*
 * Write one field of consecutive points.
 *   features  of each of them
 *   data      points x the numbers of the field
 */
static jf_status put_points(jf_store *store, size_t f, size_t first, size_t points, size_t features,
                            const void *data)
{
    const jf_field *field = &store->fields[f];
    const size_t bytes = jf_field_bytes(field, features, store->plan->samples);
    const char *next = data;

    while (points > 0) {
        size_t start[JF_PARAMETERS + 2] = {0}, count[JF_PARAMETERS + 2];
        size_t rank = store->plan->axes;
        const size_t box = jf_box_find(rank, store->plan->extent, first, points, start, count);
        if (jf_field_has_samples(field)) {
            count[rank++] = store->plan->samples;
        }
        if (jf_field_has_features(field)) {
            count[rank++] = features;
        }
        JF_TRY(jf_file_put(store->file, store->variable[f], jf_layout_type(field), start, count,
                           next));
        next += box * bytes;
        first += box;
        points -= box;
    }
    return JF_OK;
}

/* ---- the first content ---- */

/*
 * Bytes and counts have no fill value (a fill value would make readers turn flags into fractions),
 * so that their 'not known yet' is written here: what a record says of which nothing is known.
 */
static jf_status write_empty(jf_store *store, size_t f, const jf_record *nothing)
{
    const jf_plan *plan = store->plan;
    const size_t bytes = jf_field_bytes(&store->fields[f], plan->features, plan->samples);
    const size_t most = GATHERED_BYTES / bytes > 0 ? GATHERED_BYTES / bytes : 1;
    const size_t block = most < plan->points ? most : plan->points;
    char *empty = malloc(block * bytes);
    jf_status status = JF_OK;

    if (empty == NULL) {
        return jf_fail_memory("a dataset");
    }
    for (size_t i = 0; i < block; i++) {
        memcpy(empty + i * bytes, jf_field_data(&store->fields[f], nothing), bytes);
    }
    for (size_t first = 0; first < plan->points && status == JF_OK; first += block) {
        const size_t rest = plan->points - first;
        status = put_points(store, f, first, rest < block ? rest : block, plan->features, empty);
    }
    free(empty);
    return status;
}

static jf_status write_all_empty(jf_store *store)
{
    jf_record nothing;
    jf_status status = JF_OK;

    JF_TRY(jf_record_init(store->plan->features, store->plan->samples, &nothing));
    for (size_t f = 0; f < store->field_count && status == JF_OK; f++) {
        if (jf_layout_has(store->plan, &store->fields[f]) &&
            store->fields[f].type != JF_FIELD_DOUBLE) {
            status = write_empty(store, f, &nothing);
        }
    }
    jf_record_clear(&nothing);
    return status;
}

/* ---- opening and writing ---- */

static jf_status find_variables(jf_store *store)
{
    for (size_t f = 0; f < store->field_count; f++) {
        jf_file_shape shape;
        if (jf_layout_has(store->plan, &store->fields[f])) {
            JF_TRY(jf_file_variable(store->file, store->fields[f].name, &shape));
            store->variable[f] = shape.id;
        }
    }
    return JF_OK;
}

static jf_status lay_out(jf_store *store, const jf_provenance *provenance)
{
    JF_TRY(jf_layout_write(store->file, store->plan, provenance));
    JF_TRY(find_variables(store));
    JF_TRY(write_all_empty(store));
    return jf_file_close(&store->file);
}

static jf_status store_init(const jf_plan *plan, jf_store **out)
{
    jf_store *store = calloc(1, sizeof *store);

    if (store != NULL) {
        store->gathered = malloc(GATHERED_BYTES);
    }
    if (store == NULL || store->gathered == NULL) {
        free(store);
        return jf_fail_memory("a dataset");
    }
    store->plan = plan;
    store->fields = jf_record_fields(&store->field_count);
    assert(store->field_count <= MOST_FIELDS);
    *out = store;
    return JF_OK;
}

/* ---- which dataset it is ---- */

static jf_status refuse_shard(const jf_dataset *d, jf_shard wanted)
{
    char has[JF_SHARD_TEXT], asked[JF_SHARD_TEXT];

    jf_shard_text(d->shard, has);
    jf_shard_text(wanted, asked);
    if (d->shard.count == 0) {
        return jf_fail(JF_ERR_USAGE,
                       "%s: holds the whole sweep, not shard %s; name another file with -o, or "
                       "start over with --fresh",
                       jf_file_path(d->file), asked);
    }
    return jf_fail(JF_ERR_USAGE,
                   "%s: holds shard %s of the sweep, not %s%s; name another file with -o, join "
                   "shards with 'jepaflow merge', or start over with --fresh",
                   jf_file_path(d->file), has, wanted.count > 0 ? "shard " : "the whole sweep",
                   asked);
}

/* The difference of the plans, in words; `extend`: it may be that the dataset's is contained. */
static jf_status compare(const jf_dataset *d, const jf_plan *plan, int extend, jf_shard shard,
                         int *contained)
{
    jf_string text = {0};
    jf_recalled old;

    JF_TRY(jf_recall(d, &old));
    jf_status status =
        jf_difference_tell(&old.plan, "the dataset", plan, "the input", &text, contained);
    const int extendable = *contained && d->shard.count == 0 && shard.count == 0;
    if (status == JF_OK && !(extend && extendable)) {
        status = jf_fail(JF_ERR_USAGE,
                         "%s: holds the results of another plan (%s); name another file with -o, "
                         "%sor start over with --fresh",
                         jf_file_path(d->file), text.text != NULL ? text.text : "",
                         extendable ? "keep its points in the larger sweep with --extend, " : "");
    }
    jf_string_clear(&text);
    jf_recalled_clear(&old);
    return status;
}

static jf_status check_plan(const jf_dataset *d, const jf_plan *plan, jf_shard shard, int extend,
                            int *same)
{
    char digest[17];
    int contained;

    jf_plan_digest(plan, digest);
    *same = strcmp(digest, d->digest) == 0;
    if (!*same) {
        return compare(d, plan, extend, shard, &contained);
    }
    JF_TRY(jf_recall_check(d, plan));
    return jf_shard_same(d->shard, shard) ? JF_OK : refuse_shard(d, shard);
}

jf_status jf_store_check(const char *path, const jf_plan *plan, jf_shard shard, int extend,
                         int *same)
{
    jf_dataset dataset;

    JF_TRY(jf_dataset_open(path, &dataset));
    const jf_status status = check_plan(&dataset, plan, shard, extend, same);
    jf_dataset_close(&dataset);
    return status;
}

/* ---- opening and creating ---- */

/* After a failure: the first error is the one to tell. */
static void store_discard(jf_store **store)
{
    jf_file_discard(&(*store)->file);
    (void)jf_store_close(store);
}

static jf_status open_to_write(const char *path, const jf_plan *plan, jf_store **out)
{
    JF_TRY(store_init(plan, out));
    jf_status status = jf_file_open(path, 1, &(*out)->file);
    if (status == JF_OK) {
        status = find_variables(*out);
    }
    if (status == JF_OK && stat(path, &(*out)->identity) != 0) {
        status = jf_fail(JF_ERR_FILE, "%s: cannot open it: %s", path, strerror(errno));
    }
    if (status != JF_OK) {
        store_discard(out);
    }
    return status;
}

jf_status jf_store_resume(const char *path, const jf_plan *plan, jf_shard shard, jf_store **out)
{
    int same;

    *out = NULL;
    JF_TRY(jf_store_check(path, plan, shard, 0, &same));
    return open_to_write(path, plan, out);
}

static jf_status lay_out_at(const char *path, const jf_plan *plan, const jf_provenance *provenance)
{
    jf_store *store = NULL;

    JF_TRY(store_init(plan, &store));
    jf_status status = jf_file_create(path, &store->file);
    if (status == JF_OK) {
        status = lay_out(store, provenance);
    }
    if (status != JF_OK) {
        store_discard(&store);
        return status;
    }
    return jf_store_close(&store);
}

static jf_status fill_at(const char *path, const jf_plan *plan, const jf_filling *filling)
{
    jf_store *store;

    JF_TRY(open_to_write(path, plan, &store));
    jf_status status = filling->fill(filling->context, store);
    if (status != JF_OK) {
        store_discard(&store);
        return status;
    }
    JF_TRY(jf_store_close(&store));
    return jf_file_to_disk(path);
}

/* Where room was what it lacked, how much it takes. */
static void tell_space(const char *path, const jf_plan *plan)
{
    const double size = jf_store_size(plan), left = jf_space_left(path);
    char needed[JF_BYTES_TEXT], is_free[JF_BYTES_TEXT];

    if (left < size) {
        jf_log(JF_LOG_WARNING, "%s: takes %s, %s are free there", path, jf_text_bytes(size, needed),
               jf_text_bytes(left, is_free));
    }
}

/* Whole under its temporary name, then renamed; removed on failure. */
static jf_status create_through(const char *temporary, const char *path, const jf_plan *plan,
                                const jf_provenance *provenance, const jf_filling *filling)
{
    if (unlink(temporary) != 0 && errno != ENOENT) {
        return jf_fail(JF_ERR_FILE, "%s: cannot remove what an earlier run has left: %s", temporary,
                       strerror(errno));
    }
    jf_status status = lay_out_at(temporary, plan, provenance);
    if (status == JF_OK && filling != NULL) {
        status = fill_at(temporary, plan, filling);
    }
    if (status == JF_OK && rename(temporary, path) != 0) {
        status = jf_fail(JF_ERR_FILE, "%s: cannot create it: %s", path, strerror(errno));
    }
    if (status != JF_OK) {
        tell_space(path, plan);
        unlink(temporary);
    }
    return status;
}

jf_status jf_store_create(const char *path, const jf_plan *plan, const jf_provenance *provenance,
                          const jf_filling *filling, jf_store **out)
{
    jf_string temporary = {0};

    *out = NULL;
    JF_TRY(jf_space_check(path, jf_store_size(plan)));
    jf_string_add(&temporary, "%s.new", path);
    jf_status status = jf_string_check(&temporary);
    if (status == JF_OK) {
        status = create_through(temporary.text, path, plan, provenance, filling);
    }
    jf_string_clear(&temporary);
    JF_TRY(status);
    return open_to_write(path, plan, out);
}

jf_status jf_store_finished(jf_store *store, unsigned char *finished)
{
    static const size_t start[JF_PARAMETERS] = {0};
    const jf_plan *plan = store->plan;
    const int status = store->variable[store->field_count - 1];

    JF_TRY(jf_file_get_as(store->file, status, JF_FILE_BYTE, start, plan->extent, finished));
    for (size_t i = 0; i < plan->points; i++) {
        finished[i] = jf_points_is_final(finished[i]) ? finished[i] : JF_POINT_PENDING;
    }
    return JF_OK;
}

/* ---- records ---- */

static int by_point(const void *a, const void *b)
{
    const size_t first = (*(const jf_record *const *)a)->point;
    const size_t second = (*(const jf_record *const *)b)->point;

    return (first > second) - (first < second);
}

/* How many of the records, from the first on, are one block of field f: points in a row, alike. */
static size_t count_run(const jf_store *store, size_t f, const jf_record *const *records,
                        size_t count)
{
    const jf_field *field = &store->fields[f];
    const size_t features = records[0]->features;
    const size_t most = GATHERED_BYTES / jf_field_bytes(field, features, store->plan->samples);
    size_t run = 1;

    while (run < count && run < most && records[run]->point == records[0]->point + run &&
           (!jf_field_has_features(field) || records[run]->features == features)) {
        run++;
    }
    return run;
}

/* Write field f of records that are sorted by point. */
static jf_status put_field(jf_store *store, size_t f, const jf_record *const *records, size_t count)
{
    const jf_field *field = &store->fields[f];

    while (count > 0) {
        const size_t features = records[0]->features;
        const size_t bytes = jf_field_bytes(field, features, store->plan->samples);
        const size_t run = count_run(store, f, records, count);
        const void *data = run == 1 ? jf_field_data(field, records[0]) : store->gathered;
        for (size_t i = 0; i < run && run > 1; i++) {
            memcpy(store->gathered + i * bytes, jf_field_data(field, records[i]), bytes);
        }
        JF_TRY(put_points(store, f, records[0]->point, run, features, data));
        records += run;
        count -= run;
    }
    return JF_OK;
}

/* A status is written only when the data of all points are in the system's hands. */
static jf_status put_sorted(jf_store *store, const jf_record *const *records, size_t count)
{
    const size_t status = store->field_count - 1; /* the last field */

    for (size_t f = 0; f < status; f++) {
        if (jf_layout_has(store->plan, &store->fields[f])) {
            JF_TRY(put_field(store, f, records, count));
        }
    }
    JF_TRY(jf_file_sync(store->file));
    JF_TRY(put_field(store, status, records, count));
    return jf_file_sync(store->file);
}

static jf_status check_shape(const jf_plan *plan, const jf_record *record)
{
    if (record->point >= plan->points || record->features > plan->features ||
        record->samples != plan->samples) {
        return jf_fail(JF_ERR_NETWORK,
                       "point %zu with %zu features and %zu samples is none of this sweep",
                       record->point, record->features, record->samples);
    }
    return JF_OK;
}

/*
 * Is the file that is written still the one of its name? Whoever removed or replaced it would not
 * get what is written from then on.
 */
static jf_status check_in_place(const jf_store *store)
{
    const char *path = jf_file_path(store->file);
    struct stat now;

    if (stat(path, &now) == 0 && now.st_ino == store->identity.st_ino &&
        now.st_dev == store->identity.st_dev) {
        return JF_OK;
    }
    return jf_fail(JF_ERR_FILE,
                   "%s: was removed, renamed or replaced while it was written; put it back and run "
                   "the same command again, or start over without it",
                   path);
}

jf_status jf_store_put_all(jf_store *store, const jf_record *const *records, size_t count)
{
    JF_TRY(check_in_place(store));
    for (size_t i = 0; i < count; i++) {
        JF_TRY(check_shape(store->plan, records[i]));
    }
    const jf_record **sorted = malloc((count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return jf_fail_memory("the records to write");
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = records[i];
    }
    qsort(sorted, count, sizeof *sorted, by_point);
    const jf_status status = put_sorted(store, sorted, count);
    free(sorted);
    return status;
}

jf_status jf_store_close(jf_store **store)
{
    jf_status status = JF_OK;

    if (*store != NULL) {
        status = jf_file_close(&(*store)->file);
        free((*store)->gathered);
        free(*store);
        *store = NULL;
    }
    return status;
}

double jf_store_size(const jf_plan *plan)
{
    size_t count;
    const jf_field *fields = jf_record_fields(&count);
    double per_point = 0.0;

    for (size_t f = 0; f < count; f++) {
        if (jf_layout_has(plan, &fields[f])) {
            per_point += (double)jf_field_bytes(&fields[f], plan->features, plan->samples);
        }
    }
    return per_point * (double)plan->points;
}
