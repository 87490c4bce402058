#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "jepaflow/flow/flow.h"

static const jf_provenance provenance = {
    .input = "the input",
    .overrides = "depth=3",
    .command = "jepaflow run in.yaml",
    .program = "jepaflow test",
    .version = "test",
    .libraries = "none",
};

void sweep_begin(const char *text, const char *set, sweep *s)
{
    folder_make(s->folder);
    snprintf(s->path, sizeof s->path, "%s/out.nc", s->folder);
    assert_ok(jf_input_read("in", text, strlen(text), &set, set != NULL ? 1 : 0, &s->input));
    assert_ok(jf_plan_init(&s->input, &s->plan));
}

void sweep_end(sweep *s)
{
    jf_input_clear(&s->input);
    folder_remove(s->folder);
}

void sweep_create(const sweep *s, jf_store **store)
{
    assert_ok(jf_store_create(s->path, &s->plan, &provenance, NULL, store));
}

static void add_samples(const jf_point *point, jf_record *record)
{
    jf_outlook outlook;

    assert_ok(jf_point_outlook(point, &outlook));
    for (size_t j = 0; j < record->samples; j++) {
        record->time[j] = jf_outlook_sample_time(&outlook, j, record->samples);
        for (size_t i = 0; i < point->spectrum->features; i++) {
            const double rise = record->time[j] / record->critical_time[i] - 1.0;
            record->projection[j * record->features + i] =
                record->plateau[i] / (1.0 + exp(-20.0 * rise));
        }
    }
}

void sweep_record(const sweep *s, size_t index, double factor, jf_record *record)
{
    jf_point point;

    jf_plan_point(&s->plan, index, &point);
    assert_ok(jf_record_init(s->plan.features, s->plan.samples, record));
    jf_record_reset(record, index, point.spectrum->features);
    jf_flow_theory(&point, record);
    for (size_t i = 0; i < point.spectrum->features; i++) {
        record->final_projection[i] = record->plateau[i];
        record->critical_time[i] = factor * record->critical_time_theory[i];
        if (!isnan(record->critical_time[i])) {
            record->critical_time_status[i] = JF_REACHED;
        }
    }
    add_samples(&point, record);
    *record->model = JF_MODEL_LAYERS;
    *record->integrator = JF_INTEGRATOR_ERK;
    *record->status = JF_POINT_DONE;
}

void sweep_put(jf_store *store, const jf_record *record)
{
    assert_ok(jf_store_put_all(store, &record, 1));
}

void sweep_write(const sweep *s, size_t first, size_t last, double factor)
{
    jf_store *store;

    sweep_create(s, &store);
    for (size_t p = first; p < last; p++) {
        jf_record record;
        sweep_record(s, p, factor, &record);
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
}

const char *sweep_read_file(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "r");

    text[0] = '\0';
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}
