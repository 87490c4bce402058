/*
 * test_pace.c - predicted seconds and bytes of points, against points solved by the test.
 *
 * CPU times on a machine that others use vary by half, so that they are held in sums and to a
 * factor; what follows from counts is held exactly.
 */
#include "../support/check.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/flow/pace.h"

enum { MOST = 64 };

/* An input with its plan and pace. */
typedef struct {
    jf_input input;
    jf_plan plan;
    jf_pace *pace;
} study;

static void begin(const char *text, study *s)
{
    assert_ok(jf_input_read("in", text, strlen(text), NULL, 0, &s->input));
    assert_ok(jf_plan_init(&s->input, &s->plan));
    assert_ok(jf_pace_measure(&s->plan, &s->pace));
}

static void end(study *s)
{
    jf_pace_destroy(&s->pace);
    assert_null(s->pace);
    jf_pace_destroy(&s->pace);
    jf_input_clear(&s->input);
}

static double predict(const study *s, const jf_point *point, int ranks)
{
    double seconds;

    assert_ok(jf_pace_predict(s->pace, point, ranks, &seconds));
    assert_true(isfinite(seconds) && seconds > 0.0);
    return seconds;
}

/* All points of an input, on one rank. */
static size_t predict_all(const char *text, double seconds[MOST])
{
    study s;

    begin(text, &s);
    assert_true(s.plan.points <= MOST);
    for (size_t i = 0; i < s.plan.points; i++) {
        jf_point point;
        jf_plan_point(&s.plan, i, &point);
        seconds[i] = predict(&s, &point, 1);
    }
    const size_t points = s.plan.points;
    end(&s);
    return points;
}

#define SPECTRA                                                                                    \
    "spectra:\n"                                                                                   \
    "  narrow: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 4}}\n"                                 \
    "  wide: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 96}}\n"

/* Every point has a time, also those in which nothing is learnt, or too much. */
static void each_point_has_a_finite_time(void **state)
{
    static const char *const flows[] = {
        "flow: {rotation: none}\n",
        "flow: {rotation: random, model: layers}\n",
        "flow: {integrator: rkc, horizon: 1000000}\n",
        "flow: {integrator: bdf, tolerance: 1.0e-13}\n",
        "flow: {model: theory}\n",
    };

    (void)state;
    for (size_t n = 0; n < COUNT(flows); n++) {
        char text[1000] = "sweep: {depth: [1, 3, 1024], init_scale: [1.0e-8, 5]}\nspectra:\n"
                          "  a: {lambda: [1.0e-5, 1.0e+5], rho: [1.0e-3, 1.0e+3]}\n"
                          "  b: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 4}}\n";
        double seconds[MOST];
        assert_int_equal(predict_all(strcat(text, flows[n]), seconds), 24);
    }
}

/*
 * Points of some milliseconds, both objectives and models, d = 6 and 24, L = 1, 2, 6, with samples
 * and without: the sum of the measured seconds within a factor 2 of the predicted one, three points
 * of four within a factor 2.5.
 */
static void predicted_seconds_are_those_that_points_take(void **state)
{
    static const char *const flows[] = {
        "flow: {model: balanced}\noutput: {samples: 0}\n",
        "flow: {model: layers, integrator: rock}\noutput: {samples: 100}\n",
        "flow: {model: layers, integrator: erk, rotation: random}\noutput: {samples: 0}\n",
    };
    double predicted = 0.0, measured = 0.0;
    size_t points = 0, near = 0;

    (void)state;
    for (size_t n = 0; n < COUNT(flows); n++) {
        char text[1000] =
            "sweep: {objective: [jepa, mae], depth: [1, 2, 6], init_scale: 0.03}\nspectra:\n"
            "  a: {lambda: 1, rho: {from: 0.7, to: 1.0, count: 6}}\n"
            "  b: {lambda: 1, rho: {from: 0.8, to: 1.0, count: 24}}\n";
        study s;
        jf_record record;
        begin(strcat(text, flows[n]), &s);
        assert_ok(jf_record_init(s.plan.features, s.plan.samples, &record));
        for (size_t i = 0; i < s.plan.points; i++) {
            jf_point point;
            jf_plan_point(&s.plan, i, &point);
            const double expected = predict(&s, &point, 1), before = jf_clock_cpu();
            jf_flow_solve(&point, NULL, NULL, &record);
            const double actual = jf_clock_cpu() - before;
            assert_int_equal(*record.status, JF_POINT_DONE);
            predicted += expected;
            measured += actual;
            near += fabs(log(actual / expected)) < log(2.5);
            points++;
        }
        jf_record_clear(&record);
        end(&s);
    }
    assert_int_equal(points, 36);
    assert_true(4 * near >= 3 * points);
    assert_below(fabs(log(measured / predicted)), log(2.0));
}

/* By the same measurement: deeper, wider, tighter and longer points take longer. */
static void points_take_longer_the_more_is_asked(void **state)
{
    static const struct {
        const char *text;
        double factor; /* at least, from each to the next */
    } sweep[] = {
        {"sweep: {objective: mae, depth: [2, 8, 32, 128], init_scale: 0.01, spectrum: "
         "wide}\n" SPECTRA "flow: {model: layers}\n",
         2.0},
        {"sweep: {objective: mae, depth: 3, init_scale: 0.001, spectrum: [narrow, wide]}\n" SPECTRA,
         10.0},
        {"sweep: {objective: jepa, depth: 3, init_scale: 0.01, spectrum: narrow,\n"
         "        tolerance: [1.0e-4, 1.0e-6, 1.0e-8]}\n" SPECTRA,
         1.3},
        {"sweep: {objective: [mae, jepa], depth: 4, init_scale: 0.001, spectrum: narrow}\n" SPECTRA,
         3.0},
    };
    double seconds[MOST];

    (void)state;
    for (size_t n = 0; n < COUNT(sweep); n++) {
        const size_t points = predict_all(sweep[n].text, seconds);
        assert_true(points > 1);
        for (size_t i = 1; i < points; i++) {
            assert_true(seconds[i] > sweep[n].factor * seconds[i - 1]);
        }
    }
}

/* Three products a layer against 5 + 4 log2 L: at depth 64 the layers are dearer. */
static void layers_take_longer_than_the_balanced_model_at_depth(void **state)
{
    static const char *const model[] = {"layers", "balanced", "theory"};
    double seconds[3], all[MOST];

    (void)state;
    for (size_t n = 0; n < 3; n++) {
        char text[1000];
        strcat(strcat(strcpy(text, "sweep: {objective: mae, depth: 64, init_scale: 0.001, "
                                   "spectrum: wide}\n" SPECTRA "flow: {model: "),
                      model[n]),
               "}\n");
        assert_int_equal(predict_all(text, all), 1);
        seconds[n] = all[0];
    }
    assert_true(seconds[0] > 2.0 * seconds[1]);
    assert_true(seconds[1] > 10.0 * seconds[2]);
}

/* Points that differ in what an outlook does not depend on share it; all others have their own. */
static void outlooks_are_shared_and_not_confused(void **state)
{
    static const char text[] =
        "sweep: {objective: [jepa, mae], depth: [1, 2, 3], init_scale: [0.1, 0.01], seed: [1, 2],\n"
        "        threshold: [0.3, 0.5]}\n" SPECTRA
        "flow: {rotation: random}\noutput: {samples: 0}\n";
    double seconds[2][96];
    study s;

    (void)state;
    begin(text, &s);
    assert_int_equal(s.plan.points, 96);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t k = 0; k < 96; k++) {
            const size_t i = turn == 0 ? k : 95 - k;
            jf_point point;
            jf_outlook outlook;
            jf_plan_point(&s.plan, i, &point);
            seconds[turn][i] = predict(&s, &point, 1);
            assert_ok(jf_point_outlook(&point, &outlook));
            const double evaluations = jf_flow_evaluations(&point, &outlook);
            jf_plan_point(&s.plan, i ^ 2, &point); /* the other seed */
            assert_ok(jf_point_outlook(&point, &outlook));
            assert_true(jf_flow_evaluations(&point, &outlook) == evaluations);
        }
    }
    for (size_t i = 0; i < 96; i++) {
        assert_true(seconds[0][i] == seconds[1][i]);
        assert_true(seconds[0][i] == seconds[0][i ^ 2]);
        assert_true(seconds[0][i] != seconds[0][i ^ 1]); /* the other threshold */
    }
    end(&s);
}

/* Wide points gain by a second rank, more by four; narrow ones lose more by messages. */
static void ranks_together_pay_for_wide_points_only(void **state)
{
    static const char text[] =
        "sweep: {objective: [jepa, mae], depth: [1, 4], init_scale: 0.01}\nspectra:\n"
        "  narrow: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 16}}\n"
        "  wide: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 2048}}\n";
    study s;

    (void)state;
    begin(text, &s);
    for (size_t i = 0; i < s.plan.points; i++) {
        jf_point point;
        jf_plan_point(&s.plan, i, &point);
        const double one = predict(&s, &point, 1), two = predict(&s, &point, 2),
                     four = predict(&s, &point, 4);
        if (point.spectrum->features == 16) {
            assert_true(two > one);
        } else {
            assert_true(two < 0.9 * one && two > 0.55 * one);
            assert_true(four < two && four > 0.25 * one);
        }
    }
    end(&s);
}

/* Too wide for any rank: known at once, by what is known of 256. */
static void a_very_wide_point_is_predicted_at_once(void **state)
{
    enum { D = 60000 };
    static const char text[] = "sweep: {objective: jepa, depth: 2, init_scale: 0.01}\nspectra:\n"
                               "  wide: {lambda: 1, rho: {from: 0.4, to: 1.0, count: 4096}}\n";
    const double before = jf_clock_cpu();
    double *ones = malloc(D * sizeof *ones), bytes;
    char name[] = "very_wide";
    jf_point point;
    study s;

    (void)state;
    for (size_t i = 0; i < D; i++) {
        ones[i] = 1.0;
    }
    const jf_spectrum spectrum = {.name = name, .features = D, .lambda = ones, .rho = ones};
    begin(text, &s);
    jf_plan_point(&s.plan, 0, &point);
    const double narrower = predict(&s, &point, 1);
    point.spectrum = &spectrum;
    assert_true(predict(&s, &point, 1) > 100.0 * narrower);
    assert_ok(jf_pace_memory(&point, 1, &bytes));
    assert_true(bytes > 8.0 * 3.0 * D * (double)D);
    assert_below(jf_clock_cpu() - before, 2.0);
    end(&s);
    free(ones);
}

/*
 * What malloc has given out at the most, seen between steps, against what was foretold: not less
 * than is taken, but for small change, nor half as much again.
 */
static size_t most_bytes;

static int look_at_memory(void *context)
{
    const struct mallinfo2 now = mallinfo2();
    const size_t taken = now.uordblks + now.hblkhd;

    (void)context;
    most_bytes = taken > most_bytes ? taken : most_bytes;
    return 0;
}

static void memory_is_what_is_allocated(void **state)
{
    static const char *const flows[] = {
        "flow: {model: layers, integrator: erk}\n",
        "flow: {model: balanced, integrator: rock}\n",
        "flow: {model: layers, integrator: rkc}\n",
        "flow: {model: balanced}\n",
    };
    const jf_watch watch = {.look = look_at_memory};

    (void)state;
    const char *sanitize = getenv("JF_SANITIZE");
    if (sanitize != NULL && strcmp(sanitize, "yes") == 0) {
        return; /* their malloc() says nothing of what is taken */
    }
    for (size_t n = 0; n < COUNT(flows); n++) {
        char text[1000] = "sweep: {objective: mae, depth: 5, init_scale: 0.1}\nspectra:\n"
                          "  a: {lambda: 1, rho: {from: 0.8, to: 1.0, count: 80}}\n"
                          "output: {samples: 0}\n";
        study s;
        jf_point point;
        jf_record record;
        double bytes;
        begin(strcat(text, flows[n]), &s);
        assert_ok(jf_record_init(80, 0, &record));
        jf_plan_point(&s.plan, 0, &point);
        point.value[JF_P_MAX_STEPS] = 3;
        assert_ok(jf_pace_memory(&point, 1, &bytes));
        most_bytes = 0;
        look_at_memory(NULL);
        const size_t before = most_bytes;
        jf_flow_solve(&point, NULL, &watch, &record);
        const double taken = (double)(most_bytes - before);
        assert_true(taken > 8.0 * 80.0 * 80.0);
        assert_true(bytes > 0.98 * taken && bytes < 1.5 * taken);
        jf_record_clear(&record);
        end(&s);
    }
}

/* Shares of blocks: on 4 ranks a quarter where the blocks come out even, more where not. */
static void memory_is_shared_by_ranks(void **state)
{
    static double ones[200];
    char name[] = "s";
    jf_point point = {0};
    double one, four, three;

    (void)state;
    for (size_t i = 0; i < COUNT(ones); i++) {
        ones[i] = 1.0;
    }
    jf_spectrum spectrum = {.name = name, .features = 128, .lambda = ones, .rho = ones};
    jf_point_set_neutral(&point);
    point.spectrum = &spectrum;
    point.value[JF_P_DEPTH] = 2;
    point.value[JF_P_INIT_SCALE] = 0.1;
    assert_ok(jf_pace_memory(&point, 1, &one));
    assert_ok(jf_pace_memory(&point, 4, &four)); /* 2 x 2, blocks of 64 */
    assert_near(four, one / 4.0, 1e-12);
    spectrum.features = 200;
    assert_ok(jf_pace_memory(&point, 1, &one));
    assert_ok(jf_pace_memory(&point, 3, &three)); /* 1 x 3: blocks 64, 64, 64, 8 */
    assert_near(three, one * 128.0 / 200.0, 1e-12);
    point.value[JF_P_MODEL] = JF_MODEL_THEORY;
    assert_ok(jf_pace_memory(&point, 1, &one));
    assert_true(one == 0.0);
}

/* A point that departs may be handed over to bdf, and its Krylov basis has to fit. */
static void memory_is_kept_for_who_may_take_over(void **state)
{
    double one = 1.0, by_auto, by_bdf, by_erk;
    char name[] = "s";
    jf_spectrum spectrum = {.name = name, .features = 1, .lambda = &one, .rho = &one};
    jf_point point = {.spectrum = &spectrum};

    (void)state;
    jf_point_set_neutral(&point);
    point.value[JF_P_DEPTH] = 2;
    point.value[JF_P_INIT_SCALE] = 0.1;
    point.value[JF_P_IMBALANCE] = 0.5;
    assert_ok(jf_pace_memory(&point, 1, &by_auto));
    point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_BDF;
    assert_ok(jf_pace_memory(&point, 1, &by_bdf));
    point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_ERK;
    assert_ok(jf_pace_memory(&point, 1, &by_erk));
    assert_true(by_auto == by_bdf);
    assert_true(by_erk < by_bdf);
    point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_AUTO;
    point.value[JF_P_IMBALANCE] = 0.0;
    assert_ok(jf_pace_memory(&point, 1, &by_auto));
    assert_true(by_auto < by_bdf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_point_has_a_finite_time),
        cmocka_unit_test(predicted_seconds_are_those_that_points_take),
        cmocka_unit_test(points_take_longer_the_more_is_asked),
        cmocka_unit_test(layers_take_longer_than_the_balanced_model_at_depth),
        cmocka_unit_test(outlooks_are_shared_and_not_confused),
        cmocka_unit_test(ranks_together_pay_for_wide_points_only),
        cmocka_unit_test(a_very_wide_point_is_predicted_at_once),
        cmocka_unit_test(memory_is_what_is_allocated),
        cmocka_unit_test(memory_is_shared_by_ranks),
        cmocka_unit_test(memory_is_kept_for_who_may_take_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
