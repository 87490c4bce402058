# jf_compiler.m4 - how the C is compiled.

# JF_COMPILER_OPTIONS
# -------------------
# Before AC_PROG_CC. Read --enable-debug, --enable-native, --enable-sanitize, --enable-werror and
# --disable-assert, and choose CFLAGS if the user gave none (AC_PROG_CC would take -g -O2).
AC_DEFUN([JF_COMPILER_OPTIONS],
[AC_ARG_ENABLE([debug], [AS_HELP_STRING([--enable-debug], [for the debugger: -O0 in place of -O3])],
    [], [enable_debug=no])
AC_ARG_ENABLE([native], [AS_HELP_STRING([--enable-native],
    [for this very processor (-march=native); the program may not run on another])],
    [], [enable_native=no])
AC_ARG_ENABLE([sanitize], [AS_HELP_STRING([--enable-sanitize],
    [stop at wrong addresses, leaks and undefined behaviour])],
    [], [enable_sanitize=no])
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [take warnings for errors])],
    [], [enable_werror=no])
AC_ARG_ENABLE([assert], [AS_HELP_STRING([--disable-assert], [leave out the assertions, which cost little])],
    [], [enable_assert=yes])
AS_IF([test "x${CFLAGS+set}" != xset],
    [AS_IF([test "x$enable_debug" != xno], [CFLAGS="-g -O0"], [CFLAGS="-g -O3"])])
])

# JF_COMPILER_FLAGS
# -----------------
# After AC_PROG_CC. Our own flags, each tried: the user's CFLAGS stay the user's and come after ours.
# Substitutes JF_CFLAGS, JF_CPPFLAGS and JF_LDFLAGS, and JF_SANITIZE (yes or no); defines JF_BUILD_COMPILER
# and JF_BUILD_CFLAGS.
AC_DEFUN([JF_COMPILER_FLAGS],
[AC_REQUIRE([AC_PROG_CC])dnl
JF_CFLAGS=
JF_LDFLAGS=
JF_CPPFLAGS="-D_GNU_SOURCE"
JF_COMPILER_FLAG([-std=c11])
# No a * b + c fused into one rounding unless the source says fma(): the numbers do not depend on which
# compiler saw a chance for it, nor on whether the processor has it.
JF_COMPILER_FLAG([-ffp-contract=off])
AS_IF([test "x$enable_native" != xno], [JF_COMPILER_FLAG([-march=native])])
AS_IF([test "x$enable_assert" = xno], [JF_CPPFLAGS="$JF_CPPFLAGS -DNDEBUG"])
JF_SANITIZE=no
AS_IF([test "x$enable_sanitize" != xno],
    [AC_MSG_CHECKING([whether $CC links with -fsanitize=address,undefined])
    jf_flags="-fsanitize=address,undefined"
    JF_TRY_LINK([], [$jf_flags], [], [],
        [AC_MSG_RESULT([yes])],
        [AC_MSG_RESULT([no])
        AC_MSG_ERROR([--enable-sanitize: $CC has no sanitizers here
    Debian, Ubuntu: apt-get install gcc, or clang and libclang-rt-14-dev])])
    JF_SANITIZE=yes
    JF_CFLAGS="$JF_CFLAGS $jf_flags -fno-sanitize-recover=all -fno-omit-frame-pointer"
    JF_LDFLAGS="$JF_LDFLAGS $jf_flags"])
jf_build_cflags="$CFLAGS$JF_CFLAGS"
JF_COMPILER_FLAG([-Wall])
JF_COMPILER_FLAG([-Wextra])
JF_COMPILER_FLAG([-Wshadow])
JF_COMPILER_FLAG([-Wconversion])
# Part of -Wconversion in new clangs; the enumerations that parameters hold as numbers are exact in a double.
JF_COMPILER_FLAG([-Wno-enum-float-conversion])
JF_COMPILER_FLAG([-Wmissing-prototypes])
JF_COMPILER_FLAG([-Wstrict-prototypes])
AS_IF([test "x$enable_werror" != xno], [JF_COMPILER_FLAG([-Werror])])
AS_IF([test "$JF_SANITIZE" = no], [JF_COMPILER_CLONES])
AC_SUBST([JF_CFLAGS])
AC_SUBST([JF_CPPFLAGS])
AC_SUBST([JF_LDFLAGS])
AC_SUBST([JF_SANITIZE])
jf_compiler=`$CC --version 2>/dev/null | sed -n '1p' | tr -d '"\\\\'`
AC_DEFINE_UNQUOTED([JF_BUILD_COMPILER], ["$jf_compiler"], [The compiler, in its own words.])
AC_DEFINE_UNQUOTED([JF_BUILD_CFLAGS], ["$jf_build_cflags"], [The compiler's flags, warnings aside.])
])

# JF_FUZZER
# ---------
# After JF_COMPILER_FLAGS. Can clang's libFuzzer be linked? It is asked for with the sanitizers only, without
# which it finds little: `make fuzz' is of that build. Sets jf_fuzzer to yes or the reason why not, and the
# conditional HAVE_FUZZER.
AC_DEFUN([JF_FUZZER],
[jf_fuzzer="no (wants CC=clang --enable-sanitize)"
AS_IF([test "$JF_SANITIZE" = yes],
    [AC_MSG_CHECKING([whether $CC links with -fsanitize=fuzzer])
    jf_save_LIBS=$LIBS
    LIBS="-fsanitize=address,undefined,fuzzer $LIBS"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return size > 8 && data[0] > 9 ? 0 : 0; }
]])], [jf_fuzzer=yes], [jf_fuzzer="no (libFuzzer is clang's; Debian: clang, libclang-rt-14-dev)"])
    LIBS=$jf_save_LIBS
    AC_MSG_RESULT([$jf_fuzzer])])
AM_CONDITIONAL([HAVE_FUZZER], [test "$jf_fuzzer" = yes])
AC_SUBST([JF_FUZZER_STATE], [$jf_fuzzer])
])

# JF_COMPILER_CLONES
# ------------------
# Define JF_TARGET_CLONES if the compiler makes a second version of a function for AVX2, and the loader
# chooses. (Not with sanitizers: the choice is made before they are ready.)
AC_DEFUN([JF_COMPILER_CLONES],
[AC_MSG_CHECKING([whether $CC makes versions of a function for wider registers])
AC_LINK_IFELSE([AC_LANG_SOURCE([[
#if !defined(__x86_64__)
#error "AVX2 is of x86-64"
#endif
__attribute__((target_clones("avx2", "default"))) double sum(int n, const double *x);
__attribute__((target_clones("avx2", "default"))) double sum(int n, const double *x)
{
    double s = 0.0;
    for (int i = 0; i < n; i++) { s += x[i] * x[i]; }
    return s;
}
int main(int argc, char **argv) { double x[2] = {argc, argv != 0}; return sum(2, x) < 0.0; }
]])], [AC_MSG_RESULT([yes])
    AC_DEFINE([JF_TARGET_CLONES], [1], [Functions can have a version for AVX2, chosen by the loader.])],
    [AC_MSG_RESULT([no])])
])

# JF_COMPILER_FLAG(FLAG)
# ----------------------
# Add FLAG to JF_CFLAGS if the compiler takes it without a warning.
AC_DEFUN([JF_COMPILER_FLAG],
[AC_MSG_CHECKING([whether $CC takes $1])
jf_save_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -Werror $1"
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int jf_flag(void);
int jf_flag(void) { return 0; }
]])], [jf_takes=yes; JF_CFLAGS="$JF_CFLAGS $1"], [jf_takes=no])
CFLAGS=$jf_save_CFLAGS
AC_MSG_RESULT([$jf_takes])
])
