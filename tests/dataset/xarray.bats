#!/usr/bin/env bats
#
# xarray.bats - the dataset as its reader opens it, and its numbers by another road: tests/dataset/check.py.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup_file() {
    if ! "${PYTHON3:-false}" -c 'import xarray, netCDF4, scipy' 2>/dev/null; then
        return 0
    fi
    cd "$BATS_FILE_TMPDIR" || return 1
    cat >in.yaml <<'END'
# whole, with its comments, into the dataset
title: "Seen by xarray: 'quoted', \"twice\""
sweep:
  objective: [jepa, mae]
  depth: [1, 2, 4]
  init_scale: [0.01, 0.1]
  spectrum: [three, two]
spectra:
  two: {lambda: 1.0, rho: [0.6, 1.0]}
  three: {lambda: [0.8, 0.9, 1.0], rho: [1.0, 0.7, 0.4]}
  unused: {lambda: 1.0, rho: 0.1}
output:
  samples: 30
END
    "$JEPAFLOW" run in.yaml -o out.nc --set tolerance=1.0e-7 -q
    "$JEPAFLOW" run in.yaml -o rotated.nc -q --set spectrum=three --set rotation=random --set model=layers \
        --set depth=2 --set tolerance=1.0e-9 --set init_scale=0.05
}

setup() {
    if ! "${PYTHON3:-false}" -c 'import netCDF4' 2>/dev/null || [ ! -e "$BATS_FILE_TMPDIR/out.nc" ]; then
        skip "no Python with xarray, netCDF4 and scipy"
    fi
    data="$BATS_FILE_TMPDIR/out.nc"
}

check() {
    "$PYTHON3" -W error::RuntimeWarning "$top_srcdir/tests/dataset/check.py" "$@"
}

@test "it is a CDF-5 file, which all of NetCDF's tools read" {
    [ "$(head -c 4 "$data" | od -An -tx1 | tr -d ' ')" = 43444605 ]
    if command -v ncdump; then
        [ "$(ncdump -k "$data")" = cdf5 ]
    fi
}

@test "sel(objective=\"jepa\", depth=4) just works" {
    check selects_by_label "$data"
}

@test "labels are strings and numbers, in the input's order" {
    check labels_are_text_and_numbers "$data"
}

@test "each variable has its dimensions, unit, meaning, fill value" {
    check has_the_schema "$data"
}

@test "codes have their flags" {
    check has_flags "$data"
}

@test "global attributes tell where it comes from" {
    check explains_itself "$data" "$BATS_FILE_TMPDIR/in.yaml" "$("$JEPAFLOW" --version | head -n 1)"
}

@test "spectra of different lengths are padded with NaN" {
    check pads_short_spectra "$data"
}

@test "samples run from before the first critical time to the end" {
    check samples_run_from_before_to_the_end "$data"
}

@test "samples: 0 leaves out what has samples" {
    cd "$BATS_TEST_TMPDIR"
    "$JEPAFLOW" run "$BATS_FILE_TMPDIR/in.yaml" -o none.nc --set samples=0 --set depth=1 -q
    check has_no_samples none.nc
}

@test "a swept tolerance is a sixth axis" {
    cd "$BATS_TEST_TMPDIR"
    "$JEPAFLOW" run "$BATS_FILE_TMPDIR/in.yaml" -o six.nc --set 'tolerance=[1.0e-4, 1.0e-8]' --set depth=2 -q
    check has_a_sixth_axis six.nc
}

@test "exact critical times, plateaus and series are their formulas" {
    check theory_is_the_integral "$data"
}

@test "exact critical times are those of SciPy's flow, to 1e-9" {
    check critical_times_are_those_of_solve_ivp "$data"
}

@test "measured critical times are the exact ones, to 1e-5 at a tolerance of 1e-7" {
    check measured_is_exact "$data" 1e-5
}

@test "projections, predictions and losses are those of SciPy's flow, to 3e-5" {
    check samples_are_those_of_solve_ivp "$data" 3e-5
}

@test "rotated layers of both objectives are the matrix flow in NumPy, to 1e-6" {
    check matches_the_matrix_flow "$BATS_FILE_TMPDIR/rotated.nc" 1e-6
}
