#!/usr/bin/env bats
#
# corpus.bats - what fuzzing has found, and the ways through the readers that it knows, once each.
# shellcheck disable=SC2154 # top_srcdir and top_builddir come from tests/environment.sh

@test "every input of the fuzzer's corpus is a plan, or refused in one line with its place" {
    "$top_builddir/tests/fuzz/replay_input" "$top_srcdir/tests/fuzz/corpus/input" "$top_srcdir/inputs"
}

@test "every message and checkpoint of the fuzzer's corpus is taken whole, or refused" {
    "$top_builddir/tests/fuzz/replay_bytes" "$top_srcdir/tests/fuzz/corpus/bytes"
}
