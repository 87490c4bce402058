/*
 * test_merging.c - datasets as one: the points of all, whoever has them; against the dataset that
 * one writer made; and what two say of a point that is not the same.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/results/merging.h"
#include "jepaflow/results/points.h"

static const char input[] = "sweep:\n"
                            "  depth: {from: 1, to: 20, count: 20}\n"
                            "  init_scale: [0.01, 0.1]\n"
                            "  spectrum: [three, two]\n"
                            "spectra:\n"
                            "  three: {lambda: [1, 2, 3], rho: 1}\n"
                            "  two: {lambda: 1, rho: [1, 2]}\n"
                            "output: {samples: 2}\n";

enum { POINTS = 160, MOST = 8 };

/* Datasets of one plan side by side; what each holds is said by a function of its number. */
typedef struct {
    sweep s;
    char path[MOST][256];
    const char *paths[MOST];
    size_t count;
    jf_merging *merging;
} shelf;

typedef jf_point_status (*content)(size_t k, size_t point);

static void put(const shelf *h, size_t k, content what, jf_shard shard)
{
    const jf_provenance from = {"", "", "", "", "", "", NULL, shard};
    jf_store *store;

    assert_ok(jf_store_create(h->path[k], &h->s.plan, &from, NULL, &store));
    for (size_t p = 0; p < POINTS; p++) {
        const jf_point_status status = what(k, p);
        jf_record record;
        if (status != JF_POINT_PENDING) {
            sweep_record(&h->s, p, 1.0, &record);
            *record.status = (int8_t)status;
            *record.rank = (int64_t)k; /* says who did it, not what came out */
            *record.seconds = (double)k;
            sweep_put(store, &record);
            jf_record_clear(&record);
        }
    }
    assert_ok(jf_store_close(&store));
}

static void begin(shelf *h, size_t count, content what, int shards)
{
    sweep_begin(input, NULL, &h->s);
    assert_int_equal(h->s.plan.points, POINTS);
    h->count = count;
    for (size_t k = 0; k < count; k++) {
        snprintf(h->path[k], sizeof h->path[k], "%s/%zu.nc", h->s.folder, k);
        h->paths[k] = h->path[k];
        put(h, k, what, shards > 0 ? (jf_shard){(int)k + 1, shards} : (jf_shard){0, 0});
    }
}

static void merge(shelf *h)
{
    const jf_provenance from = {"", "", "", "", "", "", NULL, {0, 0}};
    const jf_filling filling = {.fill = jf_merging_fill, .context = NULL};
    jf_store *store;

    assert_ok(jf_merging_open(h->paths, h->count, &h->merging));
    jf_filling all = filling;
    all.context = h->merging;
    assert_ok(jf_store_create(h->s.path, jf_merging_plan(h->merging), &from, &all, &store));
    assert_ok(jf_store_close(&store));
}

static void end(shelf *h)
{
    jf_merging_close(&h->merging);
    sweep_end(&h->s);
}

/* Point p of the merged dataset: this status, by dataset k; the numbers of its record. */
static void assert_point(const jf_points *points, const shelf *h, size_t p, jf_point_status status,
                         size_t k)
{
    const jf_record *record = &points->record[p];
    jf_record expected;

    assert_int_equal(*record->status, status);
    if (status != JF_POINT_PENDING) {
        assert_int_equal(*record->rank, k);
        sweep_record(&h->s, p, 1.0, &expected);
        assert_memory_equal(record->critical_time, expected.critical_time,
                            expected.features * sizeof(double));
        assert_memory_equal(record->projection, expected.projection,
                            expected.features * expected.samples * sizeof(double));
        jf_record_clear(&expected);
    }
}

static void read_merged(const shelf *h, jf_dataset *d, jf_points *points)
{
    assert_ok(jf_dataset_open(h->s.path, d));
    assert_int_equal(d->shard.count, 0);
    assert_ok(jf_points_init(d, points));
    assert_ok(jf_points_read(points, d, 0, POINTS));
}

static void forget_merged(jf_dataset *d, jf_points *points)
{
    jf_points_clear(points);
    jf_dataset_close(d);
}

/* Each has some far apart, and stretches of its own; some points two of them have. */
static jf_point_status scattered(size_t k, size_t p)
{
    const int has = p % 40 == 7 * k || (p >= 30 * k && p < 30 * k + 33);

    return has ? JF_POINT_DONE : JF_POINT_PENDING;
}

static void points_of_all_are_there(void **state)
{
    shelf h;
    jf_dataset d;
    jf_points points;

    (void)state;
    begin(&h, 5, scattered, 0);
    merge(&h);
    read_merged(&h, &d, &points);
    size_t done = 0;
    for (size_t p = 0; p < POINTS; p++) {
        size_t k = 0;
        while (k < 5 && scattered(k, p) == JF_POINT_PENDING) {
            k++;
        }
        assert_point(&points, &h, p, k < 5 ? JF_POINT_DONE : JF_POINT_PENDING, k);
        done += k < 5;
    }
    const jf_merging_count count = jf_merging_counts(h.merging);
    assert_true(done < POINTS && count.done == done && count.pending == POINTS - done);
    forget_merged(&d, &points);
    end(&h);
}

/* By point, what the first, second and third say: all 4 x 4 x 4 of them. */
static jf_point_status mixed(size_t k, size_t p)
{
    static const jf_point_status of[] = {JF_POINT_PENDING, JF_POINT_DONE, JF_POINT_FAILED,
                                         JF_POINT_DIVERGED};

    return of[(p >> (2 * k)) % 4];
}

static void done_goes_before_failed_before_pending(void **state)
{
    shelf h;
    jf_dataset d;
    jf_points points;

    (void)state;
    begin(&h, 3, mixed, 0);
    merge(&h);
    read_merged(&h, &d, &points);
    for (size_t p = 0; p < POINTS; p++) {
        size_t best = 0;
        for (size_t k = 1; k < 3; k++) {
            const int is_done = mixed(k, p) == JF_POINT_DONE,
                      was_done = mixed(best, p) == JF_POINT_DONE;
            const int is_better =
                mixed(best, p) == JF_POINT_PENDING && mixed(k, p) != JF_POINT_PENDING;
            best = (is_done && !was_done) || is_better ? k : best;
        }
        assert_point(&points, &h, p, mixed(best, p), best);
    }
    forget_merged(&d, &points);
    end(&h);
}

static jf_point_status all_done(size_t k, size_t p)
{
    (void)k;
    (void)p;
    return JF_POINT_DONE;
}

/* Another number in one variable of one point of the last dataset. */
static void another_number_is_refused(void **state)
{
    static const char *const names[] = {"critical_time", "loss", "steps", "integrator",
                                        "projection"};
    const jf_provenance from = {"", "", "", "", "", "", NULL, {0, 0}};
    jf_file *file;
    jf_file_shape shape;
    jf_store *store;
    shelf h;

    (void)state;
    for (size_t n = 0; n < COUNT(names); n++) {
        size_t start[JF_FILE_DIMENSIONS] = {1, 12, 1, 1, 0}, one[JF_FILE_DIMENSIONS];
        const double number = 3.5;
        begin(&h, 3, all_done, 0);
        for (size_t k = 0; k < JF_FILE_DIMENSIONS; k++) {
            one[k] = 1;
        }
        assert_ok(jf_file_open(h.path[2], 1, &file));
        assert_ok(jf_file_variable(file, names[n], &shape));
        assert_ok(jf_file_put(file, shape.id, JF_FILE_DOUBLE, start, one, &number));
        assert_ok(jf_file_close(&file));
        assert_ok(jf_merging_open(h.paths, h.count, &h.merging));
        const jf_filling all = {.fill = jf_merging_fill, .context = h.merging};
        hear();
        assert_int_equal(jf_store_create(h.s.path, jf_merging_plan(h.merging), &from, &all, &store),
                         JF_ERR_FILE);
        char expected[512];
        snprintf(expected, sizeof expected,
                 "0.nc and %s: both have point 131 (objective=mae depth=13 init_scale=0.1 "
                 "spectrum=two) done, with another %s",
                 h.path[2], names[n]);
        assert_non_null(strstr(heard(), expected));
        jf_dataset d;
        assert_refused(jf_dataset_open(h.s.path, &d), JF_ERR_FILE, "No such file"); /* not made */
        end(&h);
    }
}

static void another_plan_is_refused(void **state)
{
    shelf h;
    sweep other;

    (void)state;
    begin(&h, 1, all_done, 0);
    sweep_begin(input, "depth=[1, 2]", &other);
    sweep_write(&other, 0, 1, 1.0);
    h.paths[1] = other.path;
    assert_refused(jf_merging_open(h.paths, 2, &h.merging), JF_ERR_USAGE,
                   "is of another plan than");
    assert_refused(jf_merging_open(h.paths, 2, &h.merging), JF_ERR_USAGE,
                   "(depth: 3, 4, 5 and 15 more only in");
    assert_null(h.merging);
    sweep_end(&other);
    end(&h);
}

/* Give a file the fingerprint of a plan, as a program has that cuts a part out of its dataset. */
static void forge(const char *path, const sweep *s, const jf_plan *plan)
{
    char old[17], new[17], bytes[1 << 16];

    jf_plan_digest(&s->plan, old);
    jf_plan_digest(plan, new);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    const char *at = memmem(bytes, size, old, strlen(old));
    assert_non_null(at);
    assert_int_equal(fseek(file, at - bytes, SEEK_SET), 0);
    assert_int_equal(fwrite(new, 1, strlen(new), file), strlen(new));
    assert_int_equal(fclose(file), 0);
}

/* Fewer points, or longer records, than the fingerprint says: nothing is read beyond an end. */
static void a_part_of_a_dataset_is_refused(void **state)
{
    static const char *const other_shapes[] = {"depth=[1, 2]", "output.samples=9"};
    shelf h;
    sweep other;
    int same;

    (void)state;
    begin(&h, 1, all_done, 0);
    for (size_t k = 0; k < COUNT(other_shapes); k++) {
        sweep_begin(input, other_shapes[k], &other);
        sweep_write(&other, 0, other.plan.points, 1.0);
        forge(other.path, &other, &h.s.plan);
        h.paths[1] = other.path;
        assert_refused(jf_merging_open(h.paths, 2, &h.merging), JF_ERR_FILE,
                       "a part of another dataset");
        assert_null(h.merging);
        assert_refused(jf_store_check(other.path, &h.s.plan, (jf_shard){0}, 0, &same), JF_ERR_FILE,
                       "a part of another dataset");
        sweep_end(&other);
    }
    end(&h);
}

static jf_point_status none(size_t k, size_t p)
{
    (void)k;
    (void)p;
    return JF_POINT_PENDING;
}

/* Of shards: which lack points, how many, and in which file. */
static void missing_shards_are_named(void **state)
{
    shelf h;

    (void)state;
    begin(&h, 2, none, 3);
    merge(&h);
    hear();
    assert_int_equal(jf_merging_tell_missing(h.merging), JF_OK);
    char expected[700];
    snprintf(expected, sizeof expected,
             "shard 1/3: 54 points are pending: %s\n"
             "shard 2/3: 53 points are pending: %s\n"
             "shard 3/3: 53 points are pending: none of the files is of it\n",
             h.path[0], h.path[1]);
    assert_string_equal(heard(), expected);
    end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_all_are_there),
        cmocka_unit_test(done_goes_before_failed_before_pending),
        cmocka_unit_test(another_number_is_refused),
        cmocka_unit_test(another_plan_is_refused),
        cmocka_unit_test(a_part_of_a_dataset_is_refused),
        cmocka_unit_test(missing_shards_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
