#!/usr/bin/env bats
#
# format.bats - the C is laid out as .clang-format says; `make format' does it.

setup() {
    cd "$top_srcdir"
}

# All C files, whichever of the folders exist.
c_files() {
    for folder in src include tests bench; do
        [ ! -d "$folder" ] || find "$folder" -name '*.[ch]'
    done | sort
}

@test "clang-format 14 has nothing to change" {
    [ -n "$CLANG_FORMAT" ] || skip "clang-format 14 was not found by configure"
    [ -n "$(c_files)" ]
    # shellcheck disable=SC2046
    wrong=$("$CLANG_FORMAT" --dry-run -Werror $(c_files) 2>&1) || {
        grep ': error: ' <<<"$wrong" || echo "$wrong"
        echo "make format lays it out"
        return 1
    }
}

@test "no line has more than 100 columns" {
    # in characters: comments may hold letters of more than one byte
    wrong=$(c_files | xargs grep -nE '^.{101,}$' || true)
    echo "$wrong"
    [ -z "$wrong" ]
}

@test "no line ends in blanks, no C line holds a tab" {
    wrong=$(c_files | xargs grep -nP '[ \t]+$|\t' || true)
    wrong+=$(grep -nE '[ 	]+$' configure.ac Makefile.am m4/*.m4 src/*/sources.am tests/*.am tests/*/*.bats \
        bench/*.am bench/*.sh bench/*/*.py || true)
    echo "$wrong"
    [ -z "$wrong" ]
}

# Reads C from files, prints each control statement whose body has no braces.
bare_bodies() {
    awk '
    FNR == 1 { depth = 0; head = "" }
    {
        line = $0
        gsub(/\\./, "", line)                     # escapes, so that quotes come in pairs
        gsub(/"[^"]*"/, "text", line)
        gsub(/\047[^\047]*\047/, "0", line)
        gsub(/\/\*.*\*\/|\/\/.*$|\\$/, "", line)  # comments of one line, ends of macro lines
    }
    head == "" && line ~ /^[ ]*(} *)?else[ ]*$/ { print FILENAME ":" FNR ": " $0 }
    head == "" && line ~ /^[ ]*(} *)?(else +)?(if|for|while|switch) *\(/ {
        head = FILENAME ":" FNR ": " $0
        if (line ~ /^[ ]*} *while/) { loop_end = 1 } else { loop_end = 0 }
    }
    head != "" {
        for (i = 1; i <= length(line); i++) {
            c = substr(line, i, 1)
            if (c == "(") { depth++ }
            if (c == ")" && --depth == 0) {
                rest = substr(line, i + 1)
                if (rest !~ /^ *{/ && !loop_end) { print head }
                head = ""
                break
            }
        }
    }' "$@"
}

@test "control statements have braces" {
    # shellcheck disable=SC2046
    wrong=$(bare_bodies $(c_files))
    echo "$wrong"
    [ -z "$wrong" ]

    # and it would be seen if they had not
    printf '%s\n' 'if (a(b)) {' '}' 'if (a &&' '    b)' '    c();' 'do {' '} while (x);' 'else' '    d();' >"$BATS_TEST_TMPDIR/bare.c"
    [ "$(bare_bodies "$BATS_TEST_TMPDIR/bare.c" | wc -l)" = 2 ]
}
