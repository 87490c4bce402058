#!/usr/bin/env bats
#
# adders.bats - what rank 0 reads of files: pairs, summed by all ranks; covariances and weights, the same on each.
# shellcheck disable=SC2154 # MPIRUN, top_srcdir, PYTHON3, err ... come from tests/environment.sh

load ../support/program

need_netcdf4() {
    "${PYTHON3:-false}" -c 'import netCDF4' 2>/dev/null || skip "no Python with netCDF4"
}

# pairs.nc: SAMPLES pairs of FEATURES features, y made of x and noise; MISSING: y of that sample is not a number.
make_pairs() { # FEATURES SAMPLES [MISSING]
    need_netcdf4
    "$PYTHON3" - "$@" <<'END'
import sys, numpy, netCDF4
features, samples, missing = (list(map(int, sys.argv[1:])) + [None])[:3]
random = numpy.random.default_rng(1)
x = random.standard_normal((samples, features))
y = 0.8 * x * numpy.linspace(0.5, 1, features) + 0.3 * random.standard_normal(x.shape)
if missing is not None:
    y[missing, 1] = numpy.nan
with netCDF4.Dataset('pairs.nc', 'w') as file:
    file.createDimension('sample', samples)
    file.createDimension('feature', features)
    for name, values in (('x', x), ('y', y)):
        file.createVariable(name, 'f8', ('sample', 'feature'))[:] = values
END
}

@test "3 ranks see the data that rank 0 has read, and come to the same, bit for bit" {
    enter_folder
    look_for_leaks
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

@test "pairs of a file are summed by all ranks, and come to the same, bit for bit" {
    enter_folder
    make_pairs 200 12000 # in blocks and in tiles, of which none is alone
    cat >in.yaml <<'END'
sweep: {objective: jepa, depth: 1, init_scale: 0.1, spectrum: measured}
spectra: {measured: {file: pairs.nc}}
flow: {model: theory}
output: {samples: 4}
END
    call 0 run in.yaml -o one.nc
    for ranks in 2 3; do
        timeout 100 "$MPIRUN" -n "$ranks" "$JEPAFLOW" run in.yaml -o several.nc -q --fresh </dev/null
        dataset same one.nc several.nc
    done
}

@test "data with a number missing are refused once, and all ranks end" {
    enter_folder
    make_pairs 10 30 20
    line 6 '  near: {file: pairs.nc}'
    status=0
    timeout 60 "$MPIRUN" -n 3 "$JEPAFLOW" run in.yaml -o out.nc >"$out" 2>"$err" </dev/null || status=$?
    [ "$status" = 2 ]
    [ "$(grep -c 'pairs.nc: y\[20, 1\] is missing or not finite' "$err")" = 1 ]
    [ ! -e out.nc ]
}

@test "3 ranks start from the weights that rank 0 has read, and come to the same, bit for bit" {
    enter_folder
    need_netcdf4
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
