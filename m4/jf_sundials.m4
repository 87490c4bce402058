# jf_sundials.m4 - integration in time.

# JF_SUNDIALS
# -----------
# After JF_MPI: a SUNDIALS 7 that was built with MPI includes mpi.h from its types. Find SUNDIALS 6 or 7
# with ARKODE (explicit Runge-Kutta), CVODE (BDF with GMRES) and the serial vector. Version 7 moved what
# all modules share into sundials_core; in version 6 each module has a copy of it.
# Sets and substitutes JF_SUNDIALS_CPPFLAGS and JF_SUNDIALS_LIBS; sets jf_sundials_version and defines
# JF_BUILD_SUNDIALS.
AC_DEFUN([JF_SUNDIALS],
[AC_REQUIRE([JF_MPI])dnl
AC_ARG_VAR([SUNDIALS_CFLAGS], [include flags of SUNDIALS])
AC_ARG_VAR([SUNDIALS_LIBS], [link flags of SUNDIALS, all of its modules])
JF_SUNDIALS_CPPFLAGS=${SUNDIALS_CFLAGS-}
JF_SYSTEM_INCLUDES([JF_SUNDIALS_CPPFLAGS])
AC_MSG_CHECKING([for SUNDIALS 6 or 7 with ARKODE and CVODE])
jf_modules="-lsundials_arkode -lsundials_cvode -lsundials_nvecserial"
jf_sundials=no
for jf_libs in "${SUNDIALS_LIBS-}" "$jf_modules -lsundials_core" "$jf_modules" \
    "$jf_modules -lsundials_sunlinsolspgmr -lsundials_core" "$jf_modules -lsundials_sunlinsolspgmr" \
    "$jf_modules -lsundials_sunlinsolspgmr -lsundials_generic"; do
    AS_IF([test "x$jf_libs" = x], [continue])
    AS_IF([test "x$SUNDIALS_LIBS" != x && test "x$jf_libs" != "x$SUNDIALS_LIBS"], [break])
    JF_TRY_LINK([$JF_SUNDIALS_CPPFLAGS $JF_MPI_CPPFLAGS], [$jf_libs $JF_MPI_LIBS -lm], [[
#include <arkode/arkode_erkstep.h>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_config.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#if SUNDIALS_VERSION_MAJOR < 6
#error "SUNDIALS 6 or 7 is needed"
#endif
#if SUNDIALS_VERSION_MAJOR < 7
#define NO_COMM NULL
#else
#define NO_COMM SUN_COMM_NULL
#endif
static int rhs(double t, N_Vector y, N_Vector f, void *context)
{
    (void)t; (void)context;
    N_VScale(-1.0, y, f);
    return 0;
}
]], [[SUNContext context = NULL;
if (SUNContext_Create(NO_COMM, &context)) { return 1; }
N_Vector y = N_VNew_Serial(1, context);
void *erk = ERKStepCreate(rhs, 0.0, y, context);
void *bdf = CVodeCreate(CV_BDF, context);
SUNLinearSolver solver = SUNLinSol_SPGMR(y, SUN_PREC_NONE, 0, context);
CVodeSetLinearSolver(bdf, solver, NULL);
SUNLinSolFree(solver);
CVodeFree(&bdf);
ERKStepFree(&erk);
N_VDestroy(y);
return SUNContext_Free(&context);
]], [jf_sundials=yes; JF_SUNDIALS_LIBS=$jf_libs; break])
done
AS_IF([test "x$jf_sundials" = xno],
    [AC_MSG_RESULT([no])
    JF_REFUSE([SUNDIALS 6 or 7 (ARKODE, CVODE, double precision)], [libsundials-dev], [sundials],
        [SUNDIALS_CFLAGS and SUNDIALS_LIBS])])
AC_MSG_RESULT([$JF_SUNDIALS_LIBS])
AC_SUBST([JF_SUNDIALS_CPPFLAGS])
AC_SUBST([JF_SUNDIALS_LIBS])
JF_MACRO_VALUE([jf_sundials_version], [$JF_SUNDIALS_CPPFLAGS], [sundials/sundials_config.h], [SUNDIALS_VERSION])
AC_DEFINE_UNQUOTED([JF_BUILD_SUNDIALS], ["SUNDIALS $jf_sundials_version"],
    [The SUNDIALS that was compiled against.])
])
