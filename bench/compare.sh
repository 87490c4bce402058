#!/usr/bin/env bash
# shellcheck disable=SC2086,SC2154 # words apart; top_srcdir ... come from tests/environment.sh
#
# compare.sh FOLDER - the same critical times at the same error by jepaflow, SciPy and PyTorch, one core each;
# writes FOLDER/compare.tsv. What is not installed is left out, with a message. PYTHON3 may name another Python.
set -eu
here=$top_srcdir/bench/compare
table=$1/compare.tsv
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

if [ -n "${BENCH_QUICK-}" ]; then
    cases="4,2,1.0e-2"
    targets="1e-03"
    budgets="1 0.2"
else
    cases="16,4,1.0e-3 16,3,1.0e-2" # d, L, eps
    targets="1e-04 1e-06" # as Python prints them
    budgets="15 6" # seconds of a run: SciPy, PyTorch
fi
read -r scipy_budget torch_budget <<<"$budgets"

has() { # MODULE PACKAGE
    "${PYTHON3:-false}" -c "import $1" 2>/dev/null || {
        printf 'bench: compare: no Python with %s (Debian: %s); it is left out\n' "$1" "$2" >&2
        return 1
    }
}

scripts=
! has scipy python3-scipy || scripts="scipy_flow.py,$scipy_budget"
! has torch python3-torch || scripts="$scripts torch_descent.py,$torch_budget"

# The rows of one case: target, program, setting, work, error, seconds, how.
run_case() { # D L EPS
    local target model script
    for target in $targets; do
        for model in layers auto; do
            BENCH_TARGET=$target bench/solve "$1" 0.4 "depth=$2" "init_scale=$3" "model=$model" samples=0 \
                horizon=1.01 | awk -v OFS='\t' -v target="$target" -v model="$model" \
                '{ print target, "jepaflow " model, $1, $2, $3, $4, "measured, " $5 }'
        done
    done
    for script in $scripts; do
        "$PYTHON3" "$here/${script%,*}" --width "$1" --depth "$2" --init-scale "$3" --budget "${script#*,}" \
            --target $targets
    done
}

{
    printf '# The same critical times, the largest relative error below a target: JEPA, lambda = 1, rho from 1 to 0.4; '
    printf 'the fastest run of each that is exact enough. CPU seconds of one core, and how many times those of '
    printf 'jepaflow with the same unknowns (layers) and by itself (auto).\n'
    printf '# d, L, eps\ttarget\tprogram\ttolerance or rate\tright-hand sides or steps\terror\tseconds\thow\t'
    printf 'times layers\ttimes auto\n'
    for case in $cases; do
        run_case ${case//,/ } | sort -s -g -r -k 1,1 | awk -v FS='\t' -v OFS='\t' -v flow="${case//,/, }" '
            { row[NR] = $0; target[NR] = $1; seconds[NR] = $6 }
            $2 ~ /^jepaflow/ { own[$1, $2] = $6 }
            function times(k, model) {
                return seconds[k] > 0 ? sprintf("%.3g", seconds[k] / own[target[k], "jepaflow " model]) : "-"
            }
            END { for (k = 1; k <= NR; k++) print flow, row[k], times(k, "layers"), times(k, "auto") }'
    done
} >"$table"
