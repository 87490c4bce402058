/*
 * objective.h - what a network is trained for, in terms of its end-to-end matrices.
 *
 *     JEPA  loss 1/2 E|V Wbar x - SG(Wbar y)|^2    G = V Wbar Sxx - Wbar Syx
 *     MAE   loss 1/2 E|V Wbar x - y|^2             G = V Wbar Sxx - Syx
 *
 * SG is the stop-gradient: JEPA's G is the gradient with its target held fixed, so its field is no
 * gradient. One table holds both; a new objective is one more entry. Knows no layers and no
 * integrator.
 */
#ifndef JEPAFLOW_MODEL_OBJECTIVE_H
#define JEPAFLOW_MODEL_OBJECTIVE_H

#include "jepaflow/model/problem.h"
#include "jepaflow/theory/feature.h"

/*
 * All matrices are d x d, whole or spread (problem.h); wbar = W_L ... W_1, v the predictor or
 * decoder, output = v wbar.
 */
typedef struct {
    const char *name; /* as in input and dataset */

    /* The target is the embedding of y, held fixed; else y itself. */
    int embeds_target;

    /*
     * g <- -G, from output and the encoder of the target, wbar itself or one that follows it.
     */
    void (*descent)(const jf_problem *problem, const double *target, const double *output,
                    double *g);

    /*
     * g <- the change of -G along changes of output and target, in which it is linear: descent()
     * without what does not depend on them.
     */
    void (*descent_change)(const jf_problem *problem, const double *target_change,
                           const double *output_change, double *g);

    /*
     * g <- minus the loss's gradient along the encoder of the target, which stop-gradient leaves
     * out: JEPA's output Sxy - target Syy, linear in both. NULL: the target has no encoder.
     *   work  d x d, overwritten
     */
    void (*target_descent)(const jf_problem *problem, const double *target, const double *output,
                           double *work, double *g);

    /* The loss, in the units of y's variance; work d x d. */
    double (*loss)(const jf_problem *problem, const double *target, const double *output,
                   double *work);

    /*
     * v <- the balanced start's predictor, aligned with wbar, of scale eps^{1/L} (see network.h).
     */
    void (*align)(const jf_square *square, double layer_scale, double init_scale,
                  const double *wbar, double *v);

    /*
     * The gain of V along each feature e, with u = Wbar e / |Wbar e|: u^T V u (JEPA, which maps
     * embeddings to embeddings), e^T V u (MAE, which maps them to inputs).
     *   amplitude         d: |Wbar e|
     *   wbar_e, output_e  d x d: Wbar e and V Wbar e, column by column
     *   gain              d, on every rank
     */
    void (*gain)(const jf_problem *problem, const double *amplitude, const double *wbar_e,
                 const double *output_e, double *gain);
} jf_objective_kind;

/* The entry of an objective. */
const jf_objective_kind *jf_objective_find(jf_objective objective);

#endif
