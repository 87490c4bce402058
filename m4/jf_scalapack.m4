# jf_scalapack.m4 - matrices spread over a group of ranks.

# JF_SCALAPACK
# ------------
# After JF_MPI, JF_BLIS and JF_LAPACK. Find ScaLAPACK with its BLACS: what --with-scalapack=FLAGS says, or
# the names that Debian and others use for the MPI at hand.
# Sets and substitutes JF_SCALAPACK_LIBS; defines JF_BUILD_SCALAPACK.
AC_DEFUN([JF_SCALAPACK],
[AC_REQUIRE([JF_MPI])dnl
AC_REQUIRE([JF_LAPACK])dnl
AC_ARG_WITH([scalapack],
    [AS_HELP_STRING([--with-scalapack=FLAGS], [how to link ScaLAPACK, "-L/opt/lib -lscalapack" for example])],
    [AS_CASE([$withval], [yes], [with_scalapack=],
        [no], [AC_MSG_ERROR([ScaLAPACK is needed: --without-scalapack is not possible])])],
    [with_scalapack=])
AS_CASE([$with_scalapack],
    [-*|*.a|*.so|''], [],
    [AC_MSG_ERROR([--with-scalapack wants link flags, such as "-L/opt/lib -lscalapack"; it was given "$with_scalapack"])])
AC_MSG_CHECKING([for ScaLAPACK, pdgemm_ and Csys2blacs_handle])
AS_CASE([$jf_mpi_name],
    ["Open MPI"], [jf_candidates="-lscalapack-openmpi -lscalapack"],
    [MPICH], [jf_candidates="-lscalapack-mpich -lscalapack"],
    [jf_candidates="-lscalapack"])
jf_scalapack=no
for jf_libs in "$with_scalapack" $jf_candidates; do
    AS_IF([test "x$jf_libs" = x], [continue])
    AS_IF([test "x$with_scalapack" != x && test "x$jf_libs" != "x$with_scalapack"], [break])
    JF_TRY_LINK([$JF_MPI_CPPFLAGS], [$JF_BLIS_LIBS $jf_libs $JF_LAPACK_LIBS $JF_MPI_LIBS -lm], [[#include <mpi.h>
int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void pdgemm_(const char *, const char *, const int *, const int *, const int *, const double *, const double *,
             const int *, const int *, const int *, const double *, const int *, const int *, const int *,
             const double *, double *, const int *, const int *, const int *);
]], [[double x = 1.0; int n = 0, descriptor[9] = {0};
int handle = Csys2blacs_handle(MPI_COMM_SELF);
pdgemm_("N", "N", &n, &n, &n, &x, &x, &n, &n, descriptor, &x, &n, &n, descriptor, &x, &x, &n, &n, descriptor);
Cfree_blacs_system_handle(handle);
]], [jf_scalapack=yes; JF_SCALAPACK_LIBS=$jf_libs; break])
done
AS_IF([test "x$jf_scalapack" = xno],
    [AC_MSG_RESULT([no])
    JF_REFUSE([ScaLAPACK], [libscalapack-openmpi-dev], [netlib-scalapack], [--with-scalapack=FLAGS])])
AC_MSG_RESULT([$JF_SCALAPACK_LIBS])
AC_SUBST([JF_SCALAPACK_LIBS])
jf_scalapack_cflags=
jf_scalapack_version=
for jf_module in `AS_ECHO(["$JF_SCALAPACK_LIBS"]) | sed -n 's|.*-l\(scalapack@<:@a-z-@:>@*\).*|\1|p'`; do
    JF_PKG_CONFIG([$jf_module], [jf_scalapack_cflags], [jf_ignored], [jf_scalapack_version])
done
AC_DEFINE_UNQUOTED([JF_BUILD_SCALAPACK],
    ["ScaLAPACK${jf_scalapack_version:+ $jf_scalapack_version} ($JF_SCALAPACK_LIBS)"],
    [The ScaLAPACK that is linked.])
])
