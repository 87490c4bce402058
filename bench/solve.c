/*
 * solve.c - one point solved and measured, for the scripts of this folder.
 *
 *     solve FEATURES LOWEST-RHO [key=value]...    as jepaflow's --set: depth=4 tolerance=1.0e-6 ...
 *     solve build                                 what its instructions depend on, in a line
 *
 * Writes a line, parted by tabs: tolerance, right-hand sides, largest relative error of the
 * critical times, CPU seconds, integrator. With BENCH_TARGET=ERROR in the environment it looks for
 * the tolerance whose run is fastest among those that are as exact as that; the one given is then
 * of no account.
 */
#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/linalg/blas.h"
#include "jepaflow/ode/sundials.h"

/* Tolerances from 1e-2 to 1e-12, as fine as those of compare/scipy_flow.py. */
enum { REPEATS = 5, PER_DECADE = 2, LOOSEST = 2, TIGHTEST = 12 };

static bench_run best_of(const jf_point *point, int repeats)
{
    bench_run best = bench_solve(point, INFINITY);

    for (int i = 1; i < repeats; i++) {
        best.seconds = fmin(best.seconds, bench_solve(point, INFINITY).seconds);
    }
    return best;
}

/* All of them: the cost of a stiff flow does not fall evenly with its tolerance. */
static bench_run search(jf_point *point, double target)
{
    double *tolerance = &point->value[JF_P_TOLERANCE], found = NAN;
    bench_run best = {.seconds = INFINITY, .error = INFINITY};

    for (int k = LOOSEST * PER_DECADE; k <= TIGHTEST * PER_DECADE; k++) {
        *tolerance = pow(10.0, -(double)k / PER_DECADE);
        const bench_run run = best_of(point, 1);
        if (run.done && run.error <= target && run.seconds < best.seconds) {
            best = run;
            found = *tolerance;
        }
    }
    if (isnan(found)) {
        return best;
    }
    *tolerance = found;
    return best_of(point, REPEATS);
}

int main(int argc, char **argv)
{
    const char *const target = getenv("BENCH_TARGET");

    if (argc == 2 && strcmp(argv[1], "build") == 0) {
        printf("%s, %s; BLIS %s, %s kernels; SUNDIALS %s\n", JF_BUILD_COMPILER, JF_BUILD_CFLAGS,
               jf_blas_version(), jf_blas_architecture(), jf_sundials_version());
        return 0;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: solve FEATURES LOWEST-RHO [key=value]...\n");
        return 2;
    }
    bench_begin();
    bench_sweep sweep;
    bench_read_even((size_t)atol(argv[1]), atof(argv[2]), (const char *const *)(argv + 3),
                    (size_t)argc - 3, &sweep);
    jf_point point = bench_point(&sweep);
    const bench_run run =
        target != NULL ? search(&point, atof(target)) : bench_solve(&point, INFINITY);
    printf("%.2g\t%.0f\t%.2g\t%.4g\t%s\n", point.value[JF_P_TOLERANCE], run.evaluations, run.error,
           run.seconds, bench_integrator_name(&run));
    bench_clear(&sweep);
    return 0;
}
