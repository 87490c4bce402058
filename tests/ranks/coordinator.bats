#!/usr/bin/env bats
#
# coordinator.bats - rank 0 keeps what is done: nothing is lost when a run is killed, stopped or out of time.
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

@test "rank 0 works, or only coordinates: the same dataset" {
    for mode in working dedicated auto; do
        on 3 run in.yaml -o "$mode.nc" --coordinator "$mode" --set 'init_scale=[1.0e-3, 1.0e-2, 0.1]'
    done
    dataset same working.nc dedicated.nc
    dataset same working.nc auto.nc
    holds dedicated.nc 'set(v("rank").flat) == {1, 2}'
    holds working.nc '0 in v("rank")'
}

@test "a rank 0 of another kind is refused, and one that would leave nobody to compute" {
    refused "--coordinator is 'lazy', expected auto, working or dedicated" run in.yaml --coordinator lazy
    refused "--coordinator is '', expected auto, working or dedicated" run in.yaml --coordinator=
    refused '--coordinator dedicated needs at least 2 ranks' run in.yaml --coordinator dedicated
    call 0 run in.yaml --coordinator working
}

@test "messages grow with ranks, not with points" {
    messages() { # POINTS
        timeout 120 "$MPIRUN" -n 3 "$top_builddir/tests/ranks/sums" "$1" 0 >"$out"
        cat "$out"
        sed -nE '1s/.* ([0-9]+) messages$/\1/p' "$out"
    }
    few=$(messages 1001 | tail -n 1)
    many=$(messages 50050 | tail -n 1)
    echo "1001 points: $few messages; 50050: $many"
    [ "$few" -gt 4 ]
    [ "$many" -lt $((few + 100)) ]
}

@test "nothing is left to do: all ranks end" {
    call 0 run in.yaml -o out.nc
    on 3 run in.yaml -o out.nc
    grep -q 'out.nc: 8 of 8 points are there already' "$err"
    on 3 run in.yaml -o out.nc --coordinator dedicated
}

@test "killed in the middle: the file is whole, and the next run goes on" {
    start "$JEPAFLOW" run slow.yaml -o out.nc
    wait_for_points 3
    kill -9 "$job"
    ends_with 137
    call 75 status out.nc
    if "${PYTHON3:-false}" -c 'import xarray'; then
        done_before=$("$PYTHON3" "$top_srcdir/tests/dataset/check.py" is_partly_done out.nc)
        [ "$done_before" -ge 3 ]
        [ "$done_before" -lt 20 ]
    fi
    call 0 run slow.yaml -o out.nc
    grep -q "out.nc: ${done_before:-[0-9]*} of 20 points are there already" "$err"
    dataset same "$undisturbed" out.nc
}

@test "it can be read while it is written" {
    start "$JEPAFLOW" run slow.yaml -o out.nc --set 'init_scale={from: 1.0e-3, to: 1.0e-2, count: 500}'
    wait_for_points 2
    if "${PYTHON3:-false}" -c 'import xarray'; then
        "$PYTHON3" "$top_srcdir/tests/dataset/check.py" done_points_are_whole out.nc
    fi
    call 75 report out.nc
    kill -0 "$job" # still at it
    kill -9 "$job"
    ends_with 137
}

@test "killed while it is laid out: no half of a dataset is left in its place" {
    start "$JEPAFLOW" run slow.yaml -o out.nc --set samples=100000
    for ((i = 0; i < 500; i++)); do
        if [ -n "$(find . -name 'out.nc*')" ]; then
            break
        fi
        sleep 0.01
    done
    kill -9 "$job"
    ends_with 137
    if [ -e out.nc ]; then
        call 75 status out.nc
    fi
    rm -f out.nc.*
}

@test "SIGTERM stops in order: exit code 75, and the next run goes on" {
    start "$JEPAFLOW" run slow.yaml -o out.nc
    wait_for_points 2
    kill -TERM "$job"
    ends_with 75
    grep -qE 'stopped with [0-9]+ of 20 points in out.nc; to go on: .*jepaflow run slow.yaml -o out.nc' "$err"
    call 75 status out.nc
    goes_on
}

@test "SIGINT stops in order" {
    start "$JEPAFLOW" run slow.yaml -o out.nc
    wait_for_points 2
    kill -INT "$job"
    ends_with 75
    call 75 status out.nc
}

@test "SIGUSR1, a batch system's warning, stops all ranks in order" {
    start "$MPIRUN" -n 3 "$JEPAFLOW" run slow.yaml -o out.nc
    wait_for_points 2
    kill -USR1 "$job"
    ends_with 75
    [ "$(grep -c '; to go on: ' "$err")" = 1 ]
    goes_on
}

@test "a walltime too short: exit code 75 again and again, until all is done" {
    [ "$JF_SANITIZE" != yes ] || skip "under sanitizers no point is done in the time"
    line 4 '  init_scale: {from: 1.0e-3, to: 1.0e-2, count: 20}'
    line 6 '  near: {lambda: 1.0, rho: {from: 0.6, to: 1.0, count: 12}}'
    line 9 $'  model: layers\n  integrator: rkc\n  tolerance: 5.0e-6' # 80 points of some 30 ms
    on 2 run in.yaml -o undisturbed.nc --set spectrum=near
    status=75
    for ((i = 0; i < 60 && status == 75; i++)); do
        status=0
        "$JEPAFLOW" run in.yaml -o out.nc --set spectrum=near --walltime 00:01 >"$out" 2>"$err" </dev/null || status=$?
        grep 'of 80 points' "$err"
    done
    echo "exit code $status after $i runs"
    [ "$status" = 0 ]
    [ "$i" -gt 1 ]
    dataset same undisturbed.nc out.nc
}

@test "a walltime of nothing does nothing, in order" {
    call 75 run slow.yaml -o out.nc --walltime 00:00:00
    grep -q 'stopped with 0 of 20 points' "$err"
    call 75 status out.nc
}

@test "the end of the batch job is a walltime" {
    SLURM_JOB_END_TIME=$(($(date +%s) - 10)) call 75 run slow.yaml -o out.nc --walltime 1:00:00
    SLURM_JOB_END_TIME=$(($(date +%s) + 3600)) call 0 run in.yaml
}

@test "--fresh forgets what was there" {
    cp "$undisturbed" out.nc
    call 75 run slow.yaml -o out.nc --fresh --walltime 0
    call 75 status out.nc
    [ "$(cat "$out")" = "out.nc: 20 points, 20 pending" ]
}

@test "failed points are not tried again, and still are no success" {
    call 1 run in.yaml -o out.nc --set max_steps=10
    call 1 run in.yaml -o out.nc --set max_steps=10
    grep -q 'out.nc: 8 of 8 points are there already' "$err"
}

@test "a full disk: exit code 3, and nothing is left behind" {
    export OMPI_MCA_ess_singleton_isolated=1 # or Open MPI writes files of its own
    status=0
    (
        trap '' XFSZ # a write beyond the limit fails, instead of ending the program
        ulimit -f 8
        "$JEPAFLOW" run slow.yaml -o out.nc 2>&1 </dev/null | cat >"$BATS_TEST_TMPDIR/pipe"
        exit "${PIPESTATUS[0]}"
    ) || status=$?
    cat "$BATS_TEST_TMPDIR/pipe"
    [ "$status" = 3 ]
    grep -q 'jepaflow: out.nc.*: cannot ' "$BATS_TEST_TMPDIR/pipe"
    [ -z "$(find . -name 'out.nc*')" ]
}
