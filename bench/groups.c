/*
 * groups.c - what ranks together are worth: products of spread matrices against dgemm, whole points
 * against one rank. Run by mpirun on as many ranks as a group is to have.
 *
 *     groups FOLDER
 *
 * Wall times, as a rank that waits for another is busy; the best of several, taken in turn. Tables
 * spread-products and together.
 */
#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/random.h"
#include "jepaflow/flow/flow.h"
#include "support.h"

static jf_grid *grid;
static int rank, ranks;

/* Tables are rank 0's. */
static FILE *open_table(const char *folder, const char *name, const char *columns,
                        const char *title)
{
    return rank == 0 ? bench_table_open(folder, name, columns, "%s", title) : NULL;
}

static void close_table(FILE *table)
{
    if (table != NULL) {
        bench_table_close(table);
    }
}

/* ---- products ---- */

typedef struct {
    size_t n;
    jf_square square;
    double *a, *b, *c; /* n x n: whole for dgemm, a part of the room for pdgemm */
    jf_transpose ta, tb;
} products;

static void multiply_alone(products *p)
{
    jf_blas_multiply(p->ta, p->tb, p->n, p->n, p->n, 1.0, p->a, p->b, 0.0, p->c);
}

static void multiply_together(products *p)
{
    jf_square_multiply(&p->square, p->ta, p->tb, p->a, p->b, 0.0, p->c);
}

/* Seconds from when all begin to when all have ended. */
static double time_all(void (*work)(products *), products *p, int alone)
{
    MPI_Barrier(MPI_COMM_WORLD);
    const double begin = MPI_Wtime();
    if (!alone || rank == 0) {
        work(p);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    return MPI_Wtime() - begin;
}

static void add_products(FILE *table, size_t n)
{
    static const char *const names[2][2] = {{"A B", "A Bt"}, {"At B", "At Bt"}};
    const double work = 2e-9 * (double)n * (double)n * (double)n;
    const int times = n < 1024 ? 40 : 8;
    products p = {.n = n};

    bench_check(jf_square_init(n, grid, &p.square));
    p.a = bench_memory(3 * n * n, sizeof *p.a);
    p.b = p.a + n * n;
    p.c = p.b + n * n;
    jf_random_normal((jf_random){1, 2, n}, p.a, 2 * n * n);
    for (int t = 0; t < 4; t++) {
        double alone = INFINITY, together = INFINITY;
        p.ta = t % 2 == 0 ? JF_PLAIN : JF_TRANSPOSED;
        p.tb = t / 2 == 0 ? JF_PLAIN : JF_TRANSPOSED;
        for (int k = 0; k < times; k++) {
            alone = fmin(alone, time_all(multiply_alone, &p, 1));
            together = fmin(together, time_all(multiply_together, &p, 0));
        }
        if (table != NULL) {
            fprintf(table, "%zu\t%s\t%.1f\t%.1f\t%.2f\n", n, names[t % 2][t / 2], work / alone,
                    work / together, alone / together / ranks);
            fflush(table);
        }
    }
    free(p.a);
    jf_square_clear(&p.square);
}

static void measure_products(const char *folder)
{
    const size_t widest = bench_quick() ? 64 : 2048;
    FILE *table = open_table(folder, "spread-products",
                             "n\tproduct\tdgemm GFLOP/s\tspread GFLOP/s\tshare of ranks x dgemm",
                             "Products of n x n matrices spread over the ranks of a group.");

    for (size_t n = bench_quick() ? 64 : 256; n <= widest; n *= 2) {
        add_products(table, n);
    }
    close_table(table);
}

/* ---- whole points ---- */

static double solve(const jf_point *point, const jf_grid *on, jf_record *record)
{
    MPI_Barrier(MPI_COMM_WORLD);
    const double begin = MPI_Wtime();
    if (on != NULL || rank == 0) {
        jf_flow_solve(point, on, NULL, record);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    return MPI_Wtime() - begin;
}

/* The largest relative difference of what was measured. */
static double difference(const jf_record *a, const jf_record *b)
{
    double most = 0.0;

    for (size_t i = 0; i < a->features; i++) {
        if (isfinite(b->critical_time[i])) {
            most = fmax(most, fabs(a->critical_time[i] / b->critical_time[i] - 1.0));
        }
        most = fmax(most, fabs(a->final_projection[i] / b->final_projection[i] - 1.0));
    }
    return most;
}

static void add_point(FILE *table, const char *model, const char *objective, size_t d)
{
    char model_set[32], objective_set[32];
    snprintf(model_set, sizeof model_set, "model=%s", model);
    snprintf(objective_set, sizeof objective_set, "objective=%s", objective);
    const char *const sets[] = {model_set,          objective_set, "depth=2",  "init_scale=0.1",
                                "tolerance=1.0e-3", "samples=0",   "horizon=1"};
    jf_record alone, together;
    bench_sweep sweep;

    bench_read_even(d, 0.8, sets, sizeof sets / sizeof sets[0], &sweep);
    const jf_point point = bench_point(&sweep);
    bench_check(jf_record_init(d, 0, &alone));
    bench_check(jf_record_init(d, 0, &together));
    const double by_one = solve(&point, NULL, &alone);
    const double by_all = solve(&point, grid, &together);
    if (table != NULL) {
        fprintf(table, "%s\t%s\t%zu\t%lld\t%.3g\t%.3g\t%.2f\t%.1e\n", objective, model, d,
                (long long)*together.rhs_evaluations, by_one, by_all, by_one / by_all,
                difference(&together, &alone));
        fflush(table);
    }
    jf_record_clear(&alone);
    jf_record_clear(&together);
    bench_clear(&sweep);
}

static void measure_points(const char *folder)
{
    const size_t widest = bench_quick() ? 32 : 1024;
    FILE *table = open_table(folder, "together",
                             "objective\tmodel\td\tright-hand sides\tone rank s\ttogether s\t"
                             "times as fast\tlargest difference",
                             "Whole points (L = 2, eps = 0.1, tolerance 1e-3) on one rank and on "
                             "all together.");

    for (size_t d = bench_quick() ? 32 : 128; d <= widest; d *= 2) {
        add_point(table, "layers", "mae", d);
        add_point(table, "balanced", "jepa", d);
    }
    close_table(table);
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    if (argc != 2) {
        fprintf(stderr, "usage: mpirun -n RANKS groups FOLDER\n");
        MPI_Finalize();
        return 2;
    }
    bench_begin();
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    bench_check(jf_grid_create(MPI_Comm_c2f(MPI_COMM_WORLD), &grid));
    measure_products(argv[1]);
    measure_points(argv[1]);
    jf_grid_destroy(&grid);
    MPI_Finalize();
    return 0;
}
