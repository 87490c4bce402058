#!/usr/bin/env bats
#
# departures.bats - points that leave the paper's assumption, by another road: tests/dataset/departures.py.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup_file() {
    export HAVE_SCIPY=yes
    "${PYTHON3:-false}" -c 'import netCDF4, scipy' 2>/dev/null || HAVE_SCIPY=no
    run_alone
}

setup() {
    if [ "$HAVE_SCIPY" = no ]; then
        skip "no Python with netCDF4 and scipy"
    fi
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >in.yaml <<'END'
sweep:
  objective: [jepa, mae]
  depth: [1, 3]
  init_scale: 0.1
spectra:
  three: {lambda: [0.8, 0.9, 1.0], rho: [1.0, 0.7, 0.4]}
flow:
  tolerance: 1.0e-10
  integrator: erk
output:
  samples: 8
END
}

# matches SETTING...: run with them, and follow each point with SciPy, to 1e-6; $output: pairs of assumption and model
matches() {
    local each sets=()
    for each in "$@"; do
        sets+=(--set "$each")
    done
    "$JEPAFLOW" run in.yaml -o out.nc -q --fresh "${sets[@]}"
    "$PYTHON3" "$top_srcdir/tests/dataset/departures.py" matches_scipy out.nc 1e-6
}

@test "neutral settings, said or not, give the same numbers bit for bit" {
    "$JEPAFLOW" run in.yaml -o plain.nc -q
    "$JEPAFLOW" run in.yaml -o said.nc -q --set start=orthogonal --set predictor=aligned --set imbalance=0 \
        --set width=full --set ema_rate=infinite --set stop_gradient=yes --set weight_decay=0 --set predictor_rate=1
    "$PYTHON3" "$top_srcdir/tests/dataset/departures.py" same_numbers plain.nc said.nc
    [ "$(matches model=layers)" = "(0, 3)" ]
}

@test "gaussian starts and noise about the identity, predictors aligned and drawn" {
    [ "$(matches 'start=[gaussian, identity_noise]' 'predictor=[aligned, random]' noise=0.3)" = "(1, 3)" ]
}

@test "an orthogonal start with a predictor of its own stays balanced" {
    [ "$(matches predictor=random)" = "(1, 2)" ]
}

@test "layers out of balance; one layer cannot be" {
    [ "$(matches 'imbalance=[-1, 2]')" = "(0, 2) (1, 3)" ]
}

@test "narrow embeddings, from rotated and from gaussian starts" {
    [ "$(matches 'start=[orthogonal, gaussian]' rotation=random 'predictor=[aligned, random]' 'width=[1, 2, 3]' \
        depth=2)" = "(0, 2) (1, 2) (1, 3)" ]
}

@test "a target encoder that follows at a rate; MAE has none" {
    [ "$(matches 'ema_rate=[0, 0.3, 3, infinite]')" = "(0, 2) (1, 3)" ]
}

@test "no stop-gradient: every amplitude falls, and the point says collapsed" {
    [ "$(matches stop_gradient=no)" = "(0, 2) (1, 3)" ]
    holds out.nc 'v("reason").flatten().tolist() == [7, 7, 0, 0]' \
        '(v("final_projection")[0] < 0.1).all() and (v("final_projection")[1] > 0.1).all()'
}

@test "weight decay, end to end and layer by layer" {
    [ "$(matches 'weight_decay=[0.001, 0.02]')" = "(1, 2)" ]
    [ "$(matches 'weight_decay=[0.001, 0.02]' model=layers)" = "(1, 3)" ]
}

@test "weight decay: plateaus are where growth and decay cancel" {
    "$JEPAFLOW" run in.yaml -o out.nc -q --set 'weight_decay=[0.0005, 0.002]' --set depth='[1, 2]' --set horizon=30
    "$PYTHON3" "$top_srcdir/tests/dataset/departures.py" settles_where_decay_says out.nc 1e-6
}

@test "a predictor that learns at another rate" {
    [ "$(matches 'predictor_rate=[0.5, 3]')" = "(1, 3)" ]
}

@test "a start from a file, beside its input; its numbers are part of the plan" {
    mkdir study
    "$PYTHON3" "$top_srcdir/tests/dataset/departures.py" writes_weights weights.nc 2 3
    cp weights.nc in.yaml study
    mv in.yaml none.yaml
    "$JEPAFLOW" run study/in.yaml -o out.nc -q --set depth=2 --set start=file --set start.weights=weights.nc
    [ "$("$PYTHON3" "$top_srcdir/tests/dataset/departures.py" matches_scipy out.nc 1e-6)" = "(1, 3)" ]
    "$JEPAFLOW" run study/in.yaml -o out.nc -q --set depth=2 --set start=file --set start.weights=weights.nc
    "$PYTHON3" -c 'import netCDF4; netCDF4.Dataset("study/weights.nc", "a")["V"][0, 0] = 7'
    run "$JEPAFLOW" run study/in.yaml -o out.nc -q --set depth=2 --set start=file --set start.weights=weights.nc
    [ "$status" = 2 ]
    run "$JEPAFLOW" run study/in.yaml -o three.nc -q --set depth=3 --set start=file --set start.weights=weights.nc
    [ "$status" = 1 ] && [[ $output == *"has 2 layers of 3 features, the point 3 of 3"* ]]
    run "$JEPAFLOW" run study/in.yaml -o none.nc -q --set start=file
    [ "$status" = 2 ] && [[ $output == *"expected 'weights: FILE.nc'"* ]]
    run "$JEPAFLOW" run study/in.yaml -o none.nc -q --set start=file --set start.weights=missing.nc
    [ "$status" = 2 ] && [[ $output == *"missing.nc"* ]]
}

@test "all at once" {
    [ "$(matches start=gaussian predictor=random width=2 imbalance=0.5 ema_rate=1 weight_decay=0.002 \
        predictor_rate=2)" = "(1, 3)" ]
}
