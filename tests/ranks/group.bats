#!/usr/bin/env bats
#
# group.bats - ranks that solve points together and then part, by a sweep whose points are sums (sums.c): groups of
# 1, 2 and 3, with a rank 0 that works and one that does not, wide points and narrow ones.
# shellcheck disable=SC2154 # MPIRUN, top_builddir come from tests/environment.sh

load ../support/ranks

export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"

# sums RANKS POINTS WIDE [STOP]: all is right, and told of as many sweeps as there are with so many ranks
sums() {
    local ranks=$1 lines
    shift
    timeout 120 "$MPIRUN" -n "$ranks" "$top_builddir/tests/ranks/sums" "$@" >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null || {
        cat "$BATS_TEST_TMPDIR/out"
        return 1
    }
    lines=$(grep -c 'status 0 .* 0 wrong' "$BATS_TEST_TMPDIR/out")
    echo "$ranks ranks: $lines sweeps"
    [ "$lines" = $((ranks == 1 ? 3 : 6)) ]
}

@test "wide points by groups, narrow ones by single ranks: 1 to 7 ranks" {
    for ranks in 1 2 3 4 5 6 7; do
        sums "$ranks" 40 3
    done
}

@test "all points wide, none wide, one point, no point, more ranks than points" {
    sums 5 20 1
    sums 5 20 0
    sums 5 1 1
    sums 5 0 1
    sums 7 3 2
}

@test "stopped in the middle again and again: each point is solved once" {
    sums 4 30 2 4
    sums 7 60 3 7
}

@test "where nothing can be kept any more, not even the last words, all ranks end" {
    for stop in 1 3 10 20; do
        timeout 60 "$MPIRUN" -n 4 "$top_builddir/tests/ranks/sums" 60 2 "$stop" fail >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null
        [ "$(grep -c ' 0 wrong' "$BATS_TEST_TMPDIR/out")" = 6 ]
    done
    cat "$BATS_TEST_TMPDIR/out"
    grep -q 'status 3 after 1 runs' "$BATS_TEST_TMPDIR/out"
    [ "$(grep -c 'status 0' "$BATS_TEST_TMPDIR/out")" = 0 ]
}

@test "a leader that dies before it has told its member that they part: the member does what is left" {
    [ "$JF_SANITIZE" != yes ] || skip "a race against the clock"
    timeout -k 1 20 "$MPIRUN" --enable-recovery -n 3 "$top_builddir/tests/ranks/parted" >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null ||
        [ "$?" != 124 ]
    cat "$BATS_TEST_TMPDIR/out"
    points=$(sed -nE 's/^status .*, ([0-9]+) points$/\1/p' "$BATS_TEST_TMPDIR/out")
    [ "$points" -gt 10 ] # but for the leader's
}

@test "thousands of points through one group" {
    [ "$JF_SANITIZE" != yes ] || skip "a matter of MPI's resources, slow under sanitizers"
    sums 3 5000 1
}
