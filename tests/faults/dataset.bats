#!/usr/bin/env bats
#
# dataset.bats - one dataset, several commands: another plan, a larger one, parts of one; two writers at once; files
# that are cut off, damaged or something else. Oracle throughout: the dataset of one run that did all of it.
# shellcheck disable=SC2154 # out, err ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

teardown() {
    if [ -n "${job-}" ] && kill -0 "$job" 2>/dev/null; then
        kill -9 "$job"
    fi
}

# says TEXT...: each stands in what was said, as it is
says() {
    local text
    for text in "$@"; do
        grep -qF -- "$text" "$err" || {
            echo "'$text' was not said"
            return 1
        }
    done
}

# only FILE...: nothing else is in the folder, no lock and nothing half made
only() {
    [ "$(find . -mindepth 1 | sort)" = "$(printf './%s\n' "$@" | sort)" ]
}

# ---- another plan ----

@test "another plan is refused with the difference: axis, parameter, spectrum, samples" {
    call 0 run in.yaml -o out.nc -q
    while IFS='|' read -r change difference; do
        # shellcheck disable=SC2086
        refused "out.nc: holds the results of another plan ($difference); name another file with -o, " \
            run in.yaml -o out.nc $change
    done <<'END'
--set depth=[2,3]|depth: 1 only in the dataset, 3 only in the input
--set tolerance=1.0e-7|tolerance: 1e-06 in the dataset, 1e-07 in the input
--set spectra.near.rho=[0.5,0.9]|spectrum 'near': other numbers in the dataset than in the input
--set samples=5|samples: 4 in the dataset, 5 in the input
--set spectrum=far|spectrum: near only in the dataset
--set depth=[1,2,3]|depth: 3 only in the input
END
    says "keep its points in the larger sweep with --extend, or start over with --fresh"
    only in.yaml out.nc
}

@test "the history has the whole command line, however long" {
    long=$(printf '0.25, %.0s' {1..400})
    call 0 theory in.yaml -o out.nc --set "spectra.near.rho=[${long}1.0]" --set output.samples=0
    holds out.nc 'a("history").endswith("1.0]'"'"' --set output.samples=0")' 'a("history").count("0.25") == 400'
    only in.yaml out.nc
}

@test "what does not change numbers is the same plan: title, placement, order of keys" {
    call 0 run in.yaml -o out.nc -q
    before=$(cksum out.nc)
    call 0 run in.yaml -o out.nc --set title=Other --set ranks_per_point=2 --set group_width=7
    says "8 of 8 points are there already"
    call 0 run in.yaml -o out.nc --extend
    [ "$(cksum out.nc)" = "$before" ]
}

# ---- a larger plan ----

larger=(--set 'depth=[4, 2, 1]' --set 'spectra.wide={lambda: 1, rho: [0.6, 0.8, 1.0]}')

@test "run --extend: the extended dataset is the one run whole, bit for bit" {
    look_for_leaks
    call 0 run in.yaml -o out.nc -q
    call 0 run in.yaml -o out.nc "${larger[@]}" --extend
    says "out.nc: extended to 18 points, of which 8 were there" "8 of 18 points are there already" "18 of 18 points solved"
    call 0 run in.yaml -o whole.nc "${larger[@]}" -q
    dataset same out.nc whole.nc
    holds out.nc 'len(a("history").split("\n")) == 2' 'a("history").split("\n")[1].endswith("--extend")'
    holds out.nc 'len(set(v("run_started").ravel())) == 2'
    only in.yaml out.nc whole.nc
}

@test "run --extend: a setting becomes an axis" {
    sed 's/^flow:.*//; s/^  tolerance:.*//; s/^  depth:.*/&\n  tolerance: [1.0e-5, 1.0e-6]/' in.yaml >axis.yaml
    call 0 run in.yaml -o out.nc -q
    call 0 run axis.yaml -o out.nc --extend
    says "extended to 16 points, of which 8 were there"
    call 0 run axis.yaml -o whole.nc -q
    dataset same out.nc whole.nc
}

@test "run --extend of a dataset with pending and failed points keeps what is finished" {
    call 0 run in.yaml -o out.nc -q
    dataset forget out.nc 1 6
    call 0 run in.yaml -o out.nc "${larger[@]}" --extend
    says "extended to 18 points, of which 6 were there"
    call 0 run in.yaml -o whole.nc "${larger[@]}" -q
    dataset same out.nc whole.nc
}

@test "run --extend refuses a plan that lacks something, and what it cannot do" {
    call 0 run in.yaml -o out.nc -q
    refused "out.nc: holds the results of another plan (depth: 1 only in the dataset, 3 only in the input); name another \
file with -o, or start over with --fresh" run in.yaml -o out.nc --extend --set 'depth=[2, 3]'
    refused "--fresh forgets what --extend is to keep" run in.yaml -o out.nc --extend --fresh
    refused "--extend of a shard would be of other points" run in.yaml -o out.nc --extend --shard 1/2
    only in.yaml out.nc
}

@test "run --extend where there is no dataset yet makes one" {
    call 0 run in.yaml -o out.nc --extend
    call 0 run in.yaml -o whole.nc -q
    dataset same out.nc whole.nc
}

@test "run --extend: a point under way goes on at its new place, the same in the end" {
    [ "$JF_SANITIZE" != yes ] || skip "a point of some seconds, slow here"
    cat >long.yaml <<'END'
sweep: {objective: jepa, depth: [4], init_scale: 1.0e-3}
spectra:
  many: {lambda: {from: 0.8, to: 1.0, count: 20}, rho: {from: 1.0, to: 0.5, count: 20}}
flow: {model: layers, integrator: rkc, tolerance: 2.0e-6}
output: {samples: 2}
END
    "$JEPAFLOW" run long.yaml -o out.nc -q --save-every 00:00:00 </dev/null 2>"$err" 3>&- &
    job=$!
    for ((i = 0; i < 3000; i++)); do
        [ ! -e out.nc.points/0 ] || break
        sleep 0.02
    done
    kill -9 "$job"
    wait "$job" || true
    job=
    call 75 status out.nc
    call 0 run long.yaml -o out.nc --extend --set 'depth=[1, 4]'
    [ "$(grep -c 'warning' "$err")" = 0 ]
    call 0 run long.yaml -o whole.nc -q --set 'depth=[1, 4]'
    dataset same out.nc whole.nc
    only in.yaml long.yaml out.nc whole.nc
    holds out.nc '(v("seconds").ravel()[1] > 0)' 'v("run_started").ravel()[0] > 0'
}

# ---- parts of a plan ----

# shards N: run them all, each on its own
shards() {
    local i
    for ((i = 1; i <= $1; i++)); do
        call 0 run in.yaml --shard "$i/$1" -q
    done
}

@test "shards merged are the dataset of one run, bit for bit: 1, 3, 7, and more than points" {
    counts="1 3 7 9"
    [ "$JF_SANITIZE" != yes ] || counts=3
    call 0 run in.yaml -o whole.nc -q
    for count in $counts; do
        shards "$count"
        call 0 merge in.*-of-"$count".nc -o "merged-$count.nc"
        says "8 of 8 points done, 0 failed, 0 pending: merged-$count.nc"
        dataset same whole.nc "merged-$count.nc"
        rm in.*-of-"$count".nc
    done
    # shellcheck disable=SC2046,SC2086
    only in.yaml whole.nc $(printf 'merged-%s.nc ' $counts)
}

@test "a shard has its own points, its own name, and goes on" {
    call 0 run in.yaml --shard 2/3
    says "3 of 3 points solved, 0 failed" "in.2-of-3.nc"
    call 0 status in.2-of-3.nc
    [ "$(<"$out")" = "in.2-of-3.nc: shard 2/3: 3 of 8 points, 3 done" ]
    dataset forget in.2-of-3.nc
    call 75 status in.2-of-3.nc
    [ "$(<"$out")" = "in.2-of-3.nc: shard 2/3: 3 of 8 points, 3 pending" ]
    call 0 run in.yaml --shard 2/3
    holds in.2-of-3.nc 'a("shard") == "2/3"' '(v("status") == 1).sum() == 3'
    call 0 run in.yaml --shard 2/3 --dry-run
    grep -qF "shard 2/3: 3 of them" "$out"
    call 0 plan in.yaml --shard 2/3
    grep -qF "shard 2/3: 3 of them" "$out"
}

@test "a shard without points has no work" {
    empty=0
    for ((i = 1; i <= 11; i++)); do
        call 0 plan in.yaml --ranks 1 --shard "$i/11"
        if grep -qF "shard $i/11: 0 of them" "$out"; then
            grep -q '^  work 0 ms of one core' "$out"
            empty=$((empty + 1))
        fi
    done
    [ "$empty" = 3 ]
}

@test "a shard in another's file is refused, a whole sweep too, and what is no shard" {
    call 0 run in.yaml --shard 2/3 -q
    mv in.2-of-3.nc out.nc
    refused "out.nc: holds shard 2/3 of the sweep, not shard 1/3; name another file" run in.yaml -o out.nc --shard 1/3
    refused "out.nc: holds shard 2/3 of the sweep, not the whole sweep; name another" run in.yaml -o out.nc
    for wrong in 4/3 -1/2; do # others: tests/sweep/test_shard.c
        refused "--shard is '$wrong', expected I/N, shard I of 1 to N" run in.yaml "--shard=$wrong"
    done
}

@test "merging names the shards that lack points; the rest can be run in the merged dataset" {
    shards 3
    dataset forget in.1-of-3.nc 2 5
    pending=$(dataset holds in.1-of-3.nc '(v("status") == 1).sum() == 3' && echo 0 || echo some)
    call 1 merge in.1-of-3.nc in.3-of-3.nc -o out.nc
    says "shard 2/3: 3 points are pending: none of the files is of it" "points are pending; run the shards to their end"
    [ "$pending" = 0 ] || says "are pending: in.1-of-3.nc"
    call 75 status out.nc
    call 0 run in.yaml -o out.nc -q
    call 0 run in.yaml -o whole.nc -q
    dataset same out.nc whole.nc
}

@test "merge refuses another plan, an existing output, no output, points that disagree" {
    call 0 run in.yaml -o a.nc -q
    call 0 run in.yaml -o b.nc -q --set depth=3
    refused "b.nc: is of another plan than a.nc (depth: 1 and 2 only in a.nc, 3 only in b.nc)" merge a.nc b.nc -o c.nc
    refused "b.nc: is there already; name another file with -o, or replace it with --fresh" merge a.nc -o b.nc
    refused "no output is named, expected -o OUT.nc" merge a.nc b.nc
    refused "no file is named, expected A.nc B.nc ..." merge -o c.nc
    refused_with 3 "in.yaml: is no NetCDF file" merge a.nc -o in.yaml --fresh
    cp a.nc b.nc
    "$PYTHON3" -c 'import netCDF4; d = netCDF4.Dataset("b.nc", "r+"); d["loss"][1, 0, 0, 1, 0, 2] += 1e-15' || skip "no netCDF4"
    call 3 merge a.nc b.nc -o c.nc
    says "a.nc and b.nc: both have point 5 (objective=mae depth=1 spectrum=far) done, with another loss"
    only in.yaml a.nc b.nc
    call 0 merge a.nc a.nc -o b.nc --fresh
    dataset same a.nc b.nc
}

@test "merge into one of its own, with --fresh, keeps its points" {
    look_for_leaks
    shards 2
    mv in.1-of-2.nc out.nc
    call 0 merge out.nc in.2-of-2.nc -o out.nc --fresh
    call 0 run in.yaml -o whole.nc -q
    dataset same out.nc whole.nc
}

@test "merge into one of its own keeps what was saved of points that are still to be done" {
    shards 2
    mv in.1-of-2.nc out.nc
    dataset forget out.nc 3
    dataset forget in.2-of-2.nc 3
    mkdir out.nc.points
    echo saved | tee out.nc.points/3 >out.nc.points/5
    call 1 merge out.nc in.2-of-2.nc -o out.nc --fresh
    [ "$(ls out.nc.points)" = 3 ]
    call 0 theory in.yaml -o other.nc
    call 0 merge other.nc -o out.nc --fresh # of another plan
    [ ! -e out.nc.points ]
}

# ---- one writer at a time ----

@test "a second writer is refused by name; readers are not; a dead one holds nothing" {
    call 0 run in.yaml -o out.nc -q
    dataset forget out.nc 3
    exec 9>out.nc.lock
    flock 9
    echo "process 4711 on there since 2026-01-01 (jepaflow run)" >&9
    for command in "run in.yaml -o out.nc" "run in.yaml -o out.nc --extend --set depth=[1,2,3]" \
        "theory in.yaml -o out.nc --fresh" "run in.yaml -o out.nc --fresh" "merge out.nc -o out.nc --fresh"; do
        # shellcheck disable=SC2086
        refused_with 3 "out.nc: is being written by process 4711 on there since 2026-01-01 (jepaflow run); wait" $command
    done
    call 75 status out.nc
    call 75 report out.nc
    exec 9>&-
    call 0 run in.yaml -o out.nc
    only in.yaml out.nc
}

# A library that is loaded first says what is there when the lock is let go.
@test "who writes a dataset lets go when the last of its points under way is removed" {
    [ "$JF_SANITIZE" != yes ] || skip "sanitizers are to be loaded first"
    cat >watch.c <<'END'
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int unlink(const char *path)
{
    if (strcmp(path, "out.nc.lock") == 0) {
        (void)!write(2, "let go\n", 7);
        if (access("out.nc.points", F_OK) == 0) {
            (void)!write(2, "points are left\n", 16);
        }
    }
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
END
    # shellcheck disable=SC2086
    $TEST_CC -D_GNU_SOURCE -shared -fPIC -o watch.so watch.c
    mkdir out.nc.points
    echo saved >out.nc.points/99
    LD_PRELOAD="$PWD/watch.so" call 0 run in.yaml -o out.nc
    says "let go"
    [ "$(grep -c 'points are left' "$err")" = 0 ]
    only in.yaml watch.c watch.so out.nc
}

@test "a link stands for the file that it leads to" {
    mkdir elsewhere
    call 0 run in.yaml -o elsewhere/out.nc -q
    ln -s elsewhere/out.nc link.nc
    exec 9>elsewhere/out.nc.lock
    flock 9
    refused_with 3 "$PWD/elsewhere/out.nc: is being written by another process" run in.yaml -o link.nc
    exec 9>&-
    call 0 run in.yaml -o link.nc --fresh -q
    [ -L link.nc ]
    only in.yaml link.nc elsewhere elsewhere/out.nc
}

# ---- what is no dataset, or not whole ----

# named MESSAGE COMMAND...: each refuses bad.nc so, with 3 and one line, and leaves it as it is
named() {
    local message=$1 command
    shift
    for command; do
        # shellcheck disable=SC2086
        refused_with 3 "bad.nc: $message" $command
    done
}

every() {
    named "$1" "status bad.nc" "report bad.nc" "plot bad.nc" "run in.yaml -o bad.nc" "run in.yaml -o bad.nc --fresh" \
        "theory in.yaml -o bad.nc" "merge bad.nc -o new.nc" "merge good.nc bad.nc -o new.nc"
}

some() {
    named "$1" "status bad.nc" "run in.yaml -o bad.nc"
}

@test "files that are cut off, damaged or something else are named by every command" {
    call 0 run in.yaml -o good.nc -q
    : >bad.nc
    some "is empty, expected a dataset of jepaflow"
    echo 'my only copy' >bad.nc
    some "is no NetCDF file, expected a dataset of jepaflow"
    head -c 1000 good.nc >bad.nc
    some "is cut off: its 1000 bytes end within the header"
    head -c 9000 good.nc >bad.nc
    every "is cut off: it has "
    printf '\211HDF\r\n\032\n more' >bad.nc
    some "is a NetCDF-4 (HDF5) file, expected a dataset of jepaflow"
    (printf 'CDF\001' && tail -c +5 good.nc) >bad.nc
    some "is a NetCDF file of the classic format, expected"
    (head -c 15 good.nc && printf '\377' && tail -c +17 good.nc) >bad.nc
    some "is damaged: "
}

@test "a dataset of a newer format is named" {
    call 0 run in.yaml -o good.nc -q
    cp good.nc bad.nc
    "$PYTHON3" -c 'import netCDF4, numpy; d = netCDF4.Dataset("bad.nc", "r+"); d.format_version = numpy.int64(2)' ||
        skip "no netCDF4"
    some "is of format 2, this version of jepaflow knows formats up to 1"
}
