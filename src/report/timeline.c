#include "jepaflow/report/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/sweep/record.h"

/* ---- reading ---- */

enum { STATUS, RANK, POINT_RANKS, STARTED, SECONDS, RUN_STARTED, RUN_RANKS, VARIABLES };

static const char *const names[VARIABLES] = {"status",  "rank",        "point_ranks", "started",
                                             "seconds", "run_started", "run_ranks"};

/* The variables, points numbers each. */
typedef struct {
    double *of[VARIABLES];
} columns;

static void columns_clear(columns *c)
{
    for (size_t v = 0; v < VARIABLES; v++) {
        free(c->of[v]);
    }
}

static jf_status columns_init(const jf_dataset *dataset, columns *out)
{
    jf_status status = JF_OK;

    *out = (columns){{NULL}};
    for (size_t v = 0; v < VARIABLES && status == JF_OK; v++) {
        status = jf_dataset_read(dataset, names[v], &out->of[v]);
    }
    if (status != JF_OK) {
        columns_clear(out);
    }
    return status;
}

/* A bar and the run it is of, before it is known which runs there are. */
typedef struct {
    double date;
    double run_ranks;
    jf_bar bar;
} entry;

static int has_bar(const columns *c, size_t point)
{
    return c->of[STATUS][point] != JF_POINT_PENDING && !isnan(c->of[RUN_STARTED][point]) &&
           !isnan(c->of[STARTED][point]) && !isnan(c->of[SECONDS][point]);
}

/* Does a point lie on ranks of its run? Ranks are counted by ints, so that a double holds them. */
static int is_placed(const columns *c, size_t point)
{
    const double rank = c->of[RANK][point], ranks = c->of[POINT_RANKS][point];

    return rank >= 0.0 && ranks >= 1.0 && rank + ranks <= c->of[RUN_RANKS][point] &&
           c->of[RUN_RANKS][point] <= INT32_MAX;
}

static int by_date_rank_begin(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->date != y->date) {
        return x->date < y->date ? -1 : 1;
    }
    if (x->bar.rank != y->bar.rank) {
        return x->bar.rank < y->bar.rank ? -1 : 1;
    }
    return (x->bar.begin > y->bar.begin) - (x->bar.begin < y->bar.begin);
}

/* Entries of all points that have a bar, sorted by run; *count of them. */
static jf_status list_entries(const jf_dataset *dataset, const columns *c, entry *list,
                              size_t *count)
{
    *count = 0;
    for (size_t p = 0; p < dataset->points; p++) {
        if (!has_bar(c, p)) {
            continue;
        }
        if (!is_placed(c, p)) {
            return jf_fail(JF_ERR_FILE,
                           "%s: point %zu was solved by rank %.0f (%.0f ranks) of %.0f",
                           jf_file_path(dataset->file), p, c->of[RANK][p], c->of[POINT_RANKS][p],
                           c->of[RUN_RANKS][p]);
        }
        list[(*count)++] = (entry){
            .date = c->of[RUN_STARTED][p],
            .run_ranks = c->of[RUN_RANKS][p],
            .bar = {.point = p,
                    .rank = (size_t)c->of[RANK][p],
                    .ranks = (size_t)c->of[POINT_RANKS][p],
                    .begin = c->of[STARTED][p],
                    .end = c->of[STARTED][p] + c->of[SECONDS][p]},
        };
    }
    qsort(list, *count, sizeof *list, by_date_rank_begin);
    return JF_OK;
}

static jf_status part_runs(const entry *list, size_t count, jf_timeline *out)
{
    size_t runs = 0;

    for (size_t i = 0; i < count; i++) {
        runs += i == 0 || list[i].date != list[i - 1].date;
    }
    out->run = calloc(runs + 1, sizeof *out->run);
    out->memory = calloc(count + 1, sizeof *out->memory);
    if (out->run == NULL || out->memory == NULL) {
        return jf_fail_memory("the runs");
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || list[i].date != list[i - 1].date) {
            out->run[out->runs++] = (jf_run){.date = list[i].date, .bar = out->memory + i};
        }
        jf_run *run = &out->run[out->runs - 1];
        out->memory[i] = list[i].bar;
        run->bars++;
        run->ranks = (size_t)fmax((double)run->ranks, list[i].run_ranks);
        run->wall = fmax(run->wall, list[i].bar.end);
    }
    return JF_OK;
}

jf_status jf_timeline_init(const jf_dataset *dataset, jf_timeline *out)
{
    columns c;
    size_t count = 0;

    *out = (jf_timeline){0};
    JF_TRY(columns_init(dataset, &c));
    entry *list = malloc((dataset->points + 1) * sizeof *list);
    jf_status status = list != NULL ? JF_OK : jf_fail_memory("the runs");
    if (status == JF_OK) {
        status = list_entries(dataset, &c, list, &count);
    }
    if (status == JF_OK) {
        status = part_runs(list, count, out);
    }
    if (status != JF_OK) {
        jf_timeline_clear(out);
    }
    free(list);
    columns_clear(&c);
    return status;
}

void jf_timeline_clear(jf_timeline *timeline)
{
    free(timeline->run);
    free(timeline->memory);
    *timeline = (jf_timeline){0};
}

/* ---- ranks ---- */

static int by_begin(const void *a, const void *b)
{
    const jf_bar *x = *(const jf_bar *const *)a, *y = *(const jf_bar *const *)b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

/* A rank may lead some points and join others: bars are gone through by time, not by rank. */
static void add_bar(const jf_bar *bar, jf_lane *lane, double *reached)
{
    for (size_t rank = bar->rank; rank < bar->rank + bar->ranks; rank++) {
        const double gap = fmax(bar->begin - reached[rank], 0.0);
        if (lane[rank].points++ == 0) {
            lane[rank].before = gap;
        } else {
            lane[rank].between += gap;
        }
        lane[rank].busy += bar->end - bar->begin;
        reached[rank] = fmax(reached[rank], bar->end);
    }
}

jf_status jf_timeline_lanes(const jf_run *run, jf_lane **lane)
{
    const jf_bar **sorted = malloc((run->bars + 1) * sizeof *sorted);
    double *reached = calloc(run->ranks + 1, sizeof *reached);

    *lane = calloc(run->ranks + 1, sizeof **lane);
    if (sorted == NULL || reached == NULL || *lane == NULL) {
        free(sorted);
        free(reached);
        free(*lane);
        *lane = NULL;
        return jf_fail_memory("the ranks of a run");
    }
    for (size_t i = 0; i < run->bars; i++) {
        sorted[i] = &run->bar[i];
    }
    qsort(sorted, run->bars, sizeof *sorted, by_begin);
    for (size_t i = 0; i < run->bars; i++) {
        add_bar(sorted[i], *lane, reached);
    }
    for (size_t rank = 0; rank < run->ranks; rank++) {
        const double rest = run->wall - reached[rank];
        *((*lane)[rank].points == 0 ? &(*lane)[rank].before : &(*lane)[rank].after) = rest;
    }
    free(sorted);
    free(reached);
    return JF_OK;
}

jf_load jf_timeline_load(const jf_run *run, const jf_lane *lane)
{
    const double all = (double)run->ranks * run->wall;
    double busy = 0.0, largest = 0.0;
    jf_load load = {.coordinates = run->ranks > 1 && lane[0].points == 0};

    for (size_t rank = 0; rank < run->ranks; rank++) {
        busy += lane[rank].busy;
        largest = fmax(largest, lane[rank].busy);
        load.before += lane[rank].before / all;
        load.between += lane[rank].between / all;
        load.after += lane[rank].after / all;
    }
    load.share = busy / all;
    load.balance = busy / (double)(run->ranks - (size_t)load.coordinates) / largest;
    return load;
}
