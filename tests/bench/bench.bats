#!/usr/bin/env bats
#
# bench.bats - each part of `make bench', cut down to seconds: its tables are there, whole and of finite numbers, and
# what is missing is said and left out.
# shellcheck disable=SC2154 # top_srcdir ... come from tests/environment.sh

setup() {
    [ "$JF_SANITIZE" != yes ] || skip "sanitizers change what it measures"
    cd "$top_builddir" || return 1
    export BENCH_QUICK=1 BENCH_RESULTS="$BATS_TEST_TMPDIR"
}

# part NAME: run one part
part() {
    "$BASH" "$top_srcdir/bench/run.sh" "$1" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || {
        cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
        return 1
    }
}

# whole NAME ROWS COLUMN...: a table of at least so many rows, each with all cells; numbers above 0 in those columns
whole() {
    local name=$1 rows=$2
    shift 2
    awk -F '\t' -v least="$rows" -v columns="$*" '
        FNR == 2 { cells = NF }
        FNR > 2 && (NF != cells || tolower($0) ~ /nan|inf/) { print "not whole: " $0; wrong = 1 }
        FNR > 2 {
            rows++
            for (i = split(columns, c, " "); i > 0; i--) {
                if (!($(c[i]) + 0 > 0)) { print "column " c[i] " is no number above 0: " $0; wrong = 1 }
            }
        }
        END { if (rows < least) { print rows + 0 " rows"; wrong = 1 } exit wrong }' "$BENCH_RESULTS/$name.tsv"
}

figure() { # NAME
    [ -n "$GNUPLOT" ] && command -v "$GNUPLOT" >/dev/null || return 0
    [ -s "$BENCH_RESULTS/$1.pdf" ]
    [ -s "$BENCH_RESULTS/$1.png" ]
}

@test "rates: both models, several widths, printed as Markdown" {
    part rates
    whole rates 4 4 5 6 7 8 9 10 11 12 13
    grep -q '^| layers | 8 | 15 |' "$BENCH_RESULTS/out"
    grep -q '^|---|---|' "$BENCH_RESULTS/summary.md"
}

@test "groups: products and points, on two ranks" {
    part groups
    whole spread-products 4 1 3
    whole together 2 3 4
    awk -F '\t' 'FNR > 2 && $8 > 1e-9 { wrong = 1 } END { exit wrong }' "$BENCH_RESULTS/together.tsv"
}

@test "scaling: the ledger, virtual ranks, runs on all cores as predicted, points through two ranks" {
    part scaling
    whole ledger 3 1 2 4 5 6
    whole virtual 3 1 2 3 4 5 6 7
    whole messages 3 1 2
    whole strong-scaling 2 1 2 3 4 6
    whole dealing 2 1 2 3 4
}

@test "precision: every integrator of the program, and auto against the best" {
    part precision
    whole precision 20 6 7 8
    # the line after it in the help: "auto, erk or rkc; default: auto"
    integrators=$("$JEPAFLOW" run --help | sed -n '/ integrator /{n;s/;.*//;s/auto\|or\|,//g;p}')
    [[ $integrators == *erk* ]]
    for integrator in $integrators; do
        grep -q "	$integrator	" "$BENCH_RESULTS/precision.tsv"
    done
    whole auto 8 4 5 6 7 8 9 10 11
    whole auto-worst 4 3
    figure precision-jepa
    figure precision-mae
}

@test "depth: from 1 to 1024, and a deep point near theory" {
    part depth
    whole depth 12 5 6 # a slow machine leaves out the longest
    if [ "$JF_SANITIZE" != yes ]; then # it may be too slow for the deepest
        grep -q '^balanced	16	1024	' "$BENCH_RESULTS/depth.tsv"
    fi
    whole deep-points 2 5 6
    awk -F '\t' 'FNR > 2 && $7 > 1e-4 { exit 1 }' "$BENCH_RESULTS/deep-points.tsv"
    figure depth
}

@test "compare: SciPy and PyTorch, where they are, find the same critical times" {
    part compare
    whole compare 2 4 5 6 7
    awk -F '\t' 'FNR > 2 && $6 > $2 { print; exit 1 }' "$BENCH_RESULTS/compare.tsv"
    if "${PYTHON3:-false}" -c 'import scipy'; then
        grep -q 'SciPy RK45' "$BENCH_RESULTS/compare.tsv"
    else
        grep -q 'no Python with scipy' "$BENCH_RESULTS/err"
    fi
    if "${PYTHON3:-false}" -c 'import torch'; then
        grep -q 'PyTorch' "$BENCH_RESULTS/compare.tsv"
    else
        grep -q 'no Python with torch' "$BENCH_RESULTS/err"
    fi
}

@test "compare without SciPy and PyTorch says so" {
    PYTHON3=false run "$BASH" "$top_srcdir/bench/compare.sh" "$BENCH_RESULTS"
    echo "$output"
    [ "$status" = 0 ]
    [[ $output == *"no Python with scipy (Debian: python3-scipy); it is left out"* ]]
    [[ $output == *"no Python with torch (Debian: python3-torch); it is left out"* ]]
    whole compare 2 4 5 6 7 9 10
}

@test "instructions: counted, where valgrind is and can" {
    part instructions
    if [ -e "$BENCH_RESULTS/instructions.tsv" ]; then
        whole instructions 1 2 3 4
    else
        grep -qE 'valgrind is missing|sanitizers|cannot run' "$BENCH_RESULTS/err"
    fi
}

@test "instructions without valgrind says so" {
    VALGRIND='' run "$BASH" "$top_srcdir/bench/instructions.sh" "$BENCH_RESULTS"
    echo "$output"
    [ "$status" = 0 ]
    [[ $output == *"valgrind is missing (Debian: valgrind); they are not counted"* ]]
    [ ! -e "$BENCH_RESULTS/instructions.tsv" ]
}

@test "an unknown part is refused, with those there are" {
    run "$BASH" "$top_srcdir/bench/run.sh" raets
    [ "$status" = 2 ]
    [[ $output == *'no part "raets"'* ]]
    [[ $output == *"rates, precision, depth, groups, scaling, compare, instructions"* ]]
}
