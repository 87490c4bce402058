/*
 * model.h - a flow as an ordinary differential equation: unknowns, start, right-hand side, what to
 * see.
 *
 * Several models of the same flow stand behind one table (layers.h, balanced.h); each is an oracle
 * for the others. The state is one array of d x d matrices, or of this rank's parts of them, where
 * they are spread over ranks (linalg/square.h), all of which call then. Knows no integrator, no
 * time and no record.
 */
#ifndef JEPAFLOW_MODEL_MODEL_H
#define JEPAFLOW_MODEL_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/model/network.h"
#include "jepaflow/model/objective.h"
#include "jepaflow/model/problem.h"

typedef struct jf_model jf_model;

/* How the weights follow their field, beside the objective. */
typedef struct {
    double ema_rate;       /* of a target encoder of its own (layers.h); else not read */
    double weight_decay;   /* each weight w: dw/dt = ... - weight_decay w */
    double predictor_rate; /* dV/dt is multiplied by it */
} jf_training;

/* No weight decay, one rate for all. */
extern const jf_training jf_training_plain;

/* rates <- rates - decay weights, count of each; or the changes of both. */
void jf_training_decay(double decay, size_t count, const double *weights, double *rates);

/*
 * From the field to the rates of W_1, ..., W_L, V, one after another: all decay, the predictor has
 * its rate. Or the changes of both.
 *   count  numbers of each matrix
 */
void jf_training_apply(const jf_training *training, size_t depth, size_t count,
                       const double *weights, double *rates);

/*
 * One model of the flow. No function allocates. What rate() finds on its way (products of layers,
 * powers) stays in the workspace and serves the functions below it, which therefore ask that the
 * model was last placed at the same state, by rate() or, where rates are not wanted, by place().
 * derivative() needs all of it: rate(), not place(). None of those below place() disturbs it: they
 * may be called in any order, any number of times.
 */
typedef struct {
    const char *name; /* as in input and dataset */

    /* Matrices of d x d in the state, in the workspace; products of one right-hand side. */
    size_t (*matrices)(size_t depth);
    size_t (*work_matrices)(size_t depth);
    size_t (*products)(size_t depth);

    /* The least amplitude of a matrix of the state at the start: errors below it are absolute. */
    double (*scale)(const jf_network *network);

    /* Fill the state from a network; only this may fail (jf_network_draw_layer). */
    jf_status (*start)(const jf_model *model, const jf_network *network, double *state);

    /* rate <- d state/dt. */
    void (*rate)(const jf_model *model, const double *state, double *rate);

    /*
     * product <- (d rate / d state) direction at `state`, where rate() placed the model last.
     * Exact; twice the products of a right-hand side. All arrays are of the state's size; product
     * overlaps neither of the others.
     */
    void (*derivative)(const jf_model *model, const double *state, const double *direction,
                       double *product);

    /*
     * What a rate depends on beside the state is drawn anew: pairs (sampled.h) for step `step` = 0,
     * 1, ... The same step has the same ones. NULL: it depends on the state alone.
     */
    void (*draw)(const jf_model *model, int64_t step);

    /* Find only what end_to_end(), target() and encoder_rate() need. */
    void (*place)(const jf_model *model, const double *state);

    /* Where Wbar and V of the state are, d x d; valid until the model is placed elsewhere. */
    void (*end_to_end)(const jf_model *model, const double *state, const double **wbar,
                       const double **v);

    /*
     * The encoder that makes JEPA's target; NULL: Wbar itself. As end_to_end().
     */
    const double *(*target)(const jf_model *model, const double *state);

    /*
     * Wbar of the state and wbar_rate = dWbar/dt, from the state and its rate; wbar as
     * end_to_end(). wbar_rate is valid until the next call with this model.
     */
    void (*encoder_rate)(const jf_model *model, const double *state, const double *rate,
                         const double **wbar, const double **wbar_rate);

    /* The loss of the state. NULL: Wbar and V say it (objective.h). */
    double (*loss)(const jf_model *model, const double *state);

    /*
     * The covariance of the embedding, d x d, valid until the model is placed elsewhere. NULL:
     * Wbar Sxx Wbar^T.
     */
    const double *(*covariance)(const jf_model *model, const double *state);
} jf_model_kind;

struct jf_sampling;

struct jf_model {
    const jf_model_kind *kind;
    const jf_problem *problem; /* borrowed */
    jf_objective objective;
    size_t depth;
    jf_training training;
    double *work;                 /* kind->work_matrices(depth) matrices, owned */
    struct jf_sampling *sampling; /* of kinds that learn from pairs (sampled.h); borrowed */
};

/*
 * Make a model.
 *   problem  borrowed: must outlive the model
 *   depth    at least 1
 *   out      release with jf_model_clear()
 */
jf_status jf_model_init(const jf_model_kind *kind, const jf_problem *problem,
                        jf_objective objective, size_t depth, jf_model *out);

/* The same, trained otherwise than plainly. */
jf_status jf_model_init_trained(const jf_model_kind *kind, const jf_problem *problem,
                                jf_objective objective, size_t depth, const jf_training *training,
                                jf_model *out);

void jf_model_clear(jf_model *model);

/* Numbers in the state: on this rank; matrices(depth) d^2 on all. */
size_t jf_model_size(const jf_model *model);
size_t jf_model_total(const jf_model *model);

#endif
