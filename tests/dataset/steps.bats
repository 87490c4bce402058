#!/usr/bin/env bats
#
# steps.bats - points trained in steps, by another road: tests/dataset/steps.py.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup() {
    if ! "${PYTHON3:-false}" -c 'import netCDF4, scipy' 2>/dev/null; then
        skip "no Python with netCDF4 and scipy"
    fi
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >in.yaml <<'END_OF_INPUT'
sweep:
  objective: [jepa, mae]
  depth: 2
  init_scale: 0.1
  batch: [4, infinite]
  spectrum: three
spectra:
  three: {lambda: [0.8, 0.9, 1.0], rho: [1.0, 0.7, 0.4]}
training: {method: descent, learning_rate: 0.2}
flow: {rotation: random, horizon: 1}
output: {samples: 12, probe: yes, probe_ridge: 0.1}
END_OF_INPUT
}

check() {
    "$PYTHON3" -W error::RuntimeWarning "$top_srcdir/tests/dataset/steps.py" "$@"
}

@test "descent, by covariances and by pairs, is that of NumPy, to 1e-9" {
    "$JEPAFLOW" run in.yaml -o out.nc -q
    [ "$(check matches_numpy out.nc 1e-9)" = 4 ]
}

@test "nonlinear encoders are trained and seen as by NumPy, to 1e-7" {
    "$JEPAFLOW" run in.yaml -o out.nc -q --set batch=16 --set 'activation=[tanh, relu]' --set depth=3 \
        --set init_scale=0.3 --set weight_decay=0.01 --set predictor_rate=2
    [ "$(check matches_numpy out.nc 1e-7)" = 4 ]
}
