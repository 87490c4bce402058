# jf_netcdf.m4 - the dataset.

# JF_NETCDF
# ---------
# Find NetCDF with the 64-bit data format (CDF-5), through NETCDF_CFLAGS and NETCDF_LIBS, pkg-config,
# nc-config or plain -lnetcdf, in this order. The serial library is enough: rank 0 writes.
# Sets and substitutes JF_NETCDF_CPPFLAGS and JF_NETCDF_LIBS; defines JF_BUILD_NETCDF.
AC_DEFUN([JF_NETCDF],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([NETCDF_CFLAGS], [include flags of NetCDF])
AC_ARG_VAR([NETCDF_LIBS], [link flags of NetCDF])
AC_PATH_PROG([NC_CONFIG], [nc-config])
AC_MSG_CHECKING([for NetCDF with CDF-5])
jf_netcdf_cflags=
jf_netcdf_libs=
JF_PKG_CONFIG([netcdf], [jf_netcdf_cflags], [jf_netcdf_libs], [jf_netcdf_version])
AS_IF([test "x$jf_netcdf_libs" = x && test "x$NC_CONFIG" != x],
    [jf_netcdf_cflags=`$NC_CONFIG --cflags`
    jf_netcdf_libs=`$NC_CONFIG --libs`])
JF_NETCDF_CPPFLAGS=${NETCDF_CFLAGS-$jf_netcdf_cflags}
JF_NETCDF_LIBS=${NETCDF_LIBS-${jf_netcdf_libs:--lnetcdf}}
JF_SYSTEM_INCLUDES([JF_NETCDF_CPPFLAGS])
JF_TRY_LINK([$JF_NETCDF_CPPFLAGS], [$JF_NETCDF_LIBS -lm], [[#include <netcdf.h>
#include <netcdf_meta.h>
#if !NC_HAS_CDF5
#error "this NetCDF was built without the 64-bit data format"
#endif
]], [[int id = 0;
return nc_create("conftest.nc", NC_CLOBBER | NC_64BIT_DATA, &id) || nc_close(id);
]], [AC_MSG_RESULT([$JF_NETCDF_LIBS])],
    [AC_MSG_RESULT([no])
    JF_REFUSE([NetCDF with the 64-bit data format (CDF-5)], [libnetcdf-dev], [netcdf-c], [NETCDF_CFLAGS and NETCDF_LIBS])])
AC_SUBST([JF_NETCDF_CPPFLAGS])
AC_SUBST([JF_NETCDF_LIBS])
JF_MACRO_VALUE([jf_netcdf_version], [$JF_NETCDF_CPPFLAGS], [netcdf_meta.h], [NC_VERSION])
AC_DEFINE_UNQUOTED([JF_BUILD_NETCDF], ["NetCDF $jf_netcdf_version"], [The NetCDF that was compiled against.])
])
