#!/usr/bin/env bats
#
# data.bats - the data that a spectrum is made of reach all ranks: covariances of a file, drawn pairs, turned ones.
# shellcheck disable=SC2154 # MPIRUN, top_srcdir ... come from tests/environment.sh

load ../support/program

@test "3 ranks see the data that rank 0 has read, and come to the same, bit for bit" {
    enter_folder
    cp "$top_srcdir/inputs/data/quarters.nc" .
    cat >in.yaml <<'END'
sweep: {objective: [jepa, mae], depth: [1, 2], init_scale: 0.1, spectrum: [quarters, pair], pairs: [300, infinite]}
spectra:
  quarters: {file: quarters.nc}
  pair: {static: {signal: [1, 2], noise: 0.5}}
flow: {tolerance: 1.0e-4}
output: {samples: 4}
END
    call 0 run in.yaml -o one.nc
    timeout 100 "$MPIRUN" -n 3 "$JEPAFLOW" run in.yaml -o three.nc -q </dev/null
    dataset same one.nc three.nc
}
