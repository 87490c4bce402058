#include "support.h"

#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/random.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/linalg/blas.h"

void bench_begin(void)
{
    jf_blas_start();
}

void bench_check(jf_status status)
{
    if (status != JF_OK) {
        exit(EXIT_FAILURE);
    }
}

void *bench_memory(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL) {
        bench_check(jf_fail_memory("a benchmark"));
    }
    return memory;
}

const jf_square *bench_square(size_t d)
{
    static jf_square squares[64]; /* one for each width that was asked for */
    size_t k = 0;

    while (squares[k].side != 0 && squares[k].side != d) {
        k++;
    }
    if (squares[k].side == 0) {
        bench_check(jf_square_init(d, NULL, &squares[k]));
    }
    return &squares[k];
}

int bench_quick(void)
{
    return getenv("BENCH_QUICK") != NULL;
}

/* ---- points ---- */

void bench_read_even(size_t features, double lowest, const char *const *sets, size_t count,
                     bench_sweep *out)
{
    char text[512];

    snprintf(text, sizeof text,
             "sweep: {objective: jepa, depth: 5, init_scale: 1.0e-3, spectrum: even}\n"
             "spectra: {even: {lambda: 1.0, rho: {from: 1.0, to: %.17g, count: %zu}}}\n",
             lowest, features);
    bench_check(jf_input_read("bench", text, strlen(text), sets, count, &out->input));
    bench_check(jf_plan_init(&out->input, &out->plan));
}

void bench_clear(bench_sweep *sweep)
{
    jf_input_clear(&sweep->input);
}

jf_point bench_point(const bench_sweep *sweep)
{
    jf_point point;

    jf_plan_point(&sweep->plan, 0, &point);
    return point;
}

static int is_late(void *context)
{
    return jf_clock_cpu() > *(double *)context ? JF_STOP : JF_GO_ON;
}

static double largest_error(const jf_record *record)
{
    double error = 0.0;

    for (size_t i = 0; i < record->features; i++) {
        const double exact = record->critical_time_theory[i];
        if (record->critical_time_status[i] == JF_REACHED) {
            error = fmax(error, fabs(record->critical_time[i] / exact - 1.0));
        } else if (!isnan(exact)) {
            error = INFINITY;
        }
    }
    return error;
}

bench_run bench_solve(const jf_point *point, double limit)
{
    const double begin = jf_clock_cpu();
    double late = begin + limit;
    const jf_watch watch = {.look = is_late, .context = &late};
    jf_record record;

    bench_check(
        jf_record_init(point->spectrum->features, jf_point_count(point, JF_P_SAMPLES), &record));
    jf_flow_solve(point, NULL, &watch, &record);
    const bench_run run = {
        .done = *record.status == JF_POINT_DONE,
        .evaluations = (double)*record.rhs_evaluations,
        .error = largest_error(&record),
        .seconds = jf_clock_cpu() - begin,
        .integrator = *record.integrator,
    };
    jf_record_clear(&record);
    return run;
}

const char *const *bench_integrators(size_t *count)
{
    const jf_parameter *parameter = jf_parameter_get(JF_P_INTEGRATOR);

    *count = jf_parameter_choices(parameter);
    return parameter->choices;
}

const char *bench_integrator_name(const bench_run *run)
{
    static char name[32];

    jf_field_flag("integrator", run->integrator, name, sizeof name);
    return name;
}

/* ---- measuring ---- */

void bench_measure(bench_piece *pieces, size_t count)
{
    enum { LEAST = 2, MOST = 15 };
    const double enough = bench_quick() ? 0.0 : 0.3; /* seconds for each piece */
    const double begin = jf_clock_cpu();

    for (int round = 0; round < MOST; round++) {
        if (round >= LEAST && jf_clock_cpu() - begin > enough * (double)count) {
            break;
        }
        for (size_t i = 0; i < count; i++) {
            pieces[i].best = fmin(pieces[i].best, pieces[i].measure(pieces[i].context));
        }
    }
}

double bench_time(void (*work)(void *context), void *context, size_t *times)
{
    const double shortest = bench_quick() ? 1e-4 : 1e-2;

    for (*times = *times > 0 ? *times : 1;; *times *= 2) {
        const double begin = jf_clock_cpu();
        for (size_t i = 0; i < *times; i++) {
            work(context);
        }
        const double elapsed = jf_clock_cpu() - begin;
        if (elapsed >= shortest) {
            return elapsed / (double)*times;
        }
    }
}

/* The BLAS's own interface: what everybody calls. */
void dgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k,
            const double *alpha, const double *a, const int *lda, const double *b, const int *ldb,
            const double *beta, double *c, const int *ldc, size_t ta_length, size_t tb_length);

struct bench_product {
    int d;
    size_t times;
    double abc[];
};

static void multiply(void *context)
{
    bench_product *p = context;
    const size_t square = (size_t)p->d * (size_t)p->d;
    const double one = 1.0, zero = 0.0;

    dgemm_("N", "N", &p->d, &p->d, &p->d, &one, p->abc, &p->d, p->abc + square, &p->d, &zero,
           p->abc + 2 * square, &p->d, 1, 1);
}

bench_product *bench_product_create(size_t d)
{
    bench_product *product = bench_memory(1, sizeof *product + 3 * d * d * sizeof(double));

    product->d = (int)d;
    jf_random_normal((jf_random){0, 0, d}, product->abc, 2 * d * d);
    multiply(product); /* the BLAS's first call also sets it up */
    return product;
}

double bench_product_measure(void *product)
{
    return bench_time(multiply, product, &((bench_product *)product)->times);
}

/* ---- cores ---- */

void *bench_shared(size_t count, size_t size)
{
    void *memory =
        mmap(NULL, count * size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        bench_check(jf_fail_memory("a benchmark"));
    }
    return memory;
}

static void work_off(size_t count, void (*job)(size_t index, void *context), void *context,
                     atomic_size_t *next)
{
    for (size_t i; (i = atomic_fetch_add(next, 1)) < count;) {
        job(i, context);
    }
}

void bench_share(size_t count, void (*job)(size_t index, void *context), void *context)
{
    atomic_size_t *next = bench_shared(1, sizeof *next);
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int failed = 0, state;

    fflush(NULL);
    for (long k = 1; k < cores; k++) {
        if (fork() == 0) {
            work_off(count, job, context, next);
            _exit(EXIT_SUCCESS);
        }
    }
    work_off(count, job, context, next);
    while (wait(&state) > 0) {
        failed += state != 0;
    }
    if (failed > 0) {
        bench_check(jf_fail(JF_ERR_EXTERNAL, "%d processes of a benchmark failed", failed));
    }
    munmap(next, sizeof *next);
}

/* ---- tables ---- */

FILE *bench_table_open(const char *folder, const char *name, const char *columns, const char *title,
                       ...)
{
    char path[4096];
    va_list arguments;

    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    FILE *table = fopen(path, "w");
    if (table == NULL) {
        bench_check(jf_fail(JF_ERR_FILE, "%s: cannot create it", path));
        return NULL;
    }
    fprintf(table, "# ");
    va_start(arguments, title);
    vfprintf(table, title, arguments);
    va_end(arguments);
    fprintf(table, "\n# %s\n", columns);
    return table;
}

void bench_table_cell(FILE *table, const char *format, double value)
{
    fputc('\t', table);
    if (isfinite(value)) {
        fprintf(table, format, value);
    } else {
        fputc('-', table);
    }
}

void bench_table_close(FILE *table)
{
    if (ferror(table) || fclose(table) != 0) {
        bench_check(jf_fail(JF_ERR_FILE, "a table could not be written"));
    }
}

/* ---- figures ---- */

void bench_figure_begin(jf_panel_grid *grid, const char *title, const char *subtitle,
                        const char *legend, const char *const *names, size_t count,
                        jf_figure *figure)
{
    jf_legend l = {0};

    figure->style = JF_STYLE_SCREEN;
    snprintf(l.title, sizeof l.title, "%s", legend);
    for (size_t k = 0; k < count; k++) {
        jf_legend_add_series(&l, figure->style, names[k], k, count);
    }
    jf_panel_begin(grid, title, subtitle, &l, figure);
}

/* Twice: jf_panel_plot_series() draws a line of one block and points of the next. */
void bench_figure_add(jf_figure *figure, const char *name, const double *x, const double *y,
                      size_t count)
{
    jf_range unused = {INFINITY, -INFINITY};

    for (int twice = 0; twice < 2; twice++) {
        jf_figure_begin(figure, "%s", name);
        jf_panel_add_pair(figure, 1.0, NAN, &unused); /* a block is never empty */
        for (size_t i = 0; i < count; i++) {
            if (isfinite(x[i]) && isfinite(y[i])) {
                jf_panel_add_pair(figure, x[i], y[i], &unused);
            }
        }
    }
}

void bench_figure_plot(const jf_panel_grid *grid, const bench_panel *panel, jf_figure *figure)
{
    const jf_panel_axis x = {.name = "x",
                             .kind = JF_AXIS_LOG,
                             .range = panel->range_x,
                             .length = grid->width,
                             .bare = panel->bare,
                             .tight = 1};
    const jf_panel_axis y = {.name = "y",
                             .kind = JF_AXIS_LOG,
                             .range = panel->range_y,
                             .length = grid->height,
                             .bare = panel->column > 0,
                             .tight = 1};

    jf_panel_set_place(grid, panel->row, panel->column, figure);
    jf_panel_set_crown(grid, panel->column, panel->crown, figure);
    jf_panel_set_heading(grid, panel->row, "", panel->heading, figure);
    jf_axis_set(figure, &x);
    jf_axis_set(figure, &y);
    jf_panel_set_labels(grid, panel->row, panel->column, panel->x, panel->y, figure);
    for (size_t k = 0; k < panel->count; k++) {
        jf_panel_plot_series(figure, 2 * (panel->first + k), k, panel->count,
                             k > 0 ? ", \\\n    " : "plot");
    }
    jf_string_add(&figure->script, "\n");
    jf_panel_end(figure);
}

void bench_figure_end(const char *folder, jf_figure *figure)
{
    jf_panel_finish(figure);
    bench_check(jf_figure_draw(figure, folder, JF_PLOT_PDF));
    bench_check(jf_figure_draw(figure, folder, JF_PLOT_PNG));
    jf_figure_clear(figure);
}
