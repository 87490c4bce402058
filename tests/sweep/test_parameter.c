/*
 * test_parameter.c - the one table of parameters: whole, found by name, and with defaults that it
 * accepts itself.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "jepaflow/model/network.h"
#include "jepaflow/sweep/parameter.h"
#include "jepaflow/sweep/values.h"

/* A plain scalar, as a document would hold it. */
static jf_node scalar(const char *text)
{
    return (jf_node){.kind = JF_NODE_SCALAR, .source = "test", .text = (char *)(uintptr_t)text};
}

/* Every line has what help, plan and dataset print of it. */
static void each_parameter_is_described_whole(void **state)
{
    const char *const *sections = jf_parameter_sections();

    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        size_t known = 0;
        assert_non_null(p->name);
        assert_non_null(p->unit);
        assert_true(strlen(p->help) > 10);
        for (size_t k = 0; sections[k] != NULL; k++) {
            known += strcmp(p->section, sections[k]) == 0;
        }
        assert_int_equal(known, 1);
        if (p->type == JF_TYPE_CHOICE) {
            assert_true(jf_parameter_choices(p) > 0);
        } else if (p->type != JF_TYPE_NAME) {
            assert_true(p->low < p->high);
        }
        assert_true(p->departs || (!p->layered && !p->jepa_only));
    }
}

/* By its name each is found again; no two share one; unknown ones are not found. */
static void parameters_are_found_by_their_name(void **state)
{
    const char *const *names = jf_parameter_names();

    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        assert_int_equal(jf_parameter_find(names[i]), i);
        assert_string_equal(jf_parameter_get((jf_parameter_id)i)->name, names[i]);
    }
    assert_int_equal(jf_parameter_find("dept"), JF_PARAMETERS);
    assert_int_equal(jf_parameter_find(""), JF_PARAMETERS);
}

/* The defaults read as an input would have them are within their own ranges. */
static void each_default_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (p->standard != NULL) {
            const jf_node node = scalar(p->standard);
            double value;
            assert_ok(jf_values_read_one(&node, p, NULL, &value));
        }
    }
}

/* What departs from the paper's assumption does not unless it is told to. */
static void each_departure_is_neutral_by_default(void **state)
{
    size_t departures = 0;

    (void)state;
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (p->departs) {
            const jf_node node = scalar(p->standard);
            double value = NAN;
            assert_ok(jf_values_read_one(&node, p, NULL, &value));
            assert_true(value == p->neutral);
            assert_true(p->may_vary);
            departures++;
        }
    }
    assert_true(departures >= 8);
}

/* Choices and words, from the number that holds them; numbers have none. */
static void values_have_their_words(void **state)
{
    (void)state;
    assert_string_equal(jf_parameter_word(jf_parameter_get(JF_P_START), JF_START_GAUSSIAN),
                        "gaussian");
    assert_string_equal(jf_parameter_word(jf_parameter_get(JF_P_EMA_RATE), INFINITY), "infinite");
    assert_string_equal(jf_parameter_word(jf_parameter_get(JF_P_RANKS_PER_POINT), 0.0), "auto");
    assert_null(jf_parameter_word(jf_parameter_get(JF_P_EMA_RATE), 0.0));
    assert_null(jf_parameter_word(jf_parameter_get(JF_P_TOLERANCE), 0.0));
}

/* Choices whose numbers stand in datasets, against the enums that name them. */
static void choices_have_the_numbers_of_the_dataset(void **state)
{
    static const struct {
        jf_parameter_id id;
        int value;
        const char *text;
    } expected[] = {
        {JF_P_OBJECTIVE, 0, "jepa"}, /* JF_JEPA */
        {JF_P_OBJECTIVE, 1, "mae"},  /* JF_MAE */
        {JF_P_MODEL, JF_MODEL_AUTO, "auto"},
        {JF_P_MODEL, JF_MODEL_THEORY, "theory"},
        {JF_P_MODEL, JF_MODEL_BALANCED, "balanced"},
        {JF_P_MODEL, JF_MODEL_LAYERS, "layers"},
        {JF_P_INTEGRATOR, JF_INTEGRATOR_AUTO, "auto"},
        {JF_P_INTEGRATOR, JF_INTEGRATOR_ERK, "erk"},
        {JF_P_INTEGRATOR, JF_INTEGRATOR_RKC, "rkc"},
        {JF_P_INTEGRATOR, JF_INTEGRATOR_ROCK, "rock"},
        {JF_P_INTEGRATOR, JF_INTEGRATOR_BDF, "bdf"},
        {JF_P_ROTATION, JF_ROTATION_NONE, "none"},
        {JF_P_ROTATION, JF_ROTATION_RANDOM, "random"},
        {JF_P_START, JF_START_ORTHOGONAL, "orthogonal"},
        {JF_P_START, JF_START_GAUSSIAN, "gaussian"},
        {JF_P_START, JF_START_IDENTITY_NOISE, "identity_noise"},
        {JF_P_START, JF_START_FILE, "file"},
        {JF_P_PREDICTOR, JF_PREDICTOR_ALIGNED, "aligned"},
        {JF_P_PREDICTOR, JF_PREDICTOR_RANDOM, "random"},
        {JF_P_STOP_GRADIENT, JF_STOP_GRADIENT_YES, "yes"},
        {JF_P_STOP_GRADIENT, JF_STOP_GRADIENT_NO, "no"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(expected); i++) {
        const jf_parameter *p = jf_parameter_get(expected[i].id);
        const jf_node node = scalar(expected[i].text);
        double value = -1.0;
        assert_ok(jf_values_read_one(&node, p, NULL, &value));
        assert_int_equal((int)value, expected[i].value);
        assert_string_equal(p->choices[expected[i].value], expected[i].text);
    }
}

static const char *described(const jf_parameter *p)
{
    static char text[200];

    jf_parameter_describe(p, text, sizeof text);
    return text;
}

/* The words of messages, for each kind of range; cut where there is no room. */
static void ranges_are_described_in_words(void **state)
{
    const jf_parameter whole = {.type = JF_TYPE_INTEGER, .low = 1, .high = 1024};
    const jf_parameter open = {.type = JF_TYPE_REAL, .low = 0, .high = 1, .open = 1};
    static const char *const three[] = {"a", "b", "c", NULL};
    const jf_parameter choice = {.type = JF_TYPE_CHOICE, .choices = three};
    char small[4];

    (void)state;
    assert_string_equal(described(&whole), "a whole number from 1 to 1024");
    assert_string_equal(described(&open), "a number above 0 and below 1");
    assert_string_equal(described(jf_parameter_get(JF_P_INIT_SCALE)), "a number above 0");
    assert_string_equal(described(jf_parameter_get(JF_P_EMA_RATE)),
                        "a number from 0 to 1000000000000, or infinite");
    assert_string_equal(described(&choice), "a, b or c");
    assert_string_equal(described(jf_parameter_get(JF_P_SPECTRUM)), "the name of a spectrum");
    jf_parameter_describe(&choice, small, sizeof small);
    assert_string_equal(small, "a, ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_parameter_is_described_whole),
        cmocka_unit_test(parameters_are_found_by_their_name),
        cmocka_unit_test(each_default_is_allowed),
        cmocka_unit_test(each_departure_is_neutral_by_default),
        cmocka_unit_test(values_have_their_words),
        cmocka_unit_test(choices_have_the_numbers_of_the_dataset),
        cmocka_unit_test(ranges_are_described_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
