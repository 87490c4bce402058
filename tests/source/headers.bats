#!/usr/bin/env bats
#
# headers.bats - each header stands alone, each folder explains itself, each file is known to the build.

setup() {
    cd "$top_srcdir"
}

# What Makefile.am and its fragments list.
listed() {
    cat Makefile.am src/*/sources.am tests/unit.am tests/bats.am | tr ' \t\\=' '\n\n\n\n' | sort -u
}

@test "each header compiles on its own, and twice" {
    [ -n "$(find include -name '*.h')" ]
    wrong=0
    for header in $(find include -name '*.h' | sort); do
        name=${header#include/}
        # shellcheck disable=SC2086
        printf '#include "%s"\n#include "%s"\nextern int nothing;\n' "$name" "$name" |
            $TEST_CC -x c -fsyntax-only -Iinclude -I"$top_builddir" $TEST_CPPFLAGS $TEST_CFLAGS -Werror - ||
            wrong=$((wrong + 1))
    done
    echo "$wrong headers do not stand alone"
    [ "$wrong" = 0 ]
}

@test "each header opens with a paragraph on what the module is" {
    wrong=
    for header in $(find include -name '*.h' | sort); do
        stem=$(basename "$header")
        head -n 4 "$header" | grep -qF " * $stem - " || wrong="$wrong $header"
    done
    echo "no opening in:$wrong"
    [ -z "$wrong" ]
}

@test "each folder of the source has a README" {
    wrong=
    for folder in src/*/; do
        [ -s "${folder}README.md" ] || wrong="$wrong $folder"
    done
    echo "no README.md in:$wrong"
    [ -z "$wrong" ]
}

@test "each source and header is listed, and what is listed exists" {
    wrong=
    for file in $(find src include -name '*.[ch]' | sort); do
        listed | grep -qxF "$file" || wrong="$wrong $file"
    done
    echo "not listed in src/*/sources.am:$wrong"
    [ -z "$wrong" ]
    for file in $(listed | grep -E '^(src|include)/.*\.[ch]$'); do
        [ -e "$file" ] || wrong="$wrong $file"
    done
    echo "listed, but not there:$wrong"
    [ -z "$wrong" ]
}

@test "each test is listed" {
    wrong=
    for file in $(find tests -name 'test_*.c' -o -name '*.bats' | sort); do
        listed | grep -qxF "${file%.c}" || listed | grep -qxF "$file" || wrong="$wrong $file"
    done
    echo "not listed in tests/unit.am or tests/bats.am:$wrong"
    [ -z "$wrong" ]
}

@test "each module of the library has a header, and a test of its name" {
    wrong=
    for file in $(find src -name '*.c' ! -path 'src/app/*' | sort); do
        stem=${file#src/}
        stem=${stem%.c}
        layer=${stem%/*}
        module=${stem##*/}
        [ -e "include/jepaflow/$stem.h" ] || wrong="$wrong include/jepaflow/$stem.h"
        [ -e "tests/$layer/test_$module.c" ] || [ -e "tests/$layer/$module.bats" ] ||
            wrong="$wrong tests/$layer/test_$module.c(or $module.bats)"
    done
    echo "missing:$wrong"
    [ -z "$wrong" ]
}
