#!/usr/bin/env bats
#
# data.bats - what is read of files reaches all ranks: covariances, drawn pairs, weights to start from.
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

@test "3 ranks start from the weights that rank 0 has read, and come to the same, bit for bit" {
    enter_folder
    "${PYTHON3:-false}" -c 'import netCDF4' 2>/dev/null || skip "no Python with netCDF4"
    "$PYTHON3" - <<'END'
import netCDF4
with netCDF4.Dataset("weights.nc", "w") as out: # balanced and orthogonal: eps = 0.25, one layer turned by 90 degrees
    for name, size in (("layer", 2), ("row", 2), ("column", 2)):
        out.createDimension(name, size)
    out.createVariable("W", "f8", ("layer", "row", "column"))[...] = [[[0, -0.5], [0.5, 0]], [[0.5, 0], [0, 0.5]]]
    out.createVariable("V", "f8", ("row", "column"))[...] = [[0.5, 0], [0, 0.5]]
END
    cat >in.yaml <<'END'
sweep: {objective: jepa, depth: 2, init_scale: 0.25, start: [file, orthogonal], threshold: [0.5, 0.6, 0.7]}
spectra: {pair: {lambda: 1, rho: [0.8, 0.9]}}
start: {weights: weights.nc}
output: {samples: 4}
END
    call 0 run in.yaml -o one.nc
    timeout 100 "$MPIRUN" -n 3 "$JEPAFLOW" run in.yaml -o three.nc -q </dev/null
    dataset same one.nc three.nc
    holds three.nc 'abs(np.diff(v("projection"), axis=5)).max() < 1e-5' 'abs(np.diff(v("critical_time"), axis=5)).max() < 1e-5'
}
