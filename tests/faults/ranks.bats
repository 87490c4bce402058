#!/usr/bin/env bats
#
# ranks.bats - ranks that die: named with their points, survived by the others where mpirun lets them, given up with a
# point that ends rank after rank; signals to one rank; clocks that jump.
# shellcheck disable=SC2154 # MPIRUN, out, err ... come from program.bash and tests/environment.sh

load ../support/program
load ../support/ranks

# A point of ten seconds or so, and one of a hundredth of a second.
setup() {
    [ "$JF_SANITIZE" != yes ] || skip "a race against the clock"
    enter_folder
    cat >long.yaml <<'END'
sweep:
  objective: jepa
  depth: 8
  init_scale: 1.0e-3
  spectrum: [many, one]
spectra:
  many: {lambda: {from: 0.8, to: 1.0, count: 32}, rho: {from: 1.0, to: 0.5, count: 32}}
  one: {lambda: 1.0, rho: [1.0]}
flow:
  model: layers
  integrator: rkc
  tolerance: 1.0e-7
output:
  samples: 10
END
}

teardown() {
    end_job
}

# Start on two ranks, and wait until the logbook says that the long point, point 0, is under way at rank 1.
start_long() { # OPTION OF MPIRUN...
    local i
    touch before
    start "$MPIRUN" "$@" -n 2 "$JEPAFLOW" run long.yaml -o out.nc --coordinator working
    for ((i = 0; i < 500; i++)); do
        if [ out.nc.points/logbook -nt before ] && grep -q '^point 0 rank 1' out.nc.points/logbook; then
            break
        fi
        sleep 0.02
    done
    mapfile -t ranks < <(children_of "$job" | sort -n)
    [ "${#ranks[@]}" = 2 ]
}

ends_within() { # SECONDS
    local i
    for ((i = 0; i < 20 * $1; i++)); do
        kill -0 "$job" 2>/dev/null || return 0
        sleep 0.05
    done
    echo "it has not ended after $1 s"
    cat "$err"
    return 1
}

@test "a rank that dies is named with its point, which is given up when it has ended three" {
    for _ in 1 2 3; do
        start_long
        kill -9 "${ranks[1]}"
        ends_within 10
        cat "$err"
        grep -q 'rank 1 has ended while solving point 0 (spectrum=many)' "$err"
        grep -q 'points in out.nc; to go on: mpirun -n 2 .*jepaflow run long.yaml -o out.nc --coordinator working' "$err"
    done
    status=0
    timeout 120 "$MPIRUN" -n 2 "$JEPAFLOW" run long.yaml -o out.nc 2>"$err" || status=$?
    cat "$err"
    [ "$status" = 1 ]
    grep -q 'point 0 (spectrum=many) has ended 3 ranks: it is given up' "$err"
    holds out.nc 'v("status").flatten().tolist() == [2, 1]' 'v("reason").flatten().tolist() == [5, 0]'
    call 1 report out.nc
    grep -q rank_died "$out"
    [ ! -e out.nc.points ]
}

@test "the others go on where mpirun lets them, and say what is missing" {
    start_long --enable-recovery
    kill -9 "${ranks[1]}"
    ends_within 20 # mpirun says 0, whatever the ranks say
    cat "$err"
    grep -q 'rank 1 has ended while solving point 0' "$err"
    grep -q 'stopped with 1 of 2 points in out.nc' "$err"
    holds out.nc 'v("status").flatten().tolist() == [0, 1]'
}

@test "without rank 0 the others end too, and the next run says what was under way" {
    start_long --enable-recovery
    sleep 1 # of less it is not worth saving
    kill -9 "${ranks[0]}"
    ends_within 10
    grep -q 'rank 0 has ended: the others save what is under way, and end' "$err"
    [ -s out.nc.points/0 ]
    start_long
    kill -USR1 "$job"
    ends_with 75
    grep -q 'the last run ended without a word while rank 1 solved point 0 (spectrum=many)' "$err"
    [ ! -e out.nc.points/logbook ]
}

@test "a signal to one rank alone stops them all in order" {
    for name in TERM USR2; do
        start_long
        sleep 1
        kill -"$name" "${ranks[1]}"
        ends_with 75
        grep -q 'stopped with [0-9]* of 2 points in out.nc; to go on: mpirun -n 2 ' "$err"
        [ -s out.nc.points/0 ]
    done
}

@test "what is said of going on can be said as it is" {
    start "$JEPAFLOW" run long.yaml -o "out of order.nc" --fresh --set 'title=It'\''s mine'
    sleep 0.5
    kill -USR1 "$job"
    ends_with 75
    again=$(sed -n 's/.*; to go on: //p' "$err")
    [ "$again" = "$JEPAFLOW run long.yaml -o 'out of order.nc' --set 'title=It'\\''s mine'" ]
}

# A library that is loaded first sets the date a day back, and on again, at each look at it.
@test "dates that jump move neither walltime nor result" {
    cat >jump.c <<'END'
#include <time.h>
#include <sys/syscall.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *now)
{
    static int looks;
    const long failed = syscall(SYS_clock_gettime, id, now);
    if (id == CLOCK_REALTIME && looks++ % 2 == 0) {
        now->tv_sec -= 86400;
    }
    return (int)failed;
}
END
    # shellcheck disable=SC2086
    $TEST_CC -D_GNU_SOURCE -shared -fPIC -o jump.so jump.c
    call 0 run in.yaml -o ever.nc
    for ranks in 1 2; do
        status=0
        timeout 60 "$MPIRUN" -n "$ranks" env LD_PRELOAD="$PWD/jump.so" "$JEPAFLOW" run in.yaml -o "$ranks.nc" 2>"$err" ||
            status=$?
        cat "$err"
        [ "$status" = 0 ]
        dataset same ever.nc "$ranks.nc"
        holds "$ranks.nc" '(v("started") >= 0).all()' '(v("seconds") < 10).all()'
    done
    begin=$SECONDS
    status=0
    LD_PRELOAD="$PWD/jump.so" "$JEPAFLOW" run long.yaml -o out.nc --walltime 2 2>"$err" || status=$?
    cat "$err"
    [ "$status" = 75 ]
    [ $((SECONDS - begin)) -le 4 ]
}
