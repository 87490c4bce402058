/*
 * test_observer.c - crossings and samples of flows whose solution is known in closed form: a model
 * made for the purpose grows exponentially, or as a logistic curve, and is shown to the observer in
 * steps of any length.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/flow/observer.h"
#include "jepaflow/theory/feature.h"

enum { D = 3, SIZE = D * D, STATE = 2 * SIZE };

/* ---- a model of two diagonal matrices, Wbar and V: dWbar/dt = g(wbar) Wbar, dV/dt = 0 ---- */

static const double growth[D] = {1.0, 0.5, -0.25};
static double capacity; /* of the logistic curve; infinite: exponential growth */

static size_t matrices(size_t depth)
{
    (void)depth;
    return 2;
}

/* The workspace keeps where the model was placed; what asks for it elsewhere is a mistake. */
static void place(const jf_model *model, const double *state)
{
    memcpy(model->work, state, STATE * sizeof *state);
}

static void assert_placed(const jf_model *model, const double *state)
{
    assert_memory_equal(model->work, state, STATE * sizeof *state);
}

static void rate(const jf_model *model, const double *state, double *out)
{
    place(model, state);
    memset(out, 0, STATE * sizeof *out);
    for (size_t i = 0; i < D; i++) {
        const double w = state[i + i * D];
        out[i + i * D] = growth[i] * w * (1.0 - w / capacity);
    }
}

static void end_to_end(const jf_model *model, const double *state, const double **wbar,
                       const double **v)
{
    assert_placed(model, state);
    *wbar = state;
    *v = state + SIZE;
}

static void encoder_rate(const jf_model *model, const double *state, const double *state_rate,
                         const double **wbar, const double **wbar_rate)
{
    assert_placed(model, state);
    *wbar = state;
    *wbar_rate = state_rate;
}

static const jf_model_kind made_up = {.name = "made up",
                                      .matrices = matrices,
                                      .work_matrices = matrices,
                                      .products = matrices,
                                      .rate = rate,
                                      .place = place,
                                      .end_to_end = end_to_end,
                                      .encoder_rate = encoder_rate};

static const double start_size = 0.01, gain = 0.3;

/* wbar_i at time t: 1/wbar relaxes to 1/capacity at the growth rate. */
static double exact(size_t i, double t)
{
    const double inverse =
        1.0 / capacity + (1.0 / start_size - 1.0 / capacity) * exp(-growth[i] * t);

    return 1.0 / inverse;
}

static void state_at(double t, double state[STATE])
{
    memset(state, 0, STATE * sizeof *state);
    for (size_t i = 0; i < D; i++) {
        state[i + i * D] = exact(i, t);
        state[SIZE + i + i * D] = gain;
    }
}

/* ---- what is watched ---- */

typedef struct {
    jf_problem problem;
    jf_model model;
    jf_record record;
    jf_observer observer;
    double state[STATE];
    int rates_brought; /* with each step, as some integrators do */
} scene;

static void open_scene(scene *s, const double target[D], size_t samples, const double *times)
{
    const double lambda[D] = {1.0, 0.9, 0.8}, rho[D] = {1.0, 0.5, 0.25};

    s->rates_brought = 0;
    assert_ok(jf_problem_init_shared(whole(D), lambda, rho, &s->problem));
    assert_ok(jf_model_init(&made_up, &s->problem, JF_MAE, 1, &s->model));
    assert_ok(jf_record_init(D, samples, &s->record));
    for (size_t j = 0; j < samples; j++) {
        s->record.time[j] = times[j];
    }
    state_at(0.0, s->state);
    assert_ok(jf_observer_init(&s->model, target, s->state, &s->record, &s->observer));
}

static void step_to(scene *s, double time)
{
    double now[STATE];

    state_at(time, s->state);
    if (s->rates_brought) {
        rate(&s->model, s->state, now);
    }
    jf_observer_step(&s->observer, time, s->state, s->rates_brought ? now : NULL);
}

static void close_scene(scene *s)
{
    jf_observer_finish(&s->observer);
    jf_observer_clear(&s->observer);
    jf_record_clear(&s->record);
    jf_model_clear(&s->model);
    jf_problem_clear(&s->problem);
}

/*
 * Exponential growth is a line in ln wbar: times are exact, however long the step, several in one.
 */
static void crossings_of_exponential_growth_are_exact(void **state)
{
    const double target[D] = {0.02, 0.03, NAN};
    scene s;

    (void)state;
    capacity = INFINITY;
    open_scene(&s, target, 0, NULL);
    assert_int_equal(s.record.critical_time_status[0], JF_NOT_REACHED);
    assert_int_equal(s.record.critical_time_status[2], JF_NO_REFERENCE);
    step_to(&s, 0.1);
    step_to(&s, 7.0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(s.record.critical_time_status[i], JF_REACHED);
        assert_near(s.record.critical_time[i], log(target[i] / start_size) / growth[i], 1e-13);
    }
    assert_true(isnan(s.record.critical_time[2]));
    close_scene(&s);
}

/* At its target already, above it, and one that falls: no time for any of them. */
static void what_starts_above_or_never_comes_has_no_time(void **state)
{
    const double target[D] = {0.01, 0.005, 0.02};
    scene s;

    (void)state;
    capacity = INFINITY;
    open_scene(&s, target, 0, NULL);
    step_to(&s, 5.0);
    assert_int_equal(s.record.critical_time_status[0], JF_STARTED_ABOVE);
    assert_int_equal(s.record.critical_time_status[1], JF_STARTED_ABOVE);
    assert_int_equal(s.record.critical_time_status[2], JF_NOT_REACHED);
    for (size_t i = 0; i < D; i++) {
        assert_true(isnan(s.record.critical_time[i]));
    }
    close_scene(&s);
}

/*
 * A target met at the very end of a step is met there, and a second crossing does not change the
 * first.
 */
static void the_first_crossing_counts(void **state)
{
    double target[D] = {NAN, NAN, NAN};
    scene s;

    (void)state;
    capacity = INFINITY;
    target[0] = exact(0, 2.0);
    open_scene(&s, target, 0, NULL);
    step_to(&s, 2.0);
    assert_int_equal(s.record.critical_time_status[0], JF_REACHED);
    assert_near(s.record.critical_time[0], 2.0, 1e-14);
    state_at(1.0, s.state); /* back below, then above again */
    jf_observer_step(&s.observer, 3.0, s.state, NULL);
    state_at(4.0, s.state);
    jf_observer_step(&s.observer, 4.0, s.state, NULL);
    assert_near(s.record.critical_time[0], 2.0, 1e-14);
    close_scene(&s);
}

/* Error of the half-way time of the logistic curve, seen in steps of h. */
static double crossing_error(double h)
{
    const double target[D] = {0.5, NAN, NAN};
    const double time = log((1.0 / start_size - 1.0) / (1.0 / 0.5 - 1.0));
    scene s;

    open_scene(&s, target, 0, NULL);
    for (int k = 1; k * h < time + h; k++) {
        step_to(&s, k * h);
    }
    assert_int_equal(s.record.critical_time_status[0], JF_REACHED);
    const double error = fabs(s.record.critical_time[0] - time);
    close_scene(&s);
    return error;
}

/*
 * Hermite's cubic is of order 4: the worst error over many places in the step falls by 16 with half
 * the step.
 */
static void crossings_are_located_to_fifth_order(void **state)
{
    double worst[3] = {0.0, 0.0, 0.0};

    (void)state;
    capacity = 1.0;
    for (int k = 0; k < 40; k++) {
        for (int level = 0; level < 3; level++) {
            worst[level] = fmax(worst[level], crossing_error((1.0 + 0.01 * k) / (1 << level)));
        }
    }
    assert_true(log2(worst[0] / worst[1]) > 4.6);
    assert_true(log2(worst[1] / worst[2]) > 4.6);
}

/*
 * Between samples of a curve of known derivative: projections to fourth order, times without a step
 * untouched.
 */
static void samples_are_taken_at_their_times(void **state)
{
    const double target[D] = {NAN, NAN, NAN};
    const double times[] = {0.0, 0.4, 0.41, 1.0, 1.7, 3.0, 9.0};
    scene s;

    (void)state;
    capacity = 1.0;
    open_scene(&s, target, COUNT(times), times);
    for (int k = 1; k <= 60; k++) {
        step_to(&s, 0.05 * k);
    }
    for (size_t j = 0; j < COUNT(times); j++) {
        double loss = 0.0;
        for (size_t i = 0; i < D; i++) {
            const double seen = s.record.projection[j * D + i];
            if (times[j] > 3.0) {
                assert_true(isnan(seen));
                continue;
            }
            assert_near(seen, exact(i, times[j]), 1e-7);
            assert_near(s.record.prediction[j * D + i], gain, 1e-12);
            const double z = gain * seen;
            loss += 0.5 * (s.problem.variance[i] * z * z - 2.0 * s.problem.lambda[i] * z +
                           s.problem.syy.diagonal[i]);
        }
        if (times[j] <= 3.0) {
            assert_near(s.record.loss[j], loss, 1e-13);
        } else {
            assert_true(isnan(s.record.loss[j]));
        }
    }
    close_scene(&s);
}

/*
 * A right-hand side at both ends of a step where something falls, unless it is known from the step
 * before, and one within where a feature crosses; none in other steps.
 */
static void the_right_hand_side_is_asked_only_where_needed(void **state)
{
    const double target[D] = {0.02, NAN, NAN}; /* crossed at ln 2 = 0.69 */
    const double times[] = {1.25, 1.26};
    scene s;

    (void)state;
    capacity = INFINITY;
    open_scene(&s, target, COUNT(times), times);
    step_to(&s, 0.5);
    assert_int_equal(s.observer.evaluations, 0);
    step_to(&s, 1.0);
    assert_int_equal(s.observer.evaluations, 3);
    step_to(&s, 1.2);
    assert_int_equal(s.observer.evaluations, 3);
    step_to(&s, 1.5);
    assert_int_equal(s.observer.evaluations, 5);
    step_to(&s, 9.0);
    assert_int_equal(s.observer.evaluations, 5);
    close_scene(&s);
}

/* Rates that come with the steps: what is seen is the same in every bit, and none is evaluated. */
static void rates_that_are_brought_are_used(void **state)
{
    const double target[D] = {0.02, 0.015, NAN};
    const double times[] = {0.3, 1.25, 1.26};
    scene asks, brings;

    (void)state;
    capacity = 0.5;
    open_scene(&asks, target, COUNT(times), times);
    open_scene(&brings, target, COUNT(times), times);
    brings.rates_brought = 1;
    for (int k = 1; k <= 8; k++) {
        step_to(&asks, 0.5 * k);
        step_to(&brings, 0.5 * k);
    }
    assert_int_equal(brings.observer.evaluations, 2); /* at the very start, within one step */
    assert_true(asks.observer.evaluations > 4);
    assert_memory_equal(asks.record.critical_time, brings.record.critical_time, 2 * sizeof(double));
    assert_memory_equal(asks.record.projection, brings.record.projection,
                        COUNT(times) * D * sizeof(double));
    close_scene(&asks);
    close_scene(&brings);
}

/* Straight steps: samples of the weights' line, times of that of ln wbar; no rate is asked for. */
static void straight_steps_are_seen_on_their_line(void **state)
{
    const double target[D] = {0.02, 0.015, NAN};
    const double times[] = {0.5, 2.0, 2.5};
    scene s;

    (void)state;
    capacity = INFINITY;
    open_scene(&s, target, COUNT(times), times);
    s.observer.straight = 1;
    step_to(&s, 2.0);
    step_to(&s, 3.0);
    for (size_t i = 0; i < D; i++) {
        const double start = exact(i, 0.0), middle = exact(i, 2.0), end = exact(i, 3.0);
        assert_near(s.record.projection[i], 0.75 * start + 0.25 * middle, 1e-14);
        assert_near(s.record.projection[D + i], middle, 1e-14);
        assert_near(s.record.projection[2 * D + i], 0.5 * middle + 0.5 * end, 1e-14);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_near(s.record.critical_time[i], log(target[i] / start_size) / growth[i], 1e-13);
    }
    assert_int_equal(s.observer.evaluations, 0);
    close_scene(&s);
}

/* A feature of which weights that were given have nothing at all rises on a line of its own. */
static void what_begins_at_0_crosses_on_a_line(void **state)
{
    const double target[D] = {0.02, 0.01, NAN};
    scene s;

    (void)state;
    capacity = INFINITY;
    open_scene(&s, target, 0, NULL);
    jf_observer_clear(&s.observer);
    s.state[0] = 0.0;
    assert_ok(jf_observer_init(&s.model, target, s.state, &s.record, &s.observer));
    s.observer.straight = 1;
    step_to(&s, 2.0);
    assert_int_equal(s.record.critical_time_status[0], JF_REACHED);
    assert_near(s.record.critical_time[0], 2.0 * target[0] / exact(0, 2.0), 1e-14);
    close_scene(&s);
}

/* The last amplitudes are those of the last step. */
static void the_last_amplitudes_are_written_at_the_end(void **state)
{
    const double target[D] = {NAN, NAN, NAN};
    scene s;

    (void)state;
    capacity = 2.0;
    open_scene(&s, target, 0, NULL);
    step_to(&s, 1.0);
    step_to(&s, 2.5);
    jf_observer_finish(&s.observer);
    for (size_t i = 0; i < D; i++) {
        assert_near(s.record.final_projection[i], exact(i, 2.5), 1e-14);
    }
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crossings_of_exponential_growth_are_exact),
        cmocka_unit_test(what_starts_above_or_never_comes_has_no_time),
        cmocka_unit_test(the_first_crossing_counts),
        cmocka_unit_test(crossings_are_located_to_fifth_order),
        cmocka_unit_test(samples_are_taken_at_their_times),
        cmocka_unit_test(the_right_hand_side_is_asked_only_where_needed),
        cmocka_unit_test(rates_that_are_brought_are_used),
        cmocka_unit_test(straight_steps_are_seen_on_their_line),
        cmocka_unit_test(what_begins_at_0_crosses_on_a_line),
        cmocka_unit_test(the_last_amplitudes_are_written_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
