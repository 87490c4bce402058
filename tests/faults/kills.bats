#!/usr/bin/env bats
#
# kills.bats - kills (-9) at random instants, of mpirun, of rank 0 and of a worker in turn: while points are solved
# and written, and while points under way are saved, JEPAFLOW_KILLS of either (7; 20 take two minutes). Nothing is lost
# but what was in flight, no rank is left behind, and in the end the dataset is what it would have been.
# shellcheck disable=SC2154 # MPIRUN, out, err ... come from program.bash and tests/environment.sh

load ../support/program
load ../support/ranks

setup_file() {
    make_slow
    local begin
    begin=$(date +%s%N)
    "$MPIRUN" -n 3 "$JEPAFLOW" run "$BATS_FILE_TMPDIR/slow.yaml" -o "$BATS_FILE_TMPDIR/timed.nc" -q
    export WHOLE_RUN=$((($(date +%s%N) - begin) / 10000000)) # hundredths of a second
    # Two points of some seconds.
    if [ "$JF_SANITIZE" != yes ]; then
        cat >"$BATS_FILE_TMPDIR/long.yaml" <<'END'
sweep:
  objective: jepa
  depth: [5, 4]
  init_scale: 1.0e-3
spectra:
  many: {lambda: {from: 0.8, to: 1.0, count: 24}, rho: {from: 1.0, to: 0.5, count: 24}}
flow:
  model: layers
  integrator: rkc
  tolerance: 2.0e-6
output:
  samples: 10
END
        "$MPIRUN" -n 2 "$JEPAFLOW" run "$BATS_FILE_TMPDIR/long.yaml" -o "$BATS_FILE_TMPDIR/long.nc" -q
    fi
}

setup() {
    enter_folder_with_slow
    RANDOM=${JEPAFLOW_SEED:-$(($(date +%s) % 32768))}
    seed=$RANDOM
    RANDOM=$seed
    echo "seed: JEPAFLOW_SEED=$seed"
}

teardown() {
    end_job
}

# Sleep at random up to $1 hundredths of a second.
sleep_up_to() {
    local hundredths=$((RANDOM % $1))
    sleep "$((hundredths / 100)).$(printf '%02d' $((hundredths % 100)))"
}

# Kill mpirun, rank 0 or the last rank: in turn. The job may have ended by itself.
kill_in_turn() { # NUMBER
    local ranks
    mapfile -t ranks < <(children_of "$job" | sort -n)
    [ "${#ranks[@]}" -gt 0 ] || ranks=("$job") # none was started yet
    case $(($1 % 3)) in
        0) kill -9 "$job" ;;
        1) kill -9 "${ranks[0]}" ;;
        2) kill -9 "${ranks[-1]}" ;;
    esac 2>/dev/null
}

# Open MPI 4.1.4's mpirun may wait for ever for itself where a rank is killed while it connects (its threads stand in
# a futex, no rank is left): then it is killed too.
mpirun_ends() {
    local i
    for ((i = 0; i < 200; i++)); do
        kill -0 "$job" 2>/dev/null || break
        sleep 0.05
    done
    if kill -9 "$job" 2>/dev/null; then
        echo "mpirun did not end by itself"
    fi
    wait "$job" || true
}

# The job has ended; its ranks have too, in the seconds that mpirun takes to see it.
no_rank_is_left() { # INPUT
    local i
    for ((i = 0; i < 100; i++)); do
        pgrep -f "$JEPAFLOW run $1 -o $PWD/out.nc" >/dev/null || return 0
        sleep 0.05
    done
    echo "ranks that are left:"
    pgrep -af "$JEPAFLOW run $1 -o $PWD/out.nc"
    return 1
}

# Kill N runs of INPUT on three ranks, each when a callback says so; where a run was done before, its dataset is
# compared and begun anew. At least a third of the kills must have met a run.
kill_runs() { # N INPUT EXPECTED READY OPTION...
    local n=$1 input=$2 expected=$3 ready=$4 k met=0
    shift 4
    for ((k = 0; k < n; k++)); do
        start "$MPIRUN" -n 3 "$JEPAFLOW" run "$input" -o "$PWD/out.nc" "$@"
        "$ready"
        if kill_in_turn "$k"; then
            met=$((met + 1))
        fi
        mpirun_ends
        no_rank_is_left "$input"
        if "$JEPAFLOW" status out.nc >/dev/null 2>&1; then
            dataset same "$expected" out.nc
            rm out.nc
        fi
    done
    echo "$met of $n kills met a run"
    [ "$met" -ge $((n / 3)) ]
    on 2 run "$input" -o "$PWD/out.nc"
    dataset same "$expected" out.nc
    [ ! -e out.nc.points ]
}

# Runs that go on are shorter than a whole one.
any_time() {
    sleep_up_to $((WHOLE_RUN * 2 / 3))
}

@test "killed while points are solved and written: the same in the end" {
    kill_runs "${JEPAFLOW_KILLS:-7}" slow.yaml "$undisturbed" any_time
}

# Until a point of this run has been saved, and then for a moment; or until the run is over.
when_saved() {
    local before i
    before=$(stat -c '%n %y' out.nc.points/[0-9]* 2>/dev/null || true)
    for ((i = 0; i < 500; i++)); do
        kill -0 "$job" 2>/dev/null || return 0
        if [ "$(stat -c '%n %y' out.nc.points/[0-9]* 2>/dev/null || true)" != "$before" ]; then
            break
        fi
        sleep 0.01
    done
    sleep_up_to 20
}

@test "killed while points under way are saved: the same in the end" {
    [ "$JF_SANITIZE" != yes ] || skip "points of seconds take minutes under sanitizers"
    cp "$BATS_FILE_TMPDIR/long.yaml" .
    kill_runs "${JEPAFLOW_KILLS:-7}" long.yaml "$BATS_FILE_TMPDIR/long.nc" when_saved --save-every 00:00:00
}
