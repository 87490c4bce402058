/*
 * scaling.c - dealing: the ledger alone, and the sweep of inputs/large-study.yaml on virtual ranks.
 *
 *     scaling FOLDER    ledger.tsv: deals and finished points a second, by workers and points
 *                       virtual.tsv: the forecast for 1000, 10 000 and 100 000 ranks
 *
 * The costs of the study are predicted on this machine. Real ranks: scaling.sh.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/app/estimate.h"
#include "jepaflow/base/clock.h"
#include "jepaflow/base/random.h"
#include "jepaflow/base/text.h"

/* ---- the ledger ---- */

/* Costs over five orders of magnitude, in some hundred families. */
static void make_load(size_t points, double *cost, size_t *family, jf_workload *load)
{
    enum { FAMILIES = 300 };

    jf_random_normal((jf_random){1, 2, 3}, cost, points);
    for (size_t i = 0; i < points; i++) {
        cost[i] = exp(2.5 * cost[i]);
        family[i] = i % FAMILIES;
    }
    *load = (jf_workload){
        .points = points, .cost = cost, .family = family, .families = FAMILIES, .group = 1};
}

/* Deal everything in turn; every point takes what was said, give or take a factor 2. */
static void deal_all(jf_ledger *ledger, const jf_workload *load, int workers, size_t *deals)
{
    const size_t *batch;
    int idle = 0;

    for (int worker = 0; idle < workers; worker = (worker + 1) % workers) {
        const size_t count = jf_ledger_deal(ledger, worker, INFINITY, &batch);
        *deals += count > 0;
        idle = count > 0 ? 0 : idle + 1;
        for (size_t i = 0; i < count; i++) {
            jf_ledger_done(ledger, worker, batch[i],
                           load->cost[batch[i]] * (i % 2 == 0 ? 2.0 : 0.5));
        }
    }
}

static void measure_ledger(FILE *table, int workers, size_t points)
{
    double *cost = bench_memory(points, sizeof *cost);
    size_t *family = bench_memory(points, sizeof *family);
    jf_workload load;
    jf_ledger *ledger;
    size_t deals = 0;

    make_load(points, cost, family, &load);
    const double begin = jf_clock_cpu();
    bench_check(jf_ledger_open(&load, NULL, workers, &ledger));
    const double opened = jf_clock_cpu();
    deal_all(ledger, &load, workers, &deals);
    const double dealt = jf_clock_cpu() - opened;
    jf_ledger_close(&ledger);
    fprintf(table, "%d\t%zu\t%.3g\t%zu\t%.3g\t%.3g\n", workers, points, opened - begin, deals,
            (double)deals / dealt, (double)points / dealt);
    free(cost);
    free(family);
}

static void table_of_ledger(const char *folder)
{
    FILE *table = bench_table_open(
        folder, "ledger", "workers\tpoints\topening, s\tbatches\tbatches a second\tpoints a second",
        "The ledger alone, on one core: every batch dealt, every point finished.");

    for (int workers = 1000; workers <= 100000; workers *= 10) {
        measure_ledger(table, workers, bench_quick() ? 20000 : 1000000);
    }
    bench_table_close(table);
}

/* ---- virtual ranks ---- */

static void read_study(const char *path, bench_sweep *out)
{
    char *text;
    size_t size;

    bench_check(jf_text_read_file(path, JF_MOST_INPUT, &text, &size));
    bench_check(jf_input_read(path, text, size, NULL, 0, &out->input));
    bench_check(jf_plan_init(&out->input, &out->plan));
    free(text);
}

static void forecast_row(FILE *table, jf_estimate *estimate, int ranks)
{
    jf_share share;
    const double begin = jf_clock_cpu();

    bench_check(jf_estimate_share(estimate, NULL, ranks, JF_COORDINATOR_AUTO, &share));
    const jf_forecast *f = &share.forecast;
    fprintf(table, "%d\t%d\t%.4g\t%.1f\t%.1f\t%.0f\t%.2f\t%.2g\n", ranks, share.load.group,
            f->seconds, 100.0 * estimate->work / (ranks * f->seconds), 100.0 * f->efficiency,
            f->messages, 100.0 * f->coordinator / f->seconds, jf_clock_cpu() - begin);
}

static void table_of_virtual_ranks(const char *folder)
{
    const char *source = getenv("top_srcdir");
    char path[4096];
    bench_sweep study;
    jf_estimate estimate;

    snprintf(path, sizeof path, "%s/inputs/large-study.yaml", source != NULL ? source : ".");
    read_study(path, &study);
    bench_check(jf_estimate_init(&study.plan, &estimate));
    FILE *table = bench_table_open(
        folder, "virtual",
        "ranks\tranks a point\tseconds\tefficiency, %\tbusy, %\tmessages\trank 0 busy, %\tforecast "
        "in, s",
        "inputs/large-study.yaml, %zu points, %.3g hours of one core, on virtual ranks.",
        study.plan.points, estimate.work / 3600.0);
    for (int ranks = 1000; ranks <= 100000; ranks *= 10) {
        forecast_row(table, &estimate, ranks);
    }
    bench_table_close(table);
    jf_estimate_clear(&estimate);
    bench_clear(&study);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: scaling FOLDER\n");
        return 2;
    }
    bench_begin();
    table_of_ledger(argv[1]);
    table_of_virtual_ranks(argv[1]);
    return 0;
}
