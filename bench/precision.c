/*
 * precision.c - work against precision of all integrators, and of `auto` against the best of them.
 *
 *     precision FOLDER    writes FOLDER/precision.tsv, auto.tsv, auto-worst.tsv and the figures
 *                         precision-jepa, precision-mae
 *
 * Work is counted in right-hand-side equivalents, as in the dataset; the error is the largest
 * relative one of the critical times against the exact ones. The integrators are those of the
 * program's table of parameters.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>

enum { SCALES = 4, TOLERANCES = 7 };
static const double scales[SCALES] = {1e-1, 1e-2, 1e-3, 1e-4};
static const char *const scale_names[SCALES] = {"0.1", "0.01", "0.001", "0.0001"};
static const double tolerances[TOLERANCES] = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8};

/* The features: rho down to 0.4, at depth 8 to 0.5 so that all plateaus are above eps. */
static double lowest_rho(size_t depth)
{
    return depth < 8 ? 0.4 : 0.5;
}

static void set_point(jf_point *point, int objective, size_t depth, double scale)
{
    point->value[JF_P_OBJECTIVE] = objective;
    point->value[JF_P_DEPTH] = (double)depth;
    point->value[JF_P_INIT_SCALE] = scale;
}

static bench_run solve(jf_point *point, size_t member, double tolerance, double limit)
{
    point->value[JF_P_INTEGRATOR] = (double)member;
    point->value[JF_P_TOLERANCE] = tolerance;
    return bench_solve(point, limit);
}

/* ---- the diagram: every integrator, tolerances from loose to tight ---- */

enum { COLUMNS = 4 };
static const size_t depths[COLUMNS] = {2, 3, 5, 8};

/* A run that takes longer is given up. */
static double patience(void)
{
    return bench_quick() ? 0.05 : 1.5;
}

static size_t rows_used(void)
{
    return bench_quick() ? 1 : SCALES;
}

static size_t columns_used(void)
{
    return bench_quick() ? 2 : COLUMNS;
}

typedef struct {
    bench_run run[TOLERANCES];
} curve;

typedef struct {
    const bench_sweep *sweep[COLUMNS];
    size_t members; /* without `auto`, which is one of them at any time */
    curve *curves;  /* objective x scale x depth x member, shared */
} diagram;

static curve *diagram_curve(const diagram *g, size_t objective, size_t row, size_t column,
                            size_t member)
{
    return &g->curves[((objective * SCALES + row) * COLUMNS + column) * g->members + member];
}

/* The dearest (deep, small scale) first: what is left for the end is short. */
static void diagram_job(size_t index, void *context)
{
    diagram *g = context;
    const size_t member = index % g->members, rest = index / g->members;
    const size_t objective = rest % JF_OBJECTIVES, cell = rest / JF_OBJECTIVES;
    const size_t row = rows_used() - 1 - cell % rows_used();
    const size_t column = columns_used() - 1 - cell / rows_used();
    curve *c = diagram_curve(g, objective, row, column, member);
    jf_point point = bench_point(g->sweep[column]);

    set_point(&point, (int)objective, depths[column], scales[row]);
    for (size_t k = 0; k < TOLERANCES; k++) {
        c->run[k] = solve(&point, JF_INTEGRATOR_AUTO + 1 + member, tolerances[k], patience());
    }
}

static void write_diagram(const char *folder, const diagram *g, const char *const *names)
{
    const char *const *objectives = jf_parameter_get(JF_P_OBJECTIVE)->choices;
    FILE *table = bench_table_open(
        folder, "precision",
        "objective\tdepth\tinit_scale\tintegrator\ttolerance\tright-hand sides\tlargest error\t"
        "seconds",
        "Work against precision: model layers, 16 features, lambda = 1, rho from 1 to 0.4 (0.5 at "
        "L = 8). Runs over %.3g s are left out.",
        patience());

    for (size_t o = 0; o < JF_OBJECTIVES; o++) {
        for (size_t j = 0; j < columns_used(); j++) {
            for (size_t i = 0; i < rows_used(); i++) {
                for (size_t m = 0; m < g->members; m++) {
                    const curve *c = diagram_curve(g, o, i, j, m);
                    for (size_t k = 0; k < TOLERANCES; k++) {
                        if (c->run[k].done) {
                            fprintf(table, "%s\t%zu\t%s\t%s\t%.0e\t%.0f\t%.2e\t%.3g\n",
                                    objectives[o], depths[j], scale_names[i], names[m],
                                    tolerances[k], c->run[k].evaluations, c->run[k].error,
                                    c->run[k].seconds);
                        }
                    }
                }
            }
        }
    }
    bench_table_close(table);
}

static void add_curve(const curve *c, const char *name, jf_range *work, jf_figure *figure)
{
    double x[TOLERANCES], y[TOLERANCES];

    for (size_t k = 0; k < TOLERANCES; k++) {
        x[k] = c->run[k].done ? c->run[k].error : NAN;
        y[k] = c->run[k].evaluations;
        if (isfinite(x[k])) {
            work->low = fmin(work->low, y[k]);
            work->high = fmax(work->high, y[k]);
        }
    }
    bench_figure_add(figure, name, x, y, TOLERANCES);
}

static void draw_diagram(const char *folder, size_t objective, const diagram *g,
                         const char *const *names)
{
    jf_panel_grid grid = {.rows = rows_used(),
                          .columns = columns_used(),
                          .width = 80.0,
                          .height = 68.0,
                          .gap_x = 12.0,
                          .gap_y = 7.0,
                          .left = 40.0,
                          .right = 8.0,
                          .bottom = 28.0,
                          .crown = 11.0,
                          .heading = 14.0};
    jf_figure figure = {.name = ""};
    jf_range work = {INFINITY, 0.0};
    char title[64], crown[16], heading[64];

    snprintf(figure.name, sizeof figure.name, "precision-%s",
             jf_parameter_get(JF_P_OBJECTIVE)->choices[objective]);
    snprintf(title, sizeof title, "Work against precision, %s",
             jf_panel_objective_name((jf_objective)objective));
    bench_figure_begin(&grid, title, "16 features, model layers; exact times as the reference",
                       "integrator", names, g->members, &figure);
    for (size_t i = 0; i < grid.rows; i++) {
        for (size_t j = 0; j < grid.columns; j++) {
            for (size_t m = 0; m < g->members; m++) {
                add_curve(diagram_curve(g, objective, i, j, m), names[m], &work, &figure);
            }
        }
    }
    work.low = pow(10.0, floor(log10(work.low)));
    work.high = pow(10.0, ceil(log10(work.high)));
    for (size_t i = 0; i < grid.rows; i++) {
        snprintf(heading, sizeof heading, "ε = %s", scale_names[i]);
        for (size_t j = 0; j < grid.columns; j++) {
            snprintf(crown, sizeof crown, "L = %zu", depths[j]);
            const bench_panel panel = {.row = i,
                                       .column = j,
                                       .crown = i == 0 ? crown : "",
                                       .heading = j == 0 ? heading : "",
                                       .x = i + 1 == grid.rows ? "largest error of t*" : "",
                                       .y = j == 0 ? "right-hand sides" : "",
                                       .bare = i + 1 < grid.rows,
                                       .range_x = {1e-9, 1e-1},
                                       .range_y = work,
                                       .first = (i * grid.columns + j) * g->members,
                                       .count = g->members};
            bench_figure_plot(&grid, &panel, &figure);
        }
    }
    bench_figure_end(folder, &figure);
}

/* ---- auto against the best ---- */

enum { DEPTHS = 8, TRIED = 2 };
static const double tried[TRIED] = {1e-4, 1e-7};

static size_t depths_used(void)
{
    return bench_quick() ? 2 : DEPTHS;
}

/* `auto` at both tolerances, and of each the members' least work at its tolerance and its error. */
typedef struct {
    bench_run automatic[TRIED];
    double at_tolerance[TRIED],
        at_error[TRIED]; /* infinite where no member was seen to be better */
    int best_at_tolerance[TRIED], best_at_error[TRIED];
} contest;

typedef struct {
    const bench_sweep *sweep[2]; /* shallow, deep: by lowest_rho() */
    size_t members;
    contest *contests; /* objective x depth x scale, shared */
} contests;

static contest *find_contest(const contests *g, size_t objective, size_t depth, size_t scale)
{
    return &g->contests[(objective * DEPTHS + depth - 1) * SCALES + scale];
}

/*
 * The work with which a member reaches an error: between two runs on a straight line in log-log;
 * where its loosest run is more exact, that run's work; infinite where no run is exact enough.
 */
static double work_at_error(const curve *c, double error)
{
    double work = INFINITY;

    for (size_t k = 0; k < TOLERANCES; k++) {
        const bench_run *tight = &c->run[k], *loose = k > 0 ? &c->run[k - 1] : NULL;
        if (!tight->done || !(tight->error <= error)) {
            continue;
        }
        work = fmin(work, tight->evaluations);
        if (loose != NULL && loose->done && loose->error > error && isfinite(loose->error)) {
            const double share = log(loose->error / error) / log(loose->error / tight->error);
            work = fmin(work,
                        loose->evaluations * pow(tight->evaluations / loose->evaluations, share));
        }
    }
    return work;
}

static void enter_member(contest *c, int member, const curve *all)
{
    for (size_t t = 0; t < TRIED; t++) {
        for (size_t k = 0; k < TOLERANCES; k++) {
            const bench_run *run = &all->run[k];
            if (tolerances[k] == tried[t] && run->done && run->evaluations < c->at_tolerance[t]) {
                c->at_tolerance[t] = run->evaluations;
                c->best_at_tolerance[t] = member;
            }
        }
        const double work = work_at_error(all, c->automatic[t].error);
        if (work < c->at_error[t]) {
            c->at_error[t] = work;
            c->best_at_error[t] = member;
        }
    }
}

/*
 * A member's runs, down to the tightest tolerance tried or, where it errs more than `auto` did, as
 * far as it takes. A run that takes twice as long as that of `auto` at the same or the next tighter
 * tolerance is given up: it would not be the best.
 */
static curve run_member(jf_point *point, size_t member, const contest *c)
{
    curve all = {.run = {{.done = 0}}};

    for (size_t k = 0; k < TOLERANCES; k++) {
        const size_t t = tolerances[k] < tried[0] ? 1 : 0;
        const bench_run *last = k > 0 ? &all.run[k - 1] : NULL;
        if (tolerances[k] < tried[TRIED - 1] &&
            (!last->done || last->error <= c->automatic[TRIED - 1].error)) {
            break;
        }
        all.run[k] = solve(point, member, tolerances[k], 2.0 * c->automatic[t].seconds + 0.01);
    }
    return all;
}

static void contest_job(size_t index, void *context)
{
    contests *g = context;
    const size_t objective = index % JF_OBJECTIVES, cell = index / JF_OBJECTIVES;
    const size_t depth = depths_used() - cell / SCALES;
    const size_t scale = SCALES - 1 - cell % SCALES;
    contest *c = find_contest(g, objective, depth, scale);
    jf_point point = bench_point(g->sweep[depth >= 8]);

    set_point(&point, (int)objective, depth, scales[scale]);
    for (size_t t = 0; t < TRIED; t++) {
        c->automatic[t] = solve(&point, JF_INTEGRATOR_AUTO, tried[t], INFINITY);
        c->at_tolerance[t] = c->at_error[t] = INFINITY;
    }
    for (size_t m = 1; m < g->members; m++) {
        const curve all = run_member(&point, m, c);
        enter_member(c, (int)m, &all);
    }
}

/* NaN where all members were given up, each after twice the time of `auto`. */
static double ratio(const contest *c, size_t t, int at_error)
{
    const double best = at_error ? c->at_error[t] : c->at_tolerance[t];

    return isfinite(best) ? c->automatic[t].evaluations / best : NAN;
}

/* One row for each objective, tolerance and depth: ratios at each eps. */
static void write_contests(const char *folder, const contests *g)
{
    const char *const *objectives = jf_parameter_get(JF_P_OBJECTIVE)->choices;
    FILE *table = bench_table_open(
        folder, "auto",
        "objective\ttolerance\tdepth\t1e-1\t1e-2\t1e-3\t1e-4\terror: 1e-1\t1e-2\t1e-3\t1e-4",
        "Right-hand sides of auto over those of the best integrator, by init_scale: at equal "
        "tolerance, then at equal error; - where each one took over twice the time of auto (8 "
        "features, "
        "model balanced, rho from 1 to 0.4, 0.5 at L = 8).");

    for (size_t o = 0; o < JF_OBJECTIVES; o++) {
        for (size_t t = 0; t < TRIED; t++) {
            for (size_t depth = 1; depth <= depths_used(); depth++) {
                fprintf(table, "%s\t%.0e\t%zu", objectives[o], tried[t], depth);
                for (size_t k = 0; k < 2 * SCALES; k++) {
                    const contest *c = find_contest(g, o, depth, k % SCALES);
                    bench_table_cell(table, "%.2f", ratio(c, t, k >= SCALES));
                }
                fputc('\n', table);
            }
        }
    }
    bench_table_close(table);
}

static void write_worst(const char *folder, const contests *g, const char *const *names)
{
    FILE *table = bench_table_open(
        folder, "auto-worst",
        "compared at equal\ttolerance\tworst ratio\tobjective\tdepth\tinit_scale\tauto chose\t"
        "best\tabove 1.3",
        "auto against the best integrator: the worst of all cases, and how many are above 1.3.");

    for (size_t at_error = 0; at_error < 2; at_error++) {
        for (size_t t = 0; t < TRIED; t++) {
            size_t worst[3] = {0, 1, 0}, above = 0;
            double largest = 0.0;
            for (size_t i = 0; i < JF_OBJECTIVES * depths_used() * SCALES; i++) {
                const size_t o = i % JF_OBJECTIVES, s = i / JF_OBJECTIVES % SCALES;
                const size_t depth = 1 + i / (JF_OBJECTIVES * SCALES);
                const double r = ratio(find_contest(g, o, depth, s), t, (int)at_error);
                above += r > 1.3;
                if (r > largest) {
                    largest = r;
                    worst[0] = o;
                    worst[1] = depth;
                    worst[2] = s;
                }
            }
            const contest *c = find_contest(g, worst[0], worst[1], worst[2]);
            const int best = at_error ? c->best_at_error[t] : c->best_at_tolerance[t];
            fprintf(table, "%s\t%.0e\t%.2f\t%s\t%zu\t%s\t%s\t%s\t%zu\n",
                    at_error ? "error" : "tolerance", tried[t], largest,
                    jf_parameter_get(JF_P_OBJECTIVE)->choices[worst[0]], worst[1],
                    scale_names[worst[2]], bench_integrator_name(&c->automatic[t]), names[best],
                    above);
        }
    }
    bench_table_close(table);
}

/* ---- both ---- */

static void make_diagram(const char *folder, size_t members, const char *const *names)
{
    const char *const sets[] = {"model=layers", "samples=0"};
    bench_sweep sweeps[COLUMNS];
    diagram g = {.members = members};

    for (size_t j = 0; j < COLUMNS; j++) {
        bench_read_even(16, lowest_rho(depths[j]), sets, 2, &sweeps[j]);
        g.sweep[j] = &sweeps[j];
    }
    g.curves = bench_shared(JF_OBJECTIVES * SCALES * COLUMNS * members, sizeof *g.curves);
    bench_share(JF_OBJECTIVES * rows_used() * columns_used() * members, diagram_job, &g);
    write_diagram(folder, &g, names);
    for (size_t o = 0; o < JF_OBJECTIVES; o++) {
        draw_diagram(folder, o, &g, names);
    }
    for (size_t j = 0; j < COLUMNS; j++) {
        bench_clear(&sweeps[j]);
    }
}

static void make_contests(const char *folder, size_t members, const char *const *names)
{
    const char *const sets[] = {"samples=0"};
    bench_sweep sweeps[2];
    contests g = {.members = members};

    for (size_t i = 0; i < 2; i++) {
        bench_read_even(8, lowest_rho(i == 0 ? 1 : 8), sets, 1, &sweeps[i]);
        g.sweep[i] = &sweeps[i];
    }
    g.contests = bench_shared(JF_OBJECTIVES * DEPTHS * SCALES, sizeof *g.contests);
    bench_share(JF_OBJECTIVES * depths_used() * SCALES, contest_job, &g);
    write_contests(folder, &g);
    write_worst(folder, &g, names);
    for (size_t i = 0; i < 2; i++) {
        bench_clear(&sweeps[i]);
    }
}

int main(int argc, char **argv)
{
    size_t members;
    const char *const *names = bench_integrators(&members);

    if (argc != 2) {
        fprintf(stderr, "usage: precision FOLDER\n");
        return 2;
    }
    bench_begin();
    make_diagram(argv[1], members - 1, names + 1);
    make_contests(argv[1], members, names);
    return 0;
}
