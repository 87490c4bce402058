#!/usr/bin/env bats
#
# together.bats - points solved by several ranks together come out as on one: 1 x 1, 1 x 2, 1 x 3, 2 x 2 grids.
# shellcheck disable=SC2154 # MPIRUN comes from tests/environment.sh

export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"

on() { # RANKS ARG...
    timeout 240 "$MPIRUN" -n "$@" >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null || {
        cat "$BATS_TEST_TMPDIR/out"
        return 1
    }
}

@test "1 rank" {
    on 1 tests/flow/together
}

@test "2 ranks" {
    on 2 tests/flow/together
}

@test "3 ranks" {
    on 3 tests/flow/together few
}

@test "4 ranks" {
    on 4 tests/flow/together few
}

@test "5000 points on one grid" {
    [ "$JF_SANITIZE" != yes ] || skip "minutes under sanitizers"
    on 2 tests/flow/together many
}
