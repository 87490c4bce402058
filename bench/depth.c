/*
 * depth.c - what depth costs: one right-hand side, and whole points of very deep networks.
 *
 *     depth FOLDER        writes FOLDER/depth.tsv, depth-ratios.tsv, deep-points.tsv, figure depth
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/flow/flow.h"

enum { WIDTHS = 3, MODELS = 2, DEPTHS = 11, REFERENCE = 2 /* depth 4 */ };
static const size_t widths[WIDTHS] = {16, 64, 256};
static const char *const width_names[WIDTHS] = {"16", "64", "256"};
static const jf_model_choice models[MODELS] = {JF_MODEL_BALANCED, JF_MODEL_LAYERS};

/* A right-hand side beyond these is left out. */
static const double longest = 0.3;                  /* seconds, at the speed of dgemm */
static const size_t most_numbers = (size_t)1 << 26; /* of state, rate and workspace: 512 MB */

static size_t widths_used(void)
{
    return bench_quick() ? 1 : WIDTHS;
}

/* ---- one right-hand side ---- */

typedef struct {
    jf_model model;
    double *state, *rate;
    size_t times;
} kernel;

static void evaluate(void *context)
{
    const kernel *k = context;

    k->model.kind->rate(&k->model, k->state, k->rate);
}

static double kernel_measure(void *context)
{
    return bench_time(evaluate, context, &((kernel *)context)->times);
}

static void kernel_begin(const jf_model_kind *kind, const jf_problem *problem, size_t depth,
                         kernel *out)
{
    const jf_network network = {
        .objective = JF_JEPA, .depth = depth, .init_scale = 0.1, .rotated = 1};

    *out = (kernel){.times = 0};
    bench_check(jf_model_init(kind, problem, JF_JEPA, depth, &out->model));
    const size_t size = jf_model_size(&out->model);
    out->state = bench_memory(2 * size, sizeof(double));
    out->rate = out->state + size;
    bench_check(kind->start(&out->model, &network, out->state));
}

static int is_affordable(const jf_model_kind *kind, size_t d, size_t depth, double product)
{
    const size_t matrices = 2 * kind->matrices(depth) + kind->work_matrices(depth);

    return matrices * d * d <= most_numbers && (double)kind->products(depth) * product <= longest;
}

/* Seconds of a right-hand side at depths 1, 2, 4 ..., NaN where it is left out. */
static void measure_depths(const jf_model_kind *kind, size_t d, double *seconds)
{
    double *ones = bench_memory(d, sizeof *ones);
    bench_product *product = bench_product_create(d);
    const double dgemm = bench_product_measure(product);
    bench_piece pieces[DEPTHS];
    kernel kernels[DEPTHS];
    jf_problem problem;
    size_t count = 0;

    for (size_t i = 0; i < d; i++) {
        ones[i] = 1.0;
    }
    bench_check(jf_problem_init_shared(bench_square(d), ones, ones, &problem));
    while (count < DEPTHS && is_affordable(kind, d, (size_t)1 << count, dgemm)) {
        kernel_begin(kind, &problem, (size_t)1 << count, &kernels[count]);
        pieces[count] = (bench_piece){kernel_measure, &kernels[count], INFINITY};
        count++;
    }
    bench_measure(pieces, count);
    for (size_t i = 0; i < DEPTHS; i++) {
        seconds[i] = i < count ? pieces[i].best : NAN;
    }
    for (size_t i = 0; i < count; i++) {
        free(kernels[i].state);
        jf_model_clear(&kernels[i].model);
    }
    jf_problem_clear(&problem);
    free(product);
    free(ones);
}

typedef struct {
    double of[MODELS][WIDTHS][DEPTHS];
} seconds_table;

static void write_table(const char *folder, const seconds_table *seconds)
{
    FILE *table =
        bench_table_open(folder, "depth", "model\td\tdepth\tproducts\tµs\tratio to depth 4",
                         "One right-hand side against depth (JEPA).");

    for (size_t m = 0; m < MODELS; m++) {
        const jf_model_kind *kind = jf_flow_model_kind(models[m]);
        for (size_t w = 0; w < widths_used(); w++) {
            const double *s = seconds->of[m][w];
            for (size_t k = 0; k < DEPTHS && !isnan(s[k]); k++) {
                fprintf(table, "%s\t%zu\t%d\t%zu\t%.4g\t%.2f\n", kind->name, widths[w], 1 << k,
                        kind->products((size_t)1 << k), 1e6 * s[k], s[k] / s[REFERENCE]);
            }
        }
    }
    bench_table_close(table);
}

/* The same, short enough to be read. */
static void write_ratios(const char *folder, const seconds_table *seconds)
{
    static const size_t shown[] = {0, 1, 3, 4, 6, 8, 10};
    FILE *table = bench_table_open(
        folder, "depth-ratios", "model\td\tµs at L = 4\tL = 1\t2\t8\t16\t64\t256\t1024",
        "One right-hand side against depth (JEPA): its time over that at L = 4.");

    for (size_t m = 0; m < MODELS; m++) {
        for (size_t w = 0; w < widths_used(); w++) {
            const double *s = seconds->of[m][w];
            fprintf(table, "%s\t%zu\t%.4g", jf_flow_model_kind(models[m])->name, widths[w],
                    1e6 * s[REFERENCE]);
            for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
                bench_table_cell(table, "%.2f", s[shown[k]] / s[REFERENCE]);
            }
            fputc('\n', table);
        }
    }
    bench_table_close(table);
}

static void draw(const char *folder, const seconds_table *seconds)
{
    jf_panel_grid grid = {.rows = 1,
                          .columns = MODELS,
                          .height = 80.0,
                          .gap_x = 14.0,
                          .left = 40.0,
                          .right = 8.0,
                          .bottom = 28.0,
                          .crown = 13.0};
    double depths[DEPTHS], all[DEPTHS];
    jf_figure figure = {.name = "depth"};

    bench_figure_begin(&grid, "One right-hand side against depth",
                       "JEPA; one core; relative to depth 4", "width d", width_names, WIDTHS,
                       &figure);
    for (size_t m = 0; m < MODELS; m++) {
        for (size_t w = 0; w < WIDTHS; w++) {
            for (size_t k = 0; k < DEPTHS; k++) {
                const double *s = seconds->of[m][w];
                depths[k] = (double)(1 << k);
                all[k] = w < widths_used() ? s[k] / s[REFERENCE] : NAN;
            }
            bench_figure_add(&figure, width_names[w], depths, all, DEPTHS);
        }
        const bench_panel panel = {.column = m,
                                   .crown = jf_flow_model_kind(models[m])->name,
                                   .heading = "",
                                   .x = "depth L",
                                   .y = m == 0 ? "time, relative to L = 4" : "",
                                   .range_x = {1.0, 1024.0},
                                   .range_y = {0.1, 1000.0},
                                   .first = m * WIDTHS,
                                   .count = WIDTHS};
        bench_figure_plot(&grid, &panel, &figure);
    }
    bench_figure_end(folder, &figure);
}

/* ---- whole points ---- */

/*
 * Very deep networks learn only where rho^L is a number to speak of: rho from 1 down to 0.5^{1/L}.
 */
static void solve_deep_points(const char *folder)
{
    const size_t deepest = bench_quick() ? 64 : 1024;
    FILE *table = bench_table_open(
        folder, "deep-points",
        "objective\tdepth\tlowest rho\tintegrator\tright-hand sides\tseconds\tlargest error",
        "Whole points of 16 features, balanced, init_scale 1e-2, tolerance 1e-6, as jepaflow "
        "solves "
        "them: CPU seconds, largest relative error of the critical times.");

    for (size_t depth = 64; depth <= deepest; depth *= 4) {
        const double lowest = pow(0.5, 1.0 / (double)depth);
        const char *const sets[] = {"init_scale=0.01", "depth=1"};
        bench_sweep sweep;
        bench_read_even(16, lowest, sets, 2, &sweep);
        jf_point point = bench_point(&sweep);
        point.value[JF_P_DEPTH] = (double)depth;
        for (int objective = 0; objective < JF_OBJECTIVES; objective++) {
            point.value[JF_P_OBJECTIVE] = objective;
            const bench_run run = bench_solve(&point, INFINITY);
            fprintf(table, "%s\t%zu\t%.5f\t%s\t%.0f\t%.3g\t%.1e\n",
                    jf_parameter_get(JF_P_OBJECTIVE)->choices[objective], depth, lowest,
                    bench_integrator_name(&run), run.evaluations, run.seconds, run.error);
        }
        bench_clear(&sweep);
    }
    bench_table_close(table);
}

int main(int argc, char **argv)
{
    static seconds_table seconds;

    if (argc != 2) {
        fprintf(stderr, "usage: depth FOLDER\n");
        return 2;
    }
    bench_begin();
    for (size_t m = 0; m < MODELS; m++) {
        for (size_t w = 0; w < widths_used(); w++) {
            measure_depths(jf_flow_model_kind(models[m]), widths[w], seconds.of[m][w]);
        }
    }
    write_table(argv[1], &seconds);
    write_ratios(argv[1], &seconds);
    draw(argv[1], &seconds);
    solve_deep_points(argv[1]);
    return 0;
}
