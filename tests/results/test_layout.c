/*
 * test_layout.c - the parts of a dataset against the plan that it is laid out for.
 */
#include "../support/check.h"

#include <string.h>

#include "../support/sweep.h"
#include "jepaflow/results/layout.h"

static const char input[] = "sweep:\n"
                            "  depth: [1, 2, 4]\n"
                            "  init_scale: 0.1\n"
                            "  tolerance: [1.0e-6, 1.0e-8]\n"
                            "spectra:\n"
                            "  two: {lambda: 1, rho: [0.5, 1.0]}\n"
                            "output: {samples: 5}\n";

static const jf_provenance provenance = {.input = input,
                                         .overrides = "",
                                         .command = "jepaflow",
                                         .program = "jepaflow",
                                         .version = "0",
                                         .libraries = "none",
                                         .shard = {2, 3}};

static void lay_out(const sweep *s)
{
    jf_file *file;

    assert_ok(jf_file_create(s->path, &file));
    assert_ok(jf_layout_write(file, &s->plan, &provenance));
    assert_ok(jf_file_close(&file));
}

static void a_dimension_for_each_axis_then_sample_and_feature(void **state)
{
    static const size_t expected[] = {2, 3, 1, 1, 1, 2, 5, 2};
    jf_file_shape shape;
    jf_dataset d;
    sweep s;

    (void)state;
    sweep_begin(input, NULL, &s);
    lay_out(&s);
    assert_ok(jf_dataset_open(s.path, &d));
    assert_int_equal(d.shard.index, 2);
    assert_int_equal(d.shard.count, 3);
    assert_ok(jf_file_variable(d.file, "projection", &shape));
    assert_int_equal(shape.rank, COUNT(expected));
    assert_memory_equal(shape.length, expected, sizeof expected);
    jf_dataset_close(&d);
    sweep_end(&s);
}

/* Every field has a variable, but those that this sweep has not. */
static void fields_are_there_or_left_out(void **state)
{
    static const char *const changes[] = {NULL, "samples=0", "probe=yes"};
    size_t count;
    const jf_field *fields = jf_record_fields(&count);
    jf_dataset d;
    sweep s;

    (void)state;
    for (size_t k = 0; k < COUNT(changes); k++) {
        sweep_begin(input, changes[k], &s);
        lay_out(&s);
        assert_ok(jf_dataset_open(s.path, &d));
        for (size_t f = 0; f < count; f++) {
            const int sampled = k != 1 || !jf_field_has_samples(&fields[f]);
            const int asked = k == 2 || strcmp(fields[f].name, "probe") != 0;
            assert_int_equal(jf_layout_has(&s.plan, &fields[f]), sampled && asked);
            assert_int_equal(jf_file_has_variable(d.file, fields[f].name), sampled && asked);
        }
        jf_dataset_close(&d);
        sweep_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dimension_for_each_axis_then_sample_and_feature),
        cmocka_unit_test(fields_are_there_or_left_out),
    };

    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
