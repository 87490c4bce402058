# program.bash - for tests of the program: a folder for each test, a small input in it, the program called there.
#
#   enter_folder              make the test's folder and go there; in.yaml is a small valid input
#   run_alone                 ranks that no mpirun starts do without Open MPI's daemon: 0.06 s a start, not 0.2
#   line N TEXT               make TEXT the Nth line of in.yaml
#   call STATUS ARG...        run the program; fail unless it ends with STATUS; its output: $out, $err
#   look_for_leaks            from here on also in what starts MPI
#   refused MESSAGE ARG...    the program ends with 2, says one line that begins with MESSAGE, writes nothing
#   refused_with STATUS ...   the same with another exit code
#   refused_input MESSAGE     so do `run' and `plan' on in.yaml
#   has FILE TEXT...          each text stands in the file, as it is
#   holds FILE EXPRESSION...  the dataset is so; dataset ARG...: other questions to tests/support/dataset.py
# shellcheck shell=bash disable=SC2154 # top_srcdir, JEPAFLOW ... come from tests/environment.sh

enter_folder() {
    out="$BATS_TEST_TMPDIR/out"
    err="$BATS_TEST_TMPDIR/err"
    mkdir "$BATS_TEST_TMPDIR/folder"
    cd "$BATS_TEST_TMPDIR/folder" || return 1
    echo 'title: Two spectra
sweep:
  depth: [1, 2]
  init_scale: 0.1
spectra:
  near: {lambda: 1.0, rho: [0.5, 1.0]}
  far: {lambda: [0.8, 1.0], rho: 0.7}
flow:
  tolerance: 1.0e-6
output:
  samples: 4' >in.yaml
}

# They all have one name then, and remove each other's files where these are in one folder.
run_alone() {
    export OMPI_MCA_ess_singleton_isolated=1 OMPI_MCA_orte_tmpdir_base="$BATS_FILE_TMPDIR"
}

line() {
    local lines
    mapfile -t lines <in.yaml
    lines[$1 - 1]=$2
    printf '%s\n' "${lines[@]}" >in.yaml
}

# To know Open MPI's own leaks by their names (lsan.supp), stacks are to be walked without frame pointers, at each
# allocation: a run takes 1 s more so, each of its ranks too.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"
look_for_leaks() {
    ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=1:fast_unwind_on_malloc=0"
}

call() {
    local expected=$1 status=0
    shift
    [ "$1" = run ] || local -x ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=1" # no MPI is started
    "$JEPAFLOW" "$@" >"$out" 2>"$err" </dev/null || status=$?
    echo "jepaflow $*: exit code $status"
    echo "$(<"$err")"
    [ "$status" = "$expected" ]
}

has() {
    local file=$1 text
    shift
    for text in "$@"; do
        grep -qF -- "$text" "$file" || {
            echo "'$text' is missing in:"
            cat "$file"
            return 1
        }
    done
}

# All that would tell of a file made, changed or removed, in the folder itself too.
snapshot() {
    find . -printf '%p %y %m %s %i %T@ %C@\n'
}

refused() {
    refused_with 2 "$@"
}

refused_with() {
    local expected=$1 message=$2 before
    shift 2
    before=$(snapshot)
    call "$expected" "$@" &&
        [[ $(<"$err") == "jepaflow: $message"* ]] &&
        [[ $(<"$err") != *$'\n'* ]] &&
        [ ! -s "$out" ] &&
        [ "$(snapshot)" = "$before" ]
}

refused_input() {
    refused "$1" plan in.yaml &&
        refused "$1" run in.yaml
}

# What the tests ask of datasets: tests/support/dataset.py. Skips the test where Python cannot read them.
dataset() {
    local status=0
    "${PYTHON3:-python3}" "$top_srcdir/tests/support/dataset.py" "$@" || status=$?
    if [ "$status" = 77 ]; then
        skip "no Python with netCDF4"
    fi
    return "$status"
}

holds() {
    dataset holds "$@"
}
