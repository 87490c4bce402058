#!/usr/bin/env bats
#
# disk.bats - a disk that is full, read-only or taken away: told with what is needed, nothing corrupted, and the run
# goes on afterwards. File systems of a few kilobytes are mounted, where the tests may.
# shellcheck disable=SC2154 # out, err ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

teardown() {
    if [ -n "${mounted-}" ]; then
        umount "$mounted"
    fi
    if [ -n "${job-}" ] && kill -0 "$job" 2>/dev/null; then
        kill -9 "$job"
    fi
}

# disk SIZE: a file system of that size at ./disk
disk() {
    mkdir disk
    mount -t tmpfs -o "size=$1" none disk 2>/dev/null || skip "no file systems can be mounted here"
    mounted=$PWD/disk
}

says() {
    grep -qF -- "$1" "$err"
}

@test "a disk that is too small: told with both numbers before anything is written" {
    disk 16k
    refused_with 3 "disk/out.nc: needs " run in.yaml -o disk/out.nc --set samples=1000
    says "are free there; make room, or name a file on another disk with -o"
    refused_with 3 "disk/out.nc: needs " theory in.yaml -o disk/out.nc --set 'depth={from: 1, to: 500, count: 500}'
    [ -z "$(ls disk)" ]
    mount -o remount,size=2m disk
    call 0 run in.yaml -o disk/out.nc --set samples=1000
}

@test "a disk that another fills meanwhile: the header and labels are more than was asked for" {
    disk 24k
    head -c 8192 /dev/zero >disk/other
    call 3 run in.yaml -o disk/out.nc # its points fit, its header does not
    says "disk/out.nc.new: cannot "
    says "No space left on device; make room and run the same command again"
    [ "$(ls disk)" = other ]
    rm disk/other
    call 0 run in.yaml -o disk/out.nc
    call 0 run in.yaml -o whole.nc -q
    dataset same disk/out.nc whole.nc
}

@test "no room for a new dataset: the old one stays with what was saved of its points" {
    disk 256k
    call 0 run in.yaml -o disk/out.nc -q
    before=$(cksum disk/out.nc)
    mkdir disk/out.nc.points
    echo saved >disk/out.nc.points/3
    size=$(stat -c %s disk/out.nc)
    free=$(($(stat -f -c '%a * %S' disk)))
    head -c $(((free - size) / 4096 * 4096)) /dev/zero >disk/other # room for the new one, not for its lock as well
    call 3 run in.yaml -o disk/out.nc --fresh
    says "No space left on device; make room and run the same command again"
    [ "$(cksum disk/out.nc)" = "$before" ]
    [ "$(<disk/out.nc.points/3)" = saved ]
    rm disk/other
    call 0 run in.yaml -o disk/out.nc --fresh
    [ "$(ls disk)" = out.nc ]
}

@test "no room for a larger dataset: the smaller one stays as it is" {
    disk 64k
    call 0 run in.yaml -o disk/out.nc -q
    before=$(cksum disk/out.nc)
    call 3 run in.yaml -o disk/out.nc --extend --set 'depth={from: 1, to: 100, count: 100}'
    says "disk/out.nc: needs "
    [ "$(cksum disk/out.nc)" = "$before" ]
    [ "$(ls disk)" = out.nc ]
    mount -o remount,size=1m disk
    call 0 run in.yaml -o disk/out.nc --extend --set 'depth={from: 1, to: 10, count: 10}'
}

@test "a read-only file system" {
    disk 64k
    call 0 run in.yaml -o disk/out.nc -q
    dataset forget disk/out.nc 2
    mount -o remount,ro disk
    refused_with 3 "disk/new.nc: cannot write there: disk: Read-only file system" run in.yaml -o disk/new.nc
    refused_with 3 "disk/out.nc: cannot write there: disk: Read-only file system" run in.yaml -o disk/out.nc
    call 75 status disk/out.nc
    call 75 report disk/out.nc
    mount -o remount,rw disk
    call 0 run in.yaml -o disk/out.nc
}

@test "output to a full disk is told where points are pending, too" {
    call 0 run in.yaml -o out.nc -q
    dataset forget out.nc 2
    for command in status report; do
        status=0
        "$JEPAFLOW" "$command" out.nc >/dev/full 2>"$err" </dev/null || status=$?
        [ "$status" = 3 ]
        says "cannot be written"
    done
}

# A point of some seconds, and a short one.
long_input() {
    [ "$JF_SANITIZE" != yes ] || skip "a race against the clock"
    cat >long.yaml <<'END'
sweep:
  objective: jepa
  depth: [4, 1]
  init_scale: 1.0e-3
spectra:
  many: {lambda: {from: 0.8, to: 1.0, count: 20}, rho: {from: 1.0, to: 0.5, count: 20}}
flow: {model: layers, integrator: rkc, tolerance: 2.0e-6}
output: {samples: 2}
END
}

# start_long FILE ARG...: start it, and wait until FILE is there
start_long() {
    local file=$1 i
    shift
    "$JEPAFLOW" run long.yaml "$@" >"$out" 2>"$err" </dev/null 3>&- &
    job=$!
    for ((i = 0; i < 1000; i++)); do
        if [ -e "$file" ]; then
            sleep 0.2 # until it is open, too
            return
        fi
        sleep 0.02
    done
    return 1
}

ends_with() {
    local status=0
    wait "$job" || status=$?
    cat "$err"
    [ "$status" = "$1" ]
}

@test "the dataset is removed or renamed while it is written: said, and going on finds what was done" {
    long_input
    for deed in remove rename; do
        start_long out.nc -o out.nc
        if [ "$deed" = remove ]; then rm out.nc; else mv out.nc elsewhere.nc; fi
        ends_with 3
        says "out.nc: was removed, renamed or replaced while it was written"
        [ ! -e out.nc ]
    done
    call 75 status elsewhere.nc
}

@test "a disk too full for points under way: one warning, and the points are solved" {
    long_input
    disk 64k
    start_long disk/out.nc -o disk/out.nc --save-every 00:00:00
    head -c 100000 /dev/zero >disk/other || true
    ends_with 0
    [ "$(grep -c 'points go on, but are not saved on their way' "$err")" = 1 ]
    says "warning: disk/out.nc.points"
    call 0 status disk/out.nc
}

@test "kill -9 while a dataset is created: what is left is removed by the next run" {
    : >out.nc.new
    : >out.nc.lock
    call 0 run in.yaml -o out.nc -q
    [ "$(ls)" = $'in.yaml\nout.nc' ]
}
