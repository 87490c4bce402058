#!/usr/bin/env bats
#
# stop.bats - points under way when a run stops: saved, gone on with, and the same in the end. Kills: kills.bats.
# shellcheck disable=SC2154 # MPIRUN, out, err ... come from program.bash and tests/environment.sh

load ../support/program
load ../support/ranks

# Two points of some seconds each, one of a hundredth; and their dataset by a run that nobody disturbed.
setup_file() {
    [ "$JF_SANITIZE" != yes ] || return 0
    cat >"$BATS_FILE_TMPDIR/long.yaml" <<'END'
sweep:
  objective: jepa
  depth: [5, 4, 1]
  init_scale: 1.0e-3
spectra:
  many: {lambda: {from: 0.8, to: 1.0, count: 24}, rho: {from: 1.0, to: 0.5, count: 24}}
flow:
  model: layers
  integrator: rkc
  tolerance: 5.0e-7
output:
  samples: 20
END
    "$MPIRUN" -n 2 "$JEPAFLOW" run "$BATS_FILE_TMPDIR/long.yaml" -o "$BATS_FILE_TMPDIR/undisturbed.nc" -q
}

setup() {
    [ "$JF_SANITIZE" != yes ] || skip "a race against the clock"
    enter_folder
    undisturbed="$BATS_FILE_TMPDIR/undisturbed.nc"
    cp "$BATS_FILE_TMPDIR/long.yaml" .
}

teardown() {
    end_job
}

# again RANKS ARG...: run long.yaml once; its exit code: $status
again() {
    local ranks=$1
    shift
    status=0
    soon timeout 120 "$MPIRUN" -n "$ranks" "$JEPAFLOW" run long.yaml -o out.nc "$@" >"$out" 2>"$err" </dev/null || status=$?
    cat "$err"
}

# Start on one rank, and stop it by a signal when it has worked for a second.
stop_under_way() {
    start "$JEPAFLOW" run long.yaml -o out.nc
    for ((i = 0; i < 600; i++)); do
        if [ "$(awk '{ print $14 }' "/proc/$job/stat")" -gt 100 ]; then # of its CPU time, in hundredths of seconds
            break
        fi
        sleep 0.02
    done
    kill -USR1 "$job"
    ends_with 75
    [ -e out.nc.points ]
}

to_the_end() {
    again 2
    [ "$status" = 0 ]
    dataset same "$undisturbed" out.nc
    [ ! -e out.nc.points ]
}

# In one go each of the two points takes longer than a walltime.
@test "a point longer than the walltime is done by running again, the same bit for bit" {
    times=0
    status=75
    while [ "$status" = 75 ]; do
        times=$((times + 1))
        [ "$times" -le 30 ]
        again 2 --walltime 00:00:02
    done
    [ "$status" = 0 ]
    [ "$times" -ge 2 ]
    dataset same "$undisturbed" out.nc
    [ ! -e out.nc.points ]
}

@test "a signal saves the points under way; they go on, on another number of ranks" {
    stop_under_way
    to_the_end
}

@test "what was saved and is damaged is named, and its point starts anew" {
    stop_under_way
    saved=$(find out.nc.points -type f | head -n 1)
    printf 'X' | dd of="$saved" bs=1 seek=1000 conv=notrunc 2>/dev/null
    to_the_end
    grep -q "$saved: it is damaged: point [0-9]* starts anew" "$err"
}

@test "--fresh forgets what was saved" {
    stop_under_way
    again 2 --fresh
    [ "$status" = 0 ]
    dataset same "$undisturbed" out.nc
    [ ! -e out.nc.points ]
}

@test "saving that cannot be is said, and the run goes on" {
    : >out.nc.points
    again 2 --save-every 00:00:01
    [ "$status" = 0 ]
    grep -q 'out.nc.points/[0-9]*.new: cannot create it' "$err"
    dataset same "$undisturbed" out.nc
}
