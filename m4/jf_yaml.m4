# jf_yaml.m4 - the input.

# JF_YAML
# -------
# Find libyaml, through YAML_CFLAGS and YAML_LIBS, pkg-config or plain -lyaml.
# Sets and substitutes JF_YAML_CPPFLAGS and JF_YAML_LIBS; defines JF_BUILD_YAML.
AC_DEFUN([JF_YAML],
[AC_REQUIRE([AC_PROG_CC])dnl
AC_ARG_VAR([YAML_CFLAGS], [include flags of libyaml])
AC_ARG_VAR([YAML_LIBS], [link flags of libyaml])
AC_MSG_CHECKING([for libyaml])
jf_yaml_cflags=
jf_yaml_libs=
jf_yaml_version=
JF_PKG_CONFIG([yaml-0.1], [jf_yaml_cflags], [jf_yaml_libs], [jf_yaml_version])
JF_YAML_CPPFLAGS=${YAML_CFLAGS-$jf_yaml_cflags}
JF_YAML_LIBS=${YAML_LIBS-${jf_yaml_libs:--lyaml}}
JF_SYSTEM_INCLUDES([JF_YAML_CPPFLAGS])
JF_TRY_LINK([$JF_YAML_CPPFLAGS], [$JF_YAML_LIBS], [[#include <yaml.h>]], [[yaml_parser_t parser;
if (yaml_parser_initialize(&parser)) { yaml_parser_delete(&parser); }
]], [AC_MSG_RESULT([$JF_YAML_LIBS])],
    [AC_MSG_RESULT([no])
    JF_REFUSE([libyaml], [libyaml-dev], [libyaml], [YAML_CFLAGS and YAML_LIBS])])
AC_SUBST([JF_YAML_CPPFLAGS])
AC_SUBST([JF_YAML_LIBS])
AC_DEFINE_UNQUOTED([JF_BUILD_YAML], ["libyaml${jf_yaml_version:+ $jf_yaml_version}"],
    [The libyaml that was compiled against.])
])
