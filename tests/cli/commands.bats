#!/usr/bin/env bats
#
# commands.bats - what all commands have in common: help, version, output that cannot be written. Each command:
# plan.bats, run.bats, status.bats, plot.bats; wrong input: wrong-input.bats; the dataset itself: tests/dataset; ranks,
# signals, resuming: tests/ranks.
# shellcheck disable=SC2154 # out, err ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

parameters="objective depth init_scale spectrum seed angle asymmetry pairs start predictor imbalance noise width ema_rate
    stop_gradient weight_decay predictor_rate model integrator tolerance threshold horizon rotation max_steps
    ranks_per_point group_width samples"

# ---- --help and --version ----

@test "--help names every command" {
    for word in --help -h help; do
        call 0 "$word"
        for command in run plan theory merge status report plot; do
            has "$out" "jepaflow $command "
        done
        has "$out" "jepaflow --version" "jepaflow COMMAND --help"
        [ ! -s "$err" ]
    done
}

@test "run --help names every option, parameter, default and exit code" {
    call 0 run --help
    has "$out" "usage: " "--output OUT.nc" "--set KEY=VALUE" "--walltime HH:MM:SS" "--fresh" "--dry-run" "--quiet" \
        "-o, " "-q, "
    for parameter in $parameters; do
        has "$out" " $parameter "
    done
    has "$out" "a whole number from 1 to 1024" "1.0e-6" "75 stopped early"
    [ ! -s "$err" ]
}

@test "plan --help names every option and parameter" {
    call 0 plan --help
    has "$out" "usage: jepaflow plan INPUT.yaml" "--ranks N" "--set KEY=VALUE"
    for parameter in $parameters; do
        has "$out" " $parameter "
    done
}

@test "theory --help names every option" {
    call 0 theory --help
    has "$out" "usage: jepaflow theory INPUT.yaml" "--output OUT.nc" "--set KEY=VALUE" "--fresh"
}

@test "status --help, report --help and plot --help name what they read, options and exit codes" {
    call 0 status --help
    has "$out" "usage: jepaflow status OUT.nc" "75 some pending"
    call 0 report --help
    has "$out" "usage: jepaflow report OUT.nc" "75 some pending" "--ranks" "--format FORMAT" \
        "--section NAME[,NAME...]" "--select AXIS=VALUES,..." "-o, --output FILE" "--all" "text, json, csv or markdown" \
        "exponents " "rank_quantiles "
    call 0 plot -h
    has "$out" "usage: jepaflow plot OUT.nc" "--output DIR" "--format FORMAT" "png, pdf or svg" "--kind KIND[,KIND...]"
}

@test "help touches nothing, whatever else is asked" {
    before=$(snapshot)
    call 0 run in.yaml -o out.nc --help
    [ "$(snapshot)" = "$before" ]
}

@test "--version names the libraries that serve" {
    call 0 --version
    [[ $(head -n 1 "$out") =~ ^jepaflow\ [0-9]+\.[0-9]+ ]]
    grep -qE '^  MPI +.*MPI' "$out"
    grep -qE '^  BLIS +[0-9.]+.*, [a-z0-9_]+ kernels, [0-9]+ thread' "$out"
    grep -qE '^  ScaLAPACK +' "$out"
    grep -qE '^  NetCDF +[0-9]+\.[0-9]+' "$out"
    grep -qE '^  SUNDIALS +[0-9]+\.[0-9]+' "$out"
    grep -qE '^  compiler +' "$out"
    [ ! -s "$err" ]
}

# ---- what cannot be written ----

# full ARG...: standard output that is full, and one that is closed, end the program with 3 and a message
unwritable() {
    local status=0
    "$JEPAFLOW" "$@" >/dev/full 2>"$err" </dev/null || status=$?
    [ "$status" = 3 ]
    grep -q 'cannot be written' "$err"
    status=0
    "$JEPAFLOW" "$@" >&- 2>"$err" </dev/null || status=$?
    [ "$status" = 3 ]
    grep -q 'cannot be written' "$err"
}

@test "help and version that cannot be written end with 3" {
    unwritable --help
    unwritable --version
    unwritable run --help
    unwritable plot --help
}

@test "plan and --dry-run that cannot be written end with 3" {
    unwritable plan in.yaml
    unwritable run in.yaml --dry-run
}

@test "status and report that cannot be written end with 3" {
    call 0 run in.yaml -o out.nc
    unwritable status out.nc
    unwritable report out.nc
}

@test "a long table that cannot be written ends with 3" {
    unwritable plan in.yaml --ranks "$(seq -s, 1 300)"
}

@test "a run without standard files writes the same dataset" {
    call 0 run in.yaml -o a.nc
    "$JEPAFLOW" run in.yaml -o b.nc <&- >&- 2>&-
    dataset same a.nc b.nc
}
