#!/bin/sh
# fuzz.sh TARGET SECONDS FOLDER - run a fuzz target, for `make fuzz' and brief.bats. New ways through the readers
# are kept in FOLDER/corpus-NAME, what breaks them in FOLDER/findings-NAME; nothing found: exit code 0.
# shellcheck disable=SC2154 # top_srcdir comes from tests/environment.sh
set -eu
name=${1##*/fuzz_}
corpus=$3/corpus-$name
findings=$3/findings-$name
mkdir -p "$corpus" "$findings"
more=
if [ "$name" = input ]; then
    more=$top_srcdir/inputs
fi
# An input is read in well under 5 s and 200 MB, sanitizers included; no single piece of memory is of 64 MB.
exec "$1" -max_total_time="$2" -timeout=5 -rss_limit_mb=600 -malloc_limit_mb=64 \
    -max_len=4096 -dict="$top_srcdir/tests/fuzz/$name.dict" -artifact_prefix="$findings/" -print_final_stats=1 \
    "$corpus" "$top_srcdir/tests/fuzz/corpus/$name" ${more:+"$more"}
