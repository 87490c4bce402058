/*
 * test_input.c - an input read whole: values given and by default, --set in all its forms, and what
 * is refused.
 */
#include "../support/check.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/base/text.h"
#include "jepaflow/sweep/input.h"

/* The smallest input: everything else has a default. */
#define LEAST "sweep: {depth: 2, init_scale: 0.01}\nspectra:\n  one: {lambda: 1, rho: 1}\n"

static jf_status read_with(const char *text, const char *set, jf_input *out)
{
    return jf_input_read("in.yaml", text, strlen(text), &set, set != NULL ? 1 : 0, out);
}

static void refuse(const char *text, const char *set, const char *message)
{
    jf_input in = {.spectra_count = 9};

    assert_refused(read_with(text, set, &in), JF_ERR_USAGE, message);
    assert_null(in.title);
    assert_int_equal(in.spectra_count, 0);
}

/* The one value of a parameter after --set, or of the least input where `set` is NULL. */
static double value_after(const char *set, jf_parameter_id id)
{
    jf_input in;

    assert_ok(read_with(LEAST, set, &in));
    assert_int_equal(in.setting[id].count, 1);
    const double value = in.setting[id].at[0];
    jf_input_clear(&in);
    return value;
}

/* DESIGN.md, section 5: the defaults of its example and of the table. */
static void what_is_left_out_has_its_default(void **state)
{
    jf_input in;

    (void)state;
    assert_ok(read_with(LEAST, NULL, &in));
    assert_string_equal(in.title, "");
    assert_int_equal(in.setting[JF_P_OBJECTIVE].count, 2);
    assert_true(in.setting[JF_P_OBJECTIVE].at[0] == 0.0 && in.setting[JF_P_OBJECTIVE].at[1] == 1.0);
    assert_true(in.setting[JF_P_SEED].at[0] == 1.0);
    assert_true(in.setting[JF_P_MODEL].at[0] == JF_MODEL_AUTO);
    assert_true(in.setting[JF_P_INTEGRATOR].at[0] == JF_INTEGRATOR_AUTO);
    assert_true(in.setting[JF_P_TOLERANCE].at[0] == 1e-6);
    assert_true(in.setting[JF_P_THRESHOLD].at[0] == 0.5);
    assert_true(in.setting[JF_P_SAMPLES].at[0] == 200.0);
    assert_true(in.setting[JF_P_ROTATION].at[0] == JF_ROTATION_NONE);
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        assert_true(in.setting[i].count >= 1);
        assert_int_equal(in.swept[i], i == JF_P_DEPTH || i == JF_P_INIT_SCALE);
    }
    jf_input_clear(&in);
    assert_null(in.title);
}

/* Each value of a full input, where it was written. */
static void what_is_given_is_read(void **state)
{
    static const char text[] =
        "title: A line\n"
        "sweep:\n"
        "  objective: [mae]\n"
        "  depth: [1, 3]\n"
        "  init_scale: {from: 1.0e-3, to: 1.0e-1, count: 3, spacing: log}\n"
        "  spectrum: [b, a]\n"
        "  seed: [5, 6]\n"
        "  threshold: [0.5, 0.9]\n"
        "spectra:\n"
        "  a: {lambda: 1, rho: [1, 2]}\n"
        "  b: {lambda: [1, 2, 3], rho: 1}\n"
        "flow: {model: layers, integrator: erk, tolerance: 1.0e-8, rotation: random}\n"
        "output:\n"
        "  samples: 0\n";
    jf_input in;

    (void)state;
    assert_ok(read_with(text, NULL, &in));
    assert_string_equal(in.title, "A line");
    assert_int_equal(in.setting[JF_P_OBJECTIVE].count, 1);
    assert_true(in.setting[JF_P_DEPTH].at[1] == 3.0);
    assert_true(in.setting[JF_P_INIT_SCALE].at[1] == 0.01);
    assert_true(in.setting[JF_P_SPECTRUM].at[0] == 1.0 && in.setting[JF_P_SPECTRUM].at[1] == 0.0);
    assert_int_equal(in.setting[JF_P_SEED].count, 2);
    assert_true(in.swept[JF_P_THRESHOLD]);
    assert_true(in.setting[JF_P_THRESHOLD].at[1] == 0.9);
    assert_true(in.setting[JF_P_MODEL].at[0] == JF_MODEL_LAYERS);
    assert_true(in.setting[JF_P_TOLERANCE].at[0] == 1e-8);
    assert_true(in.setting[JF_P_ROTATION].at[0] == JF_ROTATION_RANDOM);
    assert_true(in.setting[JF_P_SAMPLES].at[0] == 0.0);
    assert_int_equal(in.spectra_count, 2);
    assert_string_equal(in.spectra[1].name, "b");
    assert_int_equal(in.spectra[1].features, 3);
    jf_input_clear(&in);
}

/*
 * A bare name, a path, a section's own place, a range, a title, a spectrum, all on the command
 * line.
 */
static void set_takes_every_form(void **state)
{
    jf_input in;

    (void)state;
    assert_true(value_after("depth=7", JF_P_DEPTH) == 7.0);
    assert_true(value_after("sweep.depth=7", JF_P_DEPTH) == 7.0);
    assert_true(value_after("tolerance=1e-9", JF_P_TOLERANCE) == 1e-9);
    assert_true(value_after("flow.tolerance=1e-9", JF_P_TOLERANCE) == 1e-9);
    assert_true(value_after("samples=0", JF_P_SAMPLES) == 0.0);
    assert_true(value_after("objective=mae", JF_P_OBJECTIVE) == 1.0);
    assert_true(value_after("model=layers", JF_P_MODEL) == JF_MODEL_LAYERS);

    assert_ok(read_with(LEAST, "depth=[3, 4, 5]", &in));
    assert_int_equal(in.setting[JF_P_DEPTH].count, 3);
    jf_input_clear(&in);
    assert_ok(read_with(LEAST, "threshold={from: 0.1, to: 0.9, count: 3}", &in));
    assert_true(in.swept[JF_P_THRESHOLD]);
    assert_int_equal(in.setting[JF_P_THRESHOLD].count, 3);
    jf_input_clear(&in);
    assert_ok(read_with(LEAST, "title=a = b", &in));
    assert_string_equal(in.title, "a = b");
    jf_input_clear(&in);
    assert_ok(read_with(LEAST, "spectra.one.rho=[1, 2]", &in));
    assert_int_equal(in.spectra[0].features, 2);
    jf_input_clear(&in);
    assert_ok(read_with(LEAST, "spectra.two={lambda: 1, rho: 2}", &in));
    assert_int_equal(in.spectra_count, 2);
    assert_int_equal(in.setting[JF_P_SPECTRUM].count, 2);
    jf_input_clear(&in);
}

/* The last of two wins, and one may complete what another began. */
static void set_is_applied_in_order(void **state)
{
    const char *const sets[] = {"depth=3", "spectra.new.lambda=2", "depth=4", "spectra.new.rho=3"};
    jf_input in;

    (void)state;
    assert_ok(jf_input_read("in.yaml", LEAST, strlen(LEAST), sets, COUNT(sets), &in));
    assert_true(in.setting[JF_P_DEPTH].at[0] == 4.0);
    assert_true(in.spectra[1].lambda[0] == 2.0 && in.spectra[1].rho[0] == 3.0);
    jf_input_clear(&in);
}

/* A parameter that the input sweeps is set where it stands, in the sweep: it is not given twice. */
static void set_finds_a_parameter_that_is_swept(void **state)
{
    static const char text[] = "sweep: {depth: 2, init_scale: 0.01, tolerance: [1.0e-6, 1.0e-8]}\n"
                               "spectra: {one: {lambda: 1, rho: 1}}\n";
    jf_input in;

    (void)state;
    assert_ok(read_with(text, "tolerance=1e-4", &in));
    assert_int_equal(in.setting[JF_P_TOLERANCE].count, 1);
    assert_true(in.swept[JF_P_TOLERANCE]);
    jf_input_clear(&in);
}

/* Several values of one that the input fixes belong in the sweep, and the others stay. */
static void set_moves_a_parameter_to_the_sweep(void **state)
{
    static const char text[] = "sweep: {depth: 2, init_scale: 0.01}\n"
                               "spectra: {one: {lambda: 1, rho: 1}}\n"
                               "flow: {threshold: 0.3, tolerance: 1.0e-5, horizon: 3}\n";
    jf_input in;

    (void)state;
    assert_ok(read_with(text, "tolerance=[1e-4, 1e-6]", &in));
    assert_int_equal(in.setting[JF_P_TOLERANCE].count, 2);
    assert_true(in.setting[JF_P_TOLERANCE].at[1] == 1e-6);
    assert_true(in.swept[JF_P_TOLERANCE]);
    assert_true(in.setting[JF_P_THRESHOLD].at[0] == 0.3);
    assert_true(in.setting[JF_P_HORIZON].at[0] == 3.0);
    jf_input_clear(&in);
    assert_ok(read_with(text, "tolerance=1e-4", &in));
    assert_false(in.swept[JF_P_TOLERANCE]);
    jf_input_clear(&in);
    refuse(text, "model=[layers, balanced]", "model is a list, expected auto, theory");
}

/* Messages name the option, not a line of the file. */
static void wrong_settings_are_refused(void **state)
{
    (void)state;
    refuse(LEAST, "depht=3", "unknown key 'depht'; did you mean 'depth'?");
    refuse(LEAST, "nonsense_at_all=3", "unknown key 'nonsense_at_all'");
    refuse(LEAST, "depth", "--set depth: expected key=value");
    refuse(LEAST, "=3", "expected key=value");
    refuse(LEAST, "", "expected key=value");
    refuse(LEAST, "depth=", "--set depth=");
    refuse(LEAST, "depth=0", "depth is 0, expected a whole number from 1 to 1024");
    refuse(LEAST, "flow.tolerence=1",
           "unknown key 'tolerence' in 'flow'; did you mean 'tolerance'?");
    refuse(LEAST, "flwo.tolerance=1", "unknown key 'flwo' in the input; did you mean 'flow'?");
    refuse(LEAST, "sweep.depth.deeper=1", "there is no such key");
    refuse(LEAST, "sweep..depth=1", "there is no such key");
    refuse(LEAST, "depth=[1, 2", "--set depth=[1, 2");
    refuse(LEAST, "samples=[1, 2]", "samples is a list, expected");
}

/*
 * Whole inputs that say too little, too much or the wrong thing, each with its place and what was
 * expected.
 */
static void wrong_inputs_are_refused(void **state)
{
    static const char spectra[] = "spectra: {one: {lambda: 1, rho: 1}}\n";
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"", "in.yaml:1:1: is empty"},
        {"just text\n", "in.yaml:1:1: expected 'key: value' lines"},
        {"[1, 2]\n", "expected 'key: value' lines: title, sweep, spectra, data, start, training, "
                     "network, flow, output"},
        {"sweep: {depth: 1, init_scale: 1}\n", "no spectrum is defined"},
        {"sweep: {depth: 1, init_scale: 1}\nspectra:\n", "no spectrum is defined"},
        {"sweeep: {depth: 1}\n",
         "in.yaml:1:1: unknown key 'sweeep' in the input; did you mean 'sweep'?"},
        {"sweep: [1]\n", "in.yaml:1:8: 'sweep' is not a map"},
        {"flow: fast\n", "'flow' is not a map"},
        {"sweep: {init_scale: 1}\n",
         "'sweep' lacks 'depth', expected a whole number from 1 to 1024"},
        {"sweep: {depth: 1}\n", "'sweep' lacks 'init_scale', expected a number above 0"},
        {"sweep: {depth: 1, init_scale: -1}\n",
         "in.yaml:1:31: init_scale is -1, expected a number above 0"},
        {"sweep: {depth: 1, init_scale: 1, sede: 3}\n",
         "in.yaml:1:34: unknown key 'sede' in 'sweep'; did you mean 'seed'?"},
        {"sweep: {depth: 1, init_scale: 1, model: layers}\n",
         "unknown key 'model' in 'sweep'; it belongs in 'flow'"},
        {"sweep: {depth: [1, 2, 1], init_scale: 1}\n", "in.yaml:1:23: depth has 1 twice"},
        {"sweep: {depth: 1, init_scale: 1, spectrum: two}\n",
         "spectrum is 'two', expected the name of a spectrum"},
        {"sweep: {depth: 1, init_scale: 1, tolerance: 1.0e-4}\nflow: {tolerance: 1.0e-5}\n",
         "in.yaml:2:19: 'tolerance' is given twice, also under 'sweep' in line 1"},
        {"sweep: {depth: 1, init_scale: 1}\nflow: {tolerance: [1.0e-5, 1.0e-6]}\n",
         "in.yaml:2:19: tolerance has several values, expected one here; put it under 'sweep' to "
         "vary it"},
        {"sweep: {depth: 1, init_scale: 1}\nflow: {depth: 1}\n",
         "in.yaml:2:8: unknown key 'depth' in 'flow'; it belongs in 'sweep'"},
        {"sweep: {depth: 1, init_scale: 1}\noutput: {samples: -1}\n",
         "samples is -1, expected a whole number from 0 to 100000"},
        {"sweep: {depth: 1, init_scale: 1}\noutput: {samples: 1.5}\n", "samples is 1.5"},
        {"title: [a]\nsweep: {depth: 1, init_scale: 1}\n", "in.yaml:1:8: expected a title"},
        {"title: \"a\\tb\"\nsweep: {depth: 1, init_scale: 1}\n",
         "the title has a control character"},
        {"sweep:\n\tdepth: 1\n", "in.yaml:2:1: a tab"},
    };
    char text[1000];

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const int whole = i >= 5; /* the first lack their spectra, or are no maps */
        snprintf(text, sizeof text, "%s%s", wrong[i].text, whole ? spectra : "");
        refuse(text, NULL, wrong[i].message);
    }
}

/* Spectra under names that could not stand in messages, files or figures, and twice the same. */
static void wrong_spectra_are_refused(void **state)
{
    (void)state;
    refuse("sweep: {depth: 1, init_scale: 1}\nspectra: {'a b': {lambda: 1, rho: 1}}\n", NULL,
           "in.yaml:2:11: 'a b' as the name of a spectrum");
    refuse("sweep: {depth: 1, init_scale: 1}\nspectra: {'': {lambda: 1, rho: 1}}\n", NULL,
           "'' as the name of a spectrum");
    refuse("sweep: {depth: 1, init_scale: 1}\nspectra: {`ls`: {lambda: 1, rho: 1}}\n", NULL,
           "in.yaml:2:");
    refuse("sweep: {depth: 1, init_scale: 1}\nspectra:\n  a: {lambda: 1, rho: 1}\n  a: {lambda: 1, "
           "rho: 1}\n",
           NULL, "in.yaml:4:3: 'a' is given twice, first in line 3");
    refuse("sweep: {depth: 1, init_scale: 1}\nspectra: {a: {lambda: 1, rho: 1}, b: 3}\n", NULL,
           "in.yaml:2:38: spectrum 'b' is not a map");
}

/* Sections that are there but empty are as good as left out. */
static void empty_sections_are_left_out(void **state)
{
    jf_input in;

    (void)state;
    assert_ok(read_with(LEAST "flow:\noutput:\n", NULL, &in));
    assert_true(in.setting[JF_P_TOLERANCE].at[0] == 1e-6);
    jf_input_clear(&in);
    assert_ok(read_with(LEAST "flow:\n", "tolerance=1e-3", &in));
    assert_true(in.setting[JF_P_TOLERANCE].at[0] == 1e-3);
    jf_input_clear(&in);
}

/* Sizes that no memory holds, by what the input promises: nothing is made of them. */
static void what_is_too_large_is_refused_at_its_place(void **state)
{
    static const char axes[] = "sweep:\n"
                               "  depth: 2\n"
                               "  init_scale: {from: 0.1, to: 0.2, count: 100000}\n"
                               "  seed: {from: 1, to: 100000, count: 100000}\n"
                               "  tolerance: {from: 0.001, to: 0.01, count: 50000}\n"
                               "spectra:\n  one: {lambda: 1, rho: 1}\n";
    jf_string text = {0};
    jf_input in;

    (void)state;
    refuse(axes, NULL, "in.yaml:2:3: the sweep has 1e+15 points, a dataset of ");
    refuse(LEAST, "output.samples=1e12",
           "--set output.samples=1e12:1:1: samples is 1e12, expected");
    refuse(LEAST "  wide: {lambda: 1, rho: {from: 1, to: 2, count: 16384}}\n"
                 "output:\n  samples: 100000\n",
           NULL, "in.yaml:6:12: 100000 samples of 16384 features are 39.3 GB for each point");
    assert_ok(read_with(LEAST "  wide: {lambda: 1, rho: {from: 1, to: 2, count: 16384}}\n"
                              "output:\n  samples: 100000\n",
                        "spectrum=one", &in));
    jf_input_clear(&in);
    jf_string_add(&text, "%s", LEAST);
    for (int i = 0; i < 17; i++) {
        jf_string_add(&text, "  s%d: {lambda: 1, rho: {from: 1, to: 2, count: 16384}}\n", i);
    }
    refuse(text.text, NULL,
           "in.yaml:3:3: 278529 features in all spectra together, expected at most 262144");
    jf_string_clear(&text);
}

/* Many names of which there are two: the first that stands twice is found at once. */
static void endless_names_are_refused(void **state)
{
    jf_string text = {0};

    (void)state;
    jf_string_add(&text, "sweep: {depth: 2, init_scale: 0.01, spectrum: [two");
    for (int i = 0; i < 9999; i++) {
        jf_string_add(&text, ", one");
    }
    jf_string_add(&text, "]}\nspectra:\n  one: {lambda: 1, rho: 1}\n  two: {lambda: 1, rho: 1}\n");
    refuse(text.text, NULL, "in.yaml:1:58: spectrum has one twice, expected each value once");
    jf_string_clear(&text);
}

/* What a terminal would obey, however it is written. */
static void a_title_is_a_line_of_text(void **state)
{
    static const char *const titles[] = {"\\e[2J",  "\\x9b31m", "\\u202etxt", "\\u2028",
                                         "\\ufeff", "\\uffff",  "a\\tb",      "\\x85"};
    char text[256];
    jf_input in;

    (void)state;
    for (size_t i = 0; i < COUNT(titles); i++) {
        snprintf(text, sizeof text, "title: \"%s\"\n%s", titles[i], LEAST);
        refuse(text, NULL, "in.yaml:1:8: the title has a control character");
    }
    refuse("title: x\xe2\x80\xaetxt\n" LEAST, NULL, "the title has a control character");
    assert_ok(read_with("title: \"caf\\u00e9 \\U0001f52c\"\n" LEAST, NULL, &in));
    assert_string_equal(in.title, "caf\xc3\xa9 \xf0\x9f\x94\xac");
    jf_input_clear(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(what_is_given_is_read),
        cmocka_unit_test(set_takes_every_form),
        cmocka_unit_test(set_is_applied_in_order),
        cmocka_unit_test(set_finds_a_parameter_that_is_swept),
        cmocka_unit_test(set_moves_a_parameter_to_the_sweep),
        cmocka_unit_test(wrong_settings_are_refused),
        cmocka_unit_test(wrong_inputs_are_refused),
        cmocka_unit_test(wrong_spectra_are_refused),
        cmocka_unit_test(empty_sections_are_left_out),
        cmocka_unit_test(what_is_too_large_is_refused_at_its_place),
        cmocka_unit_test(endless_names_are_refused),
        cmocka_unit_test(a_title_is_a_line_of_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
