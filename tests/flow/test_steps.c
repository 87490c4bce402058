/*
 * test_steps.c - points trained in steps: descent against the flow that it follows as steps grow
 * short, batches against the covariances that they grow to, nonlinear encoders against linear ones
 * at small amplitude; steps that run away, runs in pieces, probes, and settings that do not go
 * together.
 */
#include "../support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jepaflow/flow/flow.h"
#include "jepaflow/flow/pace.h"
#include "jepaflow/sweep/plan.h"

static const char input_text[] = "sweep: {objective: [jepa, mae], depth: 2, init_scale: 0.05}\n"
                                 "spectra:\n"
                                 "  s: {lambda: [0.8, 0.9, 1.0], rho: [1.0, 0.7, 0.4]}\n"
                                 "output: {samples: 10}\n";

enum { D = 3, SAMPLES = 10, MOST_SETTINGS = 10 };

/* The sweep with some settings: key=value, separated by blanks. */
typedef struct {
    jf_input input;
    jf_plan plan;
} sweep;

static jf_status read_input(const char *settings, jf_input *out)
{
    char copy[400];
    const char *set[MOST_SETTINGS];
    size_t count = 0;

    assert_true(strlen(settings) < sizeof copy);
    strcpy(copy, settings);
    for (char *s = strtok(copy, " "); s != NULL; s = strtok(NULL, " ")) {
        assert_true(count < MOST_SETTINGS);
        set[count++] = s;
    }
    return jf_input_read("in.yaml", input_text, strlen(input_text), set, count, out);
}

static void begin(const char *settings, sweep *s)
{
    assert_ok(read_input(settings, &s->input));
    assert_ok(jf_plan_init(&s->input, &s->plan));
}

static void solve(const char *settings, size_t index, const jf_watch *watch, jf_record *record)
{
    jf_point point;
    sweep s;

    begin(settings, &s);
    if (record->memory == NULL) {
        assert_ok(jf_record_init(D, SAMPLES, record));
    }
    jf_plan_point(&s.plan, index, &point);
    jf_flow_solve(&point, NULL, watch, record);
    jf_input_clear(&s.input);
}

/* Largest relative difference of critical times; both have the same cells. */
static double distance(const jf_record *a, const jf_record *b)
{
    double most = 0.0;

    for (size_t i = 0; i < D; i++) {
        assert_int_equal(a->critical_time_status[i], b->critical_time_status[i]);
        if (a->critical_time_status[i] == JF_REACHED) {
            most = fmax(most, fabs(a->critical_time[i] / b->critical_time[i] - 1.0));
        }
    }
    assert_true(most > 0.0);
    return most;
}

/* The root of the mean square of the relative differences of all projections. */
static double spread(const jf_record *a, const jf_record *b)
{
    double sum = 0.0;

    for (size_t k = 0; k < SAMPLES * D; k++) {
        const double difference = a->projection[k] / b->projection[k] - 1.0;
        sum += difference * difference;
    }
    return sqrt(sum / (SAMPLES * D));
}

/* ---- descent ---- */

/* Half the step, half the error of the critical times: slope 1.0 within 0.1. */
static void descent_converges_to_the_flow_at_first_order(void **state)
{
    static const char *const depths[] = {"depth=1", "depth=3"};
    static const char *const rates[] = {"learning_rate=0.08", "learning_rate=0.02"};
    jf_record flow = {0}, steps = {0};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(depths); n++) {
        double error[2];
        solve(depths[n / 2], n % 2, NULL, &flow);
        assert_int_equal(*flow.assumption, JF_ASSUMPTION_HOLDS);
        for (size_t k = 0; k < 2; k++) {
            char settings[100];
            snprintf(settings, sizeof settings, "method=descent %s %s", depths[n / 2], rates[k]);
            solve(settings, n % 2, NULL, &steps);
            assert_int_equal(*steps.status, JF_POINT_DONE);
            assert_int_equal(*steps.assumption, JF_ASSUMPTION_DEPARTS);
            assert_int_equal(*steps.model, JF_MODEL_LAYERS);
            assert_int_equal(*steps.integrator, JF_INTEGRATOR_DESCENT);
            assert_int_equal(*steps.steps, *steps.rhs_evaluations);
            error[k] = distance(&steps, &flow);
        }
        assert_within(log(error[0] / error[1]) / log(4.0), 1.0, 0.1);
    }
    jf_record_clear(&flow);
    jf_record_clear(&steps);
}

/* The end is after a whole number of steps, the first at or past the end of the flow. */
static void steps_are_whole(void **state)
{
    jf_record r = {0};

    (void)state;
    solve("method=descent learning_rate=0.3", 0, NULL, &r);
    const double last = r.time[SAMPLES - 1] / 0.3;
    assert_true(fabs(last - round(last)) > 1e-3); /* the flow's end is elsewhere */
    assert_int_equal(*r.steps, (int64_t)ceil(last));
    jf_record_clear(&r);
}

/* Steps that are too long are a row with a status and a reason. */
static void steps_that_run_away_say_so(void **state)
{
    static const char *const settings[] = {"method=descent learning_rate=3 horizon=50",
                                           "method=descent learning_rate=3 horizon=50 batch=8"};
    jf_record r = {0};

    (void)state;
    for (size_t k = 0; k < COUNT(settings); k++) {
        solve(settings[k], 1, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DIVERGED);
        assert_int_equal(*r.reason, JF_REASON_STEP_TOO_LONG);
    }
    jf_record_clear(&r);
}

/* ---- pairs ---- */

/* Sixty-four times the pairs, an eighth of the noise, around the descent by covariances. */
static void batches_converge_to_the_covariances(void **state)
{
    enum { SEEDS = 12 };
    jf_record exact = {0}, sampled = {0};

    (void)state;
    for (size_t objective = 0; objective < 2; objective++) {
        double sum[2] = {0.0, 0.0};
        solve("method=descent learning_rate=0.1 horizon=1", objective, NULL, &exact);
        for (int n = 0; n < 2 * SEEDS; n++) {
            char settings[120];
            snprintf(settings, sizeof settings,
                     "method=descent learning_rate=0.1 horizon=1 seed=%d batch=%d", 1 + n / 2,
                     n % 2 == 0 ? 16 : 1024);
            solve(settings, objective, NULL, &sampled);
            assert_int_equal(*sampled.status, JF_POINT_DONE);
            sum[n % 2] += pow(spread(&sampled, &exact), 2.0);
        }
        assert_near(sqrt(sum[0] / sum[1]), 8.0, 0.3);
    }
    jf_record_clear(&exact);
    jf_record_clear(&sampled);
}

/*
 * With tanh as with a linear encoder, from the same pairs, while amplitudes are small: their
 * difference falls as the square of a layer's amplitude, eps^{2/L}: here 100 times.
 */
static void tanh_tends_to_the_linear_encoder(void **state)
{
    jf_record linear = {0}, curved = {0};
    double last = 0.0;

    (void)state;
    for (int k = 0; k < 2; k++) {
        char settings[160];
        /* so low a threshold that nothing has grown far before the end */
        snprintf(settings, sizeof settings,
                 "method=descent learning_rate=0.01 batch=32 horizon=1 max_steps=40 "
                 "init_scale=%s",
                 k == 0 ? "1.0e-3" : "1.0e-5");
        solve(settings, 1, NULL, &linear);
        strcat(settings, " activation=tanh");
        solve(settings, 1, NULL, &curved);
        assert_int_equal(*curved.reason, JF_REASON_STEP_BUDGET);
        double difference = 0.0;
        for (size_t i = 0; i < D; i++) {
            difference = fmax(difference,
                              fabs(curved.final_projection[i] / linear.final_projection[i] - 1.0));
        }
        assert_true(difference > 0.0);
        if (k == 1) {
            assert_near(last / difference, 100.0, 0.1);
        }
        last = difference;
    }
    jf_record_clear(&linear);
    jf_record_clear(&curved);
}

/* ---- in pieces, and what must not be seen ---- */

typedef struct {
    int64_t left;
    jf_wire kept;
} keeper;

static int look(void *context)
{
    keeper *k = context;

    return --k->left == 0 ? JF_STOP : JF_GO_ON;
}

static void keep(void *context, const jf_wire *wire)
{
    keeper *k = context;

    jf_wire_rewind(&k->kept);
    for (size_t i = 0; i < wire->size; i++) {
        jf_wire_put_i8(&k->kept, (int8_t)wire->data[i]);
    }
}

/* All but the seconds and, on demand, the probe. */
static void assert_equal_records(const jf_record *a, const jf_record *b, int probe)
{
    size_t count;
    const jf_field *fields = jf_record_fields(&count);

    for (size_t f = 0; f < count; f++) {
        const size_t width = fields[f].type == JF_FIELD_BYTE ? 1 : 8;
        const size_t size = width * jf_field_count(&fields[f], D, SAMPLES);
        if (strcmp(fields[f].name, "seconds") == 0 ||
            (!probe && strcmp(fields[f].name, "probe") == 0)) {
            continue;
        }
        if (memcmp(jf_field_data(&fields[f], a), jf_field_data(&fields[f], b), size) != 0) {
            fail_msg("%s differs", fields[f].name);
        }
    }
}

/*
 * Stopped after 17 steps and gone on with: the same in every bit, with the same pairs, probes and
 * target encoder.
 */
static void training_goes_on_from_what_was_saved(void **state)
{
    static const char *const settings[] = {
        "method=descent learning_rate=0.2 probe=yes",
        "method=descent learning_rate=0.2 batch=4 rotation=random",
        "method=descent learning_rate=0.2 batch=4 activation=tanh probe=yes horizon=1",
        "method=descent learning_rate=0.2 ema_rate=0.3",
        "ema_rate=0.3 start=gaussian probe=yes",
    };
    jf_record whole = {0}, pieces = {0};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(settings); n++) {
        const char *const set = settings[n / 2];
        keeper k = {.left = 17};
        jf_watch watch = {.look = look, .save = keep, .context = &k};
        solve(set, n % 2, NULL, &whole);
        solve(set, n % 2, &watch, &pieces);
        assert_int_equal(*pieces.status, JF_POINT_STOPPED);
        assert_true(k.kept.size > 0);
        jf_wire_reader reader = {.data = k.kept.data, .size = k.kept.size};
        watch.saved = &reader;
        solve(set, n % 2, &watch, &pieces);
        assert_int_equal(*pieces.status, JF_POINT_DONE);
        assert_equal_records(&pieces, &whole, 1);
        jf_wire_clear(&k.kept);
    }
    jf_record_clear(&whole);
    jf_record_clear(&pieces);
}

/* At their neutral values the settings change no bit, and a probe changes none of the rest. */
static void neutral_settings_change_nothing(void **state)
{
    static const char *const settings[] = {
        "method=flow learning_rate=0.5",
        "batch=infinite activation=linear",
        "probe=no probe_ridge=3",
        "probe=yes",
    };
    jf_record plain = {0}, other = {0};

    (void)state;
    for (size_t n = 0; n < 2 * COUNT(settings); n++) {
        const int probed = n / 2 == COUNT(settings) - 1;
        solve("seed=1", n % 2, NULL, &plain);
        solve(settings[n / 2], n % 2, NULL, &other);
        assert_equal_records(&plain, &other, !probed);
        assert_true(isnan(plain.probe[0]));
        assert_int_equal(isfinite(other.probe[D]) != 0, probed);
    }
    jf_record_clear(&plain);
    jf_record_clear(&other);
}

/* R^2_i = s w^2 / (s w^2 + ridge mean(s w^2)) of the projections, where features stay apart. */
static void probes_read_what_the_projections_say(void **state)
{
    static const double variance[D] = {0.8 / 1.0, 0.9 / 0.7, 1.0 / 0.4};
    jf_record r = {0};

    (void)state;
    solve("probe=yes probe_ridge=0.2", 0, NULL, &r);
    for (size_t j = 0; j < SAMPLES; j++) {
        double mean = 0.0;
        for (size_t i = 0; i < D; i++) {
            mean += variance[i] * pow(r.projection[i + j * D], 2.0) / D;
        }
        for (size_t i = 0; i < D; i++) {
            const double power = variance[i] * pow(r.projection[i + j * D], 2.0);
            assert_within(r.probe[i + j * D], power / (power + 0.2 * mean), 1e-9);
        }
    }
    jf_record_clear(&r);
}

/* ---- predictions and refusals ---- */

/* The number of steps is known; their seconds are finite and rise with what there is to do. */
static void the_cost_of_steps_is_predicted(void **state)
{
    static const char *const settings[] = {
        "method=descent",
        "method=descent batch=8",
        "method=descent batch=800",
        "method=descent batch=800 activation=tanh",
        "method=descent batch=800 activation=tanh learning_rate=0.001",
    };
    sweep s[COUNT(settings)];
    double last = 0.0, bytes_last = 0.0;
    jf_pace *pace; /* one for all: what is measured does not differ */

    (void)state;
    begin(settings[0], &s[0]);
    assert_ok(jf_pace_measure(&s[0].plan, &pace));
    for (size_t n = 0; n < COUNT(settings); n++) {
        jf_outlook outlook;
        jf_point point;
        double seconds, bytes;
        if (n > 0) {
            begin(settings[n], &s[n]);
        }
        jf_plan_point(&s[n].plan, 1, &point);
        assert_ok(jf_point_outlook(&point, &outlook));
        assert_true(jf_flow_evaluations(&point, &outlook) ==
                    ceil(outlook.end / point.value[JF_P_LEARNING_RATE]));
        assert_ok(jf_pace_predict(pace, &point, 1, &seconds));
        assert_ok(jf_pace_memory(&point, 1, &bytes));
        assert_true(isfinite(seconds) && seconds > last);
        assert_true(isfinite(bytes) && bytes >= bytes_last);
        last = seconds;
        bytes_last = bytes;
    }
    jf_pace_destroy(&pace);
    for (size_t n = 0; n < COUNT(settings); n++) {
        jf_input_clear(&s[n].input);
    }
}

static void settings_that_contradict_are_refused(void **state)
{
    static const char *const wrong[][2] = {
        {"batch=8", "--set batch=8:1:1: batch is 8, but method is flow"},
        {"activation=tanh method=descent", "activation is tanh, but batch is infinite"},
        {"activation=relu", "activation is relu, but batch is infinite"},
        {"method=descent integrator=bdf", "integrator is bdf, but method is descent"},
        {"method=descent model=balanced", "model is balanced, but method is descent"},
        {"method=descent batch=8 objective=jepa ema_rate=1", "batch is 8, but ema_rate is 1"},
        {"method=descent batch=8 objective=jepa stop_gradient=no",
         "batch is 8, but stop_gradient is no"},
        {"learning_rate=0", "expected a number above 0"},
        {"batch=0", "expected a whole number from 1 to 1000000000, or infinite"},
        {"batch=2.5", "expected a whole number"},
        {"probe=maybe", "expected no or yes"},
    };
    jf_input in;

    (void)state;
    for (size_t n = 0; n < COUNT(wrong); n++) {
        assert_refused(read_input(wrong[n][0], &in), JF_ERR_USAGE, wrong[n][1]);
    }
    assert_ok(read_input("method=[flow,descent] batch=8", &in)); /* some points may be solved */
    jf_input_clear(&in);
    jf_record r = {0};
    hear();
    solve("method=[flow,descent] batch=8", 0, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_FAILED);
    assert_int_equal(*r.reason, JF_REASON_CONTRADICTION);
    jf_record_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descent_converges_to_the_flow_at_first_order),
        cmocka_unit_test(steps_are_whole),
        cmocka_unit_test(steps_that_run_away_say_so),
        cmocka_unit_test(batches_converge_to_the_covariances),
        cmocka_unit_test(tanh_tends_to_the_linear_encoder),
        cmocka_unit_test(training_goes_on_from_what_was_saved),
        cmocka_unit_test(neutral_settings_change_nothing),
        cmocka_unit_test(probes_read_what_the_projections_say),
        cmocka_unit_test(the_cost_of_steps_is_predicted),
        cmocka_unit_test(settings_that_contradict_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
