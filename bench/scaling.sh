#!/usr/bin/env bash
# shellcheck disable=SC2154 # top_srcdir, MPIRUN ... come from tests/environment.sh
#
# scaling.sh FOLDER - whole runs on the cores that there are, starting and writing included: a sweep whose points
# differ ten thousandfold on 1, 2, 4 ... ranks (FOLDER/strong-scaling.tsv), and points of the closed form, which cost
# next to nothing, through 2 ranks (FOLDER/dealing.tsv).
set -eu
folder=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ -n "${BENCH_QUICK-}" ]; then
    scales=2 tolerance=1.0e-4 dealt="100 1000"
else
    scales=10 tolerance=1.0e-6 dealt="1000 10000 100000"
fi

cat >"$scratch/sweep.yaml" <<END
sweep:
  objective: [jepa, mae]
  depth: [1, 2, 3, 4, 5]
  init_scale: {from: 1.0e-4, to: 3.0e-1, count: $scales, spacing: log}
spectra:
  two: {lambda: 1.0, rho: [0.6, 1.0]}
  eight: {lambda: {from: 0.8, to: 1.0, count: 8}, rho: {from: 1.0, to: 0.5, count: 8}}
  sixteen: {lambda: {from: 0.8, to: 1.0, count: 16}, rho: {from: 1.0, to: 0.5, count: 16}}
flow:
  model: layers
  integrator: rkc
  tolerance: $tolerance
output:
  samples: 20
END

cat >"$scratch/theory.yaml" <<END
sweep:
  objective: [jepa, mae]
  depth: {from: 1, to: 5, count: 5}
  init_scale: {from: 1.0e-4, to: 1.0e-1, count: 10, spacing: log}
  seed: 1
spectra:
  eight: {lambda: {from: 0.8, to: 1.0, count: 8}, rho: {from: 1.0, to: 0.5, count: 8}}
flow:
  model: theory
output:
  samples: 0
END

# run RANKS ARG...: seconds, busy share in per cent and messages, as the run's last line has them
run() {
    local ranks=$1
    shift
    "$MPIRUN" -n "$ranks" "$JEPAFLOW" run "$@" -o "$scratch/out.nc" --fresh 2>&1 >/dev/null </dev/null |
        sed -nE 's/.*; ([^ ]+) s on [0-9]+ ranks?, ([0-9]+) % busy, ([0-9]+) messages: .*/\1\t\2\t\3/p'
}

# The seconds that `plan' tells of that many ranks.
planned() { # RANKS
    "$JEPAFLOW" plan "$scratch/sweep.yaml" --ranks "$1" | awk -v ranks="$1" '
        BEGIN { of["ms"] = 1e-3; of["s"] = 1; of["min"] = 60; of["h"] = 3600 }
        $1 == "ranks" { forecast = 1 }
        forecast && $1 == ranks && $3 in of { print $2 * of[$3]; exit }'
}

{
    printf '# %d points whose costs differ ten thousandfold on whole ranks: the wall clock of a run from its start to ' $((30 * scales))
    printf 'its last line, as predicted by plan and as it was; seconds in points over ranks x seconds.\n'
    printf '# ranks\tpredicted seconds\tseconds\tbusy %%\tmessages\tspeed-up\n'
    cores=$(getconf _NPROCESSORS_ONLN)
    for ((ranks = 1; ranks <= (cores < 2 ? 2 : cores); ranks *= 2)); do
        printf '%d\t%s\t%s\n' "$ranks" "$(planned "$ranks")" "$(run "$ranks" "$scratch/sweep.yaml")"
    done | awk -v FS='\t' -v OFS='\t' 'NR == 1 { alone = $3 } { print $0, sprintf("%.3g", alone / $3) }'
} >"$folder/strong-scaling.tsv"

{
    printf '# Points in closed form through 2 ranks, dealt, solved, sent and written.\n'
    printf '# points\tseconds\tmessages\tpoints a second\n'
    for points in $dealt; do
        printf '%d\t%s\n' "$points" "$(run 2 "$scratch/theory.yaml" --set "seed={from: 1, to: $((points / 100)), count: $((points / 100))}")"
    done | awk -v FS='\t' -v OFS='\t' '{ print $1, $2, $4, sprintf("%.3g", $1 / $2) }'
} >"$folder/dealing.tsv"
