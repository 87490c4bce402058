/*
 * test_store.c - the dataset being written: its layout, what is in it before anything is known, its
 * points in their places, and which plans may go on writing it.
 */
#include "../support/check.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/sweep.h"

static const char input[] = "title: Store\n"
                            "sweep:\n"
                            "  objective: [mae, jepa]\n"
                            "  depth: [1, 2]\n"
                            "  init_scale: [0.01, 0.1]\n"
                            "  spectrum: [three, two]\n"
                            "  threshold: [0.5, 0.9]\n"
                            "spectra:\n"
                            "  three: {lambda: [1, 2, 3], rho: 1}\n"
                            "  two: {lambda: 1, rho: [1, 2]}\n"
                            "output: {samples: 4, probe: yes}\n";

static int has_samples(const jf_field *field)
{
    return field->shape == JF_SHAPE_SAMPLE || field->shape == JF_SHAPE_SAMPLE_FEATURE;
}

/* Every field has the axes first, in the plan's order, then sample, then feature. */
static void fields_have_the_axes_first(void **state)
{
    static const char *const axes[] = {"objective", "depth", "init_scale",
                                       "spectrum",  "seed",  "threshold"};
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    jf_file *file;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_file_open(s.path, 0, &file));
    for (size_t f = 0; f < count; f++) {
        jf_file_shape shape;
        size_t size = 1;
        assert_ok(jf_file_variable(file, field[f].name, &shape));
        for (size_t a = 0; a < COUNT(axes); a++) {
            assert_string_equal(shape.name[a], axes[a]);
            assert_int_equal(shape.length[a], s.plan.extent[a]);
        }
        for (size_t k = COUNT(axes); k < shape.rank; k++) {
            const int sample = has_samples(&field[f]) && k == COUNT(axes);
            assert_string_equal(shape.name[k], sample ? "sample" : "feature");
            size *= shape.length[k];
        }
        assert_int_equal(size, jf_field_count(&field[f], 3, 4));
    }
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

static void assert_empty(const jf_dataset *d, const jf_field *field, size_t point)
{
    double values[12];

    assert_ok(jf_dataset_read_point(d, field->name, point, values));
    for (size_t i = 0; i < jf_field_count(field, d->features, d->samples); i++) {
        assert_true(isnan(field->empty) ? isnan(values[i]) : values[i] == field->empty);
    }
}

/* Before a point is written all of it says 'not known', and after another is, it still does. */
static void what_is_not_written_is_empty(void **state)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    jf_dataset dataset;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 5, 6, 1.0);
    assert_ok(jf_dataset_open(s.path, &dataset));
    assert_int_equal(dataset.points, 32);
    for (size_t p = 0; p < dataset.points; p++) {
        for (size_t f = 0; f < count && p != 5; f++) {
            assert_empty(&dataset, &field[f], p);
        }
    }
    jf_dataset_close(&dataset);
    sweep_end(&s);
}

/* Is a point, as another process reads it, what its record says, in all fields and to the bit? */
static int is_whole(const jf_dataset *d, const jf_record *record)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    for (size_t f = 0; f < count; f++) {
        double wide[12];
        const size_t rows = has_samples(&field[f]) ? record->samples : 1;
        const size_t width = jf_field_count(&field[f], record->features, record->samples) / rows;
        const size_t stride = jf_field_count(&field[f], d->features, d->samples) / rows;
        const double *data = jf_field_data(&field[f], record);
        assert_ok(jf_dataset_read_point(d, field[f].name, record->point, wide));
        for (size_t j = 0; j < rows && field[f].type == JF_FIELD_DOUBLE; j++) {
            if (memcmp(wide + j * stride, data + j * width, width * sizeof *wide) != 0) {
                return 0;
            }
        }
    }
    return 1;
}

/*
 * Each point is written with numbers of its own; each comes back from its place, whatever the
 * order.
 */
static void points_are_written_in_their_places(void **state)
{
    jf_store *store;
    jf_dataset dataset;
    jf_record record;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_create(&s, &store);
    for (size_t k = 0; k < s.plan.points; k++) {
        sweep_record(&s, k * 5 % s.plan.points, 1.0 + (double)k, &record);
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    assert_null(store);
    assert_ok(jf_dataset_open(s.path, &dataset));
    for (size_t k = 0; k < s.plan.points; k++) {
        const size_t point = k * 5 % s.plan.points;
        double status;
        sweep_record(&s, point, 1.0 + (double)k, &record);
        assert_true(is_whole(&dataset, &record));
        assert_ok(jf_dataset_read_point(&dataset, "status", point, &status));
        assert_within(status, JF_POINT_DONE, 0.0);
        jf_record_clear(&record);
    }
    jf_dataset_close(&dataset);
    sweep_end(&s);
}

/*
 * Writing fails for good from some moment on, as if the program were killed there. What was done
 * is noted: a 'd' for each piece of data, 's' for statuses, '|' where all was handed to the system.
 */
static size_t writes_left = SIZE_MAX;
static size_t instants_left = SIZE_MAX; /* writes and syncs; then this process is killed */
static char deeds[512];
static int status_variable = -1;

static void note(char deed)
{
    const size_t length = strlen(deeds);

    if (length + 1 < sizeof deeds) {
        deeds[length] = deed;
        deeds[length + 1] = '\0';
    }
}

static void pass_instant(void)
{
    if (instants_left == 0) {
        (void)kill(getpid(), SIGKILL);
    }
    instants_left--;
}

jf_status __real_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data);
jf_status __wrap_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data);
jf_status __wrap_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data)
{
    pass_instant();
    if (writes_left == 0) {
        return JF_ERR_FILE;
    }
    writes_left--;
    note(variable == status_variable ? 's' : 'd');
    return __real_jf_file_put(file, variable, type, start, count, data);
}

jf_status __real_jf_file_sync(jf_file *file);
jf_status __wrap_jf_file_sync(jf_file *file);
jf_status __wrap_jf_file_sync(jf_file *file)
{
    pass_instant();
    note('|');
    return __real_jf_file_sync(file);
}

static void find_status(const sweep *s)
{
    jf_file *file;
    jf_file_shape shape;

    assert_ok(jf_file_open(s->path, 0, &file));
    assert_ok(jf_file_variable(file, "status", &shape));
    status_variable = shape.id;
    assert_ok(jf_file_close(&file));
}

static const jf_shard whole = {0, 0};

enum { ALL = 32 }; /* points of the sweep */

/* The records of `count` points from `first` on, and pointers to them in an order of no sense. */
static void make_records(const sweep *s, size_t first, size_t count, jf_record record[ALL],
                         const jf_record *shuffled[ALL])
{
    for (size_t k = 0; k < count; k++) {
        sweep_record(s, first + k, 1.0 + 0.01 * (double)(first + k), &record[k]);
        *record[k].seconds = 1.0 + (double)k;
        *record[k].started = 2.0 + (double)k;
        *record[k].run_started = 3.0;
        *record[k].predicted_seconds = 4.0 + (double)k;
        shuffled[k * 7 % count] = &record[k];
    }
}

static void clear_records(jf_record record[ALL], size_t count)
{
    for (size_t k = 0; k < count; k++) {
        jf_record_clear(&record[k]);
    }
}

/* Wherever writing points stops, each says 'pending' until all of it is there. */
static void points_are_done_only_when_they_are_whole(void **state)
{
    static const size_t stretch[][2] = {{7, 1}, {3, 22}}; /* one; several rows, cut at both ends */
    jf_store *store;
    jf_dataset dataset;
    jf_record record[ALL];
    const jf_record *shuffled[ALL];
    sweep s;

    (void)state;
    for (size_t k = 0; k < COUNT(stretch); k++) {
        const size_t first = stretch[k][0], count = stretch[k][1];
        jf_status put = JF_ERR_FILE;
        sweep_begin(input, NULL, &s);
        sweep_create(&s, &store);
        make_records(&s, first, count, record, shuffled);
        for (size_t writes = 0; put != JF_OK; writes++) {
            assert_true(writes < 300);
            size_t done = 0;
            writes_left = writes;
            put = jf_store_put_all(store, shuffled, count);
            writes_left = SIZE_MAX;
            assert_ok(jf_dataset_open(s.path, &dataset)); /* as another process sees it */
            for (size_t i = 0; i < count; i++) {
                double status;
                assert_ok(jf_dataset_read_point(&dataset, "status", first + i, &status));
                assert_true(status == JF_POINT_PENDING || is_whole(&dataset, &record[i]));
                done += status == JF_POINT_DONE;
            }
            jf_dataset_close(&dataset);
            assert_true((done == count) == (put == JF_OK));
        }
        clear_records(record, count);
        assert_ok(jf_store_close(&store));
        sweep_end(&s);
    }
}

/* All data, then handed to the system, then the statuses, handed on too: two syncs in all. */
static void statuses_follow_the_data_of_all(void **state)
{
    jf_store *store;
    jf_record record[ALL];
    const jf_record *shuffled[ALL];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_create(&s, &store);
    find_status(&s);
    make_records(&s, 0, ALL, record, shuffled);
    deeds[0] = '\0';
    assert_ok(jf_store_put_all(store, shuffled, ALL));
    const size_t data = strspn(deeds, "d");
    assert_true(data > 0 && deeds[data] == '|');
    assert_string_equal(deeds + data, "|s|");
    status_variable = -1;
    clear_records(record, ALL);
    assert_ok(jf_store_close(&store));
    sweep_end(&s);
}

/* Points in a row are few writes: of the 32, one for a field of the same width in all of them. */
static void points_in_a_row_are_written_together(void **state)
{
    size_t fields;
    jf_store *store;
    jf_record record[ALL];
    const jf_record *shuffled[ALL];
    sweep s;

    (void)state;
    (void)jf_record_fields(&fields);
    for (int alike = 0; alike < 2; alike++) {
        sweep_begin(input, alike ? "spectra.two={lambda: [1, 2, 3], rho: 2}" : NULL, &s);
        sweep_create(&s, &store);
        make_records(&s, 0, ALL, record, shuffled);
        deeds[0] = '\0';
        assert_ok(jf_store_put_all(store, shuffled, ALL));
        const size_t wide =
            12; /* fields with a dimension 'feature': 16 runs where widths alternate */
        assert_int_equal(strlen(deeds) - 2, alike ? fields : fields - wide + 16 * wide);
        clear_records(record, ALL);
        assert_ok(jf_store_close(&store));
        sweep_end(&s);
    }
}

/* All variables of records, one after the other as numbers. */
static double *read_all(const char *path, size_t *size)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    jf_dataset d;
    double *all = calloc(ALL * 32 * 12, sizeof *all);

    *size = 0;
    assert_ok(jf_dataset_open(path, &d));
    for (size_t f = 0; f < count; f++) {
        for (size_t p = 0; p < d.points; p++) {
            assert_ok(jf_dataset_read_point(&d, field[f].name, p, all + *size));
            *size += jf_field_count(&field[f], d.features, d.samples);
        }
    }
    jf_dataset_close(&d);
    return all;
}

/* In bulk and one by one, in whatever order: the same numbers, bit for bit. */
static void writing_in_bulk_gives_the_same_numbers(void **state)
{
    static const size_t stretch[][2] = {{0, ALL}, {0, 1}, {5, 2}, {3, 22}, {16, 16}, {1, 30}};
    jf_record record[ALL];
    const jf_record *shuffled[ALL];
    double *all[2];
    size_t size[2];
    sweep s;

    (void)state;
    for (size_t k = 0; k < COUNT(stretch); k++) {
        sweep_begin(input, NULL, &s);
        make_records(&s, stretch[k][0], stretch[k][1], record, shuffled);
        for (int bulk = 0; bulk < 2; bulk++) {
            jf_store *store;
            sweep_create(&s, &store);
            for (size_t i = 0; i < stretch[k][1] && !bulk; i++) {
                sweep_put(store, &record[i]);
            }
            if (bulk) {
                assert_ok(jf_store_put_all(store, shuffled, stretch[k][1]));
            }
            assert_ok(jf_store_close(&store));
            all[bulk] = read_all(s.path, &size[bulk]);
            assert_int_equal(unlink(s.path), 0);
        }
        assert_int_equal(size[0], size[1]);
        assert_memory_equal(all[0], all[1], size[0] * sizeof *all[0]);
        free(all[0]);
        free(all[1]);
        clear_records(record, stretch[k][1]);
        sweep_end(&s);
    }
}

/* A record that is none of the sweep is refused, and none of its company is written. */
static void a_record_of_another_sweep_is_refused(void **state)
{
    jf_store *store;
    jf_record record[ALL], other;
    const jf_record *shuffled[ALL];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_create(&s, &store);
    make_records(&s, 0, 3, record, shuffled);
    const size_t wrong[][3] = {{32, 3, 4}, {1, 4, 4}, {1, 3, 3}}; /* point, features, samples */
    for (size_t k = 0; k < COUNT(wrong); k++) {
        assert_ok(jf_record_init(wrong[k][1], wrong[k][2], &other));
        other.point = wrong[k][0];
        shuffled[2] = &other;
        deeds[0] = '\0';
        assert_refused(jf_store_put_all(store, shuffled, 3), JF_ERR_NETWORK, "none of this sweep");
        assert_string_equal(deeds, "");
        jf_record_clear(&other);
    }
    clear_records(record, 3);
    assert_ok(jf_store_close(&store));
    sweep_end(&s);
}

/* A process of its own writes the sweep in two bundles; it is killed after so many instants. */
static int write_until_killed(jf_store *store, const jf_record *const records[ALL], size_t instants)
{
    int state;
    const pid_t child = fork();

    if (child == 0) {
        instants_left = instants;
        (void)jf_store_put_all(store, records, ALL / 2);
        (void)jf_store_put_all(store, records + ALL / 2, ALL / 2);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &state, 0), child);
    return WIFSIGNALED(state);
}

static size_t count_done(const char *path, const jf_record record[ALL])
{
    jf_dataset dataset;
    size_t done = 0;

    assert_ok(jf_dataset_open(path, &dataset));
    for (size_t k = 0; k < ALL; k++) {
        double status;
        assert_ok(jf_dataset_read_point(&dataset, "status", k, &status));
        assert_true(status == JF_POINT_PENDING || is_whole(&dataset, &record[k]));
        done += status == JF_POINT_DONE;
    }
    jf_dataset_close(&dataset);
    return done;
}

/*
 * Killed at any instant the dataset is valid, and every point that says done is whole; each bundle
 * is done when its second sync is.
 */
static void a_killed_writer_leaves_only_whole_points(void **state)
{
    jf_record record[ALL];
    const jf_record *shuffled[ALL];
    jf_store *store;
    size_t done = 0, halves = 0;
    int killed = 1;
    sweep s;

    (void)state;
    for (size_t instants = 0; killed; instants += 5) {
        assert_true(instants < 2000);
        sweep_begin(input, NULL, &s);
        sweep_create(&s, &store);
        make_records(&s, 0, ALL, record, shuffled);
        killed = write_until_killed(store, shuffled, instants);
        const size_t before = done;
        done = count_done(s.path, record);
        assert_true(done >= before);
        halves += done == ALL / 2;
        clear_records(record, ALL);
        assert_ok(jf_store_close(&store));
        sweep_end(&s);
    }
    assert_int_equal(done, ALL);
    assert_true(halves > 1); /* of the second bundle's instants */
}

static void resuming_finds_what_is_finished(void **state)
{
    static const jf_point_status written[] = {JF_POINT_DONE, JF_POINT_FAILED, JF_POINT_DIVERGED};
    unsigned char finished[32] = {0};
    jf_store *store;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_create(&s, &store);
    for (size_t k = 0; k < COUNT(written); k++) {
        jf_record record;
        sweep_record(&s, 10 * k + 1, 1.0, &record);
        *record.status = (int8_t)written[k];
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    assert_ok(jf_store_resume(s.path, &s.plan, whole, &store));
    assert_ok(jf_store_finished(store, finished));
    for (size_t p = 0; p < s.plan.points; p++) {
        const int was_written = p % 10 == 1 && p < 30;
        assert_int_equal(finished[p], was_written ? written[p / 10] : JF_POINT_PENDING);
    }
    assert_ok(jf_store_close(&store));
    sweep_end(&s);
}

/* Another plan is refused; its file stays as it was. The same plan under another title goes on. */
static void another_plan_is_refused(void **state)
{
    static const struct {
        const char *set, *difference;
    } others[] = {
        {"tolerance=1e-7", "(tolerance: 1e-06 in the dataset, 1e-07 in the input)"},
        {"samples=5", "(samples: 4 in the dataset, 5 in the input)"},
        {"spectra.two.rho=1.5", "(spectrum 'two': other numbers in the dataset than in the input)"},
        {"depth=[1, 3]", "(depth: 2 only in the dataset, 3 only in the input); name another file "
                         "with -o, or start over with --fresh"},
        {"depth=[1, 3, 2]", "keep its points in the larger sweep with --extend, or"},
    };
    jf_store *store;
    struct stat before, after;
    sweep s, other;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 2, 1.0);
    assert_int_equal(stat(s.path, &before), 0);
    for (size_t k = 0; k < COUNT(others); k++) {
        sweep_begin(input, others[k].set, &other);
        assert_refused(jf_store_resume(s.path, &other.plan, whole, &store), JF_ERR_USAGE,
                       others[k].difference);
        assert_null(store);
        sweep_end(&other);
    }
    assert_int_equal(stat(s.path, &after), 0);
    assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
                before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    sweep_begin(input, "title=Renamed", &other);
    assert_ok(jf_store_resume(s.path, &other.plan, whole, &store));
    assert_ok(jf_store_close(&store));
    sweep_end(&other);
    sweep_end(&s);
}

/* Another shard, or the whole sweep in a shard's place, and the other way round. */
static void another_shard_is_refused(void **state)
{
    static const jf_shard held[] = {{0, 0}, {2, 3}}, asked[] = {{1, 3}, {2, 4}, {0, 0}, {2, 3}};
    jf_provenance from = {"", "", "", "", "", "", NULL, {0, 0}};
    jf_store *store;
    sweep s;

    (void)state;
    for (size_t h = 0; h < COUNT(held); h++) {
        sweep_begin(input, NULL, &s);
        from.shard = held[h];
        assert_ok(jf_store_create(s.path, &s.plan, &from, NULL, &store));
        assert_ok(jf_store_close(&store));
        for (size_t k = 0; k < COUNT(asked); k++) {
            if (jf_shard_same(held[h], asked[k])) {
                assert_ok(jf_store_resume(s.path, &s.plan, asked[k], &store));
                assert_ok(jf_store_close(&store));
            } else {
                assert_refused(jf_store_resume(s.path, &s.plan, asked[k], &store), JF_ERR_USAGE,
                               h == 0 ? "holds the whole sweep, not shard"
                                      : "holds shard 2/3 of the sweep, not");
            }
        }
        sweep_end(&s);
    }
}

/* What is written would be seen by nobody: said, and no point counts as kept. */
static void a_dataset_that_is_gone_is_noticed(void **state)
{
    char elsewhere[256];
    jf_store *store;
    jf_record record;
    const jf_record *one = &record;
    sweep s;

    (void)state;
    for (int how = 0; how < 3; how++) { /* removed, renamed, replaced */
        sweep_begin(input, NULL, &s);
        sweep_create(&s, &store);
        sweep_record(&s, 0, 1.0, &record);
        snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere.nc", s.folder);
        assert_int_equal(how == 0 ? unlink(s.path) : rename(s.path, elsewhere), 0);
        if (how == 2) {
            fclose(fopen(s.path, "w"));
        }
        assert_refused(jf_store_put_all(store, &one, 1), JF_ERR_FILE,
                       "was removed, renamed or replaced while it was written");
        if (how == 1) {
            assert_int_equal(rename(elsewhere, s.path), 0); /* put back */
            assert_ok(jf_store_put_all(store, &one, 1));
        }
        jf_record_clear(&record);
        assert_ok(jf_store_close(&store));
        sweep_end(&s);
    }
}

/* What a process that was killed while it created has left. */
static void leftovers_are_removed(void **state)
{
    char temporary[256];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    snprintf(temporary, sizeof temporary, "%s.new", s.path);
    FILE *file = fopen(temporary, "w");
    assert_non_null(file);
    fputs("half a dataset", file);
    fclose(file);
    sweep_write(&s, 0, 1, 1.0);
    assert_int_equal(access(temporary, F_OK), -1);
    sweep_end(&s);
}

/* Where it cannot be created, nothing is left behind. */
static void no_half_dataset_is_left(void **state)
{
    const jf_provenance none = {"", "", "", "", "", "", NULL, {0, 0}};
    jf_store *store;
    char path[256];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    snprintf(path, sizeof path, "%s/missing/out.nc", s.folder);
    assert_refused(jf_store_create(path, &s.plan, &none, NULL, &store), JF_ERR_FILE, "missing");
    assert_null(store);
    assert_int_equal(mkdir(s.path, 0777), 0); /* a folder where the file should be */
    hear();
    assert_int_equal(jf_store_create(s.path, &s.plan, &none, NULL, &store), JF_ERR_FILE);
    assert_non_null(strstr(heard(), "out.nc: cannot create it"));
    assert_int_equal(rmdir(s.path), 0);
    assert_int_equal(rmdir(s.folder), 0); /* empty */
    jf_input_clear(&s.input);
}

static void without_samples_there_is_no_trajectory(void **state)
{
    jf_file *file;
    jf_file_shape shape;
    sweep s;

    (void)state;
    sweep_begin(input, "samples=0", &s);
    sweep_write(&s, 0, 1, 1.0);
    assert_ok(jf_file_open(s.path, 0, &file));
    assert_false(jf_file_has_dimension(file, "sample"));
    assert_refused(jf_file_variable(file, "projection", &shape), JF_ERR_FILE, "'projection'");
    assert_ok(jf_file_variable(file, "critical_time", &shape));
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

static void what_is_optional_is_there_where_it_was_asked_for(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        jf_file *file;
        jf_file_shape shape;
        sweep s;
        sweep_begin(input, asked ? "probe=yes" : "probe=no", &s);
        sweep_write(&s, 0, 1, 1.0);
        assert_ok(jf_file_open(s.path, 0, &file));
        if (asked) {
            assert_ok(jf_file_variable(file, "probe", &shape));
            assert_int_equal(shape.rank, 8);
        } else {
            assert_refused(jf_file_variable(file, "probe", &shape), JF_ERR_FILE, "'probe'");
        }
        assert_ok(jf_file_close(&file));
        sweep_end(&s);
    }
}

/*
 * The size told beforehand against the file's own, which holds a few kilobytes of attributes
 * besides.
 */
static void the_size_is_known_beforehand(void **state)
{
    struct stat status;
    sweep s, without;

    (void)state;
    sweep_begin(input, "samples=1000", &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_int_equal(stat(s.path, &status), 0);
    assert_near(jf_store_size(&s.plan), (double)status.st_size, 0.01);
    sweep_end(&s);
    sweep_begin(input, NULL, &s);
    sweep_begin(input, "probe=no", &without);
    assert_true(jf_store_size(&s.plan) - jf_store_size(&without.plan) == 8.0 * 32 * 4 * 3);
    sweep_end(&s);
    sweep_end(&without);
}

static void settings_and_provenance_are_attributes(void **state)
{
    char *text;
    double number;
    jf_file *file;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_ok(jf_file_open(s.path, 0, &file));
    const struct {
        const char *name, *expected;
    } texts[] = {{"title", "Store"},          {"input", "the input"}, {"overrides", "depth=3"},
                 {"source", "jepaflow test"}, {"version", "test"},    {"model", "auto"}};
    for (size_t k = 0; k < COUNT(texts); k++) {
        assert_ok(jf_file_text(file, -1, texts[k].name, &text));
        assert_string_equal(text, texts[k].expected);
        free(text);
    }
    assert_ok(jf_file_number(file, -1, "tolerance", &number));
    assert_within(number, 1e-6, 0.0);
    assert_refused(jf_file_number(file, -1, "threshold", &number), JF_ERR_FILE, "'threshold'");
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_the_axes_first),
        cmocka_unit_test(what_is_not_written_is_empty),
        cmocka_unit_test(points_are_written_in_their_places),
        cmocka_unit_test(points_are_done_only_when_they_are_whole),
        cmocka_unit_test(statuses_follow_the_data_of_all),
        cmocka_unit_test(points_in_a_row_are_written_together),
        cmocka_unit_test(writing_in_bulk_gives_the_same_numbers),
        cmocka_unit_test(a_record_of_another_sweep_is_refused),
        cmocka_unit_test(a_killed_writer_leaves_only_whole_points),
        cmocka_unit_test(resuming_finds_what_is_finished),
        cmocka_unit_test(another_plan_is_refused),
        cmocka_unit_test(another_shard_is_refused),
        cmocka_unit_test(a_dataset_that_is_gone_is_noticed),
        cmocka_unit_test(leftovers_are_removed),
        cmocka_unit_test(no_half_dataset_is_left),
        cmocka_unit_test(without_samples_there_is_no_trajectory),
        cmocka_unit_test(what_is_optional_is_there_where_it_was_asked_for),
        cmocka_unit_test(the_size_is_known_beforehand),
        cmocka_unit_test(settings_and_provenance_are_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
