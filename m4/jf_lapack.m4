# jf_lapack.m4 - factorisations and eigenvalues of matrices on one rank.

# JF_LAPACK
# ---------
# After JF_BLIS. Find LAPACK, linked behind BLIS: in LAPACK_LIBS if given, in BLIS's own libraries, in
# -llapack. Sets and substitutes JF_LAPACK_LIBS.
AC_DEFUN([JF_LAPACK],
[AC_REQUIRE([JF_BLIS])dnl
AC_ARG_VAR([LAPACK_LIBS], [link flags of LAPACK])
AC_MSG_CHECKING([for LAPACK, dgeqrf_ and dsyevd_])
jf_lapack=no
for jf_libs in "${LAPACK_LIBS-}" "-llapack" "-llapack -lgfortran"; do
    AS_IF([test "x$LAPACK_LIBS" != x && test "x$jf_libs" != "x$LAPACK_LIBS"], [break])
    JF_TRY_LINK([], [$JF_BLIS_LIBS $jf_libs -lm], [[
void dgeqrf_(const int *, const int *, double *, const int *, double *, double *, const int *, int *);
void dsyevd_(const char *, const char *, const int *, double *, const int *, double *, double *, const int *,
             int *, const int *, int *);
]], [[double a = 1.0, tau = 0.0, work[8] = {0.0}; int n = 1, lwork = 8, info = 0, iwork[8] = {0};
dgeqrf_(&n, &n, &a, &n, &tau, work, &lwork, &info);
dsyevd_("N", "U", &n, &a, &n, &tau, work, &lwork, iwork, &lwork, &info);
return info;
]], [jf_lapack=yes; JF_LAPACK_LIBS=$jf_libs; break])
done
AS_IF([test "x$jf_lapack" = xno],
    [AC_MSG_RESULT([no])
    JF_REFUSE([LAPACK], [liblapack-dev], [netlib-lapack], [LAPACK_LIBS])])
AC_MSG_RESULT([${JF_LAPACK_LIBS:-in BLIS}])
AC_SUBST([JF_LAPACK_LIBS])
])
