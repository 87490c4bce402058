/*
 * support.h - what the benchmarks share: points to solve, measuring, tables, figures, cores.
 *
 * A benchmark that cannot go on ends the program with a message: there is nobody to save data for.
 * With BENCH_QUICK in the environment everything is cut down to a smoke test of seconds.
 */
#ifndef JEPAFLOW_BENCH_SUPPORT_H
#define JEPAFLOW_BENCH_SUPPORT_H

#include <stdio.h>

#include "jepaflow/base/status.h"
#include "jepaflow/figures/panel.h"
#include "jepaflow/linalg/square.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/record.h"

/* Begin the program: one thread of BLIS. */
void bench_begin(void);

/* End the program where something failed; the message was written by who found it. */
void bench_check(jf_status status);

/* Memory that is there, zeroed. */
void *bench_memory(size_t count, size_t size);

int bench_quick(void);

/* d x d matrices, whole; the program's to its end. */
const jf_square *bench_square(size_t d);

/* ---- points ---- */

typedef struct {
    jf_input input;
    jf_plan plan;
} bench_sweep;

/* The features of the issue and of most figures: lambda = 1, rho evenly from 1 down to `lowest`. */
void bench_read_even(size_t features, double lowest, const char *const *sets, size_t count,
                     bench_sweep *out);
void bench_clear(bench_sweep *sweep);

/* The first point of a sweep. */
jf_point bench_point(const bench_sweep *sweep);

/* What a solution cost and was worth. */
typedef struct {
    int done;           /* the point was solved to its end */
    double evaluations; /* right-hand-side equivalents */
    double error;   /* largest relative error of the critical times; infinite if one is missing */
    double seconds; /* CPU time */
    int integrator; /* that solved it: jf_integrator_choice */
} bench_run;

/*
 * Solve a point.
 *   limit  CPU seconds after which it is given up; INFINITY for none
 */
bench_run bench_solve(const jf_point *point, double limit);

/* The integrators of the program's table, `auto` first, and their number. */
const char *const *bench_integrators(size_t *count);

/* The integrator of a run in the dataset's words: "erk", "mixed" ...; until the next call. */
const char *bench_integrator_name(const bench_run *run);

/* ---- measuring ---- */

/* A piece of work that times itself: CPU seconds of one unit of it. */
typedef struct {
    double (*measure)(void *context);
    void *context;
    double best; /* the shortest seen; start from INFINITY */
} bench_piece;

/*
 * Measure all pieces in turn, several times over, so that whatever disturbs the machine disturbs
 * all of them; of each the best is kept. The pieces of a ratio belong into one call.
 */
void bench_measure(bench_piece *pieces, size_t count);

/* Seconds of one `work`, from as many as take some milliseconds; *times is kept between calls. */
double bench_time(void (*work)(void *context), void *context, size_t *times);

/* One product of d x d matrices by the BLAS's own dgemm; create, measure as a piece, free(). */
typedef struct bench_product bench_product;
bench_product *bench_product_create(size_t d);
double bench_product_measure(void *product);

/* ---- cores ---- */

/* Memory, zeroed, that bench_share()'s processes share. */
void *bench_shared(size_t count, size_t size);

/* Do jobs 0 ... count-1 on all cores, in several processes; they leave results in shared memory. */
void bench_share(size_t count, void (*job)(size_t index, void *context), void *context);

/* ---- tables: FOLDER/NAME.tsv, for gnuplot and for bench/markdown.awk ---- */

/*
 * Begin a table.
 *   title    a sentence that says what it shows
 *   columns  names, parted by tabs
 * Rows are printed by the caller, cells parted by tabs, "-" for none.
 */
FILE *bench_table_open(const char *folder, const char *name, const char *columns, const char *title,
                       ...) __attribute__((format(printf, 4, 5)));

/* A tab and a number, "-" where it is not finite. `format` is of one double. */
void bench_table_cell(FILE *table, const char *format, double value);
void bench_table_close(FILE *table);

/* ---- figures, in the look of `jepaflow plot` ---- */

/*
 * Begin a figure: its title, a subtitle, and the legend of series 0 ... count-1; texts without
 * quotes.
 */
void bench_figure_begin(jf_panel_grid *grid, const char *title, const char *subtitle,
                        const char *legend, const char *const *names, size_t count,
                        jf_figure *figure);

/* Add a curve of `count` points; points that are not finite are left out. */
void bench_figure_add(jf_figure *figure, const char *name, const double *x, const double *y,
                      size_t count);

/* One panel, log-log; texts without quotes, "" for none. */
typedef struct {
    size_t row, column;
    const char *crown;   /* above the column */
    const char *heading; /* of the row */
    const char *x, *y;
    int bare; /* no numbers along x */
    jf_range range_x, range_y;
    size_t first, count; /* the curves that it shows, as they were added */
} bench_panel;
void bench_figure_plot(const jf_panel_grid *grid, const bench_panel *panel, jf_figure *figure);

/*
 * Draw a figure as PDF and PNG into `folder`, and clear it. Without gnuplot there is a message and
 * no figure.
 */
void bench_figure_end(const char *folder, jf_figure *figure);

#endif
