/*
 * point.h - one point of the sweep: a value for each parameter.
 *
 * Knows no plan: a point is whole in itself.
 */
#ifndef JEPAFLOW_SWEEP_POINT_H
#define JEPAFLOW_SWEEP_POINT_H

#include <stdint.h>

#include "jepaflow/model/data.h"
#include "jepaflow/model/weights.h"
#include "jepaflow/sweep/parameter.h"
#include "jepaflow/sweep/spectrum.h"
#include "jepaflow/theory/feature.h"
#include "jepaflow/theory/outlook.h"

typedef struct {
    size_t index;                /* in the plan */
    double value[JF_PARAMETERS]; /* by jf_parameter_id */
    const jf_spectrum *spectrum; /* borrowed from the input */
    const jf_weights *weights;   /* likewise, of start: file; may be empty or NULL */
} jf_point;

/* A parameter that counts something. */
size_t jf_point_count(const jf_point *point, jf_parameter_id id);

/*
 * What the point is, as a number: a fingerprint of its objective, depth, init_scale and spectrum's
 * name. How it is solved (model, tolerance ...) does not enter, so that every model starts from the
 * same draws.
 */
uint64_t jf_point_key(const jf_point *point);

/*
 * The data that it learns from. Draws of pairs are those of its seed and its spectrum's name: the
 * same for every objective, depth, scale, angle and asymmetry.
 */
jf_data jf_point_data(const jf_point *point);

/*
 * What a parameter comes to at this point: its value, or the neutral one where it has no effect
 * (what concerns JEPA's target for MAE, a width that holds all features, the imbalance of one
 * layer).
 */
double jf_point_setting(const jf_point *point, jf_parameter_id id);

/* Does the point leave the paper's assumption: is a setting not neutral, its spectrum data's? */
int jf_point_departs(const jf_point *point);

/* Do all its settings leave the flow balanced, so that three matrices hold it (balanced.h)? */
int jf_point_is_balanced(const jf_point *point);

/* The first of them that does not, or JF_PARAMETERS. */
jf_parameter_id jf_point_imbalanced_by(const jf_point *point);

/* Give all that might depart its neutral value. */
void jf_point_set_neutral(jf_point *point);

/* Feature i of its spectrum, in closed form. */
jf_feature jf_point_feature(const jf_point *point, size_t i);

/* A feature of its own, of that lambda and rho, where its data are not those of the theory. */
jf_feature jf_point_feature_of(const jf_point *point, double lambda, double rho);

/* What the closed form says of it. JF_ERR_MEMORY. */
jf_status jf_point_outlook(const jf_point *point, jf_outlook *outlook);

/*
 * The same for features of its own, `count` of either; those with a lambda or rho of 0 or below
 * have no closed form and are left out. JF_ERR_NUMERICS, with a message, where none is left.
 */
jf_status jf_point_outlook_of(const jf_point *point, const double *lambda, const double *rho,
                              size_t count, jf_outlook *outlook);

#endif
