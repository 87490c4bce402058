#!/usr/bin/env bats
#
# scripts.bats - quickstart and the job scripts, with a stand-in for jepaflow: what they start, what they refuse,
# which signals and exit codes they pass on.

setup() {
    cd "$top_srcdir"
    export JEPAFLOW="$BATS_TEST_TMPDIR/stand-in"
    export SEEN="$BATS_TEST_TMPDIR/seen"
    # It says how it was called, once a rank; told to by WAIT, it waits for SIGUSR1 and then ends with 75.
    cat >"$JEPAFLOW" <<'END'
#!/usr/bin/env bash
trap 'echo "signal $*" >>"$SEEN.$OMPI_COMM_WORLD_RANK"; exit 75' USR1
echo "$* threads $OMP_NUM_THREADS $BLIS_NUM_THREADS ranks $OMPI_COMM_WORLD_SIZE" >"$SEEN.$OMPI_COMM_WORLD_RANK"
for ((i = 0; i < ${WAIT:-0}; i++)); do sleep 0.1; done
exit "${END_WITH:-0}"
END
    chmod +x "$JEPAFLOW"
    unset OMP_NUM_THREADS BLIS_NUM_THREADS
}

@test "all shell scripts parse" {
    for script in quickstart .ci/run autogen.sh jobscripts/*.sh bench/*.sh; do
        [ ! -e "$script" ] || bash -n "$script"
    done
}

@test "quickstart --help says what it does" {
    run ./quickstart --help
    [ "$status" = 0 ]
    [[ $output == *"usage: ./quickstart"* ]]
    [[ $output == *"--check"* ]]
}

@test "quickstart refuses what it does not know" {
    run ./quickstart --chekc
    [ "$status" = 2 ]
    [[ $output == *"unknown argument: --chekc"* ]]
}

@test "the job scripts want an input and a dataset" {
    for script in slurm slurm-array gridengine workstation; do
        run "jobscripts/$script.sh" only-one.yaml
        [ "$status" != 0 ]
        [[ $output == *"INPUT.yaml OUT.nc"* ]]
    done
}

@test "job scripts that go on by themselves refuse --fresh" {
    for script in slurm gridengine; do
        run "jobscripts/$script.sh" in.yaml out.nc --fresh
        [ "$status" = 2 ]
        [[ $output == *"--fresh would begin anew each time"* ]]
    done
}

@test "workstation.sh: one thread a rank, options and exit code passed on" {
    END_WITH=75 run jobscripts/workstation.sh in.yaml "out 1.nc" --fresh
    echo "$output"
    [ "$status" = 75 ]
    ranks=$(cat "$SEEN".* | wc -l)
    [ "$ranks" -ge 1 ]
    [ "$ranks" -le "$(nproc)" ]
    [ "$(cat "$SEEN.0")" = "run in.yaml -o out 1.nc --fresh threads 1 1 ranks $ranks" ]
}

@test "slurm.sh: as many ranks as tasks, one thread each, exit code passed on" {
    SLURM_NTASKS=2 run jobscripts/slurm.sh in.yaml out.nc --set depth=3
    echo "$output"
    [ "$status" = 0 ]
    for rank in 0 1; do
        [ "$(cat "$SEEN.$rank")" = "run in.yaml -o out.nc --set depth=3 threads 1 1 ranks 2" ]
    done
    END_WITH=1 SLURM_NTASKS=1 run jobscripts/slurm.sh in.yaml out.nc
    [ "$status" = 1 ]
}

@test "slurm.sh: the warning before the time limit reaches the ranks, which end with 75" {
    WAIT=300 SLURM_NTASKS=2 jobscripts/slurm.sh in.yaml out.nc >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    job=$!
    for ((i = 0; i < 200; i++)); do
        if [ -s "$SEEN.0" ] && [ -s "$SEEN.1" ]; then
            break
        fi
        sleep 0.1
    done
    kill -USR1 "$job"
    status=0
    wait "$job" || status=$?
    cat "$BATS_TEST_TMPDIR/out"
    [ "$status" = 75 ]
    grep -q '^signal' "$SEEN.0"
}

@test "slurm.sh asks for the warning in the form that works everywhere" {
    grep -qE '^#SBATCH --signal=B:USR1@[0-9]+$' jobscripts/slurm.sh
}

# Stand-ins for Slurm's commands say what they were called with; one task has the number of the array itself.
@test "slurm-array.sh: each task its shard, and itself alone again; what was merged is merged again" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho "scontrol $*" >>"$SEEN.scontrol"\n' >"$BATS_TEST_TMPDIR/bin/scontrol"
    chmod +x "$BATS_TEST_TMPDIR/bin/scontrol"
    export PATH="$BATS_TEST_TMPDIR/bin:$PATH" SLURM_JOB_ID=12
    script="$PWD/jobscripts/slurm-array.sh"
    cd "$BATS_TEST_TMPDIR"
    END_WITH=75 SLURM_ARRAY_JOB_ID=12 SLURM_ARRAY_TASK_ID=3 run "$script" in.yaml out.nc 3
    [ "$status" = 75 ]
    [[ $output == *"no point was done or saved in this job: not submitted again"* ]]
    grep -q '^run in.yaml --shard 3/3 -o out.3-of-3.nc threads 1 1' "$SEEN."
    [ ! -e "$SEEN.scontrol" ]
    sed -i '2i touch out.3-of-3.nc' "$JEPAFLOW"
    END_WITH=75 SLURM_ARRAY_JOB_ID=12 SLURM_ARRAY_TASK_ID=3 run "$script" in.yaml out.nc 3
    [ "$status" = 75 ]
    [ "$(cat "$SEEN.scontrol")" = "scontrol requeue 12_3" ]
    run "$script" in.yaml out.nc 2
    grep -q '^merge out.1-of-2.nc out.2-of-2.nc -o out.nc --fresh' "$SEEN."
    touch out.nc
    run "$script" in.yaml out.nc 2
    grep -q '^merge out.1-of-2.nc out.2-of-2.nc out.nc -o out.nc --fresh' "$SEEN."
}

# A stand-in for qsub says what it was called with; the dataset is another one after the run, or is not.
@test "pbs.sh: half a minute less than its walltime, and the next job where this one got somewhere" {
    mkdir "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/job"
    printf '#!/bin/sh\necho "qsub $*" >>"$SEEN.qsub"\n' >"$BATS_TEST_TMPDIR/bin/qsub"
    chmod +x "$BATS_TEST_TMPDIR/bin/qsub"
    printf 'node\nnode\n' >"$BATS_TEST_TMPDIR/nodes"
    export PATH="$BATS_TEST_TMPDIR/bin:$PATH" PBS_O_WORKDIR="$BATS_TEST_TMPDIR/job" PBS_NODEFILE="$BATS_TEST_TMPDIR/nodes"
    END_WITH=75 run jobscripts/pbs.sh
    echo "$output"
    [ "$status" = 75 ]
    [[ $output == *"no point was done or saved in this job: not submitted again"* ]]
    grep -qE '^run study.yaml -o study.nc --walltime 143(70|69|68) threads 1 1 ranks 2$' "$SEEN.0"
    [ ! -e "$SEEN.qsub" ]
    sed -i '2i touch study.nc' "$JEPAFLOW"
    END_WITH=75 run "$PWD/jobscripts/pbs.sh"
    echo "$output"
    [ "$status" = 75 ]
    [ "$(cat "$SEEN.qsub")" = "qsub $PWD/jobscripts/pbs.sh" ]
    rm "$SEEN.qsub"
    END_WITH=0 run jobscripts/pbs.sh
    [ "$status" = 0 ]
    [ ! -e "$SEEN.qsub" ]
}
