#include "jepaflow/ode/sundials.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_nvector.h>
#include <sundials/sundials_version.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/ode/numbers.h"

const char *jf_sundials_version(void)
{
    static char version[32];
    int failed = SUNDIALSGetVersion(version, sizeof version);

    return failed ? "unknown" : version;
}

/* SUNDIALS 7 took the communicator's type and the error handlers over to the context. */
void *jf_sundials_context(void)
{
    SUNContext context = NULL;
#if SUNDIALS_VERSION_MAJOR >= 7
    const int failed = SUNContext_Create(SUN_COMM_NULL, &context) != 0 ||
                       SUNContext_ClearErrHandlers(context) != 0;
#else
    const int failed = SUNContext_Create(NULL, &context) != 0;
#endif

    if (failed && context != NULL) {
        SUNContext_Free(&context);
    }
    return failed ? NULL : context;
}

void jf_sundials_ignore(int code, const char *module, const char *function, char *message,
                        void *data)
{
    (void)code;
    (void)module;
    (void)function;
    (void)message;
    (void)data;
}

/* N_VClone() of SUNDIALS 6 writes to the clone that it has not got. */
jf_status jf_sundials_has_room(const jf_ode *ode, size_t vectors)
{
    void *room = NULL;

    if (vectors <= PTRDIFF_MAX / sizeof(double) / (ode->size + JF_ALIGNMENT)) {
        room = malloc(vectors * (ode->size + JF_ALIGNMENT) * sizeof(double));
    }
    free(room);
    return room != NULL ? JF_OK : jf_fail_memory("an integrator's vectors");
}

void jf_sundials_weights(const jf_ode *ode, void *state, void *weights)
{
    const double root = sqrt((double)N_VGetLength(state));

    jf_numbers_weights(ode->size, ode->relative / root, ode->absolute / root,
                       N_VGetArrayPointer(state), N_VGetArrayPointer(weights));
}

int jf_sundials_evaluate(const jf_ode *ode, double t, const double *state, double *rate)
{
    ode->rate(t, state, rate, ode->context);
    const double sum = jf_numbers_sum(ode->size, rate); /* finite, unless one is not */
    return isfinite(jf_ode_reduced(ode, JF_SUM, sum)) ? 0 : 1;
}
