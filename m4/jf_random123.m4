# jf_random123.m4 - counter-based random numbers.

# JF_RANDOM123
# ------------
# Find the headers of Random123, RANDOM123_CFLAGS first, and call its Philox generator; there is nothing
# to link. Sets and substitutes JF_RANDOM123_CPPFLAGS.
AC_DEFUN([JF_RANDOM123],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([RANDOM123_CFLAGS], [include flags of Random123])
JF_RANDOM123_CPPFLAGS=${RANDOM123_CFLAGS-}
JF_SYSTEM_INCLUDES([JF_RANDOM123_CPPFLAGS])
AC_MSG_CHECKING([for Random123, philox4x64])
JF_TRY_LINK([$JF_RANDOM123_CPPFLAGS], [], [[#include <Random123/philox.h>]],
    [[philox4x64_ctr_t counter = {{0, 0, 0, 0}}; philox4x64_key_t key = {{0, 0}};
return (int)(philox4x64(counter, key).v[0] & 1u);
]], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
    JF_REFUSE([Random123], [librandom123-dev], [random123], [RANDOM123_CFLAGS])])
AC_SUBST([JF_RANDOM123_CPPFLAGS])
])
