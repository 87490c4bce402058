#!/usr/bin/env bats
#
# brief.bats - ten seconds of looking for bytes that break the readers. `make fuzz SECONDS=1800' looks longer.
# shellcheck disable=SC2154 # top_srcdir and top_builddir come from tests/environment.sh

@test "7 s of fuzzing the input find nothing" {
    cd "$BATS_TEST_TMPDIR"
    sh "$top_srcdir/tests/fuzz/fuzz.sh" "$top_builddir/tests/fuzz/fuzz_input" "${FUZZ_SECONDS:-7}" .
}

@test "3 s of fuzzing messages and checkpoints find nothing" {
    cd "$BATS_TEST_TMPDIR"
    sh "$top_srcdir/tests/fuzz/fuzz.sh" "$top_builddir/tests/fuzz/fuzz_bytes" "${FUZZ_SECONDS:-3}" .
}
