/*
 * test_extension.c - a dataset in the larger one that takes its place: the same points by what they
 * are, and nothing else.
 */
#include "../support/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/sweep.h"
#include "jepaflow/results/checkpoint.h"
#include "jepaflow/results/extension.h"
#include "jepaflow/results/points.h"

static const char small[] = "title: Small\n"
                            "sweep:\n"
                            "  objective: [mae]\n"
                            "  depth: [2, 1]\n"
                            "  init_scale: [0.1, 0.01]\n"
                            "  spectrum: [b, a]\n"
                            "spectra:\n"
                            "  a: {lambda: 1, rho: [1, 2]}\n"
                            "  b: {lambda: [3, 4], rho: 1}\n"
                            "output: {samples: 3}\n";

static const char large[] = "title: Large\n"
                            "sweep:\n"
                            "  depth: [1, 3, 2]\n"
                            "  init_scale: [0.01, 0.1]\n"
                            "  spectrum: [a, c, b]\n"
                            "  threshold: [0.6, 0.5]\n"
                            "spectra:\n"
                            "  a: {lambda: 1, rho: [1, 2]}\n"
                            "  b: {lambda: [3, 4], rho: 1}\n"
                            "  c: {lambda: [1, 2, 3], rho: 2}\n"
                            "output: {samples: 3}\n";

static const jf_provenance provenance = {"new input", "", "extend", "p", "v", "l", NULL, {0, 0}};

/* The number of a point in a plan, by its values; the plan's points where it has none such. */
static size_t find(const jf_plan *plan, const jf_point *wanted)
{
    static const jf_parameter_id ids[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_INIT_SCALE, JF_P_SEED,
                                          JF_P_THRESHOLD};

    for (size_t i = 0; i < plan->points; i++) {
        jf_point point;
        size_t same = 0;
        jf_plan_point(plan, i, &point);
        for (size_t k = 0; k < COUNT(ids); k++) {
            same += point.value[ids[k]] == wanted->value[ids[k]];
        }
        if (same == COUNT(ids) && strcmp(point.spectrum->name, wanted->spectrum->name) == 0) {
            return i;
        }
    }
    return plan->points;
}

static void assert_same_numbers(const jf_record *a, const jf_record *b)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);

    assert_int_equal(a->features, b->features);
    for (size_t f = 0; f < count; f++) {
        assert_memory_equal(jf_field_data(&field[f], a), jf_field_data(&field[f], b),
                            jf_field_bytes(&field[f], a->features, a->samples));
    }
}

/* Points 1 ... 6 of the small sweep are done; then it is extended in place. */
static void finished_points_are_in_their_places(void **state)
{
    size_t copied, found = 0;
    jf_store *store;
    jf_dataset d;
    jf_points points;
    jf_record record;
    sweep s, l;

    (void)state;
    sweep_begin(small, NULL, &s);
    sweep_write(&s, 1, 7, 1.5);
    sweep_begin(large, NULL, &l);
    assert_ok(jf_extension_make(s.path, &l.plan, &provenance, &copied, &store));
    assert_int_equal(copied, 6);
    assert_ok(jf_store_close(&store));
    assert_ok(jf_dataset_open(s.path, &d));
    assert_int_equal(d.points, l.plan.points);
    assert_ok(jf_points_init(&d, &points));
    assert_ok(jf_points_read(&points, &d, 0, d.points));
    for (size_t i = 0; i < d.points; i++) {
        jf_point point;
        jf_plan_point(&l.plan, i, &point);
        const size_t old = find(&s.plan, &point);
        if (old >= 1 && old < 7) {
            sweep_record(&s, old, 1.5, &record);
            assert_same_numbers(&points.record[i], &record);
            jf_record_clear(&record);
            found++;
        } else {
            assert_int_equal(*points.record[i].status, JF_POINT_PENDING);
            assert_int_equal(*points.record[i].critical_time_status, JF_NOT_RUN);
        }
    }
    assert_int_equal(found, 6);
    jf_points_clear(&points);
    jf_dataset_close(&d);
    sweep_end(&s);
    sweep_end(&l);
}

static void its_history_goes_on(void **state)
{
    size_t copied;
    char *text;
    jf_store *store;
    jf_file *file;
    sweep s, l;

    (void)state;
    sweep_begin(small, NULL, &s);
    sweep_write(&s, 0, 1, 1.0);
    sweep_begin(large, NULL, &l);
    assert_ok(jf_extension_make(s.path, &l.plan, &provenance, &copied, &store));
    assert_ok(jf_store_close(&store));
    assert_ok(jf_file_open(s.path, 0, &file));
    assert_ok(jf_file_text(file, -1, "history", &text));
    const char *second = strchr(text, '\n');
    assert_true(strstr(text, "Z jepaflow run in.yaml\n") != NULL);
    assert_true(second != NULL && strstr(second, "Z extend") != NULL);
    free(text);
    assert_ok(jf_file_text(file, -1, "input", &text));
    assert_string_equal(text, "new input");
    free(text);
    assert_ok(jf_file_close(&file));
    sweep_end(&s);
    sweep_end(&l);
}

/* A point under way is found again at its new number; a damaged one is dropped, and said. */
static void points_under_way_go_along(void **state)
{
    static const size_t saved = 5; /* of the small sweep; 2 is done */
    char old[17], new[17], path[256];
    size_t copied, size;
    jf_point point;
    jf_store *store;
    sweep s, l;

    (void)state;
    sweep_begin(small, NULL, &s);
    sweep_write(&s, 2, 3, 1.0);
    sweep_begin(large, NULL, &l);
    jf_plan_digest(&s.plan, old);
    jf_plan_digest(&l.plan, new);
    jf_wire bytes = {0};
    jf_wire_put_bytes(&bytes, "half a point", 12);
    jf_checkpoint c = {
        .dataset = s.path, .digest = old, .version = "1", .point = saved, .parts = 1};
    assert_ok(jf_checkpoint_write(&c, &bytes));
    assert_ok(jf_checkpoint_commit(&c));
    c.point = 2; /* that is done already: of no use any more */
    assert_ok(jf_checkpoint_write(&c, &bytes));
    assert_ok(jf_checkpoint_commit(&c));
    jf_wire_clear(&bytes);

    hear();
    assert_int_equal(jf_extension_make(s.path, &l.plan, &provenance, &copied, &store), JF_OK);
    assert_non_null(strstr(heard(), "what was saved of 1 point under way cannot be used"));
    assert_ok(jf_store_close(&store));
    jf_plan_point(&s.plan, saved, &point);
    c.digest = new;
    c.point = find(&l.plan, &point);
    assert_true(c.point != saved && c.point < l.plan.points);
    assert_ok(jf_checkpoint_read(&c, &bytes));
    jf_wire_reader reader = {.data = bytes.data, .size = bytes.size};
    assert_memory_equal(jf_wire_get_bytes(&reader, &size), "half a point", 12);
    jf_wire_clear(&bytes);
    snprintf(path, sizeof path, "%s.points.old", s.path);
    assert_int_equal(access(path, F_OK), -1);
    sweep_end(&s);
    sweep_end(&l);
}

static void what_is_not_contained_is_refused(void **state)
{
    size_t copied;
    struct stat before, after;
    jf_store *store;
    sweep s, l;

    (void)state;
    sweep_begin(small, NULL, &s);
    sweep_write(&s, 0, 1, 1.0);
    assert_int_equal(stat(s.path, &before), 0);
    sweep_begin(large, "depth=[1, 3]", &l);
    assert_refused(jf_extension_make(s.path, &l.plan, &provenance, &copied, &store), JF_ERR_USAGE,
                   "does not contain");
    assert_null(store);
    assert_int_equal(stat(s.path, &after), 0);
    assert_true(before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    sweep_end(&s);
    sweep_end(&l);
}

/* Writes, hand-overs to system and disk; at the one that is chosen this process is killed. */
static size_t instants_left = SIZE_MAX;

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
    return __real_jf_file_put(file, variable, type, start, count, data);
}

jf_status __real_jf_file_to_disk(const char *path);
jf_status __wrap_jf_file_to_disk(const char *path);
jf_status __wrap_jf_file_to_disk(const char *path)
{
    pass_instant();
    const jf_status status = __real_jf_file_to_disk(path);
    pass_instant();
    return status;
}

/* The points that are done, and which of the two datasets it is. */
static size_t count_done(const char *path, size_t *points)
{
    unsigned char status[256];
    size_t done = 0;
    jf_dataset d;

    assert_ok(jf_dataset_open(path, &d));
    *points = d.points;
    assert_true(d.points <= sizeof status);
    assert_ok(jf_points_status(&d, status));
    for (size_t i = 0; i < d.points; i++) {
        done += status[i] == JF_POINT_DONE;
    }
    jf_dataset_close(&d);
    return done;
}

/* Killed at any instant there is the smaller dataset or the larger one, with all that was done. */
static void at_every_instant_one_of_both_is_there(void **state)
{
    size_t copied, points, smaller = 0;
    jf_store *store;
    int killed = 1;
    sweep s, l;

    (void)state;
    sweep_begin(small, NULL, &s);
    sweep_begin(large, NULL, &l);
    sweep_write(&s, 1, 7, 1.0);
    for (size_t instants = 0; killed; instants += 3) {
        int how;
        const pid_t child = fork();
        if (child == 0) {
            instants_left = instants;
            _exit(jf_extension_make(s.path, &l.plan, &provenance, &copied, &store) != JF_OK);
        }
        assert_int_equal(waitpid(child, &how, 0), child);
        killed = WIFSIGNALED(how);
        assert_int_equal(count_done(s.path, &points), 6);
        smaller += points == s.plan.points;
        assert_true(killed || points == l.plan.points);
    }
    assert_true(smaller > 20);
    sweep_end(&s);
    sweep_end(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finished_points_are_in_their_places),
        cmocka_unit_test(its_history_goes_on),
        cmocka_unit_test(points_under_way_go_along),
        cmocka_unit_test(what_is_not_contained_is_refused),
        cmocka_unit_test(at_every_instant_one_of_both_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
