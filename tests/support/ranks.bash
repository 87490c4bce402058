# ranks.bash - for tests under mpirun: a sweep of some seconds, started, waited for, killed, gone on with.
#
#   make_slow [TOLERANCE]       in setup_file: slow.yaml and its dataset by a run that nobody disturbed
#   enter_folder_with_slow      in setup: a folder of the test's own with in.yaml and slow.yaml; $undisturbed
#   on N ARG...                 run the program on N ranks, with success
#   start COMMAND...            start it, as $job; its output: $out, $err
#   wait_for_points N           until N points of out.nc are done
#   ends_with STATUS            wait for $job
#   goes_on                     run slow.yaml to its end: out.nc is what it would be had nothing happened
#   end_job                     in teardown
#   soon MPIRUN...              without the 2 s that mpirun sleeps when a rank has ended with an exit code
# shellcheck shell=bash disable=SC2154

# 20 points of some 0.05 s; twice as long with a tolerance of 1.0e-5
make_slow() {
    cat >"$BATS_FILE_TMPDIR/slow.yaml" <<END
sweep:
  objective: [jepa, mae]
  depth: [2, 3]
  init_scale: {from: 1.0e-3, to: 1.0e-2, count: 5, spacing: log}
spectra:
  sixteen: {lambda: {from: 0.8, to: 1.0, count: 16}, rho: {from: 1.0, to: 0.5, count: 16}}
flow:
  model: layers
  integrator: rkc
  tolerance: ${1:-1.0e-4}
output:
  samples: 10
END
    "$MPIRUN" -n 2 "$JEPAFLOW" run "$BATS_FILE_TMPDIR/slow.yaml" -o "$BATS_FILE_TMPDIR/undisturbed.nc" -q
}

enter_folder_with_slow() {
    enter_folder
    undisturbed="$BATS_FILE_TMPDIR/undisturbed.nc"
    cp "$BATS_FILE_TMPDIR/slow.yaml" .
}

end_job() {
    if [ -n "${job-}" ] && kill -0 "$job" 2>/dev/null; then
        kill -9 "$job" # of a test that failed half way
    fi
}

on() {
    local ranks=$1 status=0
    shift
    timeout 120 "$MPIRUN" -n "$ranks" "$JEPAFLOW" "$@" >"$out" 2>"$err" </dev/null || status=$?
    echo "$ranks ranks: jepaflow $*: exit code $status"
    cat "$err"
    [ "$status" = 0 ]
}

soon() {
    OMPI_MCA_odls_base_sigkill_timeout=0 "$@"
}

start() {
    "$@" >"$out" 2>"$err" </dev/null 3>&- &
    job=$!
}

# Wait until at least $1 points of out.nc are done, as `status' says while it is written.
wait_for_points() {
    local i count
    for ((i = 0; i < 600; i++)); do
        count=$("$JEPAFLOW" status out.nc 2>/dev/null | sed -nE 's/.* ([0-9]+) done.*/\1/p')
        if [ "${count:-0}" -ge "$1" ]; then
            return 0
        fi
        sleep 0.02
    done
    echo "no $1 points were done in time"
    return 1
}

ends_with() {
    local status=0
    wait "$job" || status=$?
    echo "it ended with $status"
    cat "$err"
    [ "$status" = "$1" ]
}

goes_on() {
    call 0 run slow.yaml -o out.nc
    dataset same "$undisturbed" out.nc
}

# The processes that a process has started; others may end while they are looked at.
children_of() {
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v parent="$1" '$4 == parent { print $1 }'
}
