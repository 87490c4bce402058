#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # tests/environment.sh is there when this runs
#
# run.sh PART... - what `make bench' runs, from the build's folder: measures, leaves tables and figures in
# bench/results/ (or $BENCH_RESULTS) and prints the tables as Markdown, also to summary.md there.
set -eu
. ./tests/environment.sh
here=$top_srcdir/bench
results=${BENCH_RESULTS:-bench/results}

# The tables of each part that are short enough to be read.
tables_of() { # PART
    case $1 in
        rates) echo rates ;;
        precision) echo auto-worst auto ;;
        depth) echo depth-ratios deep-points ;;
        groups) echo spread-products together ;;
        scaling) echo strong-scaling dealing ;;
        compare) echo compare ;;
        instructions) echo instructions ;;
        *)
            printf 'bench: there is no part "%s"; there are rates, precision, depth, groups, scaling, compare, instructions\n' "$1" >&2
            return 2
            ;;
    esac
}

measure() { # PART
    case $1 in
        compare | instructions | scaling) "$BASH" "$here/$1.sh" "$results" ;;
        groups) "$MPIRUN" -n 2 "bench/$1" "$results" ;;
        *) "bench/$1" "$results" ;;
    esac
}

describe_machine() {
    printf '%s, %s cores, load %s before.\n' \
        "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)" "$(getconf _NPROCESSORS_ONLN)" \
        "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)"
    bench/solve build
}

for part in "$@"; do
    tables_of "$part" >/dev/null
done
mkdir -p "$results"
describe_machine | tee "$results/summary.md"
status=0
for part in "$@"; do
    begin=$SECONDS
    for table in $(tables_of "$part"); do
        rm -f "$results/$table.tsv"
    done
    measure "$part" || status=1
    for table in $(tables_of "$part"); do
        if [ -e "$results/$table.tsv" ]; then
            awk -f "$here/markdown.awk" "$results/$table.tsv"
        fi
    done | tee -a "$results/summary.md"
    printf 'bench: %s took %d s\n' "$part" $((SECONDS - begin)) >&2
done
exit "$status"
