#include "jepaflow/ode/bdf.h"

#include <cvode/cvode.h>
#include <stdlib.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_spgmr.h>

#include "jepaflow/base/log.h"
#include "jepaflow/ode/sundials.h"
#include "jepaflow/ode/vector.h"

struct jf_integrator {
    const jf_ode *ode;
    jf_ode_cost cost;
    double time; /* of the state */
    SUNContext context;
    N_Vector state; /* the caller's array, wrapped */
    SUNLinearSolver solver;
    void *cvode;

    /* Where f was last evaluated in this step, and what it gave; NULL before. */
    const double *at;
    const double *rate;
    int ended; /* in this step f gave numbers that are not finite */
};

static int find_weights(N_Vector y, N_Vector weights, void *data)
{
    const jf_integrator *i = data;

    jf_sundials_weights(i->ode, y, weights);
    return 0;
}

/* CVODE's f: a positive value says that the step was too long. */
static int evaluate(sunrealtype t, N_Vector y, N_Vector ydot, void *data)
{
    jf_integrator *i = data;

    i->at = N_VGetArrayPointer(y);
    i->rate = N_VGetArrayPointer(ydot);
    i->cost.evaluations++;
    const int failed = jf_sundials_evaluate(i->ode, t, i->at, N_VGetArrayPointer(ydot));
    i->ended |= failed;
    return failed;
}

/*
 * Before each linear system. The derivative is that where f was last evaluated, and Newton's method
 * evaluates f at its iterate immediately before it solves: the very arrays then, and nobody writes
 * to them in between. Whatever else asks, f is evaluated for it.
 */
static int prepare_derivative(sunrealtype t, N_Vector y, N_Vector fy, void *data)
{
    jf_integrator *i = data;

    return i->at == N_VGetArrayPointer(y) && i->rate == N_VGetArrayPointer(fy)
               ? 0
               : evaluate(t, y, fy, data);
}

static int differentiate(N_Vector v, N_Vector product, sunrealtype t, N_Vector y, N_Vector fy,
                         void *data, N_Vector spare)
{
    jf_integrator *i = data;

    (void)fy;
    (void)spare;
    i->cost.derivatives++;
    i->ode->derivative(t, N_VGetArrayPointer(y), N_VGetArrayPointer(v), N_VGetArrayPointer(product),
                       i->ode->context);
    return 0;
}

static void destroy(jf_integrator **address)
{
    jf_integrator *i = *address;

    if (i != NULL) {
        CVodeFree(&i->cvode);
        if (i->solver != NULL) {
            SUNLinSolFree(i->solver);
        }
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

static int silence(void *cvode)
{
#if SUNDIALS_VERSION_MAJOR < 7
    return CVodeSetErrHandlerFn(cvode, jf_sundials_ignore, NULL);
#else
    (void)cvode;
    return 0;
#endif
}

/*
 * Measured in right-hand sides on the flow (layers, JEPA, d = 8 and 16, L = 3, 5, 8, lambda = 1,
 * rho from 1 to 0.4, 2 or 3, eps = 1e-2 and 1e-3, starts rotated or not), a product with the
 * derivative counted twice:
 * - Krylov space: systems that it is too small for are left half solved, and their errors are taken
 *   for those of the step. 5, CVODE's own choice, costs 2.4 times what 20 does at L = 8, and 20,
 *   where the start is rotated and rho up to 3, up to 3 times what 100 does, with errors forty
 *   times the larger. What is not needed is not touched.
 * - Newton's tolerance, in units of the error's: CVODE's 0.1. Larger ones save 10 % of small
 *   problems, but what they leave undone is taken for error of the step too: from 0.4 on there are
 *   runs (rho up to 2, 3) whose steps never grow again and which take five times the work and more.
 * - That of GMRES in units of Newton's: CVODE's 0.05; 0.02 to 0.1 cost the same within 3 %, 0.2 up
 *   to a third more.
 * - Order: CVODE's 5; 4 costs up to 12 %, 3 up to 30 % more for small errors. Its detection of
 *   instability along the imaginary axis never acted.
 */
enum { MOST_DIMENSIONS = 100, LEAST_DIMENSIONS = 20 };

/* All ranks' numbers of a Krylov basis, beyond which it is made smaller: 1 GB. */
static const double most_basis = 1.25e8;

static int krylov_dimensions(double total)
{
    const double fitting = most_basis / total;

    return fitting < LEAST_DIMENSIONS  ? LEAST_DIMENSIONS
           : fitting > MOST_DIMENSIONS ? MOST_DIMENSIONS
                                       : (int)fitting;
}

static int configure(jf_integrator *i)
{
    const jf_ode *ode = i->ode;

    return silence(i->cvode) || CVodeInit(i->cvode, evaluate, i->time, i->state) ||
           CVodeSetUserData(i->cvode, i) || CVodeWFtolerances(i->cvode, find_weights) ||
           CVodeSetLinearSolver(i->cvode, i->solver, NULL) ||
           (ode->derivative != NULL &&
            CVodeSetJacTimes(i->cvode, prepare_derivative, differentiate)) ||
           CVodeSetStopTime(i->cvode, ode->end);
}

/* Besides the Krylov basis: six of history, the solvers', weights, copies of the state. */
enum { VECTORS = 16 };

size_t jf_bdf_vectors(double total)
{
    return (size_t)krylov_dimensions(total) + VECTORS;
}

static jf_status create(const jf_ode *ode, jf_integrator **out)
{
    const double total = (double)(ode->reduce != NULL ? ode->total : ode->size);

    *out = NULL;
    JF_TRY(jf_sundials_has_room(ode, jf_bdf_vectors(total)));
    jf_integrator *i = calloc(1, sizeof *i);
    if (i == NULL) {
        return jf_fail_memory("an integrator");
    }
    i->ode = ode;
    i->time = ode->begin;
    i->context = jf_sundials_context();
    if (i->context != NULL) {
        i->state = jf_vector_wrap(ode, i->context);
    }
    if (i->state != NULL) {
        i->solver = SUNLinSol_SPGMR(i->state, SUN_PREC_NONE, krylov_dimensions(total), i->context);
    }
    if (i->solver != NULL) {
        i->cvode = CVodeCreate(CV_BDF, i->context);
    }
    if (i->cvode == NULL || configure(i) != 0) {
        destroy(&i);
        return jf_fail(JF_ERR_EXTERNAL, "SUNDIALS CVODE does not start for %zu unknowns",
                       ode->size);
    }
    *out = i;
    return JF_OK;
}

/*
 * Newton's last correction is not followed by an evaluation, and at the end CVODE interpolates: f
 * is not known at the end of a step. Before numbers that end steps shrink until they do not move
 * the time, the last of them perhaps without having met such a number itself.
 */
static jf_step_outcome step(jf_integrator *i, double *time, const double **rate)
{
    const int ended_before = i->ended;

    i->at = NULL; /* between steps others use what f works with */
    i->ended = 0;
    *rate = NULL;
    const int code = CVode(i->cvode, i->ode->end, i->state, time, CV_ONE_STEP);
    const int went_well = code == CV_SUCCESS || code == CV_TSTOP_RETURN;
    if (went_well && *time > i->time) {
        i->time = *time;
        i->cost.steps++;
        return JF_STEP_TAKEN;
    }
    return i->ended || (went_well && ended_before) ? JF_STEP_DIVERGED : JF_STEP_STALLED;
}

static void restart(jf_integrator *i, double time, double length)
{
    i->time = time;
    i->at = NULL;
    CVodeReInit(i->cvode, time, i->state);
    CVodeSetInitStep(i->cvode, length);
    CVodeSetStopTime(i->cvode, i->ode->end);
}

static jf_ode_cost cost(const jf_integrator *i)
{
    return i->cost;
}

static void save(const jf_integrator *i, jf_wire *wire)
{
    jf_wire_put_f64(wire, i->time);
    jf_ode_cost_put(i->cost, wire);
}

/*
 * CVODE's history of earlier states is not to be had: it begins anew, at order 1, with a step
 * of its own choice.
 */
static jf_status load(jf_integrator *i, jf_wire_reader *reader)
{
    restart(i, jf_wire_get_f64(reader), 0.0);
    i->cost = jf_ode_cost_get(reader);
    return reader->failed ? JF_ERR_NETWORK : JF_OK;
}

const jf_integrator_kind jf_bdf = {
    .name = "bdf",
    .create = create,
    .step = step,
    .restart = restart,
    .save = save,
    .load = load,
    .cost = cost,
    .destroy = destroy,
};
