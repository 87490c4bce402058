# jf_blis.m4 - the dense products.

# JF_BLIS
# -------
# Find BLIS with both of its faces: bli_dgemm, which we call, and dgemm_, which LAPACK and ScaLAPACK call.
# Both of these load some libblas of their own, often not BLIS at all; since a symbol is taken from the
# first library that has it, libblis goes first on the link line, and is kept there even where the linker
# drops libraries by default (--as-needed) because none of our objects calls it directly.
# Sets and substitutes JF_BLIS_CPPFLAGS and JF_BLIS_LIBS.
AC_DEFUN([JF_BLIS],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([BLIS_CFLAGS], [include flags of BLIS])
AC_ARG_VAR([BLIS_LIBS], [link flags of BLIS])
jf_blis_cflags=
jf_blis_libs=
JF_PKG_CONFIG([blis], [jf_blis_cflags], [jf_blis_libs], [jf_blis_version])
JF_BLIS_CPPFLAGS=${BLIS_CFLAGS-$jf_blis_cflags}
jf_blis_libs=${BLIS_LIBS-${jf_blis_libs:--lblis}}
JF_SYSTEM_INCLUDES([JF_BLIS_CPPFLAGS])
m4_define([jf_blis_prologue], [[#include <blis.h>
void dgemm_(const char *, const char *, const int *, const int *, const int *, const double *,
            const double *, const int *, const double *, const int *, const double *, double *, const int *);
]])dnl
m4_define([jf_blis_body], [[double a = 1.0, b = 2.0, c = 0.0;
int n = 1;
bli_dgemm(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, 1, 1, 1, &a, &a, 1, 1, &b, 1, 1, &c, &c, 1, 1);
dgemm_("N", "N", &n, &n, &n, &a, &a, &n, &b, &n, &a, &c, &n);
return c != 4.0;
]])dnl
AC_MSG_CHECKING([for BLIS, bli_dgemm and dgemm_])
JF_BLIS_LIBS="-Wl,--push-state,--no-as-needed $jf_blis_libs -Wl,--pop-state"
JF_TRY_LINK([$JF_BLIS_CPPFLAGS], [$JF_BLIS_LIBS -lm], jf_blis_prologue, jf_blis_body, [],
    [JF_BLIS_LIBS=$jf_blis_libs
    JF_TRY_LINK([$JF_BLIS_CPPFLAGS], [$JF_BLIS_LIBS -lm], jf_blis_prologue, jf_blis_body, [],
        [AC_MSG_RESULT([no])
        JF_REFUSE([BLIS (with its BLAS interface)], [libblis-serial-dev (clang with its OpenMP variant: libomp-dev too)], [blis+blas], [BLIS_CFLAGS and BLIS_LIBS])])])
AC_MSG_RESULT([$jf_blis_libs])
AC_SUBST([JF_BLIS_CPPFLAGS])
AC_SUBST([JF_BLIS_LIBS])
JF_BLIS_KERNELS
])

# JF_BLIS_KERNELS
# ---------------
# Define JF_BLIS_SUP if BLIS hands out its kernels for small matrices, as 0.7 to 0.9 do.
AC_DEFUN([JF_BLIS_KERNELS],
[AC_MSG_CHECKING([whether BLIS hands out its kernels for small matrices])
JF_TRY_LINK([$JF_BLIS_CPPFLAGS], [$JF_BLIS_LIBS -lm], [[#include <blis.h>
]], [[cntx_t *context = bli_gks_query_cntx();
dgemmsup_ker_ft kernel = bli_cntx_get_l3_sup_ker_dt(BLIS_DOUBLE, BLIS_CRR, context);
auxinfo_t panels = {0};
bli_auxinfo_set_ps_a(bli_cntx_get_l3_sup_blksz_def_dt(BLIS_DOUBLE, BLIS_MR, context), &panels);
return kernel == 0 && bli_cntx_l3_sup_thresh_is_met(BLIS_DOUBLE, 1, 1, 1, context);
]], [AC_MSG_RESULT([yes])
    AC_DEFINE([JF_BLIS_SUP], [1], [BLIS hands out its kernels for small matrices.])],
    [AC_MSG_RESULT([no])])
])

# JF_BLIS_SERVES
# --------------
# To be called last, with the whole link line in $1: run a program that was linked with all libraries and
# ask the dynamic linker which file its dgemm_ comes from. Sets jf_blis_serves to the file's name or to
# "not known" (cross compiling, static linking), jf_blis_version to BLIS's own word, and jf_blis_warning if
# the file is not BLIS. Defines JF_BUILD_BLIS.
AC_DEFUN([JF_BLIS_SERVES],
[AC_MSG_CHECKING([which library serves dgemm_])
jf_blis_serves="not known"
jf_blis_warning=
jf_save_CPPFLAGS=$CPPFLAGS
jf_save_LIBS=$LIBS
CPPFLAGS="$JF_BLIS_CPPFLAGS -D_GNU_SOURCE $CPPFLAGS"
LIBS="$1 $LIBS"
AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <dlfcn.h>
#include <stdio.h>
#include <blis.h>
void pdgemm_(void);
void dsyevd_(void);
void (*volatile users[2])(void) = {pdgemm_, dsyevd_};
]], [[Dl_info info;
void *symbol = dlsym(RTLD_DEFAULT, "dgemm_");
FILE *out = fopen("conftest.serves", "w");
if (!out || !users[0] || !users[1]) { return 1; }
fprintf(out, "%s\n", bli_info_get_version_str());
if (symbol && dladdr(symbol, &info) && info.dli_fname) { fprintf(out, "%s\n", info.dli_fname); }
return fclose(out) != 0;
]])],
    [jf_blis_version=`sed -n '1p' conftest.serves`
    jf_file=`sed -n '2p' conftest.serves`
    AS_IF([test "x$jf_file" != x], [jf_blis_serves=$jf_file])],
    [], [:])
rm -f conftest.serves
CPPFLAGS=$jf_save_CPPFLAGS
LIBS=$jf_save_LIBS
AC_MSG_RESULT([$jf_blis_serves])
AS_CASE([$jf_blis_serves], [*blis*|"not known"], [],
    [jf_blis_warning="LAPACK and ScaLAPACK take dgemm_ from $jf_blis_serves, not from BLIS: set BLIS_LIBS"
    AC_MSG_WARN([$jf_blis_warning])])
AC_DEFINE_UNQUOTED([JF_BUILD_BLIS], ["BLIS $jf_blis_version"], [The BLIS that was found by configure.])
])
