# jf_support.m4 - what the other macros of this folder share.

# JF_TRY_LINK(CPPFLAGS, LIBS, PROLOGUE, BODY, IF-LINKED, IF-NOT)
# --------------------------------------------------------------
# Compile and link a program with CPPFLAGS and LIBS put in front of the present ones. CPPFLAGS and LIBS
# are as before when IF-LINKED or IF-NOT runs.
AC_DEFUN([JF_TRY_LINK],
[jf_save_CPPFLAGS=$CPPFLAGS
jf_save_LIBS=$LIBS
CPPFLAGS="$1 $CPPFLAGS"
LIBS="$2 $LIBS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([$3], [$4])], [jf_linked=yes], [jf_linked=no])
CPPFLAGS=$jf_save_CPPFLAGS
LIBS=$jf_save_LIBS
AS_IF([test "x$jf_linked" = xyes], [$5], [$6])
])

# JF_REFUSE(WHAT, DEBIAN-PACKAGE, SPACK-SPEC, VARIABLES)
# ------------------------------------------------------
# Stop, and name the remedy: the package to install, or the variables that say where it is.
AC_DEFUN([JF_REFUSE],
[AC_MSG_ERROR([$1 cannot be compiled and linked.
    Debian, Ubuntu: apt-get install $2
    Spack:          spack install $3 && spack load $3
    elsewhere:      set $4 (see ./configure --help); config.log has the compiler's words])
])

# JF_SYSTEM_INCLUDES(VARIABLE)
# ----------------------------
# Turn each -I of VARIABLE into -isystem, so that our warnings are about our code. /usr/include itself is
# dropped: as -isystem it would come before the compiler's own headers.
AC_DEFUN([JF_SYSTEM_INCLUDES],
[$1=`AS_ECHO([" $$1"]) | sed -e 's| -I */usr/include/* | |g' -e 's| -I */usr/include/*$||' \
    -e 's| -I *| -isystem |g' -e 's|^ *||'`
])

# JF_MACRO_VALUE(VARIABLE, CPPFLAGS, HEADER, MACRO)
# -------------------------------------------------
# Set VARIABLE to what MACRO of HEADER expands to, without quotes and blanks; empty if there is no such
# thing. The value may be some lines, and line marks, behind the word that announces it.
AC_DEFUN([JF_MACRO_VALUE],
[jf_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$2 $CPPFLAGS"
AC_LANG_CONFTEST([AC_LANG_SOURCE([[#include <$3>
#ifdef $4
jf_macro_value $4
#endif
]])])
$1=`(eval "$ac_cpp conftest.$ac_ext") 2>&AS_MESSAGE_LOG_FD | sed '/^#/d' | tr -d '" \n' | \
    sed -n 's|.*jf_macro_value||p'`
rm -f conftest.$ac_ext
CPPFLAGS=$jf_save_CPPFLAGS
])

# JF_PKG_CONFIG(MODULE, CFLAGS-VARIABLE, LIBS-VARIABLE, VERSION-VARIABLE)
# ----------------------------------------------------------------------
# Ask pkg-config about MODULE. The three variables are set if it is known, else untouched.
AC_DEFUN([JF_PKG_CONFIG],
[AC_REQUIRE([JF_PROG_PKG_CONFIG])dnl
AS_IF([test "x$PKG_CONFIG" != x && $PKG_CONFIG --exists $1 2>&AS_MESSAGE_LOG_FD],
    [$2=`$PKG_CONFIG --cflags $1`
    $3=`$PKG_CONFIG --libs $1`
    $4=`$PKG_CONFIG --modversion $1`])
])

# JF_PROG_PKG_CONFIG
# ------------------
# Find pkg-config, with no need for its own m4 file. Having none is no error.
AC_DEFUN([JF_PROG_PKG_CONFIG],
[AC_ARG_VAR([PKG_CONFIG], [the pkg-config program])
AC_CHECK_TOOL([PKG_CONFIG], [pkg-config])
])
