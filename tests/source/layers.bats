#!/usr/bin/env bats
#
# layers.bats - what may include what; the README of each folder of src/ says why.
#
# Layers, lowest first. A file includes its own layer and those below it.
layers="base linalg theory model ode sweep flow ranks results report figures app"

setup() {
    cd "$top_srcdir"
}

# All C files of a layer: sources and headers.
files_of() {
    find "src/$1" "include/jepaflow/$1" -name '*.[ch]' | sort
}

# includes FILE...: one line "FILE LINE HEADER" for each include, brackets or quotes gone.
includes() {
    awk 'match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/) {
        header = $0
        sub(/^[^<"]*[<"]/, "", header)
        sub(/[>"].*$/, "", header)
        print FILENAME, FNR, header
    }' "$@"
}

rank_of() {
    local rank=0 layer
    for layer in $layers; do
        rank=$((rank + 1))
        if [ "$layer" = "$1" ]; then
            echo "$rank"
            return 0
        fi
    done
    echo "no layer is called '$1'" >&2
    return 1
}

# never FILE-PATTERN HEADER-PATTERN: fail, and say where, if a file whose path matches includes such a header.
never() {
    local found
    # shellcheck disable=SC2046
    found=$(includes $(find src include -name '*.[ch]') | awk -v file="$1" -v header="$2" \
        '$1 ~ file && $3 ~ header { print $1 ":" $2 ": includes " $3 }')
    if [ -n "$found" ]; then
        echo "$found"
        return 1
    fi
}

# only HEADER-PATTERN FILE...: fail unless some file includes such a header, and all that do are among FILE...
only() {
    local header=$1 wrong
    shift
    # shellcheck disable=SC2046
    wrong=$(includes $(find src include -name '*.[ch]') | awk -v header="$header" -v allowed=" $* " '
        $3 ~ header && index(allowed, " " $1 " ") { seen = 1 }
        $3 ~ header && !index(allowed, " " $1 " ") { print $1 ":" $2 ": includes " $3 }
        END { if (!seen) { print "nobody includes " header ": is the pattern of this test right?" } }')
    if [ -n "$wrong" ]; then
        echo "$wrong"
        return 1
    fi
}

@test "src and include have the same layers, and this test knows all of them" {
    expected=$(tr ' ' '\n' <<<"$layers" | sort)
    [ "$(cd src && find . -mindepth 1 -maxdepth 1 -type d | sed 's|./||' | sort)" = "$expected" ]
    [ -z "$(find include/jepaflow -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | grep -vxF "$expected")" ]
    [ -z "$(find src -maxdepth 1 -name '*.[ch]'; find include -maxdepth 2 -name '*.[ch]')" ] # none outside a layer
}

@test "includes point down only" {
    count=0
    wrong=0
    for layer in $layers; do
        own=$(rank_of "$layer")
        while read -r file line header; do
            count=$((count + 1))
            target=${header#jepaflow/}
            if ! rank=$(rank_of "${target%%/*}") || [ "$rank" -gt "$own" ]; then
                echo "$file:$line: $layer must not know $header"
                wrong=$((wrong + 1))
            fi
        done < <(files_of "$layer" | while read -r file; do includes "$file"; done | awk '$3 ~ /^jepaflow\//')
    done
    echo "$count includes, $wrong wrong"
    [ "$count" -gt 0 ]
    [ "$wrong" = 0 ]
}

@test "own headers are included by their whole path" {
    wrong=$(find src include -name '*.[ch]' -exec grep -nE '^[ \t]*#[ \t]*include[ \t]*"' {} + |
        grep -vE '"(jepaflow/[a-z0-9]+/[a-z0-9_]+\.h|config\.h)"' || true)
    echo "$wrong"
    [ -z "$wrong" ]
}

@test "a source includes its own header first" {
    wrong=
    for file in $(find src -name '*.c' ! -name main.c); do
        stem=${file#src/}
        stem=${stem%.c}
        if [ -e "include/jepaflow/$stem.h" ]; then
            first=$(includes "$file" | awk '$3 != "config.h" { print $3; exit }')
            [ "$first" = "jepaflow/$stem.h" ] || wrong="$wrong $file"
        fi
    done
    echo "not first in:$wrong"
    [ -z "$wrong" ]
}

@test "MPI is known to two files only" {
    only '^mpi\.h$' src/ranks/comm.c src/linalg/grid.c
}

@test "BLIS is known to one file only" {
    only '^(blis|cblas|blis/.*)\.h$' src/linalg/blas.c
}

@test "NetCDF is known to one file only" {
    only '^netcdf' src/results/file.c
}

@test "libyaml is known to one file only" {
    only '^yaml\.h$' src/sweep/document.c
}

@test "Random123 is known to one file only" {
    only '^Random123/' src/base/random.c
}

@test "SUNDIALS is known to sources of ode only" {
    # shellcheck disable=SC2046
    only '^(sundials|arkode|nvector|cvodes?|sunlinsol|sunmatrix|sunnonlinsol)/' $(find src/ode -name '*.c')
}

@test "no header includes an outside library" {
    never '\.h$' '^(mpi|blis|cblas|netcdf|yaml|cmocka).*\.h$|^(Random123|sundials|arkode|nvector|cvodes?|sun[a-z]*)/'
}

@test "functions of BLAS, LAPACK and ScaLAPACK are called in linalg only" {
    wrong=$(find src include -name '*.[ch]' ! -path 'src/linalg/*' -exec \
        grep -nE '(^|[^A-Za-z0-9_])(p?[dsz][a-z]{4,7}_|Cblacs_[a-z]+|bli_[a-z_0-9]+|cblas_[a-z0-9]+)[ ]*\(' {} + || true)
    echo "$wrong"
    [ -z "$wrong" ]
    grep -qE 'bli_dgemm[ ]*\(' src/linalg/*.c # the pattern's like is found where it belongs
}

@test "reports and figures know a dataset by what results says of it" {
    never '^(src|include/jepaflow)/(report|figures)/' '^jepaflow/(results/(file|store|checkpoint)|flow|ranks)[/.]'
}

@test "gnuplot is run by one file only" {
    [ "$(grep -rl 'execlp(' src/figures)" = src/figures/gnuplot.c ]
}

@test "flow knows neither ranks nor results" {
    never '^(src|include/jepaflow)/flow/' '^jepaflow/(ranks|results)/'
}

@test "model does not know ode" {
    never '^(src|include/jepaflow)/model/' '^jepaflow/ode/'
}

@test "the coordinator does not know flow" {
    [ -e src/ranks/coordinator.c ]
    never '/ranks/coordinator\.[ch]$' '^jepaflow/flow/'
}

@test "the ledger does not know MPI" {
    [ -e src/ranks/ledger.c ]
    never '/ranks/ledger\.[ch]$' '^jepaflow/ranks/comm|^mpi'
}

@test "theory knows no matrices" {
    never '^(src|include/jepaflow)/theory/' '^jepaflow/linalg/'
}

@test "only main ends the program" {
    wrong=$(find src -name '*.c' ! -path src/app/main.c -exec \
        grep -nE '(^|[^A-Za-z0-9_])(exit|abort|MPI_Abort)[ ]*\(' {} + | grep -v '^src/ranks/comm\.c:.*MPI_Abort' || true)
    echo "$wrong"
    [ -z "$wrong" ]
}
