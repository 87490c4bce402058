# jf_mpi.m4 - the message passing interface.

# JF_MPI_COMPILER
# ---------------
# To be called before AC_PROG_CC. The compiler is MPI's wrapper, unless the user names one in CC; the
# wrapper is `mpicc`, unless the user names one in MPICC.
AC_DEFUN([JF_MPI_COMPILER],
[AC_ARG_VAR([MPICC], [MPI's C compiler wrapper])
AC_CHECK_PROGS([MPICC], [mpicc mpicc.openmpi mpicc.mpich])
AS_IF([test "x$CC" = x && test "x$MPICC" != x], [CC=$MPICC])
])

# JF_MPI
# ------
# Find how to call MPI_Init with $CC, in this order: MPI_CFLAGS and MPI_LIBS if given, nothing at all
# (CC is a wrapper), what the wrapper $MPICC says, what pkg-config says.
# Sets and substitutes JF_MPI_CPPFLAGS, JF_MPI_LIBS and MPIRUN; sets jf_mpi_name and jf_mpi_version and
# defines JF_BUILD_MPI.
AC_DEFUN([JF_MPI],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([MPI_CFLAGS], [include flags of MPI, when CC is not MPI's wrapper])
AC_ARG_VAR([MPI_LIBS], [link flags of MPI, when CC is not MPI's wrapper])
AC_ARG_VAR([MPIRUN], [the program that starts MPI programs])
AC_MSG_CHECKING([how to compile with MPI])
jf_mpi_how=
_JF_MPI_TRY([$MPI_CFLAGS], [$MPI_LIBS], [as told by MPI_CFLAGS and MPI_LIBS])
AS_IF([test "x$jf_mpi_how" = x && test "x$MPICC" != x],
    [jf_mpi_cflags=`$MPICC --showme:compile 2>/dev/null`
    jf_mpi_libs=`$MPICC --showme:link 2>/dev/null`
    AS_IF([test "x$jf_mpi_libs" = x], dnl MPICH says everything at once
        [jf_mpi_cflags=
        for jf_word in `$MPICC -show 2>/dev/null`; do
            AS_CASE([$jf_word],
                [-I*|-D*], [jf_mpi_cflags="$jf_mpi_cflags $jf_word"],
                [-L*|-l*|-Wl,*], [jf_mpi_libs="$jf_mpi_libs $jf_word"])
        done])
    _JF_MPI_TRY([$jf_mpi_cflags], [$jf_mpi_libs], [as $MPICC does])])
AS_IF([test "x$jf_mpi_how" = x],
    [for jf_module in ompi-c mpich; do
        jf_mpi_libs=
        JF_PKG_CONFIG([$jf_module], [jf_mpi_cflags], [jf_mpi_libs], [jf_mpi_version])
        AS_IF([test "x$jf_mpi_libs" != x],
            [_JF_MPI_TRY([$jf_mpi_cflags], [$jf_mpi_libs], [as pkg-config says of $jf_module])])
    done])
AS_IF([test "x$jf_mpi_how" = x],
    [AC_MSG_RESULT([no])
    JF_REFUSE([MPI], [libopenmpi-dev openmpi-bin], [openmpi],
        [CC to its wrapper, or MPI_CFLAGS and MPI_LIBS])])
AC_MSG_RESULT([$jf_mpi_how])
_JF_MPI_NAME
AC_PATH_PROGS([MPIRUN], [mpirun mpiexec], [mpirun])
AC_SUBST([JF_MPI_CPPFLAGS])
AC_SUBST([JF_MPI_LIBS])
AC_DEFINE_UNQUOTED([JF_BUILD_MPI], ["$jf_mpi_name $jf_mpi_version"], [The MPI that was compiled against.])
])

# _JF_MPI_TRY(CFLAGS, LIBS, HOW)
# ------------------------------
# Unless a way was found already: if a call of MPI links so, keep the flags and set jf_mpi_how to HOW.
AC_DEFUN([_JF_MPI_TRY],
[AS_IF([test "x$jf_mpi_how" = x],
    [JF_MPI_CPPFLAGS="$1"
    JF_MPI_LIBS="$2"
    JF_SYSTEM_INCLUDES([JF_MPI_CPPFLAGS])
    JF_TRY_LINK([$JF_MPI_CPPFLAGS], [$JF_MPI_LIBS], [[#include <mpi.h>]],
        [[return MPI_Init(0, 0) != MPI_SUCCESS;]],
        [AS_IF([test "x$JF_MPI_LIBS" = x], [jf_mpi_how="with $CC as it is"], [jf_mpi_how="$3"])])])
])

# _JF_MPI_NAME
# ------------
# Set jf_mpi_name and jf_mpi_version from macros of mpi.h.
AC_DEFUN([_JF_MPI_NAME],
[jf_mpi_name=MPI
JF_MACRO_VALUE([jf_mpi_version], [$JF_MPI_CPPFLAGS], [mpi.h], [MPI_VERSION])
JF_MACRO_VALUE([jf_major], [$JF_MPI_CPPFLAGS], [mpi.h], [OMPI_MAJOR_VERSION])
AS_IF([test "x$jf_major" != x],
    [jf_mpi_name="Open MPI"
    JF_MACRO_VALUE([jf_minor], [$JF_MPI_CPPFLAGS], [mpi.h], [OMPI_MINOR_VERSION])
    JF_MACRO_VALUE([jf_release], [$JF_MPI_CPPFLAGS], [mpi.h], [OMPI_RELEASE_VERSION])
    jf_mpi_version="$jf_major.$jf_minor.$jf_release"],
    [JF_MACRO_VALUE([jf_major], [$JF_MPI_CPPFLAGS], [mpi.h], [MPICH_VERSION])
    AS_IF([test "x$jf_major" != x], [jf_mpi_name=MPICH; jf_mpi_version=$jf_major])])
])
