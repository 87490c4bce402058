#include "jepaflow/results/points.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/box.h"
#include "jepaflow/results/layout.h"

/* Of records in memory, together; more is no faster. */
static const size_t room_bytes = (size_t)8 << 20;
enum { MOST_RECORDS = 4096 };

/* Bytes of a record, and of its largest field. */
static size_t record_bytes(size_t features, size_t samples, size_t *largest)
{
    size_t count, total = 0;
    const jf_field *fields = jf_record_fields(&count);

    *largest = 0;
    for (size_t f = 0; f < count; f++) {
        const size_t bytes = 8 * jf_field_count(&fields[f], features, samples);
        *largest = bytes > *largest ? bytes : *largest;
        total += bytes;
    }
    return total;
}

jf_status jf_points_init(const jf_dataset *like, jf_points *out)
{
    size_t largest;
    const size_t bytes = record_bytes(like->features, like->samples, &largest);
    size_t room = room_bytes / bytes;

    room = room > MOST_RECORDS ? MOST_RECORDS : room > 0 ? room : 1;
    room = room > like->points ? like->points : room;
    *out = (jf_points){.record = calloc(room, sizeof *out->record),
                       .gathered = malloc(room * largest)};
    jf_status status = out->record != NULL && out->gathered != NULL
                           ? JF_OK
                           : jf_fail_memory("a stretch of points");
    while (status == JF_OK && out->room < room) {
        status = jf_record_init(like->features, like->samples, &out->record[out->room]);
        out->room += status == JF_OK;
    }
    if (status != JF_OK) {
        jf_points_clear(out);
    }
    return status;
}

void jf_points_clear(jf_points *points)
{
    for (size_t i = 0; i < points->room; i++) {
        jf_record_clear(&points->record[i]);
    }
    free(points->record);
    free(points->gathered);
    *points = (jf_points){0};
}

/* Features of a point's spectrum; a record has at least one. */
static size_t features_of(const jf_dataset *d, size_t index)
{
    size_t position[JF_PARAMETERS];

    jf_dataset_position(d, index, position);
    const size_t features = jf_dataset_features(d, position[JF_P_SPECTRUM]);
    return features > 0 ? features : 1;
}

static void reset(jf_points *points, const jf_dataset *d, size_t first, size_t count)
{
    points->first = first;
    points->count = count;
    for (size_t i = 0; i < count; i++) {
        jf_record_reset(&points->record[i], first + i, features_of(d, first + i));
    }
}

/* A variable of consecutive points, as wide as the file has it. */
static jf_status gather(const jf_dataset *d, const jf_field *field, size_t first, size_t count,
                        char *data)
{
    const size_t bytes = jf_field_bytes(field, d->features, d->samples);
    size_t extent[JF_PARAMETERS];
    jf_file_shape shape;

    JF_TRY(jf_file_variable(d->file, field->name, &shape));
    for (size_t a = 0; a < d->axes; a++) {
        extent[a] = d->axis[a].extent;
    }
    if (shape.type != jf_layout_type(field) ||
        shape.rank !=
            d->axes + (size_t)jf_field_has_samples(field) + (size_t)jf_field_has_features(field)) {
        return jf_fail(JF_ERR_FILE, "%s: '%s' has another shape or type than jepaflow gives it",
                       jf_file_path(d->file), field->name);
    }
    for (size_t a = 0; a < shape.rank; a++) {
        const size_t expected = a < d->axes                                   ? extent[a]
                                : jf_field_has_samples(field) && a == d->axes ? d->samples
                                                                              : d->features;
        if (shape.length[a] != expected) {
            return jf_fail(JF_ERR_FILE, "%s: '%s' has not the shape of the sweep",
                           jf_file_path(d->file), field->name);
        }
    }
    while (count > 0) {
        size_t start[JF_FILE_DIMENSIONS] = {0}, many[JF_FILE_DIMENSIONS];
        const size_t box = jf_box_find(d->axes, extent, first, count, start, many);
        for (size_t k = d->axes; k < shape.rank; k++) {
            many[k] = shape.length[k];
        }
        JF_TRY(jf_file_get_as(d->file, shape.id, shape.type, start, many, data));
        data += box * bytes;
        first += box;
        count -= box;
    }
    return JF_OK;
}

/* To the records, whose rows are as wide as their spectra. */
static void scatter(const jf_points *points, const jf_dataset *d, const jf_field *field)
{
    const size_t width = jf_field_bytes(field, 1, 1);
    const size_t bytes = jf_field_bytes(field, d->features, d->samples);
    const size_t rows = jf_field_has_samples(field) ? d->samples : 1;

    for (size_t i = 0; i < points->count; i++) {
        const jf_record *record = &points->record[i];
        const size_t row = jf_field_has_features(field) ? width * record->features : width;
        const size_t stride = jf_field_has_features(field) ? width * d->features : width;
        char *to = jf_field_data(field, record);
        for (size_t j = 0; j < rows; j++) {
            memcpy(to + j * row, points->gathered + i * bytes + j * stride, row);
        }
    }
}

/* What has samples is there where there are some, what is optional where it was asked for. */
static int is_there(const jf_dataset *d, const jf_field *field)
{
    return (d->samples > 0 || !jf_field_has_samples(field)) &&
           (!field->optional || jf_file_has_variable(d->file, field->name));
}

jf_status jf_points_read(jf_points *points, const jf_dataset *dataset, size_t first, size_t count)
{
    size_t fields;
    const jf_field *field = jf_record_fields(&fields);

    reset(points, dataset, first, count);
    for (size_t f = 0; f < fields; f++) {
        if (is_there(dataset, &field[f])) {
            JF_TRY(gather(dataset, &field[f], first, count, points->gathered));
            scatter(points, dataset, &field[f]);
        }
    }
    return JF_OK;
}

jf_status jf_points_status(const jf_dataset *dataset, unsigned char *status)
{
    size_t fields;
    const jf_field *field = jf_record_fields(&fields);

    JF_TRY(gather(dataset, &field[fields - 1], 0, dataset->points, (char *)status));
    for (size_t i = 0; i < dataset->points; i++) {
        status[i] = status[i] < JF_POINT_STATUSES ? status[i] : JF_POINT_PENDING;
    }
    return JF_OK;
}

int jf_points_is_final(unsigned char status)
{
    return status == JF_POINT_DONE || status == JF_POINT_FAILED || status == JF_POINT_DIVERGED;
}
