#include "jepaflow/ode/erk.h"

#include <arkode/arkode_erkstep.h>
#include <math.h>
#include <stdlib.h>
#include <sundials/sundials_nvector.h>
#include <sundials/sundials_version.h>

#include "jepaflow/base/log.h"
#include "jepaflow/ode/sundials.h"
#include "jepaflow/ode/vector.h"

/* SUNDIALS 7.1 renames ERKStep's functions; the names that 6 has too still serve. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct jf_integrator {
    const jf_ode *ode;
    SUNContext context;
    N_Vector state;     /* the caller's array, wrapped */
    double time;        /* of the state */
    const double *rate; /* f, as last evaluated: in a vector of ARKODE's */
    void *arkode;
    double error;       /* of the last attempt, in units of what is tolerated */
    double accepted[2]; /* those of the last two steps; 1 before */
    jf_ode_cost cost;
    int repeats; /* the next evaluation is one that was counted before, by whom this goes on from */
};

/* ARKODE's f: a positive value says that the step was too long. */
static int evaluate(sunrealtype t, N_Vector y, N_Vector ydot, void *data)
{
    jf_integrator *i = data;
    double *rate = N_VGetArrayPointer(ydot);

    i->rate = rate;
    i->cost.evaluations += !i->repeats;
    i->repeats = 0;
    return jf_sundials_evaluate(i->ode, t, N_VGetArrayPointer(y), rate);
}

static int silence(void *arkode)
{
#if SUNDIALS_VERSION_MAJOR < 7
    return ERKStepSetErrHandlerFn(arkode, jf_sundials_ignore, NULL);
#else
    (void)arkode;
    return 0;
#endif
}

static void destroy(jf_integrator **address)
{
    jf_integrator *i = *address;

    if (i != NULL) {
        ERKStepFree(&i->arkode);
        if (i->state != NULL) {
            N_VDestroy(i->state);
        }
        if (i->context != NULL) {
            SUNContext_Free(&i->context);
        }
        free(i);
        *address = NULL;
    }
}

/*
 * A step is at most so many times as long as the last; the very first one, whose length was only
 * guessed, says more of the next.
 */
static const double most_growth = 20.0, first_growth = 1e4;

/*
 * The length of the next attempt, as ARKODE's own controller has it (PID: Kennedy, Carpenter, Appl.
 * Numer. Math. 44 (2003)), but with the errors before remembered here, where they can be saved.
 *   q, p  orders of the method and of its embedding
 */
static int control(N_Vector y, sunrealtype t, sunrealtype h, sunrealtype h_before,
                   sunrealtype h_earlier, sunrealtype error, sunrealtype error_before,
                   sunrealtype error_earlier, int q, int p, sunrealtype *next, void *data)
{
    jf_integrator *i = data;
    const double least = 1e-10;

    (void)y, (void)t, (void)h_before, (void)h_earlier, (void)error_before, (void)error_earlier;
    (void)q;
    i->error = fmax(error, least);
    const double growth =
        pow(i->error, -0.58 / p) * pow(i->accepted[0], 0.21 / p) * pow(i->accepted[1], -0.1 / p);
    *next = h * fmin(growth, i->cost.steps == 0 ? first_growth : most_growth);
    return 0;
}

/* The weights of the numbers' errors. */
static int find_weights(N_Vector y, N_Vector weights, void *data)
{
    const jf_integrator *i = data;

    jf_sundials_weights(i->ode, y, weights);
    return 0;
}

/*
 * No limit on the steps of a call: each call takes one. At the end ARKODE interpolates, which
 * beyond degree 3 would evaluate f once more, somewhere in the last step.
 */
static int configure(jf_integrator *i)
{
    const jf_ode *ode = i->ode;

    return silence(i->arkode) || ERKStepSetUserData(i->arkode, i) ||
           ERKStepSetTableNum(i->arkode, ARKODE_DORMAND_PRINCE_7_4_5) ||
           ERKStepWFtolerances(i->arkode, find_weights) ||
           ERKStepSetAdaptivityFn(i->arkode, control, i) ||
           ERKStepSetMaxFirstGrowth(i->arkode, first_growth) ||
           ERKStepSetMaxGrowth(i->arkode, first_growth) ||
           ERKStepSetInterpolantDegree(i->arkode, 3) || ERKStepSetStopTime(i->arkode, ode->end);
}

/* Seven stages, those of the interpolant, weights, copies of the state. */
enum { VECTORS = 16 };

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    *out = NULL;
    JF_TRY(jf_sundials_has_room(ode, VECTORS));
    jf_integrator *i = calloc(1, sizeof *i);
    if (i == NULL) {
        return jf_fail_memory("an integrator");
    }
    i->ode = ode;
    i->time = ode->begin;
    i->accepted[0] = i->accepted[1] = 1.0;
    i->context = jf_sundials_context();
    if (i->context != NULL) {
        i->state = jf_vector_wrap(ode, i->context);
    }
    if (i->state != NULL) {
        i->arkode = ERKStepCreate(evaluate, i->time, i->state, i->context);
    }
    if (i->arkode == NULL || configure(i) != 0) {
        destroy(&i);
        return jf_fail(JF_ERR_EXTERNAL, "SUNDIALS ARKODE does not start for %zu unknowns",
                       ode->size);
    }
    *out = i;
    return JF_OK;
}

/*
 * ERKStep gives up at once where f is not finite (ARK_UNREC_RHSFUNC_ERR), and leaves the last state
 * in the caller's array; its own time is then that of the stage which failed. Right-hand sides of
 * high degree overflow in the stages of a step only a little too long, so the step is tried again
 * from the state's time with a tenth of its length.
 */
static int shorten(jf_integrator *i, double *length)
{
    if (*length == 0.0) {
        ERKStepGetCurrentStep(i->arkode, length);
    }
    *length *= 0.1;
    return i->time + *length > i->time &&
           ERKStepReset(i->arkode, i->time, i->state) == ARK_SUCCESS &&
           ERKStepSetInitStep(i->arkode, *length) == ARK_SUCCESS &&
           ERKStepSetStopTime(i->arkode, i->ode->end) == ARK_SUCCESS;
}

/*
 * The pair's last stage stands at the end of the step, and its f is the next one's first.
 */
static jf_step_outcome step(jf_integrator *i, double *time, const double **rate)
{
    double length = 0.0;
    int code;

    do {
        code = ERKStepEvolve(i->arkode, i->ode->end, i->state, time, ARK_ONE_STEP);
    } while (code == ARK_UNREC_RHSFUNC_ERR && shorten(i, &length));

    switch (code) {
    case ARK_SUCCESS:
    case ARK_TSTOP_RETURN:
        if (!(*time > i->time)) { /* a step shorter than the time's last digit */
            return JF_STEP_STALLED;
        }
        i->time = *time;
        i->cost.steps++;
        i->accepted[1] = i->accepted[0];
        i->accepted[0] = i->error;
        *rate = i->rate;
        return JF_STEP_TAKEN;
    case ARK_RHSFUNC_FAIL:
    case ARK_FIRST_RHSFUNC_ERR:
    case ARK_REPTD_RHSFUNC_ERR:
    case ARK_UNREC_RHSFUNC_ERR:
        return JF_STEP_DIVERGED;
    default:
        return JF_STEP_STALLED;
    }
}

static void restart(jf_integrator *i, double time, double length)
{
    i->time = time;
    i->accepted[0] = i->accepted[1] = 1.0;
    i->repeats = 0;
    ERKStepReset(i->arkode, time, i->state);
    ERKStepSetInitStep(i->arkode, length);
    ERKStepSetStopTime(i->arkode, i->ode->end);
}

static jf_ode_cost cost(const jf_integrator *i)
{
    return i->cost;
}

static void save(const jf_integrator *i, jf_wire *wire)
{
    double length = 0.0;

    ERKStepGetCurrentStep(i->arkode, &length);
    jf_wire_put_f64(wire, i->time);
    jf_wire_put_f64(wire, length);
    jf_wire_put_f64s(wire, i->accepted, 2);
    jf_ode_cost_put(i->cost, wire);
}

/* The first step begins with the evaluation that the last one before ended with. */
static jf_status load(jf_integrator *i, jf_wire_reader *reader)
{
    const double time = jf_wire_get_f64(reader), length = jf_wire_get_f64(reader);

    restart(i, time, length);
    jf_wire_get_f64s(reader, i->accepted, 2);
    i->cost = jf_ode_cost_get(reader);
    i->repeats = i->cost.steps > 0;
    return reader->failed ? JF_ERR_NETWORK : JF_OK;
}

const jf_integrator_kind jf_erk = {
    .name = "erk",
    .create = create,
    .step = step,
    .restart = restart,
    .save = save,
    .load = load,
    .cost = cost,
    .destroy = destroy,
};
