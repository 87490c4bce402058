#!/usr/bin/env bats
#
# commands.bats - the program alone under valgrind: no wrong address, nothing used that was not set, no leak.

load ../support/program
load ../support/memcheck

setup() {
    enter_folder
}

@test "a refused input leaves nothing behind" {
    line 6 '  near: {lambda: 1.0, rho: [0.5, x]}'
    clean 2 theory in.yaml --set depth='[1, 2, 3]'
}

@test "theory, report and status use memory rightly" {
    clean 0 theory in.yaml -o out.nc
    clean 0 report out.nc
    clean 0 status out.nc
}
