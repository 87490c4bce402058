#!/usr/bin/env bats
#
# square.bats - matrices spread over ranks are what they are whole: grids of 1 x 1, 1 x 2, 1 x 3, 2 x 2.
# shellcheck disable=SC2154 # MPIRUN comes from tests/environment.sh

export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"

on() { # RANKS PROGRAM
    timeout 120 "$MPIRUN" -n "$1" "$2" >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null || {
        cat "$BATS_TEST_TMPDIR/out"
        return 1
    }
}

@test "1 rank" {
    on 1 tests/linalg/spread
}

@test "2 ranks" {
    on 2 tests/linalg/spread
}

@test "3 ranks" {
    on 3 tests/linalg/spread
}

@test "4 ranks" {
    on 4 tests/linalg/spread
}
