/*
 * test_flow.c - points solved end to end: measured critical times, plateaus, gains, losses and
 * conserved quantities against the closed form and of one model against the other; and what becomes
 * of points that fail.
 *
 * The spectra are those of the paper's Figure 2, eight features each: lambda varies, rho varies,
 * opposed.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/model/balanced.h"
#include "jepaflow/model/layers.h"
#include "jepaflow/ode/erk.h"

enum { D = 8, SAMPLES = 40, SPECTRA = 3 };
enum { RHO_VARIES, LAMBDA_VARIES, OPPOSED };

static double lambda_of[SPECTRA][D], rho_of[SPECTRA][D];
static char names[SPECTRA][16] = {"rho_varies", "lambda_varies", "opposed"};
static jf_spectrum spectra[SPECTRA];

static void make_spectra(void)
{
    for (size_t s = 0; s < SPECTRA; s++) {
        for (size_t i = 0; i < D; i++) {
            const double part = (double)i / (D - 1);
            lambda_of[s][i] = s == RHO_VARIES      ? 1.0
                              : s == LAMBDA_VARIES ? 0.4 + 0.6 * part
                                                   : 0.8 + 0.2 * part;
            rho_of[s][i] = s == RHO_VARIES      ? 0.4 + 0.6 * part
                           : s == LAMBDA_VARIES ? 1.0
                                                : 1.0 - 0.6 * part;
        }
        spectra[s] = (jf_spectrum){
            .name = names[s], .features = D, .lambda = lambda_of[s], .rho = rho_of[s]};
    }
}

static jf_point make_point(size_t spectrum, jf_objective objective, size_t depth, double init_scale,
                           jf_model_choice model, double tolerance)
{
    jf_point point = {.index = 3, .spectrum = &spectra[spectrum]};

    jf_point_set_neutral(&point);
    point.value[JF_P_OBJECTIVE] = objective;
    point.value[JF_P_DEPTH] = (double)depth;
    point.value[JF_P_INIT_SCALE] = init_scale;
    point.value[JF_P_SEED] = 1;
    point.value[JF_P_MODEL] = model;
    point.value[JF_P_TOLERANCE] = tolerance;
    point.value[JF_P_THRESHOLD] = 0.5;
    point.value[JF_P_HORIZON] = 2;
    point.value[JF_P_MAX_STEPS] = 1e8;
    return point;
}

/* Largest relative error of the measured critical times; fails where one is missing. */
static double worst_time(const jf_record *r)
{
    double worst = 0.0;

    for (size_t i = 0; i < D; i++) {
        if (isnan(r->critical_time_theory[i])) {
            assert_int_equal(r->critical_time_status[i], JF_STARTED_ABOVE);
            assert_true(isnan(r->critical_time[i]));
        } else {
            assert_int_equal(r->critical_time_status[i], JF_REACHED);
            worst = fmax(worst, fabs(r->critical_time[i] / r->critical_time_theory[i] - 1.0));
        }
    }
    return worst;
}

/* ---- all points of a sweep at the default tolerance, solved once ---- */

enum { DEPTHS = 4, SCALES = 3, POINTS = SPECTRA * JF_OBJECTIVES * DEPTHS * SCALES * 2 };

static jf_point points[POINTS];
static jf_record records[POINTS];

static int solve_sweep(void **state)
{
    (void)state;
    make_spectra();
    for (size_t n = 0; n < POINTS; n++) {
        const double init_scale = (const double[]){1e-1, 1e-2, 1e-3}[n / 16 % SCALES];
        points[n] = make_point(n / 48, (jf_objective)(n / 2 % 2), 1 + n / 4 % DEPTHS, init_scale,
                               n % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-6);
        if (jf_record_init(D, SAMPLES, &records[n]) != JF_OK) {
            return -1;
        }
        jf_flow_solve(&points[n], NULL, NULL, &records[n]);
    }
    return 0;
}

static int clear_sweep(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        jf_record_clear(&records[n]);
    }
    return 0;
}

/*
 * The exact times, to 1e-4 at the default tolerance 1e-6: both objectives and models, L = 1 .. 4.
 */
static void measured_critical_times_are_the_exact_ones(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        assert_int_equal(*records[n].status, JF_POINT_DONE);
        assert_below(worst_time(&records[n]), 1e-4);
    }
}

/* 1 if the exact flow of feature i is within 1e-7 of its plateau at the end of the integration. */
static int has_settled(const jf_point *point, size_t i)
{
    const jf_feature feature = jf_point_feature(point, i);
    jf_outlook outlook;
    double time;

    assert_ok(jf_point_outlook(point, &outlook));
    return jf_feature_critical_time(&feature, 1.0 - JF_SETTLED, &time) == JF_REACHED &&
           time <= outlook.end;
}

/* rho^L and rho^{L/(L+1)} by pow(), to 1e-6, where the closed form says that they are reached. */
static void each_objective_ends_at_its_own_plateau(void **state)
{
    int settled = 0;

    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        const double depth = points[n].value[JF_P_DEPTH];
        const int jepa = points[n].value[JF_P_OBJECTIVE] == JF_JEPA;
        for (size_t i = 0; i < D; i++) {
            const double rho = points[n].spectrum->rho[i];
            const double own = pow(rho, jepa ? depth : depth / (depth + 1.0));
            const double other = pow(rho, jepa ? depth / (depth + 1.0) : depth);
            assert_near(records[n].plateau[i], own, 1e-13);
            if (has_settled(&points[n], i)) {
                assert_near(records[n].final_projection[i], own, 1e-6);
                assert_true(rho == 1.0 ||
                            fabs(records[n].final_projection[i] / other - 1.0) > 1e-3);
                settled++;
            }
        }
    }
    assert_true(settled > POINTS * D / 2);
}

/*
 * At the last sample: V's gain is rho in JEPA, the regression coefficient, and rho^{1/(L+1)} in
 * MAE.
 */
static void the_predictor_ends_at_its_own_gain(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        const double depth = points[n].value[JF_P_DEPTH];
        const int jepa = points[n].value[JF_P_OBJECTIVE] == JF_JEPA;
        for (size_t i = 0; i < D; i++) {
            const double rho = points[n].spectrum->rho[i];
            if (has_settled(&points[n], i)) {
                assert_near(records[n].prediction[(SAMPLES - 1) * D + i],
                            jepa ? rho : pow(rho, 1.0 / (depth + 1.0)), 1e-6);
            }
        }
    }
}

/* (14.2): the loss of each sample made of its projections and gains, for each objective its own. */
static void losses_are_those_of_the_projections(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        const jf_record *r = &records[n];
        const int jepa = points[n].value[JF_P_OBJECTIVE] == JF_JEPA;
        for (size_t j = 0; j < SAMPLES; j++) {
            double loss = 0.0, size = 0.0;
            for (size_t i = 0; i < D; i++) {
                const double lambda = points[n].spectrum->lambda[i],
                             rho = points[n].spectrum->rho[i];
                const double s = lambda / rho, syy = lambda * fmax(rho, 1.0 / rho);
                const double wbar = r->projection[j * D + i], v = r->prediction[j * D + i];
                loss += jepa ? 0.5 * wbar * wbar * (s * v * v - 2.0 * lambda * v + syy)
                             : 0.5 * (s * v * v * wbar * wbar - 2.0 * lambda * v * wbar + syy);
                size += jepa ? wbar * wbar * syy : syy;
            }
            assert_within(r->loss[j], loss, 1e-13 * size);
        }
    }
}

/*
 * d loss/dt = -|gradient|^2 in MAE; JEPA's loss starts near 0 and has risen by the end where eps is
 * small.
 */
static void mae_loss_falls_and_jepa_loss_rises(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        const double *loss = records[n].loss;
        if (points[n].value[JF_P_OBJECTIVE] == JF_MAE) {
            for (size_t j = 1; j < SAMPLES; j++) {
                assert_true(loss[j] <= loss[j - 1] + 1e-9 * loss[0]);
            }
            assert_below(loss[SAMPLES - 1], 0.8 * loss[0]);
        } else if (points[n].value[JF_P_INIT_SCALE] < 0.05 &&
                   points[n].spectrum !=
                       &spectra[LAMBDA_VARIES]) { /* there rho = 1: no error is left */
            assert_below(10.0 * loss[0], loss[SAMPLES - 1]);
        }
    }
}

/* Predicted evaluations against those taken: most within a factor 2, none beyond 5. */
static void evaluations_are_roughly_predicted(void **state)
{
    int near = 0;

    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        jf_outlook outlook;
        assert_ok(jf_point_outlook(&points[n], &outlook));
        const double predicted = jf_flow_evaluations(&points[n], &outlook);
        const double ratio = predicted / (double)*records[n].rhs_evaluations;
        near += ratio > 0.5 && ratio < 2.0;
        assert_true(ratio > 0.2 && ratio < 5.0);
    }
    assert_true(near > POINTS * 6 / 10);
}

/* Samples are where the outlook says, the first before anything happens, the last at the end. */
static void samples_stand_at_the_times_of_the_outlook(void **state)
{
    (void)state;
    for (size_t n = 0; n < POINTS; n++) {
        const jf_record *r = &records[n];
        jf_outlook outlook;
        assert_ok(jf_point_outlook(&points[n], &outlook));
        for (size_t j = 0; j < SAMPLES; j++) {
            assert_true(r->time[j] == jf_outlook_sample_time(&outlook, j, SAMPLES));
            assert_true(isfinite(r->loss[j]));
        }
        for (size_t i = 0; i < D; i++) {
            assert_near(r->projection[(SAMPLES - 1) * D + i], r->final_projection[i], 1e-12);
        }
    }
}

/* ---- accuracy ---- */

/* Errors fall as the tolerance tightens, and at 1e-10 they are below 1e-7. */
static void critical_times_converge_with_the_tolerance(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 0, &r));
    for (size_t n = 0; n < 2 * 2 * 3; n++) {
        double last = 1.0;
        for (int k = 4; k <= 10; k += 2) {
            const jf_point point =
                make_point(OPPOSED, (jf_objective)(n % 2), 1 + n / 4, 1e-2,
                           n / 2 % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, pow(10.0, -k));
            jf_flow_solve(&point, NULL, NULL, &r);
            const double worst = worst_time(&r);
            assert_below(worst, 0.5 * last);
            last = worst;
        }
        assert_below(last, 1e-7);
    }
    jf_record_clear(&r);
}

/*
 * The exact wbar at a time: the fraction of the plateau whose critical time that is, by bisection
 * in its logarithm.
 */
static double exact_projection(const jf_feature *feature, double at)
{
    double low = log(feature->init_scale) - jf_feature_log_plateau(feature), high = -1e-13;

    for (int k = 0; k < 200; k++) {
        const double middle = 0.5 * (low + high);
        double time;
        if (jf_feature_critical_time(feature, exp(middle), &time) != JF_REACHED || time < at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return exp(low) * jf_feature_plateau(feature);
}

/* Whole trajectories against the closed form, at a tight tolerance. */
static void trajectories_are_the_exact_ones(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &r));
    for (size_t n = 0; n < 2 * 2 * 3; n++) {
        const jf_point point =
            make_point(OPPOSED, (jf_objective)(n % 2), 1 + n / 4, 1e-2,
                       n / 2 % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-10);
        jf_flow_solve(&point, NULL, NULL, &r);
        for (size_t j = 0; j < SAMPLES; j++) {
            for (size_t i = 0; i < D; i++) {
                const jf_feature feature = jf_point_feature(&point, i);
                assert_near(r.projection[j * D + i], exact_projection(&feature, r.time[j]), 1e-6);
            }
        }
    }
    jf_record_clear(&r);
}

/*
 * Random rotations leave the times as they are, where rounding does not grow (docs/theory.md,
 * section 12).
 */
static void hidden_rotations_do_not_move_critical_times(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 0, &r));
    for (size_t n = 0; n < 2 * 2 * 3; n++) {
        jf_point point = make_point(RHO_VARIES, (jf_objective)(n % 2), 1 + n / 4, 1e-2,
                                    n / 2 % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-6);
        point.value[JF_P_ROTATION] = JF_ROTATION_RANDOM;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DONE);
        assert_below(worst_time(&r), 1e-4);
    }
    jf_record_clear(&r);
}

/* ---- the order of the features ---- */

typedef enum { BY_LAMBDA, BY_RHO, MIXED } order;

/* Opposed features: the last has the highest lambda and the lowest rho. */
static order measured_order(jf_objective objective, size_t depth, double init_scale)
{
    const jf_point point =
        make_point(OPPOSED, objective, depth, init_scale, JF_MODEL_BALANCED, 1e-6);
    int rising = 0;
    jf_record r;

    assert_ok(jf_record_init(D, 0, &r));
    jf_flow_solve(&point, NULL, NULL, &r);
    for (size_t i = 1; i < D; i++) {
        assert_int_equal(r.critical_time_status[i], JF_REACHED);
        rising += r.critical_time[i] > r.critical_time[i - 1];
    }
    jf_record_clear(&r);
    return rising == 0 ? BY_LAMBDA : rising == D - 1 ? BY_RHO : MIXED;
}

/* The table of docs/theory.md, section 9: MAE follows lambda at every depth. */
static void mae_learns_in_the_order_of_lambda(void **state)
{
    (void)state;
    for (size_t depth = 1; depth <= 5; depth++) {
        assert_int_equal(measured_order(JF_MAE, depth, 1e-3), BY_LAMBDA);
        assert_int_equal(measured_order(JF_MAE, depth, 1e-2), BY_LAMBDA);
    }
}

/* The same table: JEPA turns from lambda to rho with depth, the sooner the larger the start. */
static void jepa_turns_to_the_order_of_rho_with_depth(void **state)
{
    static const order expected[] = {BY_LAMBDA, BY_LAMBDA, MIXED, MIXED, BY_RHO};

    (void)state;
    for (size_t depth = 1; depth <= 5; depth++) {
        assert_int_equal(measured_order(JF_JEPA, depth, 1e-3), expected[depth - 1]);
    }
    assert_int_equal(measured_order(JF_JEPA, 1, 1e-2), BY_LAMBDA);
    assert_int_equal(measured_order(JF_JEPA, 2, 1e-2), MIXED);
    assert_int_equal(measured_order(JF_JEPA, 3, 1e-2), BY_RHO);
}

/* ---- covariances that do not commute ---- */

static jf_flow make_flow(const jf_problem *problem, jf_objective objective, size_t depth,
                         const jf_model_kind *model, const double *target)
{
    const double eps = 0.03, l = (double)depth;
    const double wait = objective == JF_JEPA ? pow(eps, -(2.0 * l - 1.0) / l) / (2.0 * l - 1.0)
                                             : pow(eps, -(l - 1.0) / l);

    return (jf_flow){.problem = problem,
                     .network = {.objective = objective,
                                 .depth = depth,
                                 .init_scale = eps,
                                 .rotated = 1,
                                 .seed = 4,
                                 .key = depth},
                     .model = model,
                     .integrator = JF_INTEGRATOR_ERK,
                     .tolerance = 1e-9,
                     .end = 4.0 * wait + 10.0,
                     .max_steps = 1000000,
                     .target = target};
}

static void assert_near_cells(const jf_record *a, const jf_record *b, double relative)
{
    for (size_t i = 0; i < b->features; i++) {
        assert_int_equal(a->critical_time_status[i], b->critical_time_status[i]);
        if (b->critical_time_status[i] == JF_REACHED) {
            assert_near(a->critical_time[i], b->critical_time[i], relative);
        }
        assert_near(a->final_projection[i], b->final_projection[i], relative);
    }
}

/*
 * One model is the oracle of the other: critical times to 1e-6, half-way (in ln wbar) to where each
 * feature ends.
 */
static void the_models_agree_where_covariances_do_not_commute(void **state)
{
    enum { SIDE = 5 };
    double target[SIDE];
    jf_record layers, balanced;
    int compared = 0;

    (void)state;
    assert_ok(jf_record_init(SIDE, 0, &layers));
    assert_ok(jf_record_init(SIDE, 0, &balanced));
    for (size_t n = 0; n < 2 * 6; n++) {
        const jf_objective objective = (jf_objective)(n % 2);
        jf_problem problem;
        make_general_problem(n, SIDE, 0.1, &problem);
        for (size_t i = 0; i < SIDE; i++) {
            target[i] = NAN;
        }
        jf_flow flow = make_flow(&problem, objective, 1 + n / 2, &jf_layers, target);
        jf_flow_integrate(&flow, NULL, &layers);
        assert_int_equal(*layers.status, JF_POINT_DONE);
        for (size_t i = 0; i < SIDE; i++) {
            assert_int_equal(layers.critical_time_status[i], JF_NO_REFERENCE);
            target[i] = sqrt(flow.network.init_scale * layers.final_projection[i]);
        }
        jf_flow_integrate(&flow, NULL, &layers);
        flow.model = &jf_balanced;
        jf_flow_integrate(&flow, NULL, &balanced);
        assert_int_equal(*balanced.status, JF_POINT_DONE);
        assert_near_cells(&balanced, &layers, 1e-6);
        for (size_t i = 0; i < SIDE; i++) {
            compared += layers.critical_time_status[i] == JF_REACHED;
        }
        jf_problem_clear(&problem);
    }
    assert_true(compared > 50);
    jf_record_clear(&layers);
    jf_record_clear(&balanced);
}

/* ---- conserved quantities ---- */

enum { SIDE = 4, SIZE = SIDE * SIDE, MOST_DEPTH = 4 };

/* Largest |W_{a+1}^T W_{a+1} - W_a W_a^T| over the layers, V on top: 0 from a balanced start on. */
static double imbalance(const double *weights, size_t depth)
{
    double above[SIZE], below[SIZE], most = 0.0;

    for (size_t a = 0; a < depth; a++) {
        naive_multiply(1, 0, SIDE, SIDE, SIDE, weights + (a + 1) * SIZE, weights + (a + 1) * SIZE,
                       above);
        naive_multiply(0, 1, SIDE, SIDE, SIDE, weights + a * SIZE, weights + a * SIZE, below);
        most = fmax(most, largest_difference(SIZE, above, below));
    }
    return most;
}

static void evaluate_layers(double t, const double *state, double *rate, void *context)
{
    const jf_model *model = context;

    (void)t;
    model->kind->rate(model, state, rate);
}

/* Drift of the conserved quantities over a whole flow, by layers and erk alone. */
static double drift(const jf_problem *problem, jf_objective objective, size_t depth,
                    double tolerance)
{
    const jf_flow flow = make_flow(problem, objective, depth, &jf_layers, NULL);
    double weights[(MOST_DEPTH + 1) * SIZE], time = 0.0, most = 0.0;
    const double *rate;
    jf_integrator *integrator = NULL;
    jf_model model;

    assert_ok(jf_model_init(&jf_layers, problem, objective, depth, &model));
    assert_ok(jf_layers.start(&model, &flow.network, weights));
    assert_below(imbalance(weights, depth), 1e-14);
    const jf_ode ode = {.size = jf_model_size(&model),
                        .rate = evaluate_layers,
                        .context = &model,
                        .relative = tolerance,
                        .absolute = tolerance * jf_layers.scale(&flow.network),
                        .end = flow.end,
                        .state = weights};
    assert_ok(jf_erk.create(&ode, &integrator));
    while (time < flow.end) {
        assert_int_equal(jf_erk.step(integrator, &time, &rate), JF_STEP_TAKEN);
        most = fmax(most, imbalance(weights, depth));
    }
    assert_true(largest(SIZE, weights) > 0.5); /* much has happened */
    jf_erk.destroy(&integrator);
    jf_model_clear(&model);
    return most;
}

/*
 * Conserved by the flow whatever the covariances: what drifts is the integrator's error, less as it
 * tightens.
 */
static void conserved_quantities_drift_with_the_tolerance_only(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * MOST_DEPTH; n++) {
        jf_problem problem;
        double last = INFINITY;
        make_general_problem(n + 30, SIDE, 0.1, &problem);
        for (int k = 4; k <= 10; k += 2) {
            const double tolerance = pow(10.0, -k);
            const double most = drift(&problem, (jf_objective)(n % 2), 1 + n / 2, tolerance);
            assert_below(most, 100.0 * tolerance);
            assert_below(most, 0.2 * last);
            last = most;
        }
        jf_problem_clear(&problem);
    }
}

/* ---- points that do not go as planned ---- */

/* JEPA at L = 8 from 1e-2: plateaus rho^8 below it never are reached from below; the others are. */
static void cells_that_start_above_have_their_status(void **state)
{
    const jf_point point = make_point(RHO_VARIES, JF_JEPA, 8, 1e-1, JF_MODEL_BALANCED, 1e-6);
    size_t above = 0;
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &r));
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    assert_below(worst_time(&r), 1e-4);
    for (size_t i = 0; i < D; i++) {
        const int expected = 0.1 >= 0.5 * pow(rho_of[RHO_VARIES][i], 8.0);
        assert_int_equal(r.critical_time_status[i] == JF_STARTED_ABOVE, expected);
        assert_int_equal(isnan(r.critical_time_series[i]), expected);
        above += (size_t)expected;
    }
    assert_in_range(above, 1, D - 1);
    jf_record_clear(&r);
}

/* A budget of steps that is used up: failed, what was crossed is kept, what was not is unknown. */
static void a_point_without_steps_left_has_failed(void **state)
{
    jf_point point = make_point(LAMBDA_VARIES, JF_MAE, 3, 1e-2, JF_MODEL_LAYERS, 1e-6);
    size_t known = 0;
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &r));
    jf_flow_solve(&point, NULL, NULL, &r);
    const double all = (double)*r.steps;
    for (double part = 0.0; part < 0.8; part += 0.2) {
        point.value[JF_P_MAX_STEPS] = floor(all * part) + 1.0;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_FAILED);
        assert_int_equal(*r.reason, JF_REASON_STEP_BUDGET);
        assert_true((double)*r.steps == point.value[JF_P_MAX_STEPS]);
        for (size_t i = 0; i < D; i++) {
            if (r.critical_time_status[i] == JF_REACHED) {
                assert_near(r.critical_time[i], r.critical_time_theory[i], 1e-4);
                known++;
            } else {
                assert_int_equal(r.critical_time_status[i], JF_CELL_FAILED);
                assert_true(isnan(r.critical_time[i]));
            }
        }
    }
    assert_in_range(known, 1, 4 * D - 1);
    point.value[JF_P_MAX_STEPS] = all; /* exactly enough is enough */
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    jf_record_clear(&r);
}

typedef struct {
    int64_t looks, stop_at;
} guard;

static int look(void *context)
{
    guard *g = context;

    g->looks++;
    return g->looks == g->stop_at ? JF_STOP : JF_GO_ON;
}

/* A watch is looked at before each step, and stops the flow there. */
static void a_watch_stops_the_flow(void **state)
{
    const jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-2, JF_MODEL_BALANCED, 1e-6);
    guard g = {.stop_at = 0};
    const jf_watch watch = {.look = look, .context = &g};
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 0, &r));
    jf_flow_solve(&point, NULL, &watch, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    assert_true(g.looks == *r.steps);
    g = (guard){.stop_at = 12};
    jf_flow_solve(&point, NULL, &watch, &r);
    assert_int_equal(*r.status, JF_POINT_STOPPED);
    assert_true(*r.steps == 11);
    jf_record_clear(&r);
}

/*
 * w^3 of a start at 1e200 is no number: the point has diverged, and the next one is solved as ever.
 */
static void numbers_that_overflow_are_a_divergence(void **state)
{
    const jf_point wild = make_point(OPPOSED, JF_JEPA, 1, 1e200, JF_MODEL_LAYERS, 1e-6);
    const jf_point tame = make_point(OPPOSED, JF_JEPA, 1, 1e-2, JF_MODEL_LAYERS, 1e-6);
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 4, &r));
    jf_flow_solve(&wild, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DIVERGED);
    assert_int_equal(*r.reason, JF_REASON_NOT_FINITE);
    jf_flow_solve(&tame, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    assert_int_equal(*r.reason, JF_REASON_NONE);
    assert_below(worst_time(&r), 1e-4);
    jf_record_clear(&r);
}

/* A time beyond all numbers cannot be waited for: the cell says so, the point is done. */
static void a_cell_without_a_time_has_no_reference(void **state)
{
    const jf_point point = make_point(OPPOSED, JF_JEPA, 3, 1e-200, JF_MODEL_LAYERS, 1e-6);
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 4, &r));
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    for (size_t i = 0; i < D; i++) {
        assert_int_equal(r.critical_time_status[i], JF_NO_REFERENCE);
        assert_true(isnan(r.critical_time[i]) && isnan(r.critical_time_theory[i]));
    }
    jf_record_clear(&r);
}

/* An end before the crossing. */
static void a_feature_that_is_waited_for_too_briefly_is_not_reached(void **state)
{
    double target[D];
    jf_problem problem;
    jf_record r;

    (void)state;
    assert_ok(jf_problem_init_shared(whole(D), lambda_of[OPPOSED], rho_of[OPPOSED], &problem));
    assert_ok(jf_record_init(D, 0, &r));
    for (size_t i = 0; i < D; i++) {
        target[i] = 0.5;
    }
    jf_flow flow = make_flow(&problem, JF_MAE, 2, &jf_balanced, target);
    flow.end = 0.1;
    jf_flow_integrate(&flow, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    for (size_t i = 0; i < D; i++) {
        assert_int_equal(r.critical_time_status[i], JF_NOT_REACHED);
    }
    jf_record_clear(&r);
    jf_problem_clear(&problem);
}

/* ---- what a record says of how it was made ---- */

/*
 * auto stands for the balanced model, every start being balanced; the closed form needs no steps.
 */
static void the_model_is_the_one_asked_for(void **state)
{
    jf_point point = make_point(OPPOSED, JF_MAE, 2, 1e-2, JF_MODEL_AUTO, 1e-6);
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    assert_int_equal(jf_flow_model(&point), JF_MODEL_BALANCED);
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.model, JF_MODEL_BALANCED);
    assert_int_not_equal(*r.integrator, JF_INTEGRATOR_AUTO);
    assert_int_equal(r.point, point.index);
    assert_true(*r.seconds > 0.0);

    point.value[JF_P_MODEL] = JF_MODEL_THEORY;
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.model, JF_MODEL_THEORY);
    assert_int_equal(*r.integrator, JF_INTEGRATOR_AUTO);
    assert_int_equal(*r.status, JF_POINT_DONE);
    assert_true(*r.steps == 0);
    for (size_t i = 0; i < D; i++) {
        const jf_feature feature = jf_point_feature(&point, i);
        double time;
        assert_int_equal(jf_feature_critical_time(&feature, 0.5, &time), JF_REACHED);
        assert_true(r.critical_time_theory[i] == time);
        assert_true(r.critical_time_series[i] == jf_feature_critical_time_series(&feature));
        assert_true(isnan(r.critical_time[i]));
        assert_int_equal(r.critical_time_status[i], JF_NOT_RUN);
    }
    assert_ptr_equal(jf_flow_model_kind(JF_MODEL_BALANCED), &jf_balanced);
    assert_ptr_equal(jf_flow_model_kind(JF_MODEL_LAYERS), &jf_layers);
    assert_null(jf_flow_model_kind(JF_MODEL_THEORY));
    jf_record_clear(&r);
}

/* What batches and activations ask for: steps, and pairs for each. */
static void allow_steps(jf_point *point)
{
    point->value[JF_P_METHOD] = JF_METHOD_DESCENT;
    point->value[JF_P_LEARNING_RATE] = 0.02;
    if (point->value[JF_P_ACTIVATION] > 0.0 || isfinite(point->value[JF_P_BATCH])) {
        point->value[JF_P_BATCH] = 32.0;
    }
}

/* Each departure alone: the model that holds it, and a record that says so and is done. */
static void each_departure_has_its_model_and_says_so(void **state)
{
    size_t departures = 0;
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-1, JF_MODEL_AUTO, 1e-4);
        if (!p->departs) {
            continue;
        }
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.assumption, JF_ASSUMPTION_HOLDS);
        point.value[i] = i == JF_P_PAIRS ? 1000.0 : p->neutral == 1.0 ? 2.0 : 1.0;
        if (i == JF_P_METHOD || i == JF_P_BATCH || i == JF_P_ACTIVATION) {
            allow_steps(&point);
        }
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DONE);
        assert_int_equal(*r.assumption, JF_ASSUMPTION_DEPARTS);
        assert_int_equal(*r.model, p->layered ? JF_MODEL_LAYERS : JF_MODEL_BALANCED);
        point.value[JF_P_MODEL] = JF_MODEL_THEORY;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.assumption, JF_ASSUMPTION_DEPARTS);
        departures++;
    }
    assert_true(departures >= 8);
    jf_record_clear(&r);
}

/* Settings that do not go together: the point fails and says why; nothing of it is measured. */
static void a_point_that_contradicts_itself_fails(void **state)
{
    jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-1, JF_MODEL_BALANCED, 1e-4);
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    point.value[JF_P_PREDICTOR_RATE] = 2.0;
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_FAILED);
    assert_int_equal(*r.reason, JF_REASON_CONTRADICTION);
    assert_int_equal(*r.steps, 0);
    assert_true(isnan(r.critical_time[0]));
    assert_int_equal(r.critical_time_status[0], JF_NOT_RUN);
    jf_record_clear(&r);
}

/* JEPA without stop-gradient learns nothing; MAE, and JEPA with it, do. */
static void an_embedding_that_collapses_is_told(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    for (int n = 0; n < 4; n++) {
        jf_point point = make_point(OPPOSED, (jf_objective)(n % 2), 2, 1e-2, JF_MODEL_AUTO, 1e-4);
        const int collapses = n == 2; /* JEPA, no stop-gradient */
        point.value[JF_P_STOP_GRADIENT] = n / 2 == 0 ? JF_STOP_GRADIENT_YES : JF_STOP_GRADIENT_NO;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DONE);
        assert_int_equal(*r.reason, collapses ? JF_REASON_COLLAPSED : JF_REASON_NONE);
        for (size_t i = 0; i < D; i++) {
            assert_int_equal(r.critical_time_status[i], collapses ? JF_NOT_REACHED : JF_REACHED);
            assert_int_equal(r.final_projection[i] < 1e-2, collapses);
        }
    }
    jf_record_clear(&r);
}

/*
 * A predictor that is held fixed, below a target that follows: JEPA's embedding grows by a factor
 * in each unit of time, and what limits a step falls by it.
 */
static void an_embedding_that_grows_without_end_is_given_up(void **state)
{
    static const jf_integrator_choice integrators[] = {JF_INTEGRATOR_AUTO, JF_INTEGRATOR_ERK,
                                                       JF_INTEGRATOR_BDF};
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    for (size_t k = 0; k < COUNT(integrators); k++) {
        jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-2, JF_MODEL_AUTO, 1e-4);
        point.value[JF_P_PREDICTOR_RATE] = 0.0;
        point.value[JF_P_EMA_RATE] = 5.0;
        point.value[JF_P_INTEGRATOR] = integrators[k];
        point.value[JF_P_MAX_STEPS] = 1e5;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DIVERGED);
        assert_int_equal(*r.reason, JF_REASON_UNBOUNDED);
    }
    jf_record_clear(&r);
}

/* Behind a slow predictor plateaus are as large as (rho / sqrt r)^L, 1e9 here. */
static void an_embedding_behind_a_slow_predictor_is_learnt(void **state)
{
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    jf_point point = make_point(OPPOSED, JF_JEPA, 3, 0.1, JF_MODEL_AUTO, 1e-4);
    point.value[JF_P_PREDICTOR_RATE] = 1e-6;
    point.value[JF_P_HORIZON] = 5.0;
    jf_flow_solve(&point, NULL, NULL, &r);
    assert_int_equal(*r.status, JF_POINT_DONE);
    assert_true(r.final_projection[0] > 1e8);
    jf_record_clear(&r);
}

/* So is one of data with a feature that predicts nothing, which has no plateau. */
static void a_feature_without_a_plateau_does_not_hide_a_collapse(void **state)
{
    char name[] = "of_data";
    double lambda[D], rho[D];
    jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};
    jf_record r;

    (void)state;
    assert_ok(jf_record_init(D, 3, &r));
    assert_ok(jf_moments_init(D, &spectrum.moments));
    for (size_t i = 0; i < D; i++) { /* Sxx = Syy = I; the last feature has a rho below 0 */
        lambda[i] = rho[i] = i + 1 < D ? 0.9 - 0.1 * (double)i : -0.3;
        spectrum.moments.sxx[i + i * D] = spectrum.moments.syy[i + i * D] = 1.0;
        spectrum.moments.syx[i + i * D] = rho[i];
    }
    jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-2, JF_MODEL_AUTO, 1e-4);
    point.spectrum = &spectrum;
    for (int n = 0; n < 2; n++) {
        point.value[JF_P_STOP_GRADIENT] = n == 0 ? JF_STOP_GRADIENT_YES : JF_STOP_GRADIENT_NO;
        jf_flow_solve(&point, NULL, NULL, &r);
        assert_int_equal(*r.status, JF_POINT_DONE);
        assert_int_equal(r.critical_time_status[D - 1], JF_NO_REFERENCE);
        assert_int_equal(*r.reason, n == 0 ? JF_REASON_NONE : JF_REASON_COLLAPSED);
    }
    jf_moments_clear(&spectrum.moments);
    jf_record_clear(&r);
}

/*
 * What is asked of the tolerance: each integrator's largest error of critical times is about it,
 * for both objectives and models, and never five times that.
 */
static void critical_times_are_as_exact_as_the_tolerance_says(void **state)
{
    static const jf_integrator_choice choices[] = {JF_INTEGRATOR_AUTO, JF_INTEGRATOR_ERK,
                                                   JF_INTEGRATOR_RKC, JF_INTEGRATOR_ROCK,
                                                   JF_INTEGRATOR_BDF};
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 0, &record));
    for (size_t n = 0; n < 2 * 2 * 3 * 2 * sizeof choices / sizeof choices[0]; n++) {
        const double tolerance = n % 2 == 0 ? 1e-3 : 1e-5;
        const size_t depth = (const size_t[]){1, 3, 6}[n / 8 % 3];
        jf_point point =
            make_point(RHO_VARIES, (jf_objective)(n / 2 % 2), depth, 1e-2,
                       n / 4 % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, tolerance);
        point.value[JF_P_INTEGRATOR] = choices[n / 24];
        jf_flow_solve(&point, NULL, NULL, &record);
        assert_int_equal(*record.status, JF_POINT_DONE);
        assert_below(worst_time(&record), 5.0 * tolerance);
    }
    jf_record_clear(&record);
}

/*
 * Left to itself the program takes erk where nothing is stiff; where much is, rock alone, in a
 * fraction of erk's right-hand sides; in between whichever gets further, hardly ever worse than the
 * better one.
 */
static void the_integrator_suits_the_stiffness(void **state)
{
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 0, &record));
    for (size_t depth = 1; depth <= 4; depth++) {
        const jf_point mild = make_point(OPPOSED, JF_MAE, depth, 1e-2, JF_MODEL_BALANCED, 1e-5);
        jf_flow_solve(&mild, NULL, NULL, &record);
        assert_int_equal(*record.integrator, JF_INTEGRATOR_ERK);
    }
    for (size_t n = 0; n < 12; n++) {
        jf_point point = make_point(RHO_VARIES, JF_JEPA, 2 + n % 3, n < 6 ? 1e-2 : 1e-3,
                                    JF_MODEL_LAYERS, n / 3 % 2 == 0 ? 1e-4 : 1e-7);
        double taken[3];
        for (int k = 0; k < 3; k++) {
            point.value[JF_P_INTEGRATOR] =
                (const double[]){JF_INTEGRATOR_AUTO, JF_INTEGRATOR_ERK, JF_INTEGRATOR_ROCK}[k];
            jf_flow_solve(&point, NULL, NULL, &record);
            assert_int_equal(*record.status, JF_POINT_DONE);
            taken[k] = (double)*record.rhs_evaluations;
        }
        assert_below(taken[0], 1.4 * fmin(taken[1], taken[2]));
    }
    const jf_point stiff = make_point(RHO_VARIES, JF_JEPA, 4, 3e-4, JF_MODEL_BALANCED, 1e-4);
    jf_flow_solve(&stiff, NULL, NULL, &record);
    assert_int_equal(*record.integrator, JF_INTEGRATOR_ROCK);
    assert_below(worst_time(&record), 1e-4);
    jf_record_clear(&record);
}

/*
 * Learnt features come to rest: the longest wait costs no more than the growth at its end, though
 * the decay in it would take a classical method W / 3.3 steps, W = 5e5 here.
 */
static void features_at_rest_cost_nothing(void **state)
{
    jf_point point = make_point(RHO_VARIES, JF_JEPA, 6, 1e-3, JF_MODEL_LAYERS, 1e-5);
    jf_outlook outlook;
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 0, &record));
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_true(outlook.work > 1e5);
    jf_flow_solve(&point, NULL, NULL, &record);
    assert_below(worst_time(&record), 1e-5);
    assert_below((double)*record.rhs_evaluations, 5000.0);
    jf_record_clear(&record);
}

/*
 * From rotated starts nothing rests in every digit, and the stiffest of them go to the implicit
 * integrator: rho up to 3 at L = 5.
 */
static void the_stiffest_restless_points_are_implicit(void **state)
{
    double lambda[D], rho[D];
    char name[] = "rho_above_one";
    jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};
    jf_outlook outlook;

    (void)state;
    for (size_t i = 0; i < D; i++) {
        lambda[i] = 1.0;
        rho[i] = 1.0 + 2.0 * (double)i / (D - 1);
    }
    jf_point point = make_point(RHO_VARIES, JF_JEPA, 5, 1e-3, JF_MODEL_LAYERS, 1e-3);
    point.spectrum = &spectrum;
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_AUTO);
    point.value[JF_P_ROTATION] = JF_ROTATION_RANDOM;
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_BDF);
}

/*
 * So do stiff points that depart: a target encoder that follows at the rate 1 costs stabilised
 * steps some 200 000 right-hand sides here, the implicit ones some 5000.
 */
static void stiff_points_that_depart_are_implicit(void **state)
{
    double lambda[D], rho[D];
    char name[] = "slow_to_settle";
    jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};
    jf_outlook outlook;
    jf_record record;

    (void)state;
    for (size_t i = 0; i < D; i++) {
        lambda[i] = 0.8;
        rho[i] = 0.4 + 0.45 * (double)i / (D - 1);
    }
    jf_point point = make_point(RHO_VARIES, JF_JEPA, 5, 0.3, JF_MODEL_AUTO, 1e-6);
    point.spectrum = &spectrum;
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_AUTO);
    point.value[JF_P_EMA_RATE] = 1.0;
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_BDF);
    assert_ok(jf_record_init(D, 0, &record));
    jf_flow_solve(&point, NULL, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_DONE);
    assert_below((double)*record.rhs_evaluations, 2e4);
    jf_record_clear(&record);
    point.value[JF_P_DEPTH] = 2;
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_AUTO);
}

/* The implicit one gives the exact times too: both objectives and models, L = 1 .. 5. */
static void the_implicit_integrator_finds_the_critical_times(void **state)
{
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 20, &record));
    for (size_t n = 0; n < 20; n++) {
        jf_point point = make_point(RHO_VARIES, (jf_objective)(n % 2), 1 + n / 4, 1e-2,
                                    n / 2 % 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-6);
        point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_BDF;
        jf_flow_solve(&point, NULL, NULL, &record);
        assert_int_equal(*record.status, JF_POINT_DONE);
        assert_int_equal(*record.integrator, JF_INTEGRATOR_BDF);
        assert_below(worst_time(&record), 1e-5);
        jf_outlook outlook;
        assert_ok(jf_point_outlook(&point, &outlook));
        const double predicted = jf_flow_evaluations(&point, &outlook);
        assert_below(fabs(log(predicted / (double)*record.rhs_evaluations)), log(4.0));
    }
    jf_record_clear(&record);
}

/*
 * rho up to 2 at L = 5: the features learnt first decay at lambda rho^9 = 512 from then on. The
 * implicit integrator finds the times in a third of the right-hand sides of the stabilised one.
 */
static void great_stiffness_is_for_the_implicit_integrator(void **state)
{
    double lambda[D], rho[D];
    char name[] = "rho_above_one";
    jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 0, &record));
    for (size_t i = 0; i < D; i++) {
        lambda[i] = 1.0;
        rho[i] = 1.0 + (double)i / (D - 1);
    }
    for (int model = 0; model < 2; model++) {
        jf_point point = make_point(RHO_VARIES, JF_JEPA, 5, 3e-3,
                                    model == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-3);
        point.spectrum = &spectrum;
        point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_RKC;
        jf_flow_solve(&point, NULL, NULL, &record);
        assert_below(worst_time(&record), 5e-3);
        const double stabilised = (double)*record.rhs_evaluations;
        point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_BDF;
        jf_flow_solve(&point, NULL, NULL, &record);
        assert_int_equal(*record.status, JF_POINT_DONE);
        assert_below(worst_time(&record), 2e-3);
        assert_below(3.0 * (double)*record.rhs_evaluations, stabilised);
    }
    jf_record_clear(&record);
}

/*
 * From a rotated start nothing decouples: each linear system has many decays to tell apart, up to
 * lambda rho^9 = 2e4, and what GMRES left undone would show in the critical times.
 */
static void rotated_starts_do_not_spoil_the_implicit_integrator(void **state)
{
    double lambda[D], rho[D];
    char name[] = "rho_far_above_one";
    jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};
    jf_record record;

    (void)state;
    assert_ok(jf_record_init(D, 0, &record));
    for (size_t i = 0; i < D; i++) {
        lambda[i] = 1.0;
        rho[i] = 0.7 + 2.3 * (double)i / (D - 1);
    }
    jf_point point = make_point(RHO_VARIES, JF_JEPA, 5, 1e-2, JF_MODEL_LAYERS, 1e-3);
    point.spectrum = &spectrum;
    point.value[JF_P_ROTATION] = JF_ROTATION_RANDOM;
    point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_BDF;
    jf_flow_solve(&point, NULL, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_DONE);
    assert_below(worst_time(&record), 2e-3);
    jf_record_clear(&record);
}

/* The same point twice, in a record just used for another: the same bits, but for the seconds. */
static void a_point_gives_the_same_numbers_again(void **state)
{
    size_t count;
    const jf_field *field = jf_record_fields(&count);
    jf_record first, again;

    (void)state;
    assert_ok(jf_record_init(D + 2, 10, &first)); /* as in a sweep with a wider spectrum */
    assert_ok(jf_record_init(D + 2, 10, &again));
    for (size_t n = 0; n < 4; n++) {
        jf_point point = make_point(RHO_VARIES, (jf_objective)(n % 2), 3, 1e-2,
                                    n / 2 == 0 ? JF_MODEL_BALANCED : JF_MODEL_LAYERS, 1e-6);
        point.value[JF_P_ROTATION] = JF_ROTATION_RANDOM;
        const jf_point other = make_point(OPPOSED, JF_MAE, 2, 1e-1, JF_MODEL_LAYERS, 1e-4);
        jf_flow_solve(&point, NULL, NULL, &first);
        jf_flow_solve(&other, NULL, NULL, &again);
        jf_flow_solve(&point, NULL, NULL, &again);
        for (size_t f = 0; f < count; f++) {
            const size_t width = field[f].type == JF_FIELD_BYTE ? 1 : 8;
            if (strstr(field[f].name, "seconds") == NULL) {
                assert_memory_equal(jf_field_data(&field[f], &first),
                                    jf_field_data(&field[f], &again),
                                    width * jf_field_count(&field[f], D, 10));
            }
        }
        assert_int_equal(first.features, D);
        assert_int_equal(again.features, D);
    }
    jf_record_clear(&first);
    jf_record_clear(&again);
}

/* ---- saved on the way ---- */

/* Stops a flow after so many looks, and keeps what it is saved as. */
typedef struct {
    int64_t left;
    int wish; /* when none is left */
    jf_wire kept;
    int times;
} keeper;

static int look_and_keep(void *context)
{
    keeper *k = context;

    return --k->left == 0 ? k->wish : JF_GO_ON;
}

static void keep(void *context, const jf_wire *wire)
{
    keeper *k = context;

    jf_wire_rewind(&k->kept);
    for (size_t i = 0; i < wire->size; i++) {
        jf_wire_put_i8(&k->kept, (int8_t)wire->data[i]);
    }
    assert_ok(jf_wire_check(&k->kept));
    k->times++;
}

/* Who solves what: a point, or a flow. */
typedef void solver(const void *what, const jf_watch *watch, jf_record *record);

static void solve_point(const void *point, const jf_watch *watch, jf_record *record)
{
    jf_flow_solve(point, NULL, watch, record);
}

static void solve_flow(const void *flow, const jf_watch *watch, jf_record *record)
{
    jf_flow_integrate(flow, watch, record);
}

/* Stopped after every `looks` steps, and gone on with from what was kept, to its end. */
static int solve_in_pieces(solver *solve, const void *what, int64_t looks, jf_record *record)
{
    keeper k = {.wish = JF_STOP};
    jf_wire saved = {0};

    do {
        k.left = looks;
        jf_wire_reader reader = {.data = saved.data, .size = saved.size};
        const jf_watch watch = {.look = look_and_keep,
                                .save = keep,
                                .saved = saved.size > 0 ? &reader : NULL,
                                .context = &k};
        solve(what, &watch, record);
        jf_wire_clear(&saved);
        saved = k.kept;
        k.kept = (jf_wire){0};
    } while (*record->status == JF_POINT_STOPPED);
    jf_wire_clear(&saved);
    return k.times;
}

/* All but the time it took. */
static void assert_equal_records(const jf_record *a, const jf_record *b)
{
    size_t count;
    const jf_field *fields = jf_record_fields(&count);

    for (size_t f = 0; f < count; f++) {
        if (strcmp(fields[f].name, "seconds") == 0) {
            continue;
        }
        const double one[] = {[JF_FIELD_BYTE] = 1, [JF_FIELD_LONG] = 8, [JF_FIELD_DOUBLE] = 8};
        const size_t size =
            jf_field_count(&fields[f], a->features, a->samples) * (size_t)one[fields[f].type];
        if (memcmp(jf_field_data(&fields[f], a), jf_field_data(&fields[f], b), size) != 0) {
            fail_msg("%s differs", fields[f].name);
        }
    }
}

/* In pieces of any length it comes out as in one go, bit for bit; bdf within its tolerance. */
static void a_flow_goes_on_from_what_was_saved(void **state)
{
    jf_record whole, pieces;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &whole));
    assert_ok(jf_record_init(D, SAMPLES, &pieces));
    for (int n = 0; n < 2 * JF_INTEGRATOR_MIXED; n++) {
        const jf_integrator_choice integrator = (jf_integrator_choice)(n / 2);
        jf_point point = make_point(OPPOSED, (jf_objective)(n % 2), 3, 1e-2,
                                    n % 2 == 0 ? JF_MODEL_LAYERS : JF_MODEL_BALANCED, 1e-4);
        point.value[JF_P_INTEGRATOR] = integrator;
        jf_flow_solve(&point, NULL, NULL, &whole);
        assert_int_equal(*whole.status, JF_POINT_DONE);
        const int64_t shortest = integrator == JF_INTEGRATOR_BDF ? 100 : 20;
        for (int64_t looks = shortest; looks <= 500; looks *= 5) {
            assert_int_equal(solve_in_pieces(solve_point, &point, looks, &pieces) > 0,
                             *whole.steps > looks);
            if (integrator == JF_INTEGRATOR_BDF) {
                assert_int_equal(*pieces.status, JF_POINT_DONE);
                assert_below(worst_time(&pieces), 1e-3);
                break;
            }
            assert_equal_records(&pieces, &whole);
        }
    }
    jf_record_clear(&whole);
    jf_record_clear(&pieces);
}

/*
 * Whoever is handed over to finds the same, also where it was stopped before and after: covariances
 * that do not commute, critical times to 1e-6.
 */
static void handing_over_is_not_seen_in_the_result(void **state)
{
    enum { FEATURES = 5, PATIENCE = 600 };
    double target[FEATURES];
    jf_record explicit, handed, pieces;

    (void)state;
    assert_ok(jf_record_init(FEATURES, 0, &explicit));
    assert_ok(jf_record_init(FEATURES, 0, &handed));
    assert_ok(jf_record_init(FEATURES, 0, &pieces));
    for (size_t n = 0; n < 4; n++) {
        jf_problem problem;
        make_general_problem(n, FEATURES, 0.1, &problem);
        for (size_t i = 0; i < FEATURES; i++) {
            target[i] = 0.1 * problem.rho[i];
        }
        jf_flow flow = make_flow(&problem, (jf_objective)(n % 2), 2 + n / 2, &jf_layers, target);
        flow.integrator = JF_INTEGRATOR_AUTO;
        jf_flow_integrate(&flow, NULL, &explicit);
        assert_true(*explicit.rhs_evaluations > PATIENCE);
        flow.patience = PATIENCE;
        jf_flow_integrate(&flow, NULL, &handed);
        assert_int_equal(*handed.integrator, JF_INTEGRATOR_MIXED);
        assert_near_cells(&handed, &explicit, 1e-6);
        for (int64_t looks = 60; looks <= 600; looks *= 10) { /* the first before, and only after */
            assert_true(solve_in_pieces(solve_flow, &flow, looks, &pieces) > 0);
            assert_int_equal(*pieces.integrator, JF_INTEGRATOR_MIXED);
            assert_true(*pieces.rhs_evaluations >= *handed.rhs_evaluations);
            assert_near_cells(&pieces, &explicit, 1e-6);
        }
        jf_problem_clear(&problem);
    }
    jf_record_clear(&explicit);
    jf_record_clear(&handed);
    jf_record_clear(&pieces);
}

/*
 * A point that departs and comes out far dearer than the closed form makes of it is handed over:
 * explicit integrators are not there after a minute, an asymmetry and a predictor drawn at random.
 */
static void what_was_not_foreseen_is_handed_over(void **state)
{
    enum { FEATURES = 4 };
    double lambda[FEATURES] = {0.77, 0.689, 0.773, 1.178};
    double rho[FEATURES] = {0.788, 0.851, 0.399, 0.511};
    char name[] = "unforeseen";
    const jf_spectrum spectrum = {.name = name, .features = FEATURES, .lambda = lambda, .rho = rho};
    jf_point point = make_point(RHO_VARIES, JF_JEPA, 5, 0.3, JF_MODEL_AUTO, 1e-7);
    jf_outlook outlook;
    jf_record record;

    (void)state;
    point.spectrum = &spectrum;
    point.value[JF_P_SEED] = 69;
    point.value[JF_P_ASYMMETRY] = 0.238;
    point.value[JF_P_PREDICTOR] = JF_PREDICTOR_RANDOM;
    point.value[JF_P_MAX_STEPS] = 1e5; /* else a hand-over that fails is waited for */
    assert_ok(jf_point_outlook(&point, &outlook));
    assert_int_equal(jf_flow_integrator(&point, &outlook), JF_INTEGRATOR_AUTO);
    assert_true(jf_flow_may_hand_over(&point, &outlook));
    assert_ok(jf_record_init(FEATURES, 0, &record));
    jf_flow_solve(&point, NULL, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_DONE);
    assert_int_equal(*record.integrator, JF_INTEGRATOR_MIXED);
    assert_below((double)*record.rhs_evaluations, 2e5);
    jf_record_clear(&record);
    point.value[JF_P_INTEGRATOR] = JF_INTEGRATOR_ERK;
    assert_false(jf_flow_may_hand_over(&point, &outlook));
}

/* Saving alone changes nothing; what was saved of another network is left aside. */
static void saving_is_not_seen_in_the_result(void **state)
{
    jf_point point = make_point(OPPOSED, JF_JEPA, 2, 1e-2, JF_MODEL_LAYERS, 1e-4);
    keeper k = {.left = 30, .wish = JF_SAVE};
    jf_watch watch = {.look = look_and_keep, .save = keep, .context = &k};
    jf_record r, undisturbed;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &r));
    assert_ok(jf_record_init(D, SAMPLES, &undisturbed));
    jf_flow_solve(&point, NULL, NULL, &undisturbed);
    jf_flow_solve(&point, NULL, &watch, &r);
    assert_int_equal(k.times, 1);
    assert_equal_records(&r, &undisturbed);

    jf_point deeper = point;
    deeper.value[JF_P_DEPTH] = 3;
    jf_wire_reader reader = {.data = k.kept.data, .size = k.kept.size};
    watch.saved = &reader;
    jf_flow_solve(&deeper, NULL, NULL, &undisturbed);
    jf_flow_solve(&deeper, NULL, &watch, &r);
    assert_equal_records(&r, &undisturbed);
    jf_wire_clear(&k.kept);
    jf_record_clear(&r);
    jf_record_clear(&undisturbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_goes_on_from_what_was_saved),
        cmocka_unit_test(saving_is_not_seen_in_the_result),
        cmocka_unit_test(measured_critical_times_are_the_exact_ones),
        cmocka_unit_test(each_objective_ends_at_its_own_plateau),
        cmocka_unit_test(the_predictor_ends_at_its_own_gain),
        cmocka_unit_test(losses_are_those_of_the_projections),
        cmocka_unit_test(mae_loss_falls_and_jepa_loss_rises),
        cmocka_unit_test(evaluations_are_roughly_predicted),
        cmocka_unit_test(samples_stand_at_the_times_of_the_outlook),
        cmocka_unit_test(critical_times_converge_with_the_tolerance),
        cmocka_unit_test(trajectories_are_the_exact_ones),
        cmocka_unit_test(hidden_rotations_do_not_move_critical_times),
        cmocka_unit_test(mae_learns_in_the_order_of_lambda),
        cmocka_unit_test(jepa_turns_to_the_order_of_rho_with_depth),
        cmocka_unit_test(the_models_agree_where_covariances_do_not_commute),
        cmocka_unit_test(conserved_quantities_drift_with_the_tolerance_only),
        cmocka_unit_test(cells_that_start_above_have_their_status),
        cmocka_unit_test(a_point_without_steps_left_has_failed),
        cmocka_unit_test(a_watch_stops_the_flow),
        cmocka_unit_test(numbers_that_overflow_are_a_divergence),
        cmocka_unit_test(a_cell_without_a_time_has_no_reference),
        cmocka_unit_test(a_feature_that_is_waited_for_too_briefly_is_not_reached),
        cmocka_unit_test(each_departure_has_its_model_and_says_so),
        cmocka_unit_test(a_point_that_contradicts_itself_fails),
        cmocka_unit_test(an_embedding_that_collapses_is_told),
        cmocka_unit_test(an_embedding_that_grows_without_end_is_given_up),
        cmocka_unit_test(an_embedding_behind_a_slow_predictor_is_learnt),
        cmocka_unit_test(a_feature_without_a_plateau_does_not_hide_a_collapse),
        cmocka_unit_test(the_model_is_the_one_asked_for),
        cmocka_unit_test(critical_times_are_as_exact_as_the_tolerance_says),
        cmocka_unit_test(the_integrator_suits_the_stiffness),
        cmocka_unit_test(features_at_rest_cost_nothing),
        cmocka_unit_test(the_stiffest_restless_points_are_implicit),
        cmocka_unit_test(stiff_points_that_depart_are_implicit),
        cmocka_unit_test(handing_over_is_not_seen_in_the_result),
        cmocka_unit_test(what_was_not_foreseen_is_handed_over),
        cmocka_unit_test(the_implicit_integrator_finds_the_critical_times),
        cmocka_unit_test(great_stiffness_is_for_the_implicit_integrator),
        cmocka_unit_test(rotated_starts_do_not_spoil_the_implicit_integrator),
        cmocka_unit_test(a_point_gives_the_same_numbers_again),
    };
    return cmocka_run_group_tests(tests, solve_sweep, clear_sweep);
}
