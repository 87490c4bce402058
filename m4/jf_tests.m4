# jf_tests.m4 - what the tests and the figures need at run time. None of it is needed to build.

# JF_CMOCKA
# ---------
# Find cmocka, through CMOCKA_CFLAGS and CMOCKA_LIBS, pkg-config or plain -lcmocka. Without it there are
# no unit tests. Sets and substitutes JF_CMOCKA_CPPFLAGS and JF_CMOCKA_LIBS, sets jf_cmocka and the
# conditional HAVE_CMOCKA.
AC_DEFUN([JF_CMOCKA],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([CMOCKA_CFLAGS], [include flags of cmocka])
AC_ARG_VAR([CMOCKA_LIBS], [link flags of cmocka])
AC_MSG_CHECKING([for cmocka])
jf_cmocka_cflags=
jf_cmocka_libs=
JF_PKG_CONFIG([cmocka], [jf_cmocka_cflags], [jf_cmocka_libs], [jf_cmocka_version])
JF_CMOCKA_CPPFLAGS=${CMOCKA_CFLAGS-$jf_cmocka_cflags}
JF_CMOCKA_LIBS=${CMOCKA_LIBS-${jf_cmocka_libs:--lcmocka}}
JF_SYSTEM_INCLUDES([JF_CMOCKA_CPPFLAGS])
JF_TRY_LINK([$JF_CMOCKA_CPPFLAGS], [$JF_CMOCKA_LIBS], [[#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
]], [[cmocka_set_message_output(CM_OUTPUT_TAP);
assert_true(1);
]], [jf_cmocka=yes], [jf_cmocka=no])
AC_MSG_RESULT([$jf_cmocka])
AM_CONDITIONAL([HAVE_CMOCKA], [test "x$jf_cmocka" = xyes])
AC_SUBST([JF_CMOCKA_CPPFLAGS])
AC_SUBST([JF_CMOCKA_LIBS])
])

# JF_TEST_PROGRAMS
# ----------------
# Find bats (conditional HAVE_BATS: without it programs and ranks are not tested), and what single tests
# skip without: clang-format 14, Debian's or another Python, valgrind.
# Substitutes BATS, CLANG_FORMAT, PYTHON3, VALGRIND; conditional HAVE_MEMCHECK: valgrind and no sanitizers, with
# which it does not go together.
AC_DEFUN([JF_TEST_PROGRAMS],
[AC_ARG_VAR([BATS], [the bats program, for the tests])
AC_ARG_VAR([CLANG_FORMAT], [clang-format of version 14, for `make format' and the tests])
AC_ARG_VAR([PYTHON3], [a Python with xarray and netCDF4, for the tests])
AC_ARG_VAR([VALGRIND], [the valgrind program, for `make memcheck'])
AC_PATH_PROG([BATS], [bats])
AM_CONDITIONAL([HAVE_BATS], [test "x$BATS" != x])
AC_PATH_PROGS_FEATURE_CHECK([CLANG_FORMAT], [clang-format-14 clang-format],
    [AS_CASE([`$ac_path_CLANG_FORMAT --version 2>/dev/null`],
        [*version\ 14.*], [ac_cv_path_CLANG_FORMAT=$ac_path_CLANG_FORMAT; ac_path_CLANG_FORMAT_found=:])],
    [ac_cv_path_CLANG_FORMAT=])
AC_SUBST([CLANG_FORMAT], [$ac_cv_path_CLANG_FORMAT])
AC_PATH_PROG([PYTHON3], [python3], [], [/usr/bin$PATH_SEPARATOR$PATH])
AC_PATH_PROG([VALGRIND], [valgrind])
AM_CONDITIONAL([HAVE_MEMCHECK], [test "x$VALGRIND" != x && test "$JF_SANITIZE" = no])
])

# JF_PROG_GNUPLOT
# ---------------
# Find gnuplot, which `jepaflow plot' runs. Without it the figures wait until one is installed.
# Substitutes GNUPLOT and defines JF_GNUPLOT to its path, or to "gnuplot".
AC_DEFUN([JF_PROG_GNUPLOT],
[AC_ARG_VAR([GNUPLOT], [the gnuplot program that `jepaflow plot' runs])
AC_PATH_PROG([GNUPLOT], [gnuplot], [gnuplot])
AC_DEFINE_UNQUOTED([JF_GNUPLOT], ["$GNUPLOT"], [The gnuplot program to run, found by configure.])
])
