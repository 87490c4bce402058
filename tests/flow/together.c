/*
 * together.c - points solved by all ranks that run it, against the same solved by each alone.
 *
 * For together.bats, under mpirun. It ends with 0 where all agree. `together few` is for more ranks
 * than cores, which take turns at every sum; `together many` solves five thousand points.
 */
#include "../support/check.h"

#include <math.h>
#include <mpi.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/model/balanced.h"
#include "jepaflow/model/layers.h"

enum { D = 9, SAMPLES = 5 };

static jf_grid *grid;
static int rank, ranks;

static double lambda[D], rho[D];
static char name[] = "opposed";
static const jf_spectrum spectrum = {.name = name, .features = D, .lambda = lambda, .rho = rho};

static jf_point make_point(jf_objective objective, size_t depth, jf_model_choice model,
                           jf_integrator_choice integrator, int rotated)
{
    jf_point point = {.spectrum = &spectrum};

    for (size_t i = 0; i < D; i++) {
        const double part = (double)i / (D - 1);
        lambda[i] = 0.8 + 0.2 * part;
        rho[i] = 1.0 - 0.4 * part;
    }
    jf_point_set_neutral(&point);
    point.value[JF_P_OBJECTIVE] = objective;
    point.value[JF_P_DEPTH] = (double)depth;
    point.value[JF_P_INIT_SCALE] = 0.1;
    point.value[JF_P_SEED] = 1;
    point.value[JF_P_MODEL] = model;
    point.value[JF_P_INTEGRATOR] = integrator;
    point.value[JF_P_TOLERANCE] = 1e-3;
    point.value[JF_P_THRESHOLD] = 0.5;
    point.value[JF_P_HORIZON] = 2;
    point.value[JF_P_ROTATION] = rotated ? JF_ROTATION_RANDOM : JF_ROTATION_NONE;
    point.value[JF_P_MAX_STEPS] = 1e6;
    return point;
}

static void assert_all_near(const double *a, const double *b, size_t count, double within)
{
    for (size_t i = 0; i < count; i++) {
        if (isnan(b[i])) {
            assert_true(isnan(a[i]));
        } else {
            assert_within(a[i], b[i], within * (1.0 + fabs(b[i])));
        }
    }
}

/* Numbers within `within`; what was decided, the same. */
static void assert_same(const jf_record *a, const jf_record *b, double within)
{
    assert_int_equal(*a->status, *b->status);
    assert_int_equal(*a->reason, *b->reason);
    assert_int_equal(*a->model, *b->model);
    assert_int_equal(*a->integrator, *b->integrator);
    assert_memory_equal(a->critical_time_status, b->critical_time_status, D);
    assert_all_near(a->critical_time, b->critical_time, D, within);
    assert_all_near(a->final_projection, b->final_projection, D, within);
    assert_all_near(a->projection, b->projection, a->samples * D, within);
    assert_all_near(a->prediction, b->prediction, a->samples * D, within);
    assert_all_near(a->loss, b->loss, a->samples, within);
    assert_int_equal(isnan(a->probe[0]), isnan(b->probe[0]));
    if (!isnan(b->probe[0])) {
        assert_all_near(a->probe, b->probe, a->samples * D, within);
    }
    assert_all_near(a->off_diagonal, b->off_diagonal, a->samples * D, within);
    assert_all_near(a->feature_lambda, b->feature_lambda, D, 1e-12);
    assert_all_near(a->feature_rho, b->feature_rho, D, 1e-12);
}

static void compare(const jf_point *point, double within)
{
    jf_record alone, together;

    assert_ok(jf_record_init(D, SAMPLES, &alone));
    assert_ok(jf_record_init(D, SAMPLES, &together));
    jf_flow_solve(point, NULL, NULL, &alone);
    jf_flow_solve(point, grid, NULL, &together);
    assert_int_equal(*alone.status, JF_POINT_DONE);
    assert_same(&together, &alone, within);
    jf_record_clear(&alone);
    jf_record_clear(&together);
}

/* In the frame of the features only sums over ranks round differently. */
static void every_model_and_integrator_comes_to_the_same(void **state)
{
    (void)state;
    for (int integrator = JF_INTEGRATOR_AUTO; integrator <= JF_INTEGRATOR_BDF; integrator++) {
        const jf_integrator_choice choice = (jf_integrator_choice)integrator;
        const double within = integrator == JF_INTEGRATOR_BDF ? 1e-7 : 1e-9;
        const jf_point layers = make_point(JF_JEPA, 2, JF_MODEL_LAYERS, choice, 0);
        const jf_point balanced = make_point(JF_MAE, 3, JF_MODEL_BALANCED, choice, 0);
        compare(&layers, within);
        compare(&balanced, within);
    }
}

static void auto_comes_to_the_same(void **state)
{
    const jf_point jepa = make_point(JF_JEPA, 3, JF_MODEL_BALANCED, JF_INTEGRATOR_AUTO, 0);
    const jf_point mae = make_point(JF_MAE, 2, JF_MODEL_LAYERS, JF_INTEGRATOR_AUTO, 0);

    (void)state;
    compare(&jepa, 1e-9);
    compare(&mae, 1e-9);
}

/* Rotated starts: the same network but for rounding, which the integrator's errors hide. */
static void rotated_starts_are_the_same_network(void **state)
{
    (void)state;
    for (size_t depth = 1; depth <= 3; depth++) {
        jf_point point =
            make_point((jf_objective)(depth % 2), depth, JF_MODEL_LAYERS, JF_INTEGRATOR_ERK, 1);
        point.value[JF_P_TOLERANCE] = 1e-5;
        compare(&point, 1e-4);
    }
}

/* Each start and target, narrow and wide: the same network, the same flow. */
static void departures_come_to_the_same(void **state)
{
    static const struct {
        jf_parameter_id id[3];
        double value[3];
    } cases[] = {
        {{JF_P_START, JF_P_PREDICTOR, JF_P_WIDTH}, {JF_START_GAUSSIAN, 1, 3}},
        {{JF_P_START, JF_P_IMBALANCE, JF_P_EMA_RATE}, {JF_START_IDENTITY_NOISE, 1, 0.5}},
        {{JF_P_STOP_GRADIENT, JF_P_NOISE, JF_P_NOISE}, {JF_STOP_GRADIENT_NO, 0, 0}},
        {{JF_P_WEIGHT_DECAY, JF_P_PREDICTOR_RATE, JF_P_WIDTH}, {0.01, 1.5, 4}},
        {{JF_P_METHOD, JF_P_LEARNING_RATE, JF_P_PROBE}, {JF_METHOD_DESCENT, 0.2, JF_PROBE_YES}},
    };

    (void)state;
    for (size_t n = 0; n < COUNT(cases); n++) {
        const jf_integrator_choice choice =
            cases[n].id[0] == JF_P_METHOD ? JF_INTEGRATOR_AUTO : JF_INTEGRATOR_ERK;
        jf_point point = make_point(JF_JEPA, 2, JF_MODEL_AUTO, choice, n > 2);
        point.value[JF_P_TOLERANCE] = 1e-5;
        point.value[JF_P_PROBE_RIDGE] = 0.1;
        for (size_t k = 0; k < 3; k++) {
            point.value[cases[n].id[k]] = cases[n].value[k];
        }
        compare(&point, 1e-4);
    }
}

/* Weights of a file are whole on each rank: each takes its part of them. */
static void given_weights_come_to_the_same(void **state)
{
    enum { DEPTH = 2 };
    jf_weights weights;

    (void)state;
    assert_ok(jf_weights_init(DEPTH, D, &weights));
    fill_uniform(6, jf_weights_count(&weights), weights.numbers);
    for (size_t i = 0; i < jf_weights_count(&weights); i++) {
        weights.numbers[i] *= 0.2;
    }
    for (int n = 0; n < 2; n++) {
        jf_point point = make_point((jf_objective)n, DEPTH, JF_MODEL_AUTO, JF_INTEGRATOR_ERK, 0);
        point.value[JF_P_START] = JF_START_FILE;
        point.value[JF_P_TOLERANCE] = 1e-5;
        point.weights = &weights;
        compare(&point, 1e-6);
    }
    jf_weights_clear(&weights);
}

/* Pairs are not spread: such a point on a grid fails and says so. */
static void pairs_are_for_one_rank(void **state)
{
    jf_point point = make_point(JF_MAE, 2, JF_MODEL_AUTO, JF_INTEGRATOR_AUTO, 0);
    jf_record record;

    (void)state;
    point.value[JF_P_METHOD] = JF_METHOD_DESCENT;
    point.value[JF_P_LEARNING_RATE] = 0.2;
    point.value[JF_P_BATCH] = 8;
    assert_ok(jf_record_init(D, SAMPLES, &record));
    hear();
    jf_flow_solve(&point, grid, NULL, &record);
    assert_non_null(strstr(heard(), "pairs are not spread over ranks, expected ranks_per_point 1"));
    assert_int_equal(*record.status, JF_POINT_FAILED);
    assert_int_equal(*record.reason, JF_REASON_CONTRADICTION);
    jf_record_clear(&record);
}

/*
 * Covariances that do not commute, spread over the ranks, against whole on each; in the end with an
 * integrator that hands over.
 */
static void general_covariances_come_to_the_same(void **state)
{
    enum { SIDE = 9 };
    double whole_of[3][SIDE * SIDE], part[3][SIDE * SIDE], target[SIDE];
    jf_square square;
    jf_problem alone, together;
    jf_record record[2];

    (void)state;
    make_general_covariances(3, SIDE, 0.1, whole_of[0], whole_of[1], whole_of[2]);
    assert_ok(jf_square_init(SIDE, grid, &square));
    for (size_t n = 0; n < 3; n++) {
        jf_square_take(&square, whole_of[n], part[n]);
    }
    assert_ok(jf_problem_init_general(whole(SIDE), whole_of[0], whole_of[1], whole_of[2], &alone));
    assert_ok(jf_problem_init_general(&square, part[0], part[1], part[2], &together));
    assert_all_near(together.rho, alone.rho, SIDE, 1e-12);
    assert_all_near(together.lambda, alone.lambda, SIDE, 1e-12);
    for (size_t i = 0; i < SIDE; i++) {
        target[i] = 0.3 * alone.rho[i];
    }
    for (int n = 0; n < 6; n++) {
        jf_flow flow = {.problem = &alone,
                        .network = {.objective = (jf_objective)(n % 2),
                                    .depth = 2,
                                    .init_scale = 0.05,
                                    .rotated = 1,
                                    .seed = 1,
                                    .key = 2},
                        .model = n / 2 == 1 ? &jf_balanced : &jf_layers,
                        .integrator = JF_INTEGRATOR_ERK,
                        .patience = n / 2 == 2 ? 50.0 : 0.0,
                        .tolerance = 1e-6,
                        .end = 30.0,
                        .max_steps = 1000000,
                        .target = target};
        for (size_t k = 0; k < 2; k++) {
            assert_ok(jf_record_init(SIDE, 0, &record[k]));
            flow.problem = k == 0 ? &alone : &together;
            jf_flow_integrate(&flow, NULL, &record[k]);
            assert_int_equal(*record[k].status, JF_POINT_DONE);
            assert_int_equal(*record[k].integrator,
                             n / 2 == 2 ? JF_INTEGRATOR_MIXED : JF_INTEGRATOR_ERK);
        }
        assert_all_near(record[1].final_projection, record[0].final_projection, SIDE, 1e-5);
        assert_all_near(record[1].critical_time, record[0].critical_time, SIDE, 1e-5);
        jf_record_clear(&record[0]);
        jf_record_clear(&record[1]);
    }
    jf_problem_clear(&alone);
    jf_problem_clear(&together);
    jf_square_clear(&square);
}

/* Turned covariances, drawn pairs and those of data: made in parts, against made whole. */
static void data_come_to_the_same(void **state)
{
    jf_point point = make_point(JF_JEPA, 2, JF_MODEL_BALANCED, JF_INTEGRATOR_ERK, 0);
    jf_spectrum of_data = {.name = name, .features = D, .lambda = lambda, .rho = rho};

    (void)state;
    point.value[JF_P_TOLERANCE] = 1e-5;
    point.value[JF_P_ANGLE] = 0.4;
    point.value[JF_P_ASYMMETRY] = 0.1;
    compare(&point, 1e-6);
    point.value[JF_P_PAIRS] = 300; /* a block and some */
    compare(&point, 1e-6);
    point.value[JF_P_PAIRS] = INFINITY;
    point.value[JF_P_ANGLE] = point.value[JF_P_ASYMMETRY] = 0.0;
    assert_ok(jf_moments_init(D, &of_data.moments));
    make_general_covariances(5, D, 0.1, of_data.moments.sxx, of_data.moments.syx,
                             of_data.moments.syy);
    point.spectrum = &of_data;
    compare(&point, 1e-6);
    point.value[JF_P_PAIRS] = D - 1; /* refused on all ranks */
    jf_record record;
    assert_ok(jf_record_init(D, SAMPLES, &record));
    jf_flow_solve(&point, grid, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_FAILED);
    assert_int_equal(*record.reason, JF_REASON_DATA);
    jf_record_clear(&record);
    jf_moments_clear(&of_data.moments);
}

static int stop_at_the_third(void *context)
{
    return ++*(int *)context == 3 ? JF_STOP : JF_GO_ON;
}

/* Points that stop, or fail, do so on all ranks alike, and leave the next ones alone. */
static void points_end_early_on_all_ranks(void **state)
{
    jf_point point = make_point(JF_JEPA, 2, JF_MODEL_LAYERS, JF_INTEGRATOR_AUTO, 0);
    jf_record record;
    int looks = 0;
    const jf_watch watch = {.look = stop_at_the_third, .context = &looks};

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &record));
    jf_flow_solve(&point, grid, &watch, &record);
    assert_int_equal(*record.status, JF_POINT_STOPPED);
    point.value[JF_P_MAX_STEPS] = 4;
    jf_flow_solve(&point, grid, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_FAILED);
    assert_int_equal(*record.reason, JF_REASON_STEP_BUDGET);
    point.value[JF_P_MAX_STEPS] = 1e6;
    point.value[JF_P_INIT_SCALE] = 1e200;
    jf_flow_solve(&point, grid, NULL, &record);
    assert_int_equal(*record.status, JF_POINT_DIVERGED);
    assert_int_equal(*record.reason, JF_REASON_NOT_FINITE);
    jf_record_clear(&record);
    point.value[JF_P_INIT_SCALE] = 0.1;
    compare(&point, 1e-9);
}

/* What a point under way has left: saved at its third and fifth look, stopped at the sixth. */
typedef struct {
    int looks, saves;
    jf_wire bytes[3];
} keeping;

static int save_and_stop(void *context)
{
    keeping *k = context;

    k->looks++;
    return k->looks == 3 || k->looks == 5 ? JF_SAVE : k->looks == 6 ? JF_STOP : JF_GO_ON;
}

static void keep(void *context, const jf_wire *wire)
{
    keeping *k = context;
    jf_wire *bytes = &k->bytes[k->saves++];

    for (size_t i = 0; i < wire->size; i++) {
        jf_wire_put_i8(bytes, (int8_t)wire->data[i]);
    }
    assert_ok(jf_wire_check(bytes));
}

static int count_looks(void *context)
{
    ++*(int *)context;
    return JF_GO_ON;
}

/* Go on from bytes, which may be NULL; returns the steps that were still to do. */
static int go_on(const jf_point *point, const jf_wire *bytes, const jf_record *undisturbed)
{
    jf_record record;
    int looks = 0;
    jf_wire_reader reader = {0};
    jf_watch watch = {.look = count_looks, .context = &looks};

    if (bytes != NULL) {
        reader = (jf_wire_reader){.data = bytes->data, .size = bytes->size};
        watch.saved = &reader;
    }
    assert_ok(jf_record_init(D, SAMPLES, &record));
    jf_flow_solve(point, grid, &watch, &record);
    assert_int_equal(*record.rhs_evaluations, *undisturbed->rhs_evaluations);
    assert_same(&record, undisturbed, 0.0);
    jf_record_clear(&record);
    return looks;
}

/* Parts that are not of one step, or not on all ranks, are left aside on all. */
static void points_go_on_from_parts_of_one_step(void **state)
{
    const jf_point point = make_point(JF_JEPA, 2, JF_MODEL_LAYERS, JF_INTEGRATOR_ERK, 0);
    keeping kept = {0};
    const jf_watch watch = {.look = save_and_stop, .save = keep, .context = &kept};
    jf_record undisturbed, stopped;

    (void)state;
    assert_ok(jf_record_init(D, SAMPLES, &undisturbed));
    assert_ok(jf_record_init(D, SAMPLES, &stopped));
    jf_flow_solve(&point, grid, NULL, &undisturbed);
    jf_flow_solve(&point, grid, &watch, &stopped);
    assert_int_equal(*stopped.status, JF_POINT_STOPPED);
    assert_int_equal(kept.saves, 3);

    const int all = go_on(&point, NULL, &undisturbed);
    assert_int_equal(go_on(&point, &kept.bytes[0], &undisturbed), all - 2);
    assert_int_equal(go_on(&point, &kept.bytes[2], &undisturbed), all - 5);
    if (ranks > 1) {
        assert_int_equal(go_on(&point, &kept.bytes[rank == 0], &undisturbed), all);
        assert_int_equal(go_on(&point, rank == 0 ? NULL : &kept.bytes[1], &undisturbed), all);
    }
    for (int i = 0; i < kept.saves; i++) {
        jf_wire_clear(&kept.bytes[i]);
    }
    jf_record_clear(&undisturbed);
    jf_record_clear(&stopped);
}

/* A grid for each point would be at the end of MPI's communicators long before. */
static void five_thousand_points_exhaust_nothing(void **state)
{
    jf_point point = make_point(JF_MAE, 1, JF_MODEL_LAYERS, JF_INTEGRATOR_ERK, 0);
    jf_record record;

    (void)state;
    point.value[JF_P_MAX_STEPS] = 1;
    assert_ok(jf_record_init(D, 0, &record));
    for (int n = 0; n < 5000; n++) {
        jf_flow_solve(&point, grid, NULL, &record);
        assert_int_equal(*record.reason, JF_REASON_STEP_BUDGET);
    }
    jf_record_clear(&record);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_and_integrator_comes_to_the_same),
        cmocka_unit_test(auto_comes_to_the_same),
        cmocka_unit_test(rotated_starts_are_the_same_network),
        cmocka_unit_test(departures_come_to_the_same),
        cmocka_unit_test(given_weights_come_to_the_same),
        cmocka_unit_test(pairs_are_for_one_rank),
        cmocka_unit_test(general_covariances_come_to_the_same),
        cmocka_unit_test(data_come_to_the_same),
        cmocka_unit_test(points_end_early_on_all_ranks),
        cmocka_unit_test(points_go_on_from_parts_of_one_step),
    };
    const struct CMUnitTest many[] = {
        cmocka_unit_test(five_thousand_points_exhaust_nothing),
    };
    const struct CMUnitTest few[] = {
        cmocka_unit_test(auto_comes_to_the_same),
        cmocka_unit_test(general_covariances_come_to_the_same),
        cmocka_unit_test(data_come_to_the_same),
    };

    MPI_Init(&argc, &argv);
    jf_blas_start();
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    assert_ok(jf_grid_create(MPI_Comm_c2f(MPI_COMM_WORLD), &grid));
    const char *what = argc > 1 ? argv[1] : "";
    const int failed = strcmp(what, "many") == 0  ? cmocka_run_group_tests(many, NULL, NULL)
                       : strcmp(what, "few") == 0 ? cmocka_run_group_tests(few, NULL, NULL)
                                                  : cmocka_run_group_tests(tests, NULL, NULL);
    jf_grid_destroy(&grid);
    MPI_Finalize();
    return failed;
}
