#!/usr/bin/env bash
# shellcheck disable=SC2154 # top_srcdir ... come from tests/environment.sh
#
# instructions.sh FOLDER - instructions of some right-hand sides in whole points, counted by callgrind: a figure
# that no other load on the machine moves. Writes FOLDER/instructions.tsv and holds it against bench/instructions.tsv,
# which is such a table (copy it there to renew it), if that came of the same compiler, flags and kernels.
set -eu
table=$1/instructions.tsv
reference=$top_srcdir/bench/instructions.tsv
most=3 # percent by which a count may exceed its reference

leave_out() {
    printf 'bench: instructions: %s; they are not counted\n' "$1" >&2
    exit 0
}

if [ -n "${BENCH_QUICK-}" ]; then
    cases="layers,8,2"
else
    cases="layers,8,40 balanced,8,40 layers,128,3 balanced,128,3" # model, d, steps
fi

[ -n "${VALGRIND-}" ] || leave_out "valgrind is missing (Debian: valgrind)"
[ "${JF_SANITIZE-no}" != yes ] || leave_out "this build has sanitizers, which valgrind cannot run"
build=$("$VALGRIND" --tool=none -q bench/solve build 2>/dev/null) ||
    leave_out "valgrind cannot run this program on this machine"

# Instructions and right-hand sides.
count() { # MODEL D STEPS
    local log counted
    log=$("$VALGRIND" --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
        --toggle-collect=jf_flow_solve bench/solve "$2" 0.4 depth=5 "model=$1" integrator=erk "max_steps=$3" \
        samples=5 2>&1)
    counted=$(sed -n 's/.*Collected : *//p' <<<"$log")
    awk -v counted="$counted" -v FS='\t' '$2 > 0 { print counted, $2 }' <<<"$(grep -v '^==' <<<"$log")"
}

comparable=no
if [ -n "${BENCH_QUICK-}" ]; then
    printf 'bench: instructions: of some steps only; they are counted, but not compared\n' >&2
elif grep -qxF "# Instructions, by callgrind: $build" "$reference" 2>/dev/null; then
    comparable=yes
else
    printf 'bench: instructions: the reference is of another build; they are counted, but not compared\n' >&2
fi

# Instructions of a right-hand side in the reference, or nothing.
expected() { # NAME
    [ "$comparable" = no ] || awk -F '\t' -v name="$1" '$1 == name { print $4 }' "$reference"
}

status=0
{
    printf '# Instructions, by callgrind: %s\n' "$build"
    printf '# point\tinstructions\tright-hand sides\ta right-hand side\treference\tchange %%\n'
    for case in $cases; do
        IFS=, read -r model d steps <<<"$case"
        name="$model, d = $d"
        read -r counted evaluations <<<"$(count "$model" "$d" "$steps")"
        awk -v OFS='\t' -v name="$name" -v n="$counted" -v e="$evaluations" -v most="$most" \
            -v was="$(expected "$name")" 'BEGIN {
                change = was == "" ? 0 : 100 * (n / e / was - 1)
                print name, n, e, sprintf("%.0f", n / e), (was == "" ? "-\t-" : was OFS sprintf("%.2f", change))
                exit (change > most)
            }' || {
            printf 'bench: instructions: %s: more than %s %% above the reference\n' "$name" "$most" >&2
            status=1
        }
    done
} >"$table"
exit "$status"
