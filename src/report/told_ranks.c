#include "jepaflow/report/told_ranks.h"

#include <stdlib.h>
#include <time.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"
#include "jepaflow/report/timeline.h"

/* Fill in what is told of one run; `number` counts from 1. */
typedef jf_status (*teller)(const jf_run *run, const jf_lane *lane, size_t number, jf_table *table);

static jf_status tell_runs(const jf_findings *f, teller tell, jf_table *table)
{
    jf_timeline timeline;
    jf_status status = JF_OK;

    JF_TRY(jf_timeline_init(f->dataset, &timeline));
    for (size_t k = 0; k < timeline.runs && status == JF_OK; k++) {
        jf_lane *lane;
        status = jf_timeline_lanes(&timeline.run[k], &lane);
        if (status == JF_OK) {
            status = tell(&timeline.run[k], lane, k + 1, table);
            free(lane);
        }
    }
    jf_timeline_clear(&timeline);
    return status;
}

/* ---- all runs ---- */

static const jf_column run_columns[] = {
    {"run", "1", "number of the run, by date", JF_COLUMN_COUNT, 0, 0},
    {"started", "", "when, in UTC", JF_COLUMN_TEXT, 0, 0},
    {"ranks", "1", "that it had", JF_COLUMN_COUNT, 0, 0},
    {"points", "1", "that it solved", JF_COLUMN_COUNT, 0, 0},
    {"wall", "s", "from its start to the end of its last point", JF_COLUMN_FIXED, 2, 0},
    {"busy", "percent", "share of the ranks' time spent on points", JF_COLUMN_FIXED, 1, 0},
    {"balance", "1", "mean over largest busy time of the ranks that compute", JF_COLUMN_FIXED, 3,
     0},
    {"before", "percent", "share waited for the first point", JF_COLUMN_FIXED, 1, 0},
    {"between", "percent", "share waited between points", JF_COLUMN_FIXED, 1, 0},
    {"after", "percent", "share waited after the last point", JF_COLUMN_FIXED, 1, 0},
    {"rank_0", "", "what rank 0 did", JF_COLUMN_TEXT, 0, 1},
};

static void add_date(double date, jf_table *table)
{
    const time_t seconds = (time_t)date;
    struct tm utc;
    char text[32];
    const int known = gmtime_r(&seconds, &utc) != NULL &&
                      strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc) > 0;

    jf_table_text(table, known ? text : NULL);
}

static jf_status tell_run(const jf_run *run, const jf_lane *lane, size_t number, jf_table *table)
{
    const jf_load load = jf_timeline_load(run, lane);

    jf_table_begin(table, 0);
    jf_table_count(table, number);
    add_date(run->date, table);
    jf_table_count(table, run->ranks);
    jf_table_count(table, run->bars);
    jf_table_number(table, run->wall);
    jf_table_number(table, 100.0 * load.share);
    jf_table_number(table, load.balance);
    jf_table_number(table, 100.0 * load.before);
    jf_table_number(table, 100.0 * load.between);
    jf_table_number(table, 100.0 * load.after);
    jf_table_text(table, load.coordinates ? "coordinates" : "computes");
    if (load.coordinates) {
        jf_table_note(table, "run %zu: rank 0 solved no point, it only coordinated", number);
    }
    return JF_OK;
}

static jf_status fill_runs(const jf_findings *f, jf_table *table)
{
    return tell_runs(f, tell_run, table);
}

/* ---- the ranks of each run ---- */

/* What is told of a rank, or of a quantile over ranks. */
#define LANE_COLUMNS                                                                               \
    {"points", "1", "that it solved", JF_COLUMN_GENERAL, 6, 0},                                    \
        {"busy", "s", "sum of its points", JF_COLUMN_FIXED, 2, 0},                                 \
        {"share", "percent", "busy, of the run's wall time", JF_COLUMN_FIXED, 1, 0},               \
        {"before", "s", "waited for its first point", JF_COLUMN_FIXED, 2, 0},                      \
        {"between", "s", "waited between points", JF_COLUMN_FIXED, 2, 0},                          \
    {                                                                                              \
        "after", "s", "waited after its last point", JF_COLUMN_FIXED, 2, 0                         \
    }
enum { LANE_NUMBERS = 6 };

static double lane_number(const jf_run *run, const jf_lane *lane, size_t which)
{
    const double numbers[LANE_NUMBERS] = {
        (double)lane->points, lane->busy,    100.0 * lane->busy / run->wall,
        lane->before,         lane->between, lane->after};

    return numbers[which];
}

static const jf_column rank_columns[] = {
    {"run", "1", "number of the run", JF_COLUMN_COUNT, 0, 0},
    {"rank", "1", "number of the rank", JF_COLUMN_COUNT, 0, 0},
    LANE_COLUMNS,
};

static jf_status tell_ranks(const jf_run *run, const jf_lane *lane, size_t number, jf_table *table)
{
    for (size_t rank = 0; rank < run->ranks; rank++) {
        jf_table_begin(table, run->ranks > JF_TOLD_RANKS);
        jf_table_count(table, number);
        jf_table_count(table, rank);
        for (size_t k = 0; k < LANE_NUMBERS; k++) {
            jf_table_number(table, lane_number(run, &lane[rank], k));
        }
    }
    return JF_OK;
}

static jf_status fill_ranks(const jf_findings *f, jf_table *table)
{
    return tell_runs(f, tell_ranks, table);
}

static const jf_column quantile_columns[] = {
    {"run", "1", "number of the run", JF_COLUMN_COUNT, 0, 0},
    {"part", "1", "of the ranks that are at most so, each column by itself", JF_COLUMN_GENERAL, 2,
     0},
    LANE_COLUMNS,
};

/* Each column by itself: a line is no rank. */
static jf_status tell_quantiles(const jf_run *run, const jf_lane *lane, size_t number,
                                jf_table *table)
{
    double *values = malloc(run->ranks * sizeof *values);

    if (values == NULL) {
        return jf_fail_memory("the ranks of a run");
    }
    for (size_t q = 0; q < JF_QUANTILES; q++) {
        jf_table_begin(table, run->ranks <= JF_TOLD_RANKS);
        jf_table_count(table, number);
        jf_table_number(table, jf_survey_parts[q]);
        for (size_t k = 0; k < LANE_NUMBERS; k++) {
            for (size_t rank = 0; rank < run->ranks; rank++) {
                values[rank] = lane_number(run, &lane[rank], k);
            }
            jf_table_number(table, jf_statistics_quantile(run->ranks, values, jf_survey_parts[q]));
        }
    }
    free(values);
    return JF_OK;
}

static jf_status fill_quantiles(const jf_findings *f, jf_table *table)
{
    return tell_runs(f, tell_quantiles, table);
}

/* ---- all of them ---- */

static const jf_section sections[] = {
    {.form = {.name = "runs",
              .title = "Runs",
              .explanation =
                  "Each run from its start to the end of its last point. Busy: share of the ranks' "
                  "time spent on points, %. Balance: mean over largest busy time of the ranks that "
                  "compute. Waiting before the first point, between points, after the last: shares "
                  "of the ranks' time, %.",
              .absent = "no point says when it was solved",
              JF_SECTION_COLUMNS(run_columns),
              .lead = 1},
     .fill = fill_runs,
     .on_demand = 1},
    {.form = {.name = "ranks",
              .title = "Ranks",
              .explanation = "What each rank did: seconds on points, their share of the wall time "
                             "in %, and seconds it waited.",
              .absent = "no point says when it was solved",
              JF_SECTION_COLUMNS(rank_columns),
              .lead = 2},
     .fill = fill_ranks,
     .on_demand = 1},
    {.form = {.name = "rank_quantiles",
              .title = "Quantiles over ranks",
              .explanation =
                  "The same over all ranks of a run: least, 10 %, median, 90 %, most, each column "
                  "by itself.",
              .absent = "no point says when it was solved",
              JF_SECTION_COLUMNS(quantile_columns),
              .lead = 2},
     .fill = fill_quantiles,
     .on_demand = 1},
};

const jf_section *jf_told_ranks(size_t *count)
{
    *count = sizeof sections / sizeof sections[0];
    return sections;
}
