#!/usr/bin/env bats
#
# comm.bats - ranks that talk: one or many, with mpirun or without; errors are said once and end all of them; who
# waits, sleeps.
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

@test "without mpirun it is the same" {
    goes_on
    holds out.nc '(v("rank") == 0).all()'
}

@test "a wrong input is refused once, whatever the ranks" {
    line 3 '  depth: 0'
    status=0
    before=$(snapshot)
    soon "$MPIRUN" -n 3 "$JEPAFLOW" run in.yaml -o out.nc >"$out" 2>"$err" </dev/null || status=$?
    [ "$status" = 2 ]
    [ "$(grep -c 'in.yaml:3:10: depth is 0, expected a whole number from 1 to 1024' "$err")" = 1 ]
    [ "$(grep -c '^jepaflow: ' "$err")" = 1 ]
    [ "$(snapshot)" = "$before" ]
}

@test "an output that cannot be written ends all ranks" {
    status=0
    soon timeout 60 "$MPIRUN" -n 3 "$JEPAFLOW" run in.yaml -o nowhere/out.nc >"$out" 2>"$err" </dev/null || status=$?
    [ "$status" = 2 ]
    [ "$(grep -c '^jepaflow: nowhere/out.nc: cannot write there' "$err")" = 1 ]
}

@test "a dry run is shown once, whatever the ranks" {
    on 3 run in.yaml --dry-run
    [ "$(grep -c '8 points of 2 features' "$out")" = 1 ]
}

@test "a rank killed: all end, and the next run goes on" {
    start "$MPIRUN" -n 3 "$JEPAFLOW" run slow.yaml -o out.nc
    wait_for_points 3
    kill -9 "$(children_of "$job" | tail -n 1)"
    status=0
    wait "$job" || status=$?
    [ "$status" != 0 ]
    call 75 status out.nc
    goes_on
}

@test "rank 0 killed with messages on their way to it: the others end, where mpirun leaves it to them" {
    [ "$JF_SANITIZE" != yes ] || skip "a race against the clock"
    status=0
    timeout -k 1 20 "$MPIRUN" --enable-recovery -n 2 "$top_builddir/tests/ranks/left" >"$out" 2>"$err" || status=$?
    cat "$out" "$err"
    [ "$status" != 124 ]
    grep -q '^sent$' "$out"
    grep -q 'rank 0 has ended: the others cannot wait for all ranks' "$err"
}

# Seconds of processor time that a process has used, in hundredths.
used_by() {
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# Under 5 % of a core, also rank 0, which has given the point away.
@test "idle ranks sleep: of four ranks with one point, one works" {
    [ "$(getconf CLK_TCK)" = 100 ]
    start "$MPIRUN" -n 4 "$JEPAFLOW" run slow.yaml -o out.nc --set depth=5 --set init_scale=1.0e-4 --set objective=jepa --set tolerance=1.0e-8
    for ((i = 0; i < 500; i++)); do
        if [ -e out.nc ]; then
            break
        fi
        sleep 0.01
    done
    sleep 0.3
    ranks=$(children_of "$job")
    declare -A before
    for rank in $ranks; do before[$rank]=$(used_by "$rank"); done
    begin=$(date +%s%N)
    sleep 2
    idle=0 busy=0
    wall=$((($(date +%s%N) - begin) / 10000000))
    for rank in $ranks; do
        used=$(($(used_by "$rank") - before[$rank]))
        echo "process $rank: $used of $wall hundredths of a second"
        if ((used * 20 < wall)); then idle=$((idle + 1)); fi
        if ((used * 10 > 3 * wall)); then busy=$((busy + 1)); fi
    done
    [ "$idle" = 3 ]
    [ "$busy" = 1 ]
    kill -USR1 "$job"
    ends_with 75
}
