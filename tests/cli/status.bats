#!/usr/bin/env bats
#
# status.bats - status and report: what they tell of whole, unfinished and failed sweeps.
# shellcheck disable=SC2154 # out, err ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

# ---- status ----

@test "status of a complete dataset" {
    call 0 run in.yaml -o out.nc
    call 0 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 8 done" ]
    [ ! -s "$err" ]
}

@test "status of a dataset with pending points" {
    call 0 run in.yaml -o out.nc
    dataset forget out.nc 1 6 7
    call 75 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 3 pending, 5 done" ]
}

@test "status of a dataset with failed points" {
    call 1 run in.yaml -o out.nc --set max_steps=10
    call 1 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 8 failed" ]
}

@test "status, report and plot of what is no dataset" {
    printf 'netcdf a { dimensions: x = 2; variables: double v(x); data: v = 1, 2; }\n' >a.cdl
    ncgen -k 5 -o foreign.nc a.cdl || skip "there is no ncgen"
    for command in status report plot; do
        before=$(snapshot)
        call 3 "$command" missing.nc
        has "$err" "jepaflow: missing.nc: cannot open it as a dataset: No such file or directory"
        call 3 "$command" in.yaml
        has "$err" "jepaflow: in.yaml: is no NetCDF file, expected a dataset of jepaflow (NetCDF, CDF-5)"
        call 3 "$command" foreign.nc
        has "$err" "jepaflow: foreign.nc: "
        [ ! -s "$out" ]
        [ "$(snapshot)" = "$before" ]
    done
}

# ---- report ----

@test "report of a complete dataset ends with its verdict" {
    call 0 run in.yaml -o out.nc
    before=$(snapshot)
    call 0 report out.nc
    has "$out" "Two spectra" "Predicted seconds"
    grep -Eq '^ +8 +8 +0 +0 +0$' "$out"
    [[ $(tail -n 1 "$out") == "VALID: "* ]]
    [ "$(snapshot)" = "$before" ]
}

@test "report of a dataset with pending, and of one with failed points" {
    call 0 run in.yaml -o out.nc
    dataset forget out.nc 2
    call 75 report out.nc
    call 1 run in.yaml -o out.nc --fresh --set max_steps=10
    call 1 report out.nc
}

@test "report tells predictions, and with --ranks the ranks of each run" {
    call 0 run in.yaml -o out.nc
    call 0 report out.nc
    has "$out" "Predicted seconds"
    [ "$(grep -c "^Ranks" "$out")" = 0 ]
    dataset forget out.nc 2 3
    call 0 run in.yaml -o out.nc
    call 0 report out.nc --ranks
    has "$out" "Runs" "Ranks"
    grep -Eq '^ +1  20[0-9-]+ [0-9:]+ +1 +6 ' "$out"
    grep -Eq '^ +2  20[0-9-]+ [0-9:]+ +1 +2 ' "$out"
    [[ $(tail -n 1 "$out") == "VALID: "* ]]
    call 2 report out.nc --ranks --select depth=1
    has "$err" "--ranks tells of whole runs"
    call 2 report out.nc --rank
    has "$err" "did you mean '--ranks'?"
}

@test "report as JSON and CSV, of a part of the sweep, into a file" {
    call 0 run in.yaml -o out.nc
    call 0 report out.nc --format json --section order,points --select depth=1,spectrum=near -o report.json
    [ ! -s "$out" ]
    has report.json '"points": 2' '"order": {' '"valid": true'
    call 0 report out.nc --format csv --section order --select objective=mae,depth=2,spectrum=far
    [ "$(wc -l <"$out")" = 2 ]
    [[ $(tail -n 1 "$out") == far,mae,2,* ]]
    refused "--format is 'xml', expected text, json, csv or markdown" report out.nc --format xml
    refused "--format csv holds one table" report out.nc --format csv
    refused "--section: there is no 'oder'; did you mean 'order'?" report out.nc --section oder
    refused "--select: no spectrum is 'fär'" report out.nc --select spectrum=fär
    refused "--select: no axis is called 'dept'; did you mean 'depth'?" report out.nc --select dept=1
    call 3 report out.nc -o missing/report.txt
    has "$err" "missing/report.txt: cannot write the report: No such file or directory"
}

@test "theory says who solved its points and when" {
    call 0 theory in.yaml -o out.nc
    dataset holds out.nc '(v("rank") == 0).all()' '(v("point_ranks") == 1).all()' '(v("run_ranks") == 1).all()' \
        '(v("started") >= 0).all()' 'len(np.unique(v("run_started"))) == 1'
}
