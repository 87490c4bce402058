#!/usr/bin/env bats
#
# covariances.bats - spectra of models and files, covariances that do not commute, drawn pairs: the program's
# results against NumPy and SciPy (tests/dataset/covariances.py), and what is refused.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup() {
    enter_folder
}

check() {
    if ! "${PYTHON3:-false}" -c 'import netCDF4, scipy' 2>/dev/null; then
        skip "no Python with netCDF4 and scipy"
    fi
    "$PYTHON3" "$top_srcdir/tests/dataset/covariances.py" "$@"
}

sweep() { # OUT.nc ARG...: JEPA and MAE, four features, at a tight tolerance
    local name=$1
    shift
    cat >four.yaml <<'END'
sweep: {objective: [jepa, mae], depth: 2, init_scale: 0.05, seed: 3}
spectra:
  four: {lambda: [0.7, 1.0, 0.6, 0.9], rho: [1.0, 0.8, 1.3, 0.5]}
flow: {tolerance: 1.0e-10}
output: {samples: 12}
END
    "$JEPAFLOW" run four.yaml -o "$name" -q "$@"
}

@test "turned and lopsided covariances: features, trajectories, losses within 1e-6 of SciPy's" {
    sweep turned.nc --set angle=[0,0.2,1.1] --set asymmetry=[0,0.4]
    check flows_are_those_of_all_layers turned.nc
    sweep deep.nc --set angle=0.3 --set depth=[1,3] --set asymmetry=[0,0.1] --set model=layers
    check flows_are_those_of_all_layers deep.nc
}

@test "drawn pairs: the covariances of the same draws by NumPy, pair by pair" {
    sweep pairs.nc --set pairs=[4,300,infinite] --set angle=[0,0.2] --set init_scale=0.1
    check flows_are_those_of_all_layers pairs.nc
    sweep plain.nc --set init_scale=0.1
    check is_the_same_where_it_holds pairs.nc plain.nc
}

@test "spectra of files: pairs, covariances, features, a text" {
    mkdir data
    check makes_data data
    cat >files.yaml <<'END'
sweep: {depth: 2, init_scale: 0.01, spectrum: [pairs, covariances, list, text]}
spectra:
  pairs: {file: data/pairs.nc}
  covariances: {file: data/covariances.nc}
  list: {file: data/features.nc}
  text: {file: data/features.txt}
  missing: {file: data/nowhere.nc}
output: {samples: 0}
END
    cd / && "$JEPAFLOW" run "$OLDPWD/files.yaml" -o "$OLDPWD/files.nc" -q && cd - >/dev/null
    check comes_from_data files.nc "$PWD/data"
    call 0 plan files.yaml
    call 2 plan files.yaml --set spectrum=missing
    grep -q 'data/nowhere.nc' "$err"
    call 2 plan files.yaml --set angle=0.1
    grep -q "spectrum 'pairs' is of data, whose covariances stand as they are" "$err"
    # other data under the same name are another plan
    mv data/pairs.nc data/kept.nc
    mv data/covariances.nc data/pairs.nc
    mv data/kept.nc data/covariances.nc
    call 2 run files.yaml -o files.nc
}

@test "too few pairs: the point fails with a reason, the others do not" {
    sweep few.nc --set pairs=[3,30] --set objective=mae 2>"$err" && return 1
    grep -q '3 pairs of 4 features have a singular Sxx, expected at least as many pairs as features' "$err"
    holds few.nc 'list(v("status").ravel()) == [2, 1]' 'v("reason").ravel()[0] == 8'
}
