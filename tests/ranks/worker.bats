#!/usr/bin/env bats
#
# worker.bats - ranks that compute: the same numbers whatever their number, failed points as rows, an ear for signals.
# shellcheck disable=SC2154 # MPIRUN, out, err ... come from program.bash and tests/environment.sh

load ../support/program
load ../support/ranks

setup_file() {
    make_slow
}

setup() {
    enter_folder_with_slow
}

teardown() {
    end_job
}

@test "1, 2, 3, 5 and 8 ranks write the same dataset, bit for bit" {
    line 3 '  depth: [1, 2, 3]'
    line 4 '  init_scale: [1.0e-3, 1.0e-2, 0.1]'
    line 8 $'flow:\n  rotation: random'
    call 0 run in.yaml -o 1.nc
    for ranks in 2 3 5 8; do
        for mode in working dedicated; do
            on "$ranks" run in.yaml -o "$ranks-$mode.nc" --coordinator "$mode"
            dataset same 1.nc "$ranks-$mode.nc"
        done
    done
    holds 8-working.nc 'set(v("rank").flat) <= set(range(8))' 'len(set(v("rank").flat)) > 1'
}

@test "64 ranks on the cores that there are" {
    [ "$JF_SANITIZE" != yes ] || skip "64 ranks under sanitizers take minutes"
    on 64 run in.yaml -o out.nc
    holds out.nc '(v("status") == 1).all()'
}

@test "more ranks than points" {
    on 5 run in.yaml -o out.nc --set objective=mae --set depth=2
    holds out.nc 'v("status").size == 2' '(v("status") == 1).all()'
}

@test "one point, on one rank and on three" {
    on 1 run in.yaml -o a.nc --set objective=jepa --set depth=2 --set spectrum=near
    on 3 run in.yaml -o b.nc --set objective=jepa --set depth=2 --set spectrum=near
    dataset same a.nc b.nc
    holds b.nc 'v("status").tolist() == [[[[[1]]]]]'
}

@test "theory's points are dealt as well" {
    on 3 run in.yaml -o out.nc --set model=theory --set 'depth={from: 1, to: 100, count: 100}'
    holds out.nc '(v("status") == 1).all()' 'np.isnan(v("critical_time")).all()'
}

# max_steps is an axis here: its first value fails all but the others' points are as ever.
@test "failed points are rows, and leave the others alone" {
    status=0
    "$MPIRUN" -n 2 "$JEPAFLOW" run in.yaml -o out.nc --set 'max_steps=[10, 100000000]' 2>"$err" || status=$?
    cat "$err"
    [ "$status" = 1 ]
    call 0 run in.yaml -o ever.nc
    holds out.nc '(v("status")[..., 0] == 2).all()' '(v("status")[..., 1] == 1).all()' \
        'set(v("critical_time_status")[..., 0, :].flat) <= {0, 4}' \
        '(np.isnan(v("critical_time")) == (v("critical_time_status") == 4)).all()' \
        '(v("steps")[..., 0] == 10).all()' \
        'all(v(n)[..., 1, :].tobytes() == __import__("netCDF4").Dataset("ever.nc")[n][...].tobytes()
            for n in ("critical_time", "critical_time_theory", "final_projection"))'
}

@test "a library that switches floating-point traps on costs nothing" {
    # shellcheck disable=SC2086
    if [ "$JF_SANITIZE" = yes ] ||
        ! $TEST_CC $TEST_CPPFLAGS -std=gnu11 -shared -fPIC -o traps.so "$top_srcdir/tests/ranks/traps.c" -lm; then
        skip "no library can be preloaded here"
    fi
    line 4 '  init_scale: [1.0e-2, 1.0e200]' # a start whose products are no numbers
    call 1 run in.yaml -o ever.nc
    for ranks in 1 2; do
        status=0
        "$MPIRUN" -n "$ranks" env LD_PRELOAD="$PWD/traps.so" "$JEPAFLOW" run in.yaml -o "$ranks.nc" 2>"$err" || status=$?
        cat "$err"
        [ "$status" = 1 ]
        dataset same ever.nc "$ranks.nc"
    done
    holds ever.nc '(v("status")[:, :, 0] == 1).all()' '(v("status")[:, :, 1] == 3).all()'
}

# What is asked for is far beyond any machine; what the limit refuses, this one may well have.
@test "points without memory are rows, and leave the others alone" {
    [ "$JF_SANITIZE" != yes ] || skip "sanitizers take more room than there is"
    line 3 '  depth: [1, 1000]'
    line 6 '  near: {lambda: 1.0, rho: [0.9, 1.0]}'
    line 7 '  far: {lambda: 1.0, rho: {from: 0.5, to: 1.0, count: 16384}}'
    line 8 $'flow:\n  model: layers'
    status=0
    timeout 60 "$MPIRUN" -n 2 "$JEPAFLOW" run in.yaml -o out.nc --set objective=jepa --set depth=1000 2>"$err" || status=$?
    cat "$err"
    [ "$status" = 1 ]
    grep -qE 'point 1 of 16384 features and 1000 layers needs [0-9.]+ TB on a rank, the machine has [0-9.]+ GB' "$err"
    holds out.nc 'v("status").flatten().tolist() == [1, 2]' 'v("reason").flatten().tolist() == [0, 4]'

    line 7 '  far: {lambda: 1.0, rho: {from: 0.5, to: 1.0, count: 128}}'
    for integrator in erk bdf; do
        status=0
        timeout 60 "$MPIRUN" -n 2 "$BASH" -c 'ulimit -v 1500000 && exec "$@"' - "$JEPAFLOW" run in.yaml \
            -o "$integrator.nc" --set objective=jepa --set integrator="$integrator" 2>"$err" || status=$?
        cat "$err"
        [ "$status" = 1 ]
        grep -q 'out of memory for ' "$err"
        holds "$integrator.nc" 'v("status").flatten().tolist() == [1, 1, 1, 2]' \
            'v("reason").flatten().tolist() == [0, 0, 0, 4]'
    done
}

@test "a signal in a long point does not wait for its end" {
    start "$JEPAFLOW" run slow.yaml -o out.nc --set depth=5 --set init_scale=1.0e-4 --set objective=jepa --set tolerance=1.0e-8
    for ((i = 0; i < 500; i++)); do
        if [ -e out.nc ]; then
            break
        fi
        sleep 0.01
    done
    sleep 0.2
    kill -TERM "$job"
    begin=$SECONDS
    ends_with 75
    [ $((SECONDS - begin)) -le 2 ]
    holds out.nc '(v("status") == 0).all()' 'np.isnan(v("critical_time_theory")).all()'
}
