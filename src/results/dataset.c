#include "jepaflow/results/dataset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/printable.h"

static void axis_clear(jf_axis *axis)
{
    for (size_t k = 0; axis->labels != NULL && k < axis->extent; k++) {
        free(axis->labels[k]);
    }
    free(axis->labels);
    free(axis->values);
    free(axis->place);
    *axis = (jf_axis){0};
}

void jf_dataset_close(jf_dataset *dataset)
{
    for (size_t a = 0; a < dataset->axes; a++) {
        axis_clear(&dataset->axis[a]);
    }
    free(dataset->title);
    free(dataset->lambda);
    free(dataset->rho);
    (void)jf_file_close(&dataset->file); /* nothing was written */
    *dataset = (jf_dataset){0};
}

static jf_status read_numbers(jf_file *file, const jf_file_shape *shape, jf_axis *axis)
{
    static const size_t start[1] = {0};

    JF_TRY(jf_file_get(file, shape->id, start, &axis->extent, axis->values));
    for (size_t k = 0; k < axis->extent; k++) {
        char text[32];
        const char *word = jf_parameter_word(jf_parameter_get(axis->parameter), axis->values[k]);
        snprintf(text, sizeof text, "%.15g", axis->values[k]);
        axis->labels[k] = strdup(word != NULL ? word : text);
        if (axis->labels[k] == NULL) {
            return jf_fail_memory("an axis");
        }
    }
    return JF_OK;
}

static jf_status read_labels(jf_file *file, const jf_file_shape *shape, jf_axis *axis)
{
    for (size_t k = 0; k < axis->extent; k++) {
        const size_t start[2] = {k, 0};
        const size_t count[2] = {1, shape->length[1]};
        axis->values[k] = (double)k;
        axis->labels[k] = calloc(shape->length[1] + 1, 1);
        if (axis->labels[k] == NULL) {
            return jf_fail_memory("an axis");
        }
        JF_TRY(jf_file_get_as(file, shape->id, JF_FILE_TEXT, start, count, axis->labels[k]));
        jf_printable_mask(axis->labels[k]);
    }
    return JF_OK;
}

static jf_status read_axis(jf_file *file, const char *name, size_t extent, jf_axis *axis)
{
    jf_file_shape shape;

    JF_TRY(jf_file_variable(file, name, &shape));
    axis->parameter = jf_parameter_find(name);
    const size_t rank = shape.type == JF_FILE_TEXT ? 2 : 1;
    if (axis->parameter == JF_PARAMETERS || shape.rank != rank) {
        return jf_fail(JF_ERR_FILE, "%s: '%s' is not an axis of a sweep", jf_file_path(file), name);
    }
    if (shape.length[0] != extent) {
        return jf_fail(JF_ERR_FILE, "%s: is damaged: '%s' has %zu values along %zu points",
                       jf_file_path(file), name, shape.length[0], extent);
    }
    axis->extent = axis->stored = extent;
    axis->values = calloc(axis->extent, sizeof *axis->values);
    axis->labels = calloc(axis->extent, sizeof *axis->labels);
    axis->place = calloc(axis->extent, sizeof *axis->place);
    if (axis->values == NULL || axis->labels == NULL || axis->place == NULL) {
        return jf_fail_memory("an axis");
    }
    for (size_t k = 0; k < axis->extent; k++) {
        axis->place[k] = k;
    }
    return rank == 2 ? read_labels(file, &shape, axis) : read_numbers(file, &shape, axis);
}

/* The axes are the dimensions of `status`. */
static jf_status read_axes(jf_dataset *out)
{
    jf_file_shape shape;

    JF_TRY(jf_file_variable(out->file, "status", &shape));
    if (shape.type != JF_FILE_BYTE || shape.rank < JF_STANDARD_AXES || shape.rank > JF_PARAMETERS) {
        return jf_fail(JF_ERR_FILE, "%s: is not a dataset of jepaflow", jf_file_path(out->file));
    }
    out->points = 1;
    for (size_t a = 0; a < shape.rank; a++) {
        out->axes = a + 1;
        JF_TRY(read_axis(out->file, shape.name[a], shape.length[a], &out->axis[a]));
        if (a < JF_STANDARD_AXES && out->axis[a].parameter != (jf_parameter_id)a) {
            return jf_fail(JF_ERR_FILE, "%s: '%s' where axis '%s' was expected",
                           jf_file_path(out->file), shape.name[a],
                           jf_parameter_get((jf_parameter_id)a)->name);
        }
        out->points *= out->axis[a].extent;
    }
    return JF_OK;
}

static jf_status read_spectra(jf_dataset *out, const char *name, double **values)
{
    static const size_t start[2] = {0, 0};
    const size_t count[2] = {out->axis[JF_P_SPECTRUM].extent, out->features};
    jf_file_shape shape;

    JF_TRY(jf_file_variable(out->file, name, &shape));
    if (shape.rank != 2 || shape.length[0] != count[0] || shape.length[1] != count[1]) {
        return jf_fail(JF_ERR_FILE, "%s: '%s' has another shape than (spectrum, feature)",
                       jf_file_path(out->file), name);
    }
    *values = calloc(count[0] * count[1], sizeof **values);
    if (*values == NULL) {
        return jf_fail_memory("the spectra");
    }
    return jf_file_get(out->file, shape.id, start, count, *values);
}

/* What says that it is ours: a fingerprint of a plan, and a layout that is known here. */
static jf_status read_origin(jf_dataset *out)
{
    double format = 1.0; /* of datasets that do not say it yet */
    char *digest = NULL;

    if (jf_file_attribute(out->file, "plan_digest") != JF_FILE_WORD) {
        return jf_fail(JF_ERR_FILE,
                       "%s: is a NetCDF file of something else, expected a dataset of "
                       "jepaflow",
                       jf_file_path(out->file));
    }
    JF_TRY(jf_file_text(out->file, -1, "plan_digest", &digest));
    snprintf(out->digest, sizeof out->digest, "%s", digest);
    free(digest);
    if (jf_file_attribute(out->file, "format_version") == JF_FILE_NUMBER) {
        JF_TRY(jf_file_number(out->file, -1, "format_version", &format));
    }
    return format <= JF_DATASET_FORMAT
               ? JF_OK
               : jf_fail(JF_ERR_FILE,
                         "%s: is of format %g, this version of jepaflow knows formats up to %d",
                         jf_file_path(out->file), format, JF_DATASET_FORMAT);
}

static jf_status read_shard(jf_dataset *out)
{
    char *text = NULL;

    if (jf_file_attribute(out->file, "shard") != JF_FILE_WORD) {
        return JF_OK;
    }
    JF_TRY(jf_file_text(out->file, -1, "shard", &text));
    const jf_status status = jf_shard_read("attribute 'shard'", text, &out->shard);
    free(text);
    return status == JF_ERR_USAGE ? JF_ERR_FILE : status;
}

static jf_status read_all(const char *path, jf_dataset *out)
{
    JF_TRY(jf_file_open(path, 0, &out->file));
    JF_TRY(read_origin(out));
    JF_TRY(read_shard(out));
    JF_TRY(jf_file_text(out->file, -1, "title", &out->title));
    jf_printable_mask(out->title);
    JF_TRY(read_axes(out));
    JF_TRY(jf_file_dimension(out->file, "feature", &out->features));
    if (jf_file_has_dimension(out->file, "sample")) {
        JF_TRY(jf_file_dimension(out->file, "sample", &out->samples));
    }
    JF_TRY(read_spectra(out, "lambda", &out->lambda));
    return read_spectra(out, "rho", &out->rho);
}

jf_status jf_dataset_open(const char *path, jf_dataset *out)
{
    *out = (jf_dataset){0};
    const jf_status status = read_all(path, out);
    if (status != JF_OK) {
        jf_dataset_close(out);
    }
    return status;
}

/* ---- keeping some values ---- */

static void keep_values(jf_axis *axis, const unsigned char *chosen)
{
    size_t kept = 0;

    for (size_t k = 0; k < axis->extent; k++) {
        if (chosen[k]) {
            axis->place[kept] = axis->place[k];
            axis->values[kept] = axis->values[k];
            axis->labels[kept] = axis->labels[k];
            kept++;
        } else {
            free(axis->labels[k]);
        }
    }
    axis->extent = kept;
}

static void keep_spectra(jf_dataset *d, const unsigned char *chosen)
{
    const size_t extent = d->axis[JF_P_SPECTRUM].extent, row = d->features;
    size_t kept = 0;

    for (size_t k = 0; k < extent; k++) {
        if (chosen[k]) {
            memmove(d->lambda + kept * row, d->lambda + k * row, row * sizeof *d->lambda);
            memmove(d->rho + kept * row, d->rho + k * row, row * sizeof *d->rho);
            kept++;
        }
    }
}

void jf_dataset_keep(jf_dataset *dataset, const unsigned char *const chosen[JF_PARAMETERS])
{
    if (chosen[JF_P_SPECTRUM] != NULL) {
        keep_spectra(dataset, chosen[JF_P_SPECTRUM]);
    }
    dataset->points = 1;
    for (size_t a = 0; a < dataset->axes; a++) {
        if (chosen[a] != NULL) {
            keep_values(&dataset->axis[a], chosen[a]);
        }
        dataset->points *= dataset->axis[a].extent;
    }
}

/* ---- places ---- */

size_t jf_dataset_axis(const jf_dataset *dataset, jf_parameter_id parameter)
{
    for (size_t a = 0; a < dataset->axes; a++) {
        if (dataset->axis[a].parameter == parameter) {
            return a;
        }
    }
    return JF_PARAMETERS;
}

void jf_dataset_position(const jf_dataset *dataset, size_t index, size_t *position)
{
    for (size_t a = dataset->axes; a-- > 0;) {
        position[a] = index % dataset->axis[a].extent;
        index /= dataset->axis[a].extent;
    }
}

size_t jf_dataset_index(const jf_dataset *dataset, const size_t *position)
{
    size_t index = 0;

    for (size_t a = 0; a < dataset->axes; a++) {
        index = index * dataset->axis[a].extent + position[a];
    }
    return index;
}

size_t jf_dataset_features(const jf_dataset *dataset, size_t spectrum)
{
    const double *lambda = dataset->lambda + spectrum * dataset->features;
    size_t features = 0;

    while (features < dataset->features && !isnan(lambda[features])) {
        features++;
    }
    return features;
}

jf_status jf_dataset_setting(const jf_dataset *dataset, jf_parameter_id parameter, size_t index,
                             double *value)
{
    const size_t a = jf_dataset_axis(dataset, parameter);
    size_t position[JF_PARAMETERS];

    if (a == JF_PARAMETERS) {
        return jf_file_number(dataset->file, -1, jf_parameter_get(parameter)->name, value);
    }
    jf_dataset_position(dataset, index, position);
    *value = dataset->axis[a].values[position[a]];
    return JF_OK;
}

jf_status jf_dataset_text(const jf_dataset *dataset, const char *name, char **text)
{
    return jf_file_text(dataset->file, -1, name, text);
}

/* Check that a variable has the axes first; its numbers for one point. */
static jf_status find_variable(const jf_dataset *d, const char *name, jf_file_shape *shape,
                               size_t *per_point)
{
    JF_TRY(jf_file_variable(d->file, name, shape));
    *per_point = 1;
    for (size_t k = 0; k < shape->rank; k++) {
        if (k >= d->axes) {
            *per_point *= shape->length[k];
        } else if (shape->length[k] != d->axis[k].stored) {
            shape->rank = 0;
            break;
        }
    }
    if (shape->rank < d->axes) {
        return jf_fail(JF_ERR_FILE, "%s: '%s' has not the axes of the sweep", jf_file_path(d->file),
                       name);
    }
    return JF_OK;
}

/* The number in the file of a point of those that are kept; never below its number among them. */
static size_t stored_index(const jf_dataset *d, size_t point)
{
    size_t index = 0, position[JF_PARAMETERS];

    jf_dataset_position(d, point, position);
    for (size_t a = 0; a < d->axes; a++) {
        index = index * d->axis[a].stored + d->axis[a].place[position[a]];
    }
    return index;
}

/* Move what is kept to the front. */
static void gather(const jf_dataset *d, size_t per_point, double *values)
{
    for (size_t p = 0; p < d->points; p++) {
        memmove(values + p * per_point, values + stored_index(d, p) * per_point,
                per_point * sizeof *values);
    }
}

jf_status jf_dataset_read(const jf_dataset *dataset, const char *name, double **values)
{
    static const size_t start[JF_FILE_DIMENSIONS] = {0};
    jf_file_shape shape;
    size_t per_point, stored = 1;

    *values = NULL;
    JF_TRY(find_variable(dataset, name, &shape, &per_point));
    for (size_t a = 0; a < dataset->axes; a++) {
        stored *= dataset->axis[a].stored;
    }
    *values = calloc(stored * per_point + 1, sizeof **values);
    if (*values == NULL) {
        return jf_fail_memory(name);
    }
    const jf_status status = jf_file_get(dataset->file, shape.id, start, shape.length, *values);
    if (status != JF_OK) {
        free(*values);
        *values = NULL;
    } else if (stored != dataset->points) {
        gather(dataset, per_point, *values);
    }
    return status;
}

jf_status jf_dataset_read_point(const jf_dataset *dataset, const char *name, size_t index,
                                double *values)
{
    size_t start[JF_FILE_DIMENSIONS] = {0};
    jf_file_shape shape;
    size_t per_point;

    JF_TRY(find_variable(dataset, name, &shape, &per_point));
    jf_dataset_position(dataset, index, start);
    for (size_t a = 0; a < dataset->axes; a++) {
        start[a] = dataset->axis[a].place[start[a]];
        shape.length[a] = 1;
    }
    return jf_file_get(dataset->file, shape.id, start, shape.length, values);
}
