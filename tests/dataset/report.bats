#!/usr/bin/env bats
#
# report.bats - the report as programs read it, its numbers by another road, and each input held to what its
# comments say: tests/dataset/report.py.
# shellcheck disable=SC2154 # top_srcdir, PYTHON3 ... come from tests/environment.sh

load ../support/program

setup_file() {
    if ! "${PYTHON3:-false}" -c 'import numpy' 2>/dev/null; then
        return 0
    fi
    cd "$BATS_FILE_TMPDIR" || return 1
    run_alone
    for name in init-scale parting-depth temporal-gap greedy-limit; do
        "$JEPAFLOW" run "$top_srcdir/inputs/$name.yaml" -o "$name.nc" -q
        "$JEPAFLOW" report "$name.nc" --format json -o "$name.json"
    done
    for name in paper-figure2 depth-amplification quickstart; do
        "$JEPAFLOW" theory "$top_srcdir/inputs/$name.yaml" -o "$name.nc" --set samples=0 2>/dev/null
        "$JEPAFLOW" report "$name.nc" --format json -o "$name.json"
    done
}

setup() {
    if [ ! -e "$BATS_FILE_TMPDIR/quickstart.json" ]; then
        skip "no Python with NumPy"
    fi
    cd "$BATS_FILE_TMPDIR" || return 1
}

check() {
    "$PYTHON3" -W error::RuntimeWarning "$top_srcdir/tests/dataset/report.py" "$@"
}

needs() {
    "$PYTHON3" -c "import $1" 2>/dev/null || skip "no Python with $1"
}

@test "JSON is valid and explains itself" {
    check json_explains_itself init-scale.json greedy-limit.json quickstart.json
}

@test "CSV is the same table, as pandas reads it" {
    needs pandas
    for section in exponents order separation greed agreement predictions; do
        "$JEPAFLOW" report greedy-limit.nc --format csv --section "$section" -o "$section.csv"
    done
    check csv_is_the_same_table greedy-limit.json ./*.csv
}

@test "Markdown has as many cells in each row as in its head" {
    "$JEPAFLOW" report greedy-limit.nc --format markdown --all -o report.md
    check markdown_is_tables report.md
}

@test "exponents and their errors are those of SciPy's linregress" {
    needs xarray,scipy
    check exponents_are_those_of_linregress init-scale.json init-scale.nc
}

@test "orders are those of SciPy's kendalltau" {
    needs xarray,scipy
    check orders_are_those_of_kendalltau parting-depth.json parting-depth.nc
}

@test "separations are those of SciPy's flow" {
    needs scipy
    check separations_are_those_of_solve_ivp temporal-gap.json
}

@test "init-scale.yaml: exponents are exact, and the next order explains them" {
    check init_scale init-scale.json
}

@test "parting-depth.yaml: one order when shallow, opposed when deep" {
    check parting_depth parting-depth.json
}

@test "temporal-gap.yaml: gaps grow with depth" {
    check temporal_gap temporal-gap.json
}

@test "greedy-limit.yaml: large starts end greedy learning" {
    check greedy_limit greedy-limit.json
}

@test "paper-figure2.yaml, depth-amplification.yaml, quickstart.yaml: as they say, in exact times" {
    check paper_figure2 paper-figure2.json
    check depth_amplification depth-amplification.json
    check quickstart quickstart.json
}

@test "--select: the report of a part of the sweep" {
    "$JEPAFLOW" report parting-depth.nc --select spectrum=wide,depth=3:5,init_scale=0.001 --format json -o part.json
    "$PYTHON3" - <<'END'
import json
part, whole = (json.load(open(name))["sections"] for name in ("part.json", "parting-depth.json"))
assert part["points"]["rows"][0]["points"] == 6, part["points"]
wanted = [row for row in whole["order"]["rows"]
          if row["spectrum"] == "wide" and row["depth"] > 2 and abs(row["init_scale"] - 1e-3) < 1e-9]
assert len(wanted) == 6 and part["order"]["rows"] == wanted
assert [row["parted"] for row in part["parting"]["rows"]] == [4]
END
}
