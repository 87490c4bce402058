#include "jepaflow/model/sampled.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/model/layers.h"
#include "jepaflow/model/nonlinear.h"

/* ---- pairs and room ---- */

void jf_sampling_clear(jf_sampling *sampling)
{
    jf_batch_clear(&sampling->batch);
    jf_batch_clear(&sampling->fixed);
    jf_passes_clear(&sampling->passes);
    free(sampling->pull);
    *sampling = (jf_sampling){0};
}

/* Pairs of the batch that states are looked at with: none where that is not needed. */
static size_t fixed_pairs(size_t d, jf_activation activation)
{
    return activation != JF_LINEAR ? jf_nonlinear_pairs(d) : 0;
}

static size_t widest(size_t d, jf_activation activation, size_t pairs)
{
    const size_t fixed = fixed_pairs(d, activation);

    return fixed > pairs ? fixed : pairs;
}

double jf_sampling_numbers(size_t d, size_t depth, jf_activation activation, size_t pairs)
{
    const double batches = 3.0 * (double)(pairs + fixed_pairs(d, activation));
    const double passes = ((double)depth + 3.0) * (double)widest(d, activation, pairs);

    return (double)d * (batches + passes + 4.0 * (double)d);
}

static jf_status make_fixed(const jf_problem *problem, size_t pairs, uint64_t seed, uint64_t key,
                            jf_batch *out)
{
    JF_TRY(jf_batch_init(problem, pairs, seed, key, out));
    return jf_batch_draw_exact(out, JF_STREAM_FIXED);
}

jf_status jf_sampling_init(const jf_problem *problem, size_t depth, jf_activation activation,
                           size_t pairs, uint64_t seed, uint64_t key, jf_sampling *out)
{
    const size_t columns = widest(problem->d, activation, pairs);
    const size_t fixed = fixed_pairs(problem->d, activation);

    *out = (jf_sampling){.pull = jf_memory_numbers(problem->d * columns)};
    jf_status status = out->pull != NULL ? JF_OK : jf_fail_memory("the targets of a batch");
    if (status == JF_OK) {
        status = jf_batch_init(problem, pairs, seed, key, &out->batch);
    }
    if (status == JF_OK && fixed > 0) {
        status = make_fixed(problem, fixed, seed, key, &out->fixed);
    }
    if (status == JF_OK) {
        status = jf_passes_init(problem->d, depth, columns, activation, &out->passes);
    }
    if (status != JF_OK) {
        jf_sampling_clear(out);
    }
    return status;
}

const jf_model_kind *jf_sampling_model(jf_activation activation)
{
    return activation == JF_LINEAR ? &jf_sampled : &jf_nonlinear;
}

/* ---- the model ---- */

size_t jf_sampled_matrices(size_t depth)
{
    return jf_layers.matrices(depth);
}

size_t jf_sampled_work_matrices(size_t depth)
{
    return jf_layers.work_matrices(depth);
}

size_t jf_sampled_products(size_t depth)
{
    return 3 * depth + 2;
}

jf_status jf_sampled_start(const jf_model *model, const jf_network *network, double *state)
{
    return jf_layers.start(model, network, state);
}

void jf_sampled_draw(const jf_model *model, int64_t step)
{
    jf_batch_draw(&model->sampling->batch, JF_STREAM_STEPS + (uint64_t)step);
}

/* Outputs are pulled to their targets: (target - V h_L) / B. */
void jf_sampled_rate(const jf_model *model, const double *state, double *rate)
{
    jf_sampling *s = model->sampling;
    const jf_batch *b = &s->batch;
    const size_t d = model->problem->d, pairs = b->pairs;
    const double part = 1.0 / (double)pairs;

    if (jf_objective_find(model->objective)->embeds_target) {
        jf_passes_embed(&s->passes, state, pairs, b->y, s->pull);
    } else {
        memcpy(s->pull, b->y, d * pairs * sizeof *s->pull);
    }
    const double *h = jf_passes_forward(&s->passes, state, pairs, b->x);
    jf_blas_multiply(JF_PLAIN, JF_PLAIN, d, pairs, d, -part, state + model->depth * d * d, h, part,
                     s->pull);
    jf_passes_back(&s->passes, state, pairs, b->x, s->pull, rate);
    jf_training_apply(&model->training, model->depth, d * d, state, rate);
}

static void place(const jf_model *model, const double *state)
{
    jf_layers.place(model, state);
}

static void end_to_end(const jf_model *model, const double *state, const double **wbar,
                       const double **v)
{
    jf_layers.end_to_end(model, state, wbar, v);
}

const jf_model_kind jf_sampled = {
    .name = "sampled",
    .matrices = jf_sampled_matrices,
    .work_matrices = jf_sampled_work_matrices,
    .products = jf_sampled_products,
    .scale = jf_network_least_scale,
    .start = jf_sampled_start,
    .rate = jf_sampled_rate,
    .draw = jf_sampled_draw,
    .place = place,
    .end_to_end = end_to_end,
};
