#!/usr/bin/env bats
#
# document.bats - docs/dataset.md is true, and its examples run: tests/dataset/document.py.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup_file() {
    run_alone
    cd "$BATS_FILE_TMPDIR" || return 1
    if take yaml >study.yaml; then
        "$JEPAFLOW" run study.yaml -o study.nc -q
    fi
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
    if [ ! -e study.nc ]; then
        skip "no Python"
    fi
    PATH="${JEPAFLOW%/*}:$PATH"
}

# take LANGUAGE [WORD]: the document's examples
take() {
    "${PYTHON3:-false}" "$top_srcdir/tests/dataset/document.py" take "$1" "$top_srcdir/docs/dataset.md" "${2-}"
}

# run_shell WORD: the blocks of shell that hold WORD, as a script that stops at the first failure
run_shell() {
    take sh "$1" >example.sh
    bash -euo pipefail example.sh >said
}

@test "the tables are those of the file" {
    "$PYTHON3" -c 'import netCDF4' || skip "no Python with netCDF4"
    parameters=$("$JEPAFLOW" run --help | awk '/^  (data|start|training|network|flow|output) / { print $2 }')
    "$PYTHON3" "$top_srcdir/tests/dataset/document.py" describes "$top_srcdir/docs/dataset.md" study.nc "$parameters"
}

@test "the examples in Python run" {
    "$PYTHON3" -c 'import xarray, netCDF4, pandas' || skip "no Python with xarray, netCDF4 and pandas"
    take python >example.py
    "$PYTHON3" -W error::RuntimeWarning example.py >said
    cat said
    grep -q "^largest deviation .* of 60 critical times" said
    grep -q "'reached': 60, 'not_reached': 0" said
}

@test "the examples in R run" {
    Rscript -e 'library(ncdf4)' 2>/dev/null || skip "no R with ncdf4"
    take r >example.R
    Rscript example.R
}

@test "the examples of ncdump run" {
    command -v ncdump || skip "no ncdump"
    run_shell ncdump
    grep -q "critical_time_status:flag_meanings" said
    grep -qE "^  *[0-9.e+]+, [0-9.e+]+, _," said
}

@test "the examples of NCO run" {
    command -v ncks || skip "no NCO"
    run_shell ncks
    [ -s part.nc ]
}

@test "the examples of the report run" {
    run_shell csv
    head -n 1 exponents.csv | grep -q "^spectrum,objective,depth,feature,"
    grep -q "^objective,depth,init_scale,lambda,rho,order" said
    grep -q "^mae,4,.*,lambda$" said
    if command -v jq; then
        run_shell jq
        grep -q "^VALID: 24 of 24" said
    fi
}
