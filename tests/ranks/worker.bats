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

@test "1, 2 and 4 ranks write the same dataset, bit for bit" {
    line 3 '  depth: [1, 2, 3]'
    line 4 '  init_scale: [1.0e-3, 1.0e-2, 0.1]'
    line 8 $'flow:\n  rotation: random'
    for ranks in 1 2 4; do
        on "$ranks" run in.yaml -o "$ranks.nc"
    done
    dataset same 1.nc 2.nc
    dataset same 1.nc 4.nc
    holds 4.nc 'set(v("rank").flat) <= {0, 1, 2, 3}' 'len(set(v("rank").flat)) > 1'
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
