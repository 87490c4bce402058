/*
 * rates.c - how near a right-hand side comes to the speed of dgemm, by width and model.
 *
 *     rates FOLDER        writes FOLDER/rates.tsv
 *
 * The products of a right-hand side, at the rate of the BLAS's own dgemm on matrices of that width,
 * over the time that it took: of the right-hand side alone, and of whole points, with the
 * integrator's vectors, the observer and the samples. dgemm is measured in turn with them.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/random.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/linalg/blas.h"

enum { DEPTH = 5, MODELS = 2 };

/* Wider ones are measured alone and unrotated or rotated only: the rest would take minutes. */
enum { WIDEST_WHOLE = 512 };

/* ---- the right-hand side alone ---- */

typedef struct {
    jf_problem problem;
    jf_model model;
    double *state, *rate;
    size_t times;
} kernel;

/* Sxx and Syx of random pairs x, y = x + noise: they do not commute. */
static void make_general(size_t d, jf_problem *out)
{
    double *x = bench_memory(2 * d * d, sizeof *x);
    double *sxx = bench_memory(d * d, sizeof *sxx), *syx = bench_memory(d * d, sizeof *syx);

    jf_random_normal((jf_random){1, 0, d}, x, 2 * d * d);
    const double share = 0.5 / (double)d;
    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, 2 * d, share, x, x, 0.0, sxx);
    jf_random_normal((jf_random){2, 0, d}, syx, d * d);
    for (size_t i = 0; i < d * d; i++) {
        syx[i] = 0.1 * syx[i] / sqrt((double)d) + 0.5 * sxx[i];
    }
    bench_check(jf_problem_init_general(bench_square(d), sxx, syx, sxx, out));
    free(x);
    free(sxx);
    free(syx);
}

static void kernel_begin(const jf_model_kind *kind, size_t d, int rotated, int general, kernel *out)
{
    double *ones = bench_memory(d, sizeof *ones);
    const jf_network network = {
        .objective = JF_JEPA, .depth = DEPTH, .init_scale = 0.1, .rotated = rotated};

    for (size_t i = 0; i < d; i++) {
        ones[i] = 1.0;
    }
    *out = (kernel){.times = 0};
    if (general) {
        make_general(d, &out->problem);
    } else {
        bench_check(jf_problem_init_shared(bench_square(d), ones, ones, &out->problem));
    }
    bench_check(jf_model_init(kind, &out->problem, JF_JEPA, DEPTH, &out->model));
    out->state = bench_memory(2 * jf_model_size(&out->model), sizeof(double));
    out->rate = out->state + jf_model_size(&out->model);
    bench_check(kind->start(&out->model, &network, out->state));
    free(ones);
}

static void kernel_end(kernel *k)
{
    free(k->state);
    jf_model_clear(&k->model);
    jf_problem_clear(&k->problem);
}

static void evaluate(void *context)
{
    const kernel *k = context;

    k->model.kind->rate(&k->model, k->state, k->rate);
}

static double kernel_measure(void *context)
{
    return bench_time(evaluate, context, &((kernel *)context)->times);
}

/* ---- whole points ---- */

/* Cut short after so many steps; the start is taken off by a run that is cut even shorter. */
typedef struct {
    jf_point point;
    double evaluations;
} cut;

static double cut_measure(void *context)
{
    cut *c = context;
    const bench_run run = bench_solve(&c->point, INFINITY);

    c->evaluations = run.evaluations;
    return run.seconds;
}

/*
 * Steps of a run of some `seconds`, and of no less than twice the start's, so that their difference
 * stands out of the noise. A sample in five steps, as 200 are in a whole point of this sweep.
 */
static void cut_begin(const bench_sweep *sweep, int rotated, cut *whole, cut *start)
{
    const double seconds = bench_quick() ? 1e-3 : 0.1;
    size_t steps = 4;

    *start = (cut){.point = bench_point(sweep)};
    start->point.value[JF_P_ROTATION] = rotated ? JF_ROTATION_RANDOM : JF_ROTATION_NONE;
    start->point.value[JF_P_MAX_STEPS] = 1;
    start->point.value[JF_P_SAMPLES] = 0;
    const double begin = fmin(cut_measure(start), cut_measure(start)); /* the first is cold */
    *whole = *start;
    for (;; steps *= 2) {
        whole->point.value[JF_P_MAX_STEPS] = (double)steps;
        whole->point.value[JF_P_SAMPLES] = (double)(steps / 5);
        if (cut_measure(whole) - begin > fmax(seconds, begin) || steps > 1000) {
            return;
        }
    }
}

/* ---- the table ---- */

enum { PLAIN, ROTATED, GENERAL, KERNELS, STARTS = GENERAL };

typedef struct {
    double product;         /* seconds */
    double alone[KERNELS];  /* of a right-hand side; NaN where it was left out */
    double whole[STARTS];   /* of one in a whole point; likewise */
    double counted[STARTS]; /* right-hand sides in the latter */
} figures;

static figures measure(const jf_model_kind *kind, size_t d)
{
    const size_t kernels = d <= WIDEST_WHOLE ? KERNELS : GENERAL;
    const size_t starts = d <= WIDEST_WHOLE ? STARTS : 0;
    char model[32];
    snprintf(model, sizeof model, "model=%s", kind->name);
    /* not auto: what bdf does besides right-hand sides would count as if it were theirs */
    const char *const sets[] = {model, "tolerance=1.0e-4", "integrator=rock"};
    bench_piece pieces[1 + KERNELS + 2 * STARTS];
    size_t count = 0;
    bench_sweep sweep;
    kernel k[KERNELS];
    cut whole[STARTS], start[STARTS];
    figures f = {.alone = {NAN, NAN, NAN}, .whole = {NAN, NAN}, .counted = {NAN, NAN}};

    bench_product *product = bench_product_create(d);
    pieces[count++] = (bench_piece){bench_product_measure, product, INFINITY};
    for (size_t i = 0; i < kernels; i++) {
        kernel_begin(kind, d, i == ROTATED, i == GENERAL, &k[i]);
        pieces[count++] = (bench_piece){kernel_measure, &k[i], INFINITY};
    }
    bench_read_even(d, 0.4, sets, 3, &sweep);
    for (size_t i = 0; i < starts; i++) {
        cut_begin(&sweep, i == ROTATED, &whole[i], &start[i]);
        pieces[count++] = (bench_piece){cut_measure, &whole[i], INFINITY};
        pieces[count++] = (bench_piece){cut_measure, &start[i], INFINITY};
    }
    bench_measure(pieces, count);
    f.product = pieces[0].best;
    for (size_t i = 0; i < kernels; i++) {
        f.alone[i] = pieces[1 + i].best;
        kernel_end(&k[i]);
    }
    for (size_t i = 0; i < starts; i++) {
        const bench_piece *p = &pieces[1 + kernels + 2 * i];
        f.counted[i] = whole[i].evaluations - start[i].evaluations;
        f.whole[i] = (p[0].best - p[1].best) / f.counted[i];
    }
    bench_clear(&sweep);
    free(product);
    return f;
}

static void add_row(FILE *table, const jf_model_kind *kind, size_t d)
{
    const figures f = measure(kind, d);
    const double products = (double)kind->products(DEPTH);
    const double least = products * f.product;
    const double n = (double)d;

    fprintf(table, "%s\t%zu\t%.0f\t%.1f\t%.2f", kind->name, d, products,
            2e-9 * n * n * n / f.product, 1e6 * least);
    bench_table_cell(table, "%.2f", 1e6 * f.alone[ROTATED]);
    bench_table_cell(table, "%.2f", 1e6 * f.whole[ROTATED]);
    bench_table_cell(table, "%.0f", 100.0 * least / f.alone[PLAIN]);
    bench_table_cell(table, "%.0f", 100.0 * least / f.alone[ROTATED]);
    /* a dense Syx takes one product more (layers.h) */
    bench_table_cell(table, "%.0f", 100.0 * (least + f.product) / f.alone[GENERAL]);
    bench_table_cell(table, "%.0f", 100.0 * least / f.whole[PLAIN]);
    bench_table_cell(table, "%.0f", 100.0 * least / f.whole[ROTATED]);
    bench_table_cell(table, "%.0f", f.counted[ROTATED]);
    fputc('\n', table);
    fflush(table);
}

int main(int argc, char **argv)
{
    static const jf_model_choice models[MODELS] = {JF_MODEL_LAYERS, JF_MODEL_BALANCED};
    const size_t largest = bench_quick() ? 16 : 1024;

    if (argc != 2) {
        fprintf(stderr, "usage: rates FOLDER\n");
        return 2;
    }
    bench_begin();
    FILE *table = bench_table_open(
        argv[1], "rates",
        "model\td\tproducts\tdgemm GFLOP/s\tproducts µs\tkernel µs\tpoint µs\tkernel %\t"
        "rotated %\tgeneral %\tpoint %\tpoint rotated %\tright-hand sides",
        "A right-hand side (JEPA, L = %d): its products at the rate of dgemm as a share of its "
        "time. Kernel: alone, from the plain start, the rotated one (that of the µs) and with "
        "general covariances; point: within a whole flow by rock, plain and rotated.",
        DEPTH);
    for (size_t m = 0; m < MODELS; m++) {
        for (size_t d = 8; d <= largest; d *= 2) {
            add_row(table, jf_flow_model_kind(models[m]), d);
        }
    }
    bench_table_close(table);
    return 0;
}
