#include "jepaflow/results/rank_table.h"

#include <stdlib.h>
#include <time.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/statistics.h"
#include "jepaflow/results/timeline.h"

/* ---- all runs ---- */

static void print_date(FILE *out, double date)
{
    const time_t seconds = (time_t)date;
    struct tm utc;
    char text[32] = "?";

    if (gmtime_r(&seconds, &utc) != NULL) {
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
    }
    fprintf(out, "%-19s", text);
}

static void print_run(FILE *out, size_t number, const jf_run *run, const jf_load *load)
{
    fprintf(out, "  %3zu  ", number);
    print_date(out, run->date);
    fprintf(out, " %7zu %9zu %10.2f %6.1f%% %9.3f %7.1f%% %8.1f%% %6.1f%%\n", run->ranks, run->bars,
            run->wall, 100.0 * load->share, load->balance, 100.0 * load->before,
            100.0 * load->between, 100.0 * load->after);
}

/* ---- one run ---- */

/* What stands in a column of a rank. */
typedef struct {
    const char *title;
    int width, digits;
    double (*value)(const jf_run *run, const jf_lane *lane);
} column;

static double points_of(const jf_run *run, const jf_lane *lane)
{
    (void)run;
    return (double)lane->points;
}

static double busy_of(const jf_run *run, const jf_lane *lane)
{
    (void)run;
    return lane->busy;
}

static double share_of(const jf_run *run, const jf_lane *lane)
{
    return 100.0 * lane->busy / run->wall;
}

static double before_of(const jf_run *run, const jf_lane *lane)
{
    (void)run;
    return lane->before;
}

static double between_of(const jf_run *run, const jf_lane *lane)
{
    (void)run;
    return lane->between;
}

static double after_of(const jf_run *run, const jf_lane *lane)
{
    (void)run;
    return lane->after;
}

static const column columns[] = {
    {"points", 10, 0, points_of},   {"busy s", 11, 2, busy_of},       {"busy %", 9, 1, share_of},
    {"before s", 11, 2, before_of}, {"between s", 11, 2, between_of}, {"after s", 11, 2, after_of},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void print_titles(FILE *out, const char *first)
{
    fprintf(out, "  %8s", first);
    for (size_t c = 0; c < COLUMNS; c++) {
        fprintf(out, "%*s", columns[c].width, columns[c].title);
    }
    fputc('\n', out);
}

static void print_ranks(FILE *out, const jf_run *run, const jf_lane *lane)
{
    print_titles(out, "rank");
    for (size_t rank = 0; rank < run->ranks; rank++) {
        fprintf(out, "  %8zu", rank);
        for (size_t c = 0; c < COLUMNS; c++) {
            fprintf(out, "%*.*f", columns[c].width, columns[c].digits,
                    columns[c].value(run, &lane[rank]));
        }
        fputc('\n', out);
    }
}

/* Each column by itself: a line is no rank. */
static jf_status print_quantiles(FILE *out, const jf_run *run, const jf_lane *lane)
{
    static const struct {
        const char *name;
        double part;
    } lines[] = {{"least", 0.0}, {"10 %", 0.1}, {"median", 0.5}, {"90 %", 0.9}, {"most", 1.0}};
    double *values = malloc(run->ranks * sizeof *values);

    if (values == NULL) {
        return jf_fail_memory("the ranks of a run");
    }
    print_titles(out, "of ranks");
    for (size_t q = 0; q < sizeof lines / sizeof lines[0]; q++) {
        fprintf(out, "  %8s", lines[q].name);
        for (size_t c = 0; c < COLUMNS; c++) {
            for (size_t rank = 0; rank < run->ranks; rank++) {
                values[rank] = columns[c].value(run, &lane[rank]);
            }
            fprintf(out, "%*.*f", columns[c].width, columns[c].digits,
                    jf_statistics_quantile(run->ranks, values, lines[q].part));
        }
        fputc('\n', out);
    }
    free(values);
    return JF_OK;
}

static jf_status write_lanes(FILE *out, size_t number, const jf_run *run, const jf_lane *lane)
{
    const jf_load load = jf_timeline_load(run, lane);

    fprintf(out, "\n  Run %zu%s\n", number,
            load.coordinates ? " (rank 0 solved no point: it only coordinated)" : "");
    if (run->ranks > JF_RANK_TABLE_LINES) {
        return print_quantiles(out, run, lane);
    }
    print_ranks(out, run, lane);
    return JF_OK;
}

/* Lanes of all runs are found twice rather than kept. */
static jf_status write_runs(const jf_timeline *timeline, FILE *out)
{
    jf_lane *lane;

    fputs("  run  started (UTC)         ranks    points     wall s   busy   balance  before  "
          "between  "
          "after\n",
          out);
    for (size_t k = 0; k < timeline->runs; k++) {
        JF_TRY(jf_timeline_lanes(&timeline->run[k], &lane));
        const jf_load load = jf_timeline_load(&timeline->run[k], lane);
        print_run(out, k + 1, &timeline->run[k], &load);
        free(lane);
    }
    for (size_t k = 0; k < timeline->runs; k++) {
        JF_TRY(jf_timeline_lanes(&timeline->run[k], &lane));
        const jf_status status = write_lanes(out, k + 1, &timeline->run[k], lane);
        free(lane);
        JF_TRY(status);
    }
    return JF_OK;
}

jf_status jf_rank_table_write(const jf_dataset *dataset, FILE *out)
{
    jf_timeline timeline;
    jf_status status = JF_OK;

    JF_TRY(jf_timeline_init(dataset, &timeline));
    if (timeline.runs == 0) {
        fputs("  no point says when it was solved\n", out);
    } else {
        status = write_runs(&timeline, out);
    }
    jf_timeline_clear(&timeline);
    return status;
}
