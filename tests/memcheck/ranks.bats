#!/usr/bin/env bats
#
# ranks.bats - a run on two ranks under valgrind, and one that goes on where another stopped: `make memcheck' alone
# has it, for it takes its time.

load ../support/program
load ../support/memcheck

setup() {
    enter_folder
}

@test "a run on two ranks uses memory rightly" {
    clean_ranks 2 0 run in.yaml -o out.nc --save-every 00:00:01
    dataset forget out.nc 0 3
    clean_ranks 2 0 run in.yaml -o out.nc
}

@test "a run alone, its plan and its figures use memory rightly" {
    clean 0 run in.yaml -o out.nc
    clean 0 plan in.yaml --ranks 1,2
    [ -z "${GNUPLOT-}" ] || clean 0 plot out.nc
}
