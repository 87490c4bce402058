#include "jepaflow/ode/stabilised.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"

void jf_stabilised_evaluate(jf_integrator *s, double time, const double *y, double *rate)
{
    s->ode->rate(time, y, rate, s->ode->context);
    s->cost.evaluations++;
}

static void swap(double **a, double **b)
{
    double *const c = *a;

    *a = *b;
    *b = c;
}

/* Where this integrator is, with the vectors that an attempt fills as room to work in. */
static jf_radius_place place(jf_integrator *s)
{
    return (jf_radius_place){.ode = s->ode,
                             .time = s->time,
                             .state = s->start,
                             .rate = s->rate,
                             .work = {s->work[0], s->end},
                             .evaluations = &s->cost.evaluations};
}

/* f at the start, the radius, the first length where none was given. */
static int begin(jf_integrator *s)
{
    const jf_radius_place here = place(s);

    memcpy(s->start, s->ode->state, s->ode->size * sizeof *s->start);
    jf_stabilised_evaluate(s, s->time, s->start, s->rate);
    if (!isfinite(jf_radius_norm(s->ode, s->rate)) || !jf_radius_estimate(&s->radius, &here)) {
        return 0;
    }
    if (s->length == 0.0) {
        s->length = jf_radius_first_step(&s->radius, &here);
    }
    s->begun = 1;
    return 1;
}

/*
 * After a step was accepted: the next one's length, the error per h^power supposed to go on growing
 * or falling as from the last step to this one, if that makes it shorter.
 */
static void plan_next(jf_integrator *s, double h, double error)
{
    const double root = 1.0 / s->method->power;
    double factor = 0.8 / pow(error, root);

    if (s->last_length > 0.0) {
        factor *= fmin(1.0, h / s->last_length * pow(s->last_error / error, root));
    }
    s->last_error = error;
    s->last_length = h;
    s->length = h * fmax(0.1, fmin(s->method->growth, factor));
}

static void accept(jf_integrator *s, double h, double error)
{
    const double left = s->ode->end - s->time;

    s->time = h < left ? s->time + h : s->ode->end;
    s->cost.steps++;
    jf_radius_step(&s->radius, s->cost.evaluations);
    swap(&s->start, &s->end);
    swap(&s->rate, &s->end_rate);
    memcpy(s->ode->state, s->start, s->ode->size * sizeof *s->start);
    plan_next(s, h, fmax(error, 1e-10));
}

/* Shorter; and where the estimate of the radius is old, that may have been the fault. */
static void reject(jf_integrator *s, double h, double error)
{
    s->length = h * (isfinite(error) ? fmax(0.1, 0.8 / pow(error, 1.0 / s->method->power)) : 0.1);
    jf_radius_failure(&s->radius);
}

jf_step_outcome jf_stabilised_step(jf_integrator *s, double *time, const double **rate)
{
    double error = 0.0;

    if (!s->begun && !begin(s)) {
        return JF_STEP_DIVERGED;
    }
    for (;;) {
        const jf_radius_place here = place(s);
        if (s->radius.due && !jf_radius_estimate(&s->radius, &here)) {
            return JF_STEP_DIVERGED;
        }
        const double left = s->ode->end - s->time;
        double h = s->length > 0.99 * left ? left : s->length;
        const int variant = s->method->choose(s, &h);
        if (!(s->time + h > s->time)) {
            return isfinite(error) ? JF_STEP_STALLED : JF_STEP_DIVERGED;
        }
        error = s->method->attempt(s, h, variant);
        if (error <= 1.0) {
            accept(s, h, error);
            *time = s->time;
            *rate = s->rate;
            return JF_STEP_TAKEN;
        }
        reject(s, h, error);
    }
}

void jf_stabilised_restart(jf_integrator *s, double time, double length)
{
    s->time = time;
    s->length = length;
    s->last_length = 0.0;
    s->begun = 0;
}

void jf_stabilised_save(const jf_integrator *s, jf_wire *wire)
{
    jf_wire_put_f64s(wire, (const double[]){s->time, s->length, s->last_error, s->last_length}, 4);
    jf_ode_cost_put(s->cost, wire);
    jf_wire_put_i8(wire, (int8_t)s->begun);
    jf_wire_put_f64(wire, s->radius.value);
    jf_wire_put_f64s(wire, s->radius.direction, s->ode->size);
    jf_wire_put_i8(wire, (int8_t)s->radius.due);
    jf_wire_put_i64(wire, s->radius.steps);
    jf_wire_put_i64(wire, s->radius.known_at);
}

/* f at the state is found once more; as what it was before, it is not counted. */
jf_status jf_stabilised_load(jf_integrator *s, jf_wire_reader *reader)
{
    double scalars[4];

    jf_wire_get_f64s(reader, scalars, 4);
    s->time = scalars[0];
    s->length = scalars[1];
    s->last_error = scalars[2];
    s->last_length = scalars[3];
    s->cost = jf_ode_cost_get(reader);
    s->begun = jf_wire_get_i8(reader);
    s->radius.value = jf_wire_get_f64(reader);
    jf_wire_get_f64s(reader, s->radius.direction, s->ode->size);
    s->radius.due = jf_wire_get_i8(reader);
    s->radius.steps = jf_wire_get_i64(reader);
    s->radius.known_at = jf_wire_get_i64(reader);
    if (reader->failed) {
        return JF_ERR_NETWORK;
    }
    memcpy(s->start, s->ode->state, s->ode->size * sizeof *s->start);
    s->ode->rate(s->time, s->start, s->rate, s->ode->context);
    return JF_OK;
}

jf_ode_cost jf_stabilised_cost(const jf_integrator *s)
{
    return s->cost;
}

void jf_stabilised_destroy(jf_integrator **address)
{
    if (*address != NULL) {
        free((*address)->memory);
        free(*address);
        *address = NULL;
    }
}

jf_status jf_stabilised_create(const jf_stabilised *method, const jf_ode *ode, jf_integrator **out)
{
    jf_integrator *s = calloc(1, sizeof *s);

    *out = s;
    if (s != NULL) {
        double **const vectors[] = {&s->start,    &s->rate,    &s->end,
                                    &s->end_rate, &s->work[0], &s->work[1],
                                    &s->work[2],  &s->work[3], &s->radius.direction};
        const size_t count = sizeof vectors / sizeof vectors[0];
        s->memory = jf_memory_numbers(count * ode->size);
        for (size_t k = 0; k < count && s->memory != NULL; k++) {
            *vectors[k] = s->memory + k * ode->size;
        }
    }
    if (s == NULL || s->memory == NULL) {
        jf_stabilised_destroy(out);
        return jf_fail_memory("an integrator");
    }
    s->method = method;
    s->ode = ode;
    s->time = ode->begin;
    s->most = method->most(ode);
    return JF_OK;
}
