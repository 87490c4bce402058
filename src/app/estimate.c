#include "jepaflow/app/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/results/store.h"
#include "jepaflow/sweep/record.h"

/*
 * What rank 0 spends, seconds. A message and its answer: 2 to 4e-6 between two ranks of a node, a
 * byte of a record in it 2e-9 (bench/messages.c); a network takes a little longer. To write a
 * record and a byte of it: of 100 000 small ones, in bulk, on a file system in memory.
 */
static const double seconds_per_message = 10e-6;
static const double seconds_per_record = 4e-6;
static const double seconds_per_byte_sent = 2e-9;
static const double seconds_per_byte_written = 1e-9;

/* Naps of a rank that waits are of up to 2 ms (comm.h). */
static const double mean_nap = 1e-3;

/*
 * From the start of the processes until the first point is dealt: 0.26 s for two ranks on two cores
 * that nobody else uses, 0.5 s where they do. Clusters differ, and take seconds for thousands of
 * ranks.
 */
static const double start_of_mpi = 0.3;

/* A group of twice the size has to pay: its ranks wait for each other. */
static const double worth_doubling = 0.01;

/* ---- the points ---- */

void jf_estimate_clear(jf_estimate *e)
{
    jf_pace_destroy(&e->pace);
    free(e->single);
    free(e->cost);
    free(e->broad);
    free(e->family);
    free(e->keep);
    free(e->others);
    *e = (jf_estimate){0};
}

/* The point that differs by its seed alone, the first: it takes as many seconds and bytes. */
static size_t twin_of(const jf_plan *plan, size_t index)
{
    size_t stride = 1;

    for (size_t k = JF_P_SEED + 1; k < plan->axes; k++) {
        stride *= plan->extent[k];
    }
    return index - index / stride % plan->extent[JF_P_SEED] * stride;
}

/* Predict a point, unless its twin has been. */
static jf_status predict(const jf_estimate *e, size_t index, int ranks, double *seconds)
{
    const size_t twin = twin_of(e->plan, index);
    jf_point point;

    if (twin < index) {
        seconds[index] = seconds[twin];
        return JF_OK;
    }
    jf_plan_point(e->plan, index, &point);
    return jf_pace_predict(e->pace, &point, ranks, &seconds[index]);
}

/* Points of one objective, depth and spectrum are mispredicted alike; closed forms all are one. */
static size_t family_of(const jf_plan *plan, const jf_point *point)
{
    static const jf_parameter_id axes[] = {JF_P_OBJECTIVE, JF_P_DEPTH, JF_P_SPECTRUM};
    size_t position[JF_PARAMETERS], family = 0;

    if (jf_flow_model(point) == JF_MODEL_THEORY) {
        return 0;
    }
    jf_plan_position(plan, point->index, position);
    for (size_t k = 0; k < sizeof axes / sizeof axes[0]; k++) {
        family = family * plan->extent[axes[k]] + position[axes[k]];
    }
    return family;
}

static size_t count_families(const jf_plan *plan)
{
    return plan->extent[JF_P_OBJECTIVE] * plan->extent[JF_P_DEPTH] * plan->extent[JF_P_SPECTRUM];
}

static int is_broad(const jf_point *point)
{
    return jf_flow_model(point) != JF_MODEL_THEORY && jf_flow_pairs(point) == 0 &&
           (double)point->spectrum->features >= point->value[JF_P_GROUP_WIDTH];
}

static double seconds_of_record(size_t features, size_t samples)
{
    size_t count, numbers = 0;
    const jf_field *fields = jf_record_fields(&count);

    for (size_t k = 0; k < count; k++) {
        numbers += jf_field_count(&fields[k], features, samples);
    }
    const double bytes = sizeof(double) * (double)numbers;

    return seconds_per_record + (seconds_per_byte_sent + seconds_per_byte_written) * bytes;
}

/* At an end of each axis but that of the spectra? */
static int is_corner(const jf_plan *plan, size_t index)
{
    size_t position[JF_PARAMETERS];

    jf_plan_position(plan, index, position);
    for (size_t k = 0; k < plan->axes; k++) {
        if (k != JF_P_SPECTRUM && position[k] != 0 && position[k] + 1 != plan->extent[k]) {
            return 0;
        }
    }
    return 1;
}

/* Memory goes with depth and stiffness: of each spectrum, a point at a corner needs most. */
static jf_status add_memory(jf_estimate *e, const jf_point *point, double *most_broad)
{
    double bytes;

    if (twin_of(e->plan, point->index) != point->index || !is_corner(e->plan, point->index)) {
        return JF_OK;
    }
    JF_TRY(jf_pace_memory(point, 1, &bytes));
    if (!is_broad(point)) {
        e->bytes_narrow = fmax(e->bytes_narrow, bytes);
    } else if (bytes > *most_broad) {
        *most_broad = bytes;
        e->largest_broad = point->index;
    }
    return JF_OK;
}

static jf_status add_point(jf_estimate *e, size_t index, double *most_broad)
{
    jf_point point;

    jf_plan_point(e->plan, index, &point);
    JF_TRY(predict(e, index, 1, e->single));
    e->work += e->single[index];
    e->family[index] = family_of(e->plan, &point);
    e->keep[index] = seconds_of_record(point.spectrum->features, e->plan->samples);
    e->broad[index] = (unsigned char)is_broad(&point);
    e->broad_points += e->broad[index];
    return add_memory(e, &point, most_broad);
}

static jf_status add_points(jf_estimate *e)
{
    const size_t points = e->plan->points;
    double most_broad = 0.0;

    e->single = calloc(points, sizeof *e->single);
    e->cost = calloc(points, sizeof *e->cost);
    e->broad = calloc(points, sizeof *e->broad);
    e->family = calloc(points, sizeof *e->family);
    e->keep = calloc(points, sizeof *e->keep);
    if (e->single == NULL || e->cost == NULL || e->broad == NULL || e->family == NULL ||
        e->keep == NULL) {
        return jf_fail_memory("the plan");
    }
    for (size_t i = 0; i < points; i++) {
        JF_TRY(add_point(e, i, &most_broad));
    }
    return JF_OK;
}

jf_status jf_estimate_init(const jf_plan *plan, jf_estimate *out)
{
    *out = (jf_estimate){.plan = plan, .families = count_families(plan)};
    JF_TRY(jf_pace_measure(plan, &out->pace));
    const jf_status status = add_points(out);
    if (status != JF_OK) {
        jf_estimate_clear(out);
    }
    return status;
}

/* ---- sharing ---- */

/* As many as compute, and as the input may ask for. */
static int most_in_group(int ranks, jf_coordinator_mode mode)
{
    const int computing = mode == JF_COORDINATOR_DEDICATED && ranks > 1 ? ranks - 1 : ranks;

    return (int)fmin(computing, jf_parameter_get(JF_P_RANKS_PER_POINT)->high);
}

/* What a rank of a group needs at most. */
static jf_status memory_of(const jf_estimate *e, int group, double *bytes)
{
    jf_point point;

    *bytes = 0.0;
    if (e->broad_points > 0) {
        jf_plan_point(e->plan, e->largest_broad, &point);
        JF_TRY(jf_pace_memory(&point, group, bytes));
    }
    *bytes = fmax(*bytes, e->bytes_narrow);
    return JF_OK;
}

/* Bytes for each rank of a full node, where all nodes are like this one; INFINITY: not known. */
static double memory_per_rank(int ranks)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores > 0 ? jf_memory_of_machine() / fmin((double)cores, ranks) : INFINITY;
}

static jf_status set_costs(jf_estimate *e, int group)
{
    for (size_t i = 0; i < e->plan->points; i++) {
        e->cost[i] = e->single[i];
        if (e->broad[i] && group > 1) {
            JF_TRY(predict(e, i, group, e->cost));
        }
    }
    return JF_OK;
}

static jf_overhead overhead_of(const jf_estimate *e)
{
    return (jf_overhead){
        .start = start_of_mpi + seconds_per_byte_written * jf_store_size(e->plan),
        .message = seconds_per_message,
        .nap = mean_nap,
        .keep = e->keep,
    };
}

jf_status jf_estimate_share_in_groups(jf_estimate *e, const unsigned char *finished, int ranks,
                                      jf_coordinator_mode mode, int group, jf_share *out)
{
    const jf_overhead overhead = overhead_of(e);
    const int most = most_in_group(ranks, mode);

    *out = (jf_share){.too_few = e->broad_points > 0 && group > most};
    group = e->broad_points > 0 ? (group < most ? group : most) : 1;
    out->load = (jf_workload){
        .points = e->plan->points,
        .cost = e->cost,
        .wide = group > 1 ? e->broad : NULL,
        .family = e->family,
        .families = e->families,
        .group = group,
    };
    JF_TRY(set_costs(e, group));
    JF_TRY(memory_of(e, group, &out->bytes));
    return jf_forecast_run(&out->load, finished, ranks, mode, &overhead, &out->forecast);
}

/*
 * Seconds that no sharing in groups of that size can beat: all ranks busy all the time, or one with
 * the longest point.
 */
static jf_status find_bound(jf_estimate *e, const unsigned char *finished, int ranks, int group,
                            double *seconds)
{
    double busy = 0.0, longest = 0.0;

    JF_TRY(set_costs(e, group));
    for (size_t i = 0; i < e->plan->points; i++) {
        if (finished == NULL || !finished[i]) {
            busy += e->cost[i] * (e->broad[i] ? group : 1);
            longest = fmax(longest, e->cost[i]);
        }
    }
    *seconds = overhead_of(e).start + fmax(busy / ranks, longest);
    return JF_OK;
}

jf_status jf_estimate_share_best(jf_estimate *e, const unsigned char *finished, int ranks,
                                 jf_coordinator_mode mode, jf_share *out)
{
    const int most = e->broad_points > 0 ? most_in_group(ranks, mode) : 1;
    const double room = memory_per_rank(ranks);
    double bound;

    JF_TRY(jf_estimate_share_in_groups(e, finished, ranks, mode, 1, out));
    for (int group = 2; group <= most; group *= 2) {
        const int fits = out->bytes <= room;
        const double aim = (1.0 - worth_doubling) * out->forecast.seconds;
        JF_TRY(find_bound(e, finished, ranks, group, &bound));
        if (!fits || bound < aim) {
            jf_share share;
            JF_TRY(jf_estimate_share_in_groups(e, finished, ranks, mode, group, &share));
            *out = !fits || share.forecast.seconds < aim ? share : *out;
        }
    }
    return set_costs(e, out->load.group);
}

jf_status jf_estimate_share(jf_estimate *e, const unsigned char *finished, int ranks,
                            jf_coordinator_mode mode, jf_share *out)
{
    const int group = (int)e->plan->input->setting[JF_P_RANKS_PER_POINT].at[0];

    return group == 0 ? jf_estimate_share_best(e, finished, ranks, mode, out)
                      : jf_estimate_share_in_groups(e, finished, ranks, mode, group, out);
}
