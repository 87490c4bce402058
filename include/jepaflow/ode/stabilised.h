/*
 * stabilised.h - what stabilised explicit methods share: a start, attempts, the length of steps.
 *
 * Such a method has variants with ever more stages, each stable for a longer step; which one is
 * taken follows from the length that accuracy allows and the spectral radius (radius.h). A method
 * (rkc.h, rock.h) says how a step is tried; everything around it is here.
 */
#ifndef JEPAFLOW_ODE_STABILISED_H
#define JEPAFLOW_ODE_STABILISED_H

#include "jepaflow/ode/integrator.h"
#include "jepaflow/ode/radius.h"

enum { JF_STABILISED_WORK = 4 };

/* One method. */
typedef struct {
    double power;  /* the estimated error of a step goes with this power of its length */
    double growth; /* a step is at most so many times as long as the last */

    /* The variant with the most stages that rounding allows at the equation's tolerance. */
    int (*most)(const jf_ode *ode);

    /* The variant, at most s->most, for a step of *h, which is shortened where none can do it. */
    int (*choose)(const jf_integrator *s, double *h);

    /*
     * Try a step of length h from s->start, s->rate: the state at its end into s->end and, unless
     * the step is to be rejected, f there into s->end_rate. Returns the error in units of what is
     * tolerated; not finite where f was not.
     */
    double (*attempt)(jf_integrator *s, double h, int variant);
} jf_stabilised;

/* What an integrator by such a method is; `create` of a member makes it with its method. */
struct jf_integrator {
    const jf_stabilised *method;
    const jf_ode *ode;
    jf_ode_cost cost;
    double *memory;
    double *start, *rate;             /* y and f(y) at the time reached; the next step's first */
    double *end, *end_rate;           /* those of an attempt */
    double *work[JF_STABILISED_WORK]; /* for it to work in */
    int most;                         /* variant */
    jf_radius radius;
    int begun; /* f and the radius are known */
    double time;
    double length;                  /* of the next step */
    double last_error, last_length; /* of the last accepted step; 0 before the first */
};

jf_status jf_stabilised_create(const jf_stabilised *method, const jf_ode *ode, jf_integrator **out);

/* f, counted. */
void jf_stabilised_evaluate(jf_integrator *s, double time, const double *y, double *rate);

/* As in jf_integrator_kind. */
jf_step_outcome jf_stabilised_step(jf_integrator *s, double *time, const double **rate);
void jf_stabilised_restart(jf_integrator *s, double time, double length);
void jf_stabilised_save(const jf_integrator *s, jf_wire *wire);
jf_status jf_stabilised_load(jf_integrator *s, jf_wire_reader *reader);
jf_ode_cost jf_stabilised_cost(const jf_integrator *s);
void jf_stabilised_destroy(jf_integrator **address);

#endif
