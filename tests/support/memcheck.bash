# memcheck.bash - for tests of the program under valgrind; load program.bash before it.
#
#   clean STATUS ARG...            the program under valgrind ends with STATUS, and valgrind finds nothing
#   clean_ranks N STATUS ARG...    the same on N ranks
#
# Leaks of Open MPI are its own: tests/valgrind.supp names it.
# shellcheck shell=bash disable=SC2154 # top_srcdir, VALGRIND ... come from tests/environment.sh, out and err from
# program.bash

memcheck_options() {
    echo --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --num-callers=40 \
        --suppressions="$top_srcdir/tests/valgrind.supp" --log-file=valgrind.%p.log
}

clean() {
    clean_by "" "$@"
}

clean_ranks() {
    local ranks=$1
    shift
    clean_by "$MPIRUN -n $ranks" "$@"
}

clean_by() {
    local launcher=$1 expected=$2 status=0
    shift 2
    # shellcheck disable=SC2046,SC2086 # options are words apart
    $launcher "$VALGRIND" $(memcheck_options) "$JEPAFLOW" "$@" >"$out" 2>"$err" </dev/null || status=$?
    echo "jepaflow $*: exit code $status"
    cat "$err" valgrind.*.log
    [ "$status" = "$expected" ] && [ -n "$(find . -name 'valgrind.*.log')" ]
}
