#include "jepaflow/model/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

const jf_training jf_training_plain = {.ema_rate = INFINITY, .predictor_rate = 1.0};

void jf_training_decay(double decay, size_t count, const double *weights, double *rates)
{
    for (size_t i = 0; i < count; i++) {
        rates[i] -= decay * weights[i];
    }
}

void jf_training_apply(const jf_training *training, size_t depth, size_t count,
                       const double *weights, double *rates)
{
    if (training->weight_decay != 0.0) {
        jf_training_decay(training->weight_decay, (depth + 1) * count, weights, rates);
    }
    for (size_t i = 0; training->predictor_rate != 1.0 && i < count; i++) {
        rates[depth * count + i] *= training->predictor_rate;
    }
}

jf_status jf_model_init(const jf_model_kind *kind, const jf_problem *problem,
                        jf_objective objective, size_t depth, jf_model *out)
{
    return jf_model_init_trained(kind, problem, objective, depth, &jf_training_plain, out);
}

jf_status jf_model_init_trained(const jf_model_kind *kind, const jf_problem *problem,
                                jf_objective objective, size_t depth, const jf_training *training,
                                jf_model *out)
{
    assert(depth >= 1);
    *out = (jf_model){.kind = kind,
                      .problem = problem,
                      .objective = objective,
                      .depth = depth,
                      .training = *training};
    out->work = jf_memory_numbers(kind->work_matrices(depth) * problem->square->count);
    return out->work != NULL ? JF_OK : jf_fail_memory("a model's workspace");
}

void jf_model_clear(jf_model *model)
{
    free(model->work);
    *model = (jf_model){0};
}

size_t jf_model_size(const jf_model *model)
{
    return model->kind->matrices(model->depth) * model->problem->square->count;
}

size_t jf_model_total(const jf_model *model)
{
    return model->kind->matrices(model->depth) * model->problem->d * model->problem->d;
}
