/*
 * sampled.h - every layer, taught by pairs that are drawn instead of by covariances.
 *
 * The unknowns are those of layers.h, W_1, ..., W_L, V. A rate is minus the gradient of the loss of
 * B pairs,
 *
 *     JEPA  1/(2B) sum |V f(x) - SG(f(y))|^2,    MAE  1/(2B) sum |V f(x) - y|^2,
 *
 * f(x) = Wbar x, forward and back through the layers by products of d x d with d x B (passes.h):
 * 3L + 2 of them, L more for JEPA's target. Its mean over all pairs is the rate of layers.h. What
 * is seen of a state is exact, as there. Matrices are whole, on one rank. rate() does not place the
 * model: place() does. encoder_rate() and derivative() are not there: between two steps nobody
 * knows how the encoder moves.
 */
#ifndef JEPAFLOW_MODEL_SAMPLED_H
#define JEPAFLOW_MODEL_SAMPLED_H

#include "jepaflow/model/batch.h"
#include "jepaflow/model/model.h"
#include "jepaflow/model/passes.h"

/* The pairs that teach a model, and room for them in its layers. */
typedef struct jf_sampling {
    jf_batch batch; /* of the last draw() */
    jf_batch fixed; /* that all states are looked at with; of nonlinear encoders (nonlinear.h) */
    jf_passes passes;
    double *pull; /* d x columns of the passes: targets, then what pulls on the outputs */
    double step;  /* time between two draws, for who has times instead of steps; 0: nobody */
} jf_sampling;

/*
 * Make room for a model's pairs.
 *   problem     borrowed: must outlive the sampling; its matrices are whole
 *   pairs       B of each step, at least 1
 *   seed, key   of the draws (batch.h)
 *   out         release with jf_sampling_clear(); left empty on failure
 * Fails as jf_batch_init() and jf_batch_draw_exact().
 */
jf_status jf_sampling_init(const jf_problem *problem, size_t depth, jf_activation activation,
                           size_t pairs, uint64_t seed, uint64_t key, jf_sampling *out);

void jf_sampling_clear(jf_sampling *sampling);

/* Numbers that it holds, of any problem with d features. */
double jf_sampling_numbers(size_t d, size_t depth, jf_activation activation, size_t pairs);

/* The kind of model that learns from pairs with such an activation: jf_sampled or jf_nonlinear. */
const jf_model_kind *jf_sampling_model(jf_activation activation);

/*
 * As in jf_model_kind, for both kinds; `sampling` of the model must be set. Products are of d x d
 * with d x B; JEPA's target takes L more.
 */
size_t jf_sampled_matrices(size_t depth);
size_t jf_sampled_work_matrices(size_t depth);
size_t jf_sampled_products(size_t depth);
jf_status jf_sampled_start(const jf_model *model, const jf_network *network, double *state);
void jf_sampled_rate(const jf_model *model, const double *state, double *rate);
void jf_sampled_draw(const jf_model *model, int64_t step);

extern const jf_model_kind jf_sampled;

#endif
