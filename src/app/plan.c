#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jepaflow/app/command.h"
#include "jepaflow/app/study.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/flow/pace.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/ranks/forecast.h"

typedef struct {
    const char *input;
    const char *ranks;
    jf_texts overrides;
} request;

/* ---- tables ---- */

/* "0.4 ms", "12 s", "3.1 h" */
static const char *duration(double seconds, char text[24])
{
    if (seconds < 1.0) {
        snprintf(text, 24, "%.3g ms", 1e3 * seconds);
    } else if (seconds < 120.0) {
        snprintf(text, 24, "%.3g s", seconds);
    } else if (seconds < 7200.0) {
        snprintf(text, 24, "%.3g min", seconds / 60.0);
    } else {
        snprintf(text, 24, "%.4g h", seconds / 3600.0);
    }
    return text;
}

static const char *amount(double bytes, char text[24])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t k = 0;

    while (bytes >= 1000.0 && k + 1 < sizeof unit / sizeof unit[0]) {
        bytes /= 1000.0;
        k++;
    }
    snprintf(text, 24, "%.3g %s", bytes, unit[k]);
    return text;
}

/* The share of the work at each value of an axis. */
static jf_status print_axis_cost(const jf_plan *plan, size_t axis, const double *seconds,
                                 double total)
{
    double *sum = calloc(plan->extent[axis], sizeof *sum);

    if (sum == NULL) {
        return jf_fail_memory("a table");
    }
    for (size_t i = 0; i < plan->points; i++) {
        size_t position[JF_PARAMETERS];
        jf_plan_position(plan, i, position);
        sum[position[axis]] += seconds[i];
    }
    for (size_t k = 0; k < plan->extent[axis]; k++) {
        char label[32], time[24];
        const char *name = k == 0 ? jf_parameter_get(plan->parameter[axis])->name : "";
        printf("  %-12s %-20s %10s %6.1f %%\n", name,
               jf_plan_label(plan, axis, k, label, sizeof label), duration(sum[k], time),
               total > 0.0 ? 100.0 * sum[k] / total : 0.0);
    }
    free(sum);
    return JF_OK;
}

static jf_status print_costs(const jf_plan *plan, const double *seconds, double total)
{
    printf("\n  predicted work, by axis\n");
    for (size_t a = 0; a < plan->axes; a++) {
        if (plan->extent[a] > 1) {
            JF_TRY(print_axis_cost(plan, a, seconds, total));
        }
    }
    return JF_OK;
}

/* Bytes of the largest point. */
static jf_status largest_point(const jf_plan *plan, double *bytes)
{
    *bytes = 0.0;
    for (size_t i = 0; i < plan->points; i++) {
        jf_point point;
        double needed;
        jf_plan_point(plan, i, &point);
        JF_TRY(jf_pace_memory(&point, 1, &needed));
        *bytes = fmax(*bytes, needed);
    }
    return JF_OK;
}

static jf_status print_forecast(const jf_plan *plan, const double *seconds, int ranks)
{
    jf_forecast forecast;
    char time[24];

    const jf_workload load = {.points = plan->points, .cost = seconds, .group = 1};
    const jf_overhead overhead = {0};
    JF_TRY(jf_forecast_run(&load, NULL, ranks, JF_COORDINATOR_AUTO, &overhead, &forecast));
    printf("  %8d %12s %10.0f %%\n", ranks, duration(forecast.seconds, time),
           100.0 * forecast.efficiency);
    return JF_OK;
}

/* N, N,N,... or, without --ranks, the powers of two up to twice the cores. */
static jf_status print_forecasts(const request *r, const jf_plan *plan, const double *seconds)
{
    printf("\n     ranks         time   efficiency\n");
    if (r->ranks == NULL) {
        const long cores = sysconf(_SC_NPROCESSORS_ONLN);
        for (int ranks = 1; ranks <= 2 * (cores > 0 ? cores : 1); ranks *= 2) {
            JF_TRY(print_forecast(plan, seconds, ranks));
        }
        return JF_OK;
    }
    for (const char *at = r->ranks; *at != '\0';) {
        char *end;
        const long ranks = strtol(at, &end, 10);
        JF_TRY(print_forecast(plan, seconds, (int)ranks));
        at = *end == ',' ? end + 1 : end;
    }
    return JF_OK;
}

static jf_status print_plan(const request *r, const jf_study *study, const double *seconds)
{
    const jf_plan *plan = &study->plan;
    char work[24], file[24], memory[24];
    double total = 0.0, largest;

    JF_TRY(largest_point(plan, &largest));
    for (size_t i = 0; i < plan->points; i++) {
        total += seconds[i];
    }
    jf_study_print(study, stdout);
    printf("  work %s of one core, dataset %s, largest point %s of memory\n", duration(total, work),
           amount(jf_store_size(plan), file), amount(largest, memory));
    JF_TRY(print_costs(plan, seconds, total));
    return print_forecasts(r, plan, seconds);
}

/* ---- the command ---- */

enum { OPTIONS = 2, MOST_RANKS = 1000000 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "ranks",
         .value = "N[,N...]",
         .text = &r->ranks,
         .help = "predict time and efficiency on N ranks (default: 1, 2, 4 ...)"},
        {.name = "set",
         .value = "KEY=VALUE",
         .texts = &r->overrides,
         .help = "change the input: a parameter, or a path such as flow.tolerance"},
    };

    memcpy(options, list, sizeof list);
}

static jf_status check_ranks(const char *text)
{
    const char *at = text;

    for (;;) {
        char *end;
        const long ranks = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : 0;
        if (ranks < 1 || ranks > MOST_RANKS || (*end != ',' && *end != '\0')) {
            return jf_fail(JF_ERR_USAGE, "--ranks is '%s', expected whole numbers from 1 to %d",
                           text, MOST_RANKS);
        }
        if (*end == '\0') {
            return JF_OK;
        }
        at = end + 1;
    }
}

static jf_status predict(const jf_plan *plan, double *seconds)
{
    jf_pace *pace;

    JF_TRY(jf_pace_measure(plan, &pace));
    jf_status status = JF_OK;
    for (size_t i = 0; i < plan->points && status == JF_OK; i++) {
        jf_point point;
        jf_plan_point(plan, i, &point);
        status = jf_pace_predict(pace, &point, 1, &seconds[i]);
    }
    jf_pace_destroy(&pace);
    return status;
}

static jf_status plan_study(const request *r, jf_study *study)
{
    double *seconds = calloc(study->plan.points, sizeof *seconds);

    if (seconds == NULL) {
        return jf_fail_memory("the plan");
    }
    jf_status status = predict(&study->plan, seconds);
    if (status == JF_OK) {
        status = print_plan(r, study, seconds);
    }
    free(seconds);
    return status;
}

static jf_status run(int argc, char **argv)
{
    request r = {0};
    jf_option options[OPTIONS];
    jf_study study = {0};

    r.overrides.at = calloc((size_t)argc + 1, sizeof *r.overrides.at);
    if (r.overrides.at == NULL) {
        return jf_fail_memory("the options");
    }
    list_options(&r, options);
    jf_blas_start();
    jf_status status = jf_arguments_read(argc, argv, options, OPTIONS, "INPUT.yaml", &r.input);
    if (status == JF_OK && r.ranks != NULL) {
        status = check_ranks(r.ranks);
    }
    if (status == JF_OK) {
        status = jf_study_read(r.input, &r.overrides, &study);
    }
    if (status == JF_OK) {
        status = plan_study(&r, &study);
    }
    jf_study_clear(&study);
    free(r.overrides.at);
    return status;
}

static void help(FILE *out)
{
    jf_option options[OPTIONS];
    request r = {0};

    list_options(&r, options);
    fprintf(out, "Checks INPUT.yaml and shows its points, predicted work, memory and file size, "
                 "and the time\n"
                 "and efficiency on some numbers of ranks. Writes no file.\n\n");
    jf_arguments_help(options, OPTIONS, out);
    jf_study_help(out);
}

const jf_command jf_command_plan = {
    .name = "plan",
    .synopsis = "jepaflow plan INPUT.yaml [--ranks N] [--set KEY=VALUE]...",
    .summary = "check an input; its points, work, memory, file size, time on N ranks",
    .run = run,
    .help = help,
};
