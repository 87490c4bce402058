#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/app/command.h"
#include "jepaflow/app/estimate.h"
#include "jepaflow/app/study.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/figures/speedup.h"
#include "jepaflow/flow/pace.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/results/store.h"

enum { MOST_RANKS = 1000000, MOST_NUMBERS = 1000 };

typedef struct {
    const char *input;
    const char *ranks;
    const char *shard;
    const char *folder;
    int plot;
    jf_texts overrides;
    int number[MOST_NUMBERS]; /* of ranks, as --ranks says or by default */
    size_t numbers;
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

/* The share of the work at each value of an axis. */
static jf_status print_axis_cost(const jf_plan *plan, size_t axis, const double *seconds,
                                 double total)
{
    enum { SHOWN = 24 };
    const size_t extent = plan->extent[axis];
    double *sum = calloc(extent, sizeof *sum);

    if (sum == NULL) {
        return jf_fail_memory("a table");
    }
    for (size_t i = 0; i < plan->points; i++) {
        size_t position[JF_PARAMETERS];
        jf_plan_position(plan, i, position);
        sum[position[axis]] += seconds[i];
    }
    for (size_t k = 0; k < extent; k++) {
        char label[32], time[24];
        if (extent > SHOWN && k == SHOWN - 2) {
            printf("  %-12s ...\n", "");
            k = extent - 1;
        }
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

/* ---- ranks ---- */

/* Below this efficiency more ranks are thought not to pay. */
static const double worth_while = 0.8;

/* One core's work over what so many ranks spend: a group's losses count, too. */
static double efficiency_of(const jf_estimate *e, int ranks, const jf_share *share)
{
    const double spent = ranks * share->forecast.seconds;

    return spent > 0.0 ? fmin(e->work / spent, 1.0) : 1.0;
}

static const char *limit_text(jf_forecast_limit limit)
{
    static const char *const texts[] = {
        [JF_LIMIT_NONE] = "-",
        [JF_LIMIT_COORDINATOR] = "records at rank 0",
        [JF_LIMIT_LONGEST] = "the longest point",
        [JF_LIMIT_START] = "the start",
    };

    return texts[limit];
}

static jf_status share_out(jf_estimate *e, int ranks, jf_share *share)
{
    return jf_estimate_share(e, e->others, ranks, JF_COORDINATOR_AUTO, share);
}

static jf_status print_forecast(jf_estimate *e, int ranks, int *too_few)
{
    jf_share share;
    char time[24], memory[JF_BYTES_TEXT];

    JF_TRY(share_out(e, ranks, &share));
    *too_few |= share.too_few;
    printf("  %8d %12s %10.0f %%   %-10s %9d%s %10s   %s\n", ranks,
           duration(share.forecast.seconds, time), 100.0 * efficiency_of(e, ranks, &share),
           share.forecast.mode == JF_COORDINATOR_WORKING ? "computes" : "dedicated",
           share.load.group, share.too_few ? "*" : " ", jf_text_bytes(share.bytes, memory),
           limit_text(share.forecast.limit));
    return JF_OK;
}

static jf_status print_forecasts(const request *r, jf_estimate *e)
{
    int too_few = 0;

    printf("\n     ranks         time   efficiency   rank 0     ranks/point     memory   limited "
           "by\n");
    for (size_t k = 0; k < r->numbers; k++) {
        JF_TRY(print_forecast(e, r->number[k], &too_few));
    }
    if (too_few) {
        printf("  * of the %.0f of flow.ranks_per_point, as many as compute\n",
               e->plan->input->setting[JF_P_RANKS_PER_POINT].at[0]);
    }
    return JF_OK;
}

/*
 * The largest power of 2 at which ranks pay, as efficiency falls with their number. However many
 * there are, a run takes the time of its start.
 */
static jf_status find_worthy(jf_estimate *e, int *ranks, jf_share *share)
{
    int low = 0, high = 1;

    JF_TRY(share_out(e, 2, share));
    while ((2 << high) <= MOST_RANKS &&
           worth_while * (double)(1 << high) * share->forecast.start < e->work) {
        high++;
    }
    while (high - low > 1) { /* 2^low pays, 2^high does not or is more than may be asked for */
        const int middle = (low + high) / 2;
        JF_TRY(share_out(e, 1 << middle, share));
        *(efficiency_of(e, 1 << middle, share) >= worth_while ? &low : &high) = middle;
    }
    *ranks = 1 << low;
    return share_out(e, *ranks, share);
}

/* How many ranks pay, and what twice as many would bring. */
static jf_status print_recommendation(jf_estimate *e)
{
    jf_share share, twice;
    char time[24], less[24];
    int ranks;

    JF_TRY(find_worthy(e, &ranks, &share));
    JF_TRY(share_out(e, 2 * ranks, &twice));
    printf("\n  Up to %d rank%s pay%s: %s, efficiency %.0f %%. %d would take %s (%.0f %%%s%s).\n",
           ranks, ranks == 1 ? "" : "s", ranks == 1 ? "s" : "",
           duration(share.forecast.seconds, time), 100.0 * efficiency_of(e, ranks, &share),
           2 * ranks, duration(twice.forecast.seconds, less),
           100.0 * efficiency_of(e, 2 * ranks, &twice),
           twice.forecast.limit != JF_LIMIT_NONE ? ", limited by " : "",
           twice.forecast.limit != JF_LIMIT_NONE ? limit_text(twice.forecast.limit) : "");
    return JF_OK;
}

/* To two digits: a forecast is no better. */
static double rounded(double x)
{
    const double unit = pow(10.0, floor(log10(x)) - 1.0);

    return unit * round(x / unit);
}

/* From how many ranks on rank 0 would be what they wait for, and why. */
static jf_status print_coordinator_limit(jf_estimate *e, int ranks)
{
    jf_share share;
    char time[24], size[JF_BYTES_TEXT];
    double kept = 0.0;

    JF_TRY(share_out(e, ranks, &share));
    for (size_t i = 0; i < e->plan->points; i++) {
        kept += e->keep[i];
    }
    if (share.forecast.most_ranks > MOST_RANKS || kept < share.forecast.longest) {
        return JF_OK; /* the longest point would be, before that */
    }
    printf("  From about %.0f rank%s on, records at rank 0 are the limit: taking in and writing\n"
           "  %zu of them (%s) takes it %s, whatever the others do.\n",
           rounded(share.forecast.most_ranks), share.forecast.most_ranks < 1.5 ? "" : "s",
           e->plan->points, jf_text_bytes(jf_store_size(e->plan), size), duration(kept, time));
    return JF_OK;
}

/* What flow.ranks_per_point: auto would bring, where it is a number. */
static jf_status print_better_group(jf_estimate *e, int ranks)
{
    jf_share asked, better;
    char time[24], less[24];

    if (e->broad_points == 0 || e->plan->input->setting[JF_P_RANKS_PER_POINT].at[0] == 0.0) {
        return JF_OK;
    }
    JF_TRY(share_out(e, ranks, &asked));
    JF_TRY(jf_estimate_share_best(e, e->others, ranks, JF_COORDINATOR_AUTO, &better));
    if (better.forecast.seconds < 0.95 * asked.forecast.seconds) {
        printf(
            "  With flow.ranks_per_point: auto (groups of %d), %d ranks would take %s instead of "
            "%s.\n",
            better.load.group, ranks, duration(better.forecast.seconds, less),
            duration(asked.forecast.seconds, time));
    }
    return JF_OK;
}

static int largest_number(const request *r)
{
    int most = 1;

    for (size_t k = 0; k < r->numbers; k++) {
        most = r->number[k] > most ? r->number[k] : most;
    }
    return most;
}

static jf_status print_advice(const request *r, jf_estimate *e)
{
    JF_TRY(print_recommendation(e));
    JF_TRY(print_better_group(e, largest_number(r)));
    return print_coordinator_limit(e, largest_number(r));
}

/* ---- the figure ---- */

/* From 1 rank to the most that are asked for, by factors of 2, or of 4 where they are many. */
static jf_status draw_rows(jf_estimate *e, int most, const char *name, const request *r)
{
    enum { MOST_ROWS = 24, FACTOR = 2, LARGE_FACTOR = 4, LARGE = 1024 };
    jf_speedup_row rows[MOST_ROWS];
    size_t count = 0;
    jf_share share;

    for (int ranks = 1;; ranks *= most > LARGE ? LARGE_FACTOR : FACTOR) {
        ranks = ranks < most ? ranks : most;
        JF_TRY(share_out(e, ranks, &share));
        rows[count++] =
            (jf_speedup_row){ranks, share.forecast.seconds, efficiency_of(e, ranks, &share)};
        if (ranks == most) {
            break;
        }
    }
    return jf_speedup_draw(e->plan->input->title, e->work, rows, count, r->folder, name, stdout);
}

/* INPUT-ranks, of what may stand in a script, and is no option of gnuplot's where it begins. */
static void name_figure(const char *input, char *name, size_t size)
{
    const char *base = strrchr(input, '/') != NULL ? strrchr(input, '/') + 1 : input;
    const char *dot = strrchr(base, '.');
    const int length = (int)(dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base));

    snprintf(name, size, "%.*s-ranks", length < 40 ? length : 40, base);
    for (char *c = name; *c != '\0'; c++) {
        const int plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                          (*c >= '0' && *c <= '9') || *c == '-' || *c == '_' || *c == '.';
        *c = plain && (*c != '-' || c != name) ? *c : '_';
    }
}

static jf_status draw(const request *r, jf_estimate *e)
{
    char name[48];

    if (!r->plot) {
        return JF_OK;
    }
    name_figure(r->input, name, sizeof name);
    printf("\n");
    return draw_rows(e, largest_number(r), name, r);
}

static jf_status print_plan(const request *r, const jf_study *study, jf_shard shard, jf_estimate *e)
{
    const jf_plan *plan = &study->plan;
    char work[24], file[24];

    jf_study_print(study, stdout);
    jf_study_print_shard(study, shard, stdout);
    printf("  work %s of one core, dataset %s\n", duration(e->work, work),
           jf_text_bytes(jf_store_size(plan), file));
    JF_TRY(print_costs(plan, e->single, e->work));
    JF_TRY(print_forecasts(r, e));
    JF_TRY(print_advice(r, e));
    return draw(r, e);
}

/* ---- the command ---- */

enum { OPTIONS = 5 };

static void list_options(request *r, jf_option options[OPTIONS])
{
    const jf_option list[OPTIONS] = {
        {.name = "ranks",
         .value = "N[,N...]",
         .text = &r->ranks,
         .help = "predict time and efficiency on N ranks (default: 1, 2, 4 ...)"},
        {.name = "shard",
         .value = "I/N",
         .text = &r->shard,
         .help = "of the I-th of N parts of the points, as run --shard does it"},
        {.name = "plot",
         .flag = &r->plot,
         .help = "draw time and efficiency against ranks, up to the largest N"},
        {.name = "output",
         .letter = 'o',
         .value = "DIR",
         .text = &r->folder,
         .help = "folder for the figure, which exists (default: the present one)"},
        {.name = "set",
         .value = "KEY=VALUE",
         .texts = &r->overrides,
         .help = "change the input: a parameter, or a path such as flow.tolerance"},
    };

    memcpy(options, list, sizeof list);
}

/* N,N,...; without --ranks, the powers of two up to twice the cores. */
static jf_status read_ranks(request *r)
{
    const char *at = r->ranks;

    if (at == NULL) {
        const long cores = sysconf(_SC_NPROCESSORS_ONLN);
        for (int ranks = 1; ranks <= 2 * (cores > 0 ? cores : 1); ranks *= 2) {
            r->number[r->numbers++] = ranks;
        }
        return JF_OK;
    }
    for (;;) {
        char *end;
        const long ranks = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : 0;
        if (ranks < 1 || ranks > MOST_RANKS || (*end != ',' && *end != '\0')) {
            return jf_fail(JF_ERR_USAGE, "--ranks is '%s', expected whole numbers from 1 to %d",
                           r->ranks, MOST_RANKS);
        }
        if (r->numbers == MOST_NUMBERS) {
            return jf_fail(JF_ERR_USAGE, "--ranks has more than %d numbers", MOST_NUMBERS);
        }
        r->number[r->numbers++] = (int)ranks;
        if (*end == '\0') {
            return JF_OK;
        }
        at = end + 1;
    }
}

/* Refused before anything is computed. */
static jf_status check_folder(request *r)
{
    struct stat about;

    if (r->folder != NULL && !r->plot) {
        return jf_fail(JF_ERR_USAGE, "--output is for the figure of --plot, which is not there");
    }
    r->folder = r->folder != NULL ? r->folder : ".";
    if (r->plot &&
        (stat(r->folder, &about) != 0 || !S_ISDIR(about.st_mode) || access(r->folder, W_OK) != 0)) {
        return jf_fail(JF_ERR_USAGE, "--output is '%s', expected a folder that can be written to",
                       r->folder);
    }
    return JF_OK;
}

/* Points of other shards cost nothing here. */
static jf_status leave_out_others(jf_shard shard, const jf_plan *plan, jf_estimate *e)
{
    e->others = calloc(plan->points, 1);
    if (e->others == NULL) {
        return jf_fail_memory("the plan");
    }
    JF_TRY(jf_shard_mark_others(shard, plan, 1, e->others));
    e->work = 0.0; /* summed anew: of a shard without points, what is taken away leaves a rest */
    for (size_t i = 0; i < plan->points; i++) {
        if (e->others[i]) {
            e->single[i] = e->keep[i] = 0.0;
        }
        e->work += e->single[i];
    }
    return JF_OK;
}

static jf_status plan_study(const request *r, jf_study *study)
{
    jf_estimate estimate;
    jf_shard shard;

    JF_TRY(jf_shard_read("--shard", r->shard, &shard));
    JF_TRY(jf_estimate_init(&study->plan, &estimate));
    jf_status status = leave_out_others(shard, &study->plan, &estimate);
    if (status == JF_OK) {
        status = print_plan(r, study, shard, &estimate);
    }
    jf_estimate_clear(&estimate);
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
    if (status == JF_OK) {
        status = read_ranks(&r);
    }
    if (status == JF_OK) {
        status = check_folder(&r);
    }
    if (status == JF_OK) {
        status = jf_study_read(r.input, &r.overrides, &jf_adder_alone, &study);
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
    fprintf(out,
            "Checks INPUT.yaml and shows its points, predicted work, memory and file size, "
            "and the time\n"
            "and efficiency on some numbers of ranks: the ledger of a run under a virtual clock, "
            "with the\n"
            "measured cost of right-hand sides, messages and records. Says how many ranks "
            "pay. Writes no\n"
            "file but with --plot: INPUT-ranks.png, its data and script.\n\n");
    jf_arguments_help(options, OPTIONS, out);
    jf_study_help(out);
}

const jf_command jf_command_plan = {
    .name = "plan",
    .synopsis = "jepaflow plan INPUT.yaml [--ranks N[,N...]] [--shard I/N] [--plot [-o DIR]] "
                "[--set KEY=VALUE]...",
    .summary = "check an input; its points, work, memory, file size, time on N ranks",
    .run = run,
    .help = help,
};
