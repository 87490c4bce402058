/*
 * test_store.c - the dataset being written: its layout, what is in it before anything is known, its
 * points in their places, and which plans may go on writing it.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
                            "output: {samples: 4}\n";

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
        assert_ok(jf_store_put(store, &record));
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    assert_null(store);
    assert_ok(jf_dataset_open(s.path, &dataset));
    for (size_t k = 0; k < s.plan.points; k++) {
        double time[3], projection[12], status;
        const size_t point = k * 5 % s.plan.points;
        sweep_record(&s, point, 1.0 + (double)k, &record);
        assert_ok(jf_dataset_read_point(&dataset, "critical_time", point, time));
        assert_memory_equal(time, record.critical_time, sizeof time);
        assert_ok(jf_dataset_read_point(&dataset, "projection", point, projection));
        assert_memory_equal(projection, record.projection, sizeof projection);
        assert_ok(jf_dataset_read_point(&dataset, "status", point, &status));
        assert_within(status, JF_POINT_DONE, 0.0);
        jf_record_clear(&record);
    }
    jf_dataset_close(&dataset);
    sweep_end(&s);
}

/* Writing fails for good from some moment on, as if the program were killed there. */
static size_t writes_left = SIZE_MAX;
jf_status __real_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data);
jf_status __wrap_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data);
jf_status __wrap_jf_file_put(jf_file *file, int variable, jf_file_type type, const size_t *start,
                             const size_t *count, const void *data)
{
    if (writes_left == 0) {
        return JF_ERR_FILE;
    }
    writes_left--;
    return __real_jf_file_put(file, variable, type, start, count, data);
}

/* Wherever writing a point stops, the point says 'pending', until all of it is there. */
static void a_point_is_done_only_when_it_is_whole(void **state)
{
    size_t fields;
    jf_store *store;
    jf_record record;
    jf_dataset dataset;
    double status;
    sweep s;

    (void)state;
    (void)jf_record_fields(&fields);
    sweep_begin(input, NULL, &s);
    sweep_create(&s, &store);
    sweep_record(&s, 7, 1.0, &record);
    for (size_t writes = 0; writes <= fields; writes++) {
        writes_left = writes;
        const jf_status put = jf_store_put(store, &record);
        writes_left = SIZE_MAX;
        assert_int_equal(put, writes < fields ? JF_ERR_FILE : JF_OK);
        assert_ok(jf_dataset_open(s.path, &dataset)); /* as another process sees it */
        assert_ok(jf_dataset_read_point(&dataset, "status", 7, &status));
        assert_within(status, writes < fields ? JF_POINT_PENDING : JF_POINT_DONE, 0.0);
        jf_dataset_close(&dataset);
    }
    jf_record_clear(&record);
    assert_ok(jf_store_close(&store));
    sweep_end(&s);
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
        assert_ok(jf_store_put(store, &record));
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
    assert_ok(jf_store_resume(s.path, &s.plan, &store));
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
    static const char *const others[] = {"tolerance=1e-7", "samples=5", "spectra.two.rho=1.5",
                                         "depth=[1, 3]"};
    jf_store *store;
    struct stat before, after;
    sweep s, other;

    (void)state;
    sweep_begin(input, NULL, &s);
    sweep_write(&s, 0, 2, 1.0);
    assert_int_equal(stat(s.path, &before), 0);
    for (size_t k = 0; k < COUNT(others); k++) {
        sweep_begin(input, others[k], &other);
        assert_refused(jf_store_resume(s.path, &other.plan, &store), JF_ERR_USAGE, "another plan");
        assert_null(store);
        sweep_end(&other);
    }
    assert_int_equal(stat(s.path, &after), 0);
    assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
                before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    sweep_begin(input, "title=Renamed", &other);
    assert_ok(jf_store_resume(s.path, &other.plan, &store));
    assert_ok(jf_store_close(&store));
    sweep_end(&other);
    sweep_end(&s);
}

/* Where it cannot be created, nothing is left behind. */
static void no_half_dataset_is_left(void **state)
{
    const jf_provenance none = {"", "", "", "", "", ""};
    jf_store *store;
    char path[256];
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    snprintf(path, sizeof path, "%s/missing/out.nc", s.folder);
    assert_refused(jf_store_create(path, &s.plan, &none, &store), JF_ERR_FILE, "missing");
    assert_null(store);
    assert_int_equal(mkdir(s.path, 0777), 0); /* a folder where the file should be */
    hear();
    assert_int_equal(jf_store_create(s.path, &s.plan, &none, &store), JF_ERR_FILE);
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

/*
 * The size told beforehand against the file's own, which holds a few kilobytes of attributes
 * besides.
 */
static void the_size_is_known_beforehand(void **state)
{
    struct stat status;
    sweep s;

    (void)state;
    sweep_begin(input, "samples=1000", &s);
    sweep_write(&s, 0, 0, 1.0);
    assert_int_equal(stat(s.path, &status), 0);
    assert_near(jf_store_size(&s.plan), (double)status.st_size, 0.01);
    sweep_end(&s);
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
        cmocka_unit_test(a_point_is_done_only_when_it_is_whole),
        cmocka_unit_test(resuming_finds_what_is_finished),
        cmocka_unit_test(another_plan_is_refused),
        cmocka_unit_test(no_half_dataset_is_left),
        cmocka_unit_test(without_samples_there_is_no_trajectory),
        cmocka_unit_test(the_size_is_known_beforehand),
        cmocka_unit_test(settings_and_provenance_are_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
