#include "jepaflow/ode/descent.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/ode/numbers.h"

/* A last step that differs from the others by less than this part is one of them. */
static const double rounding = 1e-9;

struct jf_integrator {
    const jf_ode *ode;
    jf_ode_cost cost;
    double *rate;
    double origin; /* the time before the first step, or when it was put elsewhere ... */
    int64_t count; /* ... and the steps since: times are multiples, rounding does not add up */
    double time;
};

/* The length of the next step, and the time after it. */
static double plan_step(const jf_integrator *s, double *next)
{
    const double step = s->ode->step;

    *next = s->origin + (double)(s->count + 1) * step;
    if (*next < s->ode->end - rounding * step) {
        return step;
    }
    const int whole = *next <= s->ode->end + rounding * step;
    *next = s->ode->end;
    return whole ? step : s->ode->end - s->time;
}

static jf_step_outcome step(jf_integrator *s, double *time, const double **rate)
{
    const jf_ode *ode = s->ode;
    double next;
    const double length = plan_step(s, &next);

    if (!(next > s->time)) {
        return JF_STEP_STALLED;
    }
    ode->rate(s->time, ode->state, s->rate, ode->context);
    s->cost.evaluations++;
    const double size = jf_numbers_dot(ode->size, s->rate, s->rate);
    if (!isfinite(jf_ode_reduced(ode, JF_SUM, size))) {
        return JF_STEP_DIVERGED;
    }
    const double factor[] = {1.0, length};
    const double *const term[] = {ode->state, s->rate};
    jf_numbers_combine(ode->size, 2, factor, term, ode->state);
    s->cost.steps++;
    s->count++;
    s->time = next;
    *time = next;
    *rate = NULL;
    return JF_STEP_TAKEN;
}

static void restart(jf_integrator *s, double time, double length)
{
    (void)length;
    s->origin = time;
    s->count = 0;
    s->time = time;
}

static void save(const jf_integrator *s, jf_wire *wire)
{
    jf_wire_put_f64(wire, s->origin);
    jf_wire_put_i64(wire, s->count);
    jf_wire_put_f64(wire, s->time);
    jf_ode_cost_put(s->cost, wire);
}

static jf_status load(jf_integrator *s, jf_wire_reader *reader)
{
    s->origin = jf_wire_get_f64(reader);
    s->count = jf_wire_get_i64(reader);
    s->time = jf_wire_get_f64(reader);
    s->cost = jf_ode_cost_get(reader);
    return reader->failed ? JF_ERR_NETWORK : JF_OK;
}

static jf_ode_cost cost(const jf_integrator *s)
{
    return s->cost;
}

static void destroy(jf_integrator **address)
{
    if (*address != NULL) {
        free((*address)->rate);
        free(*address);
        *address = NULL;
    }
}

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    jf_integrator *s = calloc(1, sizeof *s);

    assert(ode->step > 0.0);
    *out = s;
    if (s != NULL) {
        s->rate = jf_memory_numbers(ode->size);
    }
    if (s == NULL || s->rate == NULL) {
        destroy(out);
        return jf_fail_memory("an integrator");
    }
    s->ode = ode;
    s->origin = ode->begin;
    s->time = ode->begin;
    return JF_OK;
}

const jf_integrator_kind jf_descent = {
    .name = "descent",
    .straight = 1,
    .create = create,
    .step = step,
    .restart = restart,
    .save = save,
    .load = load,
    .cost = cost,
    .destroy = destroy,
};
