#!/usr/bin/env bats
#
# batch.bats - the job scripts under real schedulers: jobs that outlast their time go on without a person, what is
# cancelled keeps what was done, an array merged is the same dataset as one run. `make check-batch' waits for real
# time limits as well, which takes minutes.
# shellcheck disable=SC2154 # MPIRUN, out, err ... come from program.bash and tests/environment.sh

load ../support/program
load ../support/ranks

setup_file() {
    if [ "$JF_SANITIZE" != yes ] && [ -n "$JEPAFLOW_BATCH" ]; then
        make_slow 1.0e-5
    fi
}

setup() {
    [ -n "$JEPAFLOW_BATCH" ] || skip "no schedulers to start: there is no ../shared/batch beside the source"
    [ "$JF_SANITIZE" != yes ] || skip "schedulers and ranks are the same under sanitizers, and slow"
    [ "$(id -u)" = 0 ] || skip "only root can start a scheduler"
    enter_folder_with_slow
    scripts="$top_srcdir/jobscripts"
    unset SLURM_JOB_ID JOB_ID PBS_JOBID
    # Folders of schedulers have short names: sockets are in them. Ports are those of no other test. The packages of
    # Grid Engine, which are unpacked there and not installed, stay for the next time.
    export ONE_NODE_SLURM_DIR=/tmp/jf-slurm.$$ ONE_NODE_SGE_DIR=/tmp/jepaflow-sge
    export ONE_NODE_SLURM_PORT=$((21000 + $$ % 1000 * 8))
    export ONE_NODE_SGE_PORT=$((ONE_NODE_SLURM_PORT + 4))
}

teardown() {
    case ${scheduler-} in
        *-slurm.sh) "$scheduler" clean >&2 || true ;;
        *-sge.sh) "$scheduler" stop >&2 || true ;;
    esac
}

use() { # SCRIPT: start a scheduler
    scheduler="$JEPAFLOW_BATCH/$1"
    "$scheduler" start 3>&- >"$out" 2>&1 || {
        cat "$out"
        return 1
    }
    eval "$("$scheduler" env)"
}

use_slurm() { # PROCTRACK
    if ! command -v slurmctld munged >/dev/null; then
        skip "slurm-wlm and munge are not installed"
    fi
    if [ "$1" = cgroup ] && [ ! -w /sys/fs/cgroup/freezer ]; then
        skip "no freezer of cgroups here"
    fi
    ONE_NODE_SLURM_CPUS=12 ONE_NODE_SLURM_PROCTRACK=$1 use one-node-slurm.sh
}

use_grid_engine() {
    "$JEPAFLOW_BATCH/one-node-sge.sh" install >"$out" 2>&1 || skip "the packages of Grid Engine cannot be had"
    use one-node-sge.sh
}

# Wait, up to $1 tenths of a second, until the rest succeeds.
wait_until() {
    local i tenths=$1
    shift
    for ((i = 0; i < tenths; i++)); do
        if "$@" >/dev/null 2>&1; then
            return 0
        fi
        sleep 0.1
    done
    echo "not in time: $*"
    tail -n 20 ./*.out ./*.o[0-9]* 2>/dev/null
    return 1
}

done_in() { # FILE: points that are done
    "$JEPAFLOW" status "$1" 2>/dev/null | sed -nE 's/.* ([0-9]+) done.*/\1/p'
}
has() { # FILE N: at least N points are done
    local count
    count=$(done_in "$1")
    [ "${count:-0}" -ge "$2" ]
}

state_is() { # JOB STATE
    scontrol show job "$1" | grep -q "JobState=$2"
}
submit() { # NAME ARG...: a job of two ranks and a minute
    local name=$1
    shift
    sbatch --parsable --ntasks=2 --time=00:01:00 --output="$name.out" "$scripts/slurm.sh" slow.yaml "$name.nc" "$@"
}

# Three jobs at once: one outlasts its walltime, one is warned of its limit, one is cancelled.
submit_three() {
    short=$(submit short --walltime 00:00:01)
    warned=$(submit warned)
    cancelled=$(submit cancelled)
    wait_until 200 has warned.nc 2
    scancel --batch --signal=USR1 "$warned" # as Slurm does for --signal=B:USR1@60
    wait_until 200 has cancelled.nc 2
    kept=$(done_in cancelled.nc)
    scancel "$cancelled"
}

# None of them lost a point, and but for the cancelled one nobody was needed.
three_are_right() {
    wait_until 600 state_is "$short" COMPLETED
    wait_until 600 state_is "$warned" COMPLETED
    wait_until 100 state_is "$cancelled" CANCELLED
    cat ./*.out
    dataset same "$undisturbed" short.nc
    dataset same "$undisturbed" warned.nc
    scontrol show job "$short" | grep -q 'Restarts=[1-9]'
    scontrol show job "$warned" | grep -q 'Restarts=1'
    grep -q 'time left: 00:00:[0-9]*, by squeue' warned.out
    grep -q 'points in warned.nc; to go on: submit the same job script again' warned.out
    has cancelled.nc "$kept"
    call 0 run slow.yaml -o cancelled.nc
    dataset same "$undisturbed" cancelled.nc
}

# A job that stops before it has done anything goes round once more, as its dataset is new, and then no more.
nowhere_is_right() {
    wait_until 300 state_is "$nowhere" FAILED
    grep -q 'no point was done or saved in this job: not submitted again' nowhere.out
    scontrol show job "$nowhere" | grep -q 'ExitCode=75:0'
}

array_is_right() {
    wait_until 600 test -e array.nc
    dataset same "$undisturbed" array.nc
}

@test "Slurm, processes tracked by their parents: jobs go on by themselves, an array is merged, nothing is lost" {
    use_slurm linuxproc
    nowhere=$(submit nowhere --walltime 00:00:00)
    "$scripts/slurm-array.sh" slow.yaml array.nc 3
    submit_three
    three_are_right
    nowhere_is_right
    array_is_right
}

@test "Slurm, processes tracked by cgroups: jobs go on by themselves, nothing is lost" {
    use_slurm cgroup
    submit_three
    three_are_right
}

@test "Grid Engine: a job is queued again until all is done; what is deleted keeps its points" {
    use_grid_engine
    local short deleted kept
    short=$(qsub -terse -V -pe mpi 2 -N short "$scripts/gridengine.sh" slow.yaml short.nc --walltime 00:00:01)
    deleted=$(qsub -terse -V -pe mpi 2 -N deleted -l h_rt=00:02:00 "$scripts/gridengine.sh" slow.yaml deleted.nc)
    wait_until 200 has deleted.nc 2
    kept=$(done_in deleted.nc)
    qdel "$deleted"
    wait_until 600 eval '! qstat -j '"$short"
    wait_until 100 eval '! qstat -j '"$deleted"
    cat ./*.o[0-9]*
    dataset same "$undisturbed" short.nc
    grep -q 'stopped with .* to go on: submit the same job script again' short.o*
    grep -q 'time left: 00:01:[0-9]*, by --walltime' deleted.o*
    grep -q 'stopped with .* points in deleted.nc' deleted.o*
    has deleted.nc "$kept"
    call 0 run slow.yaml -o deleted.nc
    dataset same "$undisturbed" deleted.nc
}

# More work than fits into a job of a minute: Slurm's own warning and its own limit.
outlives_the_limit() { # TRACKING
    [ "${JEPAFLOW_CHECK_BATCH-}" = yes ] || skip "takes minutes: make check-batch"
    use_slurm "$1"
    job=$(submit "$1" --set tolerance=1.0e-9 --set 'depth=[2, 3, 4, 5]' --set 'objective=jepa')
    wait_until 6000 state_is "$job" COMPLETED
    cat "$1.out"
    scontrol show job "$job" | grep -q 'Restarts=[1-9]'
    call 0 status "$1.nc"
}

@test "Slurm, processes tracked by their parents: a sweep longer than the time limit is done by the next job" {
    outlives_the_limit linuxproc
}

@test "Slurm, processes tracked by cgroups: a sweep longer than the time limit is done by the next job" {
    outlives_the_limit cgroup
}
