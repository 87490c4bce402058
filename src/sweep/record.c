#include "jepaflow/sweep/record.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/sweep/parameter.h"
#include "jepaflow/theory/feature.h"

#define FIELD(field, field_shape, field_type)                                                      \
    .name = #field, .member = offsetof(jf_record, field), .shape = JF_SHAPE_##field_shape,         \
    .type = JF_FIELD_##field_type

static const jf_field fields[] = {
    {FIELD(critical_time, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "measured critical time, flow time"},
    {FIELD(critical_time_theory, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "exact critical time, flow time"},
    {FIELD(critical_time_series, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "asymptotic critical time for small init_scale, flow time"},
    {FIELD(critical_time_status, FEATURE, BYTE), .empty = JF_NOT_RUN, .unit = "1",
     .meaning = "what is known of the critical time",
     .flags = "reached not_reached started_above no_reference failed not_run"},
    {FIELD(projection, SAMPLE_FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "amplitude of the encoder along the feature, |Wbar e|"},
    {FIELD(prediction, SAMPLE_FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "gain of the predictor (decoder) V along the feature"},
    {FIELD(probe, SAMPLE_FEATURE, DOUBLE), .empty = NAN, .unit = "1", .optional = 1,
     .meaning = "R^2 of a linear probe that reads the feature from the embedding, with noise"},
    {FIELD(off_diagonal, SAMPLE_FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "part of the feature's embedding that lies along those of the others"},
    {FIELD(time, SAMPLE, DOUBLE), .empty = NAN, .unit = "1", .meaning = "flow time of the sample"},
    {FIELD(loss, SAMPLE, DOUBLE), .empty = NAN, .unit = "1", .meaning = "loss of the objective"},
    {FIELD(plateau, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "predicted final amplitude of the encoder along the feature"},
    {FIELD(feature_lambda, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "covariance of the feature that the point has, e^T Syx e"},
    {FIELD(feature_rho, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "regression coefficient of the feature that the point has"},
    {FIELD(final_projection, FEATURE, DOUBLE), .empty = NAN, .unit = "1",
     .meaning = "amplitude of the encoder along the feature at the end of integration"},
    {FIELD(assumption, POINT, BYTE), .empty = JF_ASSUMPTION_HOLDS, .unit = "1",
     .meaning = "does the paper's assumption, which theory is made of, hold for the point",
     .flags = "holds departs"},
    {FIELD(model, POINT, BYTE), .empty = JF_MODEL_AUTO, .unit = "1",
     .meaning = "unknowns that were integrated", .flags = "none theory balanced layers"},
    {FIELD(integrator, POINT, BYTE), .empty = JF_INTEGRATOR_AUTO, .unit = "1",
     .meaning = "integrator", .flags = "none erk rkc rock bdf mixed descent"},
    {FIELD(steps, POINT, LONG), .empty = 0, .unit = "1", .meaning = "steps of the integrator"},
    {FIELD(rhs_evaluations, POINT, LONG), .empty = 0, .unit = "1",
     .meaning = "evaluations of the right-hand side; products with its derivative count twice"},
    {FIELD(seconds, POINT, DOUBLE), .empty = NAN, .of_run = 1, .unit = "s",
     .meaning = "time the point took"},
    {FIELD(predicted_seconds, POINT, DOUBLE), .empty = NAN, .of_run = 1, .unit = "s",
     .meaning = "time the point was predicted to take"},
    {FIELD(rank, POINT, LONG), .empty = -1, .of_run = 1, .unit = "1",
     .meaning = "rank that solved the point, or led those that did"},
    {FIELD(point_ranks, POINT, LONG), .empty = 0, .of_run = 1, .unit = "1",
     .meaning = "ranks that solved the point together"},
    {FIELD(started, POINT, DOUBLE), .empty = NAN, .of_run = 1, .unit = "s",
     .meaning = "time from the start of the run to the start of the point"},
    {FIELD(run_started, POINT, DOUBLE), .empty = NAN, .of_run = 1,
     .unit = "seconds since 1970-01-01 00:00:00",
     .meaning = "start of the run that solved the point"},
    {FIELD(run_ranks, POINT, LONG), .empty = 0, .of_run = 1, .unit = "1",
     .meaning = "ranks of that run"},
    {FIELD(reason, POINT, BYTE), .empty = JF_REASON_NONE, .unit = "1",
     .meaning = "why the point failed or diverged, or what became of its embedding",
     .flags = "none step_budget step_too_small not_finite system rank_died contradiction "
              "collapsed data step_too_long unbounded"},
    {FIELD(status, POINT, BYTE), .empty = JF_POINT_PENDING, .unit = "1",
     .meaning = "status of the point", .flags = "pending done failed diverged stopped"},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

_Static_assert(FIELDS < 63, "each field has a bit of an int64_t in a message");

const jf_field *jf_record_fields(size_t *count)
{
    *count = FIELDS;
    return fields;
}

void jf_field_flag(const char *name, int value, char *text, size_t size)
{
    const char *word = "?";
    size_t length = 1;

    for (size_t f = 0; f < FIELDS; f++) {
        if (fields[f].flags != NULL && strcmp(fields[f].name, name) == 0) {
            word = fields[f].flags;
            for (int k = 0; k < value && *word != '\0'; k++) {
                word += strcspn(word, " ");
                word += *word == ' ';
            }
            length = strcspn(word, " ");
        }
    }
    if (length == 0 || value < 0) {
        word = "?";
        length = 1;
    }
    snprintf(text, size, "%.*s", (int)length, word);
}

int jf_field_has_samples(const jf_field *field)
{
    return field->shape == JF_SHAPE_SAMPLE || field->shape == JF_SHAPE_SAMPLE_FEATURE;
}

int jf_field_has_features(const jf_field *field)
{
    return field->shape == JF_SHAPE_FEATURE || field->shape == JF_SHAPE_SAMPLE_FEATURE;
}

size_t jf_field_count(const jf_field *field, size_t features, size_t samples)
{
    switch (field->shape) {
    case JF_SHAPE_FEATURE:
        return features;
    case JF_SHAPE_SAMPLE:
        return samples;
    case JF_SHAPE_SAMPLE_FEATURE:
        return samples * features;
    default:
        return 1;
    }
}

size_t jf_field_bytes(const jf_field *field, size_t features, size_t samples)
{
    return (field->type == JF_FIELD_BYTE ? 1 : 8) * jf_field_count(field, features, samples);
}

static void *const *member(const jf_field *field, const jf_record *record)
{
    return (void *const *)(const void *)((const char *)record + field->member);
}

void *jf_field_data(const jf_field *field, const jf_record *record)
{
    return *member(field, record);
}

static void fill(const jf_field *field, void *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        switch (field->type) {
        case JF_FIELD_BYTE:
            ((int8_t *)data)[i] = (int8_t)field->empty;
            break;
        case JF_FIELD_LONG:
            ((int64_t *)data)[i] = (int64_t)field->empty;
            break;
        default:
            ((double *)data)[i] = field->empty;
        }
    }
}

/* Of all fields together. */
static size_t numbers(size_t features, size_t samples)
{
    size_t total = 0;

    for (size_t f = 0; f < FIELDS; f++) {
        total += jf_field_count(&fields[f], features, samples);
    }
    return total;
}

/* One block holds all arrays, each of eight bytes a number so that all are aligned. */
static void lay_out(jf_record *record)
{
    double *next = record->memory;

    assert(numbers(record->features, record->samples) <= record->room);
    for (size_t f = 0; f < FIELDS; f++) {
        memcpy((char *)record + fields[f].member, &next, sizeof next);
        next += jf_field_count(&fields[f], record->features, record->samples);
    }
}

/* Give a record another shape, and more memory where it has too little; its content is lost. */
static jf_status take_shape(jf_record *record, size_t features, size_t samples)
{
    const size_t needed = numbers(features, samples);

    if (needed > record->room) {
        double *memory = calloc(needed, sizeof *memory);
        if (memory == NULL) {
            return jf_fail_memory("a record");
        }
        free(record->memory);
        record->memory = memory;
        record->room = needed;
    }
    record->features = features;
    record->samples = samples;
    lay_out(record);
    return JF_OK;
}

jf_status jf_record_init(size_t features, size_t samples, jf_record *out)
{
    *out = (jf_record){0};
    JF_TRY(take_shape(out, features, samples));
    jf_record_reset(out, 0, features);
    return JF_OK;
}

void jf_record_reset(jf_record *record, size_t point, size_t features)
{
    record->point = point;
    record->features = features;
    lay_out(record);
    for (size_t f = 0; f < FIELDS; f++) {
        fill(&fields[f], jf_field_data(&fields[f], record),
             jf_field_count(&fields[f], features, record->samples));
    }
}

void jf_record_clear(jf_record *record)
{
    free(record->memory);
    *record = (jf_record){0};
}

/* Is there anything in an optional field? */
static int is_known(const jf_field *field, const jf_record *record)
{
    const double *data = jf_field_data(field, record);
    const size_t count = jf_field_count(field, record->features, record->samples);

    for (size_t i = 0; i < count; i++) {
        if (!isnan(data[i])) {
            return 1;
        }
    }
    return 0;
}

/* A bit for each field that is sent, by the table's lines. */
static int64_t list_sent(const jf_record *record)
{
    int64_t sent = 0;

    for (size_t f = 0; f < FIELDS; f++) {
        const int known = !fields[f].optional || is_known(&fields[f], record);
        sent |= known ? INT64_C(1) << f : 0;
    }
    return sent;
}

static int is_sent(int64_t sent, size_t f)
{
    return (sent >> f & 1) != 0;
}

void jf_record_pack(const jf_record *record, jf_wire *wire)
{
    const int64_t sent = list_sent(record);

    jf_wire_put_i64(wire, (int64_t)record->point);
    jf_wire_put_i64(wire, (int64_t)record->features);
    jf_wire_put_i64(wire, (int64_t)record->samples);
    jf_wire_put_i64(wire, sent);
    for (size_t f = 0; f < FIELDS; f++) {
        if (!is_sent(sent, f)) {
            continue;
        }
        const void *data = jf_field_data(&fields[f], record);
        const size_t count = jf_field_count(&fields[f], record->features, record->samples);
        if (fields[f].type == JF_FIELD_DOUBLE) {
            jf_wire_put_f64s(wire, data, count);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            if (fields[f].type == JF_FIELD_BYTE) {
                jf_wire_put_i8(wire, ((const int8_t *)data)[i]);
            } else {
                jf_wire_put_i64(wire, ((const int64_t *)data)[i]);
            }
        }
    }
}

/* Are these bits of fields that there are, those of all that are always sent among them? */
static int may_be_sent(int64_t sent)
{
    for (size_t f = 0; f < FIELDS; f++) {
        if (!fields[f].optional && !is_sent(sent, f)) {
            return 0;
        }
    }
    return sent >> FIELDS == 0;
}

/* Are there bytes for all fields of such a record? Asked before any memory is asked for. */
static int is_whole(const jf_wire_reader *reader, int64_t features, int64_t samples, int64_t sent)
{
    const size_t rest = reader->size - reader->at;
    size_t bytes = 0;

    if (reader->failed || !may_be_sent(sent) || features < 1 || samples < 0 ||
        (uint64_t)features > rest || (uint64_t)samples > rest / (size_t)features) {
        return 0; /* so that the products below do not overflow */
    }
    for (size_t f = 0; f < FIELDS; f++) {
        bytes +=
            is_sent(sent, f) ? jf_field_bytes(&fields[f], (size_t)features, (size_t)samples) : 0;
    }
    return bytes <= rest;
}

jf_status jf_record_unpack(jf_wire_reader *reader, jf_record *record)
{
    const int64_t point = jf_wire_get_i64(reader);
    const int64_t features = jf_wire_get_i64(reader);
    const int64_t samples = jf_wire_get_i64(reader);
    const int64_t sent = jf_wire_get_i64(reader);

    if (point < 0 || !is_whole(reader, features, samples, sent)) {
        return jf_fail(JF_ERR_NETWORK, "a message of %zu bytes holds no whole record",
                       reader->size);
    }
    JF_TRY(take_shape(record, (size_t)features, (size_t)samples));
    record->point = (size_t)point;
    for (size_t f = 0; f < FIELDS; f++) {
        void *data = jf_field_data(&fields[f], record);
        const size_t count = jf_field_count(&fields[f], record->features, record->samples);
        if (!is_sent(sent, f)) {
            fill(&fields[f], data, count);
            continue;
        }
        if (fields[f].type == JF_FIELD_DOUBLE) {
            jf_wire_get_f64s(reader, data, count);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            if (fields[f].type == JF_FIELD_BYTE) {
                ((int8_t *)data)[i] = jf_wire_get_i8(reader);
            } else {
                ((int64_t *)data)[i] = jf_wire_get_i64(reader);
            }
        }
    }
    if (list_sent(record) != sent) {
        return jf_fail(JF_ERR_NETWORK, "a message holds a field in which nothing is known");
    }
    return JF_OK;
}
